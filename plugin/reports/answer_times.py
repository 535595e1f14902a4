"""How long shoppers waited for the first word of a person. What the bot said does not count, nor do hours in which the
shop is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care import ConversationRow, WaitRow
from plugin.reports.ranges import MOST_READ, Range
from plugin.stores import StoreRow
from plugin.stores.hours import count_open_seconds

IN_TIME = timedelta(minutes=10)
"""What most shoppers call "at once": six of ten name ten minutes or less (facts/what-users-ask.md, S35)."""
FEWEST = 5
"""Waits below which a share or a median says nothing."""

IN, LATE, OUTSIDE, UNANSWERED, OPEN, OVERDUE = "in_time", "late", "outside", "unanswered", "open", "overdue"
STATES = (IN, LATE, OUTSIDE, UNANSWERED, OPEN, OVERDUE)
COUNTED, ANSWERED, WAITING = "counted", "answered", "waiting"
"""Several states at once: those that the share is of, those that the median is of, those that still wait."""


@dataclass(frozen=True)
class Waited:
    """One wait. `state`: ``in_time`` or ``late`` (answered; it began within opening hours), ``outside`` (answered; it
    began while the shop was closed), ``unanswered`` (it ended without a word of a person), ``open`` (not over) or
    ``overdue`` (not over, and longer than ten minutes of opening hours). `seconds`: how long, up to the reply or to
    now: of opening hours where it began within them, else by the clock."""

    conversation: str
    since: datetime
    within_hours: bool
    seconds: int | None
    phase: str
    channel: str
    state: str

    def is_of(self, name: str) -> bool:
        """Whether it stands behind what is called `name`: one of `STATES`, ``counted``, ``answered``, ``waiting``, or
        '' for all."""
        if name == COUNTED:
            return self.within_hours and self.state != OPEN
        if name == ANSWERED:
            return self.state in (IN, LATE)
        if name == WAITING:
            return self.state in (OPEN, OVERDUE)
        return name in ("", self.state)


@dataclass(frozen=True)
class AnswerTimes:
    """`in_time` of `counted`: waits that began within hours and are decided, and those answered within ten minutes of
    opening hours. `median_seconds`, `slow_seconds` (nine of ten were as fast or faster): of the `answered` that began
    within hours; None under 5. `outside`: answered, begun while closed. `unanswered`: ended without a person.
    `waiting`: now."""

    waits: int
    counted: int
    in_time: int
    late: int
    answered: int
    outside: int
    unanswered: int
    waiting: int
    median_seconds: int | None
    slow_seconds: int | None

    @property
    def share(self) -> float | None:
        """Of first human replies within ten minutes, 0..1; None under 5 waits."""
        return self.in_time / self.counted if self.counted >= FEWEST else None


def list_waits(tx: Session, store: StoreRow, when: Range) -> Sequence[Waited]:
    """All waits that began in the range, the newest first."""
    joined = (WaitRow.store_id == ConversationRow.store_id) & (WaitRow.conversation_id == ConversationRow.id)
    which = (
        WaitRow.store_id == store.id, ConversationRow.store_id == store.id, WaitRow.since >= when.since,
        WaitRow.since <= when.until,
    )  # fmt: skip
    chosen = select(WaitRow, ConversationRow.public_id).join(ConversationRow, joined).where(*which)
    found = tx.execute(chosen.order_by(WaitRow.since.desc(), WaitRow.id.desc()).limit(MOST_READ))
    return [_judge(store, row, public_id, when.now) for row, public_id in found]


def _judge(store: StoreRow, row: WaitRow, public_id: str, now: datetime) -> Waited:
    seconds = _count_seconds(store, row, now)
    if row.replied_at is not None:
        state = OUTSIDE if not row.within_hours else IN if (row.open_seconds or 0) <= IN_TIME.total_seconds() else LATE
    elif row.ended:
        state, seconds = UNANSWERED, None
    else:
        lasted = seconds if row.within_hours else count_open_seconds(store, row.since, now)
        state = OVERDUE if (lasted or 0) > IN_TIME.total_seconds() else OPEN
    return Waited(public_id, row.since, row.within_hours, seconds, row.phase, row.channel, state)


def _count_seconds(store: StoreRow, row: WaitRow, now: datetime) -> int | None:
    until = row.replied_at or now
    if not row.within_hours:
        return max(0, round((until - row.since).total_seconds()))
    return row.open_seconds if row.replied_at is not None else count_open_seconds(store, row.since, now)


def sum_up(waits: Sequence[Waited]) -> AnswerTimes:
    """The figures of waits that were listed."""

    def count(name: str) -> int:
        return sum(one.is_of(name) for one in waits)

    times = [one.seconds for one in waits if one.is_of(ANSWERED) and one.seconds is not None]
    enough = len(times) >= FEWEST
    return AnswerTimes(
        waits=len(waits), counted=count(COUNTED), in_time=count(IN), late=count(LATE), answered=len(times),
        outside=count(OUTSIDE), unanswered=count(UNANSWERED), waiting=count(WAITING),
        median_seconds=round(median(times)) if enough else None,
        slow_seconds=round(quantiles(times, n=10, method="inclusive")[-1]) if enough else None,
    )  # fmt: skip
