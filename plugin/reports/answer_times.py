"""How long shoppers waited for the first word of a person. What the bot said does not count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care import ConversationRow, WaitRow
from plugin.reports.ranges import Range

IN_TIME = timedelta(minutes=10)
"""What most shoppers call "at once": six of ten name ten minutes or less (facts/what-users-ask.md, S35)."""
FEWEST = 5
"""Waits below which a share or a median says nothing."""
MOST_READ = 20_000


@dataclass(frozen=True)
class Waited:
    """One wait. `state`: ``in_time``, ``late``, ``unanswered`` (ten minutes are over, or it ended without a word of a
    person), ``outside`` (it began while the shop was closed: the ten minutes do not count) or ``open`` (not over)."""

    conversation: str
    since: datetime
    replied_at: datetime | None
    open_seconds: int | None
    phase: str
    channel: str
    state: str


@dataclass(frozen=True)
class AnswerTimes:
    """`in_time` of `counted`: waits that began within hours and were answered within ten minutes. `median_seconds`,
    `slow_seconds` (nine of ten were faster): of all that were answered, counting opening hours alone; None under
    5. `unanswered`: waits nobody answered, begun within hours or not."""

    waits: int
    counted: int
    in_time: int
    answered: int
    unanswered: int
    median_seconds: int | None
    slow_seconds: int | None

    @property
    def share(self) -> float | None:
        """Of first human replies within ten minutes, 0..1; None under 5 waits."""
        return self.in_time / self.counted if self.counted >= FEWEST else None


def read_answer_times(tx: Session, store_id: int, when: Range) -> AnswerTimes:
    """The figures of all waits that began in the range."""
    return sum_up(list_waits(tx, store_id, when))


def list_waits(tx: Session, store_id: int, when: Range) -> Sequence[Waited]:
    """All waits that began in the range, the newest first, 20,000 at most."""
    joined = (WaitRow.store_id == ConversationRow.store_id) & (WaitRow.conversation_id == ConversationRow.id)
    which = (
        WaitRow.store_id == store_id, ConversationRow.store_id == store_id, WaitRow.since >= when.since,
        WaitRow.since <= when.until,
    )  # fmt: skip
    chosen = select(WaitRow, ConversationRow.public_id).join(ConversationRow, joined).where(*which)
    found = tx.execute(chosen.order_by(WaitRow.since.desc(), WaitRow.id.desc()).limit(MOST_READ))
    return [
        Waited(
            public_id, row.since, row.replied_at, row.open_seconds, row.phase, row.channel,
            _judge(row, when.until),
        )
        for row, public_id in found
    ]  # fmt: skip


def _judge(row: WaitRow, now: datetime) -> str:
    if row.replied_at is None:
        if row.ended:
            return "unanswered"
        if not row.within_hours:
            return "open"
        return "unanswered" if now - row.since > IN_TIME else "open"
    if not row.within_hours:
        return "outside"
    return "in_time" if row.replied_at - row.since <= IN_TIME else "late"


def sum_up(waits: Sequence[Waited]) -> AnswerTimes:
    """The figures of waits that were listed."""
    states = [one.state for one in waits]
    times = [one.open_seconds for one in waits if one.open_seconds is not None]
    in_time, late, unanswered = (states.count(state) for state in ("in_time", "late", "unanswered"))
    enough = len(times) >= FEWEST
    return AnswerTimes(
        waits=len(waits), counted=in_time + late + unanswered, in_time=in_time,
        answered=sum(one.replied_at is not None for one in waits), unanswered=unanswered,
        median_seconds=round(median(times)) if enough else None,
        slow_seconds=round(quantiles(times, n=10)[-1]) if enough else None,
    )  # fmt: skip
