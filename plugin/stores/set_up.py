"""The job `stores.set_up`: makes at the platform what a store needs, finds what it can; also the repair button."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from plugin.contract import AdapterError, InstallReport, Notice, Store, StoreAdapter
from plugin.database import Database
from plugin.registry import Registry
from plugin.stores.access import ask_platform
from plugin.stores.addresses import store_urls
from plugin.stores.connect import get_store, note_set_up
from plugin.stores.models import StoreRow
from plugin.work import Claimed, finish, put

LONGEST_TROUBLE = 2000


def promise_set_up(tx: Session, row: StoreRow, now: datetime) -> None:
    """One pending set-up per store."""
    put(tx, "stores.set_up", {}, due_at=now, store=row.id, key=f"set_up:{row.id}")


def set_up_store(db: Database, registry: Registry, base_url: str, job: Claimed) -> None:
    """Idempotent. What the merchant must mend is kept as the store's trouble; nothing to mend clears it.

    Raises what the platform's adapter raises: the engine tries again or buries by its class.
    """
    assert job.store is not None
    with db.reading(job.store) as tx:
        urls = store_urls(get_store(tx, job.store), base_url)

    def ask(adapter: StoreAdapter, store: Store) -> tuple[InstallReport, frozenset[Notice]]:
        report = adapter.set_up(store, urls)
        return report, adapter.platform_mails(store)

    try:
        report, mails = ask_platform(db, registry, job.store, ask)
    except AdapterError as error:
        _note_trouble(db, job.store, str(error))
        raise
    with db.transaction(job.store) as tx:
        row = get_store(tx, job.store)
        note_set_up(row, report.capabilities & registry.get(row.platform).capabilities, mails)
        if row.status == "connected":
            row.trouble = " ".join(report.warnings)[:LONGEST_TROUBLE] or None
        finish(tx, job)


def _note_trouble(db: Database, store_id: int, words: str) -> None:
    with db.transaction(store_id) as tx:
        get_store(tx, store_id).trouble = words[:LONGEST_TROUBLE]
