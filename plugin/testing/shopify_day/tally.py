"""At the end of the day: every order's true state against ours, every mail against what had to be told, every call
against what it may cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from typing import Any

from sqlalchemy.orm import Session

from plugin.notices import LedgerLine, read_ledger
from plugin.orders import OrderView, find_order, list_orders, view_order
from plugin.testing.fake_shopify import Asked, FakeShop, Order
from plugin.testing.fake_shopify.cost import MOST, Bucket
from plugin.testing.mail_tally import count_doubled, was_told

EVERYTHING = 100_000
UNKNOWN = "is unknown"
TRUE_PARCEL = {
    "FULFILLED": "in_transit",
    "IN_TRANSIT": "in_transit",
    "OUT_FOR_DELIVERY": "out_for_delivery",
    "ATTEMPTED_DELIVERY": "attempted",
    "DELIVERED": "delivered",
}
"""Where a parcel is, by the last word of its carrier."""
LAST_NOTICE = {
    "in_transit": "shipped",
    "out_for_delivery": "out_for_delivery",
    "attempted": "attempted",
    "delivered": "delivered",
}


@dataclass(frozen=True)
class Tally:
    """`wrong`: (order, what differs); `missing`: (order, the notice that nobody told); orders by their names."""

    wrong: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    older_mailed: int


def take_tally(tx: Session, shop: FakeShop, store_id: int, older: Sequence[Order], placed: Sequence[Order],
               mails: Sequence[EmailMessage]) -> tuple[Tally, list[LedgerLine]]:  # fmt: skip
    """One shop's; with its ledger. `placed`: every order of the day, also those that are gone; `older`: before it."""
    wrong = [(order.name, words) for order in placed if (words := compare(tx, shop, store_id, order))]
    elder = [(order.name, compare(tx, shop, store_id, order)) for order in older]
    wrong += [(name, words) for name, words in elder if words not in ("", UNKNOWN)]
    known = {str(order.id) for order in (*older, *placed)}
    rows = list_orders(tx, store_id, EVERYTHING)
    wrong += [(row.external_id, "is not in the shop") for row in rows if row.external_id not in known]
    ledgers = {row.external_id: read_ledger(tx, row) for row in rows}
    boxed = Counter(str(mail["Message-ID"]) for mail in mails)
    missing = [
        (order.name, notice)
        for order in placed
        if order.id in shop.orders
        for notice in list_due(order)
        if not was_told(ledgers.get(str(order.id), []), notice, boxed)
    ]
    elders = {order.email for order in older}
    older_mailed = sum(any(email in str(mail["To"]) for email in elders) for mail in mails)
    return Tally(tuple(wrong), tuple(missing), older_mailed), [line for lines in ledgers.values() for line in lines]


def list_due(order: Order) -> list[str]:
    """The notices that must have been told about an order as it stands at the end."""
    if order.cancelled_at is not None:
        return ["cancelled"]
    if order.financial == "REFUNDED":
        return ["refunded"]
    due = [name_last(order)]
    return [*due, "partly_refunded"] if order.refunds else due


def name_last(order: Order) -> str:
    if order.fulfilments:
        return LAST_NOTICE[TRUE_PARCEL[order.fulfilments[-1].display_status]]
    if not order.ships:
        return "payment_received"
    at_door = "Cash" in order.gateway
    return "preparing" if order.financial == "PAID" or at_door else "payment_pending"


def compare(tx: Session, shop: FakeShop, store_id: int, order: Order) -> str:
    """What of an order is not as in the shop, or ''."""
    row = find_order(tx, store_id, str(order.id))
    gone = order.id not in shop.orders
    if row is None or not row.version:
        return "" if gone else UNKNOWN
    if gone:
        return "" if row.gone_at is not None else "is not known to be gone"
    if row.gone_at is not None:
        return "is taken for gone"
    ours, true = describe_ours(view_order(tx, row)), describe_true(order)
    return ", ".join(f"{name}: {ours[name]!r}, truly {true[name]!r}" for name in true if ours[name] != true[name])


def describe_true(order: Order) -> dict[str, Any]:
    return {
        "status": read_status(order),
        "modified_at": order.updated_at,
        "total": order.total,
        "email": order.email,
        "refunds": sorted(refund.amount for refund in order.refunds),
        "parcels": sorted(
            (track.number, TRUE_PARCEL[one.display_status]) for one in order.fulfilments for track in one.tracking
        ),
    }


def read_status(order: Order) -> str:
    if order.cancelled_at is not None:
        return "cancelled"
    if order.financial == "REFUNDED":
        return "refunded"
    if not order.list_open():
        return "completed"
    return "processing" if order.financial != "PENDING" or "Cash" in order.gateway else "pending"


def describe_ours(view: OrderView) -> dict[str, Any]:
    order = view.order
    return {
        "status": str(order.status),
        "modified_at": order.modified_at,
        "total": Decimal(order.total.amount),
        "email": order.email,
        "refunds": sorted(refund.amount.amount for refund in order.refunds),
        "parcels": sorted((parcel.shipment.tracking_number, str(parcel.shipment.status)) for parcel in view.parcels),
    }


def count_over_budget(calls: Iterable[Asked], buckets: Mapping[str, Bucket]) -> int:
    """Questions beyond the budget: dearer than one may be, or throttled and asked again before the bucket is full
    enough."""
    over, waits = 0, dict[tuple[str, str], datetime]()
    for one in calls:
        key = (one.shop, one.question)
        over += one.requested > MOST or (key in waits and one.at < waits[key])
        waits.pop(key, None)
        if one.outcome == "throttled":
            # A tenth of a second less: the app's clock and the shop's are not one.
            seconds = max(0.0, (one.requested - one.left) / buckets[one.shop].rate - 0.1)
            waits[key] = one.at + timedelta(seconds=seconds)
    return over


__all__ = ["Tally", "count_doubled", "count_over_budget", "take_tally"]
