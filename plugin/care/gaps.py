"""What shoppers asked and nothing answered. A gap is a mark on the shopper's message, and goes with it.

Whoever asks the same as somebody before joins their group, and what was decided of that group holds for them too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow, MessageRow
from plugin.care.threads import PUBLIC_ID
from plugin.database import Database
from plugin.help import mask_phrasing
from plugin.help.alike import find_alike

OPEN, MADE, DISMISSED = "open", "article", "dismissed"
STATES = (OPEN, MADE, DISMISSED)
MOST_COMPARED = 300
"""Groups that a new question may join: those asked last."""
MOST_READ = 20
"""Questions of one group whose words are opened: the newest."""
MOST_PLACES = 300

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
    """Questions that ask for the same. `gaps`: the newest `MOST_READ`, the newest first; `places`: where the newest
    `MOST_PLACES` stand; `count`: how many there are."""

    gaps: Sequence[Gap]
    places: Sequence[Place]
    count: int

    @property
    def newest(self) -> Gap:
        return self.gaps[0]


def find_group(db: Database, store_id: int, words: str, locale: str) -> int | None:
    """The group of who asked the same before; None: nobody did. Not inside a transaction: it computes."""
    said, talk = MessageRow, ConversationRow
    mine = (said.store_id == store_id, said.gap.is_not(None))
    groups = select(said.gap_group, func.min(said.id).label("first"), func.max(said.id).label("last"))
    recent = groups.where(*mine).group_by(said.gap_group).order_by(func.max(said.id).desc()).limit(MOST_COMPARED)
    found = recent.subquery()
    query = (
        select(found.c.gap_group, said.text, talk.locale)
        .join(said, said.id == found.c.first)
        .join(talk, (talk.id == said.conversation_id) & (talk.store_id == said.store_id))
        .where(said.store_id == store_id, talk.store_id == store_id)
        .order_by(found.c.last.desc())
    )
    with db.reading(store_id) as tx:
        rows = tx.execute(query).all()
    place = find_alike((mask_phrasing(words), locale), [(mask_phrasing(row[1]), row[2]) for row in rows])
    return rows[place][0] if place is not None else None


def note_gap(tx: Session, message: MessageRow, group: int | None = None) -> None:
    """The bot had no answer to this message of a shopper, who asked the same as `group` (see `find_group`; None: as
    nobody before). It is not for the shop where that was put aside. What somebody decided of the message before
    stays."""
    if message.author != "shopper" or message.gap is not None:
        return
    mine = (MessageRow.store_id == message.store_id, MessageRow.gap.is_not(None), MessageRow.gap_group == group)
    last = tx.scalar(select(MessageRow.gap).where(*mine).order_by(MessageRow.id.desc()).limit(1))
    message.gap, message.gap_group = DISMISSED if last == DISMISSED else OPEN, message.id if group is None else group
    tx.flush()


def list_gap_groups(tx: Session, store_id: int, state: str = OPEN, most: int = 30) -> list[GapGroup]:
    """Those with questions in this state that were asked most, then last; of each the questions in this state."""
    said, talk = MessageRow, ConversationRow
    mine = (said.store_id == store_id, said.gap == state)
    often = select(said.gap_group, func.count()).where(*mine).group_by(said.gap_group)
    ordered = often.order_by(func.count().desc(), func.max(said.id).desc()).limit(most)
    counts = {group: count for group, count in tx.execute(ordered) if group is not None}
    newest = func.row_number().over(partition_by=said.gap_group, order_by=said.id.desc()).label("number")
    ranked = select(said.gap_group, said.id, said.conversation_id, said.position, newest)
    one = ranked.where(*mine, said.gap_group.in_(counts)).subquery()
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
    if row is None or row.gap_group is None:
        return []
    alike = _select(store_id).where(MessageRow.gap == OPEN, MessageRow.gap_group == row.gap_group)
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
    groups = select(said.gap, func.count(said.gap_group.distinct()))
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
            row.gap = state
            found += 1
    tx.flush()
    return found


def settle_group(tx: Session, store_id: int, place: Place, state: str, *, was: str) -> int:
    """The same for everything in state `was` that asks for the same as the question at this place, also what was asked
    since the page was shown."""
    _check_state(state)
    row = _find_message(tx, store_id, *place)
    if row is None or row.gap_group is None:
        return 0
    alike = (MessageRow.store_id == store_id, MessageRow.gap == was, MessageRow.gap_group == row.gap_group)
    # By id, as whoever locks several messages does it: two of them never wait for each other.
    locked = tx.scalars(select(MessageRow.id).where(*alike).order_by(MessageRow.id).with_for_update()).all()
    tx.execute(update(MessageRow).where(*alike).values(gap=state))
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
