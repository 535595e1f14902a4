"""Which conversations the list shows: whose, in which state, of which phase and topic, and which page of them; kept
while one goes from talk to talk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request

from plugin.care import ConversationRow
from plugin.care.inbox import SHOWS, Counts, View, count_inbox
from plugin.care.phases import PHASES
from plugin.care.routes import Notes, read_notes
from plugin.care.topics import TOPICS
from plugin.web.access import here_store, visit
from plugin.web.desk_frame import desk, page_locale
from plugin.web.desk_words import name_why

PAGE = 50
LIST = frozenset(("desk.conversations", "desk.conversation_list"))
MOST_PAGES = 1000
KNOWN = {"show": SHOWS, "phase": PHASES, "topic": TOPICS}


@dataclass(frozen=True)
class Inbox:
    """What the address asks for. `page`: from 1 on; `counts`: of all pages."""

    view: View
    page: int
    counts: Counts

    @property
    def is_narrowed(self) -> bool:
        """Whether some conversations are left out."""
        return bool(self.view.show or self.view.phase or self.view.topic)

    @property
    def has_older(self) -> bool:
        """Whether there is another page after this one."""
        return self.page * PAGE < self.counts.shown


@dataclass(frozen=True)
class Way:
    """How a conversation came to people. `why`: in words, '' where nobody noted it."""

    why: str
    notes: Notes


def read_inbox(tx: Any) -> Inbox:
    """The view of this request's address."""
    asked = read_asked()
    view = View(asked.get("show", ""), asked.get("phase", ""), asked.get("topic", ""), visit().agent.id)
    return Inbox(view, int(asked.get("page", 1)), count_inbox(tx, here_store().id, view))


def read_asked() -> dict[str, str]:
    """``show``, ``phase``, ``topic`` and ``page`` of this request's address, as far as they are asked for; words that
    are none of ours ask for nothing. ``status`` is what ``show`` was called once."""
    args = request.args
    asked = {"show": args.get("show", args.get("status", "")), "page": args.get("page", "")}
    asked |= {"phase": args.get("phase", ""), "topic": args.get("topic", "")}
    return {name: word for name, word in asked.items() if _is_known(name, word)}


def _is_known(name: str, word: str) -> bool:
    if name != "page":
        return bool(word) and word in KNOWN[name]
    return word.isascii() and word.isdecimal() and len(word) < 6 and 1 < int(word) <= MOST_PAGES


@desk.url_defaults
def keep_view(endpoint: str, values: dict[str, Any]) -> None:
    """Addresses of the list, and of talks and what is done in them, stay in what is shown."""
    if request.endpoint and _is_counter(endpoint) and _is_counter(request.endpoint):
        for name, word in read_asked().items():
            values.setdefault(name, word)


def _is_counter(endpoint: str) -> bool:
    return endpoint in LIST or current_app.url_map.is_endpoint_expecting(endpoint, "conversation")


def tell_way(row: ConversationRow) -> Way:
    """How a conversation came to people, in the reader's words."""
    notes = read_notes(row)
    return Way(name_why(notes.why, page_locale()), notes)
