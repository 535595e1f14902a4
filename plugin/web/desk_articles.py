"""Answering with an article, and putting the bot right: both begin with choosing one.

Looking for articles is a plain form; with htmx what is found follows the typing.
"""

from __future__ import annotations

import uuid

from flask import Response, abort, redirect, request, url_for

from plugin.care import ConversationRow, HeldByOther, answer_with_article, correct
from plugin.care.desk import read_last_asked
from plugin.help import get_article, search, section_title
from plugin.web.access import here_conversation, here_store
from plugin.web.desk_conversations import (
    Choice,
    Pick,
    read_client_id,
    read_me,
    show_done,
    show_whole,
    tell_holder,
)
from plugin.web.desk_frame import _, desk, is_htmx, page_locale, render
from plugin.web.desk_looks import note_look
from plugin.web.doors import doors

LONGEST_SEARCH = 300
LONGEST_WORDS = 180
LONGEST_ID = 100


@desk.get("/<store>/conversations/<conversation>/articles")
def articles(conversation: str) -> Response:
    """Articles to choose from. ``?q=``: words to look with, else what was asked; ``?position=``: the bot's message to
    put right, else to answer with. With htmx the part of the page (``?results=1``: what was found alone)."""
    row = here_conversation(conversation)
    position = _read_position(request.args.get("position", ""))
    typed = request.args.get("q")
    words = _find_asked(row, position) if typed is None else typed
    asked = " ".join(words.split())[:LONGEST_SEARCH]
    pick = Pick(position, asked, _find(asked, row.locale), str(uuid.uuid4()))
    if not is_htmx():
        return show_whole(conversation, pick=pick)
    note_look("conversation", row.public_id)
    template = "picker_found.html" if "results" in request.args else "picker.html"
    return render(template, row=row, pick=pick, picked=False)


@desk.get("/<store>/conversations/<conversation>/articles/close")
def close_articles(conversation: str) -> Response:
    """Nothing to choose any more; without htmx the conversation."""
    row = here_conversation(conversation)
    if not is_htmx():
        return redirect(url_for("desk.conversation", conversation=row.public_id), 303)  # type: ignore[return-value]
    return render("picker.html", row=row, pick=None, picked=False)


def _read_position(written: str) -> int:
    """A message's position; 0 for what is none."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def _find_asked(row: ConversationRow, position: int) -> str:
    """The shopper's last words, before the bot's answer when that is put right."""
    with doors().db.reading(row.store_id) as tx:
        return read_last_asked(tx, row, position)


def _find(words: str, locale: str) -> list[Choice]:
    """The nearest articles that shoppers of this language can read."""
    store = here_store()
    found = search(store, words, locale).results if words else ()
    choices = []
    for link in found:
        article = get_article(store, link.article_id, locale)
        if article is not None:
            text = " ".join(article.text.split())
            cut = text if len(text) <= LONGEST_WORDS else text[: LONGEST_WORDS - 1] + "…"
            choices.append(Choice(link.article_id, link.title, section_title(store, link.section, page_locale()), cut))
    return choices


@desk.post("/<store>/conversations/<conversation>/article")
def send_article(conversation: str) -> Response:
    """An agent's answer with an article; the bot learns that this is what was asked. 409: a colleague's."""
    store, article_id, client_id = here_store(), _read_article_id(), read_client_id()
    if not _is_shown(conversation, article_id):
        return show_whole(conversation, 422, _("This article is no longer shown. Choose another one."))
    try:
        answer_with_article(doors().care, store.id, conversation, article_id, read_me(), client_id)
    except LookupError:
        abort(404)
    except HeldByOther as error:
        return show_whole(conversation, 409, tell_holder(error))
    return show_done(conversation, picked=True)


@desk.post("/<store>/conversations/<conversation>/correct")
def correct_bot(conversation: str) -> Response:
    """The bot was wrong at ``position``; ``article``: the right one, which the bot learns, or '' when none is."""
    store, article_id = here_store(), _read_article_id()
    position = _read_position(request.form.get("position", ""))
    if article_id and not _is_shown(conversation, article_id):
        return show_whole(conversation, 422, _("This article is no longer shown. Choose another one."))
    try:
        correct(doors().care, store.id, conversation, position, article_id or None, read_me())
    except LookupError:
        abort(404)
    return show_done(conversation, picked=True)


def _read_article_id() -> str:
    return request.form.get("article", "")[:LONGEST_ID]


def _is_shown(public_id: str, article_id: str) -> bool:
    """Whether the shopper of this conversation could read it. Ends in 404 for a conversation that is not here."""
    return get_article(here_store(), article_id, here_conversation(public_id).locale) is not None
