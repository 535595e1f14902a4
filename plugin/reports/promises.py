"""Whether shoppers were answered by the time they had been told. Counted are the promises whose time ran out in the
range, so that each is decided, whatever became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care import ConversationRow, PromiseRow
from plugin.reports.ranges import MOST_READ, Range

FEWEST = 5
"""Promises below which a share says nothing."""

KEPT, LATE, UNANSWERED, OVERDUE = "kept", "late", "unanswered", "overdue"


@dataclass(frozen=True)
class Promised:
    """One promise. `state`: ``kept`` (a person answered by then), ``late`` (a person answered after it),
    ``unanswered`` (it ended without a word of a person) or ``overdue`` (nobody has answered yet). `answered_at`: when
    a person did; None: never."""

    conversation: str
    made_at: datetime
    promised_by: datetime
    answered_at: datetime | None
    phase: str
    state: str


@dataclass(frozen=True)
class KeptPromises:
    """How many of the `promises` whose time ran out were `kept`."""

    promises: int
    kept: int

    @property
    def share(self) -> float | None:
        """0..1; None under 5 promises."""
        return self.kept / self.promises if self.promises >= FEWEST else None


def list_promises(tx: Session, store_id: int, when: Range) -> Sequence[Promised]:
    """All promises whose time ran out in the range, the newest first."""
    theirs = (PromiseRow.store_id == ConversationRow.store_id) & (PromiseRow.conversation_id == ConversationRow.id)
    which = (
        PromiseRow.store_id == store_id, ConversationRow.store_id == store_id, PromiseRow.promised_by >= when.since,
        PromiseRow.promised_by <= when.until,
    )  # fmt: skip
    chosen = select(PromiseRow, ConversationRow.public_id, ConversationRow.phase).join(ConversationRow, theirs)
    newest = (PromiseRow.promised_by.desc(), PromiseRow.id.desc())
    found = tx.execute(chosen.where(*which).order_by(*newest).limit(MOST_READ))
    return [
        Promised(
            public_id, row.made_at, row.promised_by, row.ended_at if row.ended == "replied" else None, phase,
            _judge(row),
        )
        for row, public_id, phase in found
    ]  # fmt: skip


def _judge(row: PromiseRow) -> str:
    if row.ended == "replied" and row.ended_at is not None:
        return KEPT if row.ended_at <= row.promised_by else LATE
    return UNANSWERED if row.ended else OVERDUE


def sum_promises(promises: Sequence[Promised]) -> KeptPromises:
    """The figures of promises that were listed."""
    return KeptPromises(len(promises), sum(one.state == KEPT for one in promises))
