"""Style sheets of pages outside the desk, under addresses that change with their content; and the drawings of the
articles that a shop begins with, under lasting ones, since articles name them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory

FOLDER = Path(__file__).parent / "static"
FOLDERS = {"pages.css": "shopper", "home.css": "home"}
"""Each sheet, and the folder it lies in: the plain pages', and the embedded home's."""

static_files = Blueprint("shopper_static", __name__)


def stylesheet_url(name: str = "pages.css") -> str:
    """Where browsers may keep it for ever: new content has a new address."""
    return f"/static/{FOLDERS[name]}/{_sheet(name)[1]}/{name}"


@static_files.get("/static/<folder>/<digest>/<name>")
def serve_sheet(folder: str, digest: str, name: str) -> Response:
    """The sheet; 404 for another version than this one, so that no cache keeps it under a wrong name."""
    if FOLDERS.get(name) != folder:
        abort(404)
    content, known = _sheet(name)
    if digest != known:
        abort(404)
    answer = Response(content, mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.set_etag(known)
    answer.make_conditional(request)
    return answer


@static_files.get("/static/guide/<name>")
def serve_drawing(name: str) -> Response:
    """A drawing of one step of "How do I place an order?"."""
    answer = send_from_directory(FOLDER / "guide", name, max_age=86_400, etag=True)
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer


@lru_cache(maxsize=len(FOLDERS))
def _sheet(name: str) -> tuple[bytes, str]:
    content = (FOLDER / FOLDERS[name] / name).read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]
