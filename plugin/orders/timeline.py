"""An order's story: a set of dated facts, the same however its deliveries arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from plugin.contract import Meaning, Order, OrderStatus, Shipment, ShipmentStatus
from plugin.database import Prepared
from plugin.orders.models import OrderRow, TimelineEntry
from plugin.stores.status_words import translate

OWN_STATUS = "own_status"
"""The kind of entry that keeps the platform's word for a status the adapter does not know."""
WHEREABOUTS = "whereabouts"


def record_order(tx: Session, row: OrderRow, order: Order) -> None:
    """Adds what one snapshot tells, be it newest or late."""
    facts: list[dict[str, Any]] = [
        {"kind": "status", "about": "", "value": order.status.value, "at": order.modified_at},
        {
            "kind": "payment",
            "about": "",
            "value": order.payment_status.value,
            "at": order.paid_at or order.modified_at,
        },
    ]
    if order.status is OrderStatus.unknown and order.raw_status:
        facts.append({"kind": OWN_STATUS, "about": "", "value": order.raw_status, "at": order.modified_at})
    _record(tx, row, facts)


def tell_own_statuses(
    story: Sequence[TimelineEntry], order: Order, meanings: Mapping[str, Meaning]
) -> Sequence[TimelineEntry]:
    """The story with the shop's own statuses as its merchant means them: as a `status`, or as `whereabouts` (a
    `ShipmentStatus`) of the whole order. What has no confirmed meaning is left out."""
    told: list[TimelineEntry] = []
    for entry in story:
        if entry.kind != OWN_STATUS:
            told.append(entry)
            continue
        plain = replace(order, status=OrderStatus.unknown, raw_status=entry.value, dispatched=False,
                        whereabouts=ShipmentStatus.unknown)
        meant = translate(plain, meanings)
        if meant.status is OrderStatus.unknown:
            continue
        known = meant.whereabouts if meant.whereabouts is not ShipmentStatus.unknown else ShipmentStatus.in_transit
        kind, value = (WHEREABOUTS, known.value) if meant.dispatched else ("status", meant.status.value)
        told.append(TimelineEntry(store_id=entry.store_id, order_id=entry.order_id, kind=kind, about="", value=value,
                                  at=entry.at, detail=None))  # fmt: skip
    return told


def record_shipment(tx: Session, row: OrderRow, key: str, shipment: Shipment, modified_at: datetime) -> None:
    """Adds a parcel's state and every tracking event it carries."""
    facts: list[dict[str, Any]] = [
        {
            "kind": "shipment",
            "about": key,
            "value": shipment.status.value,
            "at": shipment.shipped_at or modified_at,
        }
    ]
    if shipment.events:
        facts = [
            {
                "kind": "shipment",
                "about": key,
                "value": event.status.value,
                "at": event.occurred_at,
                "detail": " · ".join(filter(None, (event.message, event.location))) or None,
            }
            for event in shipment.events
        ]
    _record(tx, row, facts)


def _record(tx: Session, row: OrderRow, facts: list[dict[str, Any]]) -> None:
    for fact in facts:
        _RECORD.run_later(tx, {"store_id": row.store_id, "order_id": row.id, "detail": None} | fact)


def _insert(dialect: str) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    columns = TimelineEntry.__table__.c
    names = ("store_id", "order_id", "kind", "about", "value", "at", "detail")
    values = {name: bindparam(name, type_=columns[name].type) for name in names}
    return insert(TimelineEntry).values(values).on_conflict_do_nothing().inline()


_RECORD = Prepared(_insert)


def read_timeline(tx: Session, row: OrderRow) -> Sequence[TimelineEntry]:
    """The story, oldest first; a fact that only repeats the one before it is left out."""
    which = (TimelineEntry.store_id == row.store_id, TimelineEntry.order_id == row.id)
    ordered = select(TimelineEntry).where(*which).order_by(TimelineEntry.at, TimelineEntry.id)
    last: dict[tuple[str, str], str] = {}
    story = []
    for entry in tx.scalars(ordered):
        if last.get((entry.kind, entry.about)) != entry.value:
            story.append(entry)
        last[entry.kind, entry.about] = entry.value
    return story
