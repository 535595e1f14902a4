"""Going through a store's orders with the platform: what changed since the last round, and daily all that are open.

Every order is applied in a transaction of its own, its counting included, and none is open while the platform is
asked: a pass killed in the middle is simply made again, and counts nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from plugin.contract import (
    AccessRevoked,
    Capability,
    Clock,
    NotFound,
    Order,
    OrderStatus,
    PlatformRefused,
    RateLimited,
    Unsupported,
)
from plugin.database import ALL, Database
from plugin.orders.apply import apply_order, mark_gone
from plugin.orders.models import OrderRow, Receipt
from plugin.orders.state import unpack_order
from plugin.orders.wishes import wish_reconcile
from plugin.registry import Registry
from plugin.stores import StoreRow, ask_platform, get_store, has_access, list_stores, park, store_urls
from plugin.work import Claimed, finish, list_busy_stores, put

RECONCILE_EVERY = timedelta(minutes=10)
OVERLAP = timedelta(minutes=10)
"""Platforms stamp changes before they can be listed; each round looks back this far before the last."""
SPREAD = timedelta(minutes=8)
"""Over how long the stores of one round are spread: less than a round, so that each has its turn in every one."""
FIRST_LOOK = timedelta(days=7)
"""How far before the connection a store's first pass looks: what waits to be shipped should be at the desk, and is
heard of only if it changes from now on."""
REFUSED_LONG = timedelta(hours=1)
PATIENCE = timedelta(seconds=5)
MOST_WAITS = 12
"""How often a pass steps back for deliveries that arrived and are not applied yet: they are not lost."""
CHECK_EVERY = timedelta(days=1)
CHECK_ROUND = timedelta(hours=1)
BATCH = 100
LATELY = timedelta(days=14)
"""Closed orders changed within this time are compared too: a deletion or a late refund is told by nobody else."""
CLOSED = (OrderStatus.completed, OrderStatus.cancelled, OrderStatus.refunded, OrderStatus.failed)


def reconcile_all(db: Database, clock: Clock) -> None:
    """Promises a reconcile of every store that can list its changed orders, one after the other: many at once would
    stand between a delivery and its mail."""
    now = clock.now()
    with db.transaction(ALL, "reconcile every store") as tx:
        busy = list_busy_stores(tx, "orders.reconcile")
        stores = [row for row in list_stores(tx) if has_access(row) and Capability.BACKFILL.value in row.capabilities]
        for place, row in enumerate(stores):
            if row.id not in busy:
                wish_reconcile(tx, row, now + SPREAD * place / len(stores))


def reconcile_store(db: Database, registry: Registry, clock: Clock, base_url: str, job: Claimed) -> None:
    """The job `orders.reconcile`; see `_reconcile`. A store that lets us in no more is parked, and its merchant told:
    with its access the passes come back, so nothing is left of this one."""
    try:
        _reconcile(db, registry, clock, base_url, job)
    except AccessRevoked:
        _let_go(db, job)


def _reconcile(db: Database, registry: Registry, clock: Clock, base_url: str, job: Claimed) -> None:
    """Mends the webhooks, applies what changed since the last round, and counts the orders it brought right; those of a
    store's first pass since it is connected are no repair."""
    assert job.store is not None
    started_at = clock.now()
    with db.reading(job.store) as tx:
        row = get_store(tx, job.store)
        reachable, first = has_access(row), row.reconciled_at is None or row.reconciled_at < row.connected_at
        since = row.reconciled_at - OVERLAP if row.reconciled_at is not None else row.connected_at - FIRST_LOOK
        waits = not first and _is_unapplied(tx, job.store)
    if not reachable or (waits and _step_back(db, job, started_at)):
        return
    mend_webhooks(db, registry, base_url, job.store)

    try:
        told = ask_platform(
            db, registry, job.store, lambda adapter, store: _listen(adapter.changed_orders(store, since))
        )
    except PlatformRefused as error:
        _meet_refusal(db, job, error, started_at)
        return
    for order in told.orders:
        apply_found(db, clock, job.store, order, counts=not first)
    # What was changed until the newest that came has come: the platform tells the oldest change first.
    reached = started_at if told.rest is None else min(told.orders[-1].modified_at + OVERLAP, started_at)
    with db.transaction(job.store) as tx:
        row = get_store(tx, job.store)
        if row.reconciled_at is None or row.reconciled_at < reached:
            row.reconciled_at = reached
        if told.rest is not None and reached - OVERLAP <= since:
            raise told.rest  # all that came was there at this moment already: nothing would be won by going on so
        if told.rest is not None:
            due_at, key = clock.now() + timedelta(seconds=told.rest.retry_after), f"reconcile:{job.store}"
            put(tx, "orders.reconcile", {}, due_at=due_at, store=job.store, key=key)
        finish(tx, job)


@dataclass(frozen=True)
class _Told:
    """What came before the platform asked for a pause, if it did."""

    orders: list[Order]
    rest: RateLimited | None = None


def _listen(orders: Iterable[Order]) -> _Told:
    """Keeps what came: a long list is gone through in several passes, and none of them is in vain. Raises what the
    platform raises, a wish for a pause too when nothing came before it."""
    found: list[Order] = []
    try:
        for order in orders:
            found.append(order)
    except RateLimited as error:
        if not found:
            raise
        return _Told(found, error)
    return _Told(found)


def _let_go(db: Database, job: Claimed) -> None:
    with db.transaction(job.store if job.store is not None else ALL) as tx:
        finish(tx, job)


def _meet_refusal(db: Database, job: Claimed, error: PlatformRefused, now: datetime) -> None:
    """A shop that will not list its orders may have been changed for a moment; one that still will not after an hour
    needs its merchant, who is told once."""
    assert job.store is not None
    with db.transaction(job.store) as tx:
        row = get_store(tx, job.store)
        lasting = now - max(row.reconciled_at or row.connected_at, row.connected_at) > REFUSED_LONG
        finish(tx, job)
    if lasting:
        park(db, job.store, error.words, now)


def _is_unapplied(tx: Session, store_id: int) -> bool:
    which = (Receipt.store_id == store_id, Receipt.outcome.is_(None))
    return bool(tx.scalar(select(exists().where(*which))))


def _step_back(db: Database, job: Claimed, now: datetime) -> bool:
    """Promises the pass again in a moment; False when it has waited long enough."""
    waited = int(job.payload.get("waited", 0))
    if waited >= MOST_WAITS:
        return False
    with db.transaction(job.store if job.store is not None else ALL) as tx:
        payload = {"waited": waited + 1}
        put(tx, "orders.reconcile", payload, due_at=now + PATIENCE, store=job.store, key=f"reconcile:{job.store}")
        finish(tx, job)
    return True


def mend_webhooks(db: Database, registry: Registry, base_url: str, store_id: int) -> int:
    """Has disabled and missing webhooks made anew and counts them for the merchant. What the platform refuses here is
    the doctor's to tell: it keeps nobody from asking what was missed."""
    with db.reading(store_id) as tx:
        row = get_store(tx, store_id)
        urls = store_urls(row, base_url)
        able = Capability.WEBHOOKS.value in row.capabilities
    if not able:
        return 0
    try:
        mended = ask_platform(db, registry, store_id, lambda adapter, store: adapter.mend_webhooks(store, urls))
    except (PlatformRefused, NotFound, Unsupported):
        return 0
    if mended:
        with db.transaction(store_id) as tx:
            tx.execute(
                update(StoreRow).where(StoreRow.id == store_id).values(repaired=StoreRow.repaired + mended)
            )
    return mended


def apply_found(db: Database, clock: Clock, store_id: int, order: Order, *, counts: bool) -> bool:
    """Applies what the platform answered; gives, and counts, whether that told us anything new about the order.
    Parcels alone do not count: deliveries of some platforms cannot carry them."""
    with db.transaction(store_id) as tx:
        before = _read_known(tx, store_id, order.external_id)
        outcome, _ = apply_order(tx, get_store(tx, store_id), order, clock.now(), asked=True)
        if outcome != "applied" or (before is not None and _is_same(before, order)):
            return False
        if counts:
            _count_recovered(tx, store_id)
        return True


def _read_known(tx: Session, store_id: int, external_id: str) -> Order | None:
    which = (OrderRow.store_id == store_id, OrderRow.external_id == external_id, OrderRow.version != "")
    found = tx.execute(select(OrderRow.snapshot, OrderRow.gone_at).where(*which).with_for_update()).first()
    return unpack_order(found.snapshot) if found is not None and found.gone_at is None else None


def _is_same(known: Order, order: Order) -> bool:
    parts = set(order.__dataclass_fields__) - {"shipments"}
    return all(getattr(known, name) == getattr(order, name) for name in parts)


def _count_recovered(tx: Session, store_id: int) -> None:
    tx.execute(update(StoreRow).where(StoreRow.id == store_id).values(recovered=StoreRow.recovered + 1))


def check_all(db: Database, clock: Clock) -> None:
    """Promises a full check of the open orders of every store whose last one is a day old."""
    now = clock.now()
    with db.transaction(ALL, "compare the open orders of every store") as tx:
        busy = list_busy_stores(tx, "orders.check_open")
        due = [
            row
            for row in list_stores(tx)
            if row.id not in busy and (row.orders_checked_at is None or row.orders_checked_at <= now - CHECK_EVERY)
            and has_access(row) and Capability.READ_ORDERS.value in row.capabilities
        ]  # fmt: skip
        for place, row in enumerate(due):
            due_at, key = now + SPREAD * place / len(due), f"check_open:{row.id}:0"
            put(tx, "orders.check_open", {}, due_at=due_at, store=row.id, key=key)


def check_open_orders(db: Database, registry: Registry, clock: Clock, job: Claimed) -> None:
    """The job `orders.check_open`; see `_check_open`. As with a pass, a store that lets us in no more is left alone."""
    try:
        _check_open(db, registry, clock, job)
    except AccessRevoked:
        _let_go(db, job)


def _check_open(db: Database, registry: Registry, clock: Clock, job: Claimed) -> None:
    """Compares one batch of open orders and promises the next. What does not come is asked for once more by its own id
    before it is taken for deleted."""
    assert job.store is not None
    after, now = int(job.payload.get("after", 0)), clock.now()
    with db.reading(job.store) as tx:
        if not has_access(get_store(tx, job.store)):
            return
        batch = _read_batch(tx, job.store, after, now)
    external_ids = [external_id for _, external_id in batch]

    told = _Told([])
    if external_ids:
        told = ask_platform(
            db, registry, job.store, lambda adapter, store: _listen(adapter.check_orders(store, external_ids))
        )
    found = {order.external_id: order for order in told.orders}
    if told.rest is not None:
        # Which of the others are gone nobody has said yet: the next batch begins after the last that came.
        batch = batch[: 1 + max(place for place, (_, external_id) in enumerate(batch) if external_id in found)]
    for _, external_id in batch:
        if external_id in found:
            apply_found(db, clock, job.store, found[external_id], counts=True)
        else:
            _ask_once_more(db, registry, clock, job.store, external_id)
    with db.transaction(job.store) as tx:
        if len(external_ids) == BATCH or told.rest is not None:
            key, payload = f"check_open:{job.store}:{batch[-1][0]}", {"after": batch[-1][0]}
            due_at = clock.now() + timedelta(seconds=told.rest.retry_after if told.rest is not None else 0)
            put(tx, "orders.check_open", payload, due_at=due_at, store=job.store, key=key)
        else:
            get_store(tx, job.store).orders_checked_at = clock.now()
        finish(tx, job)


def _read_batch(tx: Session, store_id: int, after: int, now: datetime) -> Sequence[tuple[int, str]]:
    is_open = OrderRow.status.not_in([status.value for status in CLOSED])
    which = (
        OrderRow.store_id == store_id, OrderRow.version != "", OrderRow.gone_at.is_(None), OrderRow.id > after,
        or_(is_open, OrderRow.modified_at >= now - LATELY),
    )  # fmt: skip
    rows = tx.execute(select(OrderRow.id, OrderRow.external_id).where(*which).order_by(OrderRow.id).limit(BATCH))
    return [(row.id, row.external_id) for row in rows]


def _ask_once_more(db: Database, registry: Registry, clock: Clock, store_id: int, external_id: str) -> None:
    try:
        order = ask_platform(
            db, registry, store_id, lambda adapter, store: adapter.get_order(store, external_id)
        )
    except NotFound:
        with db.transaction(store_id) as tx:
            now = clock.now()
            if mark_gone(tx, get_store(tx, store_id), external_id, now, now) == "applied":
                _count_recovered(tx, store_id)
        return
    except PlatformRefused:
        # A platform may show old orders to nobody: what it will not tell is neither deleted nor in the others' way.
        return
    apply_found(db, clock, store_id, order, counts=True)
