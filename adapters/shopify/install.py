"""Connecting a shop: Shopify installs a public app by itself, a custom app asks for leave by the code grant.

A public app is never called when it is installed: the first visit to its home in the admin brings a session token, and
`exchange_access` makes access of it. So `begin_install` only leads the merchant to Shopify's own page; nothing comes
back to us from there, and the state of that installation runs out unused.

Source: https://shopify.dev/docs/apps/build/authentication-authorization/app-installation (2026-11-21); the address of
Shopify's page is what its admin itself uses, ``https://admin.shopify.com/store/<name>/oauth/install?client_id=…``.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, quote

from adapters.shopify import grant, tokens
from adapters.shopify.api import read_shop
from adapters.shopify.client import check_shop
from adapters.shopify.proof import ADMIN, read_token
from adapters.shopify.settings import AppIdentity, need_app
from adapters.shopify.tokens import StaleToken, TokenSet
from plugin.contract import (
    AccessExpired,
    AccessRevoked,
    Clock,
    Form,
    Http,
    InstallRejected,
    PlatformRefused,
    Proof,
    Redirect,
    Store,
    StoreAccess,
    Urls,
    WebhookRejected,
    WebRequest,
    Words,
)

NO_KEYS = Words(
    "A Shopify shop is connected without keys: type its address, for example my-shop.myshopify.com"
)
LISTED = Words(
    "Nothing is typed here: install Mostrador from its page in the Shopify App Store. Where it is installed already, "
    "open it in your Shopify admin: Apps > Mostrador."
)
NO_MERCHANT = Words("Only the Shopify admin can connect a shop. Open the app there: Apps > Mostrador.")
NO_ANSWER = Words("Shopify let us in, but gave no usable answer about the shop. {reason}")
ANOTHER = Words("The shop that came back is not the one you began with. Begin again.")


def begin_install(identity: AppIdentity, request: WebRequest, urls: Urls, state: str) -> Redirect | Form:
    """To Shopify's page for this shop, which asks the merchant. Raises `InstallRejected` with what to type, or that
    nothing is."""
    need_app(identity)
    wish = read_wish(request)
    if not identity.asks_address and not wish.get("shop", "").strip():
        raise InstallRejected(LISTED)
    if not wish.get("shop", "").strip() and wish.get("keys"):
        raise InstallRejected(NO_KEYS)
    shop = grant.read_shop(wish.get("shop", ""))
    if identity.is_public:
        return Redirect(url=write_install_url(identity, shop))
    address = grant.write_permission_url(identity, shop, urls.install_callback, state)
    return Redirect(url=address, keep={"shop": shop})


def write_install_url(identity: AppIdentity, shop: str) -> str:
    """Shopify's own page that installs the app in this shop, or opens it where it stands already."""
    name = check_shop(shop).removesuffix(".myshopify.com")
    if identity.fake_url:
        return f"{identity.fake_url}/admin/{name}"
    return (
        f"https://admin.shopify.com/store/{name}/oauth/install?client_id={quote(identity.client_id, safe='')}"
    )


def finish_install(identity: AppIdentity, http: Http, clock: Clock, callback: WebRequest) -> StoreAccess:
    """The access of a code grant, for the shop that the merchant had typed and Shopify signed."""
    need_app(identity)
    if identity.is_public or callback.method != "GET":
        raise InstallRejected(NO_MERCHANT)
    shop, code = grant.read_callback(identity, callback.query, clock.now())
    if callback.kept.get("shop") != shop:
        raise InstallRejected(ANOTHER)
    return read_access(identity, http, clock, shop, tokens.grant(identity, http, clock, shop, code))


def exchange_access(identity: AppIdentity, http: Http, clock: Clock, proof: Proof) -> StoreAccess:
    """Access in exchange for a session token of the admin. Raises `InstallRejected`, `StaleToken` among them."""
    try:
        claims = read_token(proof.token, identity, clock.now())
    except WebhookRejected:
        raise StaleToken(tokens.STALE) from None
    if claims.kind != ADMIN:
        raise InstallRejected(NO_MERCHANT)
    given = tokens.exchange(identity, http, clock, claims.shop, proof.token)
    return read_access(identity, http, clock, claims.shop, given)


def refresh_access(identity: AppIdentity, http: Http, clock: Clock, store: Store) -> StoreAccess:
    """The next pair of a store. Its facts stay as they are: nothing else is asked, so nothing else can fail."""
    given = tokens.refresh(identity, http, clock, store.domain, store.credentials)
    return StoreAccess(
        domain=store.domain, name=store.name, credentials=given.credentials(), currency=store.currency,
        locale=store.locale, time_zone=store.time_zone, expires_at=given.expires_at,
        refresh_before=given.refresh_before,
    )  # fmt: skip


def read_access(identity: AppIdentity, http: Http, clock: Clock, shop: str, given: TokenSet) -> StoreAccess:
    """The access with what the shop says of itself. Raises `InstallRejected` where it may not be asked."""
    credentials = given.credentials()
    store = Store(public_id="", platform="shopify", domain=shop, credentials=credentials)
    try:
        facts = read_shop(http, identity, store, clock)
    except (AccessExpired, AccessRevoked, PlatformRefused) as error:
        raise InstallRejected(Words(NO_ANSWER, reason=error.words)) from error
    return StoreAccess(
        domain=shop, name=facts.name or shop, credentials=credentials, currency=facts.currency, locale=facts.locale,
        time_zone=facts.time_zone, expires_at=given.expires_at, refresh_before=given.refresh_before,
    )  # fmt: skip


def read_wish(request: WebRequest) -> dict[str, str]:
    """`shop` and `keys`, of the posted form or of the address."""
    wish = {name: request.query.get(name, "") for name in ("shop", "keys")}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        text = request.body.decode("utf-8")
        posted = (
            json.loads(text or "{}")
            if kind == "application/json"
            else dict(parse_qsl(text, max_num_fields=20))
        )
    except (ValueError, RecursionError):
        posted = {}
    known = posted if isinstance(posted, dict) else {}
    return wish | {name: known[name] for name in wish if isinstance(known.get(name), str) and known[name]}
