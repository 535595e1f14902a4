"""An access that ends: renewed in time, once, whoever asks for it from wherever, and never lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from token_shop import FIRST, HOUR, QUARTER, Place, make_access

from plugin.contract import AccessRevoked, AdapterError, PlatformDown, RateLimited
from plugin.database import ALL
from plugin.stores import ask_platform, connect, get_store
from plugin.stores.access import LONG_BEFORE, refresh_all, refresh_store
from plugin.stores.disconnect import take_off
from plugin.testing.factories import MOMENT, make_settings, make_store
from plugin.work import Claimed, Engine, claim

SECOND = timedelta(seconds=1)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    made = Place(make_settings(database_url), tmp_path)
    yield made
    made.db.close()


def test_a_good_access_is_used_as_it_is(place: Place) -> None:
    place.clock.advance(HOUR - timedelta(minutes=2) - SECOND)
    assert place.ask() == "a1" and place.platform.log == []


def test_an_access_near_its_end_is_renewed_before_it_is_used(place: Place) -> None:
    now = place.clock.advance(HOUR - timedelta(minutes=2))
    assert place.ask() == "a2" and place.shop.asked == ["a2"] and place.platform.log == ["r1"]
    row = place.row
    assert (place.pair, place.pair_before) == ({"access": "a2", "refresh": "r2"}, FIRST)
    assert (row.access_expires_at, row.refresh_before) == (now + HOUR, now + QUARTER)
    assert row.refresh_claimed_until is None
    assert place.ask() == "a2" and place.platform.log == ["r1"]


def test_an_access_that_the_platform_calls_expired_is_renewed_once(place: Place) -> None:
    place.platform.end_access()
    assert place.ask() == "a2" and place.shop.asked == ["a1", "a2"] and place.platform.log == ["r1"]


def test_a_platform_that_calls_even_the_new_one_expired_is_not_asked_for_ever(place: Place) -> None:
    place.shop.meanwhile = place.platform.end_access
    place.platform.end_access()
    with pytest.raises(AdapterError):
        place.ask()
    assert place.platform.log == ["r1"] and place.row.status == "connected"


@pytest.mark.parametrize("error", [PlatformDown("down"), RateLimited("slow", retry_after=30)])
def test_a_renewal_that_fails_stops_nobody_while_the_access_is_good(place: Place, error: AdapterError) -> None:
    place.clock.advance(HOUR - SECOND)
    place.shop.fails = [error]
    assert place.ask() == "a1"
    assert place.row.refresh_claimed_until is None
    assert place.ask() == "a2"


@pytest.mark.parametrize("error", [PlatformDown("down"), RateLimited("slow", retry_after=30)])
def test_a_renewal_that_fails_after_the_end_is_told_and_parks_nothing(place: Place, error: AdapterError) -> None:
    place.expire()
    place.shop.fails = [error]
    with pytest.raises(type(error)):
        place.ask()
    assert place.shop.asked == [] and place.row.status == "connected" and place.pair == FIRST
    assert place.ask() == "a2"


def test_nothing_is_in_a_transaction_while_the_platform_renews(place: Place) -> None:
    def write() -> None:
        with place.db.transaction(place.store_id) as tx:
            get_store(tx, place.store_id).name = "Written meanwhile"

    place.shop.meanwhile = write
    place.expire()
    assert place.ask() == "a2" and place.row.name == "Written meanwhile"


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_pair(place: Place) -> None:
    place.expire()
    place.shop.loses = 1
    with pytest.raises(PlatformDown):
        place.ask()
    assert place.pair == FIRST
    assert place.ask() == "a3" and place.platform.log == ["r1", "r1"]
    assert place.pair == {"access": "a3", "refresh": "r3"}


def test_where_the_pair_is_refused_the_one_before_is_tried(place: Place) -> None:
    """Two renewed in turn, and the answer that came last was the one that the platform had already replaced."""
    place.expire()
    place.ask()
    place.platform.forget("r2")
    place.expire()
    assert place.ask() == "a3" and place.platform.log == ["r1", "r2", "r1"]
    assert place.pair == {"access": "a3", "refresh": "r3"} and place.row.status == "connected"


def test_when_both_pairs_are_refused_the_store_is_parked_and_its_owners_hear_of_it_once(place: Place) -> None:
    place.expire()
    place.ask()
    place.platform.forget("r1", "r2")
    place.expire()
    for _ in range(2):
        with pytest.raises(AccessRevoked):
            place.ask()
    row = place.row
    assert (row.status, row.refresh_claimed_until) == ("parked", None) and "r" in (row.trouble or "")
    assert place.platform.log[1:3] == ["r2", "r1"] and place.count("stores.alert") == 1


def test_a_refusal_of_the_old_pair_does_not_park_a_store_that_was_connected_anew(place: Place) -> None:
    def connect_anew(_adapter: Any, _store: Any) -> None:
        with place.db.transaction(ALL, "the merchant connects anew") as tx:
            access = make_access(place.clock.now(), {"access": "new", "refresh": "new"})
            connect(tx, "token", access, place.clock.now())
        raise AccessRevoked("the old one is void")

    with pytest.raises(AccessRevoked):
        ask_platform(place.db, place.shop, place.store_id, connect_anew)
    assert place.row.status == "connected" and place.count("stores.alert") == 0


def test_a_store_taken_off_while_its_access_is_renewed_gets_nothing_back(place: Place) -> None:
    def leave() -> None:
        with place.db.transaction(place.store_id) as tx:
            take_off(get_store(tx, place.store_id), place.clock.now())

    place.expire()
    place.shop.meanwhile = leave
    with pytest.raises(AccessRevoked):
        place.ask()
    row = place.row
    assert (row.status, row.credentials, row.access_expires_at, row.refresh_before) == ("uninstalled", None, None, None)
    assert place.shop.asked == [] and place.count("stores.alert") == 0


def test_the_daily_round_renews_what_would_end_for_good_and_nothing_else(place: Place) -> None:
    rested = place.store_id
    with place.db.transaction(ALL, "when it ends for good") as tx:
        get_store(tx, rested).refresh_before = MOMENT + LONG_BEFORE
    for domain, values in {
        "busy.example": {"credentials": FIRST, "refresh_before": MOMENT + LONG_BEFORE + SECOND},
        "left.example": {"credentials": FIRST, "refresh_before": MOMENT, "status": "uninstalled"},
        "keys.example": {"credentials": FIRST},
        "bare.example": {"refresh_before": MOMENT},
    }.items():
        make_store(place.db, platform="token", domain=domain, **values)
    for _ in range(2):
        refresh_all(place.db, place.clock)
    jobs = run_due(place)
    assert [(job.kind, job.store) for job in jobs] == [("stores.refresh", rested)]
    assert place.platform.log == ["r1"] and place.row.refresh_before == MOMENT + QUARTER
    assert place.count("stores.refresh") == 0
    refresh_all(place.db, place.clock)
    assert run_due(place) == []


def test_a_rested_store_that_nothing_renews_any_more_is_parked(place: Place) -> None:
    place.clock.advance(QUARTER + SECOND)
    place.platform.forget("r1")
    refresh_all(place.db, place.clock)
    assert len(run_due(place)) == 1
    assert place.row.status == "parked" and place.count("stores.alert") == 1
    assert place.count("stores.refresh") == 0


def test_a_platform_that_is_down_on_that_day_is_asked_again(place: Place) -> None:
    place.clock.advance(QUARTER - LONG_BEFORE)
    place.shop.fails = [PlatformDown("down")]
    refresh_all(place.db, place.clock)
    run_due(place)
    assert place.count("stores.refresh") == 1 and place.pair == FIRST
    place.clock.advance(timedelta(minutes=1))
    run_due(place)
    assert place.count("stores.refresh") == 0 and place.pair["access"] == "a2"


def run_due(place: Place) -> list[Claimed]:
    engine = Engine(place.db, place.clock, {
        "stores.refresh": lambda job: refresh_store(place.db, place.shop, place.clock, job),
    }, 1)  # fmt: skip
    with place.db.transaction(ALL, "claim what is due") as tx:
        jobs = [job for job in claim(tx, place.clock.now(), 10) if job.kind == "stores.refresh"]
    for job in jobs:
        engine.run(job)
    return jobs


def test_a_new_connection_brings_new_ends_and_one_without_keys_changes_none(place: Place) -> None:
    now = place.clock.advance(timedelta(days=1))
    with place.db.transaction(ALL, "connect anew") as tx:
        connect(tx, "token", make_access(now, {"access": "b1", "refresh": "s1"}), now)
    row = place.row
    assert (row.access_expires_at, row.refresh_before) == (now + HOUR, now + QUARTER)
    with place.db.transaction(ALL, "connect by address alone") as tx:
        connect(tx, "token", make_access(now + HOUR, {}), now)
    assert place.row.access_expires_at == now + HOUR and place.pair["access"] == "b1"
