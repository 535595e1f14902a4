"""The mailbox's own pages and JSON, on a port of their own: mails are strangers' HTML."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from adapters.demo.shop.mailbox import Mailbox
from adapters.demo.shop.words import say_time

_PAGE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
# A mail brings its own styles and may show pictures of this machine; it runs nothing and sends nothing.
_MAIL = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data: http://127.0.0.1:* http://localhost:*; form-action 'none'; frame-ancestors 'self'"
)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)

pages = Blueprint("mails", __name__)


def create_mailbox_app(mailbox: Mailbox, port: int) -> Flask:
    """The WSGI app of the mailbox at this port."""
    app = Flask(__name__)
    app.extensions["mailbox"] = mailbox
    app.config.update(MAX_CONTENT_LENGTH=64 * 1024, SEND_FILE_MAX_AGE_DEFAULT=3600)
    hosts = (f"127.0.0.1:{port}", f"localhost:{port}")

    @app.before_request
    def keep_out_strangers() -> None:
        if request.host not in hosts:
            abort(421)
        sender = request.headers.get("Origin")
        if request.method == "POST" and sender is not None and urlsplit(sender).netloc != request.host:
            abort(403)

    app.after_request(_harden)
    app.register_blueprint(pages)
    return app


def _harden(page: Response) -> Response:
    page.headers.setdefault("Content-Security-Policy", _PAGE)
    page.headers["X-Content-Type-Options"] = "nosniff"
    page.headers["Referrer-Policy"] = "no-referrer"
    if not request.path.startswith("/static/"):
        page.headers["Cache-Control"] = "private, no-cache"
    return page


@pages.get("/")
def show_list() -> str:
    return render_template("mails.html", mails=_mailbox().list(200), newest=_mailbox().newest(), when=_when)


@pages.get("/mails/<int:number>")
def show_mail(number: int) -> str:
    return render_template("mail.html", mail=_get(number), newest=_mailbox().newest(), when=_when)


@pages.get("/mails/<int:number>/html")
def show_html(number: int) -> Response:
    """The mail's HTML as a document of its own; its links open beside the mailbox."""
    html = _get(number)["html"] or abort(404)
    with_base, found = _HEAD.subn(lambda head: head[0] + '<base target="_blank">', html, count=1)
    page = Response(with_base if found else '<base target="_blank">' + html, mimetype="text/html")
    page.headers["Content-Security-Policy"] = _MAIL
    return page


@pages.get("/mails/<int:number>/source")
def show_source(number: int) -> Response:
    return Response(_mailbox().source(number) or abort(404), mimetype="text/plain")


@pages.post("/clear")
def clear() -> AnyResponse:
    _mailbox().clear()
    return redirect(url_for("mails.show_list"), 303)


@pages.get("/api/mails")
def list_mails() -> Response:
    return jsonify(mails=_mailbox().list(), newest=_mailbox().newest())


@pages.get("/api/newest")
def tell_newest() -> Response:
    return jsonify(newest=_mailbox().newest())


@pages.get("/api/mails/<int:number>")
def get_mail(number: int) -> Response:
    return jsonify(_get(number))


@pages.post("/api/clear")
def clear_all() -> Response:
    _mailbox().clear()
    return jsonify(cleared=True)


def _mailbox() -> Mailbox:
    mailbox: Mailbox = current_app.extensions["mailbox"]
    return mailbox


def _get(number: int) -> dict[str, Any]:
    return _mailbox().get(number) or abort(404)


def _when(received_at: str) -> str:
    return say_time("en", datetime.fromisoformat(received_at))
