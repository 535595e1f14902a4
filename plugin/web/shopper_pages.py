"""The frame of all plain pages: their words, the store's colours, and what a browser may do with them.

No JavaScript. Templates hold every word (domain `pages`); views give facts. The one inline style is the store's
accent, allowed by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from plugin.language import LOCALES, language_of, translator
from plugin.notices.colours import Accent, read_accent
from plugin.stores import StoreRow
from plugin.stores.connect import ORIGIN
from plugin.web.doors import doors
from plugin.web.pictures import list_picture_hosts
from plugin.web.static_files import stylesheet_url

TEMPLATES = Path(__file__).parent / "templates" / "shopper"
LANGUAGES = {"es": "Español", "en": "English", "pt": "Português"}
LOCAL_HOSTS = ("127.", "localhost", "[::1]")


def show(template: str, language: str, status: int = 200, store: StoreRow | None = None, **facts: Any) -> Response:
    """A page in the reader's language; `facts` are what the template names. Not to be kept, unless the view says so.

    `form_action` (a fact): where its forms may lead, as in a Content-Security-Policy. `frames` (a fact): the origins
    whose pages may show it in a frame; without any it is a page of its own, else it stands there bare, and its links
    lead out of the frame.
    """
    words = translator(language, "pages")
    style = _accent_style(read_accent(store.accent)) if store is not None else ""
    form_action, frames = facts.pop("form_action", "'self'"), facts.pop("frames", ())
    given = {
        "language": language_of(language), "_": words.gettext, "ngettext": words.ngettext, "store": store,
        "stylesheet": stylesheet_url(), "accent_style": style, "hub": None, "indexed": False, "languages": (),
        "bare": bool(frames),
        "shop_url": shop_url(store) if store is not None else "", **facts,
    }  # fmt: skip
    page = Response(_templates().get_template(template).render(given), status, mimetype="text/html")
    page.headers["Content-Language"] = language_of(language)
    pictures = list_picture_hosts(store) if store is not None and "article" in facts else ()
    page.headers["Content-Security-Policy"] = _policy(style, form_action, pictures, frames)
    if not given["indexed"]:
        page.headers["X-Robots-Tag"] = "noindex"
    return page


def show_missing(about: str, language: str = "", store: StoreRow | None = None, hub: str | None = None) -> Response:
    """The one answer to whatever is not there; `about`: ``page``, ``link`` or ``install``."""
    page = show("missing.html", language or reader_language(), 404, store, about=about, hub=hub)
    page.vary.add("Accept-Language")
    return page


def reader_language() -> str:
    """The language the browser asks for, of those we have; Spanish when it asks for none of them."""
    return request.accept_languages.best_match(LOCALES) or "es"


def hub_path(store: StoreRow, language: str, article_id: str = "") -> str:
    """The path of the store's help in plain pages, or of one article in it."""
    return f"/help/{store.public_id}/{language_of(language)}/{article_id}"


def shop_url(store: StoreRow) -> str:
    """The shop's front door; plain http only on one's own machine."""
    return f"{'http' if store.domain.startswith(LOCAL_HOSTS) else 'https'}://{store.domain}"


def base_url() -> str:
    """Our public address, without a slash at its end."""
    return doors().settings.base_url.rstrip("/")


def _policy(style: str, form_action: str, pictures: Collection[str], frames: Collection[str]) -> str:
    """`pictures`: hosts of the shop whose pictures stand in its articles; `frames`: origins of pages that frame it."""
    # What is no origin is left out: it would be another directive.
    ancestors = " ".join(one for one in frames if ORIGIN.fullmatch(one)) or "'none'"
    allowed, images = "'self'", " ".join(["'self' data:", *(f"https://{one}" for one in sorted(pictures))])
    if style:
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        allowed += f" 'sha256-{digest}'"
    return (
        f"default-src 'none'; style-src {allowed}; img-src {images}; form-action {form_action}; base-uri 'none'; "
        f"frame-ancestors {ancestors}"
    )


def _accent_style(accent: Accent) -> str:
    return (
        f":root{{--fill:{accent.fill};--on-fill:{accent.on_fill};--light:{accent.light};--dark:{accent.dark}}}"
    )


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
