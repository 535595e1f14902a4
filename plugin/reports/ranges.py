"""The days that a number is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LENGTHS = (7, 30, 90)
"""Days that can be chosen."""
USUAL = 30


@dataclass(frozen=True)
class Range:
    """From `since` up to `until`, UTC; `days` long; `now`: when it was asked."""

    since: datetime
    until: datetime
    days: int
    now: datetime

    def moved_back(self, by: timedelta) -> Range:
        """As many days, so much earlier."""
        return Range(self.since - by, self.until - by, self.days, self.now)


def last_days(days: int, now: datetime) -> Range:
    """The last so many days, up to now; a length that cannot be chosen is the usual one."""
    days = days if days in LENGTHS else USUAL
    return Range(now - timedelta(days=days), now, days, now)
