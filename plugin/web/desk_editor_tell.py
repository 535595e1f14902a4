"""Telling the shoppers who asked: the article that was made of their question goes into their conversation."""

from __future__ import annotations

from flask import Response, abort, request

from plugin.care import HeldByOther
from plugin.care.askers import tell_asker
from plugin.web.access import here_store
from plugin.web.desk_conversations import read_me
from plugin.web.desk_editor import read_article_id
from plugin.web.desk_frame import back_to, desk
from plugin.web.doors import doors

MOST_TOLD = 100
"""Conversations with one press; whoever is left stands on the page still."""


@desk.post("/<store>/editor/tell")
def tell_askers() -> Response:
    """An agent's message with the article in each ``conversation``, once. Not where a colleague answers just now, and
    not to who could not read it: the page says so, and how many they are."""
    store, article_id, language = here_store(), read_article_id(), request.form.get("language", "")
    wanted = list(dict.fromkeys(request.form.getlist("conversation")))[:MOST_TOLD]
    told = held = 0
    for conversation in wanted:
        try:
            tell_asker(doors().care, store.id, conversation, article_id, read_me())
            told += 1
        except HeldByOther:
            held += 1
        except LookupError:
            continue
    if not told and not held:
        abort(404)
    return back_to(
        "desk.edit_article", "told", "tell", article=article_id, language=language, told=told, held=held or None
    )
