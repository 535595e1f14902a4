"""The frame of the help hub: its blueprint, whom its forms listen to, its languages, and who may keep its pages.

Everything works without JavaScript: a form is answered with a page, and what was typed is still there when it was
refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from plugin.database import ALL
from plugin.help import catalogue_of
from plugin.language import LOCALES, language_of
from plugin.stores import StoreRow, find_by_public_id
from plugin.web.access import SAFE, is_from_our_page
from plugin.web.doors import doors
from plugin.web.shopper_pages import LANGUAGES, base_url, hub_path, reader_language, show, show_missing

LARGEST = 64_000
"""Bytes of one form: 4000 signs, each of which a browser may write as twelve."""

hub = Blueprint("hub", __name__)

View = TypeVar("View", bound=Callable[..., Any])


@hub.before_request
def guard_hub() -> Response | None:
    """Before every view: nothing is asked for or changed for a page that is not ours (403)."""
    request.max_content_length = LARGEST
    if request.method in SAFE or is_from_our_page():
        return None
    return _refuse("foreign", 403)


@hub.errorhandler(RequestEntityTooLarge)
def refuse_large(_error: RequestEntityTooLarge) -> Response:
    """A form with more in it than any of ours sends."""
    return _refuse("large", 413)


def _refuse(why: str, status: int) -> Response:
    asked = str((request.view_args or {}).get("locale", ""))
    language = asked if asked in LOCALES else reader_language()
    return keep_private(show("hub_refused.html", language, status, why=why))


def in_store(view: View) -> View:
    """A view of a store's page gets the store and the page's language; the answer is kept by nobody. A store that is
    not there, and a language that is none of ours, get the kind 404."""

    @wraps(view)
    def guarded(store_id: str, locale: str, **given: Any) -> Any:
        store = find_store(store_id)
        if store is None or locale not in LOCALES:
            return keep_private(tell_missing(store, locale))
        return keep_private(view(store, locale, **given))

    return guarded  # type: ignore[return-value]


def keep_private(page: Response) -> Response:
    """No cache keeps it, and other sites hear nothing of it; our own forms tell where they come from."""
    page.headers["Cache-Control"] = "no-store"
    # Under no-referrer browsers send "Origin: null", and older ones then say nowhere that a form is our own.
    # https://fetch.spec.whatwg.org/#append-a-request-origin-header (read 2026-11-22)
    page.headers["Referrer-Policy"] = "same-origin"
    page.vary.add("Cookie")
    return page


def find_store(public_id: str) -> StoreRow | None:
    """The store, also in preview: its merchant looks at the help before going live."""
    with doors().db.reading(ALL, "find the store of a help page") as tx:
        return find_by_public_id(tx, public_id)


def list_languages(store: StoreRow) -> list[str]:
    """The languages in which the help can be read; all of ours while it has nothing to show."""
    catalogue = catalogue_of(store)
    served = {language: catalogue.resolve(language) for language in LOCALES}
    own = [language for language, found in served.items() if found and language_of(found) == language]
    return own or list(LOCALES)


def frame_twins(
    store: StoreRow, languages: list[str], path: Callable[[str], str], locale: str, indexed: bool = True
) -> dict[str, Any]:
    """What every page of the hub says about itself and its twins in other languages."""
    default = language_of(store.locale)
    return {
        "hub": hub_path(store, locale), "indexed": indexed and store.live_at is not None,
        "canonical": base_url() + path(locale),
        "default_url": base_url() + path(default) if default in languages else "",
        "languages": [
            {"language": one, "name": LANGUAGES[one], "path": path(one), "url": base_url() + path(one)}
            for one in languages
        ],
    }  # fmt: skip


def frame_form(store: StoreRow, locale: str, page: str, indexed: bool = False) -> dict[str, Any]:
    """The same for a page that has no articles: it is there in every language of ours."""
    return frame_twins(store, list(LOCALES), lambda language: hub_path(store, language, page), locale, indexed)


def tell_missing(store: StoreRow | None, locale: str) -> Response:
    """What is not there, said in the language of the address."""
    language = locale if locale in LOCALES else ""
    if store is None:
        return show_missing("page", language)
    language = language or language_of(store.locale)
    return show_missing("page", language, store, hub_path(store, language))


def region_of(store: StoreRow, language: str) -> str:
    """``es`` becomes ``es_CO`` in a Colombian store: times and money as its readers write them."""
    return store.locale if language_of(store.locale) == language else language


def read_field(name: str) -> str:
    """What was typed into a field: lines as one writes them here, nothing that no database takes."""
    return request.form.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()


def mint_key() -> str:
    """For a form's hidden field: what is sent twice by one page is one thing."""
    return str(uuid.uuid4())


def read_key(*content: str) -> str:
    """The client id of what a form says. A page that is sent again brings the same one; the same page with other words
    in it, as after going back, another one: nobody's second message is taken for the first."""
    try:
        page = uuid.UUID(request.form.get("client_id", ""))
    except ValueError:
        page = uuid.uuid4()
    return str(uuid.uuid5(page, "\0".join(content)))
