"""Every call of the contract that needs the platform, with arguments of a plausible form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from plugin.contract import (
    Capability,
    Coupon,
    HookRequest,
    Proof,
    Shipment,
    ShipmentStatus,
    Store,
    StoreAdapter,
    WebhookDelivery,
)
from plugin.testing.fakes import URLS

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
SHIPMENT = Shipment(status=ShipmentStatus.in_transit, tracking_number="KIT123456789", carrier="Correos")
COUPON = Coupon(code="KIT-10", percent=Decimal("10"))
REQUEST = HookRequest(hook_key="kit", headers={}, body=b"")
DELIVERY = WebhookDelivery(topic="kit", headers={}, body=b"{}")


@dataclass(frozen=True)
class Call:
    """One method of an adapter, called for a store. `asks` says whether it must ask the platform something."""
    name: str
    capability: Capability | None
    make: Callable[[StoreAdapter, Store], object]
    asks: bool = True


def list_calls(order_id: str, number: str) -> Sequence[Call]:
    """Every method behind a capability, and those two which every adapter has."""
    return (
        Call("set_up", None, lambda adapter, store: adapter.set_up(store, URLS), asks=False),
        Call("tear_down", None, lambda adapter, store: adapter.tear_down(store), asks=False),
        Call("read_webhook", Capability.WEBHOOKS,
             lambda adapter, store: adapter.read_webhook(REQUEST), asks=False),
        Call("verify_webhook", Capability.WEBHOOKS,
             lambda adapter, store: adapter.verify_webhook(DELIVERY, store), asks=False),
        Call("parse_webhook", Capability.WEBHOOKS, lambda adapter, store: adapter.parse_webhook(DELIVERY), asks=False),
        Call("read_proof", Capability.PROOFS, lambda adapter, store: adapter.read_proof("kit"), asks=False),
        Call("verify_proof", Capability.PROOFS,
             lambda adapter, store: adapter.verify_proof(Proof(token="kit"), store), asks=False),  # noqa: S106
        Call("get_order", Capability.READ_ORDERS, lambda adapter, store: adapter.get_order(store, order_id)),
        Call("find_order", Capability.READ_ORDERS, lambda adapter, store: adapter.find_order(store, number)),
        Call("changed_orders", Capability.BACKFILL, lambda adapter, store: list(adapter.changed_orders(store, SINCE))),
        Call("add_shipment", Capability.ADD_SHIPMENT,
             lambda adapter, store: adapter.add_shipment(store, order_id, SHIPMENT)),
        Call("issue_coupon", Capability.COUPONS, lambda adapter, store: adapter.issue_coupon(store, COUPON)),
        Call("add_order_note", Capability.ORDER_NOTES,
             lambda adapter, store: adapter.add_order_note(store, order_id, "A note of the kit")),
        Call("cancel_order", Capability.CANCEL_ORDER,
             lambda adapter, store: adapter.cancel_order(store, order_id, "The kit asked")),
        Call("create_replacement", Capability.REPLACEMENTS,
             lambda adapter, store: adapter.create_replacement(store, order_id, {"1": 1})),
        Call("store_facts", Capability.STORE_FACTS, lambda adapter, store: adapter.store_facts(store)),
    )
