"""Ends the streams of visitors whose token was revoked, expired or erased, wherever that happened."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from sqlalchemy import select

from plugin.care.models import VisitorRow
from plugin.contract import Clock
from plugin.database import ALL, Database
from plugin.push import Hub, Subscription

log = logging.getLogger("mostrador.care")

LOOK_EVERY = 3.0
"""Seconds. A stream may outlive its token by five."""
AT_ONCE = 500


class Watch:
    """Looks after all open streams of a process with one short query; runs only while there are any."""

    def __init__(self, db: Database, clock: Clock, hub: Hub, every: float = LOOK_EVERY) -> None:
        self.db, self.clock, self.hub, self.every = db, clock, hub, every
        self._open: dict[Subscription, int] = {}
        self._guard = threading.Lock()
        self._running = False

    def add(self, subscription: Subscription, visitor_id: int) -> None:
        """Watches one stream until `remove`."""
        with self._guard:
            self._open[subscription] = visitor_id
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="care-watch", daemon=True).start()

    def remove(self, subscription: Subscription) -> None:
        with self._guard:
            self._open.pop(subscription, None)

    def _run(self) -> None:
        while not self.hub.closing.wait(self.every):
            with self._guard:
                watched = dict(self._open)
                if not watched:
                    self._running = False
                    return
            try:
                good = self._find_good(sorted(set(watched.values())))
            except Exception:
                log.warning(
                    "The visitors of open streams could not be looked up; trying again.", exc_info=True
                )
                continue
            for subscription, visitor_id in watched.items():
                if visitor_id not in good:
                    subscription.end()

    def _find_good(self, ids: Sequence[int]) -> set[int]:
        good: set[int] = set()
        for start in range(0, len(ids), AT_ONCE):
            which = VisitorRow.id.in_(ids[start : start + AT_ONCE])
            valid = (VisitorRow.revoked_at.is_(None), VisitorRow.expires_at > self.clock.now())
            with self.db.reading(ALL, "are the tokens of open streams still good") as tx:
                good.update(tx.scalars(select(VisitorRow.id).where(which, *valid)))
        return good
