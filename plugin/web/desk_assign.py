"""Giving a conversation to a colleague, with a word to them."""

from __future__ import annotations

from flask import Response, abort, request

from plugin.care import Agent, HeldByOther
from plugin.care.notes import LONGEST_NOTE
from plugin.care.sorting import assign
from plugin.web.access import here_conversation, here_store
from plugin.web.desk_conversations import read_client_id, read_me, show_done, show_whole, tell_holder
from plugin.web.desk_frame import _, desk
from plugin.web.desk_notes import read_note
from plugin.web.desk_talk_parts import list_answering
from plugin.web.doors import doors


@desk.post("/<store>/conversations/<conversation>/assign")
def assign_it(conversation: str) -> Response:
    """``to``: who gets it, one of the store's people who answer; ``text``: a note to them; ``from``: who holds it, as
    the page showed it."""
    store, note = here_store(), read_note()
    here_conversation(conversation)
    to = next((one for one in list_answering() if one.id == _read_id("to")), None)
    if to is None:
        return show_whole(conversation, 422, _("Choose somebody of your team who answers."), assign_draft=note)
    if len(note) > LONGEST_NOTE:
        return show_whole(conversation, 422, _("That is too long: 4000 characters at most."), assign_draft=note)
    goal, client_id = Agent(to.id, to.name), read_client_id()
    try:
        assign(doors().care, store.id, conversation, read_me(), goal, note, client_id, from_agent=_read_id("from"))
    except LookupError:
        abort(404)
    except HeldByOther as error:
        return show_whole(conversation, 409, tell_holder(error), assign_draft=note)
    return show_done(conversation, noted=True)


def _read_id(name: str) -> int | None:
    given = request.form.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None
