"""Stores that were taken off and stayed off: forgotten in time, even when nobody asks for it any more."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select

from plugin.contract import Clock
from plugin.database import ALL, Database
from plugin.privacy.store_erasure import erase_store
from plugin.registry import Registry
from plugin.stores import StoreRow

log = logging.getLogger("mostrador.privacy")


def sweep_uninstalled(db: Database, registry: Registry, clock: Clock) -> int:
    """Erases every store that was taken off longer ago than its adapter's `erase_after`; gives how many.

    A platform that tells us to erase a store may be lost on the way; this round is for that. Without `erase_after`,
    or without the adapter that says it, a store stays. One that fails is logged and tried again the next time.
    """
    swept = 0
    for store_id, uninstalled_at in _list_due(db, registry, clock.now()):
        try:
            swept += bool(erase_store(db, store_id, why="swept", asked_at=uninstalled_at, now=clock.now()))
        except Exception:
            log.exception("Store %s could not be erased; it is tried again with the next round.", store_id)
    return swept


def _list_due(db: Database, registry: Registry, now: datetime) -> list[tuple[int, datetime]]:
    columns = (StoreRow.id, StoreRow.platform, StoreRow.uninstalled_at)
    gone = (StoreRow.status == "uninstalled", StoreRow.uninstalled_at.is_not(None))
    with db.reading(ALL, "stores that were taken off") as tx:
        rows = tx.execute(select(*columns).where(*gone).order_by(StoreRow.id)).all()
    due = []
    for store_id, platform, uninstalled_at in rows:
        adapter = registry.adapters.get(platform)
        after = adapter.erase_after if adapter is not None else None
        if after is not None and uninstalled_at is not None and uninstalled_at + after <= now:
            due.append((store_id, uninstalled_at))
    return due
