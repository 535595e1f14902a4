"""Asking the platform: one order, or everything that changed. Repairs what deliveries lost."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from plugin.contract import Capability, Clock, NotFound, Order, Store, StoreAdapter
from plugin.database import ALL, Database
from plugin.orders.apply import apply_order, mark_gone
from plugin.orders.models import OrderRow
from plugin.registry import Registry
from plugin.stores import ask_platform, get_store, has_access, list_stores
from plugin.work import Claimed, finish, put

RECONCILE_EVERY = timedelta(minutes=10)
OVERLAP = timedelta(minutes=10)
"""Platforms stamp changes before they can be listed; each round looks back this far before the last."""


def refetch_order(db: Database, registry: Registry, clock: Clock, job: Claimed) -> None:
    """The job `orders.refetch`. A store without access keeps the wish on the order and rests."""
    assert job.store is not None
    external_id, reason = job.payload["order"], job.payload["reason"]
    with db.reading(job.store) as tx:
        reachable = has_access(get_store(tx, job.store))
    if not reachable:
        _note(db, job, f"no access: {reason}")
        return

    def ask(adapter: StoreAdapter, store: Store) -> Order:
        return adapter.get_order(store, external_id)

    try:
        order = ask_platform(db, registry, job.store, ask)
    except NotFound:
        with db.transaction(job.store) as tx:
            now = clock.now()
            mark_gone(tx, get_store(tx, job.store), external_id, now, now)
            finish(tx, job)
        return
    with db.transaction(job.store) as tx:
        apply_order(tx, get_store(tx, job.store), order, clock.now())
        finish(tx, job)
    _note(db, job, None)


def _note(db: Database, job: Claimed, words: str | None) -> None:
    assert job.store is not None
    which = (OrderRow.store_id == job.store, OrderRow.external_id == job.payload["order"])
    with db.transaction(job.store) as tx:
        tx.execute(update(OrderRow).where(*which).values(refetch=words))


def reconcile_all(db: Database, clock: Clock) -> None:
    """Promises a reconcile of every store that can list its changed orders."""
    with db.transaction(ALL, "reconcile every store") as tx:
        for row in list_stores(tx):
            if has_access(row) and Capability.BACKFILL.value in row.capabilities:
                put(tx, "orders.reconcile", {}, due_at=clock.now(), store=row.id, key=f"reconcile:{row.id}")


def reconcile_store(db: Database, registry: Registry, clock: Clock, job: Claimed) -> None:
    """The job `orders.reconcile`: applies what changed since the last round and counts what no hook told."""
    assert job.store is not None
    started_at = clock.now()
    with db.reading(job.store) as tx:
        row = get_store(tx, job.store)
        since = (row.reconciled_at or row.connected_at) - OVERLAP

    def ask(adapter: StoreAdapter, store: Store) -> list[Order]:
        return list(adapter.changed_orders(store, since))

    recovered = 0
    for order in ask_platform(db, registry, job.store, ask):
        with db.transaction(job.store) as tx:
            outcome, _ = apply_order(tx, get_store(tx, job.store), order, clock.now())
            recovered += outcome == "applied"
    with db.transaction(job.store) as tx:
        row = get_store(tx, job.store)
        row.reconciled_at = started_at
        row.recovered += recovered
        finish(tx, job)
