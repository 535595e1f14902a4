"""What a store's agents read: the list of conversations, and one whole."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from plugin.care.inbox import View, choose_talks
from plugin.care.models import ConversationRow, MessageRow
from plugin.care.threads import PUBLIC_ID, read_messages
from plugin.contract import Money

PREVIEW = 140
EVERYTHING = View()
BASKET = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,4})?) ([A-Z]{3})")
"""What lies in a shopper's basket: an amount and its currency."""


@dataclass(frozen=True)
class Listed:
    """One line of the list: the conversation and the last words that somebody said (never the house's own "we have
    told the team"), cut to `PREVIEW` signs."""

    row: ConversationRow
    last_author: str
    last_text: str


@dataclass(frozen=True)
class WholeConversation:
    """One conversation with its messages."""

    row: ConversationRow
    messages: Sequence[MessageRow]


@dataclass(frozen=True)
class Where:
    """Where the shopper was last. `basket`: what lay in theirs, as their page said; `at`: when, None of talks that were
    written before this was noted."""

    steps: tuple[str, ...]
    page: str | None
    basket: Money | None
    at: datetime | None


def list_conversations(
    tx: Session, store_id: int, view: View = EVERYTHING, most: int = 50, skip: int = 0
) -> Sequence[Listed]:
    """A store's conversations, those that wait for a person first (longest wait first), then the newest words first;
    `most` of them after the first `skip`."""
    which = [ConversationRow.store_id == store_id, *choose_talks(view)]
    waits = ConversationRow.waiting_since.is_(None), ConversationRow.waiting_since
    newest = (*waits, ConversationRow.last_message_at.desc(), ConversationRow.id.desc())
    # Chosen before their messages are looked at: a store may have very many.
    rows = list(tx.scalars(select(ConversationRow).where(*which).order_by(*newest).offset(skip).limit(most)))
    last = _read_last(tx, store_id, [row.id for row in rows])
    return [Listed(row, last[row.id].author, _cut(last[row.id].text)) for row in rows if row.id in last]


def _read_last(tx: Session, store_id: int, ids: Sequence[int]) -> dict[int, MessageRow]:
    """Conversation → its last message that is not the house's own, else its last one."""
    said = aliased(MessageRow)
    mine = (said.store_id == store_id, said.conversation_id == ConversationRow.id, said.author != "system")
    position = func.coalesce(
        select(func.max(said.position)).where(*mine).scalar_subquery(), ConversationRow.last_position
    )
    last = and_(MessageRow.conversation_id == ConversationRow.id, MessageRow.position == position)
    which = (ConversationRow.store_id == store_id, ConversationRow.id.in_(ids), MessageRow.store_id == store_id)
    rows = tx.scalars(select(MessageRow).join(ConversationRow, last).where(*which))
    return {row.conversation_id: row for row in rows}


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= PREVIEW else line[: PREVIEW - 1] + "…"


def find_talk(tx: Session, store_id: int, public_id: str) -> ConversationRow | None:
    """A conversation of this store; None when it has none of this id."""
    if PUBLIC_ID.fullmatch(public_id) is None:
        return None
    which = (ConversationRow.store_id == store_id, ConversationRow.public_id == public_id)
    return tx.scalar(select(ConversationRow).where(*which))


def get_conversation(tx: Session, store_id: int, public_id: str) -> WholeConversation | None:
    """One conversation of this store with all its messages; None when the store has none of this id."""
    row = find_talk(tx, store_id, public_id)
    if row is None:
        return None
    messages: list[MessageRow] = []
    while more := read_messages(tx, row, messages[-1].position if messages else 0):
        messages += more
    return WholeConversation(row, messages)


def read_last_asked(tx: Session, row: ConversationRow, before: int = 0) -> str:
    """The shopper's last words, or the last before this position; '' for none. One message is opened for it."""
    said = MessageRow
    theirs = [said.store_id == row.store_id, said.conversation_id == row.id, said.author == "shopper"]
    theirs += [said.position < before] if before else []
    return tx.scalar(select(said.text).where(*theirs).order_by(said.position.desc()).limit(1)) or ""


def read_where(row: ConversationRow) -> Where:
    """The page, steps and basket of the shopper's newest message, or of where they walked since, see `walk`."""
    context = json.loads(row.context)
    context = context.get("walked", context)
    at = context.get("page_at")
    return Where(
        tuple(context.get("steps") or ()), context.get("page"), _read_basket(context.get("basket")),
        datetime.fromisoformat(at) if at else None,
    )  # fmt: skip


def _read_basket(said: object) -> Money | None:
    found = BASKET.fullmatch(said) if isinstance(said, str) else None
    return Money(amount=Decimal(found[1]), currency=found[2]) if found is not None else None
