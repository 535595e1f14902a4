"""Conversations at the desk: the list, one open, and what an agent does with it.

Every write works as a plain form (then a redirect) and, with htmx, answers with the part of the page that changed.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_percent
from flask import Response, abort, redirect, request, url_for

from plugin.care import (
    Agent,
    HeldByOther,
    WholeConversation,
    count_by_status,
    get_conversation,
    give_back_to_bot,
    list_conversations,
    reply,
    resolve,
    take,
)
from plugin.care.card import find_rating
from plugin.care.company import drop_writing
from plugin.care.desk import find_talk
from plugin.care.promises import list_standing
from plugin.help import hub_url
from plugin.web.access import here_store, visit
from plugin.web.desk_company import note_here
from plugin.web.desk_customer import read_about
from plugin.web.desk_frame import _, desk, is_htmx, page_locale, render
from plugin.web.desk_inbox import PAGE, read_inbox, tell_way
from plugin.web.desk_looks import note_look
from plugin.web.desk_talk_parts import list_topics, note_sent, read_parts, tell_left
from plugin.web.desk_words import name_phase
from plugin.web.desk_writers import name_writers
from plugin.web.doors import doors

LONGEST_REPLY = 4000


@dataclass(frozen=True)
class Choice:
    """One article that can be chosen. `words`: how it begins."""

    article_id: str
    title: str
    section: str
    words: str


@dataclass(frozen=True)
class Pick:
    """The articles to choose from. `position`: of the bot's message that is put right; 0: to answer with. `asked`: what
    they were looked for with."""

    position: int
    asked: str
    found: Sequence[Choice]
    client_id: str


@desk.get("/<store>/conversations")
def conversations() -> Response:
    """The list alone; on a wide screen with an empty place beside it."""
    return render("conversations.html", **_read_list(), whole=None)


@desk.get("/<store>/conversations/list")
def conversation_list() -> Response:
    """The list as a part of the page, and how many there are of each kind: asked for when something changed."""
    return render("conversation_list.html", **_read_list(), again=True)


@desk.get("/<store>/waiting")
def waiting() -> Response:
    """How many shoppers wait for a person, for the badge beside the word; and how many besides the one whose
    ``conversation`` is open."""
    store = here_store()
    with doors().db.reading(store.id) as tx:
        counts = count_by_status(tx, store.id)
        opened = find_talk(tx, store.id, request.args.get("conversation", ""))
    waits_here = opened is not None and opened.waiting_since is not None
    return render("waiting.html", waiting=counts.waiting, others=counts.waiting - waits_here)


@desk.get("/<store>/conversations/<conversation>")
def conversation(conversation: str) -> Response:
    """One conversation beside the list; whoever may answer and opens it is there, for the others to see."""
    page = show_whole(conversation)
    note_here(conversation)
    return page


@desk.get("/<store>/conversations/<conversation>/thread")
def thread(conversation: str) -> Response:
    """Its messages and state as a part of the page: asked for when something changed."""
    return render("thread.html", **_read_talk(conversation), notice="")


def _read_list() -> dict[str, Any]:
    store = here_store()
    with doors().db.reading(store.id) as tx:
        inbox = read_inbox(tx)
        listed = list_conversations(tx, store.id, inbox.view, PAGE, (inbox.page - 1) * PAGE)
        writers = name_writers(tx, [one.row for one in listed])
        promises = list_standing(tx, store.id, [one.row.id for one in listed])
    if listed:
        note_look("list", "conversations")
    return {
        "listed": listed,
        "writers": writers,
        "promises": promises,
        "ways": {one.row.public_id: tell_way(one.row) for one in listed},
        "inbox": inbox,
        "topics": list_topics(),
        "opened": request.args.get("opened", ""),
    }


def _read_talk(public_id: str) -> dict[str, Any]:
    store = here_store()
    with doors().db.reading(store.id) as tx:
        whole = get_conversation(tx, store.id, public_id)
        if whole is None:
            abort(404)
        rated, writers = find_rating(tx, whole.row), name_writers(tx, [whole.row])
        promises = list_standing(tx, store.id, [whole.row.id])
    note_look("conversation", whole.row.public_id)
    return {
        "whole": whole, "row": whole.row, "writer": writers[whole.row.public_id],
        "messages": [_shown(message) for message in whole.messages],
        "holder": _holder(whole), "mine": whole.row.owner == "agent" and whole.row.agent_id == visit().agent.id,
        "phase": name_phase(whole.row.phase, page_locale()), "way": tell_way(whole.row), "rated": rated, "pick": None,
        "promise": promises.get(whole.row.id),
        **read_parts(whole),
    }  # fmt: skip


def _holder(whole: WholeConversation) -> str:
    """The name of another agent who holds it, or ''."""
    row = whole.row
    other = row.owner == "agent" and row.status != "resolved" and row.agent_id != visit().agent.id
    return (row.agent_name or "?") if other else ""


def _shown(message: Any) -> dict[str, Any]:
    store = here_store()
    source = None
    if message.source_article_id:
        url = hub_url(doors().settings.base_url, store, store.locale, message.source_article_id)
        source = {"title": message.source_title or message.source_article_id, "url": url}
    body = json.loads(message.body) if message.body else None
    sure = format_percent(round(message.confidence, 2), locale=page_locale()) if message.confidence is not None else ""
    return {"row": message, "body": body, "source": source, "sure": sure}


def show_whole(
    public_id: str,
    status: int = 200,
    notice: str = "",
    draft: str = "",
    client_id: str = "",
    *,
    fresh: bool = False,
    picked: bool = False,
    pick: Pick | None = None,
    **parts: Any,
) -> Response:
    """The page, or with htmx its middle part. `fresh`: the answer was sent, so an empty form comes with it. `pick`:
    the articles to choose from stand open; `picked`: one was chosen, so with htmx they close. `parts`: what stands
    otherwise in the parts of `plugin.web.desk_talk_parts`."""
    values = _read_talk(public_id) | {
        "notice": notice, "draft": draft, "client_id": client_id or str(uuid.uuid4()), "fresh": fresh,
        "picked": picked, "pick": pick,
    } | parts  # fmt: skip
    if is_htmx():
        return render("conversation_parts.html", status, **values)
    return render(
        "conversations.html", status, **_read_list() | read_about(values["row"]) | values | {"opened": public_id}
    )


def show_done(public_id: str, *, fresh: bool = False, picked: bool = False, noted: bool = False) -> Response:
    """After a write: the part that changed, or the way back to the page. `noted`: a note was written, so that an empty
    form for the next comes with it."""
    if is_htmx():
        return show_whole(public_id, fresh=fresh, picked=picked, noted=noted)
    return redirect(url_for("desk.conversation", conversation=public_id), 303)  # type: ignore[return-value]


def read_me() -> Agent:
    agent = visit().agent
    return Agent(agent.id, agent.name)


@desk.post("/<store>/conversations/<conversation>/reply")
def answer(conversation: str) -> Response:
    """An agent's message. The form's own id makes sure that pressing twice says it once."""
    text, client_id = request.form.get("text", "").replace("\r\n", "\n").strip(), read_client_id()
    if not text or len(text) > LONGEST_REPLY:
        words = _("Write something first.") if not text else _("That is too long: 4000 characters at most.")
        return show_whole(conversation, 422, words, text, client_id)
    if left := tell_left(text):
        return show_whole(conversation, 422, left, text, client_id)
    try:
        message = reply(doors().care, here_store().id, conversation, read_me(), text, client_id)
    except LookupError:
        abort(404)
    except HeldByOther as error:
        return show_whole(conversation, 409, tell_holder(error), text, client_id)
    drop_writing(doors().care, here_store().id, conversation, read_me())
    note_sent(conversation, message)
    return show_done(conversation, fresh=True)


def read_client_id() -> str:
    """The form's own id; a new one where it has none."""
    try:
        return str(uuid.UUID(request.form.get("client_id", "")))
    except ValueError:
        return str(uuid.uuid4())


def tell_holder(error: HeldByOther) -> str:
    """Why nothing was done."""
    return _("{name} is answering here. Take the conversation over first, or leave it to them.").format(
        name=error.name
    )


@desk.post("/<store>/conversations/<conversation>/take")
def take_it(conversation: str) -> Response:
    """To the agent: from the bot, from nobody, or, when the page named who, from a colleague."""
    given = request.form.get("from", "")
    from_agent = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None
    try:
        take(doors().care, here_store().id, conversation, read_me(), from_agent=from_agent)
    except LookupError:
        abort(404)
    except HeldByOther as error:
        return show_whole(conversation, 409, tell_holder(error))
    return show_done(conversation)


@desk.post("/<store>/conversations/<conversation>/resolve")
def resolve_it(conversation: str) -> Response:
    """Done; the shopper opens it again by writing."""
    try:
        resolve(doors().care, here_store().id, conversation, read_me())
    except LookupError:
        abort(404)
    except HeldByOther as error:
        return show_whole(conversation, 409, tell_holder(error))
    return show_done(conversation)


@desk.post("/<store>/conversations/<conversation>/give-back")
def give_it_back(conversation: str) -> Response:
    """To the bot, from the shopper's next message on."""
    try:
        give_back_to_bot(doors().care, here_store().id, conversation, read_me())
    except LookupError:
        abort(404)
    except HeldByOther as error:
        return show_whole(conversation, 409, tell_holder(error))
    return show_done(conversation)
