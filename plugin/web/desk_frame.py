"""The frame of every desk page: the two blueprints, their guards, languages, templates, headers and error pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, request, send_from_directory, url_for
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import HTTPException

from plugin.care.public_ids import shorten
from plugin.language import LOCALES, pick_locale, translator
from plugin.notices.mail_facts import safe_link
from plugin.web.access import SAFE, Visit, enter, read_session, refuse_foreign_writes
from plugin.web.desk_coverage import gather_pages
from plugin.web.desk_times import Times
from plugin.web.desk_words import tell_done
from plugin.web.doors import doors

FILES = Path(__file__).parent / "static" / "desk"
TEMPLATES = Path(__file__).parent / "templates"
LARGEST = 256_000
"""Bytes of one form: ten questions in three languages, and a long answer to a shopper."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

desk = Blueprint("desk", __name__, url_prefix="/desk")
entry = Blueprint("entry", __name__)


def guard_desk() -> Response | None:
    """Before every desk view: our own pages only, a session, a store that is the agent's, and writing only for those
    who may."""
    request.max_content_length = LARGEST
    if request.endpoint == "desk.file":
        return None
    return _let_in((request.view_args or {}).pop("store", None))


def _let_in(public_id: str | None) -> Response | None:
    refuse_foreign_writes()
    session = read_session()
    if session is None:
        return _ask_to_sign_in()
    g.desk_visit = enter(session, None)  # In whose language it is said that a store is not theirs.
    g.desk_visit = enter(session, public_id)
    if request.method not in SAFE and not g.desk_visit.may_write:
        abort(403)
    return None


def guard_entry() -> None:
    """Before the pages of signing in: our own pages only, but for a shop's word, which is proven by its signature."""
    request.max_content_length = LARGEST
    if request.endpoint != "entry.take_word":
        refuse_foreign_writes()


def _ask_to_sign_in() -> Response:
    """The same for every address below ``/desk``, whether there is anything or not."""
    if request.method not in SAFE or "HX-Request" in request.headers or _wants_stream():
        return Response("Sign in first.\n", 401, mimetype="text/plain")
    return Response(status=303, headers={"Location": url_for("entry.show_form")})


def _wants_stream() -> bool:
    return (request.endpoint or "") == "desk.live"


def add_store(endpoint: str, values: dict[str, Any]) -> None:
    """Addresses made on a store's page stay in that store; those of the agent's own page keep it as the way back."""
    found: Visit | None = g.get("desk_visit")
    if found is None or endpoint in OUTSIDE:
        return
    if found.store is not None:
        values.setdefault("store", found.store.public_id)
    elif "store" in request.args:
        values.setdefault("store", request.args["store"][:80])


OUTSIDE = frozenset(("desk.file", "desk.choose", "desk.sign_out", "desk.seen", "desk.end_all"))
"""Endpoints of the desk that lead to no store."""


def add_headers(answer: Response) -> Response:
    """Nothing of the desk is kept by anybody between us and the browser, and nothing inline runs."""
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.vary.add("Cookie")
    if answer.mimetype == "text/html":
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        answer.headers["X-Frame-Options"] = "DENY"
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return answer


def page_locale() -> str:
    """The agent's language; before sign-in the one asked for by the address or the browser."""
    found: Visit | None = g.get("desk_visit")
    if found is not None:
        return found.agent.locale
    asked = request.args.get("lang", "")
    preferred = request.accept_languages.values()
    return pick_locale(asked if asked in LOCALES else "", *list(preferred)[:10], default="es")[:2]


def _(message: str) -> str:
    """`message` in the reader's language."""
    return translator(page_locale(), "web").gettext(message)


def render(template: str, status: int = 200, /, **values: Any) -> Response:
    """A page or a part of one, in the reader's language."""
    locale, found = page_locale(), g.get("desk_visit")
    words = translator(locale, "web")
    zone = found.store.time_zone if found is not None and found.store is not None else "UTC"
    frame: dict[str, Any] = {
        "_": words.gettext,
        "ngettext": words.ngettext,
        "locale": locale,
        "visit": found,
        "times": Times(locale, zone, doors().clock.now()),
        "endpoint": request.endpoint or "",
        "tell_done": lambda code: tell_done(code, locale),
        "name_shopper": lambda public_id: words.gettext("Shopper {code}").format(code=shorten(public_id)),
    }
    html = page_templates().get_template(f"desk/{template}").render(frame | values)
    return Response(html, status, mimetype="text/html")


@lru_cache(maxsize=1)
def page_templates() -> Environment:
    """The templates of this room but the plain pages, compiled once."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "locales": LOCALES,
        "url_for": url_for,
        "asset": asset,
        "safe_link": safe_link,
        "gather_pages": gather_pages,
        "read_time": datetime.fromisoformat,
        "half_a_day": timedelta(hours=12),
    }
    made.globals["parts"] = made.get_template("desk/parts.html").module
    return made


def asset(name: str) -> str:
    """The address of a file of ours, with its hash: it may be kept for ever, and a new one is fetched at once."""
    return url_for("desk.file", name=name, v=_hash_of(name))


@lru_cache(maxsize=32)
def _hash_of(name: str) -> str:
    return hashlib.sha256((FILES / name).read_bytes()).hexdigest()[:12]


@desk.get("/files/<path:name>")
def file(name: str) -> Response:
    """Styles and scripts; nothing else is in that folder."""
    answer = send_from_directory(FILES, name, max_age=0, etag=True)
    if request.args.get("v") and request.args["v"] == _hash_of(name):
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def back_to(endpoint: str, notice: str = "", anchor: str = "", **values: Any) -> Response:
    """After a write: to the page, which says what was done. `notice` is one of its known words."""
    if notice:
        values["done"] = notice
    return redirect(url_for(endpoint, _anchor=anchor or None, **values), 303)  # type: ignore[return-value]


def is_htmx() -> bool:
    """Whether a part of a page is asked for, by htmx on the page."""
    return request.headers.get("HX-Request") == "true"


def answer_unknown() -> Response:
    """For whatever is below ``/desk/`` and no view of it: who is not signed in hears what every address there tells
    them, and who is gets a page in the frame of the store whose address it is below."""
    try:
        answer = _let_in(request.path.split("/")[2])
        if answer is None:
            abort(404)
    except HTTPException as error:
        answer = show_error(error)
    return add_headers(answer)


def show_error(error: HTTPException) -> Response:
    """Plain words for what a person may meet; the same page for what is not theirs and what is not there."""
    code = error.code or 500
    title, words = _ERRORS[code]()
    return render("error.html", code, title=title, words=words)


_ERRORS: dict[int, Callable[[], tuple[str, str]]] = {
    403: lambda: (
        _("This cannot be done from here"),
        _("Either only the store's owner may do this, or it was not asked for on this desk. Nothing was changed."),
    ),
    404: lambda: (
        _("There is nothing here"),
        _("The address may have changed, or it belongs to somebody else."),
    ),
    413: lambda: (
        _("That was too much at once"),
        _("Shorten the text and send it again. Nothing was changed."),
    ),
    429: lambda: (
        _("One moment, please"),
        _("That was asked for too often. Try again in a few minutes."),
    ),
}


desk.before_request(guard_desk)
entry.before_request(guard_entry)
desk.url_defaults(add_store)
for blueprint in (desk, entry):
    blueprint.after_request(add_headers)
    for code in _ERRORS:
        blueprint.register_error_handler(code, show_error)
