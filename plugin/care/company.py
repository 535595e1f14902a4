"""Who else looks at a talk right now, and who is writing an answer to it: so that two do not answer at once.

Nothing is stored: a desk says it again while it shows the talk, and what is not said again is forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from plugin.care.doors import Care
from plugin.care.hold import Agent
from plugin.care.shapes import desk_channel
from plugin.push import Event

LOOKS_SECONDS = 25.0
"""A page says every ten seconds that it is open."""
WRITES_SECONDS = 8.0
"""Typing is said every three seconds."""


@dataclass(frozen=True)
class Companion:
    """Somebody else at the same talk."""

    agent_id: int
    name: str
    writes: bool


def note_looking(care: Care, store_id: int, public_id: str, agent: Agent) -> None:
    """This agent's page shows the talk. Whoever shows it too hears of somebody new."""
    _note(care, store_id, public_id, agent, "looks", LOOKS_SECONDS)


def note_writing(care: Care, store_id: int, public_id: str, agent: Agent) -> None:
    """This agent is writing an answer."""
    _note(care, store_id, public_id, agent, "writes", WRITES_SECONDS)


def drop_writing(care: Care, store_id: int, public_id: str, agent: Agent) -> None:
    """This agent has sent what they were writing."""
    if care.hub.drop_mark(_channel(store_id, public_id, "writes"), _mark(agent)):
        _tell(care, store_id, public_id)


def _note(care: Care, store_id: int, public_id: str, agent: Agent, what: str, seconds: float) -> None:
    if care.hub.put_mark(_channel(store_id, public_id, what), _mark(agent), seconds):
        _tell(care, store_id, public_id)


def _mark(agent: Agent) -> str:
    return f"{agent.id} {agent.name}"


def _tell(care: Care, store_id: int, public_id: str) -> None:
    event = Event("company", json.dumps({"conversation": public_id}))
    care.hub.publish(desk_channel(store_id), event)


def list_company(care: Care, store_id: int, public_id: str, agent_id: int) -> Sequence[Companion]:
    """Everybody else, those who write first."""
    looks, writes = (
        _read(care.hub.read_marks(_channel(store_id, public_id, what))) for what in ("looks", "writes")
    )
    others = {who: name for who, name in (writes | looks).items() if who != agent_id}
    found = [Companion(who, name, who in writes) for who, name in others.items()]
    return sorted(found, key=lambda one: (not one.writes, one.name, one.agent_id))


def _channel(store_id: int, public_id: str, what: str) -> str:
    return f"company:{store_id}:{public_id}:{what}"


def _read(marks: Sequence[str]) -> dict[int, str]:
    found = {}
    for mark in marks:
        who, _, name = mark.partition(" ")
        if who.isdecimal():
            found[int(who)] = name
    return found
