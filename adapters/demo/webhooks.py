"""What the demo shop delivers: signing it, believing it, reading it. Pure, no network.

A delivery is a POST with three headers: ``X-Demo-Topic``, ``X-Demo-Delivery`` (an id) and
``X-Demo-Signature``, the hex HMAC-SHA256 of the raw body under the store's webhook secret.

=================================  ==========================================  =================
topic                              body                                        becomes
=================================  ==========================================  =================
``order.created``/``.updated``     the whole order, parcels included           ``OrderChanged``
``order.deleted``                  ``{"id": "1001"}``: it says no time         ``Refetch``
``ping``                           anything; never kept                        ``Handshake``
any other                          anything                                    ``Ignored``
=================================  ==========================================  =================
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from adapters.demo.mapping import read_deleted, read_order
from plugin.contract import (
    Event,
    Handshake,
    HookRequest,
    Ignored,
    OrderChanged,
    Refetch,
    Store,
    WebhookDelivery,
    WebhookRejected,
)

SIGNATURE_HEADER = "X-Demo-Signature"
TOPIC_HEADER = "X-Demo-Topic"


def sign(body: bytes, secret: str) -> str:
    """The hex HMAC-SHA256 of `body` under `secret`: what the shop writes into ``X-Demo-Signature``."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def read(request: HookRequest) -> WebhookDelivery | Handshake:
    """The delivery inside a request, not yet believed. Raises `WebhookRejected` without a topic."""
    topic = request.headers.get(TOPIC_HEADER.lower(), "")
    if topic == "ping":
        return Handshake(reason="ping")
    if not topic:
        raise WebhookRejected(f"The header {TOPIC_HEADER} is missing.")
    return WebhookDelivery(topic=topic, headers=request.headers, body=request.body, hook_key=request.hook_key)


def verify(delivery: WebhookDelivery, store: Store | None) -> None:
    """Raises `WebhookRejected` unless `store`'s secret signed exactly these bytes."""
    if store is None or not store.webhook_secret:
        # An empty secret would make a signature anybody can compute.
        raise WebhookRejected("No store with a webhook secret belongs to this delivery.")
    given = delivery.headers.get(SIGNATURE_HEADER.lower(), "")
    expected = sign(delivery.body, store.webhook_secret)
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode()):
        raise WebhookRejected(f"The header {SIGNATURE_HEADER} does not fit the body.")


def parse(delivery: WebhookDelivery) -> Sequence[Event]:
    """What a genuine delivery means. Raises `PayloadUnreadable`."""
    if delivery.topic in ("order.created", "order.updated"):
        return (OrderChanged(order=read_order(delivery.body)),)
    if delivery.topic == "order.deleted":
        return (Refetch(order_external_id=read_deleted(delivery.body), reason=delivery.topic),)
    return (Ignored(topic=delivery.topic, reason="The demo shop has no such topic."),)
