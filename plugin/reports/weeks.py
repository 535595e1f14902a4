"""What shoppers' contacts were about, week by week: ISO weeks (Monday to Sunday) of the store's own time zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from plugin.care.topics import TOPICS
from plugin.language import find_zone
from plugin.reports.contacts import Contact
from plugin.reports.ranges import Range

UNSORTED = "none"
"""In an address: contacts whose topic nothing tells."""


@dataclass(frozen=True)
class Week:
    """One week (`name`: ``2026-W47``), or as much of it as the range holds: `first` and `last` day. `topics`: how many
    contacts that began in it were about each of `TOPICS`, and about nothing that can be told (`UNSORTED`)."""

    name: str
    first: date
    last: date
    topics: Mapping[str, int]

    @property
    def contacts(self) -> int:
        return sum(self.topics.values())


def week_of(at: datetime | date) -> str:
    """``2026-W47``."""
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"


def count_topics(contacts: Iterable[Contact], when: Range, time_zone: str) -> Sequence[Week]:
    """Every week that the range touches, the newest first, also those in which nobody wrote. Contacts outside the range
    are in none."""
    zone = find_zone(time_zone)
    first, last = when.since.astimezone(zone).date(), when.until.astimezone(zone).date()
    days: dict[str, list[date]] = {}
    for passed in range((last - first).days + 1):
        day = first + timedelta(days=passed)
        days.setdefault(week_of(day), []).append(day)
    counts = {name: dict.fromkeys((*TOPICS, UNSORTED), 0) for name in days}
    for one in contacts:
        if when.holds(one.began_at):
            counts[week_of(one.began_at.astimezone(zone))][one.topic or UNSORTED] += 1
    return [Week(name, held[0], held[-1], counts[name]) for name, held in reversed(days.items())]


def pick_contacts(contacts: Iterable[Contact], time_zone: str, week: str, topic: str) -> Sequence[Contact]:
    """The contacts that began in one week and are about one topic; '' for all of them."""
    zone = find_zone(time_zone)
    return [
        one
        for one in contacts
        if week in ("", week_of(one.began_at.astimezone(zone))) and topic in ("", one.topic or UNSORTED)
    ]
