"""When people answer: how it stands on the store's page, and the page on which an owner says it.

The form works as plain HTML: "one more", "as on Monday" and "another day" are buttons that bring it back with what was
typed and one thing more, and keep nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import Response, request

from plugin.language import find_zone
from plugin.stores import StoreRow, get_store
from plugin.stores.hours import (
    MOST_DAYS,
    MOST_INTERVALS,
    WEEKDAYS,
    UnwantedHours,
    is_told,
    read_days,
    read_week,
    set_hours,
)
from plugin.stores.hours_words import name_day
from plugin.web.access import here_store, owners_only
from plugin.web.desk_frame import back_to, desk, is_htmx, page_locale, render
from plugin.web.desk_words import tell_unwanted
from plugin.web.doors import doors

KEEP_DAYS = timedelta(days=60)
"""How long a past day of its own is kept, for the numbers that look back."""
WORKDAYS = WEEKDAYS[1:5]

Pairs = list[list[str]]


@dataclass
class TypedHours:
    """What the form says: weekday → (from, until) as typed; `days` with their dates in the form's order. `more`: the
    parts of the form with one more empty line. `goes_on`: the id of the field or button that takes the focus, '' for
    none."""

    week: dict[str, Pairs]
    days: list[tuple[str, Pairs]]
    more: set[str] = field(default_factory=set)
    goes_on: str = ""

    def find_part(self, day: str) -> str:
        """Where a day stands in the form: ``mon``, ``date.3`` (the last of two that are the same), '' for nowhere."""
        if day in self.week:
            return day
        return next((f"date.{n}" for n, (one, _) in reversed(list(enumerate(self.days))) if one == day), "")


class DoubledDay(UnwantedHours):
    """A date that stands in the form twice."""


@desk.get("/<store>/hours")
def hours() -> Response:
    """The week and the days that are otherwise; owners change them here."""
    return _show(_read_kept(here_store()))


@desk.post("/<store>/hours")
@owners_only
def save_hours() -> Response:
    """Keeps the whole form, or shows it again with the day that cannot be (422)."""
    row, typed = here_store(), _read_typed()
    try:
        with doors().db.transaction(row.id) as tx:
            kept = get_store(tx, row.id)
            set_hours(kept, _drop_empty(typed.week), _list_days(typed) | _past_days(kept))
    except UnwantedHours as error:
        return _show(typed, 422, error)
    return back_to("desk.store", "saved", anchor="hours", about="hours")


@desk.post("/<store>/hours/draft")
@owners_only
def draft_hours() -> Response:
    """The form as it was typed, with one thing more or less. Nothing is kept. ``?more=`` a weekday or the number of a
    day, ``?copy=`` workdays or week, ``?day=`` (another one), ``?drop=`` the number of a day."""
    typed, wish = _read_typed(), request.args
    if wish.get("copy") in ("workdays", "week"):
        for day in WORKDAYS if wish["copy"] == "workdays" else WEEKDAYS[1:]:
            typed.week[day] = [list(pair) for pair in typed.week["mon"]]
    if "day" in wish and len(typed.days) < MOST_DAYS:
        typed.days.append(("", []))
    dropped = wish.get("drop", "")
    if dropped.isascii() and dropped.isdecimal() and len(dropped) < 4:
        typed.days[int(dropped) : int(dropped) + 1] = []
        typed.goes_on = "add-day"
    typed.more = {wish.get("more", "")}
    typed.goes_on = typed.goes_on or _find_next_field(typed, wish)
    return _show(typed)


def _find_next_field(typed: TypedHours, wish: Mapping[str, str]) -> str:
    """The field that was just added."""
    part = wish.get("more", "")
    if "day" in wish and typed.days:
        return f"date.{len(typed.days) - 1}"
    pairs = typed.week.get(part) or {f"date.{n}": one for n, (_, one) in enumerate(typed.days)}.get(part)
    return f"{part}.{len(pairs)}.from" if pairs and len(pairs) < MOST_INTERVALS else ""


def _read_kept(row: StoreRow) -> TypedHours:
    today = _today(row)
    days = [(day, _for_inputs(pairs)) for day, pairs in read_days(row).items() if day >= today]
    return TypedHours({day: _for_inputs(pairs) for day, pairs in read_week(row).items()}, days)


def _for_inputs(pairs: Pairs) -> Pairs:
    """As an ``<input type=time>`` writes it, which knows no 24:00."""
    return [["00:00" if one == "24:00" else one for one in pair] for pair in pairs]


def _read_typed() -> TypedHours:
    week = {day: _read_pairs(day) for day in WEEKDAYS}
    days = []
    for number in range(MOST_DAYS):
        if f"date.{number}" not in request.form:
            break
        days.append((request.form[f"date.{number}"].strip()[:10], _read_pairs(f"date.{number}")))
    return TypedHours(week, days)


def _read_pairs(part: str) -> Pairs:
    """The intervals of one part of the form, those with anything in them."""
    found = [
        [request.form.get(f"{part}.{number}.{end}", "").strip()[:8] for end in ("from", "until")]
        for number in range(MOST_INTERVALS + 1)
    ]
    return [pair for pair in found if any(pair)]


def _drop_empty(week: Mapping[str, Pairs]) -> dict[str, Pairs]:
    return {day: pairs for day, pairs in week.items() if pairs}


def _list_days(typed: TypedHours) -> dict[str, Pairs]:
    """Date → intervals; a line without a date is none. Raises `DoubledDay`."""
    days: dict[str, Pairs] = {}
    for day, pairs in typed.days:
        if day in days:
            raise DoubledDay(day)
        if day:
            days[day] = pairs
    return days


def _past_days(row: StoreRow) -> dict[str, Pairs]:
    """Days that the form no longer shows and the numbers still need."""
    today = date.fromisoformat(_today(row))
    oldest = (today - KEEP_DAYS).isoformat()
    return {day: pairs for day, pairs in read_days(row).items() if oldest <= day < today.isoformat()}


def _today(row: StoreRow) -> str:
    return doors().clock.now().astimezone(find_zone(row.time_zone)).date().isoformat()


def _show(typed: TypedHours, status: int = 200, wrong: UnwantedHours | None = None) -> Response:
    row, locale = here_store(), page_locale()
    fault = typed.find_part(wrong.day) if wrong else ""
    template = "hours_form.html" if is_htmx() else "hours.html"
    return render(
        template, status, store=row, typed=typed, fault=fault, told=is_told(row), most=MOST_INTERVALS,
        fault_words=_tell_fault(wrong, locale) if wrong else "", today=_today(row),
        names={day: name_day(day, locale) for day in WEEKDAYS},
        drafted=request.endpoint == "desk.draft_hours",
    )  # fmt: skip


def _tell_fault(wrong: UnwantedHours, locale: str) -> str:
    try:
        name = name_day(wrong.day, locale)
    except ValueError:
        return tell_unwanted("hours_day", locale)
    return f"{name}: {tell_unwanted('hours_twice' if isinstance(wrong, DoubledDay) else 'hours', locale)}"
