"""When a person answers by, and whether one is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from plugin.care import answered_by, desk_channel, is_staffed, presence, promise_words
from plugin.push import Hub
from plugin.stores import StoreRow

WEEK = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)


def store(zone: str = "America/Bogota", **hours: Any) -> StoreRow:
    return StoreRow(name="Casa Lavanda", time_zone=zone, hours=hours)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, as clocks in Bogotá show it (UTC-5)."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=5)


@pytest.mark.parametrize(
    ("now", "median", "by"),
    [
        (at(20, 10, 3), 240, at(20, 10, 15)),  # never sooner than ten minutes, and to the next five
        (at(20, 10, 0), 3600, at(20, 11, 0)),
        (at(20, 10, 0), None, at(20, 18, 0)),  # nobody knows how long it takes: today
        (at(20, 17, 45), None, at(23, 18, 0)),  # too late for today; on Saturday and Sunday it is closed
        (at(20, 17, 55), 1800, at(23, 9, 30)),
        (at(21, 12, 0), 1800, at(23, 9, 30)),
        (at(21, 12, 0), None, at(23, 18, 0)),
        (at(23, 3, 0), 60, at(23, 9, 10)),
    ],
)
def test_a_person_answers_within_the_hours_that_were_told(
    now: datetime, median: int | None, by: datetime
) -> None:
    assert answered_by(store(week=WEEK), now, median) == by


def test_where_no_hours_are_told_a_day_is_promised() -> None:
    assert answered_by(store(), at(20, 10, 3), 60) == at(21, 10, 5)


def test_a_shop_that_never_closes_promises_its_median_or_a_day() -> None:
    always = store(week={day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")})
    assert answered_by(always, at(20, 23, 0), 7200) == at(21, 1, 0)
    assert answered_by(always, at(20, 23, 0), None) == at(21, 23, 0)


def test_holidays_are_skipped_and_a_month_of_them_is_found_the_end_of() -> None:
    days = {f"2026-11-{day:02d}": [] for day in range(20, 31)}
    assert answered_by(store(week=WEEK, days=days), at(20, 10), 600) == datetime(2026, 12, 1, 14, 10, tzinfo=UTC)
    assert answered_by(store(week=WEEK, days=days), at(20, 10), None) == datetime(2026, 12, 1, 23, 0, tzinfo=UTC)


def test_a_shop_that_told_only_days_that_are_over_promises_nothing() -> None:
    over = store(days={"2026-01-02": [["09:00", "18:00"]]})
    assert answered_by(over, at(20, 10), 600) is None
    assert promise_words(over, "es_CO", at(20, 10), 600) == (
        "Una persona te responderá en cuanto la tienda vuelva a abrir."
    )


def test_nights_and_changing_clocks_are_right() -> None:
    madrid = store("Europe/Madrid", week={"sat": [["22:00", "02:00"]]})
    saturday = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # 01:30 on Sunday; at three the clocks go back
    assert answered_by(madrid, saturday, 600) == datetime(2026, 10, 24, 23, 40, tzinfo=UTC)
    # Two o'clock comes twice, and the shop closes at the second.
    assert answered_by(madrid, saturday, None) == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    assert answered_by(madrid, saturday, 7200) == datetime(2026, 10, 31, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "zone", "now", "absolute", "words"),
    [
        ("es_CO", "America/Bogota", at(20, 10), False,
         "Una persona te responderá hoy antes de las 6:00 p. m. (hora de Bogotá)."),
        ("es_ES", "Europe/Madrid", datetime(2026, 11, 20, 9, tzinfo=UTC), False,
         "Una persona te responderá hoy antes de las 18:00 (hora de Madrid)."),
        ("es_CO", "America/Bogota", at(22, 10), False,
         "Una persona te responderá mañana lunes antes de las 6:00 p. m. (hora de Bogotá)."),
        ("es_CO", "America/Bogota", at(22, 10), True,
         "Una persona te responderá el lunes, 23 de noviembre, antes de las 6:00 p. m. (hora de Bogotá)."),
        ("pt_BR", "America/Sao_Paulo", at(22, 10), False,
         "Uma pessoa vai responder amanhã, segunda-feira, antes das 18:00 (horário de São Paulo)."),
        ("pt_BR", "America/Sao_Paulo", at(21, 10), False,
         "Uma pessoa vai responder até segunda-feira, 23 de novembro, às 18:00 (horário de São Paulo)."),
        ("en_US", "America/New_York", at(21, 10), False,
         "A person will answer you on Monday, November 23, before 6:00 PM (New York time)."),
    ],
)  # fmt: skip
def test_it_is_said_in_the_reader_s_language_and_the_store_s_zone(
    locale: str, zone: str, now: datetime, absolute: bool, words: str
) -> None:
    said = promise_words(store(zone, week=WEEK), locale, now, None, absolute=absolute)
    assert said.replace("\u202f", " ").replace("\xa0", " ") == words


def test_one_o_clock_is_one_in_spanish_and_portuguese() -> None:
    one = store("Europe/Madrid", week={"fri": [["09:00", "13:00"]]})
    now = FRIDAY + timedelta(hours=9)
    assert "antes de las 13:00" in promise_words(one, "es_ES", now, None)
    assert "antes de la 1:00" in promise_words(one, "es_CO", now, None)
    night = store("Europe/Lisbon", week={"fri": [["20:00", "01:00"]]})
    assert "à 01:00" in promise_words(night, "pt_BR", FRIDAY + timedelta(hours=21), None, absolute=True)


def test_a_promise_never_lies_in_the_past_nor_outside_of_the_hours() -> None:
    shop = store(week=WEEK, days={"2026-11-25": [["11:00", "12:00"]]})
    for minutes in range(0, 7 * 24 * 60, 17):
        now = at(19, 0) + timedelta(minutes=minutes)
        for median in (None, 1, 900, 7200, 90_000):
            by = answered_by(shop, now, median)
            assert by is not None and by >= now + timedelta(minutes=10), (now, median)
            assert by.minute % presence.FULL == 0


def test_somebody_is_there_within_the_hours_and_at_an_open_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    hub, shop = Hub(), store(week=WEEK)
    shop.id = 7
    care: Any = SimpleNamespace(hub=hub)
    assert not is_staffed(care, shop, at(20, 10))
    with hub.subscribe(desk_channel(7), "Ana"):
        assert is_staffed(care, shop, at(20, 10)) and not is_staffed(care, shop, at(20, 19))
        other = store()
        other.id = 8
        assert not is_staffed(care, other, at(20, 10)), "at another store's desk"
        other.id = 7
        assert is_staffed(care, other, at(20, 3)), "where no hours are told, always"
    assert is_staffed(care, shop, at(20, 10)), "on the way from one page of the desk to the next"
    monkeypatch.setattr(presence, "JUST_LEFT", timedelta(seconds=-1))
    assert not is_staffed(care, shop, at(20, 10))
    with hub.subscribe(desk_channel(7)):
        assert not is_staffed(care, shop, at(20, 10)), "nobody without a name is an agent"
