"""An order as deciding and mailing see it: read without the ORM, because every event comes by here twice."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, bindparam, select

from plugin.contract import Order, OrderStatus
from plugin.database import Prepared, Transaction
from plugin.orders.models import OrderRow, ShipmentRow
from plugin.orders.parcels import sort_parcels
from plugin.orders.state import Parcel, place_parcels, unpack_order, unpack_shipment
from plugin.stores.status_words import read_meanings, translate


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBrief:
    """The newest state of one order, with its parcels. `id`: its row; `gone`: the platform has it no more."""

    id: int
    store_id: int
    external_id: str
    locale: str
    email_index: str
    gone: bool
    own_status: bool
    """It stands in a status of the shop's own, and `order` tells what the merchant means by it."""
    order: Order
    parcels: tuple[Parcel, ...]


def read_order_brief(
    tx: Transaction, store_id: int, order_id: int, *, lock: bool = False
) -> OrderBrief | None:
    """By our row id; None also for an order we only heard of. `lock`: nobody else changes it meanwhile."""
    which = {"store": store_id, "order": order_id}
    rows = (_LOCKED if lock else _READ).read(tx, which)
    if not rows:
        return None
    (row,) = rows
    told = unpack_order(row.snapshot)
    order = told
    if told.status is OrderStatus.unknown:
        order = translate(told, read_meanings(tx, store_id))
    parcels = [Parcel(known.key, unpack_shipment(known.snapshot)) for known in _PARCELS.read(tx, which)]
    return OrderBrief(
        id=order_id,
        store_id=store_id,
        external_id=row.external_id,
        locale=row.locale,
        email_index=row.email_index,
        gone=row.gone_at is not None,
        own_status=order is not told,
        order=order,
        parcels=place_parcels(order, sort_parcels(parcels)),
    )


_ORDERS, _SHIPMENTS = OrderRow.__table__.c, ShipmentRow.__table__.c


def _select_order() -> Select[tuple[object, ...]]:
    names = ("external_id", "locale", "email_index", "gone_at", "snapshot")
    return select(*(_ORDERS[name] for name in names)).where(
        _ORDERS.store_id == bindparam("store"), _ORDERS.id == bindparam("order"), _ORDERS.version != ""
    )


_READ = Prepared(lambda _: _select_order())
_LOCKED = Prepared(lambda _: _select_order().with_for_update())
_PARCELS = Prepared(
    lambda _: select(_SHIPMENTS.key, _SHIPMENTS.snapshot).where(
        _SHIPMENTS.store_id == bindparam("store"),
        _SHIPMENTS.order_id == bindparam("order"),
        _SHIPMENTS.gone_at.is_(None),
    )
)
