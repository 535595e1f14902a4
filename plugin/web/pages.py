"""Platform-shaped pages, mounted below ``/p/<platform>/``: the embedded home, a chat document, what an extension asks.

An adapter says which there are (`plugin.contract.Page`) and answers each; what is dangerous about them is decided here.
No cookie is handed over and none is set, so nothing a browser sends by itself proves anything. A page is framed by whom
it names and by nobody else, runs our scripts and those of the origins it names, and tells no other page its address:
platforms put tokens there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, abort, current_app, g, jsonify, request
from limits import RateLimitItemPerMinute

from plugin.contract import (
    AdapterError,
    InstallRejected,
    NotFound,
    Page,
    PlatformDown,
    RateLimited,
    StoreAdapter,
    WebhookRejected,
    WebRequest,
    WebResponse,
)
from plugin.language import language_of, translator
from plugin.web.adapter_words import tell_words
from plugin.web.desk_frame import page_templates
from plugin.web.doors import Doors
from plugin.web.page_doors import StoreDoors, read_locale
from plugin.web.static_files import stylesheet_url
from plugin.web.widget_limits import count_hit

log = logging.getLogger("mostrador.web.pages")

LARGEST = 64_000
"""Bytes of one body."""
VISITS = RateLimitItemPerMinute(600)
"""Of one neighbourhood: every step of every checkout asks for its links, and many shoppers share an address."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
STATUSES: Mapping[type[AdapterError], int] = {
    WebhookRejected: 401, InstallRejected: 403, NotFound: 404, PlatformDown: 503, RateLimited: 503,
}  # fmt: skip
OURS = ("set-cookie", "content-security-policy", "content-type", "content-length", "transfer-encoding", "connection")
"""Headers which an adapter's page does not set itself."""
_SOURCE = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?|http://\[::1\](:[0-9]{1,5})?")
_TABLE = "mostrador-pages"

pages = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Mounted:
    """One page with the adapter it belongs to."""

    adapter: StoreAdapter
    page: Page


def install_pages(app: Flask) -> None:
    """Asks every adapter for its pages, once. One that cannot say has none, and the log says why."""
    given: Doors = app.extensions["mostrador"]
    table: dict[tuple[str, str], Mounted] = {}
    for name in given.registry.names:
        adapter = given.registry.get(name)
        try:
            table |= {(name, page.path.strip("/")): Mounted(adapter, page) for page in adapter.pages()}
        except Exception:
            log.exception("The pages of the adapter %s could not be mounted.", name)
    app.extensions[_TABLE] = table
    app.register_blueprint(pages)


@pages.route("/p/<platform>/<path:path>", methods=METHODS, provide_automatic_options=False)
def visit_page(platform: str, path: str) -> Response:
    """One visit, answered by the adapter's page."""
    table: Mapping[tuple[str, str], Mounted] = current_app.extensions[_TABLE]
    mounted = table.get((platform, path))
    if mounted is None:
        abort(404)
    page = mounted.page
    g.page_cors = page.cors
    if page.cors and request.method == "OPTIONS":
        return _greet(page)
    method = "GET" if request.method == "HEAD" else request.method
    if method not in page.methods:
        return _refuse(mounted, 405, "", {"Allow": ", ".join(page.methods)})
    # One more than may be: of a body without a length the rest would be cut off in silence.
    request.max_content_length = LARGEST + 1
    if (request.content_length or 0) > LARGEST or len(request.get_data()) > LARGEST:
        return _refuse(mounted, 413)
    wait = count_hit(VISITS, "pages", platform)
    if wait:
        return _refuse(mounted, 429, "", {"Retry-After": str(wait)})
    try:
        return _make_answer(page.handle(_read_request(method), StoreDoors(mounted.adapter, read_locale())))
    except AdapterError as error:
        return _tell_error(mounted, error)


@pages.after_request
def open_answer(answer: Response) -> Response:
    """After every view, also one that failed: scripts of any origin may read what a `cors` page says. No cookie went
    along and none could, so nothing is given away but to who holds a token."""
    if g.get("page_cors"):
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Expose-Headers"] = "Retry-After"
    answer.headers.setdefault("Content-Security-Policy", write_policy((), ()))
    answer.headers.remove("Set-Cookie")
    return answer


def write_policy(frame_ancestors: Iterable[str], script_origins: Iterable[str]) -> str:
    """The Content-Security-Policy of a page. What is no origin is left out: it would be another directive."""
    origins = "".join(f" {one}" for one in script_origins if _SOURCE.fullmatch(one))
    ancestors = " ".join(one for one in frame_ancestors if _SOURCE.fullmatch(one)) or "'none'"
    return (
        f"default-src 'self'; script-src 'self'{origins}; style-src 'self'{origins}; connect-src 'self'{origins}; "
        f"img-src 'self' data:{origins}; base-uri 'none'; object-src 'none'; form-action 'self'; "
        f"frame-ancestors {ancestors}"
    )


def _read_request(method: str) -> WebRequest:
    """The visit without the browser's cookies. A value that stands there several times comes as one, parted by commas:
    nobody shows the one and proves the other."""
    return WebRequest(
        method=method, path=request.path, body=request.get_data(),
        query={name: ",".join(values) for name, values in request.args.lists()},
        headers={name.lower(): value for name, value in request.headers.items() if name.lower() != "cookie"},
    )  # fmt: skip


def _make_answer(told: WebResponse) -> Response:
    answer = Response(told.body, told.status, content_type=told.content_type)
    for name, value in told.headers.items():
        if name.lower() not in OURS and not name.lower().startswith("access-control-"):
            answer.headers[name] = value
    answer.headers["Content-Security-Policy"] = write_policy(told.frame_ancestors, told.script_origins)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _greet(page: Page) -> Response:
    """The answer to a preflight."""
    answer = Response(status=204)
    answer.headers["Access-Control-Allow-Methods"] = ", ".join(page.methods)
    answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    answer.headers["Access-Control-Max-Age"] = "7200"
    return answer


def _tell_error(mounted: Mounted, error: AdapterError) -> Response:
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 422)
    words = tell_words(mounted.adapter, error.words, language_of(read_locale()))
    more = {"Retry-After": str(max(1, round(error.retry_after)))} if isinstance(error, RateLimited) else {}
    log.info("A page of %s was refused: %s.", mounted.adapter.name, type(error).__name__)
    return _refuse(mounted, status, words, more)


def _refuse(mounted: Mounted, status: int, words: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """Why not: as JSON to scripts, as a page to people."""
    locale = language_of(read_locale())
    words = words or _say(status, locale)
    if mounted.page.cors or request.accept_mimetypes.best == "application/json":
        answer = jsonify({"message": words})
    else:
        html = page_templates().get_template("home/refused.html").render(
            _=translator(locale, "web").gettext, locale=locale, words=words, stylesheet=stylesheet_url("home.css")
        )  # fmt: skip
        answer = Response(html, mimetype="text/html")
    answer.status_code = status
    answer.headers.extend(headers or {})
    return answer


def _say(status: int, locale: str) -> str:
    _ = translator(locale, "web").gettext
    return {
        405: _("This address is not asked in that way."),
        413: _("That was too much at once"),
        429: _("That was asked for too often. Try again in a few minutes."),
    }[status]
