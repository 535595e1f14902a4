"""The desk's inbox: whose talks, of which phase, in which state; and how many there are of each kind."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow
from plugin.care.phases import PHASES

MINE, UNASSIGNED = "mine", "unassigned"
SHOWS = ("", MINE, UNASSIGNED, "open", "bot", "resolved")
"""All, those an agent holds, those that nobody holds, and those in one status."""


@dataclass(frozen=True)
class Counts:
    """How many talks there are. `shows`: of each of `SHOWS`; `phases`: of each phase within the one that is shown."""

    shows: dict[str, int]
    phases: dict[str, int]


def choose_talks(show: str, phase: str, agent_id: int) -> list[ColumnElement[bool]]:
    """The conditions of one view of the inbox; an unknown word chooses as '' does."""
    which: list[ColumnElement[bool]] = []
    if show == MINE:
        which = [ConversationRow.owner == "agent", ConversationRow.agent_id == agent_id,
                 ConversationRow.status.in_(("open", "snoozed"))]  # fmt: skip
    elif show == UNASSIGNED:
        which = [ConversationRow.owner == "nobody", ConversationRow.status != "resolved"]
    elif show in SHOWS and show:
        which = [ConversationRow.status == show]
    if phase in PHASES:
        which.append(ConversationRow.phase == phase)
    return which


def count_inbox(tx: Session, store_id: int, show: str, phase: str, agent_id: int) -> Counts:
    """For the words beside the list; talks that only proved an order so far are none."""
    begun = (ConversationRow.store_id == store_id, ConversationRow.last_position > 0)

    def count(*which: ColumnElement[bool]) -> int:
        return tx.scalar(select(func.count()).select_from(ConversationRow).where(*begun, *which)) or 0

    shows = {one: count(*choose_talks(one, phase, agent_id)) for one in SHOWS if one}
    shown = select(ConversationRow.phase, func.count()).where(*begun, *choose_talks(show, "", agent_id))
    return Counts(shows, {row[0]: row[1] for row in tx.execute(shown.group_by(ConversationRow.phase))})
