"""Whose names stand in orders, for lists that are asked for again and again: an order is opened once, not each time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection

from sqlalchemy import LargeBinary, func, select, type_coerce
from sqlalchemy.orm import Session

from plugin.database import Vault
from plugin.orders.find import known_orders
from plugin.orders.models import OrderRow
from plugin.orders.state import unpack_order

SEAL = 48
"""Signs of a sealed text that no other begins with: they hold when it was sealed and a random number
(https://github.com/fernet/spec, 2026-11-22)."""
MOST_KEPT = 2000

_kept: OrderedDict[bytes, bytes] = OrderedDict()
"""How an order's sealed snapshot begins → the name in it, sealed too. A snapshot that is written anew, or emptied of
its person, begins otherwise, so nothing here is ever out of date."""


def name_customers(tx: Session, vault: Vault, store_id: int, order_ids: Collection[int]) -> dict[int, str]:
    """Our row id → whose name stands in the order, as one line; only those with a name that the platform still has.
    One question for all of them, and one more for those that were not opened before."""
    if not order_ids:
        return {}
    which = (*known_orders(store_id), OrderRow.id.in_(order_ids), OrderRow.gone_at.is_(None))
    begins = func.substr(type_coerce(OrderRow.snapshot, LargeBinary), 1, SEAL)
    seals = {order_id: bytes(seal) for order_id, seal in tx.execute(select(OrderRow.id, begins).where(*which))}
    sealed = {order_id: kept for order_id, seal in seals.items() if (kept := _kept.get(seal)) is not None}
    new = seals.keys() - sealed.keys()
    if new:
        mine = (*known_orders(store_id), OrderRow.id.in_(new))
        for order_id, snapshot in tx.execute(select(OrderRow.id, OrderRow.snapshot).where(*mine)):
            name = " ".join(unpack_order(snapshot).customer_name.split())
            sealed[order_id] = _keep(seals[order_id], vault.seal(name.encode()))
    names = {order_id: vault.open(one).decode() for order_id, one in sealed.items()}
    return {order_id: name for order_id, name in names.items() if name}


def _keep(seal: bytes, name: bytes) -> bytes:
    _kept[seal] = name
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return name
