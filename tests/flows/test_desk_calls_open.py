"""Where anybody may connect a shop, only who came to its desk by themselves is called there."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_house import OURS, Counter, open_counter
from waiting_shopper import come, read, run, tick, wait

from plugin.agents import AgentRow, open_session, welcome
from plugin.database import ALL
from plugin.stores import StoreRow


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example")


def test_where_anybody_may_connect_a_shop_an_address_nobody_showed_is_not_mailed(tmp_path: Path) -> None:
    with open_counter(tmp_path, installs="open") as counter:
        store = counter.add_store("a.example")
        eve, ana = counter.add_agent("Eve", store), counter.add_agent("Ana", store)
        with counter.db.transaction(ALL, "let in by the shop's word alone") as tx:
            open_session(tx, eve.id, counter.clock.now(), "", bound_to=store.id)
        counter.sign_in(ana)
        wait(counter, store)
        assert run(counter, minutes=1) == ["ana@example.com"]


def test_where_anybody_may_connect_a_shop_its_name_is_in_no_mail_and_who_was_with_us_before_is_not_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_counter(tmp_path, installs="open") as counter:
        tick(counter, monkeypatch)
        store = counter.add_store("a.example", name="Refund due, see evil.example")
        theirs = counter.add_store("b.example", name="Refund due, see evil.example")
        ana, eve = counter.add_agent("Ana", store), counter.add_agent("Eve", counter.add_store("c.example"))
        for agent in (ana, eve):
            counter.sign_in(agent)
        named = {"anybody": True, "now": counter.clock.now(), "name": "", "locale": "en"}
        with counter.db.transaction(ALL, "a stranger's shop names both, and somebody new") as tx:
            for address in (ana.email, eve.email, "noa@example.com"):
                noa = welcome(tx, theirs.id, address, **named)
        come(counter, counter.sign_in(noa), theirs)
        wait(counter, theirs)
        assert run(counter, minutes=1) == ["noa@example.com"], "who came to the desk by themselves"
        wait(counter, store)
        assert run(counter, minutes=1) == ["ana@example.com"]
        for place in (-1, -2):
            mail, text, page = read(counter, place)
            assert not any("evil.example" in words for words in (mail["Subject"], text, page))
        assert read(counter)[0]["Subject"] == "a.example: 1 shopper is waiting for you"
        asked = {"store": theirs.public_id, "calls": "yes"}
        counter.sign_in(eve).post("/desk/account/calls", data=asked, headers=OURS)
        wait(counter, theirs)
        assert run(counter, minutes=1) == ["eve@example.com"], "who asked for it is"


def test_whom_a_stranger_s_shop_named_is_not_called_there_once_they_are_at_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_counter(tmp_path, installs="open") as counter:
        tick(counter, monkeypatch)
        theirs, own = counter.add_store("a.example"), counter.add_store("b.example")
        named = {"anybody": True, "now": counter.clock.now(), "name": "", "locale": "en"}
        with counter.db.transaction(ALL, "a stranger's shop names her, and then her own does") as tx:
            for store in (theirs, own):
                noa = welcome(tx, store.id, "noa@example.com", **named)
            word = open_session(tx, noa.id, counter.clock.now(), "", bound_to=theirs.id)
        stranger = counter.browser()
        stranger.set_cookie("mostrador-desk", word)
        come(counter, stranger, theirs)  # whoever runs the shop, in her name
        come(counter, counter.sign_in(noa), own)
        for store, called in ((theirs, []), (own, ["noa@example.com"])):
            wait(counter, store)
            assert run(counter, minutes=1) == called


def test_who_switched_the_calls_off_and_comes_again_is_not_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_counter(tmp_path, installs="open") as counter:
        tick(counter, monkeypatch)
        store = counter.add_store("a.example")
        with counter.db.transaction(ALL, "her shop names her") as tx:
            noa = welcome(tx, store.id, "noa@example.com", "", "en", counter.clock.now(), anybody=True)
        browser = counter.sign_in(noa)
        come(counter, browser, store)
        browser.post("/desk/account/calls", data={"store": store.public_id, "calls": "no"}, headers=OURS)
        come(counter, browser, store)
        wait(counter, store)
        assert run(counter, minutes=1) == []


def test_whom_a_shop_names_where_only_we_connect_shops_is_called_as_everybody(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    other = counter.add_store("b.example")
    with counter.db.transaction(ALL, "the shop names an agent of another") as tx:
        welcome(tx, other.id, ana.email, "", "en", counter.clock.now())
    wait(counter, other)
    assert run(counter, minutes=1) == ["ana@example.com"]
