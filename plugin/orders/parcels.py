"""Parcels: recognised by any identity they were ever known by, each with newer-wins of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from plugin.contract import Shipment
from plugin.orders.models import OrderRow, ShipmentRow
from plugin.orders.state import (
    Parcel,
    distinct,
    first_key,
    identities,
    pack,
    shipment_version,
    unpack_shipment,
)
from plugin.orders.timeline import record_shipment

UNDATED = datetime.max.replace(tzinfo=UTC)


def list_parcels(tx: Session, row: OrderRow) -> tuple[Parcel, ...]:
    """The order's parcels, those sent first before the others."""
    parcels = [
        Parcel(known.key, unpack_shipment(known.snapshot))
        for known in _rows(tx, row)
        if known.gone_at is None
    ]
    return sort_parcels(parcels)


def sort_parcels(parcels: Iterable[Parcel]) -> tuple[Parcel, ...]:
    """Those sent first before the others."""
    return tuple(sorted(parcels, key=lambda parcel: (parcel.shipment.shipped_at or UNDATED, parcel.key)))


def _rows(tx: Session, row: OrderRow) -> list[ShipmentRow]:
    return list(tx.scalars(_OF_ORDER, {"store": row.store_id, "order": row.id}))


_OF_ORDER = (
    select(ShipmentRow)
    .where(ShipmentRow.store_id == bindparam("store"), ShipmentRow.order_id == bindparam("order"))
    .order_by(ShipmentRow.id)
)


def merge_all(tx: Session, row: OrderRow, shipments: Iterable[Shipment], modified_at: datetime) -> bool:
    """Makes the order's parcels those of a newer snapshot. Gives whether anything changed."""
    known, kept, changed = _rows(tx, row), set(), False
    for shipment in distinct(shipments):
        parcel = _find(known, shipment)
        if parcel is None:
            parcel = _add(tx, row, shipment, modified_at)
            known.append(parcel)
            changed = True
        else:
            changed = _update(tx, row, parcel, shipment, modified_at) or changed
        kept.add(parcel.key)
    for parcel in known:
        if parcel.key not in kept and parcel.gone_at is None:
            parcel.gone_at = modified_at
            changed = True
    return changed


def record_late(tx: Session, row: OrderRow, shipments: Iterable[Shipment], modified_at: datetime) -> bool:
    """Takes the story, and nothing else, from a snapshot that a newer one has overtaken."""
    known = _rows(tx, row)
    for shipment in distinct(shipments):
        parcel = _find(known, shipment)
        if parcel is None:
            _add(tx, row, shipment, modified_at).gone_at = modified_at
        else:
            _remember(parcel, shipment)
            record_shipment(tx, row, parcel.key, shipment, modified_at)
    return False


def merge_one(tx: Session, row: OrderRow, shipment: Shipment, modified_at: datetime) -> str:
    """Applies news about one parcel. Gives the outcome word."""
    if not identities(shipment):
        return "ignored"
    parcel = _find(_rows(tx, row), shipment)
    if parcel is None:
        _add(tx, row, shipment, modified_at)
        return "applied"
    version = shipment_version(shipment, modified_at)
    if version == parcel.version:
        return "repeated"
    return "applied" if _update(tx, row, parcel, shipment, modified_at) else "stale"


def _find(known: Iterable[ShipmentRow], shipment: Shipment) -> ShipmentRow | None:
    names = set(identities(shipment))
    return next((parcel for parcel in known if names.intersection(json.loads(parcel.aliases))), None)


def _add(tx: Session, row: OrderRow, shipment: Shipment, modified_at: datetime) -> ShipmentRow:
    parcel = ShipmentRow(
        store_id=row.store_id,
        order_id=row.id,
        key=first_key(shipment),
        version=shipment_version(shipment, modified_at),
        status=shipment.status,
        raw_status=shipment.raw_status,
        snapshot=pack(shipment),
        aliases=json.dumps(identities(shipment)),
    )
    tx.add(parcel)
    tx.flush()
    record_shipment(tx, row, parcel.key, shipment, modified_at)
    return parcel


def _update(
    tx: Session, row: OrderRow, parcel: ShipmentRow, shipment: Shipment, modified_at: datetime
) -> bool:
    record_shipment(tx, row, parcel.key, shipment, modified_at)
    _remember(parcel, shipment)
    version = shipment_version(shipment, modified_at)
    returned, parcel.gone_at = parcel.gone_at is not None, None
    if version <= parcel.version:
        return returned
    packed = pack(shipment)
    changed = packed != parcel.snapshot
    parcel.version, parcel.status, parcel.raw_status, parcel.snapshot = (
        version,
        shipment.status,
        shipment.raw_status,
        packed,
    )
    return changed or returned


def _remember(parcel: ShipmentRow, shipment: Shipment) -> None:
    parcel.aliases = json.dumps(sorted(set(json.loads(parcel.aliases)) | set(identities(shipment))))
