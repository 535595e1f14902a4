"""At the end of the hour: every order's true state against ours, and every mail against what had to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from email.message import EmailMessage
from typing import Any

from sqlalchemy.orm import Session

from plugin.notices import read_ledger
from plugin.orders import OrderView, find_order, list_orders, view_order
from plugin.testing.fake_woocommerce import FakeShop, Order
from plugin.testing.mail_tally import count_doubled, was_told
from plugin.testing.woocommerce_hour.lives import MEANINGS, UNMAPPED

EVERYTHING = 100_000
UNKNOWN = "is unknown"
LAST_NOTICE = {
    "pending": "payment_pending",
    "on-hold": "on_hold",
    "failed": "payment_failed",
    "processing": "preparing",
    "completed": "shipped",
    "cancelled": "cancelled",
    "refunded": "refunded",
    **MEANINGS,
}
"""The status an order ends in → what its shopper must have heard at last."""


@dataclass(frozen=True)
class Tally:
    """`wrong`: (order id, what differs); `missing`: (order id, the notice that nobody told)."""

    wrong: tuple[tuple[int, str], ...]
    missing: tuple[tuple[int, str], ...]
    doubled: int
    mails: int
    older_mailed: int


def list_due(order: Order) -> list[str]:
    """The notices that must have been told about an order as it stands at the end."""
    if order.status in (UNMAPPED, "checkout-draft", "trash"):
        return []
    due = [LAST_NOTICE[order.status]]
    if not order.travels and order.status in ("processing", "completed"):
        due = ["payment_received"]
    elif order.status == "processing" and order.read_meta("_wc_shipment_tracking_items"):
        due = ["shipped"]
    elif order.status == "processing" and order.fulfillments:
        due = ["shipped"]
    if order.refunds and order.status != "refunded":
        due.append("partly_refunded")
    return due


def take_tally(tx: Session, shop: FakeShop, store_id: int, older: Sequence[Order], placed: Sequence[Order],
               mails: Sequence[EmailMessage]) -> Tally:  # fmt: skip
    """`placed`: every order that was ever placed in the hour, also those that are gone; `older`: those before it."""
    wrong = [(order.id, words) for order in placed if (words := compare(tx, shop, store_id, order))]
    elder = [(order.id, compare(tx, shop, store_id, order)) for order in older]
    wrong += [(order_id, words) for order_id, words in elder if words not in ("", UNKNOWN)]
    known = {order.id for order in (*older, *placed)}
    rows = list_orders(tx, store_id, EVERYTHING)
    wrong += [
        (int(row.external_id), "is not in the shop") for row in rows if int(row.external_id) not in known
    ]
    ledgers = {int(row.external_id): read_ledger(tx, row) for row in rows}
    boxed = Counter(str(mail["Message-ID"]) for mail in mails)
    missing = [
        (order.id, notice)
        for order in placed
        if order.id in shop.orders
        for notice in list_due(order)
        if not was_told(ledgers.get(order.id, []), notice, boxed)
    ]
    elders = {order.billing["email"] for order in older}
    return Tally(
        wrong=tuple(wrong),
        missing=tuple(missing),
        doubled=count_doubled(mails, [line for lines in ledgers.values() for line in lines]),
        mails=len(mails),
        older_mailed=sum(any(email in str(mail["To"]) for email in elders) for mail in mails),
    )


def compare(tx: Session, shop: FakeShop, store_id: int, order: Order) -> str:
    """What of an order is not as in the shop, or ''."""
    row = find_order(tx, store_id, str(order.id))
    gone = order.id not in shop.orders or order.status == "trash"
    if row is None or not row.version:
        return "" if gone else UNKNOWN
    if gone:
        return "" if row.gone_at is not None else "is not known to be gone"
    if row.gone_at is not None:
        return "is taken for gone"
    ours, true = describe_ours(view_order(tx, row)), describe_true(order)
    return ", ".join(
        f"{name}: {ours[name]!r}, truly {true[name]!r}" for name in true if ours[name] != true[name]
    )


def describe_true(order: Order) -> dict[str, Any]:
    items = order.read_meta("_wc_shipment_tracking_items") or []
    numbers = {item["tracking_number"] for item in items}
    for one in order.fulfillments:
        numbers |= {str(meta.value) for meta in one.meta if meta.key == "_tracking_number"}
    return {
        "status": order.status,
        "modified_at": order.modified_at,
        "total": order.total,
        "email": order.billing["email"],
        "refunds": sorted(refund.amount for refund in order.refunds),
        "parcels": sorted(numbers),
    }


def describe_ours(view: OrderView) -> dict[str, Any]:
    order = view.order
    return {
        "status": order.raw_status,
        "modified_at": order.modified_at,
        "total": Decimal(order.total.amount),
        "email": order.email,
        "refunds": sorted(refund.amount.amount for refund in order.refunds),
        "parcels": sorted(parcel.shipment.tracking_number for parcel in view.parcels),
    }
