"""Internal notes at the desk: between the messages, for the store's people alone."""

from __future__ import annotations

from flask import Response, abort, request

from plugin.care.notes import LONGEST_NOTE, add_note
from plugin.web.access import here_store
from plugin.web.desk_conversations import read_client_id, read_me, show_done, show_whole
from plugin.web.desk_frame import _, desk
from plugin.web.doors import doors


@desk.post("/<store>/conversations/<conversation>/notes")
def write_note(conversation: str) -> Response:
    """Keeps a note. The form's own id makes sure that pressing twice keeps it once."""
    text, client_id = read_note(), read_client_id()
    if not text or len(text) > LONGEST_NOTE:
        words = _("Write something first.") if not text else _("That is too long: 4000 characters at most.")
        return show_whole(conversation, 422, words, note_draft=text)
    try:
        add_note(doors().care, here_store().id, conversation, read_me(), text, client_id)
    except LookupError:
        abort(404)
    return show_done(conversation, noted=True)


def read_note() -> str:
    """What the field for a note holds."""
    return request.form.get("text", "").replace("\0", "").replace("\r\n", "\n").strip()
