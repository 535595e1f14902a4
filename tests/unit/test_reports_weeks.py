"""What shoppers wrote about, by week of the store's own time zone, as agents put it right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from report_room import ANA, DAY, HOUR, MINUTE, Room, room

from plugin.care import resolve
from plugin.care.sorting import set_topic
from plugin.care.topics import TOPICS
from plugin.reports import UNSORTED, Contact, Range, Week, count_topics, pick_contacts

__all__ = ["room"]  # the fixture

WHERE, BROKEN, BOTH = "¿Dónde está mi pedido?", "me llegó roto", "¿Dónde está mi pedido? ¡Esto es una vergüenza!"


def topics(room: Room) -> list[str]:
    """Of each contact, the oldest first."""
    return [one.topic for one in room.contacts()][::-1]


def contact(at: datetime, topic: str = "doubt") -> Contact:
    return Contact(f"cv_{at:%d%H%M}", at, 1, False, topic, "purchase", "pending", False)


def days(since: datetime, until: datetime) -> Range:
    return Range(since, until, (until - since).days, until)


def at(day: int, hour: int = 12, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_weeks_go_from_monday_to_sunday_and_those_cut_by_the_range_say_so() -> None:
    weeks = count_topics((), days(at(13), at(24)), "UTC")
    assert [(one.name, one.first.day, one.last.day, one.contacts) for one in weeks] == [
        ("2026-W48", 23, 24, 0), ("2026-W47", 16, 22, 0), ("2026-W46", 13, 15, 0),
    ]  # fmt: skip
    assert list(weeks[0].topics) == [*TOPICS, UNSORTED]


@pytest.mark.parametrize(
    ("zone", "week"), [("UTC", "2026-W48"), ("America/Bogota", "2026-W47"), ("Asia/Tokyo", "2026-W48")]
)
def test_a_contact_counts_in_the_week_of_the_store_s_own_clock(zone: str, week: str) -> None:
    listed, when = [contact(at(23, 1))], days(at(1), at(30))
    assert [one.name for one in count_topics(listed, when, zone) if one.contacts] == [week]
    assert list(pick_contacts(listed, zone, week, "doubt")) == listed
    assert not pick_contacts(listed, zone, "2026-W40", "doubt") and not pick_contacts(listed, zone, week, "praise")


def test_the_first_days_of_january_may_be_in_the_last_week_of_the_old_year() -> None:
    new_year = datetime(2027, 1, 2, 12, tzinfo=UTC)
    weeks = count_topics([contact(new_year)], days(at(28, month=12), new_year + HOUR), "Europe/Madrid")
    assert [(one.name, one.contacts) for one in weeks] == [("2026-W53", 1)]


def test_a_week_that_a_clock_change_makes_longer_is_one_week() -> None:
    when = days(datetime(2026, 10, 19, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC))
    late = datetime(2026, 10, 25, 22, 30, tzinfo=UTC)  # Sunday 23:30 in Madrid, an hour after it would have been
    weeks = count_topics([contact(late)], when, "Europe/Madrid")
    assert [(one.name, one.contacts) for one in weeks] == [("2026-W44", 0), ("2026-W43", 1)]


def test_figures_and_the_rows_behind_them_are_the_same(room: Room) -> None:
    for words in (WHERE, WHERE, BROKEN, "hola", "Me encanta, gracias"):
        room.write(words)
        room.clock.advance(3 * DAY)

    def read(listed: Any) -> list[Week]:
        return list(count_topics(listed, days(room.clock.now() - 30 * DAY, room.clock.now()), "Europe/Madrid"))

    listed = room.contacts()
    weeks = read(listed)
    for week in weeks:
        for topic, count in week.topics.items():
            assert len(pick_contacts(listed, "Europe/Madrid", week.name, topic)) == count
    sums = {topic: sum(one.topics[topic] for one in weeks) for topic in (*TOPICS, UNSORTED)}
    assert sums == {
        "doubt": 0, "complaint": 1, "praise": 1, "comment": 0, "where_is_my_order": 2, UNSORTED: 1,
    }  # fmt: skip


def test_a_contact_is_about_its_weightiest_topic_and_a_complaint_may_ask_for_the_order(room: Room) -> None:
    _, token = room.write(WHERE)
    room.write(BROKEN, token)
    room.write(BOTH)
    assert [(one.topic, one.asks_order) for one in room.contacts()] == [("complaint", True)] * 2


def test_what_an_agent_says_counts_for_that_contact_and_no_other(room: Room) -> None:
    talk, token = room.write(BROKEN)
    room.clock.advance(13 * HOUR)
    room.write(BROKEN, token)
    assert topics(room) == ["complaint", "complaint"]
    for topic in TOPICS:
        set_topic(room.care, room.store.id, talk, topic)
        assert topics(room) == ["complaint", topic]
    set_topic(room.care, room.store.id, talk, "")
    assert topics(room) == ["complaint", "complaint"]


def test_what_is_guessed_of_a_contact_after_an_agent_s_word_does_not_change_it(room: Room) -> None:
    talk, token = room.write(BROKEN)
    set_topic(room.care, room.store.id, talk, "comment")
    room.clock.advance(MINUTE)
    room.write(BROKEN, token)
    assert topics(room) == ["comment"]
    resolve(room.care, room.store.id, talk, ANA)
    room.clock.advance(timedelta(days=1))
    room.write(BROKEN, token)
    assert topics(room)[-1] == "complaint", "another contact is guessed anew"
