"""The store's opening hours as a person writes them: "de lunes a viernes de 9:00 a 18:00"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "pt": ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"),
}
_SPAN = {"es": "de {first} a {last}", "en": "{first} to {last}", "pt": "de {first} a {last}"}
_TIMES = {"es": "de {first} a {last}", "en": "{first} to {last}", "pt": "das {first} às {last}"}
_AND = {"es": " y ", "en": " and ", "pt": " e "}


def tell_week(week: Mapping[str, Any], language: str) -> str:
    """The days with their hours, neighbours with the same ones together; '' when there are none."""
    days = [(place, _read_times(week.get(day))) for place, day in enumerate(WEEKDAYS)]
    parts = []
    for times, group in groupby(days, key=lambda one: one[1]):
        places = [place for place, _ in group]
        if times:
            told = _AND[language].join(_tell_times(first, last, language) for first, last in times)
            parts.append(_tell_days(places, language) + (", " if language == "en" else " ") + told)
    return "; ".join(parts)


def _tell_days(places: Sequence[int], language: str) -> str:
    names = _NAMES[language]
    if len(places) < 3:
        return _AND[language].join(names[place] for place in places)
    return _SPAN[language].format(first=names[places[0]], last=names[places[-1]])


def _tell_times(first: str, last: str, language: str) -> str:
    return _TIMES[language].format(first=first.removeprefix("0"), last=last.removeprefix("0"))


def _read_times(rows: object) -> tuple[tuple[str, str], ...]:
    pairs = rows if isinstance(rows, list) else []
    return tuple((str(one[0]), str(one[1])) for one in pairs if isinstance(one, list) and len(one) == 2)
