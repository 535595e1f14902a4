"""Times as the desk shows them: short, in the store's zone, with the exact moment for machines and for hovering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from plugin.care import write_time
from plugin.language import format_date, translator
from plugin.stores.hours_words import tell_moment


@dataclass(frozen=True)
class Times:
    """For one reader (`locale`), in one zone, at one moment."""

    locale: str
    zone: str
    now: datetime

    def iso(self, at: datetime) -> str:
        """For ``<time datetime>``."""
        return write_time(at)

    def when(self, at: datetime) -> str:
        """``14:30`` today, ``20 nov, 14:30`` this year, else with the year."""
        return tell_moment(at, self.locale, self.zone, self.now)

    def day(self, at: datetime) -> str:
        """``20 nov 2026``, the store's day."""
        return format_date(at, self.locale, self.zone)

    def since(self, at: datetime) -> str:
        """How long ago, in one unit: ``3 min``, ``2 h``, ``5 d``."""
        passed = max(self.now - at, timedelta(0))
        words = translator(self.locale, "web")
        if passed < timedelta(hours=1):
            return words.gettext("{count} min").format(count=max(1, int(passed.total_seconds() // 60)))
        if passed < timedelta(days=1):
            return words.gettext("{count} h").format(count=int(passed.total_seconds() // 3600))
        return words.gettext("{count} d").format(count=passed.days)
