"""What the care of shoppers needs besides a store: database, clock, live events, platforms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from plugin.care.watch import Watch
from plugin.contract import Clock
from plugin.database import Database
from plugin.push import Hub
from plugin.registry import Registry


@dataclass(frozen=True)
class Care:
    """One instance's care room."""

    db: Database
    clock: Clock
    hub: Hub
    registry: Registry
    watch: Watch
    typing: dict[str, datetime] = field(default_factory=dict)
    """Whose typing was told when, by this process."""


def open_care(db: Database, clock: Clock, hub: Hub, registry: Registry) -> Care:
    """The care room over these doors; once per process."""
    return Care(db=db, clock=clock, hub=hub, registry=registry, watch=Watch(db, clock, hub))
