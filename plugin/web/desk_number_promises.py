"""Among the numbers: who was answered by the time they had been told, and the promises behind it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from plugin.reports import list_promises
from plugin.web.access import here_store
from plugin.web.desk_frame import _, page_locale
from plugin.web.desk_number_rows import Asked, Rows
from plugin.web.desk_words import name_phase


def show_promise_rows(tx: Session, asked: Asked) -> Rows:
    """The promises whose time ran out, each with what became of it."""
    locale = page_locale()
    names = {
        "kept": _("Answered in time"), "late": _("Answered late"), "unanswered": _("It ended without a person"),
        "overdue": _("Overdue, nobody has answered"),
    }  # fmt: skip
    return Rows(
        _("Answered by the time promised"),
        _("One line for each time by which a shopper was told that a person answers, if it lies in these days. The "
          "first word of a person keeps it."),
        names.get(asked.state, ""),
        (_("Conversation"), _("Promised at"), _("Promised by"), _("Outcome"), _("Answered at"), _("Phase now")),
        [
            (one.conversation, one.made_at, one.promised_by, names[one.state], one.answered_at or "—",
             name_phase(one.phase, locale))
            for one in list_promises(tx, here_store().id, asked.when)
            if asked.state in ("", one.state)
        ],
    )  # fmt: skip
