"""Trying a pair of keys on a shop: which way of showing them it understands, and if none, what is wrong.

| Basic over https | OAuth in the header | OAuth in the query | means |
|---|---|---|---|
| works | | | PHP sees https and the header arrives |
| refused | | | the key is known, its secret is another |
| not noticed | works | | PHP does not see https (a proxy ends TLS and does not tell WordPress) |
| not noticed | refused | | the key is not known, or the shop's home address or clock is not what it says |
| not noticed | not noticed | works | the server does not pass the Authorization header on |
| not noticed | not noticed | refused | the same, and the key is not known |

Observed on WooCommerce 10.5.2 behind TLS, behind a proxy that hides TLS, and over plain http (2026-11-21).
Keys never go over plain http in Basic's clear text, and no secret ever stands in an address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.woocommerce.answers import (
    CLOCK,
    CLOSED,
    ApiClosed,
    KeyRefused,
    KeyUnseen,
    describe_silence,
    read_answer,
)
from adapters.woocommerce.client import BASIC, OAUTH, OAUTH_QUERY, GuardedApi, change_scheme
from adapters.woocommerce.schemas import ORDER_ROWS, decode
from plugin.contract import AccessRevoked, Clock, Http, PlatformDown, Words

UNKNOWN_KEY = Words(
    "The shop does not know this key, or the key and the secret do not belong together. Make new ones under "
    "WooCommerce > Settings > Advanced > REST API, as an administrator and with the permission Read/Write."
)
HALF_KNOWN = Words(
    "The shop knows this key, but not with this secret. Copy both again, or make new ones under WooCommerce > "
    "Settings > Advanced > REST API."
)
NOT_NOTICED = Words(
    "The shop does not notice our keys at all. Either its server keeps the Authorization header back, or a security "
    "plugin closes the REST API: allow requests to /wp-json/wc/v3 there, or ask your hosting company to pass "
    "the Authorization header on to PHP."
)


@dataclass(frozen=True)
class Way:
    """How a shop understands our keys: the values `auth` and `home` of a store's credentials."""

    auth: str
    home: str


def find_way(http: Http, clock: Clock, url: str, home: str, key: str, secret: str) -> Way:
    """The first way in which these keys may read the shop's orders. Raises `AccessRevoked` with what is wrong, or
    whatever else the shop's answer means (`PlatformDown`, ...)."""
    refused: KeyRefused | None = None
    noticed = ""
    for auth, signed_home in list_ways(url, home):
        if noticed and auth != noticed:
            break
        try:
            try_way(http, clock, url, Way(auth, signed_home), key, secret)
        except KeyRefused as error:
            refused, noticed = error, auth
            if auth == BASIC:
                raise AccessRevoked(HALF_KNOWN) from error
        except (KeyUnseen, ApiClosed) as error:
            last = error
        else:
            return Way(auth, signed_home)
    if refused is not None:
        raise AccessRevoked(refused.words if is_about(refused, CLOCK) else UNKNOWN_KEY) from refused
    raise AccessRevoked(last.words if is_about(last, CLOSED) else NOT_NOTICED) from last


def list_ways(url: str, home: str) -> Iterator[tuple[str, str]]:
    """(auth, home) in the order in which they are tried; a home may be told under a name that PHP does not see."""
    tls = url.startswith("https://")
    plain = list(dict.fromkeys(change_scheme(each, "http") for each in (home, url)))
    if tls:
        yield BASIC, home
    for each in plain:
        yield OAUTH, each
    if tls:
        yield OAUTH_QUERY, change_scheme(home, "https")
    for each in plain:
        yield OAUTH_QUERY, each


def try_way(http: Http, clock: Clock, url: str, way: Way, key: str, secret: str) -> None:
    """Raises the contract's error unless these keys may read orders in this way."""
    api = GuardedApi(http, clock, url, way.home, way.auth, key, secret, "wc/v3")
    try:
        answer = api.ask("GET", "orders", query={"per_page": 1, "_fields": "id"})
    except PlatformDown as error:
        raise describe_silence(error) from error
    decode(ORDER_ROWS, read_answer(answer, clock.now()), "list of orders")


def is_about(error: AccessRevoked, words: Words) -> bool:
    return isinstance(error.words, Words) and error.words.message == words.message
