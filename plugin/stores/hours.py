"""When a store's people answer: a week, and single days that are otherwise; kept in `StoreRow.hours`.

The column keeps ``{"week": {"mon": [["09:00", "18:00"]], ...}, "days": {"2026-12-25": [], ...}}``; ``{}``: not told.
Times are those on a clock on the store's wall (`StoreRow.time_zone`). An interval belongs to the day it begins on and
may end on the next one (``22:00`` to ``02:00``); ``00:00`` to ``24:00`` is a whole day.

Where the clocks change: a time that does not come that night is the moment of the change, and of one that comes twice
an opening means the first and a closing the second. How Python tells them: https://peps.python.org/pep-0495/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from plugin.language import find_zone
from plugin.stores.brief import StoreBrief
from plugin.stores.models import StoreRow
from plugin.stores.wishes import Unwanted

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_INTERVALS = 6
"""Of one day."""
MOST_DAYS = 120
"""Days of their own: more than any calendar of holidays has."""
AHEAD = timedelta(days=7)
SEARCHED = 92
"""Days that a closed shop's next opening is looked for."""
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DAY = 24 * 60

Times = Sequence[Sequence[str]]
"""Pairs of ``HH:MM``: from, until."""


@dataclass(frozen=True)
class Opening:
    """How it stands at one moment, all in UTC. `closes_at`: while open; None: not within the next seven days.
    `opens_at`: while closed; None: nobody knows when. `intervals`: the present one, from its
    beginning (as far as a week back), and those that begin in the next seven days, in order, none touching another."""

    open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    intervals: tuple[tuple[datetime, datetime], ...]


class UnwantedHours(Unwanted):
    """Hours that cannot be; `day` is the one at fault: ``mon`` or ``2026-12-25``."""

    def __init__(self, day: str) -> None:
        super().__init__("hours")
        self.day = day


def set_hours(row: StoreRow, week: Mapping[str, Times], days: Mapping[str, Times]) -> None:
    """Keeps a week and the days that are otherwise (none: closed all day). A week without any interval and no other
    day: not told. Intervals of a day that overlap or touch become one. Raises `UnwantedHours`, a ``Unwanted("hours")``.
    """
    if unknown := sorted(set(week) - set(WEEKDAYS)):
        raise UnwantedHours(unknown[0])
    if len(days) > MOST_DAYS:
        raise UnwantedHours(max(days))
    kept = {day: _check(day, week.get(day, ())) for day in WEEKDAYS}
    own = {_check_date(day): _check(day, times) for day, times in sorted(days.items())}
    told = any(kept.values()) or any(own.values())
    row.hours = {"week": kept, "days": own} if told else {}


def is_told(row: StoreRow) -> bool:
    """Whether the merchant has said when people answer."""
    return bool(row.hours)


def read_week(row: StoreRow | StoreBrief) -> dict[str, list[list[str]]]:
    """Every weekday with its intervals, as they were kept."""
    week = row.hours.get("week", {})
    return {day: [list(pair) for pair in week.get(day, ())] for day in WEEKDAYS}


def read_days(row: StoreRow) -> dict[str, list[list[str]]]:
    """The days that are otherwise, by date."""
    days = row.hours.get("days", {})
    return {day: [list(pair) for pair in days[day]] for day in sorted(days)}


def read_opening(row: StoreRow, now: datetime) -> Opening | None:
    """How it stands at `now`; None: the merchant has not said."""
    if not is_told(row):
        return None
    zone = find_zone(row.time_zone)
    today = now.astimezone(zone).date()
    # Nights may hang together for days: the look goes as far back as ahead, and one day on for what ends past midnight.
    near = _merge(_list_intervals(row.hours, zone, today - AHEAD, 2 * AHEAD.days + 2))
    shown = tuple((start, end) for start, end in near if end > now and start < now + AHEAD)
    if shown and shown[0][0] <= now:
        end = shown[0][1]
        return Opening(True, None, end if end <= now + AHEAD else None, shown)
    opens_at = shown[0][0] if shown else _find_next(row.hours, zone, today, now)
    return Opening(False, opens_at, None, shown)


def is_within_hours(row: StoreRow, at: datetime) -> bool:
    """Whether people answer at this moment, as the hours stand now. Not told: always."""
    if not is_told(row):
        return True
    zone = find_zone(row.time_zone)
    yesterday = at.astimezone(zone).date() - timedelta(days=1)
    return any(start <= at < end for start, end in _list_intervals(row.hours, zone, yesterday, 2))


def count_open_seconds(row: StoreRow, since: datetime, until: datetime) -> int:
    """How much of the time between two moments people answered, in whole seconds, as the hours stand now. Not told:
    all of it. Of more than 92 days the last ones count."""
    if not is_told(row):
        return max(0, round((until - since).total_seconds()))
    since = max(since, until - timedelta(days=SEARCHED))
    zone = find_zone(row.time_zone)
    first = since.astimezone(zone).date() - timedelta(days=1)
    days = (until.astimezone(zone).date() - first).days + 1
    within = (
        (min(end, until) - max(start, since)).total_seconds()
        for start, end in _merge(_list_intervals(row.hours, zone, first, days))
        if start < until and end > since
    )
    return round(sum(within))


def _find_next(hours: Mapping[str, Any], zone: ZoneInfo, today: date, now: datetime) -> datetime | None:
    """The first opening after a longer rest, such as a month of holidays."""
    for start, _ in _list_intervals(hours, zone, today, SEARCHED):
        if start > now:
            return start
    return None


def _list_intervals(
    hours: Mapping[str, Any], zone: ZoneInfo, first: date, count: int
) -> Iterator[tuple[datetime, datetime]]:
    """What begins on `count` days from `first` on, in UTC, ordered by day; intervals may overlap."""
    week, days = hours.get("week", {}), hours.get("days", {})
    for number in range(count):
        day = first + timedelta(days=number)
        times = days.get(day.isoformat())
        for pair in week.get(WEEKDAYS[day.weekday()], ()) if times is None else times:
            begins, ends = _read_pair(pair)
            start, end = _moment(day, begins, zone, last=False), _moment(day, ends, zone, last=True)
            if start < end:  # both may fall into the hour that a change of clocks leaves out
                yield start, end


def _moment(day: date, minutes: int, zone: ZoneInfo, *, last: bool) -> datetime:
    """When the clock on the wall shows so many minutes after a day's midnight, in UTC."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:  # the same, or it comes twice
        return second if last else first
    return _find_change(second, first, zone)


def _find_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the clocks change between two moments."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _merge(intervals: Iterator[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """In order, with those that overlap or touch made one."""
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _check_date(day: str) -> str:
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise UnwantedHours(day) from None


def _check(day: str, times: Times) -> list[list[str]]:
    """The intervals of a day in order, those that overlap or touch made one."""
    if len(times) > MOST_INTERVALS:
        raise UnwantedHours(day)
    try:
        pairs = sorted(_read_pair(pair) for pair in times)
    except ValueError:
        raise UnwantedHours(day) from None
    merged: list[tuple[int, int]] = []
    for start, end in pairs:
        if merged and start <= merged[-1][1] and _fits(merged[-1][0], max(merged[-1][1], end)):
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return [[_write(start), "24:00" if end == _DAY else _write(end % _DAY)] for start, end in merged]


def _fits(start: int, end: int) -> bool:
    """Whether two times of day can say it: no more than a day, and a whole day only from midnight to midnight."""
    return end - start < _DAY or (start, end) == (0, _DAY)


def _read_pair(pair: Sequence[str]) -> tuple[int, int]:
    """Minutes after the day's midnight: from, until. Raises `ValueError`."""
    opens, closes = pair
    start, end = _read_clock(opens), _DAY if closes == "24:00" else _read_clock(closes)
    if start == end and start:
        raise ValueError("An interval has a beginning and another end.")
    return start, end if end > start else end + _DAY


def _read_clock(written: str) -> int:
    found = _CLOCK.fullmatch(written)
    if found is None:
        raise ValueError(f"{written!r} is no time of day.")
    return int(found[1]) * 60 + int(found[2])


def _write(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
