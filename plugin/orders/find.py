"""Reading orders: by id, by number, newest first; and the views pages and mails share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from plugin.contract import Order
from plugin.database import Vault
from plugin.orders.models import OrderRow, Receipt, TimelineEntry
from plugin.orders.parcels import list_parcels
from plugin.orders.state import Parcel, unpack_order
from plugin.orders.timeline import read_timeline


@dataclass(frozen=True)
class OrderView:
    """An order with its parcels and story."""

    row: OrderRow
    order: Order
    parcels: tuple[Parcel, ...]
    timeline: Sequence[TimelineEntry]


def _known(store_id: int) -> list[ColumnElement[bool]]:
    return [OrderRow.store_id == store_id, OrderRow.version != ""]


def view_order(tx: Session, row: OrderRow, *, story: bool = True) -> OrderView:
    """Everything we know of one order. Without `story` its timeline is left empty: who decides needs none."""
    timeline = read_timeline(tx, row) if story else ()
    return OrderView(row, unpack_order(row.snapshot), list_parcels(tx, row), timeline)


def find_order(tx: Session, store_id: int, external_id: str) -> OrderRow | None:
    """By the platform's id."""
    return tx.scalar(select(OrderRow).where(*_known(store_id), OrderRow.external_id == external_id))


def get_order(tx: Session, store_id: int, order_id: int, *, lock: bool = False) -> OrderRow | None:
    """By our row id; None also for an order we only heard of. `lock`: nobody else changes it meanwhile."""
    return tx.scalar(_BY_ID_LOCKED if lock else _BY_ID, {"store": store_id, "order": order_id})


_BY_ID = select(OrderRow).where(
    OrderRow.store_id == bindparam("store"), OrderRow.version != "", OrderRow.id == bindparam("order")
)
_BY_ID_LOCKED = _BY_ID.with_for_update()


def find_by_number(tx: Session, vault: Vault, store_id: int, number: str) -> OrderRow | None:
    """By the number the shopper sees, exactly; the newest when a platform used one twice."""
    wanted = OrderRow.number_index == vault.index("order-number", number)
    newest = select(OrderRow).where(*_known(store_id), wanted).order_by(OrderRow.id.desc())
    return tx.scalars(newest).first()


def list_orders(tx: Session, store_id: int, limit: int = 50) -> Sequence[OrderRow]:
    """Newest first."""
    newest = OrderRow.placed_at.desc(), OrderRow.id.desc()
    return list(tx.scalars(select(OrderRow).where(*_known(store_id)).order_by(*newest).limit(limit)))


def count_receipts(
    tx: Session, store_id: int, after_id: int = 0, since: datetime | None = None
) -> dict[str, int]:
    """Outcome → number of receipts newer than `after_id` (and kept at or after `since`); `unapplied` for those
    not yet worked off."""
    which = [Receipt.store_id == store_id, Receipt.id > after_id]
    if since is not None:
        which.append(Receipt.received_at >= since)
    rows = tx.execute(select(Receipt.outcome, func.count()).where(*which).group_by(Receipt.outcome))
    return {outcome or "unapplied": count for outcome, count in rows}


def list_buried(tx: Session, store_id: int) -> Sequence[Receipt]:
    """Deliveries that were genuine and could not be read, newest first."""
    which = (Receipt.store_id == store_id, Receipt.outcome == "buried")
    return list(tx.scalars(select(Receipt).where(*which).order_by(Receipt.id.desc())))
