"""Shops that are heard of before they are connected: a platform's deliveries may come sooner than its access.

Such a store is `announced`. Its deliveries are kept and applied like everybody's; what its platform would have to be
asked rests until somebody connects it. Whoever nobody connects within a week is forgotten again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from plugin.contract import Clock
from plugin.database import ALL, Database
from plugin.stores.connect import make_row
from plugin.stores.install import take_turn
from plugin.stores.models import StoreRow

MOST_ANNOUNCED = 2000
"""Per platform. Who a delivery is about stands in no signature: one that is genuine, sent again and again with other
names on it, must not fill the database."""
FORGET_AFTER = timedelta(days=7)
AT_A_TIME = 100


class TooManyAnnounced(Exception):
    """No more unknown shops are taken in just now."""


def announce(tx: Session, platform: str, domain: str, now: datetime) -> int:
    """The row id of the store at this address, made when it is not known. Of two first deliveries in the same moment
    one makes it. Raises `TooManyAnnounced`."""
    take_turn(tx)
    known = tx.scalar(select(StoreRow.id).where(StoreRow.platform == platform, StoreRow.domain == domain))
    if known is not None:
        return known
    waiting = select(func.count()).where(StoreRow.platform == platform, StoreRow.status == "announced")
    if (tx.scalar(waiting) or 0) >= MOST_ANNOUNCED:
        raise TooManyAnnounced
    row = make_row(platform, domain, now)
    row.status = "announced"
    tx.add(row)
    tx.flush()
    return row.id


def sweep_announced(db: Database, clock: Clock) -> int:
    """Forgets the stores, with everything kept of them, that were announced a week ago and never connected. Gives how
    many."""
    old = _list_old(clock.now() - FORGET_AFTER)
    count = 0
    while True:
        with db.transaction(ALL, "announced stores that nobody connected") as tx:
            some: list[Any] = list(tx.scalars(old.limit(AT_A_TIME).with_for_update(skip_locked=True)))
            tx.execute(delete(StoreRow).where(StoreRow.id.in_(some)))
        count += len(some)
        if len(some) < AT_A_TIME:
            return count


def _list_old(before: datetime) -> Select[int]:
    which = (StoreRow.status == "announced", StoreRow.connected_at < before, StoreRow.credentials.is_(None))
    return select(StoreRow.id).where(*which).order_by(StoreRow.id)
