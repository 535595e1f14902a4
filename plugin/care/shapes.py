"""Conversations and messages as every reader gets them: in answers and in live events, letter for letter the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, TypedDict

from plugin.care.models import ConversationRow, MessageRow
from plugin.push import Event


class Named(TypedDict):
    """A person by the name shown to shoppers."""

    name: str


class ShownConversation(TypedDict):
    """`status`: bot, open, snoozed, resolved; `agent`: who answers, when it is a person. `phase`: see
    `plugin.care.phases`; `rating`: 1..5, of the newest answer; `can_rate`: there is one; `ask_email`: the shopper is
    being asked for an address; `email`: they left one; `form`: they wish a person, nobody is there and no address was
    left: show the message form."""

    id: str
    status: str
    agent: Named | None
    phase: str
    rating: int | None
    can_rate: bool
    ask_email: bool
    email: bool
    form: bool


class Source(TypedDict):
    """The article an answer was taken from."""

    article_id: str
    title: str


class ShownMessage(TypedDict):
    """`body`: the rich tree, or None for plain `text`; `created_at` like ``2026-11-21T18:00:00Z``. `verdict`: right or
    wrong, of an answer of the bot; `wants_order`: the bot offers to look at the order, once it is proven;
    `offers_person`: it asks whether a person should help."""

    position: int
    client_id: str | None
    author: str
    name: str | None
    text: str
    body: list[Any] | None
    source: Source | None
    created_at: str
    verdict: str | None
    wants_order: bool
    offers_person: bool


def conversation_channel(store_id: int, conversation_id: int) -> str:
    """Where a shopper's tabs listen."""
    return f"conversation:{store_id}:{conversation_id}"


def desk_channel(store_id: int) -> str:
    """Where the desks of a store's agents listen; each under its agent's name."""
    return f"desk:{store_id}"


def write_time(at: datetime) -> str:
    """``2026-11-21T18:00:00Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def show_conversation(row: ConversationRow) -> ShownConversation:
    """A conversation as its shopper sees it."""
    agent = Named(name=row.agent_name) if row.owner == "agent" and row.agent_name else None
    return ShownConversation(
        id=row.public_id, status=row.status, agent=agent, phase=row.phase, rating=row.rating,
        can_rate=row.last_answer is not None, ask_email=is_asked_for_email(row), email=row.email is not None,
        form=wants_form(row),
    )  # fmt: skip


def is_asked_for_email(row: ConversationRow) -> bool:
    """Whether the question for an address stands: until something else was said, or, while nobody is there to answer,
    until a person came."""
    if row.email_asked_at is None or row.email is not None:
        return False
    return row.owner == "nobody" or row.last_message_at <= row.email_asked_at


def wants_form(row: ConversationRow) -> bool:
    """Whether a person was wished while nobody was there, and nobody knows yet where to answer."""
    waits = row.owner == "nobody" and row.status == "open" and row.email is None
    return waits and bool(json.loads(row.context).get("form"))


def show_message(row: MessageRow) -> ShownMessage:
    """A message as its shopper sees it."""
    source = None
    if row.source_article_id:
        source = Source(article_id=row.source_article_id, title=row.source_title or "")
    return ShownMessage(
        position=row.position, client_id=row.client_id, author=row.author, name=row.agent_name, text=row.text,
        body=json.loads(row.body) if row.body else None, source=source, created_at=write_time(row.created_at),
        verdict=row.verdict, wants_order=row.offer == "order", offers_person=row.offer == "person",
    )  # fmt: skip


def message_event(conversation: ConversationRow, row: MessageRow) -> Event:
    """For the shopper's stream; the id is where to go on after a broken line."""
    data = json.dumps(show_message(row), ensure_ascii=False)
    return Event("message", data, f"{conversation.public_id}:{row.position}", row.position)


def conversation_event(row: ConversationRow) -> Event:
    """For the shopper's stream."""
    return Event("conversation", json.dumps(show_conversation(row), ensure_ascii=False), "", row.version)


def desk_event(row: ConversationRow, author: str = "") -> Event:
    """For the desk: which conversation changed and how it stands, nothing that anybody wrote.

    ``{"conversation", "status", "owner", "agent_id", "position", "author", "waiting_since"}``; `author` is whose
    message it is about, '' for a change of state.
    """
    data = {
        "conversation": row.public_id, "status": row.status, "owner": row.owner, "agent_id": row.agent_id,
        "position": row.last_position, "author": author,
        "waiting_since": write_time(row.waiting_since) if row.waiting_since else None,
    }  # fmt: skip
    return Event("message" if author else "conversation", json.dumps(data))
