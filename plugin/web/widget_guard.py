"""Who may call the widget API: pages of the store's own origins, and visitors by the token in their header.

No cookie, no credential of the browser, nothing from parameters decides. Whatever is unknown gets equal answers.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, current_app, g, request

from plugin.care import Refusal, VisitorRow, find_visitor
from plugin.database import ALL
from plugin.stores import StoreRow, find_by_public_id, get_store, list_stores
from plugin.web.doors import doors
from plugin.web.widget_errors import Refused

ROOT = "/api/widget/v1"
LARGEST_BODY = 96_000
"""4000 signs, each escaped as a pair of surrogates, and the rest."""
_STORE = re.compile(r"st_[A-Za-z0-9_-]{8,64}")
_BEARER = re.compile(r"Bearer +([A-Za-z0-9_-]{1,80})", re.IGNORECASE)
ORIGINS_SECONDS = 10.0
"""How long the list of all stores' origins is believed; a stranger makes it read again, once a second at most."""

View = TypeVar("View", bound=Callable[..., Any])


def check_request() -> Response | None:
    """Before every view: size, store, origin; a preflight is answered here."""
    request.max_content_length = LARGEST_BODY
    if request.method == "OPTIONS":
        return Response(status=204)
    store_id = (request.view_args or {}).get("store")
    if store_id is not None:
        g.widget_store = _find_store(str(store_id))
        check_origin(g.widget_store)
    return None


def _find_store(public_id: str) -> StoreRow:
    if not _STORE.fullmatch(public_id):
        raise Refused(Refusal.nothing)
    with doors().db.reading(ALL, "find the store of a page") as tx:
        row = find_by_public_id(tx, public_id)
    if row is None:
        raise Refused(Refusal.nothing)
    return row


def read_visitor() -> VisitorRow | None:
    """The visitor of the header's token, None without a header. Raises `Refused` (401) for a token that opens
    nothing, or nothing in the store that the address names."""
    if "Authorization" not in request.headers:
        return None
    found = _BEARER.fullmatch(request.headers["Authorization"].strip())
    visitor = find_visitor(doors().care, found[1]) if found else None
    store = g.get("widget_store")
    if visitor is None or (store is not None and visitor.store_id != store.id):
        raise Refused(Refusal.not_open)
    return visitor


def needs_visitor(view: View) -> View:
    """The view gets the visitor of the token as its first argument."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        visitor = read_visitor()
        if visitor is None:
            raise Refused(Refusal.not_open)
        with doors().db.reading(visitor.store_id) as tx:
            g.widget_store = get_store(tx, visitor.store_id)
        if g.widget_store.status == "uninstalled":
            raise Refused(Refusal.not_open)
        check_origin(g.widget_store)
        return view(visitor, *args, **kwargs)

    return guarded  # type: ignore[return-value]


def own_origin() -> str:
    """Our own pages may use the widget too."""
    parts = urlsplit(doors().settings.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def check_origin(store: StoreRow) -> None:
    """Raises `Refused` for a page that is not the store's. No Origin: not a browser's cross-origin call."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    if origin not in store.origins and origin != own_origin():
        raise Refused(Refusal.foreign)
    g.widget_origin = origin


class Origins:
    """The origins of all stores: a preflight of a route without a store names none, and no token either."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()
        self._read_at = float("-inf")

    def knows(self, origin: str) -> bool:
        """Whether any store's pages, or ours, stand at this origin."""
        age = time.monotonic() - self._read_at
        if age > ORIGINS_SECONDS or (age > 1 and origin not in self._known):
            self._read_at = time.monotonic()
            with doors().db.reading(ALL, "the origins of every store's pages") as tx:
                rows = [row for row in list_stores(tx) if row.status != "uninstalled"]
            self._known = frozenset(origin for row in rows for origin in row.origins)
        return origin in self._known or origin == own_origin()


def _allowed_origin() -> str | None:
    """Who may read this answer. Where no store is known (a preflight, a token that opens nothing) any store's page
    may: it must learn that its token is worth nothing."""
    asked = request.headers.get("Origin", "")
    if not asked:
        return None
    store_id = (request.view_args or {}).get("store")
    if request.method == "OPTIONS" and store_id is not None:
        try:
            check_origin(_find_store(str(store_id)))
        except Refused:
            return None
    if "widget_origin" in g or "widget_store" in g:
        allowed: str | None = g.get("widget_origin")
        return allowed
    origins: Origins = current_app.extensions["mostrador-origins"]
    return asked if origins.knows(asked) else None


def allow_origin(answer: Response) -> Response:
    """After every view: the one origin that asked, if it may; never credentials."""
    answer.vary.add("Origin")
    origin = _allowed_origin()
    if origin is None:
        return answer
    answer.headers["Access-Control-Allow-Origin"] = origin
    answer.headers["Access-Control-Expose-Headers"] = "Retry-After"
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST"
        answer.headers["Access-Control-Allow-Headers"] = "authorization, content-type, last-event-id"
        answer.headers["Access-Control-Max-Age"] = "7200"
    return answer
