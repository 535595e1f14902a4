"""Asking a store's platform, with its access kept fresh and its troubles told to the merchant."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from plugin.contract import AccessExpired, AccessRevoked, Store, StoreAdapter
from plugin.database import Database
from plugin.registry import Registry
from plugin.stores.connect import as_contract, get_store
from plugin.stores.models import StoreRow
from plugin.stores.words import pack
from plugin.work import put

T = TypeVar("T")


def ask_platform(
    db: Database, registry: Registry, store_id: int, ask: Callable[[StoreAdapter, Store], T]
) -> T:
    """Calls `ask(adapter, store)` outside any transaction. An expired access is refreshed once; a revoked
    one parks the store. Raises what `ask` raises."""
    with db.reading(store_id) as tx:
        row = get_store(tx, store_id)
        platform, store = row.platform, as_contract(row)
    adapter = registry.get(platform)
    try:
        return ask(adapter, store)
    except AccessExpired:
        return ask(adapter, _refresh(db, adapter, store_id, store))
    except AccessRevoked as error:
        park(db, store_id, error.words, adapter.clock.now())
        raise


def _refresh(db: Database, adapter: StoreAdapter, store_id: int, used: Store) -> Store:
    """One caller refreshes; whoever comes later finds credentials newer than those they used."""
    with db.reading(store_id) as tx:
        current = as_contract(get_store(tx, store_id))
    if current.credentials != used.credentials:
        return current
    access = adapter.refresh_access(current)
    with db.transaction(store_id) as tx:
        row = get_store(tx, store_id)
        row.previous_credentials, row.credentials = row.credentials, json.dumps(dict(access.credentials))
        return as_contract(row)


def park(db: Database, store_id: int, words: str, now: datetime) -> None:
    """Stops asking the platform; the merchant sees `words` until the store is connected again, and is alerted once.
    A store that was taken off stays off."""
    with db.transaction(store_id) as tx:
        row: StoreRow = get_store(tx, store_id)
        if row.status == "uninstalled":
            return
        if row.status != "parked":
            put(tx, "stores.alert", {}, due_at=now, store=store_id, key=f"alert:{store_id}")
        row.status, row.trouble = "parked", pack(words)
