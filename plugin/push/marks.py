"""Marks that fade: who was somewhere a moment ago, without a line that stays open for it."""

from __future__ import annotations

import threading
import time

MOST_KEPT = 5_000


class Marks:
    """The marks of one process: channel → mark → until when it is believed."""

    def __init__(self) -> None:
        self._until: dict[str, dict[str, float]] = {}
        self._guard = threading.Lock()

    def put(self, channel: str, mark: str, seconds: float) -> bool:
        """Believes a mark for so many seconds; True when nobody had put it, or it had faded."""
        now = time.monotonic()
        with self._guard:
            if len(self._until) >= MOST_KEPT:
                self._forget(now)
            here = self._until.setdefault(channel, {})
            new = here.get(mark, 0.0) <= now
            here[mark] = now + seconds
            return new

    def drop(self, channel: str, mark: str) -> bool:
        """Believes a mark no longer; True when it was believed."""
        with self._guard:
            return self._until.get(channel, {}).pop(mark, 0.0) > time.monotonic()

    def _forget(self, now: float) -> None:
        for channel, here in list(self._until.items()):
            if all(until <= now for until in here.values()):
                del self._until[channel]
        while len(self._until) >= MOST_KEPT:
            self._until.pop(next(iter(self._until)))

    def read(self, channel: str) -> tuple[str, ...]:
        """What is believed there now, the oldest first."""
        now = time.monotonic()
        with self._guard:
            return tuple(mark for mark, until in self._until.get(channel, {}).items() if until > now)
