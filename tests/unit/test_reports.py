"""What the bot ended alone, contacts per 100 orders, and what they are about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from report_room import ANA, ASK, DAY, HOUR, MINUTE, ODD, WISH, Room, room

from faq_links import EXAMPLE_ANSWERS
from plugin.care import (
    ConversationRow,
    MessageRow,
    answer_with_article,
    resolve,
)
from plugin.care.sorting import set_topic
from plugin.database import ALL
from plugin.orders import OrderRow, apply_order
from plugin.reports import (
    RETURN,
    contacts,
    last_days,
    list_contacts,
    list_waits,
    read_contacts,
    read_order_contacts,
    sum_deflection,
)
from plugin.stores import get_store
from plugin.testing.factories import make_order, make_store

__all__ = ["room"]  # the fixture


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
    assert not room.read(read_contacts).is_cut
    monkeypatch.setattr(contacts, "MOST_READ", 3)
    assert room.read(read_contacts).is_cut
    room.clock.advance(31 * DAY)
    assert not room.read(read_contacts).is_cut


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


def test_an_agent_s_word_on_the_topic_counts_for_the_contact_it_was_said_in(room: Room) -> None:
    def asked() -> list[bool]:
        return [one.asks_order for one in room.contacts()]

    talk, token = room.write("¿Dónde está mi pedido?")
    room.clock.advance(13 * HOUR)
    room.write("¿Dónde está mi pedido?", token)
    assert asked() == [True, True]
    set_topic(room.care, room.store.id, talk, "doubt")
    assert asked() == [False, True], "what the bot took it for, too, and nothing of the contact before"
    set_topic(room.care, room.store.id, talk, "")
    assert asked() == [True, True]
    room.clock.advance(13 * HOUR)
    room.write("el paquetito ese", token)
    set_topic(room.care, room.store.id, talk, "where_is_my_order")
    set_topic(room.care, room.store.id, talk, "complaint")
    assert asked() == [True, True, True], "who complains may ask for it still"


def test_who_is_told_of_the_tracking_page_by_a_person_has_not_asked_for_the_order(room: Room) -> None:
    talk, _ = room.write("¿Tienen tazas azules?")
    answer_with_article(room.care, room.store.id, talk, "track-order", ANA, "told-1")
    assert [(one.asks_order, one.state) for one in room.contacts()] == [(False, "person")]


def test_a_word_of_the_team_after_seven_days_changes_no_contact_that_is_over(room: Room) -> None:
    talk, _ = room.write(ASK)
    room.clock.advance(8 * DAY)
    room.answer(talk)
    assert room.states() == ["deflected"]


def test_a_form_after_the_end_begins_a_new_topic(room: Room) -> None:
    talk, token = room.write("me llegó roto, qué decepción")
    resolve(room.care, room.store.id, talk, ANA)
    room.send_form(token)
    with room.db.reading(ALL, "the talk") as tx:
        assert [row.topic for row in tx.query(ConversationRow)] == ["doubt"]


def test_another_store_s_rows_are_in_no_number(room: Room) -> None:
    room.write(WISH)
    other = make_store(room.db, domain="other.example", answers=EXAMPLE_ANSWERS)
    with room.db.reading(other.id) as tx:
        when = last_days(30, room.clock.now())
        assert (list_waits(tx, other, when), list_contacts(tx, other.id, when)) == ([], [])
