"""The days that a number is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

LENGTHS = (7, 30, 90)
"""Days that can be chosen."""
USUAL = 30
MOST_READ = 100_000
"""Newest rows that one number looks at."""


@dataclass(frozen=True)
class Range:
    """From `since` up to `until`, UTC; `days` long; `now`: when it was asked."""

    since: datetime
    until: datetime
    days: int
    now: datetime

    @property
    def first_day(self) -> date:
        """Of as many whole days (UTC), today's among them: what is counted by the day."""
        return (self.since + timedelta(days=1)).date()

    def holds(self, at: datetime) -> bool:
        return self.since <= at <= self.until

    def moved_back(self, by: timedelta) -> Range:
        """As many days, so much earlier."""
        return Range(self.since - by, self.until - by, self.days, self.now)

    def begun_earlier(self, by: timedelta) -> Range:
        """So much longer, to the same end."""
        return Range(self.since - by, self.until, self.days + by.days, self.now)


def last_days(days: int, now: datetime) -> Range:
    """The last so many days, up to now; a length that cannot be chosen is the usual one."""
    days = days if days in LENGTHS else USUAL
    return Range(now - timedelta(days=days), now, days, now)
