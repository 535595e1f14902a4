"""Promising work, and the states of what was promised. All functions take the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, Integer, bindparam, case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from plugin.database import Prepared, Transaction, UTCDateTime, after_commit, write_later
from plugin.work.models import HAS_KEY, Job

CHANNEL = "mostrador_outbox"
LEASE = timedelta(minutes=5)
"""Longer than the slowest mail server may take over one mail: whoever still holds a job is at work on it."""


@dataclass
class Claimed:
    """A job in somebody's hands; `done` once its end is committed."""

    id: int
    kind: str
    store: int | None
    payload: dict[str, Any]
    tries: int
    first_due_at: datetime
    leased_until: datetime | None = None
    done: bool = False


def put(
    tx: Transaction,
    kind: str,
    payload: dict[str, Any],
    *,
    due_at: datetime,
    store: int | None = None,
    key: str | None = None,
) -> None:
    """Promises a job. With a `key`, a promise already waiting is kept, at the earlier of the two times."""
    values = {
        "kind": kind,
        "store": store,
        "key": key,
        "payload": payload,
        "due_at": due_at,
        "first_due_at": due_at,
        "tries": 0,
    }
    if key is None:
        _PUT.run_later(tx, values)
    else:
        _PUT_ONCE.run_later(tx, values, locks=key)
    _wake(tx)


def _insert(dialect: str) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    names = ("kind", "store", "key", "payload", "due_at", "first_due_at", "tries")
    values = {name: bindparam(name, type_=Job.__table__.c[name].type) for name in names}
    return insert(Job).values(values).inline()


def _insert_once(dialect: str) -> Executable:
    statement = _insert(dialect)
    return statement.on_conflict_do_update(
        index_elements=[Job.key],
        index_where=HAS_KEY,
        set_={"due_at": statement.excluded.due_at, "first_due_at": statement.excluded.due_at},
        where=statement.excluded.due_at < Job.due_at,
    )


_PUT, _PUT_ONCE = Prepared(_insert), Prepared(_insert_once)


def _wake(tx: Transaction) -> None:
    if tx.info.get("woken"):
        return
    tx.info["woken"] = True
    if tx.connection().dialect.name == "postgresql":
        write_later(tx, f"NOTIFY {CHANNEL}")
    for engine in _listening:
        after_commit(tx, engine.wake)


_listening: list[Any] = []
"""The engines of this process, woken after a commit that promised something."""


def claim(tx: Transaction, now: datetime, most: int) -> list[Claimed]:
    """Takes up to `most` due jobs, leased for `LEASE`; no two workers get the same one."""
    rows = _CLAIM.read(tx, {"moment": now, "lease": now + LEASE, "most": most})
    in_order = sorted(rows, key=lambda row: (row.due_at, row.id))
    return [
        Claimed(row.id, row.kind, row.store, row.payload, row.tries, row.first_due_at, now + LEASE)
        for row in in_order
    ]


def _claiming() -> Executable:
    columns, moment = Job.__table__.c, bindparam("moment", type_=UTCDateTime)
    free = or_(columns.leased_until.is_(None), columns.leased_until <= moment)
    due = (
        select(columns.id)
        .where(columns.buried_at.is_(None), columns.due_at <= moment, free)
        .order_by(columns.due_at, columns.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("due")  # looked up once: inside IN itself PostgreSQL may do it again and take more than `most`
    )
    # Giving up is counted from the first try: a job that waited while everything was off has not failed yet.
    first = case((columns.tries == 0, moment), else_=columns.first_due_at)
    lease = bindparam("lease", type_=UTCDateTime)
    taken = {"leased_until": lease, "key": None, "tries": columns.tries + 1, "first_due_at": first}
    names = ("id", "kind", "store", "payload", "tries", "first_due_at", "due_at")
    chosen = update(Job.__table__).where(columns.id.in_(select(due.c.id))).values(taken)  # type: ignore[arg-type]
    return chosen.returning(*(columns[name] for name in names))


_CLAIM = Prepared(lambda _: _claiming())


def claim_at_once(tx: Session, kind: str, store: int, now: datetime) -> Claimed | None:
    """A store's waiting job of one kind, due or not, for somebody who waits for its end. None: there is none, or it is
    in other hands."""
    free = or_(Job.leased_until.is_(None), Job.leased_until <= now)
    mine = select(Job).where(Job.kind == kind, Job.store == store, Job.buried_at.is_(None), free)
    row = tx.scalar(mine.order_by(Job.id).limit(1).with_for_update(skip_locked=True))
    if row is None:
        return None
    row.leased_until, row.key, row.tries = now + LEASE, None, row.tries + 1
    return Claimed(row.id, row.kind, row.store, row.payload, row.tries, row.first_due_at, row.leased_until)


def finish(tx: Transaction, job: Claimed) -> None:
    """The job is done: its row goes, best in the transaction of its effect."""
    _FINISH.run_later(tx, {"job": job.id})
    after_commit(tx, lambda: setattr(job, "done", True))


_FINISH = Prepared(lambda _: delete(Job).where(Job.id == bindparam("job", type_=Integer)))


def postpone(tx: Session, job: Claimed, due_at: datetime, words: str) -> None:
    """The job is tried again at `due_at`."""
    tx.execute(update(Job).where(Job.id == job.id).values(due_at=due_at, leased_until=None, words=words))


def bury(tx: Session, job: Claimed, now: datetime, words: str) -> None:
    """The job is given up, kept with its words, replayable."""
    tx.execute(update(Job).where(Job.id == job.id).values(buried_at=now, leased_until=None, words=words))


def replay_buried(tx: Session, now: datetime, store: int | None = None) -> int:
    """Digs buried jobs up again; gives their number."""
    which = [Job.buried_at.is_not(None)] + ([Job.store == store] if store is not None else [])
    jobs = list(tx.scalars(select(Job).where(*which)))
    for job in jobs:
        job.buried_at, job.due_at, job.first_due_at, job.tries = None, now, now, 0
    _wake(tx)
    return len(jobs)


def buried(tx: Session, store: int | None = None) -> Sequence[Job]:
    """What was given up, newest first."""
    which = [Job.buried_at.is_not(None)] + ([Job.store == store] if store is not None else [])
    return list(tx.scalars(select(Job).where(*which).order_by(Job.buried_at.desc())))


def list_promised(tx: Session, kind: str, store: int) -> Sequence[Job]:
    """A store's jobs of one kind that are not done, given up or not, oldest first."""
    return list(tx.scalars(select(Job).where(Job.kind == kind, Job.store == store).order_by(Job.id)))


def list_busy_stores(tx: Session, kind: str) -> frozenset[int]:
    """The stores that have a job of this kind waiting, in hands or to be tried again: for rounds, which would
    otherwise pile up in front of a platform that is down."""
    found = tx.scalars(select(Job.store).where(Job.kind == kind, Job.buried_at.is_(None)).distinct())
    return frozenset(store for store in found if store is not None)


def clear_leases(tx: Session) -> int:
    """For a process that is the only worker: what was in hands when it died is free at once."""
    freed = tx.execute(update(Job).where(Job.leased_until.is_not(None)).values(leased_until=None))
    return int(getattr(freed, "rowcount", 0))


def next_due(tx: Transaction) -> datetime | None:
    """When the next job nobody holds is due."""
    rows = _NEXT_DUE.read(tx, {"most": 1})
    found: datetime | None = rows[0].due_at if rows else None
    return found


_NEXT_DUE = Prepared(
    lambda _: (
        select(Job.__table__.c.due_at)
        .where(Job.__table__.c.buried_at.is_(None), Job.__table__.c.leased_until.is_(None))
        .order_by(Job.__table__.c.due_at)
        .limit(bindparam("most", type_=Integer))
    )
)


def count_due(tx: Session, now: datetime) -> int:
    """How many jobs are due or in hands."""
    waiting = or_(Job.due_at <= now, Job.leased_until.is_not(None))
    return tx.scalar(select(func.count()).select_from(Job).where(Job.buried_at.is_(None), waiting)) or 0
