"""A store's hours in words: the week on one line, and how it stands now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plugin.stores.hours_words import tell_hours, tell_state, tell_week
from plugin.stores.models import StoreRow

OFFICE = [["09:00", "18:00"]]
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def make_row(week: dict[str, Any], days: dict[str, Any] | None = None, zone: str = "America/Bogota") -> StoreRow:
    hours = {"week": week, "days": days or {}} if week or days else {}
    return StoreRow(hours=hours, time_zone=zone)


def five(pairs: list[list[str]]) -> dict[str, Any]:
    return dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), pairs)


@pytest.mark.parametrize(
    ("week", "locale", "words"),
    [
        (five(OFFICE), "es", "lun–vie 9:00–18:00 (hora de Bogotá)"),
        (five(OFFICE) | {"sat": [["09:00", "14:00"]]}, "es", "lun–vie 9:00–18:00; sáb 9:00–14:00 (hora de Bogotá)"),
        (five(OFFICE), "pt", "seg–sex 09:00–18:00 (horário de Bogotá)"),
        ({"mon": OFFICE, "wed": OFFICE}, "es", "lun 9:00–18:00; mié 9:00–18:00 (hora de Bogotá)"),
        ({"tue": [["09:00", "13:00"], ["15:00", "19:00"]]}, "es", "mar 9:00–13:00, 15:00–19:00 (hora de Bogotá)"),
        (five(OFFICE) | {"sat": OFFICE, "sun": OFFICE}, "es", "todos los días 9:00–18:00 (hora de Bogotá)"),
        (five([["00:00", "24:00"]]) | {one: [["00:00", "24:00"]] for one in ("sat", "sun")}, "en",
         "every day 24 hours (Bogota time)"),
        ({}, "es", ""),
    ],
)  # fmt: skip
def test_days_that_are_alike_are_told_together_with_the_zone(week: dict[str, Any], locale: str, words: str) -> None:
    assert tell_week(make_row(week), locale) == words


def test_english_hours_are_those_of_a_twelve_hour_clock() -> None:
    assert tell_week(make_row(five(OFFICE)), "en").replace("\u202f", " ") == "Mon–Fri 9:00 AM–6:00 PM (Bogota time)"


def test_how_it_stands_now_is_told_in_one_sentence() -> None:
    row = make_row(five(OFFICE))
    assert tell_state(row, "es", MONDAY) == "Abierto ahora, hasta: 18:00."
    assert tell_state(row, "pt", MONDAY.replace(hour=10)) == "Fechado agora. Abre: 09:00."
    assert tell_state(make_row({}), "es", MONDAY) == ""
    assert not tell_state(row, "es_CO", MONDAY).endswith("..")


def test_only_days_to_come_are_told_as_special() -> None:
    row = make_row(five(OFFICE), {"2026-11-22": [], "2026-12-25": [], "2026-12-24": [["09:00", "14:00"]]})
    lines = tell_hours(row, "es", MONDAY)[1]
    assert [(one.name, one.words) for one in lines if one.special] == [
        ("Jueves, 24 de diciembre", "9:00–14:00"), ("Viernes, 25 de diciembre", "Cerrado"),
    ]  # fmt: skip
    assert [one.words for one in lines if not one.special] == ["9:00–18:00"] * 5 + ["Cerrado"] * 2
