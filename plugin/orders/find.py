"""Reading orders: by id, by number, newest first; and the views pages and mails share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from plugin.contract import Order, OrderStatus
from plugin.database import Vault
from plugin.orders.models import OrderRow, Receipt, TimelineEntry
from plugin.orders.parcels import list_parcels
from plugin.orders.state import Parcel, place_parcels, unpack_order
from plugin.orders.timeline import OWN_STATUS, read_timeline, tell_own_statuses
from plugin.stores.status_words import read_meanings, translate


@dataclass(frozen=True)
class OrderView:
    """An order with its parcels and story."""

    row: OrderRow
    order: Order
    parcels: tuple[Parcel, ...]
    timeline: Sequence[TimelineEntry]


def known_orders(store_id: int) -> list[ColumnElement[bool]]:
    """The conditions of the orders of a store that are more than heard of."""
    return [OrderRow.store_id == store_id, OrderRow.version != ""]


def view_order(tx: Session, row: OrderRow) -> OrderView:
    """Everything we know of one order; a status of the shop's own told as its merchant means it."""
    order = unpack_order(row.snapshot)
    timeline = read_timeline(tx, row)
    if order.status is OrderStatus.unknown or any(entry.kind == OWN_STATUS for entry in timeline):
        meanings = read_meanings(tx, row.store_id)
        order, timeline = translate(order, meanings), tell_own_statuses(timeline, order, meanings)
    return OrderView(row, order, place_parcels(order, list_parcels(tx, row)), timeline)


def find_order(tx: Session, store_id: int, external_id: str) -> OrderRow | None:
    """By the platform's id."""
    return tx.scalar(select(OrderRow).where(*known_orders(store_id), OrderRow.external_id == external_id))


def is_known_gone(tx: Session, store_id: int, external_id: str) -> bool:
    """Whether the platform said that it has no such order (any more)."""
    which = (OrderRow.store_id == store_id, OrderRow.external_id == external_id, OrderRow.gone_at.is_not(None))
    return tx.scalar(select(OrderRow.id).where(*which)) is not None


def get_order(tx: Session, store_id: int, order_id: int) -> OrderRow | None:
    """By our row id; None also for an order we only heard of."""
    return tx.scalar(select(OrderRow).where(*known_orders(store_id), OrderRow.id == order_id))


def find_by_number(tx: Session, vault: Vault, store_id: int, number: str) -> OrderRow | None:
    """By the number the shopper sees, exactly; the newest when a platform used one twice."""
    wanted = OrderRow.number_index == vault.index("order-number", number)
    newest = select(OrderRow).where(*known_orders(store_id), wanted).order_by(OrderRow.id.desc())
    return tx.scalars(newest).first()


def list_orders(tx: Session, store_id: int, limit: int = 50) -> Sequence[OrderRow]:
    """Newest first."""
    newest = OrderRow.placed_at.desc(), OrderRow.id.desc()
    return list(tx.scalars(select(OrderRow).where(*known_orders(store_id)).order_by(*newest).limit(limit)))


def list_orders_of(tx: Session, store_id: int, email_index: str, limit: int = 10) -> Sequence[OrderRow]:
    """Those in which an address stands, newest first; none for no address."""
    if not email_index:
        return []
    theirs = select(OrderRow).where(*known_orders(store_id), OrderRow.email_index == email_index)
    return list(tx.scalars(theirs.order_by(OrderRow.placed_at.desc(), OrderRow.id.desc()).limit(limit)))


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
