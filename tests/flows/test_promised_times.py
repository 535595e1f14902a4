"""The time by which a shopper was told that a person answers: kept or missed, shown at the desk, counted, forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from desk_house import Counter, open_counter
from promising_shop import (
    ADDRESS,
    ANA,
    DAY,
    HOUR,
    MINUTE,
    TOLD,
    answer,
    find_writer,
    list_promised,
    look,
    promise,
    run,
    send,
)
from waiting_shopper import find, read

from plugin.agents import AgentRow
from plugin.care import Arrived, ask_for_person, give_back_to_bot, post_message, resolve, take
from plugin.care.shapes import desk_channel
from plugin.care.threads import read_messages
from plugin.privacy import erase_customer, export_customer, retain
from plugin.stores import StoreRow, get_store
from plugin.stores.hours import set_hours
from plugin.testing.factories import MOMENT


@pytest.fixture
def counter(tmp_path: Path, database_url: str) -> Iterator[Counter]:
    with open_counter(tmp_path, database_url) as made:
        yield made


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", name="Casa Lavanda")


def test_a_form_makes_one_promise_and_what_is_written_later_moves_it_nowhere(
    counter: Counter, store: StoreRow
) -> None:
    first = send(counter, store)
    talk = first.conversation.public_id
    [made] = list_promised(counter, store)
    assert (made.made_at, made.promised_by, made.warn_at) == (MOMENT, MOMENT + DAY, MOMENT + DAY - HOUR)
    assert first.answered_by == made.promised_by and made.ended == ""
    counter.clock.advance(3 * HOUR)
    care, visitor = counter.house.doors.care, find_writer(counter, store, talk)
    post_message(care, store, visitor, Arrived("Gracias", "d" * 32, "es", (), None))
    again = send(counter, store, talk)
    assert again.answered_by == MOMENT + DAY and "domingo, 22 de noviembre" in again.messages[1].text
    [still] = list_promised(counter, store)
    assert (still.id, still.promised_by) == (made.id, MOMENT + DAY)
    counter.clock.move_to(MOMENT + 2 * DAY)
    late = send(counter, store, talk)
    assert late.answered_by is None and "te responderá lo antes posible" in late.words
    assert [one.id for one in list_promised(counter, store)] == [made.id], "what was missed is not promised anew"


def test_who_asks_for_a_person_in_an_empty_shop_is_told_a_time_and_it_is_the_form_s_too(
    counter: Counter, store: StoreRow
) -> None:
    care = counter.house.doors.care
    talk = counter.write(store, "¿Puedo hablar con una persona?")
    [made] = list_promised(counter, store)
    assert (made.made_at, made.promised_by, made.ended) == (MOMENT, MOMENT + DAY, "")
    with counter.db.reading(store.id) as tx:
        told = read_messages(tx, find(tx, store, talk), 0)[-1]
    assert told.author == "system" and "Una persona te responderá el domingo, 22 de noviembre" in told.text
    counter.clock.advance(HOUR.total_seconds())
    assert ask_for_person(care, store, find_writer(counter, store, talk), "e" * 32) is not None
    assert send(counter, store, talk).answered_by == MOMENT + DAY, "one wait, one time"
    answer(counter, store, talk)
    [kept] = list_promised(counter, store)
    assert (kept.id, kept.ended) == (made.id, "replied")


def test_who_asks_for_a_person_while_one_is_there_is_promised_no_time(counter: Counter, store: StoreRow) -> None:
    with counter.house.doors.care.hub.subscribe(desk_channel(store.id), "Ana"):
        counter.write(store, "¿Puedo hablar con una persona?")
    assert not list_promised(counter, store)


def test_the_mail_names_the_time_that_was_told_whatever_the_store_s_hours_became(
    counter: Counter, store: StoreRow
) -> None:
    send(counter, store)
    with counter.db.transaction(store.id) as tx:
        set_hours(get_store(tx, store.id), {"tue": [["09:00", "18:00"]]}, {})
    counter.run_jobs()
    mail, text, _ = read(counter)
    assert mail["To"] == ADDRESS and "domingo, 22 de noviembre, antes de las 19:00" in text


def test_the_first_word_of_a_person_keeps_it_and_the_next_wait_has_its_own(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    talk = promise(counter, store)
    counter.clock.advance(2 * HOUR)
    answer(counter, store, talk)
    [kept] = list_promised(counter, store)
    assert (kept.ended, kept.ended_at) == ("replied", MOMENT + 2 * HOUR)
    assert run(counter, days=3) == []
    answer(counter, store, talk)
    send(counter, store, talk)
    assert [one.ended for one in list_promised(counter, store)] == ["replied", ""]
    assert list_promised(counter, store)[0].ended_at == MOMENT + 2 * HOUR, "the first word counts"


@pytest.mark.parametrize("how", ["bot", "resolved"])
def test_what_was_given_back_or_resolved_is_told_to_nobody(
    counter: Counter, store: StoreRow, ana: AgentRow, how: str
) -> None:
    talk = promise(counter, store)
    {"bot": give_back_to_bot, "resolved": resolve}[how](counter.house.doors.care, store.id, talk, ANA)
    [ended] = list_promised(counter, store)
    assert (ended.ended, ended.ended_at) == (how, MOMENT)
    assert run(counter, days=2) == []


def test_what_was_resolved_without_a_word_and_is_taken_up_again_stands_as_it_was(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    care, talk = counter.house.doors.care, promise(counter, store)
    run(counter, minutes=2)
    resolve(care, store.id, talk, ANA)
    assert run(counter, hours=23) == []
    take(care, store.id, talk, ANA)
    [again] = list_promised(counter, store)
    assert (again.ended, again.ended_at, again.promised_by) == ("", None, MOMENT + DAY)
    assert run(counter) == TOLD and "due soon" in read(counter)[0]["Subject"]
    assert TOLD[0] in run(counter, hours=1) and "overdue" in read(counter)[0]["Subject"]


def test_an_agent_who_lost_the_conversation_by_silence_leaves_the_promise(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    talk = promise(counter, store)
    take(counter.house.doors.care, store.id, talk, ANA)
    run(counter, minutes=10)
    with counter.db.reading(store.id) as tx:
        assert find(tx, store, talk).owner == "nobody"
    [stands] = list_promised(counter, store)
    assert (stands.ended, stands.promised_by) == ("", MOMENT + DAY)


def test_a_shop_that_is_closed_for_the_holidays_promises_the_first_day_after_them(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    """Madrid, Saturday. Monday to Friday 9 to 18, Monday and Tuesday are holidays, Wednesday's hours are short."""
    week = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    days: Any = {"2026-11-23": [], "2026-11-24": [], "2026-11-25": [["10:00", "12:00"]]}
    with counter.db.transaction(store.id) as tx:
        set_hours(get_store(tx, store.id), week, days)
        closed = get_store(tx, store.id)
    send(counter, closed)
    [made] = list_promised(counter, store)
    assert made.promised_by == datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
    run(counter, minutes=2)
    counter.clock.move_to(made.promised_by - HOUR - MINUTE)
    assert run(counter) == [] and run(counter, minutes=1) == TOLD and run(counter, hours=1) == TOLD


def test_nobody_promises_a_time_where_none_is_known(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    with counter.db.transaction(store.id) as tx:
        set_hours(get_store(tx, store.id), {}, {"2026-11-20": [["09:00", "10:00"]]})
        closed = get_store(tx, store.id)
    sent = send(counter, closed)
    assert sent.answered_by is None and list_promised(counter, store) == []
    assert "en cuanto la tienda vuelva a abrir" in sent.words


def test_a_promise_goes_with_its_customer_and_stands_in_their_copy(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    other = send(counter, store, email="bea@example.com").conversation.public_id
    talk = promise(counter, store)
    own_order(counter, store, talk)
    copy = export_customer(counter.db, store.id, ADDRESS)
    assert [one["promises"] for one in copy["conversations"]] == [
        [{"at": MOMENT.isoformat(), "answered_by": (MOMENT + DAY).isoformat(), "ended": "", "ended_at": None}]
    ]
    run(counter, minutes=2)
    counter.clock.advance(23 * HOUR)
    look(counter, store)
    erase_customer(counter.db, store.id, ADDRESS, now=counter.clock.now())
    assert run(counter) == TOLD, "the other one stands"
    assert other in read(counter)[1] and talk not in read(counter)[1]
    assert len(list_promised(counter, store)) == 1
    counter.clock.advance(400 * DAY)
    retain(counter.db, counter.clock)
    assert list_promised(counter, store) == []


def own_order(counter: Counter, store: StoreRow, talk: str) -> None:
    """The conversation is proven to be of the customer whose order it is."""
    order = counter.add_order(store, email=ADDRESS)
    with counter.db.transaction(store.id) as tx:
        row = find(tx, store, talk)
        row.order_id, row.order_proof, row.order_proven_at = order.id, "order", counter.clock.now()


def test_the_desk_shows_the_time_and_says_in_words_when_it_is_over(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    browser, talk = counter.sign_in(ana), promise(counter, store)
    inbox = f"/desk/{store.public_id}/conversations"
    addresses = (inbox, f"{inbox}/list", f"{inbox}/{talk}", f"{inbox}/{talk}/thread")

    def count(words: str) -> list[int]:
        return [browser.get(one).text.count(words) for one in addresses]

    shown = '<time datetime="2026-11-22T18:00:00Z">{}</time></span>'
    assert count(shown.format("Promised by Nov 22, 7:00\u202fPM")) == [1, 1, 2, 1], "in the store's zone"
    counter.clock.move_to(MOMENT + DAY)
    assert count(shown.format("Overdue since 7:00\u202fPM")) == [1, 1, 2, 1] and sum(count("Promised by")) == 0
    answer(counter, store, talk)
    assert sum(count("Overdue since")) == sum(count("Promised by")) == 0


def test_the_number_leads_to_the_promises_behind_it(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    browser, talks = counter.sign_in(ana), [promise(counter, store) for _ in range(5)]
    counter.clock.advance(HOUR)
    early = promise(counter, store)
    for talk in (*talks[:3], early):
        answer(counter, store, talk)
    numbers = f"/desk/{store.public_id}/numbers"
    assert "0 of 0 promises: too few for a share" in browser.get(numbers).text, "no time has run out"
    counter.clock.move_to(MOMENT + DAY + MINUTE)
    answer(counter, store, talks[3])
    page = browser.get(numbers).text
    assert '<strong>60%</strong> · <span class="muted">3 of 5 promises</span>' in page
    assert f'{numbers}/rows?of=promises&amp;days=30"' in page
    rows = browser.get(f"{numbers}/rows?of=promises").text
    assert all(talk in rows for talk in talks) and early not in rows
    assert [rows.count(f"<span>{words}</span>") for words in ("Answered in time", "Answered late")] == [3, 1]
    assert rows.count("<span>Overdue, nobody has answered</span>") == 1 and "5 lines" in rows
    late = browser.get(f"{numbers}/rows?of=promises&state=late").text
    assert talks[3] in late and "1 line: Answered late" in late
