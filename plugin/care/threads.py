"""The rows under everything: a conversation locked, a message added, its state changed; each told after the commit."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.masking import mask_cards
from plugin.care.models import ConversationRow, MessageRow, VisitorRow
from plugin.care.search import index_words
from plugin.care.shapes import (
    conversation_channel,
    conversation_event,
    desk_channel,
    desk_event,
    message_event,
)
from plugin.care.topics import note_topic
from plugin.care.waits import begin_wait
from plugin.push import Hub, tell

PUBLIC_ID = re.compile(r"cv_[A-Za-z0-9_-]{8,64}")
AT_ONCE = 500
"""Messages one reading gives; whoever wants more asks again after the last."""


@dataclass(frozen=True)
class Said:
    """What a message says. `body`: rich tree; `source`: (article id, title)."""

    author: str
    text: str
    body: Sequence[Any] | None = None
    source: tuple[str, str] | None = None
    client_id: str | None = None
    agent: tuple[int, str] | None = field(default=None)
    """(agent id, name)."""
    confidence: float | None = None
    """Of the bot: the chance (0..1) it gave the article nearest to the question."""
    offer: str | None = None
    """Of the bot: ``order`` or ``person``, see `MessageRow.offer`."""


def start_conversation(
    tx: Session, store_id: int, visitor_id: int, locale: str, now: datetime
) -> ConversationRow:
    """A new conversation, held by the bot."""
    row = ConversationRow(
        store_id=store_id, public_id="cv_" + secrets.token_urlsafe(12), visitor_id=visitor_id, status="bot",
        owner="bot", locale=locale, context="{}", last_position=0, version=0, created_at=now, last_message_at=now,
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    return row


def lock_conversation(tx: Session, store_id: int, conversation_id: int) -> ConversationRow | None:
    """The conversation, held until the transaction ends: whoever changes it comes after us."""
    which = (ConversationRow.store_id == store_id, ConversationRow.id == conversation_id)
    return tx.scalar(
        select(ConversationRow).where(*which).with_for_update().execution_options(populate_existing=True)
    )


def find_of_visitor(tx: Session, visitor: VisitorRow) -> ConversationRow | None:
    """A visitor has one conversation, their own or one they joined; writing again opens it again."""
    mine = ConversationRow.visitor_id == visitor.talks_as
    return tx.scalar(select(ConversationRow).where(ConversationRow.store_id == visitor.store_id, mine))


def find_conversation(tx: Session, store_id: int, conversation_id: int) -> ConversationRow | None:
    """By our row id, as it stands."""
    which = (ConversationRow.store_id == store_id, ConversationRow.id == conversation_id)
    return tx.scalar(select(ConversationRow).where(*which))


def lock_of_visitor(tx: Session, visitor: VisitorRow) -> ConversationRow | None:
    """The visitor's conversation, held until the transaction ends. What was changed of the visitor is written after
    it: PostgreSQL looks at the visitor again when a conversation is written twice (RI_FKey_fk_upd_check_required), and
    two who do it the other way round would wait for each other."""
    with tx.no_autoflush:
        found = find_of_visitor(tx, visitor)
        return lock_conversation(tx, visitor.store_id, found.id) if found is not None else None


def read_context(conversation: ConversationRow) -> tuple[tuple[str, ...], bool]:
    """The steps of the page where the shopper wrote last, and whether something lay in their basket."""
    context = json.loads(conversation.context)
    return tuple(context.get("steps") or ()), has_basket(context.get("basket"))


def write_where(
    conversation: ConversationRow, steps: Sequence[str], page: str | None, basket: str | None, now: datetime
) -> None:
    """The shopper writes from here, as their page says: where they walked before is over."""
    here = {"steps": list(steps), "page": page, "basket": basket, "page_at": now.isoformat()}
    context = json.loads(conversation.context) | here
    context.pop("walked", None)
    conversation.context = json.dumps(context, ensure_ascii=False)


def has_basket(said: str | None) -> bool:
    """Whether a basket of ``125800 COP`` holds something, as the page says."""
    return any(digit in "123456789" for digit in (said or "").partition(" ")[0])


def find_by_client_id(tx: Session, conversation: ConversationRow, client_id: str) -> MessageRow | None:
    """The message that was sent with this client id."""
    return tx.scalar(select(MessageRow).where(*_of(conversation), MessageRow.client_id == client_id))


def read_messages(
    tx: Session, conversation: ConversationRow, after: int = 0, most: int = AT_ONCE
) -> list[MessageRow]:
    """Messages after a position, in order."""
    ordered = (
        select(MessageRow)
        .where(*_of(conversation), MessageRow.position > after)
        .order_by(MessageRow.position)
    )
    return list(tx.scalars(ordered.limit(most)))


def _of(conversation: ConversationRow) -> tuple[Any, Any]:
    return MessageRow.store_id == conversation.store_id, MessageRow.conversation_id == conversation.id


def add_message(
    tx: Session, hub: Hub, conversation: ConversationRow, said: Said, now: datetime
) -> MessageRow:
    """Appends a message at the next position of a locked conversation, cards masked."""
    conversation.last_position += 1
    conversation.last_message_at = now
    agent_id, agent_name = said.agent or (None, None)
    article_id, title = said.source or (None, None)
    row = MessageRow(
        store_id=conversation.store_id, conversation_id=conversation.id, position=conversation.last_position,
        client_id=said.client_id, author=said.author, agent_id=agent_id, agent_name=agent_name,
        text=mask_cards(said.text) if said.author in ("shopper", "agent") else said.text,
        body=None if said.body is None else json.dumps(list(said.body), ensure_ascii=False),
        source_article_id=article_id, source_title=title, created_at=now, confidence=said.confidence,
        offer=said.offer,
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    index_words(tx, row)
    note_topic(conversation, row)
    tell(
        tx,
        hub,
        conversation_channel(conversation.store_id, conversation.id),
        message_event(conversation, row),
    )
    tell(tx, hub, desk_channel(conversation.store_id), desk_event(conversation, said.author))
    if said.author in ("bot", "agent"):
        _note_answer(tx, hub, conversation)
    return row


def _note_answer(tx: Session, hub: Hub, conversation: ConversationRow) -> None:
    """There is something new to rate; the shopper's panels hear it where that changes what they show."""
    changes = conversation.last_answer is None or conversation.rating is not None
    conversation.last_answer, conversation.rating = conversation.last_position, None
    if changes:
        tell_shopper(tx, hub, conversation)


def note_change(tx: Session, hub: Hub, conversation: ConversationRow) -> None:
    """Tells everybody that the conversation changed: its status, its owner, what its shopper is shown
    of it. Call it after the change, in the same transaction."""
    tell_shopper(tx, hub, conversation)
    tell(tx, hub, desk_channel(conversation.store_id), desk_event(conversation))


def tell_shopper(tx: Session, hub: Hub, conversation: ConversationRow) -> None:
    """The same to the shopper's panels alone: nothing that an agent waits for changed."""
    conversation.version += 1
    tx.flush()
    channel = conversation_channel(conversation.store_id, conversation.id)
    tell(tx, hub, channel, conversation_event(conversation))


def hand_over(tx: Session, hub: Hub, conversation: ConversationRow, said: Said, now: datetime) -> MessageRow:
    """From the bot to whoever of the store's people comes first; `said` tells the shopper."""
    conversation.status, conversation.owner = "open", "nobody"
    conversation.agent_id, conversation.agent_name = None, None
    conversation.waiting_since = conversation.handed_over_at = now
    conversation.first_reply_at = conversation.resolved_at = conversation.offered_at = None
    begin_wait(tx, conversation, now)
    row = add_message(tx, hub, conversation, said, now)
    note_change(tx, hub, conversation)
    return row
