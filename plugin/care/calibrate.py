"""The nightly look at how sure the bot was and how often it was right: how sure it must be follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

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
MOST_OF_ONE = 20
"""Newest answers of one talk that are looked at: a shopper who never stops is not the whole shop."""


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
    said = (MessageRow.conversation_id, MessageRow.confidence, MessageRow.verdict, MessageRow.offer)
    newest = select(*said).where(*which)
    with db.reading(job.store) as tx:
        target = get_store(tx, job.store).wrong_target
        rows = tx.execute(newest.order_by(MessageRow.id.desc()).limit(MOST_READ)).all()
    confidences, verdicts = _weigh(rows)
    chosen = offload(choose_threshold, confidences, verdicts, target) if rows else None
    with db.transaction(job.store) as tx:
        if chosen is not None:
            get_store(tx, job.store).calibration = pack_calibration(chosen, target, now)
        finish(tx, job)


def _weigh(newest: Iterable[Any]) -> tuple[list[float], list[bool | None]]:
    """The confidences that count, and beside each whether it was right. Each talk says right once at most and wrong
    once, its newest ones: whoever says one of them a thousand times has said it once."""
    confidences: list[float] = []
    verdicts: list[bool | None] = []
    taken: dict[int, int] = {}
    heard: set[tuple[int, bool]] = set()
    for row in newest:
        # A verdict on "I do not know" says nothing about the article that was nearest.
        said = None if row.offer == "person" or row.verdict is None else row.verdict == "right"
        talk, counts = row.conversation_id, said is not None and (row.conversation_id, said) not in heard
        if not counts and taken.get(talk, 0) >= MOST_OF_ONE:
            continue
        taken[talk] = taken.get(talk, 0) + 1
        if said is not None:
            heard.add((talk, said))
        confidences.append(row.confidence)
        verdicts.append(said if counts else None)
    return confidences, verdicts
