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
from plugin.care.models import ConversationRow, MessageRow
from plugin.care.shapes import (
    conversation_channel,
    conversation_event,
    desk_channel,
    desk_event,
    message_event,
)
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


def find_of_visitor(tx: Session, store_id: int, visitor_id: int) -> ConversationRow | None:
    """A visitor has one conversation; writing again opens it again."""
    which = (ConversationRow.store_id == store_id, ConversationRow.visitor_id == visitor_id)
    return tx.scalar(select(ConversationRow).where(*which))


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
        source_article_id=article_id, source_title=title, created_at=now,
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    tell(
        tx,
        hub,
        conversation_channel(conversation.store_id, conversation.id),
        message_event(conversation, row),
    )
    tell(tx, hub, desk_channel(conversation.store_id), desk_event(conversation, said.author))
    return row


def note_change(tx: Session, hub: Hub, conversation: ConversationRow) -> None:
    """Tells everybody that status or owner changed. Call it after the change, in the same transaction."""
    conversation.version += 1
    tx.flush()
    tell(
        tx,
        hub,
        conversation_channel(conversation.store_id, conversation.id),
        conversation_event(conversation),
    )
    tell(tx, hub, desk_channel(conversation.store_id), desk_event(conversation))


def hand_over(tx: Session, hub: Hub, conversation: ConversationRow, said: Said, now: datetime) -> MessageRow:
    """From the bot to whoever of the store's people comes first; `said` tells the shopper."""
    conversation.status, conversation.owner = "open", "nobody"
    conversation.agent_id, conversation.agent_name = None, None
    conversation.waiting_since = conversation.handed_over_at = now
    conversation.first_reply_at = conversation.resolved_at = conversation.offered_at = None
    row = add_message(tx, hub, conversation, said, now)
    note_change(tx, hub, conversation)
    return row
