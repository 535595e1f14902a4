"""The authorization-code grant of a custom app: to the shop's page that asks the merchant for leave, and back.

Taken from Shopify's older package `shopifyapi` 12.7.0: the address of that page, the HMAC over the query that comes
back, and the tidying of a typed address. Not taken: its session (one for the whole process: the shop of one request
would be asked in another), its request for the token (no time limit, no expiring access), its day of grace.

Sources: the package, read whole;
https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant (2026-11-21).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from shopify.session import Session
from shopify.utils import shop_url as shop_domains

from adapters.shopify.client import check_shop, shop_url
from adapters.shopify.hooks import SCOPES
from adapters.shopify.settings import AppIdentity, need_app
from plugin.contract import InstallRejected, PlatformRefused, Words

WINDOW = 600
"""Seconds that the way back may take, as long as our `state` lives."""
CODE = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)
HMAC = re.compile(r"[0-9a-f]{64}", re.ASCII)
STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
NAME = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
NO_ADDRESS = Words("Type the address of your shop as Shopify names it, for example my-shop.myshopify.com")
NO_SHOP = Words(
    "This is not the address that Shopify gave your shop. It ends in .myshopify.com: you find it in the Shopify admin "
    "under Settings > Domains."
)
NOT_GENUINE = Words("What came back was not signed by Shopify, so nothing was connected. Begin again.")
TOO_LATE = Words("The way back from Shopify took too long. Begin again.")
DENIED = Words(
    "Shopify gave no access, so nothing was connected. Begin again, and approve what the app asks for."
)


def read_shop(typed: str) -> str:
    """The shop's permanent domain of what a merchant typed: its name, its domain or an address of its admin.

    Raises `InstallRejected` with what to type.
    """
    text = typed.strip().lower()
    if not text:
        raise InstallRejected(NO_ADDRESS)
    if (
        not text.isascii()
        or len(text) > 500
        or not text.isprintable()
        or any(sign in text for sign in "@\\ ")
    ):
        raise InstallRejected(NO_SHOP)
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InstallRejected(NO_SHOP) from None
    if parts.scheme not in ("http", "https") or port is not None:
        raise InstallRejected(NO_SHOP)
    if host == "admin.shopify.com":
        words = parts.path.split("/")
        host = words[2] if len(words) > 2 and words[1] == "store" and NAME.fullmatch(words[2]) else ""
    # The package looks for its ending anywhere in the text; ours is the check that counts.
    domain = shop_domains.sanitize_shop_domain(host) if host else None
    try:
        return check_shop(str(domain or ""))
    except PlatformRefused:
        raise InstallRejected(NO_SHOP) from None


def write_permission_url(identity: AppIdentity, shop: str, callback: str, state: str) -> str:
    """Where the shop asks its merchant whether the app may come in."""
    need_app(identity)
    shop = check_shop(shop)
    # A version is wanted by the session and used by nothing here; the list of scopes comes before the address.
    address: str = make_session(identity.client_id, "").create_permission_url_of(
        shop, sorted(SCOPES), callback, state
    )
    if not identity.fake_url:
        return address
    parts = urlsplit(address)
    return f"{shop_url(identity, shop, parts.path)}?{parts.query}"


def make_session(client_id: str, secret: str) -> type[AppSession]:
    """The package's session for one app. The package keeps key and secret on its class, one for the whole process; a
    class of its own for each question leaves that one alone."""
    return type("OneQuestion", (AppSession,), {"api_key": client_id, "secret": secret})


# The package carries no types: what is built upon its classes can be checked, the classes themselves cannot.
class AppSession(Session):  # type: ignore[misc]
    """What is asked of the package; nothing is ever activated."""

    @classmethod
    def create_permission_url_of(cls, shop: str, scopes: list[str], callback: str, state: str) -> str:
        return str(cls(shop, "2026-10").create_permission_url(scopes, callback, state))


def read_callback(identity: AppIdentity, query: Mapping[str, str], now: datetime) -> tuple[str, str]:
    """(shop, code) of what came back, once Shopify's signature over the whole query is found genuine.

    Raises `InstallRejected`.
    """
    if not is_signed(identity, query):
        raise InstallRejected(NOT_GENUINE)
    stamp = query.get("timestamp", "")
    if not STAMP.fullmatch(stamp) or abs(now.timestamp() - int(stamp)) > WINDOW:
        raise InstallRejected(TOO_LATE)
    code = query.get("code", "")
    if not CODE.fullmatch(code):
        raise InstallRejected(DENIED)
    try:
        return check_shop(query.get("shop", "")), code
    except PlatformRefused:
        raise InstallRejected(NO_SHOP) from None


def is_signed(identity: AppIdentity, query: Mapping[str, str]) -> bool:
    """Whether one of our secrets signed exactly these parameters."""
    if not HMAC.fullmatch(query.get("hmac", "")) or not all(map(is_plain, [*query, *query.values()])):
        return False
    return any(
        make_session(identity.client_id, secret).validate_hmac(dict(query)) for secret in identity.secrets
    )


def is_plain(text: str) -> bool:
    """Whether it can be signed at all: a lone half of a sign cannot be written in UTF-8."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)
