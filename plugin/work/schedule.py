"""Work that comes round: one row per kind, put again when it ran."""

from __future__ import annotations

from datetime import timedelta

from plugin.contract import Clock
from plugin.database import ALL, Database
from plugin.work.engine import Handler
from plugin.work.outbox import Claimed, put


def repeat(db: Database, clock: Clock, kind: str, every: timedelta, handler: Handler) -> Handler:
    """Wraps `handler` so that its job is promised again before it runs; a failure does not end the series."""

    def again(job: Claimed) -> None:
        promise_next(db, clock, kind, every)
        handler(job)

    return again


def promise_next(db: Database, clock: Clock, kind: str, every: timedelta) -> None:
    """Promises the next round of `kind`, unless one is waiting."""
    with db.transaction(ALL, "schedule") as tx:
        put(tx, kind, {}, due_at=clock.now() + every, key=f"schedule:{kind}")
