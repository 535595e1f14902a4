"""Telling the shopper who asked: the article that was made of their question goes into their conversation."""

from __future__ import annotations

from flask import Response, abort, redirect, request, url_for

from plugin.care import HeldByOther, answer_with_article, get_conversation
from plugin.help import get_article
from plugin.web.access import here_store
from plugin.web.desk_conversations import read_client_id, read_me, show_whole, tell_holder
from plugin.web.desk_editor import read_article_id
from plugin.web.desk_frame import _, desk
from plugin.web.doors import doors


@desk.post("/<store>/editor/tell")
def tell_asker() -> Response:
    """An agent's message with the article. 409: a colleague answers there; 422: that shopper could not read it."""
    store, article_id = here_store(), read_article_id()
    conversation = request.form.get("conversation", "")
    with doors().db.reading(store.id) as tx:
        whole = get_conversation(tx, store.id, conversation)
    if whole is None:
        abort(404)
    if get_article(store, article_id, whole.row.locale) is None:
        words = _("This shopper reads another language. Write the article in it too, or answer in your own words.")
        return show_whole(conversation, 422, words)
    try:
        # Nothing is learned: the question is one of its ways of asking, and newer words are about another thing.
        answer_with_article(
            doors().care, store.id, conversation, article_id, read_me(), read_client_id(), learns=False
        )
    except LookupError:
        abort(404)
    except HeldByOther as error:
        return show_whole(conversation, 409, tell_holder(error))
    return redirect(url_for("desk.conversation", conversation=conversation), 303)  # type: ignore[return-value]
