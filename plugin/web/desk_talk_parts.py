"""The parts of an open conversation besides its messages: notes, topic, colleagues, who else is here, ready answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import request

from plugin.agents import AgentRow, list_team
from plugin.care import ConversationRow, MessageRow, WholeConversation, desk_channel, proven_view
from plugin.care.desk import find_talk
from plugin.care.hold import Agent
from plugin.care.macros import Draft, count_sent, fill_macro, find_left, find_macro
from plugin.care.notes import list_notes
from plugin.care.topics import TOPICS
from plugin.database import ALL
from plugin.web.access import here_store, visit
from plugin.web.desk_company import read_company
from plugin.web.desk_frame import _, page_locale
from plugin.web.desk_part_words import name_topic
from plugin.web.doors import doors


def read_parts(whole: WholeConversation) -> dict[str, Any]:
    """What the templates of the parts need."""
    row, here = whole.row, doors()
    with here.db.reading(row.store_id) as tx:
        notes = list_notes(tx, row)
    return {
        "notes": notes, "topics": list_topics(), **read_company(row),
        "colleagues": list_answering() if visit().may_write else (),
        "at_desk": here.hub.names(desk_channel(row.store_id)) if visit().may_write else (),
        "macro": request.form.get("macro", "")[:80], "macro_pick": None, "missing": (),
        "note_draft": "", "assign_draft": "", "talk": row.public_id,
        "noted": False, "note_client_id": str(uuid.uuid4()),
    }  # fmt: skip


def list_topics() -> list[tuple[str, str]]:
    """Each topic with its name, in the order of their keys."""
    return [(one, name_topic(one, page_locale())) for one in TOPICS]


def list_answering() -> Sequence[AgentRow]:
    """The store's people who may answer shoppers."""
    with doors().db.reading(ALL, "who of the store's people may answer") as tx:
        team = list_team(tx, here_store().id)
    return [one.agent for one in team if one.role in ("owner", "agent")]


def tell_left(text: str) -> str:
    """Why an answer is not sent: placeholders still stand in it; '' when none does."""
    left = find_left(text)
    words = _("Nothing was sent: {names} still stands in your answer. Write what belongs there, or take it out.")
    return words.format(names=", ".join(left)) if left else ""


def read_draft(row: ConversationRow, macro_id: str) -> Draft | None:
    """A macro, filled for this conversation; None when the store has none of this id."""
    store, me = here_store(), visit().agent
    with doors().db.reading(store.id) as tx:
        macro = find_macro(tx, store.id, macro_id)
        order = proven_view(tx, store.id, row.order_id)
    return fill_macro(macro, store, row, order, Agent(me.id, me.name)) if macro is not None else None


def note_sent(public_id: str, message: MessageRow) -> None:
    """Counts an answer for the macro that its form names, and whether it was sent as it was filled."""
    macro_id, store = request.form.get("macro", ""), here_store()
    if not macro_id or message.author != "agent":
        return
    with doors().db.reading(store.id) as tx:
        row = find_talk(tx, store.id, public_id)
    draft = read_draft(row, macro_id) if row is not None else None
    if draft is not None:
        count_sent(doors().care, message, draft.macro, unchanged=draft.text.strip() == message.text)
