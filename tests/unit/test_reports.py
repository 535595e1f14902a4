"""The numbers and their rows: answer times within hours, what the bot ended alone, contacts per 100 orders."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from faq_links import EXAMPLE_ANSWERS
from plugin.care import (
    Agent,
    Arrived,
    Care,
    ConversationRow,
    Form,
    MessageRow,
    consent_words,
    find_visitor,
    give_back_to_bot,
    open_care,
    post_message,
    rate,
    reply,
    resolve,
    send_form,
    take,
)
from plugin.database import ALL, Base
from plugin.orders import OrderRow, apply_order
from plugin.push import open_hub
from plugin.registry import Registry
from plugin.reports import (
    RETURN,
    contacts,
    is_cut,
    last_days,
    list_contacts,
    list_waits,
    read_order_contacts,
    sum_deflection,
    sum_up,
)
from plugin.stores import StoreRow, get_store
from plugin.stores.hours import count_open_seconds, set_hours
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_database, make_order, make_store

ANA = Agent(1, "Ana")
WISH, ASK, ODD = "quiero hablar con una persona", "¿Cuánto tarda el envío?", "xyzzy plugh frobozz"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class Room:
    """The care room of one store; Saturday 2026-11-21, 12:00 UTC."""

    def __init__(self, url: str) -> None:
        self.clock, self.db = FrozenClock(), make_database(url)
        Base.metadata.create_all(self.db.writer)
        self.care: Care = open_care(self.db, self.clock, open_hub(), Registry({}))
        self.store: StoreRow = make_store(self.db, answers=EXAMPLE_ANSWERS)

    def write(self, words: str, token: str | None = None) -> tuple[str, str]:
        """(public id, token)."""
        visitor = find_visitor(self.care, token) if token else None
        arrived = Arrived(words, str(uuid.uuid4()), "es", ("cart",), "https://shop.example/cart")
        posted = post_message(self.care, self.store, visitor, arrived)
        return posted.conversation.public_id, posted.token or token or ""

    def answer(self, public_id: str, agent: Agent = ANA) -> None:
        reply(self.care, self.store.id, public_id, agent, "Hola, te ayudo.", str(uuid.uuid4()))

    def send_form(self, token: str) -> None:
        visitor = find_visitor(self.care, token)
        assert visitor is not None
        agreed = consent_words(self.store, "es")
        form = Form("¿Me llamáis?", "alma@example.com", str(uuid.uuid4()), agreed, "es")
        send_form(self.care, self.store, visitor, form)

    def read(self, what: Any, days: int = 30) -> Any:
        with self.db.reading(self.store.id) as tx:
            return what(tx, self.store.id, last_days(days, self.clock.now()))

    def contacts(self, days: int = 30) -> Any:
        return self.read(list_contacts, days)

    def waits(self) -> Any:
        with self.db.reading(self.store.id) as tx:
            return list_waits(tx, get_store(tx, self.store.id), last_days(30, self.clock.now()))

    def times(self) -> Any:
        return sum_up(self.waits())

    def states(self, days: int = 30) -> list[str]:
        return [one.state for one in self.contacts(days)]


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    room = Room(database_url)
    yield room
    room.care.hub.close()
    room.db.close()


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


def test_the_bot_ended_it_alone_only_when_nobody_came_back_for_seven_days(room: Room) -> None:
    _, token = room.write(ASK)
    assert room.states() == ["pending"]
    room.clock.advance(7 * DAY - MINUTE)
    assert room.states() == ["pending"]
    room.clock.advance(2 * MINUTE)
    assert room.states() == ["deflected"]
    room.write(ASK, token)  # later than seven days: another contact, not a return
    assert room.states() == ["pending", "deflected"]
    room.clock.advance(13 * HOUR)
    room.write(ASK, token)
    assert room.states() == ["pending", "returned", "deflected"]


def test_who_comes_back_in_another_browser_with_the_same_address_came_back(room: Room) -> None:
    first, second = (room.write(ASK)[0] for _ in range(2))
    room.clock.advance(13 * HOUR)
    third, _ = room.write(ASK)
    with room.db.transaction(ALL, "the same address in two talks") as tx:
        for row in tx.query(ConversationRow):
            if row.public_id in (first, third):
                row.email_index = "same"
    states = {one.conversation: one.state for one in room.contacts()}
    assert (states[first], states[second]) == ("returned", "pending")


def test_twelve_hours_of_silence_part_two_contacts(room: Room) -> None:
    _, token = room.write(ASK)
    room.clock.advance(11 * HOUR)
    room.write("¿y a Canarias?", token)
    assert [one.messages for one in room.contacts()] == [2]
    room.clock.advance(12 * HOUR)
    room.write(ASK, token)
    assert [one.messages for one in room.contacts()] == [1, 2]


def test_a_person_or_no_answer_is_no_deflection_and_the_assumed_share_hides_both(room: Room) -> None:
    for _ in range(3):
        room.write(ASK)
        room.clock.advance(MINUTE)
    room.write(ODD)
    room.write("hola")  # small talk answers nothing
    asked, _ = room.write(WISH)  # asked for, and nobody came
    answered, _ = room.write(ASK)
    room.answer(answered)
    room.clock.advance(8 * DAY)
    room.write(WISH)  # whose days are not over is in no share, whatever became of it
    figures = sum_deflection(room.contacts())
    assert (figures.contacts, figures.deflected, figures.unhelped, figures.person, figures.pending) == (7, 3, 2, 2, 1)
    assert figures.share == pytest.approx(3 / 7)
    assert figures.assumed == pytest.approx(5 / 7)
    assert {one.state for one in room.contacts() if one.conversation == asked} == {"person"}


def test_the_last_word_counts_and_what_was_called_wrong_is_no_answer(room: Room) -> None:
    left, token = room.write(ASK)
    room.write(ODD, token)
    wrong, _ = room.write(ASK)
    with room.db.transaction(ALL, "the shopper said that it did not help") as tx:
        talk = tx.query(ConversationRow).filter_by(public_id=wrong).one()
        tx.query(MessageRow).filter_by(conversation_id=talk.id, author="bot").one().verdict = "wrong"
    put_right, token = room.write(ODD)
    room.write(ASK, token)
    room.clock.advance(8 * DAY)
    states = {one.conversation: one.state for one in room.contacts()}
    assert states == {left: "unhelped", wrong: "unhelped", put_right: "deflected"}


def test_the_last_seven_days_moved_back_by_seven_are_decided(room: Room) -> None:
    for _ in range(5):
        room.write(ASK)
    room.clock.advance(8 * DAY)
    with room.db.reading(room.store.id) as tx:
        when = last_days(7, room.clock.now())
        assert list_contacts(tx, room.store.id, when) == []
        assert sum_deflection(list_contacts(tx, room.store.id, when.moved_back(RETURN))).share == 1


def test_when_more_was_said_than_is_read_that_is_known(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        room.write(ASK)  # and its answer
    monkeypatch.setattr(contacts, "MOST_READ", 4)
    assert not room.read(is_cut)
    monkeypatch.setattr(contacts, "MOST_READ", 3)
    assert room.read(is_cut)
    room.clock.advance(31 * DAY)
    assert not room.read(is_cut)


def test_orders_that_failed_were_drafts_or_are_deleted_are_no_orders(room: Room) -> None:
    now = room.clock.now()
    with room.db.transaction(room.store.id) as tx:
        for number in range(8):
            order = make_order(external_id=str(number), number=str(number), created_at=now - DAY)
            apply_order(tx, get_store(tx, room.store.id), order, now)
        for number, row in enumerate(tx.query(OrderRow).filter_by(store_id=room.store.id).order_by(OrderRow.id)):
            row.status = {0: "draft", 1: "failed"}.get(number, row.status)
            row.gone_at = now if number == 2 else None
    assert room.read(lambda tx, store_id, when: read_order_contacts(tx, store_id, when, ())).orders == 5


def test_a_return_with_the_same_proven_order_is_seen_without_any_address(room: Room) -> None:
    first = room.write(ASK)[0]
    room.clock.advance(13 * HOUR)
    second = room.write(ASK)[0]
    with room.db.transaction(room.store.id) as tx:
        apply_order(tx, get_store(tx, room.store.id), make_order(), room.clock.now())
        order_id = tx.query(OrderRow).filter_by(store_id=room.store.id).one().id
        for row in tx.query(ConversationRow).filter_by(store_id=room.store.id):
            row.order_id, row.order_proof = order_id, "code"
    states = {one.conversation: one.state for one in room.contacts()}
    assert states == {first: "returned", second: "pending"}


def test_contacts_about_the_order_are_told_per_hundred_orders(room: Room) -> None:
    room.write("¿Dónde está mi pedido?")
    room.write("¿Dónde está mi pedido? ¡Esto es una vergüenza!")
    _, token = room.write("¿Dónde está mi pedido?")
    room.clock.advance(13 * HOUR)
    room.write("¿tienen talla 40?", token)  # the same talk, another contact
    room.write(ASK)
    now = room.clock.now()
    with room.db.transaction(room.store.id) as tx:
        for number in range(10):
            placed = now - timedelta(days=number * 10)
            order = make_order(external_id=str(number), number=str(number), created_at=placed)
            apply_order(tx, get_store(tx, room.store.id), order, now)

    def read(tx: Any, store_id: int, when: Any) -> Any:
        return read_order_contacts(tx, store_id, when, list_contacts(tx, store_id, when))

    month, quarter = room.read(read), room.read(read, 90)
    assert (month.contacts, month.orders, month.per_hundred) == (3, 4, None)
    assert (quarter.contacts, quarter.orders, quarter.per_hundred) == (3, 10, pytest.approx(30))


def test_another_store_s_rows_are_in_no_number(room: Room) -> None:
    room.write(WISH)
    other = make_store(room.db, domain="other.example", answers=EXAMPLE_ANSWERS)
    with room.db.reading(other.id) as tx:
        when = last_days(30, room.clock.now())
        assert (list_waits(tx, other, when), list_contacts(tx, other.id, when)) == ([], [])


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
