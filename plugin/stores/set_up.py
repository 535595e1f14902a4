"""The job `stores.set_up`: makes at the platform what a store needs, finds what it can; also the repair button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from plugin.contract import (
    AccessExpired,
    AccessRevoked,
    AdapterError,
    Capability,
    Clock,
    InstallReport,
    Notice,
    PlatformDown,
    RateLimited,
    StatusWord,
    Store,
    StoreAdapter,
    Surface,
    Urls,
)
from plugin.database import Database
from plugin.registry import Registry
from plugin.stores.access import ask_platform
from plugin.stores.addresses import store_urls
from plugin.stores.connect import get_store, has_access, list_origins, note_set_up
from plugin.stores.coverage import promise_examination, save_coverage
from plugin.stores.models import StoreRow
from plugin.stores.status_words import learn_statuses
from plugin.stores.words import pack, pack_all
from plugin.work import Claimed, finish, put

T = TypeVar("T")

AFTER_THE_LOOK = timedelta(seconds=30)


@dataclass(frozen=True)
class Told:
    """What a store's platform said in one visit; None: it would not say, and what was known stays."""

    report: InstallReport
    mails: frozenset[Notice] | None
    surfaces: Sequence[Surface] | None
    statuses: Sequence[StatusWord] | None


def promise_set_up(tx: Session, row: StoreRow, now: datetime) -> None:
    """One pending set-up per store."""
    put(tx, "stores.set_up", {}, due_at=now, store=row.id, key=f"set_up:{row.id}")


def set_up_store(db: Database, registry: Registry, clock: Clock, base_url: str, job: Claimed) -> None:
    """The job; see `set_up_now`."""
    set_up_now(db, registry, clock, base_url, job)


def set_up_now(db: Database, registry: Registry, clock: Clock, base_url: str, job: Claimed) -> InstallReport:
    """Idempotent. What the merchant must mend is kept as the store's trouble; nothing to mend clears it, and a store
    that was parked is connected again. The first reconcile and the doctor follow at once.

    Raises what the platform's adapter raises: the engine tries again or buries by its class.
    """
    assert job.store is not None
    with db.reading(job.store) as tx:
        urls = store_urls(get_store(tx, job.store), base_url)
    try:
        told = ask_platform(db, registry, job.store, lambda adapter, store: _ask(adapter, store, urls))
    except AdapterError as error:
        _note_trouble(db, job.store, error.words)
        raise
    with db.transaction(job.store) as tx:
        row = get_store(tx, job.store)
        _write_down(tx, row, told, told.report.capabilities & registry.get(row.platform).capabilities, clock.now())
        finish(tx, job)
    return told.report


def _ask(adapter: StoreAdapter, store: Store, urls: Urls) -> Told:
    report = adapter.set_up(store, urls)
    return Told(
        report, _read_mails(adapter, store),
        _unless_refused(lambda: adapter.surfaces(store)), _unless_refused(lambda: adapter.list_statuses(store)),
    )  # fmt: skip


def _read_mails(adapter: StoreAdapter, store: Store) -> frozenset[Notice] | None:
    """A platform that is down now is asked again: without knowing what it mails, we would mail all of it too."""
    try:
        return adapter.platform_mails(store)
    except (AccessExpired, AccessRevoked, PlatformDown, RateLimited):
        raise
    except AdapterError:
        return None


def _unless_refused(ask: Callable[[], T]) -> T | None:
    """The hooks stand, whatever else the platform would not say just now: that is no reason to begin anew."""
    try:
        return ask()
    except (AccessExpired, AccessRevoked):
        raise
    except AdapterError:
        return None


def _write_down(
    tx: Session, row: StoreRow, told: Told, capabilities: frozenset[Capability], now: datetime
) -> None:
    mails = told.mails if told.mails is not None else (Notice(name) for name in row.platform_mails)
    if Capability.MAIL_LEASE.value in row.capabilities and Capability.MAIL_LEASE not in capabilities:
        # Nothing over there keeps the platform's mails back any more: with ours, everything would come twice.
        row.mail_mode, row.mails_since = "extra_only", None
    note_set_up(row, capabilities, mails)
    row.repaired += told.report.repaired
    if told.report.origins:
        row.origins = list_origins(row.domain, told.report.origins)
    if told.surfaces is not None:
        save_coverage(row, told.surfaces)
    if told.statuses:
        learn_statuses(tx, row.id, told.statuses)
    if row.status == "parked" and row.credentials is not None:
        row.status, row.trouble_told_at = "connected", None
    if row.status == "connected":
        row.trouble = pack_all(told.report.warnings) or None
    if has_access(row):
        _promise_first_look(tx, row, now)


def _promise_first_look(tx: Session, row: StoreRow, now: datetime) -> None:
    """What the shop holds already, what rested while nobody could be asked, and whether all is well there, without
    waiting for the next rounds."""
    lists_orders = Capability.BACKFILL.value in row.capabilities
    if lists_orders:
        put(tx, "orders.reconcile", {}, due_at=now, store=row.id, key=f"reconcile:{row.id}")
    if Capability.READ_ORDERS.value in row.capabilities:
        # The look at all that changed answers most of it: what it leaves is asked for one by one.
        due_at = now + AFTER_THE_LOOK if lists_orders else now
        put(tx, "orders.ask_rested", {}, due_at=due_at, store=row.id, key=f"ask_rested:{row.id}")
    promise_examination(tx, row, now)


def _note_trouble(db: Database, store_id: int, words: str) -> None:
    with db.transaction(store_id) as tx:
        get_store(tx, store_id).trouble = pack(words)
