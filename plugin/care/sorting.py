"""What a person says of a talk: what it is about, and whose it is now."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.doors import Care
from plugin.care.hold import Agent, HeldByOther, hold_now, holds, locked
from plugin.care.models import ConversationRow, MessageRow
from plugin.care.notes import write_note
from plugin.care.shapes import desk_channel, desk_event
from plugin.care.take_back import promise_take_back
from plugin.care.topics import COMPLAINT, TOPICS, WHERE, guess_again, read_topics, write_topics
from plugin.care.waits import SILENCE
from plugin.push import Event, tell
from plugin.stores import get_store

MOST_OF_A_CONTACT = 200


def set_topic(care: Care, store_id: int, public_id: str, topic: str) -> ConversationRow:
    """A person's word stands over every guess; '' leaves it to guessing again. Raises `LookupError` for an unknown
    conversation, ValueError for a topic that is none."""
    if topic and topic not in TOPICS:
        raise ValueError(f"A topic is one of: {', '.join(TOPICS)}.")
    with locked(care, store_id, public_id) as (tx, row):
        messages = _read_contact(tx, row)
        if topic:
            row.topic, row.topic_by = topic, "agent"
            _correct(messages, topic)
        else:
            guess_again(row, messages)
        tell(tx, care.hub, desk_channel(store_id), desk_event(row))
        return row


def _read_contact(tx: Session, row: ConversationRow) -> Sequence[MessageRow]:
    """The messages of the contact that goes on, in order: back to a silence of twelve hours."""
    which = (MessageRow.store_id == row.store_id, MessageRow.conversation_id == row.id)
    newest = select(MessageRow).where(*which).order_by(MessageRow.position.desc()).limit(MOST_OF_A_CONTACT)
    messages: list[MessageRow] = []
    for one in tx.scalars(newest):
        if messages and messages[-1].created_at - one.created_at >= SILENCE:
            break
        messages.append(one)
    return messages[::-1]


def _correct(messages: Sequence[MessageRow], topic: str) -> None:
    """What a person says of the talk its messages say too. A complaint may ask where an order is, so it stays."""
    for one in messages:
        if one.author == "shopper":
            one.topic = write_topics(topic, WHERE in read_topics(one.topic))
        elif one.topic == WHERE and topic not in (WHERE, COMPLAINT):
            one.topic = topic


def assign(
    care: Care,
    store_id: int,
    public_id: str,
    agent: Agent,
    to: Agent,
    note: str = "",
    client_id: str = "",
    *,
    from_agent: int | None = None,
) -> ConversationRow:
    """Gives a talk to a colleague, with a note to them; `from_agent`: who held it as the page showed it, when that is
    neither of the two. Whoever gets it hears so at the desk: event ``assigned`` with ``{"conversation", "agent_id",
    "by"}``. Whether both belong to the store is checked before. Raises `LookupError`, `HeldByOther`."""
    with locked(care, store_id, public_id) as (tx, row):
        holder = holds(row)
        if holder not in (None, agent.id, to.id, from_agent):
            raise HeldByOther(row.agent_name or "")
        if holder != to.id or row.status != "open":
            hold_now(care, tx, row, to, from_agent=holder)
            promise_take_back(tx, get_store(tx, store_id), row, care.clock.now())
            if to.id != agent.id:
                told = {"conversation": row.public_id, "agent_id": to.id, "by": agent.name}
                event = Event("assigned", json.dumps(told, ensure_ascii=False))
                tell(tx, care.hub, desk_channel(store_id), event)
        if note:
            write_note(care, tx, row, agent, note, client_id)
        return row
