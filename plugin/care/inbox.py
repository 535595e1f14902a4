"""The desk's inbox: whose talks, of which phase and topic, in which state; and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow
from plugin.care.phases import PHASES
from plugin.care.topics import TOPICS

MINE, UNASSIGNED = "mine", "unassigned"
SHOWS = ("", MINE, UNASSIGNED, "open", "bot", "resolved")
"""All, those an agent holds, those that nobody holds, and those in one status."""


@dataclass(frozen=True)
class View:
    """What of the inbox is looked at: `show`, one of `SHOWS`; `phase` and `topic`, '' for every one; an unknown word
    chooses as '' does. `agent_id`: whose are ``mine``."""

    show: str = ""
    phase: str = ""
    topic: str = ""
    agent_id: int = 0


@dataclass(frozen=True)
class Counts:
    """How many talks there are. `shows`: of each of `SHOWS`; `phases`, `topics`: of each within what is shown
    otherwise; `shown`: in the view itself; `waiting`: whose shopper waits for a person, whatever is shown; `longest`:
    since when the first of them does."""

    shows: dict[str, int]
    phases: dict[str, int]
    topics: dict[str, int]
    shown: int
    waiting: int
    longest: datetime | None


@dataclass(frozen=True)
class Standing:
    """Status → number of talks; `waiting`: how many shoppers wait for a person, `longest`: since when the first does.
    """

    statuses: dict[str, int]
    waiting: int
    longest: datetime | None


def choose_talks(view: View) -> list[ColumnElement[bool]]:
    """The conditions of one view of the inbox; talks that only proved an order so far are in none."""
    which: list[ColumnElement[bool]] = [ConversationRow.last_position > 0]
    if view.show == MINE:
        which += [ConversationRow.owner == "agent", ConversationRow.agent_id == view.agent_id,
                  ConversationRow.status.in_(("open", "snoozed"))]  # fmt: skip
    elif view.show == UNASSIGNED:
        which += [ConversationRow.owner == "nobody", ConversationRow.status != "resolved"]
    elif view.show in SHOWS and view.show:
        which.append(ConversationRow.status == view.show)
    if view.phase in PHASES:
        which.append(ConversationRow.phase == view.phase)
    if view.topic in TOPICS:
        which.append(ConversationRow.topic == view.topic)
    return which


def count_inbox(tx: Session, store_id: int, view: View) -> Counts:
    """For the words beside the list. One pass over one index, for every desk asks this whenever anything changes."""
    shows = [one for one in SHOWS if one]
    views = [replace(view, show=one) for one in shows] + [replace(view, phase=one) for one in PHASES]
    views += [replace(view, topic=one) for one in TOPICS]
    sums = [func.count().filter(and_(*choose_talks(one))) for one in (*views, view)]
    waiting = func.count(ConversationRow.waiting_since), func.min(ConversationRow.waiting_since)
    waits, longest, *counted = tx.execute(select(*waiting, *sums).where(ConversationRow.store_id == store_id)).one()

    def take(names: Sequence[str]) -> dict[str, int]:
        return {name: counted.pop(0) for name in names}

    return Counts(take(shows), take(PHASES), take(TOPICS), counted[0], waits, longest)


def count_by_status(tx: Session, store_id: int) -> Standing:
    """How a store's conversations stand."""
    begun, since = func.count().filter(ConversationRow.last_position > 0), ConversationRow.waiting_since
    counted = select(ConversationRow.status, begun, func.count(since), func.min(since))
    rows = list(tx.execute(counted.where(ConversationRow.store_id == store_id).group_by(ConversationRow.status)))
    longest = min((row[3] for row in rows if row[3] is not None), default=None)
    return Standing({row[0]: row[1] for row in rows}, sum(row[2] for row in rows), longest)
