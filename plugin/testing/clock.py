"""A clock that stands still until it is told to move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FrozenClock:
    """`plugin.contract.Clock` for tests; starts at `at`, an aware time, and moves by `advance` alone."""

    def __init__(self, at: datetime = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)) -> None:
        if at.tzinfo is None:
            raise ValueError("A clock needs a time with its zone.")
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float | timedelta) -> datetime:
        """Move on, never back; gives the new time."""
        step = seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
        if step < timedelta(0):
            raise ValueError("Time does not run backwards.")
        self.at += step
        return self.at

    def move_to(self, at: datetime) -> datetime:
        """Move on to a moment; gives the new time."""
        return self.advance(at - self.at)
