"""Before a promised time runs out, and once it has, the agents are mailed: each promise once before and once after."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desk_house import OURS, Counter, open_counter
from promising_shop import ADDRESS, DAY, HOUR, MINUTE, TOLD, answer, list_promised, look, promise, run
from waiting_shopper import at_the_desk, find, read

from plugin.agents import AgentRow, MembershipRow
from plugin.care import desk_channel
from plugin.care.promise_mail import tell_overdue
from plugin.care.promises import find_warning
from plugin.database import ALL
from plugin.mail import MailDelayed, MailRefused
from plugin.stores import StoreRow, get_store
from plugin.testing.factories import MOMENT
from plugin.work import claim
from plugin.work import list_promised as list_jobs


@pytest.fixture
def counter(tmp_path: Path, database_url: str) -> Iterator[Counter]:
    with open_counter(tmp_path, database_url) as made:
        yield made


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", name="Casa Lavanda")


def test_everybody_who_answers_is_told_once_before_and_once_after_without_anybody_s_words(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    counter.add_agent("Leo", store, role="agent", locale="es")
    counter.add_agent("Vera", store, role="viewer")
    counter.add_agent("Eva", counter.add_store("b.example"))
    talk = promise(counter, store)
    with counter.db.reading(store.id) as tx:
        reference = find(tx, store, talk).reference
    run(counter, minutes=2)  # both are called to the desk
    assert run(counter, hours=22, minutes=57) == []
    assert run(counter, minutes=1) == ["ana@example.com", "leo@example.com"]
    mail, text, page = read(counter, -2)
    assert mail["Subject"] == "Casa Lavanda: 1 promised answer is due soon"
    assert mail["Auto-Submitted"] == "auto-generated" and f"{reference}: promised by 7:00" in text
    link = f"http://127.0.0.1:8080/desk/{store.public_id}/conversations/{talk}"
    for words in (text, page):
        assert link in words and "/desk/account" in words
        assert not any(one in words for one in ("Alma", ADDRESS, "1001", "pedido", "token", "sign-in"))
    with at_the_desk(counter, store):
        assert run(counter, minutes=59) == [] and run(counter, minutes=1) == ["ana@example.com", "leo@example.com"]
    mail, text, _ = read(counter, -2)
    assert mail["Subject"] == "Casa Lavanda: 1 promised answer is overdue"
    assert f"{reference}: overdue since 7:00" in text and link in text
    [told] = list_promised(counter, store)
    assert (told.warned_at, told.overdue_told_at) == (MOMENT + 23 * HOUR, MOMENT + DAY)
    assert run(counter, days=5) == []
    with counter.db.reading(store.id) as tx:
        assert list_jobs(tx, "care.tell_overdue", store.id) == []


def test_what_ends_together_is_told_in_one_mail(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    talks = [promise(counter, store) for _ in range(22)]
    answer(counter, store, talks.pop())
    run(counter, minutes=2)
    assert run(counter, hours=23) == TOLD
    mail, text, _ = read(counter)
    assert mail["Subject"] == "Casa Lavanda: 21 promised answers are due soon"
    assert [talk in text for talk in talks] == [True] * 20 + [False] and "and 1 more" in text


def test_who_wants_no_calls_is_told_of_no_promise_either(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    browser = counter.sign_in(ana)
    browser.post("/desk/account/calls", data={"store": store.public_id, "calls": "no"}, headers=OURS)
    promise(counter, store)
    assert run(counter, hours=23) == [] and run(counter, hours=2) == []
    browser.post("/desk/account/calls", data={"store": store.public_id, "calls": "yes"}, headers=OURS)
    assert run(counter, days=2) == [], "what was settled is not told later"


def test_who_leaves_the_store_before_the_mail_does_gets_none(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    promise(counter, store)
    run(counter, minutes=2)
    counter.taken.error = MailDelayed("later")
    assert run(counter, hours=23) == []
    with counter.db.transaction(ALL, "she is no more of the team") as tx:
        tx.query(MembershipRow).filter_by(agent_id=ana.id).delete()
    counter.taken.error = None
    assert run(counter, minutes=30) == []
    with counter.db.reading(store.id) as tx:
        assert list_jobs(tx, "care.carry_overdue", store.id) == []
    assert run(counter, hours=3) == []


@pytest.mark.parametrize("when", ["before it is told", "between the look and the mail", "after the first mail"])
def test_what_was_kept_in_between_is_not_told(
    counter: Counter, store: StoreRow, ana: AgentRow, when: str
) -> None:
    talk = promise(counter, store)
    run(counter, minutes=2)
    if when == "before it is told":
        run(counter, hours=22)
        answer(counter, store, talk)
        assert run(counter, hours=1) == []
    elif when == "between the look and the mail":
        counter.clock.advance(23 * HOUR)
        look(counter, store)
        answer(counter, store, talk)
        assert run(counter) == []
    else:
        assert run(counter, hours=23) == TOLD
        answer(counter, store, talk)
    assert run(counter, days=2) == []


@pytest.mark.parametrize("later", [23 * HOUR, DAY])
def test_two_workers_at_the_same_moment_tell_it_once(
    counter: Counter, store: StoreRow, ana: AgentRow, later: timedelta
) -> None:
    for _ in range(5):
        promise(counter, store)
    run(counter, minutes=2)
    counter.clock.move_to(MOMENT + later)
    with counter.db.transaction(ALL, "claim what is due") as tx:
        [job] = [one for one in claim(tx, counter.clock.now(), 100) if one.kind == "care.tell_overdue"]
    start, failures = threading.Barrier(8), list[BaseException]()

    def work() -> None:
        start.wait()
        try:
            tell_overdue(counter.house.doors.care, job)
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(8)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert failures == []
    assert run(counter) == TOLD
    assert "5 promised answers are" in read(counter)[0]["Subject"]


def test_a_mail_server_that_is_away_is_tried_again_and_an_old_warning_is_not_sent(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    counter.add_agent("Leo", store, role="agent")
    promise(counter, store)
    run(counter, minutes=2)
    tried, send_on = list[bytes](), counter.taken.send

    def refuse_leo(message: bytes, sender: str, recipient: str) -> None:
        if recipient.startswith("leo"):
            tried.append(message)
            raise MailDelayed("later")
        send_on(message, sender, recipient)

    counter.taken.send = refuse_leo  # type: ignore[method-assign]
    assert run(counter, hours=22, minutes=58) == TOLD
    assert run(counter, minutes=5) == [] and len({names(one) for one in tried}) == 1 < len(tried)
    counter.taken.send = send_on  # type: ignore[method-assign]
    assert run(counter, minutes=55) == ["ana@example.com", "leo@example.com"], "that it is over, once"
    assert "overdue" in read(counter)[0]["Subject"] and run(counter, hours=5) == []


def names(message: bytes) -> bytes:
    """The Message-ID of a mail."""
    return next(line for line in message.splitlines() if line.lower().startswith(b"message-id"))


def test_a_mailbox_that_takes_nothing_ends_it(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    promise(counter, store)
    run(counter, minutes=2)
    counter.taken.error = MailRefused("no such mailbox")
    run(counter, hours=23)
    run(counter, hours=2)
    assert counter.dump()["outbox"] == []


def test_a_shop_that_left_tells_nobody(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    promise(counter, store)
    with counter.db.transaction(store.id) as tx:
        get_store(tx, store.id).status = "uninstalled"
    assert run(counter, hours=23) == [] and run(counter, days=2) == []


def test_where_anybody_may_connect_a_shop_the_mail_names_it_by_its_address(
    tmp_path: Path, database_url: str
) -> None:
    with open_counter(tmp_path, database_url, installs="open") as counter:
        store = counter.add_store("a.example", name="Refund due, see evil.example")
        counter.add_agent("Eve", store)
        counter.sign_in(counter.add_agent("Ana", store))
        promise(counter, store)
        run(counter, minutes=2)
        assert run(counter, hours=23) == TOLD
        mail, text, page = read(counter)
        assert mail["Subject"].startswith("a.example: ")
        assert not any("evil.example" in words for words in (mail["Subject"], text, page))


@pytest.mark.parametrize(
    ("span", "before"),
    [(HOUR, 15), (61 * MINUTE, 20), (3 * HOUR, 45),
     (4 * HOUR, 60), (DAY, 60), (30 * DAY, 60)],
)  # fmt: skip
def test_a_warning_comes_in_the_last_quarter_an_hour_before_at_most(span: timedelta, before: int) -> None:
    assert find_warning(MOMENT, MOMENT + span) == MOMENT + span - before * MINUTE
    assert MOMENT < find_warning(MOMENT, MOMENT + span) < MOMENT + span


@pytest.mark.parametrize("minutes", [5, 10, 20, 55])
def test_a_time_of_less_than_an_hour_is_told_when_it_is_over_alone(minutes: int) -> None:
    assert find_warning(MOMENT, MOMENT + minutes * MINUTE) == MOMENT + minutes * MINUTE


def test_what_was_promised_in_the_chat_is_named_by_its_shopper(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    talk = counter.write(store, "quiero hablar con una persona")
    run(counter, minutes=2)
    assert run(counter, hours=23) == TOLD
    _, text, page = read(counter)
    code = re.sub("[-_]", "", talk.removeprefix("cv_"))[:4]
    assert f"Shopper {code}: promised by" in text and f"Shopper {code}: promised by" in page


def test_open_desks_hear_when_a_time_is_over(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    talk = promise(counter, store)
    run(counter, hours=23)
    with counter.house.doors.hub.subscribe(desk_channel(store.id), "Ana") as desk:
        run(counter, hours=1)
        heard = desk.wait(5)
    assert heard is not None and heard.name == "conversation" and talk in heard.data
