"""What a store's agents read: the list of conversations, and one whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from plugin.care.inbox import choose_talks
from plugin.care.models import ConversationRow, MessageRow
from plugin.care.threads import PUBLIC_ID, read_messages
from plugin.contract import Money

PREVIEW = 140


@dataclass(frozen=True)
class Listed:
    """One line of the list: the conversation and the last words that somebody said (never the house's own "we have
    told the team"), cut to `PREVIEW` signs."""

    row: ConversationRow
    last_author: str
    last_text: str


@dataclass(frozen=True)
class WholeConversation:
    """One conversation with its messages and where the shopper wrote last."""

    row: ConversationRow
    messages: Sequence[MessageRow]
    steps: tuple[str, ...]
    page: str | None
    basket: Money | None
    """What lay in the shopper's basket, as their page said."""


def list_conversations(
    tx: Session, store_id: int, status: str | None = None, most: int = 50, *, phase: str = "", agent_id: int = 0
) -> Sequence[Listed]:
    """A store's conversations, those that wait for a person first (longest wait first), then the newest words first;
    without those that only proved an order so far. `status`: also ``mine`` (of `agent_id`) and ``unassigned``, see
    `plugin.care.inbox`."""
    which = [ConversationRow.store_id == store_id, ConversationRow.last_position > 0]
    which += choose_talks(status or "", phase, agent_id)
    waits = ConversationRow.waiting_since.is_(None), ConversationRow.waiting_since
    newest = (*waits, ConversationRow.last_message_at.desc(), ConversationRow.id.desc())
    # Chosen before their messages are looked at: a store may have very many.
    rows = list(tx.scalars(select(ConversationRow).where(*which).order_by(*newest).limit(most)))
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


def count_by_status(tx: Session, store_id: int) -> dict[str, int]:
    """Status → number of conversations; `waiting` beside them: how many wait for a person."""
    mine = ConversationRow.store_id == store_id
    begun = ConversationRow.last_position > 0  # one that only proved an order so far says nothing
    counted = select(ConversationRow.status, func.count()).where(mine, begun).group_by(ConversationRow.status)
    waiting = (
        select(func.count())
        .select_from(ConversationRow)
        .where(mine, ConversationRow.waiting_since.is_not(None))
    )
    counts = {row[0]: row[1] for row in tx.execute(counted)}
    return counts | {"waiting": tx.scalar(waiting) or 0}


def get_conversation(tx: Session, store_id: int, public_id: str) -> WholeConversation | None:
    """One conversation of this store with all its messages; None when the store has none of this id."""
    if PUBLIC_ID.fullmatch(public_id) is None:
        return None
    which = (ConversationRow.store_id == store_id, ConversationRow.public_id == public_id)
    row = tx.scalar(select(ConversationRow).where(*which))
    if row is None:
        return None
    messages: list[MessageRow] = []
    while more := read_messages(tx, row, messages[-1].position if messages else 0):
        messages += more
    context = json.loads(row.context)
    return WholeConversation(
        row, messages, tuple(context.get("steps") or ()), context.get("page"), _read_basket(context.get("basket"))
    )


def _read_basket(said: str | None) -> Money | None:
    amount, _, currency = (said or "").partition(" ")
    return Money(amount=Decimal(amount), currency=currency) if amount and currency else None
