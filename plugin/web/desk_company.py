"""Who else is at a conversation, and whether its shopper is: asked for again while its page is seen, which also says
that this agent is."""

from __future__ import annotations

from typing import Any

from flask import Response

from plugin.care import Agent, ConversationRow, conversation_channel
from plugin.care.company import list_company, note_looking
from plugin.web.access import here_conversation, here_store, visit
from plugin.web.desk_frame import _, desk, render
from plugin.web.desk_looks import note_look
from plugin.web.doors import doors


@desk.get("/<store>/conversations/<conversation>/company")
def company(conversation: str) -> Response:
    """A part of the page. Who only looks at the desk is not told of, for they answer nobody."""
    row = here_conversation(conversation)
    note_look("conversation", row.public_id)
    note_here(conversation)
    return render("company.html", talk=conversation, **read_company(row))


def note_here(public_id: str) -> None:
    """Whoever may answer and sees this conversation is at it, for the others to see."""
    me = visit().agent
    if visit().may_write:
        note_looking(doors().care, here_store().id, public_id, Agent(me.id, me.name))


def read_company(row: ConversationRow) -> dict[str, Any]:
    """What its template needs. `reach`: how an answer finds the shopper now."""
    found = list_company(doors().care, row.store_id, row.public_id, visit().agent.id)
    return {"company": found, "reach": _tell_reach(row)}


def _tell_reach(row: ConversationRow) -> str:
    if not visit().may_write:
        return ""
    if doors().hub.is_heard(conversation_channel(row.store_id, row.id)):
        return _("Their chat is open: they see your answer at once.")
    if row.email:
        return _("Their chat is closed: your answer goes to {address} by e-mail.").format(address=row.email)
    return _("Their chat is closed: they see your answer when they come back.")
