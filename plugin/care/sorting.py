"""What a person says of a talk: what it is about, and whose it is now."""

from __future__ import annotations

import json

from plugin.care.doors import Care
from plugin.care.hold import Agent, HeldByOther, hold_now, holds, locked
from plugin.care.models import ConversationRow
from plugin.care.notes import write_note
from plugin.care.shapes import desk_channel, desk_event
from plugin.care.take_back import promise_take_back
from plugin.care.topics import TOPICS
from plugin.push import Event, tell
from plugin.stores import get_store


def set_topic(care: Care, store_id: int, public_id: str, topic: str) -> ConversationRow:
    """A person's word stands over every guess; '' leaves it to guessing again. Raises `LookupError` for an unknown
    conversation, ValueError for a topic that is none."""
    if topic and topic not in TOPICS:
        raise ValueError(f"A topic is one of: {', '.join(TOPICS)}.")
    with locked(care, store_id, public_id) as (tx, row):
        row.topic, row.topic_by = topic, "agent" if topic else "guess"
        tell(tx, care.hub, desk_channel(store_id), desk_event(row))
        return row


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
