"""What shoppers asked and nothing answered. A gap is a mark on the shopper's message, and goes with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow, MessageRow
from plugin.care.threads import PUBLIC_ID
from plugin.help import mask_phrasing
from plugin.help.alike import group_alike

OPEN, MADE, DISMISSED = "open", "article", "dismissed"
STATES = (OPEN, MADE, DISMISSED)
MOST_LOOKED_AT = 300
"""Questions that are put together at once: the newest."""

Place = tuple[str, int]
"""(conversation's public id, position of the message in it)."""


@dataclass(frozen=True)
class Gap:
    """One question, its words masked as those that are learned."""

    conversation: str
    position: int
    words: str
    locale: str
    asked_at: datetime

    @property
    def place(self) -> Place:
        return self.conversation, self.position


@dataclass(frozen=True)
class GapGroup:
    """Questions that ask for the same, the newest first."""

    gaps: Sequence[Gap]

    @property
    def newest(self) -> Gap:
        return self.gaps[0]


def note_gap(tx: Session, message: MessageRow) -> None:
    """The bot had no answer to this message of a shopper. What somebody decided of it before stays."""
    if message.author == "shopper" and message.gap is None:
        message.gap = OPEN
        tx.flush()


def list_gaps(tx: Session, store_id: int, state: str = OPEN) -> tuple[list[Gap], bool]:
    """The newest gaps of this state, and whether there are more than are looked at."""
    talk, said = ConversationRow, MessageRow
    query = (
        select(talk.public_id, said.position, said.text, talk.locale, said.created_at)
        .join(talk, (talk.id == said.conversation_id) & (talk.store_id == said.store_id))
        .where(said.store_id == store_id, talk.store_id == store_id, said.gap == state)
        .order_by(said.created_at.desc(), said.id.desc())
        .limit(MOST_LOOKED_AT + 1)
    )
    rows = tx.execute(query).all()
    found = [Gap(row[0], row[1], mask_phrasing(row[2]), row[3], row[4]) for row in rows[:MOST_LOOKED_AT]]
    return found, len(rows) > MOST_LOOKED_AT


def group_gaps(gaps: Sequence[Gap]) -> list[GapGroup]:
    """Those that are asked most first, then the newest. Not inside a transaction: it computes."""
    groups = [GapGroup([gaps[place] for place in places])
              for places in group_alike([(one.words, one.locale) for one in gaps])]  # fmt: skip
    return sorted(groups, key=lambda one: -len(one.gaps))


def count_gaps(tx: Session, store_id: int) -> dict[str, int]:
    """State → number of questions."""
    said = MessageRow
    query = select(said.gap, func.count()).where(said.store_id == store_id, said.gap.is_not(None)).group_by(said.gap)
    counts = {str(row[0]): int(row[1]) for row in tx.execute(query)}
    return {state: counts.get(state, 0) for state in STATES}


def settle_gaps(tx: Session, store_id: int, places: Collection[Place], state: str, *, was: str = "") -> int:
    """Gives these gaps (with `was`: those in that state) another state; gives how many of them are this store's. Only
    what is a gap already can change: nobody makes one of a message that was answered. Raises ValueError for an unknown
    state."""
    if state not in STATES:
        raise ValueError(f"A gap is never {state!r}; there are: {', '.join(STATES)}.")
    found = 0
    for conversation, position in dict.fromkeys(places):
        row = _find_message(tx, store_id, conversation, position)
        if row is not None and row.gap is not None and was in ("", row.gap):
            row.gap = state
            found += 1
    tx.flush()
    return found


def read_question(tx: Session, store_id: int, conversation: str, position: int) -> Gap | None:
    """One message of a shopper as a question, whether it is a gap or not; None: there is none at this place."""
    row = _find_message(tx, store_id, conversation, position)
    if row is None or row.author != "shopper":
        return None
    which = (ConversationRow.store_id == store_id, ConversationRow.id == row.conversation_id)
    locale = tx.scalars(select(ConversationRow.locale).where(*which)).one()
    return Gap(conversation, position, mask_phrasing(row.text), locale, row.created_at)


def _find_message(tx: Session, store_id: int, conversation: str, position: int) -> MessageRow | None:
    if PUBLIC_ID.fullmatch(conversation) is None or not 0 < position < 2**31:
        return None
    which = (ConversationRow.store_id == store_id, ConversationRow.public_id == conversation)
    talk = select(ConversationRow.id).where(*which).scalar_subquery()
    mine = (MessageRow.store_id == store_id, MessageRow.conversation_id == talk, MessageRow.position == position)
    return tx.scalar(select(MessageRow).where(*mine))
