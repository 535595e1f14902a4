"""A shopper waits and nobody is at the desk: one mail within a minute, with nobody's words in it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from desk_house import OURS, Counter
from waiting_shopper import at_the_desk, find, is_called, read, run, tick, wait

from plugin.agents import AgentRow, MembershipRow, add_membership
from plugin.care import (
    Agent,
    VisitorRow,
    consent_words,
    get_conversation,
    promise_call,
    reply,
    take,
)
from plugin.care.form import Form, send_form
from plugin.care.routes import is_promised
from plugin.care.shapes import wants_form
from plugin.database import ALL
from plugin.mail import MailDelayed, MailRefused
from plugin.stores import StoreRow, get_store


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", name="Casa Lavanda", time_zone="America/Bogota")


def test_within_a_minute_everybody_who_answers_gets_one_mail(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    counter.add_agent("Leo", store, role="agent", locale="es")
    counter.add_agent("Vera", store, role="viewer")
    counter.add_agent("Eva", counter.add_store("b.example"))
    talk = wait(counter, store)
    assert run(counter, seconds=19) == [], "whoever is just opening the desk has a moment"
    assert run(counter, seconds=41) == ["ana@example.com", "leo@example.com"]
    assert is_called(counter, store, talk)
    assert run(counter, hours=22) == [], "once for one wait"
    talk = wait(counter, store)
    assert run(counter, minutes=1) == ["ana@example.com", "leo@example.com"], "and again for the next"


def test_the_mail_says_how_many_since_when_and_where_and_nobody_s_words(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    first = wait(counter, store, steps=("product",))
    wait(counter, store, steps=("checkout",))
    run(counter, minutes=1)
    mail, text, page = read(counter)
    assert mail["Subject"] == "Casa Lavanda: 2 shoppers are waiting for you"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["To"] == "ana@example.com"
    assert "Before buying: 1" in text and "Buying, until delivered: 1" in text and "After delivery" not in text
    assert "1:00\u202fPM (Bogota time)" in text
    assert f"http://127.0.0.1:8080/desk/{store.public_id}/conversations\n" in text
    for words in (text, page):
        assert not any(one in words for one in ("Alma", "alma@", "1001", "persona por", first, "token", "sign-in"))
        assert f"/desk/{store.public_id}/conversations" in words and "/desk/account" in words


def test_the_mail_speaks_its_reader_s_language(counter: Counter, store: StoreRow) -> None:
    counter.add_agent("Leo", store, role="agent", locale="es")
    counter.add_agent("Rui", store, role="agent", locale="pt")
    wait(counter, store)
    run(counter, minutes=1)
    subjects = [read(counter, place)[0]["Subject"] for place in range(2)]
    assert subjects == ["Casa Lavanda: 1 cliente te espera", "Casa Lavanda: 1 cliente espera por você"]


@pytest.fixture
def ticking(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    tick(counter, monkeypatch)


@pytest.mark.usefixtures("ticking")
def test_who_goes_from_page_to_page_is_there_all_the_while(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    talk = wait(counter, store)
    with at_the_desk(counter, store):
        assert run(counter, seconds=50) == [] and run(counter, seconds=55) == []
    assert run(counter, seconds=5) == [], "the next look falls between two pages"
    with at_the_desk(counter, store):
        assert run(counter, seconds=10) == []
    assert not is_called(counter, store, talk)
    assert run(counter, minutes=1) == ["ana@example.com"]


def test_who_writes_by_the_form_in_a_held_talk_calls_within_a_minute(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    care, talk = counter.house.doors.care, wait(counter, store)
    reply(care, store.id, talk, Agent(ana.id, "Ana"), "¡Hola!", "c" * 32)
    assert run(counter, hours=1) == []
    with counter.db.reading(ALL, "who wrote") as tx:
        visitor = tx.get(VisitorRow, find(tx, store, talk).visitor_id)
    consent = consent_words(store, "es")
    send_form(care, store, visitor, Form("¿Y mi taza?", "alma@example.com", str(uuid.uuid4()), consent, "es"))
    assert run(counter, minutes=1) == ["alma@example.com", "ana@example.com"], "told to her, and called"
    assert is_called(counter, store, talk)


def test_after_an_agent_let_a_talk_go_the_others_are_called_again(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    counter.add_agent("Leo", store, role="agent")
    talk = wait(counter, store)
    assert run(counter, minutes=1) == ["ana@example.com", "leo@example.com"]
    take(counter.house.doors.care, store.id, talk, Agent(ana.id, "Ana"))
    assert run(counter, minutes=6) == [] and not is_called(counter, store, talk)
    assert run(counter, minutes=10) == ["ana@example.com", "leo@example.com"], "no sooner than a quarter of an hour"


@pytest.mark.usefixtures("ticking")
def test_nobody_is_mailed_while_a_desk_is_open_and_somebody_is_when_it_closes(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    talk = wait(counter, store)
    with at_the_desk(counter, store):
        assert run(counter, minutes=1) == [] and run(counter, minutes=5) == []
        assert not is_called(counter, store, talk)
    assert run(counter, minutes=1) == ["ana@example.com"]


@pytest.mark.usefixtures("ticking")
@pytest.mark.parametrize("email", [None, "alma@example.com"])
@pytest.mark.parametrize("calls", [True, False])
def test_who_was_promised_somebody_hears_once_that_nobody_is_there_any_more(
    counter: Counter, store: StoreRow, ana: AgentRow, email: str | None, calls: bool
) -> None:
    with counter.db.transaction(ALL, "whether she is called, and who wrote") as tx:
        tx.query(MembershipRow).filter_by(agent_id=ana.id).one().takes_calls = calls
    with at_the_desk(counter, store):
        talk = wait(counter, store)
        with counter.db.transaction(store.id) as tx:
            find(tx, store, talk).email = email
        run(counter, minutes=2)
        assert told(counter, store, talk)[-1].endswith("te responderá aquí en un momento.")
    before = len(told(counter, store, talk))
    assert run(counter, minutes=1) == (["ana@example.com"] if calls else [])
    run(counter, minutes=20)
    said = told(counter, store, talk)
    assert len(said) == before + 1 and "ahora mismo no hay nadie atendiendo" in said[-1]
    assert ("Déjanos tu correo" in said[-1]) == (email is None)
    with counter.db.reading(store.id) as tx:
        row = find(tx, store, talk)
        assert wants_form(row) == (email is None) and row.waiting_since is not None


def test_a_promise_that_an_agent_kept_is_none_any_more(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    with at_the_desk(counter, store):
        talk = wait(counter, store)
        with counter.db.reading(store.id) as tx:
            assert is_promised(find(tx, store, talk))
        take(counter.house.doors.care, store.id, talk, Agent(ana.id, "Ana"))
    with counter.db.transaction(store.id) as tx:
        row = find(tx, store, talk)
        row.status, row.owner, row.waiting_since = "open", "nobody", counter.clock.now()
        assert not is_promised(row), "what comes next is another wait"


def test_who_was_told_that_nobody_is_there_hears_it_once(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    talk = wait(counter, store)
    before = told(counter, store, talk)
    assert "ahora mismo no hay nadie atendiendo" in before[-1]
    assert run(counter, minutes=1) == ["ana@example.com"]
    assert told(counter, store, talk) == before


def told(counter: Counter, store: StoreRow, talk: str) -> list[str]:
    """What the shopper was told by nobody in particular."""
    with counter.db.reading(store.id) as tx:
        whole = get_conversation(tx, store.id, talk)
    assert whole is not None
    return [one.text for one in whole.messages if one.author == "system"]


def test_a_viewer_s_open_desk_is_nobody_there(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    vera = counter.sign_in(counter.add_agent("Vera", store, role="viewer"))
    wait(counter, store)
    with vera.get(f"/desk/{store.public_id}/live", buffered=False) as live:
        assert b"refresh" in next(iter(live.response))
        assert run(counter, minutes=1) == ["ana@example.com"]


@pytest.mark.parametrize("how", ["answered", "gone", "taken off"])
def test_who_waits_no_longer_calls_nobody(counter: Counter, store: StoreRow, ana: AgentRow, how: str) -> None:
    talk = wait(counter, store)
    if how == "answered":
        reply(counter.house.doors.care, store.id, talk, Agent(ana.id, "Ana"), "¡Hola!", "c" * 32)
    with counter.db.transaction(ALL, "what happened") as tx:
        if how == "gone":
            tx.delete(find(tx, store, talk))
        elif how == "taken off":
            get_store(tx, store.id).status = "uninstalled"
    assert run(counter, minutes=1) == [] and run(counter, minutes=20) == []


def test_within_a_quarter_of_an_hour_one_mail_and_then_who_came_meanwhile(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    wait(counter, store)
    assert run(counter, seconds=30) == ["ana@example.com"]
    later = []
    for _ in range(4):
        later.append(wait(counter, store))
        assert run(counter, minutes=3) == []
    assert not any(is_called(counter, store, one) for one in later)
    assert run(counter, minutes=3, seconds=1) == ["ana@example.com"]
    assert "5 shoppers are waiting" in read(counter)[1] and all(is_called(counter, store, one) for one in later)
    assert run(counter, hours=2) == []


def test_a_second_wait_of_the_same_shopper_calls_again(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    talk = wait(counter, store)
    run(counter, minutes=1)
    reply(counter.house.doors.care, store.id, talk, Agent(ana.id, "Ana"), "¡Hola!", "c" * 32)
    counter.clock.advance(timedelta(minutes=30))
    with counter.db.transaction(store.id) as tx:
        row = find(tx, store, talk)
        row.waiting_since = counter.clock.now()
        promise_call(tx, row, counter.clock.now())
    assert run(counter, minutes=1) == ["ana@example.com"]


def test_a_mail_server_that_is_away_is_asked_again_and_nobody_hears_twice(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    counter.add_agent("Leo", store, role="agent")
    talk, send = wait(counter, store), counter.taken.send

    def refuse_leo(message: bytes, sender: str, recipient: str) -> None:
        if recipient.startswith("leo"):
            raise MailDelayed("later")
        send(message, sender, recipient)

    counter.taken.send = refuse_leo  # type: ignore[method-assign]
    assert run(counter, minutes=1) == ["ana@example.com"]
    counter.taken.send = send  # type: ignore[method-assign]
    assert is_called(counter, store, talk)
    assert run(counter, minutes=1) == ["leo@example.com"] and run(counter, hours=2) == []


def test_while_the_mail_server_is_away_for_all_nobody_counts_as_called(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    talk = wait(counter, store)
    counter.taken.error = MailDelayed("later")
    assert run(counter, minutes=1) == [] and not is_called(counter, store, talk)
    counter.taken.error = None
    assert run(counter, minutes=1) == ["ana@example.com"]


def test_a_mailbox_that_takes_nothing_does_not_keep_the_job_going(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    wait(counter, store)
    counter.taken.error = MailRefused("no such mailbox")
    run(counter, minutes=1)
    assert [row[1] for row in counter.dump()["outbox"]] == ["care.tell_overdue"], "the shopper was told a time"


def test_the_switch_is_the_agent_s_own_per_store(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    other = counter.add_store("b.example", name="Otra")
    with counter.db.transaction(ALL, "her second store") as tx:
        add_membership(tx, other.id, ana.id, "agent", counter.clock.now())
    browser = counter.sign_in(ana)
    page = browser.get("/desk/account").text
    assert page.count("Do not mail me<") == 2 and "Casa Lavanda" in page and "Otra" in page
    off = browser.post("/desk/account/calls", data={"store": store.public_id, "calls": "no"}, headers=OURS)
    assert off.status_code == 303 and "We do not mail you when" in browser.get(off.headers["Location"]).text
    wait(counter, store)
    assert run(counter, minutes=1) == []
    wait(counter, other)
    assert run(counter, minutes=1) == ["ana@example.com"]
    browser.post("/desk/account/calls", data={"store": store.public_id, "calls": "yes"}, headers=OURS)
    wait(counter, store)
    assert run(counter, minutes=1) == ["ana@example.com"]


def test_the_switch_is_for_stores_in_which_one_answers(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    theirs = counter.add_store("b.example")
    vera = counter.sign_in(counter.add_agent("Vera", store, role="viewer"))
    assert "When a shopper waits" not in vera.get("/desk/account").text
    before = counter.dump()["memberships"]
    wishes = ((vera, store.public_id), (counter.sign_in(ana), theirs.public_id), (counter.sign_in(ana), "st_\x00"))
    for browser, named in wishes:
        answer = browser.post("/desk/account/calls", data={"store": named, "calls": "no"}, headers=OURS)
        assert answer.status_code == 404
    assert counter.dump()["memberships"] == before


def test_a_shopper_of_the_day_before_yesterday_calls_nobody_any_more(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    talk = wait(counter, store)
    with at_the_desk(counter, store):
        for _ in range(3):
            run(counter, hours=9)
    assert run(counter, minutes=2) == [] and not is_called(counter, store, talk)
    assert counter.dump()["outbox"] == []
