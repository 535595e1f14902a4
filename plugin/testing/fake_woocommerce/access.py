"""Who asks: REST keys over Basic, the query or OAuth 1.0a, exactly as far as the shop believes them.

Basic and query keys count only where PHP sees HTTPS. OAuth is signed for the home address, whatever host was called.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from plugin.testing.fake_woocommerce.bodies import write_error
from plugin.testing.fake_woocommerce.nouns import Body, Key

if TYPE_CHECKING:
    from plugin.testing.fake_woocommerce.shop import FakeShop

WINDOW = 15 * 60
"""Seconds that a signature's time may be off, either way."""
OAUTH = ("oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method")
ALGORITHMS = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}


@dataclass(frozen=True)
class Asking:
    """One REST request. `query` as PHP sees it: the last of several values under one name."""

    method: str
    path: str
    query: Mapping[str, str]
    authorization: str
    secure: bool
    """What `is_ssl()` says."""


class NotLetIn(Exception):
    """The answer is this error."""

    def __init__(self, body: Body) -> None:
        super().__init__(body["message"])
        self.body = body


def refuse(message: str) -> NotLetIn:
    return NotLetIn(write_error("woocommerce_rest_authentication_error", message, 401))


class Access:
    """Finds the key behind a request. `wall`: the Unix seconds that OAuth's times are compared with."""

    def __init__(self, shop: FakeShop, wall: Callable[[], float] | None = None) -> None:
        self.shop = shop
        self.wall = wall or (lambda: shop.clock.now().timestamp())
        self.nonces: set[tuple[str, str]] = set()

    def find_key(self, asking: Asking) -> Key | None:
        """None: a stranger, who may see nothing. Raises `NotLetIn`."""
        key = self._find_basic(asking) if asking.secure else None
        key = key or self._find_oauth(asking)
        if key is not None:
            check_permissions(key, asking.method)
        return key

    def _find_basic(self, asking: Asking) -> Key | None:
        name, secret = asking.query.get("consumer_key", ""), asking.query.get("consumer_secret", "")
        kind, _, word = asking.authorization.partition(" ")
        if not name and kind.lower() == "basic":
            try:
                name, _, secret = base64.b64decode(word).decode().partition(":")
            except ValueError:
                return None
        key = self._find(name)
        if key is not None and not hmac.compare_digest(key.consumer_secret, secret):
            raise refuse("Consumer secret is invalid.")
        return key

    def _find(self, consumer_key: str) -> Key | None:
        return next((key for key in self.shop.keys if key.consumer_key == consumer_key), None)

    def _find_oauth(self, asking: Asking) -> Key | None:
        given = dict(asking.query) | read_oauth_header(asking.authorization)
        missing = [name for name in OAUTH if not given.get(name)]
        if len(missing) == len(OAUTH):
            return None
        if missing:
            raise refuse(f"Missing OAuth parameter{'s'[: len(missing) > 1]} {', '.join(missing)}")
        key = self._find(given["oauth_consumer_key"])
        if key is None:
            raise refuse("Consumer key is invalid.")
        self._check_signature(asking, given, key)
        self._check_time(given, key)
        return key

    def _check_signature(self, asking: Asking, given: dict[str, str], key: Key) -> None:
        algorithm = ALGORITHMS.get(given["oauth_signature_method"])
        if algorithm is None:
            raise refuse("Invalid signature - signature method is invalid.")
        home = urlsplit(self.shop.home)
        address = f"{'https' if asking.secure else 'http'}://{home.netloc}{asking.path}"
        signed = {name: value for name, value in given.items() if name != "oauth_signature"}
        pairs = sorted((normalise(name), normalise(value)) for name, value in signed.items())
        words = "&".join(
            (asking.method, encode(address), encode("&".join(f"{name}={value}" for name, value in pairs)))
        )
        made = hmac.new(f"{key.consumer_secret}&".encode(), words.encode(), algorithm).digest()
        # PHP turns ``name[]`` into a list and keeps one of several equal names: no client's signature fits then.
        spoilt = any("[" in name for name in signed)
        if spoilt or not hmac.compare_digest(base64.b64encode(made).decode(), given["oauth_signature"]):
            raise refuse("Invalid signature - provided signature does not match.")

    def _check_time(self, given: dict[str, str], key: Key) -> None:
        stamp = given["oauth_timestamp"]
        if not stamp.isdigit() or abs(int(stamp) - self.wall()) > WINDOW:
            raise refuse("Invalid timestamp.")
        nonce = (key.consumer_key, given["oauth_nonce"])
        if nonce in self.nonces:
            raise refuse("Invalid nonce - nonce has already been used.")
        self.nonces.add(nonce)


def check_permissions(key: Key, method: str) -> None:
    """Raises `NotLetIn` when the key itself may not read or write."""
    wanted = "read" if method in ("GET", "HEAD", "OPTIONS") else "write"
    if wanted not in key.permissions:
        raise refuse(f"The API key provided does not have {wanted} permissions.")


def read_oauth_header(authorization: str) -> dict[str, str]:
    """The parameters of an ``Authorization: OAuth …`` header."""
    kind, _, rest = authorization.partition(" ")
    if kind.lower() != "oauth":
        return {}
    pairs = (part.strip().partition("=") for part in rest.split(","))
    return {name: unquote(value.strip('"')) for name, _, value in pairs if name.startswith("oauth_")}


def encode(text: str) -> str:
    """RFC 3986, as OAuth wants it."""
    return quote(text, safe="~")


def normalise(text: str) -> str:
    """A name or value of the query as the shop signs it: decoded once more first, so that ``%25`` counts as ``%``."""
    return encode(unquote(text))
