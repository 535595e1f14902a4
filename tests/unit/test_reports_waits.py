"""How long shoppers waited for a person: within opening hours, by night, never answered, again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from report_room import ANA, ASK, DAY, HOUR, MINUTE, WISH, Room, room

from plugin.care import (
    find_visitor,
    give_back_to_bot,
    rate,
    resolve,
    take,
)
from plugin.stores import StoreRow, get_store
from plugin.stores.hours import count_open_seconds, set_hours

__all__ = ["room"]  # the fixture


def wait(room: Room, answered_after: timedelta | None) -> str:
    public_id, _ = room.write(WISH)
    if answered_after is not None:
        room.clock.advance(answered_after)
        room.answer(public_id)
    return public_id


def test_only_what_a_person_says_ends_a_wait_and_ten_minutes_are_in_time(room: Room) -> None:
    for minutes in (1, 5, 10, 11, 60):
        wait(room, minutes * MINUTE)
    wait(room, None)
    room.clock.advance(9 * MINUTE)
    assert [one.state for one in room.waits()] == ["open", "late", "late", "in_time", "in_time", "in_time"]
    room.clock.advance(2 * MINUTE)
    assert room.waits()[0].state == "overdue"
    figures = room.times()
    assert (figures.waits, figures.counted, figures.in_time, figures.answered, figures.waiting) == (6, 6, 3, 5, 1)
    assert figures.share == pytest.approx(0.5)
    assert figures.median_seconds == 600
    assert 660 < figures.slow_seconds < 3600, "no time is told that nobody waited"


def test_under_five_there_is_no_share_and_no_median(room: Room) -> None:
    for _ in range(4):
        wait(room, MINUTE)
    figures = room.times()
    assert (figures.share, figures.median_seconds, figures.slow_seconds, figures.counted) == (None, None, None, 4)


def test_closed_hours_count_for_nobody(room: Room) -> None:
    """Madrid, Saturday 13:00 there: the shop closed at 13:00 and opens on Monday at 9."""
    with room.db.transaction(room.store.id) as tx:
        row = get_store(tx, room.store.id)
        row.time_zone = "Europe/Madrid"
        set_hours(row, {"sat": [["09:00", "13:00"]], "mon": [["09:00", "18:00"]]}, {})
    room.clock.advance(MINUTE)
    public_id, _ = room.write(WISH)
    room.clock.move_to(datetime(2026, 11, 23, 8, 30, tzinfo=UTC))  # Monday 9:30 in Madrid
    room.answer(public_id)
    [one] = room.waits()
    assert (one.state, one.within_hours, one.seconds) == ("outside", False, (44 * 60 + 29) * 60), "told by the clock"
    figures = room.times()
    assert (figures.counted, figures.answered, figures.outside) == (0, 0, 1)


def test_a_night_between_counts_for_nobody_whether_answered_or_not(room: Room) -> None:
    """Madrid, Saturday 13:00 there: the shop closes at 13:05 and opens on Monday at 9."""
    with room.db.transaction(room.store.id) as tx:
        row = get_store(tx, room.store.id)
        row.time_zone = "Europe/Madrid"
        set_hours(row, {"sat": [["09:00", "13:05"]], "mon": [["09:00", "18:00"]]}, {})
    answered, silent = room.write(WISH)[0], room.write(WISH)[0]
    room.clock.move_to(datetime(2026, 11, 23, 8, 4, tzinfo=UTC))  # Monday 9:04 in Madrid
    assert [one.state for one in room.waits()] == ["open", "open"]
    room.answer(answered)
    room.clock.advance(2 * MINUTE)
    states = {one.conversation: (one.state, one.seconds) for one in room.waits()}
    assert states == {answered: ("in_time", 9 * 60), silent: ("overdue", 11 * 60)}


def test_what_ended_without_a_person_outside_hours_is_not_in_the_share(room: Room) -> None:
    with room.db.transaction(room.store.id) as tx:
        set_hours(get_store(tx, room.store.id), {"mon": [["09:00", "18:00"]]}, {})
    resolve(room.care, room.store.id, room.write(WISH)[0], ANA)
    room.write(WISH)
    figures = room.times()
    assert (figures.waits, figures.counted, figures.unanswered, figures.waiting) == (2, 0, 1, 1)


def test_a_shopper_who_writes_again_after_twelve_hours_waits_anew(room: Room) -> None:
    public_id, token = room.write(WISH)
    room.answer(public_id)
    room.clock.advance(13 * HOUR)
    room.write("hola otra vez", token)
    assert [one.state for one in room.waits()] == ["open", "in_time"]


def test_the_twelve_hours_are_those_of_the_shopper_and_who_was_never_answered_waits_anew_too(room: Room) -> None:
    public_id, token = room.write(WISH)
    room.clock.advance(10 * HOUR)
    room.answer(public_id)
    room.clock.advance(3 * HOUR)
    room.write("gracias, ¿y la factura?", token)  # three hours after the answer, thirteen after their own words
    assert [one.state for one in room.waits()] == ["open", "late"]
    room.answer(public_id)
    room.clock.advance(HOUR)
    room.write("¿hola?", token)  # the same contact: no first answer is waited for, and none comes
    room.clock.advance(10 * DAY)
    room.write("sigo esperando", token)
    assert [one.state for one in room.waits()] == ["open", "in_time", "late"]
    assert [one.messages for one in room.contacts()] == [1, 2, 1]


def test_a_form_in_a_held_talk_is_a_wait_of_its_own_after_twelve_hours_only(room: Room) -> None:
    public_id, token = room.write(WISH)
    room.answer(public_id)
    room.send_form(token)
    assert [one.state for one in room.waits()] == ["in_time"]
    room.answer(public_id)
    room.clock.advance(13 * HOUR)
    room.send_form(token)
    assert [one.state for one in room.waits()] == ["open", "in_time"]


def test_a_wait_that_ends_without_a_person_was_not_answered(room: Room) -> None:
    given_back, done = wait(room, None), wait(room, None)
    give_back_to_bot(room.care, room.store.id, given_back, ANA)
    resolve(room.care, room.store.id, done, ANA)
    assert [one.state for one in room.waits()] == ["unanswered", "unanswered"]


def test_what_was_resolved_without_an_answer_and_is_taken_up_again_has_waited_all_the_while(room: Room) -> None:
    public_id, _ = room.write(WISH)
    room.clock.advance(5 * MINUTE)
    resolve(room.care, room.store.id, public_id, ANA)
    room.clock.advance(20 * MINUTE)
    row = take(room.care, room.store.id, public_id, ANA)
    assert row.waiting_since == room.clock.now() - 25 * MINUTE == row.handed_over_at
    assert [one.state for one in room.waits()] == ["overdue"]
    room.clock.advance(MINUTE)
    room.answer(public_id)
    assert [(one.state, one.seconds) for one in room.waits()] == [("late", 26 * 60)]
    resolve(room.care, room.store.id, public_id, ANA)
    room.clock.advance(MINUTE)
    assert take(room.care, room.store.id, public_id, ANA).waiting_since is None, "who was answered waits for nobody"
    assert [one.state for one in room.waits()] == ["late"]


def test_an_answer_to_what_was_resolved_without_one_ends_the_wait(room: Room) -> None:
    public_id, _ = room.write(WISH)
    resolve(room.care, room.store.id, public_id, ANA)
    room.clock.advance(7 * MINUTE)
    room.answer(public_id)
    assert [(one.state, one.seconds) for one in room.waits()] == [("in_time", 7 * 60)]


def test_what_was_resolved_for_more_than_a_day_is_over(room: Room) -> None:
    public_id, _ = room.write(WISH)
    resolve(room.care, room.store.id, public_id, ANA)
    room.clock.advance(timedelta(hours=25))
    assert take(room.care, room.store.id, public_id, ANA).waiting_since is None
    assert [one.state for one in room.waits()] == ["unanswered"]


def test_a_wait_that_ended_before_the_bot_answered_anew_is_over(room: Room) -> None:
    public_id, token = room.write(WISH)
    resolve(room.care, room.store.id, public_id, ANA)
    room.clock.advance(MINUTE)
    room.write(ASK, token)
    resolve(room.care, room.store.id, public_id, ANA)
    room.clock.advance(MINUTE)
    assert take(room.care, room.store.id, public_id, ANA).waiting_since is None
    assert [one.state for one in room.waits()] == ["unanswered"]


def test_writing_again_while_waiting_is_one_wait_and_a_bad_rating_begins_another(room: Room) -> None:
    public_id, token = room.write(WISH)
    room.clock.advance(MINUTE)
    room.write("¿hola?", token)
    room.answer(public_id)
    room.clock.advance(MINUTE)
    room.write("no me sirve", token)  # the talk goes on: no first answer is waited for
    assert len(room.waits()) == 1
    resolve(room.care, room.store.id, public_id, ANA)
    visitor = find_visitor(room.care, token)
    assert visitor is not None
    rate(room.care, room.store, visitor, 1, None)
    assert [one.state for one in room.waits()] == ["open", "in_time"]


def test_an_agent_who_takes_a_talk_unasked_lets_nobody_wait(room: Room) -> None:
    public_id, _ = room.write(ASK)
    take(room.care, room.store.id, public_id, ANA)
    room.answer(public_id)
    assert room.waits() == []


def test_open_seconds_are_those_within_hours_also_over_days_and_nights() -> None:
    row = StoreRow(hours={}, time_zone="Europe/Madrid")
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 9:00 there
    assert count_open_seconds(row, monday, monday + 3 * HOUR) == 3 * 3600
    set_hours(row, {"mon": [["09:00", "14:00"], ["16:00", "20:00"]], "tue": [["22:00", "02:00"]]}, {"2026-11-30": []})
    assert count_open_seconds(row, monday, monday + 6 * HOUR) == 5 * 3600
    assert count_open_seconds(row, monday, monday + 7 * DAY) == (9 + 4) * 3600
    assert count_open_seconds(row, monday + 7 * DAY, monday + 8 * DAY) == 0
    assert count_open_seconds(row, monday, monday - HOUR) == 0
    tuesday_night = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)  # 1:30 there, the night of Tuesday
    assert count_open_seconds(row, tuesday_night, tuesday_night + DAY) == 30 * 60
