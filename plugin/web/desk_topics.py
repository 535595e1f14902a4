"""What a conversation is about, put right at the desk by a key or a list."""

from __future__ import annotations

from flask import Response, abort, request

from plugin.care.sorting import set_topic
from plugin.care.topics import TOPICS
from plugin.web.access import here_store
from plugin.web.desk_conversations import show_done, show_whole
from plugin.web.desk_frame import _, desk
from plugin.web.doors import doors


@desk.post("/<store>/conversations/<conversation>/topic")
def change_topic(conversation: str) -> Response:
    """``topic``: one of `plugin.care.topics.TOPICS`, or '' to have it guessed again."""
    topic = request.form.get("topic", "")
    if topic and topic not in TOPICS:
        return show_whole(conversation, 422, _("Choose one of the topics."))
    try:
        set_topic(doors().care, here_store().id, conversation, topic)
    except LookupError:
        abort(404)
    return show_done(conversation)
