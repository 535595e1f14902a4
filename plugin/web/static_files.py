"""The style sheet of the plain pages, under an address that changes with its content."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, request

FOLDER = Path(__file__).parent / "static" / "shopper"
SHEET = "pages.css"

static_files = Blueprint("shopper_static", __name__)


def stylesheet_url() -> str:
    """Where browsers may keep it for ever: new content has a new address."""
    return f"/static/shopper/{_sheet()[1]}/{SHEET}"


@static_files.get(f"/static/shopper/<digest>/{SHEET}")
def serve_sheet(digest: str) -> Response:
    """The sheet; 404 for another version than this one, so that no cache keeps it under a wrong name."""
    content, known = _sheet()
    if digest != known:
        abort(404)
    answer = Response(content, mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.set_etag(known)
    answer.make_conditional(request)
    return answer


@lru_cache(maxsize=1)
def _sheet() -> tuple[bytes, str]:
    content = (FOLDER / SHEET).read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]
