"""Deliveries of WooCommerce's webhooks: sign, read, verify, parse. Pure: no network, no clock, no state.

What the platform does, observed on 10.5.2 (2026-11-21), see also
https://developer.woocommerce.com/docs/best-practices/urls-and-routing/webhooks/ :

- The signature is base64(HMAC-SHA256(secret, body as received)). It covers no header, so topic, source and
  ids are hints; what a delivery means is decided from its body wherever the body can tell.
- Creating a webhook sends a ping: form-encoded ``webhook_id=N``, without signature and without any X-WC
  header.
- Delivery ids repeat (a hash of webhook and second), identical bytes may be two events, and nothing is sent
  again.
- A signed body may be an error: the order is gone, or the webhook's owner lost the right to see orders.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec

from adapters.woocommerce.answers import NO_RIGHTS, conceal
from adapters.woocommerce.mapping import ACCESS_BROKEN_CODES, ORDER_ACTION_PREFIXES, ORDER_ACTIONS
from adapters.woocommerce.orders import (
    has_fulfillments,
    is_gone,
    lacks_links,
    may_be_elsewhere,
    read_known_meta,
    read_order,
)
from adapters.woocommerce.schemas import (
    ACTION,
    ANYTHING,
    ERROR,
    OBJECT,
    ORDER,
    ErrorBody,
    ErrorData,
    OrderBody,
    decode,
)
from adapters.woocommerce.values import clean_text, read_id, read_optional_id, read_time
from plugin.contract import (
    AccessBroken,
    Event,
    Handshake,
    HookRequest,
    Ignored,
    Order,
    OrderChanged,
    OrderGone,
    PayloadUnreadable,
    Refetch,
    ShipmentChanged,
    Store,
    WebhookDelivery,
    WebhookRejected,
    Words,
)

SIGNATURE = "x-wc-webhook-signature"
TOPIC = "x-wc-webhook-topic"
PING = re.compile(rb"webhook_id=[0-9]{1,20}\s*")
A_MOMENT = timedelta(microseconds=1)
OTHER_RESOURCES = ("product", "customer", "coupon")


def sign(body: bytes, secret: str) -> str:
    """The value of ``X-WC-Webhook-Signature`` for exactly these bytes. For tests and fake shops."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode("ascii")


def read_webhook(request: HookRequest) -> WebhookDelivery | Handshake:
    """What arrived. Raises `WebhookRejected` when it is no ping and carries no signature."""
    if not request.headers.get(SIGNATURE, "").strip():
        if is_ping(request):
            return Handshake(reason="WooCommerce greets a new webhook.")
        raise WebhookRejected("The delivery is not signed.")
    topic = clean_text(request.headers.get(TOPIC, ""))[:200]
    return WebhookDelivery(topic=topic, headers=request.headers, body=request.body, hook_key=request.hook_key)


def is_ping(request: HookRequest) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/x-www-form-urlencoded" and PING.fullmatch(request.body) is not None


def verify_webhook(delivery: WebhookDelivery, store: Store | None) -> None:
    """Raises `WebhookRejected` unless these bytes were signed with the store's webhook secret."""
    if store is None or not store.webhook_secret:
        raise WebhookRejected("There is no webhook secret to check the signature with.")
    given = delivery.headers.get(SIGNATURE, "").strip().encode("ascii", "backslashreplace")
    if not given or not hmac.compare_digest(given, sign(delivery.body, store.webhook_secret).encode("ascii")):
        raise WebhookRejected("The signature does not fit the delivery.")


def parse_webhook(delivery: WebhookDelivery) -> Sequence[Event]:
    """What a genuine delivery means. Raises `PayloadUnreadable`, and nothing else, when it cannot tell."""
    try:
        body = ORDER.decode(delivery.body)
    except (ValueError, RecursionError):
        return read_other(delivery)
    return read_order_events(body)


def read_order_events(body: OrderBody) -> Sequence[Event]:
    external_id = read_id(body.id, "order")
    if is_gone(body):
        return (
            OrderGone(
                order_external_id=external_id,
                gone_at=read_time(body.date_modified_gmt, "order's date_modified_gmt"),
            ),
        )
    meta = read_known_meta(body.meta_data)
    order = read_order(body, meta=meta)
    if has_fulfillments(body, meta):
        reason = "its parcels are kept as fulfillments"
    elif lacks_links(meta):
        return hand_over_parcels(order)
    elif may_be_elsewhere(body) and not any(parcel.tracking_number for parcel in order.shipments or ()):
        reason = "it has left, and no parcel is named in it"
        order = replace(order, shipments=order.shipments or None)
    else:
        return (OrderChanged(order=order),)
    return OrderChanged(order=order), Refetch(order_external_id=external_id, reason=reason)


def hand_over_parcels(order: Order) -> Sequence[Event]:
    """An order whose parcels are known, but not all of their links, which only the shop can tell.

    The parcels go out one by one and a moment older than the order: what the shop answers about the same
    second is then always the newer word.
    """
    parcels = (
        ShipmentChanged(
            order_external_id=order.external_id, shipment=parcel, modified_at=order.modified_at - A_MOMENT
        )
        for parcel in order.shipments or ()
    )
    asked = Refetch(order_external_id=order.external_id, reason="the link of a parcel is not in it")
    return OrderChanged(order=replace(order, shipments=None)), *parcels, asked


def read_other(delivery: WebhookDelivery) -> Sequence[Event]:
    """A body that is no readable order: an error, an action, a bare id, another resource, or unreadable."""
    fields = decode(OBJECT, delivery.body, "delivery")
    resource = delivery.topic.partition(".")[0].lower()
    if "line_items" in fields and "billing" in fields:
        decode(ORDER, delivery.body, "order")
    if "code" in fields and "message" in fields and "id" not in fields:
        return read_error(decode(ERROR, delivery.body, "error"), delivery.topic)
    if "action" in fields and "arg" in fields:
        action = decode(ACTION, delivery.body, "action")
        return read_action(clean_text(action.action), action.arg, delivery.topic)
    if resource in OTHER_RESOURCES or is_other_resource(fields):
        return (Ignored(topic=delivery.topic, reason="not about an order"),)
    if fields.keys() == {"id"}:
        value = decode(ANYTHING, fields["id"], "delivery")
        if isinstance(value, (int, str)) and not isinstance(value, bool):
            return (Refetch(order_external_id=read_id(value, "order"), reason="moved to the bin or deleted"),)
    raise PayloadUnreadable("The delivery is neither an order nor anything else WooCommerce sends.")


def is_other_resource(fields: Mapping[str, msgspec.Raw]) -> bool:
    """Whether the body is a product (or variation), a customer or a coupon, whatever its topic says."""
    if "id" not in fields or "line_items" in fields:
        return False
    keys = fields.keys()
    return {"permalink", "price"} <= keys or {"username", "role"} <= keys or {"code", "discount_type"} <= keys


def read_error(error: ErrorBody, topic: str) -> Sequence[Event]:
    """A signed error. It names no order, so all it can tell is whether the access is broken."""
    status: Any = error.data.status if isinstance(error.data, ErrorData) else error.data
    code, words = clean_text(error.code), clean_text(error.message)
    if code in ACCESS_BROKEN_CODES or str(status) in ("401", "403"):
        return (AccessBroken(reason=Words(NO_RIGHTS, told=conceal(f"{words} ({code})" if words else code))),)
    return (Ignored(topic=topic, reason=f"WooCommerce delivered an error instead of an order: {code}"),)


def read_action(action: str, argument: Any, topic: str) -> Sequence[Event]:
    """A custom topic: the order it names, if it names one."""
    if isinstance(argument, Mapping):
        found = argument.get("order_id")
    else:
        about_orders = action in ORDER_ACTIONS or action.startswith(ORDER_ACTION_PREFIXES)
        found = argument if about_orders else None
    if isinstance(found, (int, str)) and not isinstance(found, bool):
        external_id = read_optional_id(found)
        if external_id:
            return (Refetch(order_external_id=external_id, reason=action),)
    return (Ignored(topic=topic or f"action.{action}", reason="names no order"),)
