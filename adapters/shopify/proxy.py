"""What the storefront asks us through Shopify's app proxy: who of the shop's customers is signed in there.

The theme's pages know no session token. Shopify passes what they ask for on to us, adds who is signed in, and signs the
whole query: ``key=value`` sorted by key and joined by nothing, values that stand there several times joined by commas.
The answer is JSON and never ``application/liquid``: that would be run in the shop's theme.
Source: https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies (2026-11-21).

That text can be cut up in more ways than one: Shopify also signs what a visitor adds to the address, so a guest could
have ``a=1logged_in_customer_id=7001path_prefix=…`` signed as one value and bring it here as several. So exactly the
parameters that Shopify itself adds are taken, each in a shape that leaves a single way to cut.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime

from adapters.shopify.client import check_shop
from adapters.shopify.proof import mint_proof
from adapters.shopify.settings import App, AppIdentity
from adapters.shopify.values import read_optional_id
from plugin.contract import PageDoors, PlatformRefused, WebhookRejected, WebRequest, WebResponse

WINDOW = 90
"""Seconds between Shopify's clock and ours; as in both of its libraries."""
SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)
SHAPES = {
    "logged_in_customer_id": re.compile(r"[0-9]{0,20}", re.ASCII),
    "path_prefix": re.compile(r"(?:/[A-Za-z0-9_-]{1,60}){1,4}", re.ASCII),
    "shop": re.compile(r"[a-z0-9.-]{1,255}", re.ASCII),
    "timestamp": re.compile(r"[0-9]{1,12}", re.ASCII),
}


def answer_proxy(app: App, request: WebRequest, doors: PageDoors) -> WebResponse:
    """``{"proof": "…"}`` of the customer who is signed in at the shop, or null for a guest."""
    now = app.clock.now()
    try:
        shop, customer = read_proxy_query(request.query, app.identity, now)
    except WebhookRejected:
        return tell({"message": "This was not signed by Shopify."}, 401)
    store = doors.find_store(shop)
    if store is None:
        return tell({"message": "There is no such store."}, 404)
    return tell({"proof": (mint_proof(store, now, customer=customer) if customer else "") or None})


def read_proxy_query(query: Mapping[str, str], identity: AppIdentity, now: datetime) -> tuple[str, str]:
    """(shop, number of the customer who is signed in, or '') of a genuine query. Raises `WebhookRejected`.

    A value given several times comes here as one with commas, and then has no shape of ours.
    """
    given = query.get("signature", "")
    signed = {name: value for name, value in query.items() if name != "signature"}
    if signed.keys() != SHAPES.keys() or not all(SHAPES[name].fullmatch(signed[name]) for name in SHAPES):
        raise WebhookRejected("The query is not what Shopify adds to an address.")
    if not SIGNATURE.fullmatch(given) or not any(
        hmac.compare_digest(given, sign_query(signed, secret)) for secret in identity.secrets
    ):
        raise WebhookRejected("The query is not signed by Shopify.")
    if abs(now.timestamp() - int(signed["timestamp"])) > WINDOW:
        raise WebhookRejected("The query is too old.")
    try:
        return check_shop(signed["shop"]), read_optional_id(signed["logged_in_customer_id"])
    except PlatformRefused:
        raise WebhookRejected("The query names no shop.") from None


def sign_query(query: Mapping[str, str], secret: str) -> str:
    """The signature of a query (without ``signature``), in hex."""
    text = "".join(f"{name}={query[name]}" for name in sorted(query))
    return hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def tell(said: Mapping[str, object], status: int = 200) -> WebResponse:
    """An answer that no cache keeps: it is for one person."""
    return WebResponse(
        status=status, body=json.dumps(said).encode(), content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )  # fmt: skip
