"""The built widget, as files: the loader under a lasting name, everything else under the hash of the build."""

from __future__ import annotations

import re
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, Response, send_from_directory
from whitenoise import WhiteNoise

BUILT = Path(__file__).parents[1] / "static" / "widget"
LOADER = "public, max-age=600, stale-while-revalidate=86400"
_NAME = re.compile(r"[a-z][a-z0-9-]*\.(js|css)")
_HASHED = re.compile(r"^/widget/[0-9A-Za-z_-]{6,64}/.+")


def install_widget_files(app: Flask, folder: Path = BUILT) -> None:
    """Serves ``/widget/…`` from memory of the folder's listing, with ``.br`` and ``.gz`` twins where there are any.

    The listing is read once: whoever builds the widget anew starts the app again.
    """
    if not folder.is_dir():
        return
    current = next((path.parent for path in folder.glob("*/panel.js")), folder)

    def serve_current(build: str, path: str) -> Response:
        """A loader cached before an update asks for a build that is gone: it gets the one that is here."""
        answer = send_from_directory(current, path, max_age=60)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    app.add_url_rule("/widget/<build>/<path:path>", "widget_files", serve_current)
    files = WhiteNoise(
        app.wsgi_app, max_age=60, allow_all_origins=True, immutable_file_test=_is_immutable,
        add_headers_function=_add_headers,
    )  # fmt: skip
    files.add_files(str(folder), prefix="widget/")
    app.wsgi_app = files  # type: ignore[method-assign]


def find_built(name: str, folder: Path = BUILT) -> str | None:
    """The path of a file of the build that is here, such as ``panel.js``; None when the build has none."""
    if not _NAME.fullmatch(name):
        return None
    found = next((path for path in sorted(folder.glob(f"*/{name}")) if (path.parent / "panel.js").is_file()), None)
    return f"/widget/{found.parent.name}/{name}" if found is not None else None


def _is_immutable(_path: str, url: str) -> bool:
    return bool(_HASHED.match(url))


def _add_headers(headers: Headers, _path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if url == "/widget/loader.js":
        headers["Cache-Control"] = LOADER
