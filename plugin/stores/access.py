"""Asking a store's platform, with its access kept fresh and its troubles told to the merchant.

An access that ends is renewed shortly before its end, or when the platform calls it ended; by one caller at a time,
whatever process they are in: a mark on the store's row says until when one of them is at it, and whoever died over it
holds the others up no longer than that. The others wait for what he brings, and use it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from plugin.contract import (
    AccessExpired,
    AccessRevoked,
    Clock,
    PlatformDown,
    RateLimited,
    Store,
    StoreAccess,
    StoreAdapter,
)
from plugin.database import ALL, Database
from plugin.registry import Registry
from plugin.stores.connect import as_contract, get_store, save_access
from plugin.stores.models import StoreRow
from plugin.stores.words import pack
from plugin.work import Claimed, finish, list_busy_stores, put

T = TypeVar("T")

REFRESH_AHEAD = timedelta(minutes=2)
"""How long before its end an access is renewed: longer than any call that begins with it."""
CLAIM = timedelta(seconds=30)
"""How long one caller may be renewing before another takes over: the pair may then be renewed twice, and the one that
took over last is kept, with the other beside it."""
LONGEST_WAIT = 15.0
"""Seconds that a caller waits for another's renewal; then it is tried again later."""
LOOKS = (0.02, 0.05, 0.1, 0.25)
"""Seconds between two looks while waiting; the last one again and again."""
LONG_BEFORE = timedelta(days=45)
"""How long before nothing renews it any more the access of a store at rest is renewed."""
SPREAD = timedelta(hours=1)
"""Over how long the stores of one round are spread."""


def ask_platform(
    db: Database, registry: Registry, store_id: int, ask: Callable[[StoreAdapter, Store], T]
) -> T:
    """Calls `ask(adapter, store)` outside any transaction. An access near its end is refreshed before, one that the
    platform calls expired once after; a revoked one parks the store. Raises what `ask` raises."""
    with db.reading(store_id) as tx:
        row = get_store(tx, store_id)
        platform, store, ends_at = row.platform, as_contract(row), row.access_expires_at
    adapter = registry.get(platform)
    try:
        if ends_at is not None and store.credentials:
            store = _keep_fresh(db, adapter, store_id, store, ends_at)
        try:
            return ask(adapter, store)
        except AccessExpired:
            store = renew_access(db, adapter, store_id, store)
            return ask(adapter, store)
    except AccessRevoked as error:
        park(db, store_id, error.words, adapter.clock.now(), store)
        raise


def _keep_fresh(db: Database, adapter: StoreAdapter, store_id: int, store: Store, ends_at: datetime) -> Store:
    """The store with an access that outlives a call. While the old one is good nobody waits for a new one, and a
    platform that will not give one just now stops nobody."""
    left = ends_at - adapter.clock.now()
    if left > REFRESH_AHEAD:
        return store
    is_good = left > timedelta(0)
    try:
        return renew_access(db, adapter, store_id, store, waits=not is_good)
    except (PlatformDown, RateLimited):
        if is_good:
            return store
        raise


def renew_access(
    db: Database, adapter: StoreAdapter, store_id: int, used: Store, *, waits: bool = True
) -> Store:
    """The store with credentials newer than `used`: renewed here, or by whoever is at it already. `waits=False`: then
    `used` will do.

    Raises what `refresh_access` raises; `PlatformDown` also when another caller's renewal failed or takes too long.
    """
    gives_up_at, looked = time.monotonic() + LONGEST_WAIT, 0
    while True:
        found = _claim(db, adapter.clock, store_id, used, first=looked == 0)
        if isinstance(found, _Claim):
            found = _renew(db, adapter, store_id, found)
        if found is not None and not found.credentials:
            raise AccessRevoked("The store was disconnected meanwhile.")
        if found is not None:
            return found
        if not waits:
            return used
        if time.monotonic() > gives_up_at:
            raise PlatformDown("The access to the store is still being renewed.")
        time.sleep(LOOKS[min(looked, len(LOOKS) - 1)])
        looked += 1


@dataclass(frozen=True)
class _Claim:
    """The right to renew, until a moment that marks it in the row. `before`: the pair before the present one."""

    store: Store
    before: str | None
    until: datetime


def _claim(db: Database, clock: Clock, store_id: int, used: Store, *, first: bool) -> Store | _Claim | None:
    """What is to do: use newer credentials, renew, or (None) wait. Raises `PlatformDown` when the one who was waited
    for let go with nothing."""
    with db.reading(store_id) as tx:
        row = get_store(tx, store_id)
        now = clock.now()
        if as_contract(row).credentials != used.credentials:
            return as_contract(row)
        taken = row.refresh_claimed_until
        if taken is not None and taken > now:
            return None
    if taken is None and not first:
        raise PlatformDown("The access to the store could not be renewed just now.")
    until = now + CLAIM
    same = StoreRow.refresh_claimed_until.is_(None) if taken is None else StoreRow.refresh_claimed_until == taken
    with db.transaction(store_id) as tx:
        won = tx.execute(update(StoreRow).where(StoreRow.id == store_id, same).values(refresh_claimed_until=until))
        if getattr(won, "rowcount", 0) != 1:
            return None
        row = get_store(tx, store_id)
        current = as_contract(row)
        if current.credentials != used.credentials:  # renewed between the look and the claim
            row.refresh_claimed_until = None
            return current
        return _Claim(current, row.previous_credentials, until)


def _renew(db: Database, adapter: StoreAdapter, store_id: int, claim: _Claim) -> Store:
    try:
        access = _ask_for_access(adapter, claim)
    except BaseException:
        with db.transaction(store_id) as tx:
            mine = (StoreRow.id == store_id, StoreRow.refresh_claimed_until == claim.until)
            tx.execute(update(StoreRow).where(*mine).values(refresh_claimed_until=None))
        raise
    return _save(db, store_id, claim, access)


def _ask_for_access(adapter: StoreAdapter, claim: _Claim) -> StoreAccess:
    """A platform whose answer was lost once may know only the pair before."""
    try:
        return adapter.refresh_access(claim.store)
    except AccessRevoked:
        before = json.loads(claim.before) if claim.before else {}
        if not before:
            raise
        return adapter.refresh_access(replace(claim.store, credentials=before))


def _save(db: Database, store_id: int, claim: _Claim, access: StoreAccess) -> Store:
    """One transaction keeps the pair and its ends. Who lost the claim meanwhile keeps what he brings only where nobody
    brought anything else; whoever has it keeps what he brings in any case, and the other's beside it. Nothing is
    brought to a store that was taken off."""
    with db.transaction(store_id) as tx:
        row = lock_store(tx, store_id)
        is_mine, taken = row.refresh_claimed_until == claim.until, row.refresh_claimed_until
        unchanged = as_contract(row).credentials == claim.store.credentials
        if row.credentials is not None and (is_mine or unchanged):
            save_access(row, access)
            row.refresh_claimed_until = None if is_mine else taken
        elif is_mine:
            row.refresh_claimed_until = None
        return as_contract(row)


def lock_store(tx: Session, store_id: int) -> StoreRow:
    """The store, unchanged by others until the transaction ends; rows below it may still be written."""
    row = tx.scalar(select(StoreRow).where(StoreRow.id == store_id).with_for_update(key_share=True))
    if row is None:
        raise LookupError(f"There is no store {store_id}.")
    return row


def park(db: Database, store_id: int, words: str, now: datetime, used: Store | None = None) -> None:
    """Stops asking the platform; the merchant sees `words` until the store is connected again, and is alerted once.
    A store that was taken off stays off. `used`: whose credentials were refused; those that its merchant has brought
    since are not."""
    with db.transaction(store_id) as tx:
        row = lock_store(tx, store_id)
        if row.status == "uninstalled" or (used is not None and as_contract(row).credentials != used.credentials):
            return
        if row.status != "parked":
            put(tx, "stores.alert", {}, due_at=now, store=store_id, key=f"alert:{store_id}")
        row.status, row.trouble = "parked", pack(words)


def refresh_all(db: Database, clock: Clock) -> None:
    """The daily round: promises to renew the access of every store which nothing would renew any more in 45 days,
    because nobody has asked its platform for anything since."""
    now = clock.now()
    ending = (
        StoreRow.refresh_before <= now + LONG_BEFORE, StoreRow.credentials.is_not(None),
        StoreRow.status.in_(("connected", "parked")),
    )  # fmt: skip
    with db.transaction(ALL, "renew what would end for good") as tx:
        busy = list_busy_stores(tx, "stores.refresh")
        due = [one for one in tx.scalars(select(StoreRow.id).where(*ending).order_by(StoreRow.id)) if one not in busy]
        for place, store_id in enumerate(due):
            due_at = now + SPREAD * place / len(due)
            put(tx, "stores.refresh", {}, due_at=due_at, store=store_id, key=f"refresh:{store_id}")


def refresh_store(db: Database, registry: Registry, clock: Clock, job: Claimed) -> None:
    """The job `stores.refresh`. An access that nothing renews any more parks the store. Raises what else
    `refresh_access` raises: the engine tries again or buries by its class."""
    assert job.store is not None
    with db.reading(job.store) as tx:
        row = get_store(tx, job.store)
        platform, store, last_day = row.platform, as_contract(row), row.refresh_before
    if store.credentials and last_day is not None and last_day <= clock.now() + LONG_BEFORE:
        adapter = registry.get(platform)
        try:
            renew_access(db, adapter, job.store, store)
        except AccessRevoked as error:
            park(db, job.store, error.words, clock.now(), store)
    with db.transaction(job.store) as tx:
        finish(tx, job)
