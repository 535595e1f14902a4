"""The key to one's requests: a signed cookie for one address in one store, which only a mailed link gives.

It says nothing but whose talks may be read, is sent to no other store's pages, and is out of reach of scripts.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer

from plugin import care
from plugin.stores import StoreRow
from plugin.web.access import our_origin
from plugin.web.doors import doors

COOKIE = "mostrador_requests"
SECONDS = 30 * 24 * 3600
AHEAD = 300
"""Seconds that another of our machines' clock may be ahead."""
LONGEST = 500


def give_key(page: Response, store: StoreRow, email_index: str) -> None:
    """From here on the browser may read the talks of this address."""
    issued = int(doors().clock.now().timestamp())
    page.set_cookie(
        COOKIE, str(_serializer().dumps([store.id, email_index, issued])), max_age=SECONDS, path=_path(store),
        secure=_is_https(), httponly=True, samesite="Lax",
    )  # fmt: skip


def take_key(page: Response, store: StoreRow) -> None:
    """The browser forgets it, if it has one."""
    if COOKIE not in request.cookies:
        return
    page.delete_cookie(COOKIE, path=_path(store), secure=_is_https(), httponly=True, samesite="Lax")


def read_key_of(store: StoreRow) -> str:
    """The index of the address whose talks this browser may read in this store; '' for nobody's: none, forged, of
    another store, older than 30 days, or from before its address was forgotten there."""
    given = request.cookies.get(COOKIE, "")
    if not given or len(given) > LONGEST:
        return ""
    try:
        store_id, email_index, issued = _serializer().loads(given)
        age = doors().clock.now().timestamp() - issued
        issued_at = datetime.fromtimestamp(issued, UTC)
    except (BadSignature, ValueError, TypeError, OverflowError, OSError):
        return ""
    if store_id != store.id or not isinstance(email_index, str) or not -AHEAD <= age <= SECONDS:
        return ""
    return "" if care.is_begun_anew(doors().care, store.id, email_index, issued_at) else email_index


def _path(store: StoreRow) -> str:
    return f"/help/{store.public_id}/"


def _is_https() -> bool:
    return our_origin().startswith("https://")


def _serializer() -> URLSafeSerializer:
    # A key of its own: a signature made for a link in a mail is none here.
    return URLSafeSerializer(doors().db.vault.index("requests-cookie", "key"), salt="mostrador-requests")
