"""Asking the platform to keep its own mails back, for a while and again and again: whoever stops asking, because the
server died or the merchant changed their mind, leaves the shopper with the platform's mails, never with none."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from plugin.contract import (
    AccessRevoked,
    Capability,
    Clock,
    MailLease,
    NotFound,
    Notice,
    PlatformRefused,
    Unsupported,
)
from plugin.database import ALL, Database
from plugin.registry import Registry
from plugin.stores.access import ask_platform
from plugin.stores.connect import get_store, has_access, list_stores
from plugin.stores.models import StoreRow
from plugin.work import Claimed, finish, list_busy_stores, put

LIFE = timedelta(minutes=45)
"""Of one lease; renewed every ten minutes, so that a short outage changes nothing."""
SPREAD = timedelta(minutes=5)
"""Over how long the stores of one round are spread."""


def wants_lease(row: StoreRow) -> bool:
    """Whether the platform's mails are ours to send: handed over, live, and a platform that can keep silent."""
    able = Capability.MAIL_LEASE.value in row.capabilities and has_access(row)
    return able and row.live_at is not None and row.mail_mode == "all" and row.mails_since is not None


def is_leased(row: StoreRow, now: datetime) -> bool:
    """Whether the platform may still be silent: what it last heard from us neither ran out nor was taken back."""
    return row.mails_leased_until is not None and row.mails_leased_until > now


def promise_lease(tx: Session, row: StoreRow, now: datetime) -> None:
    """Brings the platform to what the merchant wishes, at once."""
    put(tx, "stores.lease", {}, due_at=now, store=row.id, key=f"lease:{row.id}")


def lease_all(db: Database, clock: Clock) -> None:
    """Promises to renew every lease, and to end those that are no longer wished, one store after the other."""
    now = clock.now()
    with db.transaction(ALL, "renew the mail leases") as tx:
        busy = list_busy_stores(tx, "stores.lease")
        stores = list_stores(tx)
        for row in stores:
            note_hand_over(row, now)
        due = [row for row in stores if row.id not in busy and (wants_lease(row) or is_leased(row, now))]
        for place, row in enumerate(due):
            promise_lease(tx, row, now + SPREAD * place / len(due))


def note_hand_over(row: StoreRow, now: datetime) -> None:
    """Keeps since when the mails are ours: from the hand-over or from going live, whichever came later. Orders
    placed before stay with the platform."""
    if row.mail_mode != "all" or row.live_at is None:
        row.mails_since = None
    elif row.mails_since is None:
        row.mails_since = now


def lease_mails(db: Database, registry: Registry, clock: Clock, job: Claimed) -> None:
    """The job `stores.lease`: renews the store's lease, or hands the mails back, once. A platform that cannot be
    reached hands them back to itself when the lease ends."""
    assert job.store is not None
    now = clock.now()
    with db.reading(job.store) as tx:
        row = get_store(tx, job.store)
        wanted, leased, reachable = wants_lease(row), row.mails_leased_until, row.credentials is not None
        lease = _make_lease(row, now) if wanted else None
    if lease is None and (leased is None or leased <= now or not reachable):
        _note(db, job, leased)
        return
    try:
        ask_platform(db, registry, job.store, lambda adapter, store: adapter.lease_mails(store, lease))
    except (PlatformRefused, NotFound, Unsupported, AccessRevoked):
        _note(db, job, leased)  # then the platform mails by itself, at the latest when the lease ends
        return
    _note(db, job, lease.expires_at if lease is not None else clock.now())


def _make_lease(row: StoreRow, now: datetime) -> MailLease:
    assert row.mails_since is not None
    mailed = frozenset(Notice(name) for name in row.platform_mails)
    return MailLease(notices=mailed, orders_since=row.mails_since, expires_at=now + LIFE)


def _note(db: Database, job: Claimed, until: datetime | None) -> None:
    assert job.store is not None
    with db.transaction(job.store) as tx:
        get_store(tx, job.store).mails_leased_until = until
        finish(tx, job)
