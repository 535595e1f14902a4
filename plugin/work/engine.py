"""The embedded engine: one dispatcher and a few threads in the process that serves.

A commit that promised something wakes the dispatcher at once; it claims what is due and hands it out.
Handlers are idempotent: a job may run twice when a process dies between its effect and its end. The class
of a handler's error decides what happens (see `plugin.contract`). Another engine takes this one's place by
offering `start`, `stop` and `wake`.
"""

from __future__ import annotations

import logging
import queue
import random
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from plugin.contract import (
    AdapterError,
    Clock,
    PlatformDown,
    RateLimited,
)
from plugin.database import ALL, Database
from plugin.work import outbox
from plugin.work.offload import give_way
from plugin.work.outbox import Claimed

log = logging.getLogger("mostrador.work")

GIVE_UP_AFTER = timedelta(hours=26)
LONGEST_PAUSE = timedelta(minutes=30)
SAFETY_POLL = 5.0
AHEAD = 3
"""Jobs claimed per hand: claiming a few at once costs hardly more than claiming one."""
LONGEST_BOW = 0.05
"""Seconds a job waits at most for requests that are ready to be answered, while others wait behind it."""

Handler = Callable[[Claimed], None]


class TryLater(Exception):
    """A handler's wish: run this job again after `after` (or after the usual pause)."""

    def __init__(self, words: str, after: timedelta | None = None) -> None:
        super().__init__(words)
        self.after = after


def pause(tries: int) -> timedelta:
    """How long to wait after the n-th failure: 2 s doubling to 30 min, +-20 % so that crowds spread."""
    base = min(2.0 ** min(tries, 20), LONGEST_PAUSE.total_seconds())
    return timedelta(seconds=base * random.uniform(0.8, 1.2))  # noqa: S311 - spreads load, guards nothing


class Engine:
    """Runs jobs of `kinds` (kind → handler) with `threads` at once."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        kinds: Mapping[str, Handler],
        threads: int = 4,
        *,
        alone: bool = True,
    ) -> None:
        self.db, self.clock, self.kinds, self.alone = db, clock, kinds, alone
        self._count = threads
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._hands: queue.SimpleQueue[Claimed | None] = queue.SimpleQueue()
        self._busy = 0
        self._guard = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Starts working. `alone`: no other process works on this database, so old leases are void."""
        if self.alone:
            with self.db.transaction(ALL, "leases of a dead process") as tx:
                outbox.clear_leases(tx)
        outbox._listening.append(self)
        names = ["dispatch"] + [f"hand-{n}" for n in range(self._count)]
        targets = [self._dispatch] + [self._work] * self._count
        if not self.db.is_sqlite:
            names, targets = [*names, "listen"], [*targets, self._listen]
        for name, target in zip(names, targets, strict=True):
            thread = threading.Thread(target=target, name=f"work-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float = 20.0) -> None:
        """Finishes what is in hands, starts nothing new."""
        self._stopping.set()
        self.wake()
        if self in outbox._listening:
            outbox._listening.remove(self)
        for _ in range(self._count):
            self._hands.put(None)
        for thread in self._threads:
            thread.join(timeout)

    def wake(self) -> None:
        """Something was promised, or the clock was moved."""
        self._woken.set()

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                wait = self._hand_out()
            except Exception:
                log.exception("The outbox could not be read; trying again.")
                wait = 1.0
            if wait > 0:
                self._woken.wait(wait)

    def _hand_out(self) -> float:
        """Claims for the hands and a little ahead; gives the seconds until it is worth looking again."""
        with self._guard:
            busy = self._busy
        if busy > self._count:
            return SAFETY_POLL
        now, wanted = self.clock.now(), self._count * AHEAD - busy
        with self.db.plain_transaction(ALL, "claim due jobs") as tx:
            jobs = outbox.claim(tx, now, wanted)
            next_due = outbox.next_due(tx) if len(jobs) < wanted else now
        with self._guard:
            self._busy += len(jobs)
        for job in jobs:
            self._hands.put(job)
        # Due and yet not ours: another process is just taking it.
        return (
            min(max((next_due - now).total_seconds(), 0.004) + 0.001, SAFETY_POLL)
            if next_due
            else SAFETY_POLL
        )

    def _work(self) -> None:
        while (job := self._hands.get()) is not None:
            if not self._hands.empty():
                give_way(LONGEST_BOW)
            try:
                # Whoever waited longer than his lease may find another hand at it.
                if job.leased_until is None or self.clock.now() < job.leased_until:
                    self.run(job)
            except Exception:
                log.exception("Job %s could not be put away; its lease will run out.", job.id)
            with self._guard:
                self._busy -= 1
            self.wake()

    def run(self, job: Claimed) -> None:
        """Runs one job to its end: done, postponed or buried."""
        handler = self.kinds.get(job.kind)
        try:
            if handler is None:
                raise LookupError(f"No handler for jobs of kind {job.kind}.")
            handler(job)
        except Exception as error:
            self._put_away(job, error)
        else:
            if not job.done:
                with self.db.transaction(ALL, "job done") as tx:
                    outbox.finish(tx, job)

    def _put_away(self, job: Claimed, error: Exception) -> None:
        now = self.clock.now()
        again = next_try(error, job.tries, now)
        words = f"{type(error).__name__}: {error}"[:2000]
        given_up = again is None or again - job.first_due_at > GIVE_UP_AFTER
        with self.db.transaction(ALL, "job failed") as tx:
            if again is None or given_up:
                outbox.bury(tx, job, now, words)
            else:
                outbox.postpone(tx, job, again, words)
        if given_up:
            log.error("Job %s (%s) is buried: %s", job.id, job.kind, type(error).__name__)
        elif not isinstance(error, TryLater | AdapterError):
            log.warning("Job %s (%s) failed and is tried again.", job.id, job.kind, exc_info=error)

    def _listen(self) -> None:
        """On PostgreSQL other processes promise work too; NOTIFY wakes us."""
        while not self._stopping.is_set():
            try:
                with self.db.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql(f"LISTEN {outbox.CHANNEL}")
                    raw = connection.connection.driver_connection
                    while raw is not None and not self._stopping.is_set():
                        for _note in raw.notifies(timeout=1.0, stop_after=1):
                            self.wake()
            except Exception:
                log.warning("Listening for new jobs was interrupted; polling meanwhile.")
                self._stopping.wait(1.0)


def is_last_try(job: Claimed, now: datetime) -> bool:
    """Whether a job that fails now may be given up: who promised it can then say so where people look."""
    return now + LONGEST_PAUSE * 1.2 - job.first_due_at > GIVE_UP_AFTER


def next_try(error: Exception, tries: int, now: datetime) -> datetime | None:
    """When a job that failed with `error` runs again; None: it is buried now."""
    if isinstance(error, TryLater) and error.after is not None:
        return now + error.after
    if isinstance(error, RateLimited):
        return now + timedelta(seconds=error.retry_after) + pause(0)
    if isinstance(error, AdapterError) and not isinstance(error, PlatformDown):
        return None
    return now + pause(tries)
