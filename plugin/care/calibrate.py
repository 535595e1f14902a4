"""The nightly look at how sure the bot was and how often it was right: how sure it must be follows from it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from plugin.care.models import MessageRow
from plugin.contract import Clock
from plugin.database import ALL, Database
from plugin.help import choose_threshold, pack_calibration
from plugin.stores import get_store, list_stores
from plugin.work import Claimed, finish, offload, put

LOOKED_BACK = timedelta(days=60)
MOST_READ = 20_000
"""Newest answers of the sixty days that are looked at."""


def calibrate_all(db: Database, clock: Clock) -> None:
    """The nightly round: promises a look at every store that is here."""
    now = clock.now()
    with db.transaction(ALL, "calibrate the bot of every store") as tx:
        for row in list_stores(tx):
            if row.status != "uninstalled":
                put(tx, "care.calibrate", {}, due_at=now, store=row.id, key=f"calibrate:{row.id}")


def calibrate_store(db: Database, clock: Clock, job: Claimed) -> None:
    """The job `care.calibrate`: chooses the store's threshold from the confidences of the bot's answers, what was said
    of them, and the share of wrong answers that its merchant allows. Without any answer nothing changes."""
    assert job.store is not None
    now = clock.now()
    which = (
        MessageRow.store_id == job.store, MessageRow.confidence.is_not(None),
        MessageRow.created_at > now - LOOKED_BACK,
    )  # fmt: skip
    newest = select(MessageRow.confidence, MessageRow.verdict, MessageRow.offer).where(*which)
    with db.reading(job.store) as tx:
        target = get_store(tx, job.store).wrong_target
        rows = tx.execute(newest.order_by(MessageRow.id.desc()).limit(MOST_READ)).all()
    # A verdict on "I do not know" says nothing about the article that was nearest.
    said = [None if row.offer == "person" or row.verdict is None else row.verdict == "right" for row in rows]
    chosen = offload(choose_threshold, [row.confidence for row in rows], said, target) if rows else None
    with db.transaction(job.store) as tx:
        if chosen is not None:
            get_store(tx, job.store).calibration = pack_calibration(chosen, target, now)
        finish(tx, job)
