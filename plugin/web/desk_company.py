"""Who else is at a conversation: asked for again while its page is seen, which also says that this agent is."""

from __future__ import annotations

from flask import Response, abort

from plugin.care import Agent
from plugin.care.card import is_here
from plugin.care.company import list_company, note_looking
from plugin.web.access import here_store, visit
from plugin.web.desk_frame import desk, render
from plugin.web.doors import doors


@desk.get("/<store>/conversations/<conversation>/company")
def company(conversation: str) -> Response:
    """A part of the page. Nothing is stored; who only looks at the desk is not told of, for they answer nobody."""
    store, here, me = here_store(), doors(), visit().agent
    with here.db.reading(store.id) as tx:
        if not is_here(tx, store.id, conversation):
            abort(404)
    if visit().may_write:
        note_looking(here.care, store.id, conversation, Agent(me.id, me.name))
    found = list_company(here.care, store.id, conversation, me.id)
    return render("company.html", company=found, talk=conversation)
