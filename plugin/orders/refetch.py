"""Asking the platform about one order, and about those that wait until it can be asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from plugin.contract import AccessRevoked, Clock, NotFound, Order, Store, StoreAdapter
from plugin.database import Database
from plugin.orders.apply import apply_order, leave_no_trace, mark_gone, rest_wish
from plugin.orders.models import OrderRow
from plugin.orders.wishes import wish_refetch
from plugin.registry import Registry
from plugin.stores import ask_platform, get_store, has_access, lock_store
from plugin.work import Claimed, finish, put

APART = timedelta(milliseconds=200)
"""Between two orders that had to wait: a platform that has just let us in is not run over."""
AT_A_TIME = 500


def refetch_order(db: Database, registry: Registry, clock: Clock, job: Claimed) -> None:
    """The job `orders.refetch`. A store without access keeps the wish on the order and rests."""
    assert job.store is not None
    external_id = job.payload["order"]
    with db.reading(job.store) as tx:
        row = get_store(tx, job.store)
        platform, reachable = row.platform, has_access(row)
    if not reachable and _rest(db, clock, job):
        return

    def ask(adapter: StoreAdapter, store: Store) -> Order:
        return adapter.get_order(store, external_id)

    try:
        order = ask_platform(db, registry, job.store, ask)
    except NotFound:
        _meet_nothing(db, clock, job, named_by_anybody=registry.get(platform).app_hooks)
        return
    except AccessRevoked:
        # The store is parked by now and its merchant told; the wish waits for them.
        if not _rest(db, clock, job):
            raise
        return
    with db.transaction(job.store) as tx:
        apply_order(tx, get_store(tx, job.store), order, clock.now(), asked=True)
        _forget_wish(tx, job)
        finish(tx, job)


def _rest(db: Database, clock: Clock, job: Claimed) -> bool:
    """Notes the wish on the order, until `ask_rested`. False: the access came a moment ago. A shop that was taken off
    wishes nothing."""
    assert job.store is not None
    with db.transaction(job.store) as tx:
        store = lock_store(tx, job.store)
        if has_access(store):
            return False
        if store.status != "uninstalled":
            rest_wish(tx, store, job.payload["order"], f"no access: {job.payload['reason']}", clock.now())
        finish(tx, job)
    return True


def _meet_nothing(db: Database, clock: Clock, job: Claimed, *, named_by_anybody: bool) -> None:
    """The platform has no such order. `named_by_anybody`: whose order a delivery tells of stands in no signature there,
    so one that was never known here may have been another shop's, and is none of this one's that is gone."""
    assert job.store is not None
    external_id, now = job.payload["order"], clock.now()
    with db.transaction(job.store) as tx:
        if not (named_by_anybody and leave_no_trace(tx, job.store, external_id)):
            mark_gone(tx, get_store(tx, job.store), external_id, now, now)
            _forget_wish(tx, job)
        finish(tx, job)


def _forget_wish(tx: Session, job: Claimed) -> None:
    assert job.store is not None
    which = (OrderRow.store_id == job.store, OrderRow.external_id == job.payload["order"])
    tx.execute(update(OrderRow).where(*which, OrderRow.refetch.is_not(None)).values(refetch=None))


def ask_rested(db: Database, clock: Clock, job: Claimed) -> None:
    """The job `orders.ask_rested`: promises to ask about every order that only named itself so far, or whose wish had
    to rest. One question per order, one after the other; in pages, so that no transaction grows long."""
    assert job.store is not None
    after = int(job.payload.get("after", 0))
    rested = or_(OrderRow.refetch.is_not(None), OrderRow.version == "")
    which = (OrderRow.store_id == job.store, OrderRow.id > after, rested, OrderRow.gone_at.is_(None))
    page = select(OrderRow.id, OrderRow.external_id, OrderRow.refetch).where(*which).order_by(OrderRow.id)
    with db.transaction(job.store) as tx:
        now = clock.now()
        found = tx.execute(page.limit(AT_A_TIME)).all() if has_access(get_store(tx, job.store)) else []
        for place, row in enumerate(found):
            reason = (row.refetch or "").removeprefix("no access: ") or "never seen"
            wish_refetch(tx, job.store, row.external_id, reason, now + APART * place)
        if len(found) == AT_A_TIME:
            promise_asking(tx, job.store, now + APART * AT_A_TIME, found[-1].id)
        finish(tx, job)


def promise_asking(tx: Session, store_id: int, due_at: datetime, after: int = 0) -> None:
    """One pending look per page for what rested."""
    key = f"ask_rested:{store_id}" + (f":{after}" if after else "")
    put(tx, "orders.ask_rested", {"after": after}, due_at=due_at, store=store_id, key=key)
