"""When a store's people answer: said as a week and single days, true on the wall's clock, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugin.stores.hours import (
    MOST_DAYS,
    MOST_INTERVALS,
    WEEKDAYS,
    UnwantedHours,
    is_within_hours,
    read_days,
    read_opening,
    read_week,
    set_hours,
)
from plugin.stores.models import StoreRow
from plugin.stores.wishes import Unwanted

OFFICE = {day: [("09:00", "18:00")] for day in WEEKDAYS[:5]}


def make(week: Any, days: Any = None, zone: str = "Europe/Madrid") -> StoreRow:
    row = StoreRow(time_zone=zone, hours={})
    set_hours(row, week, days or {})
    return row


def at(written: str, zone: str = "Europe/Madrid", fold: int = 0) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def tell(row: StoreRow, now: datetime) -> list[tuple[str, str]]:
    opening = read_opening(row, now)
    assert opening is not None
    zone = ZoneInfo(row.time_zone)
    return [tuple(f"{one.astimezone(zone):%a %d %H:%M}" for one in pair) for pair in opening.intervals]


def test_what_nobody_told_is_none_and_every_hour_counts() -> None:
    row = StoreRow(time_zone="Europe/Madrid", hours={})
    assert read_opening(row, at("2026-11-22T03:00")) is None and is_within_hours(row, at("2026-11-22T03:00"))


def test_a_week_without_any_interval_says_nothing() -> None:
    row = make(OFFICE)
    set_hours(row, {day: [] for day in WEEKDAYS}, {"2026-12-25": []})
    assert row.hours == {}


def test_open_says_until_when_and_closed_from_when() -> None:
    row = make(OFFICE)
    monday = read_opening(row, at("2026-11-23T10:00"))
    assert monday is not None and (monday.open, monday.opens_at) == (True, None)
    assert monday.closes_at == at("2026-11-23T18:00")
    assert monday.intervals[0] == (at("2026-11-23T09:00"), at("2026-11-23T18:00"))
    sunday = read_opening(row, at("2026-11-22T10:00"))
    assert sunday is not None and (sunday.open, sunday.closes_at) == (False, None)
    assert sunday.opens_at == at("2026-11-23T09:00") and len(sunday.intervals) == 5
    assert not is_within_hours(row, at("2026-11-23T18:00")) and is_within_hours(row, at("2026-11-23T09:00"))


def test_a_lunch_break_is_a_time_of_rest() -> None:
    row = make({"mon": [("16:00", "20:00"), ("10:00", "14:00")]})
    assert read_week(row)["mon"] == [["10:00", "14:00"], ["16:00", "20:00"]]
    noon = read_opening(row, at("2026-11-23T15:00"))
    assert noon is not None and not noon.open and noon.opens_at == at("2026-11-23T16:00")


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    row = make({"fri": [("22:00", "02:00")]}, {"2026-11-28": []})
    assert is_within_hours(row, at("2026-11-28T01:59")), "Friday's night lasts into a Saturday that is closed"
    assert not is_within_hours(row, at("2026-11-28T02:00")) and not is_within_hours(row, at("2026-11-28T23:00"))
    night = read_opening(row, at("2026-11-28T01:00"))
    assert night is not None and night.open and night.intervals[0][0] == at("2026-11-27T22:00")


def test_a_day_of_its_own_takes_the_place_of_its_weekday() -> None:
    row = make(OFFICE, {"2026-12-25": [], "2026-12-24": [("09:00", "14:00")], "2026-12-27": [("11:00", "12:00")]})
    assert tell(row, at("2026-12-24T08:00")) == [
        ("Thu 24 09:00", "Thu 24 14:00"), ("Sun 27 11:00", "Sun 27 12:00"), ("Mon 28 09:00", "Mon 28 18:00"),
        ("Tue 29 09:00", "Tue 29 18:00"), ("Wed 30 09:00", "Wed 30 18:00"),
    ]  # fmt: skip
    assert list(read_days(row)) == ["2026-12-24", "2026-12-25", "2026-12-27"]


def test_what_overlaps_or_touches_is_one_interval() -> None:
    monday = [("09:00", "12:00"), ("11:00", "13:00"), ("13:00", "14:00")]
    row = make({"mon": monday, "tue": [("20:00", "06:00")], "wed": [("05:00", "07:00")]})
    assert row.hours["week"]["mon"] == [["09:00", "14:00"]]
    assert tell(row, at("2026-11-24T19:00"))[0] == ("Tue 24 20:00", "Wed 25 07:00")


def test_always_open_never_closes_within_the_week() -> None:
    row = make({day: [("00:00", "00:00")] for day in WEEKDAYS})
    assert row.hours["week"]["sun"] == [["00:00", "24:00"]]
    opening = read_opening(row, at("2026-11-25T12:34"))
    assert opening is not None and opening.open and opening.closes_at is None and len(opening.intervals) == 1


def test_a_month_of_holidays_ends_on_a_day_that_is_told() -> None:
    august = {f"2026-08-{day:02d}": [] for day in range(1, 32)}
    row = make(OFFICE, august)
    opening = read_opening(row, at("2026-08-03T10:00"))
    assert opening is not None and opening.intervals == () and opening.opens_at == at("2026-09-01T09:00")


def test_only_a_past_day_with_hours_means_closed_and_nobody_knows_until_when() -> None:
    row = make({}, {"2026-01-06": [("10:00", "12:00")]})
    opening = read_opening(row, at("2026-11-22T10:00"))
    assert opening is not None and (opening.open, opening.opens_at, opening.intervals) == (False, None, ())
    assert not is_within_hours(row, at("2026-11-22T10:00")) and is_within_hours(row, at("2026-01-06T11:00"))


def test_hours_stand_still_on_the_wall_while_the_clocks_change() -> None:
    row = make({day: [("09:00", "18:00")] for day in WEEKDAYS})
    opening = read_opening(row, at("2026-10-24T20:00"))  # clocks go back on Sunday the 25th
    assert opening is not None
    assert [start.hour for start, _ in opening.intervals] == [8] * 7, "UTC: 9:00 is 8:00 once winter time came"
    assert read_opening(row, at("2026-10-23T20:00")).intervals[0][0].hour == 7


def test_a_time_that_does_not_come_is_the_moment_of_the_change() -> None:
    row = make({"sun": [("02:30", "05:00")], "sat": [("23:00", "02:15")]})
    opening = read_opening(row, at("2026-03-29T01:00"))  # 02:00 becomes 03:00
    change = at("2026-03-29T03:00")
    assert opening is not None and opening.closes_at == at("2026-03-29T05:00")
    assert opening.intervals[0] == (at("2026-03-28T23:00"), at("2026-03-29T05:00")), "both meet at the change"
    assert change == datetime(2026, 3, 29, 1, tzinfo=UTC) and is_within_hours(row, change)
    lost = make({"sun": [("02:10", "02:50"), ("10:00", "11:00")]})
    assert tell(lost, at("2026-03-29T00:00"))[0] == ("Sun 29 10:00", "Sun 29 11:00")


def test_of_a_time_that_comes_twice_the_longer_opening_counts() -> None:
    row = make({"sun": [("02:30", "05:00")], "sat": [("20:00", "02:15")]})
    assert is_within_hours(row, at("2026-10-25T02:45", fold=0)) and is_within_hours(row, at("2026-10-25T02:10", fold=1))
    assert not is_within_hours(make({"sat": [("20:00", "02:15")]}), at("2026-10-25T02:20", fold=1))


def test_a_shop_in_bogota_is_read_on_its_own_wall() -> None:
    row = make(OFFICE, zone="America/Bogota")
    assert is_within_hours(row, datetime(2026, 11, 23, 14, tzinfo=UTC))
    assert not is_within_hours(row, datetime(2026, 11, 23, 13, 59, tzinfo=UTC))


@pytest.mark.parametrize(("week", "days", "fault"), [
    ({"mon": [("9:00", "18:00")]}, {}, "mon"), ({"tue": [("09:00", "25:00")]}, {}, "tue"),
    ({"wed": [("09:00", "09:00")]}, {}, "wed"), ({"thu": [("24:00", "09:00")]}, {}, "thu"),
    ({"fri": [("09:00",)]}, {}, "fri"), ({"sat": [("09:60", "10:00")]}, {}, "sat"),
    ({"sun": [("09:00", "")]}, {}, "sun"), ({"monday": []}, {}, "monday"),
    ({"mon": [("٠٩:٠٠", "18:00")]}, {}, "mon"), ({"mon": [("09:00", "18:00\n")]}, {}, "mon"),
    ({"mon": [(f"{hour:02d}:00", f"{hour:02d}:30") for hour in range(MOST_INTERVALS + 1)]}, {}, "mon"),
    ({}, {"2026-02-30": []}, "2026-02-30"), ({}, {"mañana": []}, "mañana"),
    ({}, {"2026-12-24": [("x", "y")]}, "2026-12-24"),
    ({}, {(date(2026, 1, 1) + timedelta(days=n)).isoformat(): [] for n in range(MOST_DAYS + 1)}, "2026-05-01"),
])  # fmt: skip
def test_what_cannot_be_is_refused_by_its_day_and_nothing_changes(week: Any, days: Any, fault: str) -> None:
    row = make(OFFICE)
    before = dict(row.hours)
    with pytest.raises(Unwanted) as refused:
        set_hours(row, OFFICE | week, days)
    assert isinstance(refused.value, UnwantedHours) and (refused.value.code, refused.value.day) == ("hours", fault)
    assert row.hours == before


clocks = st.integers(0, 24 * 60 - 1).map(lambda minutes: f"{minutes // 60:02d}:{minutes % 60:02d}")
pairs = st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1])
times = st.lists(pairs, max_size=4)
weeks = st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, times)).filter(lambda week: any(week.values()))
CHANGES = ("2026-03-29", "2026-10-25", "2026-04-05", "2026-10-04", "2026-03-08", "2026-11-01", "2011-12-30",
           "2026-07-01")  # fmt: skip
TWICE = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
ZONES = ("Europe/Madrid", "America/Bogota", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
         "Pacific/Apia", "Asia/Kathmandu", "UTC")  # fmt: skip
moments = st.builds(
    lambda day, minutes: datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from(CHANGES), st.integers(-2 * 24 * 60, 2 * 24 * 60),
)  # fmt: skip


def read_minutes(written: str) -> int:
    return int(written[:2]) * 60 + int(written[3:])


def holds_on_the_wall(week: Any, days: Any, moment: datetime, zone: ZoneInfo) -> bool:
    """What a person would say who looks at the clock and at the sign on the door."""
    wall = moment.astimezone(zone)
    now = wall.hour * 60 + wall.minute
    for back in (0, 1):
        day = wall.date() - timedelta(days=back)
        for opens, closes in days.get(day.isoformat(), week[WEEKDAYS[day.weekday()]]):
            start, end = read_minutes(opens), read_minutes(closes)
            end += 1440 if end <= start else 0
            if start <= now + back * 1440 < end:
                return True
    return False


@settings(deadline=None)  # a busy machine proves nothing
@given(weeks, st.dictionaries(st.sampled_from(CHANGES), times, max_size=3), moments, st.sampled_from(ZONES))
@example({day: [("02:30", "01:30")] for day in WEEKDAYS}, {}, TWICE, "Europe/Madrid")
def test_open_is_what_the_clock_on_the_wall_and_the_sign_on_the_door_say(
    week: Any, days: Any, moment: datetime, name: str
) -> None:
    row, zone = make(week, days, name), ZoneInfo(name)
    wall = moment.astimezone(zone)
    comes_twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    expected = holds_on_the_wall(week, days, moment, zone)
    if comes_twice:
        assert is_within_hours(row, moment) or not expected
    else:
        assert is_within_hours(row, moment) == expected


@settings(deadline=None)  # a busy machine proves nothing
@given(weeks, st.dictionaries(st.sampled_from(CHANGES), times, max_size=3), moments, st.sampled_from(ZONES))
def test_the_next_week_agrees_with_every_moment_in_it(week: Any, days: Any, moment: datetime, name: str) -> None:
    row = make(week, days, name)
    opening = read_opening(row, moment)
    assert opening is not None and opening.open == is_within_hours(row, moment)
    flat = [one for pair in opening.intervals for one in pair]
    assert flat == sorted(set(flat)), "in order, disjoint, none touching"
    for start, end in opening.intervals:
        assert start < end and end > moment and start < moment + timedelta(days=7)
        assert is_within_hours(row, start)
        assert start < moment - timedelta(days=6) or not is_within_hours(row, start - timedelta(seconds=1))
        assert is_within_hours(row, end - timedelta(seconds=1))
        assert end > moment + timedelta(days=7) or not is_within_hours(row, end)
    if opening.open:
        assert opening.opens_at is None and opening.closes_at in (None, opening.intervals[0][1])
    else:
        assert opening.closes_at is None and (opening.opens_at is None or opening.opens_at > moment)
        assert not opening.intervals or opening.opens_at == opening.intervals[0][0]
    probe = moment + timedelta(hours=5, minutes=7)
    assert is_within_hours(row, probe) == any(start <= probe < end for start, end in opening.intervals)


@settings(deadline=None)  # a busy machine proves nothing
@given(weeks, st.dictionaries(st.sampled_from(CHANGES), times, max_size=3))
def test_what_was_kept_can_be_said_again_and_stays_the_same(week: Any, days: Any) -> None:
    row = make(week, days)
    kept = row.hours
    set_hours(row, read_week(row), read_days(row))
    assert row.hours == kept
