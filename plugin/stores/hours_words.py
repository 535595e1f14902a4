"""A store's hours in a reader's words: for the desk, the help pages, the widget's boot and the mails alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from babel.dates import format_skeleton, format_time, get_day_names

from plugin.language import find_zone, format_day, name_zone, translator
from plugin.stores.brief import StoreBrief
from plugin.stores.hours import WEEKDAYS, is_told, read_days, read_opening, read_week
from plugin.stores.models import StoreRow

SHOWN_DAYS = 5
_WHOLE_DAY = [["00:00", "24:00"]]

Pairs = Sequence[Sequence[str]]


@dataclass(frozen=True)
class HoursLine:
    """One line of the summary: a day and its hours in the reader's words. `special`: a date that is otherwise."""

    name: str
    words: str
    special: bool = False


def tell_hours(row: StoreRow, locale: str, now: datetime) -> tuple[str, list[HoursLine]]:
    """How it stands now, in a sentence ('' when nobody said), and a line for each day of the week and for the next
    `SHOWN_DAYS` days that are otherwise. Times are those of the store; its zone is to be named beside them."""
    if not is_told(row):
        return "", []
    week = [HoursLine(name_day(day, locale), tell_day(pairs, locale)) for day, pairs in read_week(row).items()]
    today = now.astimezone(find_zone(row.time_zone)).date().isoformat()
    special = [
        HoursLine(name_day(day, locale), tell_day(pairs, locale), True)
        for day, pairs in read_days(row).items()
        if day >= today
    ]
    return tell_state(row, locale, now), week + special[:SHOWN_DAYS]


def tell_state(row: StoreRow, locale: str, now: datetime) -> str:
    """How it stands now, in a sentence; '' when the merchant has not said."""
    opening, _ = read_opening(row, now), translator(locale, "stores").gettext
    if opening is None:
        return ""
    if opening.open and opening.closes_at:
        return _end_once(
            _("Open now, until {time}.").format(time=tell_moment(opening.closes_at, locale, row.time_zone, now))
        )
    if opening.open:
        return _("Always open.")
    if opening.opens_at:
        return _end_once(
            _("Closed now. Opens {time}.").format(time=tell_moment(opening.opens_at, locale, row.time_zone, now))
        )
    return _("Closed, and no opening is told.")


def tell_week(row: StoreRow | StoreBrief, locale: str) -> str:
    """The week on one line, days that are alike told together: ``lun–vie 9:00–18:00; sáb 9:00–14:00 (hora de
    Bogotá)``. Closed days are left out; '' when no week is told."""
    _ = translator(locale, "stores").gettext
    names = get_day_names("abbreviated", locale=locale)
    runs: list[tuple[int, int, list[list[str]]]] = []
    for place, pairs in enumerate(read_week(row).values()):
        if runs and runs[-1][1] == place - 1 and runs[-1][2] == pairs:
            runs[-1] = runs[-1][0], place, pairs
        elif pairs:
            runs.append((place, place, pairs))
    parts = []
    for first, last, pairs in runs:
        ends = [str(names[place]).rstrip(".") for place in dict.fromkeys((first, last))]
        days = _("every day") if (first, last) == (0, len(WEEKDAYS) - 1) else "–".join(ends)
        parts.append(f"{days} {tell_day(pairs, locale)}")
    return f"{'; '.join(parts)} ({name_zone(find_zone(row.time_zone).key, locale)})" if parts else ""


def tell_moment(at: datetime, locale: str, time_zone: str, now: datetime) -> str:
    """``14:30`` today, ``20 nov, 14:30`` this year, else with the year."""
    local, today = at.astimezone(find_zone(time_zone)), now.astimezone(find_zone(time_zone))
    clock = format_time(local, "short", locale=locale)
    if local.date() == today.date():
        return clock
    skeleton = "MMMd" if local.year == today.year else "yMMMd"
    return f"{format_skeleton(skeleton, local, locale=locale)}, {clock}"


def name_day(day: str, locale: str) -> str:
    """A weekday (``mon``) or a date (``2026-12-25``), as a line begins with it. Raises `ValueError` for what is
    neither."""
    if day in WEEKDAYS:
        return _begin_large(str(get_day_names("wide", locale=locale)[WEEKDAYS.index(day)]))
    return _begin_large(format_day(date.fromisoformat(day), locale, "UTC"))


def tell_day(pairs: Pairs, locale: str) -> str:
    """A day's hours: ``9:00–14:00, 16:00–20:00``; in words when there are none, or nothing else."""
    _ = translator(locale, "stores").gettext
    if [list(pair) for pair in pairs] == _WHOLE_DAY:
        return _("24 hours")
    return ", ".join("–".join(_tell_clock(one, locale) for one in pair) for pair in pairs) or _("Closed")


def _tell_clock(written: str, locale: str) -> str:
    return format_time(time.fromisoformat("00:00" if written == "24:00" else written), "short", locale=locale)


def _end_once(sentence: str) -> str:
    """A sentence that ends with ``a. m.`` has its full stop already."""
    return sentence.removesuffix(".") if sentence.endswith("..") else sentence


def _begin_large(words: str) -> str:
    return words[:1].upper() + words[1:]
