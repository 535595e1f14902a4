"""Deliveries of Shopify's webhooks: sign, read, verify, parse. Pure: no network, no clock, no state.

What the platform does (https://shopify.dev/docs/apps/build/webhooks/verify-deliveries and ``…/best-practices``,
https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance, read 2026-11-21):

- ``X-Shopify-Hmac-Sha256`` is base64(HMAC-SHA256(client secret, body as received)). It covers no header: the shop and
  the topic are hints. What would do harm to the wrong shop counts only where the signed body names it.
- Deliveries come twice, in any order, up to a day late, with the body of the first try; so an order's body is only
  taken for a sign that the order should be read again.
- During the rotation of a secret, up to an hour is signed with the old one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from adapters.shopify.client import check_shop
from adapters.shopify.schemas import HOOK, HookBody
from adapters.shopify.values import clean_text, read_email, read_optional_id
from plugin.contract import (
    AccessBroken,
    CustomerDataRequested,
    CustomerErasureRequested,
    Event,
    Handshake,
    HookRequest,
    Ignored,
    PayloadUnreadable,
    PlatformRefused,
    Refetch,
    Store,
    StoreChanged,
    StoreErasureRequested,
    StoreUninstalled,
    WebhookDelivery,
    WebhookRejected,
    Words,
)

if TYPE_CHECKING:
    from adapters.shopify.settings import AppIdentity

HEADERS = "x-shopify-"
"""How the headers' names begin; the coming generation of webhooks writes ``shopify-``."""
SIGNATURE = HEADERS + "hmac-sha256"
TOPIC = HEADERS + "topic"
SHOP_DOMAIN = HEADERS + "shop-domain"
ORDER_TOPICS = ("orders/",)
PART_TOPICS = ("fulfillments/", "fulfillment_events/", "refunds/")
READING = frozenset({"read_orders", "write_orders"})
MOST_IDS = 10_000
LOST_ORDERS = Words(
    "The app may no longer see the shop's orders. Open it in Shopify and approve what it asks for."
)


def sign(body: bytes, secret: str) -> str:
    """The value of ``X-Shopify-Hmac-Sha256`` for exactly these bytes. For tests and the fake platform."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode("ascii")


def read_webhook(request: HookRequest) -> WebhookDelivery | Handshake:
    """What arrived. Raises `WebhookRejected` when it is not signed or names no shop of a right form."""
    if not request.headers.get(SIGNATURE, "").strip():
        raise WebhookRejected("The delivery is not signed.")
    topic = clean_text(request.headers.get(TOPIC, "")).lower()[:200]
    shop = request.headers.get(SHOP_DOMAIN, "").strip()
    try:
        claimed = check_shop(shop)
    except PlatformRefused:
        raise WebhookRejected("The delivery names no shop.") from None
    return WebhookDelivery(
        topic=topic,
        headers=request.headers,
        body=request.body,
        hook_key=request.hook_key,
        claimed_domain=claimed,
    )


def verify_webhook(delivery: WebhookDelivery, store: Store | None, identity: AppIdentity) -> None:
    """Raises `WebhookRejected` unless our app's secret (or the one before it) signed these bytes, for this store."""
    given = delivery.headers.get(SIGNATURE, "").strip().encode("ascii", "backslashreplace")
    fits = False
    for secret in identity.secrets:
        expected = sign(delivery.body, secret).encode("ascii")
        fits = (bool(secret) and hmac.compare_digest(given, expected)) or fits
    if not fits:
        raise WebhookRejected("The signature does not fit the delivery.")
    shop = delivery.claimed_domain
    if not shop or (store is not None and store.domain.lower() != shop):
        raise WebhookRejected("The delivery is about another shop.")
    named = find_named_shop(delivery.body)
    if named and named != shop:
        raise WebhookRejected("The delivery was signed for another shop.")


def find_named_shop(body: bytes) -> str:
    """The shop that the signed body itself names, or '': only bodies about a shop do. Its ``domain`` may be the
    merchant's own and then says nothing."""
    try:
        fields = HOOK.decode(body)
    except (ValueError, RecursionError):
        return ""
    for name in (fields.myshopify_domain, fields.shop_domain, fields.domain):
        if isinstance(name, str) and name:
            try:
                return check_shop(name)
            except PlatformRefused:
                continue
    return ""


def parse_webhook(delivery: WebhookDelivery) -> Sequence[Event]:
    """What a genuine delivery means. Raises `PayloadUnreadable`, and nothing else, when it cannot tell."""
    try:
        body = HOOK.decode(delivery.body)
    except (ValueError, RecursionError):
        raise PayloadUnreadable(f"The delivery of {delivery.topic or 'no topic'} is not readable.") from None
    topic = delivery.topic
    if topic.startswith(ORDER_TOPICS):
        return (read_order_hint(topic, body.order_id or body.id),)
    if topic.startswith(PART_TOPICS):
        return (read_order_hint(topic, body.order_id),)
    reader = SHOP_READERS.get(topic)
    if reader is not None:
        check_named(delivery)
        check_topic(topic, body)
        return (reader(body),)
    if topic == "app/scopes_update":
        return (read_scopes(topic, body),)
    if topic == "shop/update":
        return (StoreChanged(reason=topic),)
    return (Ignored(topic=topic, reason="nothing of ours hangs on it"),)


def read_order_hint(topic: str, value: Any) -> Event:
    external_id = read_optional_id(value)
    if not external_id:
        raise PayloadUnreadable(f"The delivery of {topic} names no order.")
    return Refetch(order_external_id=external_id, reason=topic)


def check_named(delivery: WebhookDelivery) -> None:
    """Raises `PayloadUnreadable` unless the signed body names the shop it claims to be about."""
    if not delivery.claimed_domain or find_named_shop(delivery.body) != delivery.claimed_domain:
        raise PayloadUnreadable(
            f"The delivery of {delivery.topic} does not name its shop, so nothing is done for it."
        )


def check_topic(topic: str, body: HookBody) -> None:
    """Raises `PayloadUnreadable` for a genuine body of another topic: the topic is not signed either, and what asks for
    a copy of one customer must not erase a shop."""
    given = asdict(body)
    if any(given[name] is not None for name in FOREIGN[topic]):
        raise PayloadUnreadable(f"The delivery is not one of {topic}, so nothing is done for it.")


def read_uninstalled(body: HookBody) -> Event:
    return StoreUninstalled()


def read_store_redact(body: HookBody) -> Event:
    return StoreErasureRequested()


def read_data_request(body: HookBody) -> Event:
    customer_id, email = read_customer(body)
    orders = read_ids(body.orders_requested)
    check_named_customer(customer_id, email, orders)
    return CustomerDataRequested(customer_id=customer_id, email=email, order_external_ids=orders)


def read_customer_redact(body: HookBody) -> Event:
    customer_id, email = read_customer(body)
    orders = read_ids(body.orders_to_redact)
    check_named_customer(customer_id, email, orders)
    return CustomerErasureRequested(customer_id=customer_id, email=email, order_external_ids=orders)


SHOP_READERS = {
    "app/uninstalled": read_uninstalled,
    "shop/redact": read_store_redact,
    "customers/data_request": read_data_request,
    "customers/redact": read_customer_redact,
}
"""What would do harm in the wrong shop: believed only where the signed body names it."""
ABOUT_CUSTOMERS = ("customer", "orders_requested", "orders_to_redact", "data_request")
FOREIGN = {
    "app/uninstalled": ("shop_domain", *ABOUT_CUSTOMERS),
    "shop/redact": ("id", "domain", "myshopify_domain", *ABOUT_CUSTOMERS),
    "customers/data_request": ("orders_to_redact",),
    "customers/redact": ("orders_requested", "data_request"),
}
"""Fields that the bodies of these topics never have, and those of others do."""


def read_customer(body: HookBody) -> tuple[str, str]:
    customer = body.customer
    return (read_optional_id(customer.id), read_email(customer.email)) if customer is not None else ("", "")


def check_named_customer(customer_id: str, email: str, orders: tuple[str, ...]) -> None:
    if not (customer_id or email or orders):
        raise PayloadUnreadable("The request names no customer.")


def read_ids(rows: Any) -> tuple[str, ...]:
    listed = rows[:MOST_IDS] if isinstance(rows, list) else []
    return tuple(dict.fromkeys(filter(None, map(read_optional_id, listed))))


def read_scopes(topic: str, body: HookBody) -> Event:
    """Without reading orders nothing works any more; another scope that is gone only takes its capability along,
    which the next `set_up` sees."""
    before, now = read_words(body.previous), read_words(body.current)
    if before & READING and not now & READING:
        return AccessBroken(reason=LOST_ORDERS)
    return StoreChanged(reason=topic)


def read_words(value: Any) -> frozenset[str]:
    """A list of scopes, or (older versions) one text with commas."""
    rows = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(row.strip() for row in rows if isinstance(row, str) and row.strip())
