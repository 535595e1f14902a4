"""Which conversations the list shows: whose, in which state, of which phase; kept while one goes from talk to talk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from plugin.care.inbox import SHOWS, Counts, count_inbox
from plugin.care.phases import PHASES
from plugin.web.access import here_store, visit
from plugin.web.desk_frame import desk

KEEPS_PHASE = frozenset(("desk.conversations", "desk.conversation_list", "desk.conversation"))


@dataclass(frozen=True)
class View:
    """What the address asks for: `show` of `plugin.care.inbox.SHOWS`, `phase` or '' for every one."""

    show: str
    phase: str
    counts: Counts


def read_view(tx: Any) -> View:
    """The view of this request's address; words that are none of ours show everything."""
    show, phase = request.args.get("status", ""), request.args.get("phase", "")
    show, phase = show if show in SHOWS else "", phase if phase in PHASES else ""
    return View(show, phase, count_inbox(tx, here_store().id, show, phase, visit().agent.id))


@desk.url_defaults
def keep_phase(endpoint: str, values: dict[str, Any]) -> None:
    """Addresses of the list, and of talks in it, stay in the phase that is shown."""
    phase = request.args.get("phase", "")
    if endpoint in KEEPS_PHASE and phase in PHASES:
        values.setdefault("phase", phase)
