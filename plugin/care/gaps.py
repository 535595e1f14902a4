"""What shoppers asked and nothing answered. A gap is a mark on the shopper's message, and goes with it.

Whoever asks the same as somebody before joins their group (see `plugin.care.gap_groups`), and is counted and settled
with it. Until that was looked for, and once somebody decides of it before, a question is a group by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow, MessageRow
from plugin.care.threads import PUBLIC_ID
from plugin.help import mask_phrasing
from plugin.work import put

OPEN, MADE, DISMISSED = "open", "article", "dismissed"
STATES = (OPEN, MADE, DISMISSED)
GROUP_AFTER = timedelta(seconds=10)
"""What is asked within this time is put together in one go."""
MOST_READ = 20
"""Questions of one group whose words are opened: the newest."""
MOST_PLACES = 300

Place = tuple[str, int]
"""(conversation's public id, position of the message in it)."""
_GROUP = func.coalesce(MessageRow.gap_group, MessageRow.id)


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
    """Questions that ask for the same. `gaps`: the newest `MOST_READ`, the newest first; `places`: where the newest
    `MOST_PLACES` stand; `count`: how many there are."""

    gaps: Sequence[Gap]
    places: Sequence[Place]
    count: int

    @property
    def newest(self) -> Gap:
        return self.gaps[0]


def note_gap(tx: Session, message: MessageRow, now: datetime) -> None:
    """The bot had no answer to this message of a shopper: it is a gap from here on, by itself until
    `plugin.care.gap_groups` finds who asked the same. What somebody decided of the message before stays."""
    if message.author != "shopper" or message.gap is not None:
        return
    message.gap = OPEN
    promise_grouping(tx, message.store_id, now + GROUP_AFTER)
    tx.flush()


def promise_grouping(tx: Session, store_id: int, at: datetime) -> None:
    """The job `care.group_gaps` of this store, at the latest then."""
    put(tx, "care.group_gaps", {}, due_at=at, store=store_id, key=f"gaps:{store_id}")


def list_gap_groups(tx: Session, store_id: int, state: str = OPEN, most: int = 30) -> list[GapGroup]:
    """Those with questions in this state that were asked most, then last; of each the questions in this state."""
    said, talk = MessageRow, ConversationRow
    mine = (said.store_id == store_id, said.gap == state)
    often = select(_GROUP, func.count()).where(*mine).group_by(_GROUP)
    ordered = often.order_by(func.count().desc(), func.max(said.id).desc()).limit(most)
    counts = {row[0]: row[1] for row in tx.execute(ordered)}
    newest = func.row_number().over(partition_by=_GROUP, order_by=said.id.desc()).label("number")
    ranked = select(_GROUP.label("gap_group"), said.id, said.conversation_id, said.position, newest)
    one = ranked.where(*mine, _GROUP.in_(counts)).subquery()
    placed = (
        select(one.c.gap_group, one.c.id, talk.public_id, one.c.position)
        .join(talk, talk.id == one.c.conversation_id)
        .where(talk.store_id == store_id, one.c.number <= MOST_PLACES)
        .order_by(one.c.id.desc())
    )
    ids, places = defaultdict[int, list[int]](list), defaultdict[int, list[Place]](list)
    for group, message_id, public_id, position in tx.execute(placed):
        ids[group].append(message_id)
        places[group].append((public_id, position))
    gaps = _read(tx, _select(store_id).where(said.id.in_([one for found in ids.values() for one in found[:MOST_READ]])))
    return [
        GapGroup([gaps[one] for one in ids[group][:MOST_READ]], places[group], count)
        for group, count in counts.items()
    ]


def list_alike(tx: Session, store_id: int, place: Place, most: int = MOST_PLACES) -> list[Gap]:
    """The open questions that ask for the same as the one at this place, which may be among them; the newest first."""
    row = _find_message(tx, store_id, *place)
    if row is None or row.gap is None:
        return []
    alike = _select(store_id).where(MessageRow.gap == OPEN, _GROUP == (row.gap_group or row.id))
    return list(_read(tx, alike.order_by(MessageRow.id.desc()).limit(most)).values())


def _select(store_id: int) -> Select[int, str, int, str, str, datetime]:
    talk, said = ConversationRow, MessageRow
    return (
        select(said.id, talk.public_id, said.position, said.text, talk.locale, said.created_at)
        .join(talk, (talk.id == said.conversation_id) & (talk.store_id == said.store_id))
        .where(said.store_id == store_id, talk.store_id == store_id)
    )


def _read(tx: Session, query: Select[int, str, int, str, str, datetime]) -> dict[int, Gap]:
    """Message id → question, in the query's order."""
    return {row[0]: Gap(row[1], row[2], mask_phrasing(row[3]), row[4], row[5]) for row in tx.execute(query)}


def count_gaps(tx: Session, store_id: int) -> dict[str, int]:
    """State → number of different questions: of groups, however often each was asked."""
    said = MessageRow
    alone = func.count() - func.count(said.gap_group)
    groups = select(said.gap, func.count(said.gap_group.distinct()) + alone)
    query = groups.where(said.store_id == store_id, said.gap.is_not(None)).group_by(said.gap)
    counts = {str(row[0]): int(row[1]) for row in tx.execute(query)}
    return {state: counts.get(state, 0) for state in STATES}


def settle_gaps(tx: Session, store_id: int, places: Collection[Place], state: str, *, was: str = "") -> int:
    """Gives these gaps (with `was`: those in that state) another state; gives how many of them are this store's. Only
    what is a gap already can change: nobody makes one of a message that was answered. Raises ValueError for an unknown
    state."""
    _check_state(state)
    found = 0
    for conversation, position in dict.fromkeys(places):
        row = _find_message(tx, store_id, conversation, position)
        if row is not None and row.gap is not None and was in ("", row.gap):
            row.gap, row.gap_group = state, row.gap_group or row.id
            found += 1
    tx.flush()
    return found


def settle_group(tx: Session, store_id: int, place: Place, state: str, *, was: str) -> int:
    """The same for everything in state `was` that asks for the same as the question at this place, also what was asked
    since the page was shown."""
    _check_state(state)
    row = _find_message(tx, store_id, *place)
    if row is None or row.gap is None:
        return 0
    alike = (MessageRow.store_id == store_id, MessageRow.gap == was, _GROUP == (row.gap_group or row.id))
    # By id, as whoever locks several messages does it: two of them never wait for each other.
    locked = tx.scalars(select(MessageRow.id).where(*alike).order_by(MessageRow.id).with_for_update()).all()
    tx.execute(update(MessageRow).where(*alike).values(gap=state, gap_group=_GROUP))
    return len(locked)


def _check_state(state: str) -> None:
    if state not in STATES:
        raise ValueError(f"A gap is never {state!r}; there are: {', '.join(STATES)}.")


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
