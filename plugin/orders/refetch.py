"""Asking the platform about one order."""

from __future__ import annotations

from sqlalchemy import update

from plugin.contract import Clock, NotFound, Order, Store, StoreAdapter
from plugin.database import Database
from plugin.orders.apply import apply_order, mark_gone
from plugin.orders.models import OrderRow
from plugin.registry import Registry
from plugin.stores import ask_platform, get_store, has_access
from plugin.work import Claimed, finish


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
        apply_order(tx, get_store(tx, job.store), order, clock.now(), asked=True)
        finish(tx, job)
    _note(db, job, None)


def _note(db: Database, job: Claimed, words: str | None) -> None:
    assert job.store is not None
    which = (OrderRow.store_id == job.store, OrderRow.external_id == job.payload["order"])
    with db.transaction(job.store) as tx:
        tx.execute(update(OrderRow).where(*which).values(refetch=words))
