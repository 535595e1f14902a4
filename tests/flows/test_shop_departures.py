"""A delivery that says the merchant took the app off: at once, late, twice, and when it is not so any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from app_hook_shop import DAY, SHOP, Door

from plugin.agents import add_membership, create_agent, find_session, open_session
from plugin.contract import (
    AccessExpired,
    AccessRevoked,
    AdapterError,
    PlatformDown,
    PlatformRefused,
    RateLimited,
)
from plugin.database import ALL
from plugin.privacy import list_receipts
from plugin.testing.factories import MOMENT, make_order
from plugin.work import count_due


@pytest.fixture
def door(database_url: str) -> Iterator[Door]:
    made = Door(database_url)
    made.connect(ending=True)
    yield made
    made.db.close()


@pytest.mark.parametrize("at", ["refresh", "surfaces"])
@pytest.mark.parametrize("error", [AccessRevoked("gone"), AccessExpired("gone"), PlatformRefused("gone")])
def test_a_shop_that_gives_no_access_any_more_has_left(door: Door, at: str, error: AdapterError) -> None:
    door.mall.troubles[at] = error
    assert door.post("uninstalled") == 200
    assert "stores.departure" in door.work()
    row = door.store()
    assert (row.status, row.uninstalled_at, row.credentials) == ("uninstalled", door.clock.now(), None)
    assert (row.access_expires_at, row.refresh_claimed_until, row.trouble) == (None, None, None)
    assert list(door.jobs("stores.alert")) == [], "nobody is told that the connection broke: they took it off"


def test_a_late_or_second_delivery_does_not_take_off_a_shop_that_is_back(door: Door) -> None:
    door.mall.troubles["refresh"] = AccessRevoked("gone")
    door.post("uninstalled")
    door.work()
    door.mall.troubles.clear()
    door.clock.advance(timedelta(minutes=20))
    back = door.connect(ending=True)
    assert (back.status, back.uninstalled_at) == ("connected", None)
    for _ in range(2):
        assert door.post("uninstalled") == 200
    door.work()
    row = door.store()
    assert (row.status, row.uninstalled_at, row.connected_at) == ("connected", None, back.connected_at)
    assert row.credentials is not None and list(door.jobs("stores.departure")) == []
    assert door.receipts() == {"applied": 3}


@pytest.mark.parametrize("error", [PlatformDown("down"), RateLimited("slow")])
def test_a_platform_that_is_down_is_asked_again_and_at_last_believed(door: Door, error: AdapterError) -> None:
    door.mall.troubles["refresh"] = error
    door.post("uninstalled")
    door.work()
    assert door.store().status == "connected" and len(door.jobs("stores.departure")) == 1
    for _ in range(60):
        door.clock.advance(timedelta(minutes=40))
        door.work()
    assert door.store().status == "uninstalled" and list(door.jobs("stores.departure")) == []
    with door.db.reading(door.store().id) as tx:
        assert count_due(tx, MOMENT) == 0


def test_a_merchant_who_comes_back_while_the_platform_is_asked_stays(door: Door) -> None:
    class Refusal(AccessRevoked):
        pass

    def come_back(call: str) -> None:
        if call == "refresh":
            access = door.mall.grant(door.store().domain)
            door.settle(access)
            raise Refusal("the old one is void")

    door.mall._meet = come_back
    door.post("uninstalled")
    door.work()
    assert door.store().status == "connected" and door.store().uninstalled_at is None


def test_whoever_came_in_by_the_shop_s_word_is_out_when_it_has_left(door: Door) -> None:
    """Sessions bound to the store end with it; the team stays for the merchant who comes back."""
    store = door.store()
    with door.db.transaction(store.id) as tx:
        agent = create_agent(tx, "ana@example.com", "Ana", "es", MOMENT)
        add_membership(tx, store.id, agent.id, "owner", MOMENT)
        word = open_session(tx, agent.id, door.clock.now(), bound_to=store.id)
    door.mall.troubles["refresh"] = AccessRevoked("gone")
    door.clock.advance(DAY)
    door.post("uninstalled")
    door.work()
    with door.db.reading(store.id) as tx:
        assert find_session(tx, word, door.clock.now()) is None


def test_a_late_or_second_wish_to_erase_a_shop_does_not_erase_one_that_is_back(door: Door) -> None:
    door.mall.orders[SHOP] = {"1001": make_order()}
    door.post()
    door.work()
    before = door.store()
    assert door.post("erase_shop") == 200
    assert "privacy.erase_store" in door.work()
    row = door.store()
    assert (row.status, row.public_id, list(door.orders())) == ("connected", before.public_id, ["1001"])
    assert list(door.jobs("privacy.erase_store")) == []
    with door.db.reading(ALL, "no receipt") as tx:
        assert list_receipts(tx) == []


@pytest.mark.parametrize("at", ["refresh", "surfaces"])
def test_a_shop_that_lets_us_in_no_more_is_erased_when_its_platform_wishes(door: Door, at: str) -> None:
    """Also when nobody told us that it was taken off."""
    door.mall.troubles[at] = AccessRevoked("gone")
    door.post("erase_shop")
    door.work()
    assert door.stores() == []


@pytest.mark.parametrize("error", [PlatformDown("down"), RateLimited("slow")])
def test_nothing_is_erased_on_a_wish_before_the_platform_answered(door: Door, error: AdapterError) -> None:
    door.mall.troubles["refresh"] = error
    door.post("erase_shop")
    for _ in range(60):
        door.work()
        door.clock.advance(timedelta(minutes=40))
    assert door.store().status == "connected"
    [job] = door.jobs("privacy.erase_store")
    assert job.buried_at is not None, "the operator sees it, and may play it again"
