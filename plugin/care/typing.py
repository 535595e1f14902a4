"""Who is typing: live events alone. Nothing is stored, and what was missed is missed."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select

from plugin.care.doors import Care
from plugin.care.hold import Agent
from plugin.care.models import ConversationRow, VisitorRow
from plugin.care.shapes import conversation_channel, desk_channel
from plugin.care.threads import PUBLIC_ID, find_of_visitor
from plugin.push import Event

APART = timedelta(seconds=2)
"""Typing is told once in this time, however often it is said."""
MOST_KEPT = 2000


def note_shopper_typing(care: Care, visitor: VisitorRow) -> bool:
    """Tells the desk that a shopper is typing: event ``typing``, ``{"conversation": id}``. False: there is nobody to
    tell, or it was told a moment ago."""
    if not _is_due(care, f"shopper:{visitor.store_id}:{visitor.talks_as}"):
        return False
    with care.db.reading(visitor.store_id) as tx:
        row = find_of_visitor(tx, visitor)
    if row is None or row.status != "open":
        return False
    care.hub.publish(desk_channel(row.store_id), Event("typing", json.dumps({"conversation": row.public_id})))
    return True


def note_agent_typing(care: Care, store_id: int, public_id: str, agent: Agent) -> bool:
    """Tells a shopper who is typing: event ``typing``, ``{"name": …}``. Only whoever holds the conversation, or would
    with the next message, is told of. False: nothing was told."""
    if PUBLIC_ID.fullmatch(public_id) is None or not _is_due(
        care, f"agent:{store_id}:{public_id}:{agent.id}"
    ):
        return False
    with care.db.reading(store_id) as tx:
        which = (ConversationRow.store_id == store_id, ConversationRow.public_id == public_id)
        row = tx.scalar(select(ConversationRow).where(*which))
    if row is None or row.status == "resolved" or (row.owner == "agent" and row.agent_id != agent.id):
        return False
    data = json.dumps({"name": agent.name}, ensure_ascii=False)
    care.hub.publish(conversation_channel(store_id, row.id), Event("typing", data))
    return True


def _is_due(care: Care, who: str) -> bool:
    now, told = care.clock.now(), care.typing
    last = told.get(who)
    if last is not None and timedelta(0) <= now - last < APART:
        return False
    if len(told) >= MOST_KEPT:
        for name in [name for name, at in list(told.items()) if now - at >= APART]:
            told.pop(name, None)
        if len(told) >= MOST_KEPT:
            return False
    told[who] = now
    return True
