"""A shop from its first delivery to its last: announced, connected, taken off, forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from app_hook_shop import ABLE, DAY, HOUR, OTHER, SHOP, Door
from sqlalchemy import select

from plugin.agents.ownership import PROVEN, Hand, NotTheirs, settle_store
from plugin.contract import AccessRevoked, Capability, PlatformRefused, StoreAccess
from plugin.database import ALL
from plugin.notices import LedgerRow
from plugin.orders import OrderRow, Receipt
from plugin.orders.refetch import refetch_order
from plugin.orders.wishes import wish_reconcile
from plugin.stores import StoreRow, find_by_public_id, get_store, list_stores
from plugin.stores import announce as announcing
from plugin.stores.announce import sweep_announced
from plugin.stores.install import is_first
from plugin.stores.set_up import promise_set_up
from plugin.testing.factories import MOMENT, make_order, make_store
from plugin.work import claim


@pytest.fixture
def door(database_url: str) -> Iterator[Door]:
    made = Door(database_url)
    yield made
    made.db.close()


def test_an_announced_shop_that_nobody_connects_is_forgotten_after_a_week(door: Door) -> None:
    make_store(door.db, platform="mall", domain="known.mall.example", connected_at=MOMENT - 30 * DAY)
    door.post()
    door.work()
    door.clock.advance(3 * DAY)
    door.post(shop=OTHER)
    door.clock.advance(4 * DAY)
    assert sweep_announced(door.db, door.clock) == 0
    door.clock.advance(1)
    door.post()
    assert sweep_announced(door.db, door.clock) == 1
    assert sorted(row.domain for row in door.stores()) == ["known.mall.example", OTHER]
    with door.db.reading(ALL, "what is left") as tx:
        assert len(list(tx.scalars(select(Receipt.id)))) == 1 and list(tx.scalars(select(OrderRow.id))) == []
    assert door.post() == 200, "the address was remembered, and is no more"
    assert door.store().status == "announced" and door.receipts() == {"unapplied": 1}


def test_more_announced_shops_than_go_at_once_are_all_forgotten(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "AT_A_TIME", 2)
    for number in range(5):
        door.post(shop=f"s{number}.mall.example")
    door.clock.advance(8 * DAY)
    assert sweep_announced(door.db, door.clock) == 5 and door.stores() == []


def test_an_announced_shop_is_nobody_s_yet(door: Door) -> None:
    door.post()
    with door.db.reading(ALL, "is anything open") as tx:
        assert find_by_public_id(tx, door.store().public_id) is None
        assert is_first(tx)
    access = StoreAccess(domain=SHOP, name="Shop", credentials={"token": "t"})
    with pytest.raises(NotTheirs), door.db.transaction(ALL, "a stranger connects") as tx:
        settle_store(tx, "mall", access, Hand(), "invite", door.clock.now())
    assert door.store().status == "announced"


def test_what_an_announced_shop_delivered_is_worked_off_once_it_is_connected_and_nobody_is_mailed(door: Door) -> None:
    old = make_order(external_id="7", number="7", created_at=MOMENT - 30 * DAY)
    door.mall.orders[SHOP] = {"7": old, "1001": make_order(modified_at=MOMENT)}
    for order in ("1001", "1001", "7", "404"):
        door.post(order=order)
    assert "orders.refetch" in door.work()
    assert door.mall.asked == [] and door.receipts() == {"refetch": 4}
    assert {name: row.refetch for name, row in door.orders().items()} == {
        "1001": "no access: updated", "7": "no access: updated", "404": "no access: updated",
    }  # fmt: skip
    door.clock.advance(DAY)
    store = door.connect()
    assert store.status == "connected" and store.connected_at == MOMENT + DAY
    assert {name: (row.number_index != "", row.refetch) for name, row in door.orders().items()} == {
        "1001": (True, None), "7": (True, None),
    }  # fmt: skip
    assert sorted(door.mall.asked) == [(SHOP, "404"), (SHOP, "7"), (SHOP, "changed")], "each is asked for once"
    with door.db.reading(store.id) as tx:
        lines = list(tx.scalars(select(LedgerRow).where(LedgerRow.store_id == store.id)))
    assert {line.reason for line in lines} <= {"preview", "before_connection", "too_late"}
    assert door.jobs("notices.send") == [] and door.jobs("orders.refetch") == []


def test_a_platform_that_cannot_list_its_changes_is_asked_for_each_order(door: Door) -> None:
    door.mall.able = ABLE - {Capability.BACKFILL}
    door.mall.orders[SHOP] = {"1001": make_order()}
    for order in ("1001", "404"):
        door.post(order=order)
    door.work()
    door.connect()
    assert sorted(door.mall.asked) == [(SHOP, "1001"), (SHOP, "404")]
    assert list(door.orders()) == ["1001"]


def test_a_wish_whose_store_is_connected_meanwhile_does_not_rest(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job saw no access, then the store was connected and all that rested was asked for, then the job went on."""
    door.post()
    door.mall.orders[SHOP] = {"1001": make_order()}
    door.apply()
    with door.db.transaction(ALL, "claim") as tx:
        [job] = [job for job in claim(tx, door.clock.now(), 5) if job.kind == "orders.refetch"]
    reading = door.db.reading

    def connect_first(*given: Any) -> Any:
        monkeypatch.undo()
        found = reading(*given)
        with found as tx:
            before = get_store(tx, job.store or 0)
        door.connect()
        return _Old(before)

    monkeypatch.setattr(door.db, "reading", connect_first)
    refetch_order(door.db, door.house.doors.registry, door.clock, job)
    assert door.orders()["1001"].version and door.orders()["1001"].refetch is None


class _Old:
    """A reading that began before the store was connected."""

    def __init__(self, row: StoreRow) -> None:
        self.row = row

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def scalar(self, *_: object) -> StoreRow:
        return self.row


def test_a_shop_that_took_the_app_off_is_closed_and_only_wishes_for_privacy_are_heard(door: Door) -> None:
    door.mall.orders[SHOP] = {"1001": make_order()}
    door.connect()
    with door.db.transaction(ALL, "the merchant goes live") as tx:
        row = next(one for one in list_stores(tx) if one.domain == SHOP)
        row.live_at, row.access_expires_at, row.refresh_before = MOMENT, MOMENT + DAY, MOMENT + DAY
    left_at = door.clock.advance(DAY)
    door.mall.troubles["refresh"] = AccessRevoked("gone")
    door.post("uninstalled")
    door.work()
    row = door.store()
    assert (row.status, row.uninstalled_at, row.credentials, row.live_at) == ("uninstalled", left_at, None, None)
    assert (row.access_expires_at, row.refresh_before, row.previous_credentials) == (None, None, "{}")
    asked = len(door.mall.asked)
    door.clock.advance(DAY)
    answers = [door.post(order="2002"), door.post("uninstalled"), door.post("erase", orders=["1001"])]
    assert answers == [200] * 3
    assert "privacy.erase_customer" in door.work()
    assert len(door.mall.asked) == asked and list(door.orders()) == ["1001"]
    assert door.store().uninstalled_at == left_at
    assert door.receipts() == {"applied": 2, "ignored": 2}
    with door.db.reading(row.id) as tx:
        ignored = (Receipt.store_id == row.id, Receipt.outcome == "ignored")
        kept = list(tx.scalars(select(Receipt.delivery).where(*ignored)))
    assert kept == [None, None], "what changed nothing keeps no body"


def test_a_shop_that_comes_back_begins_quietly(door: Door) -> None:
    door.connect()
    door.post("uninstalled")
    door.work()
    came_back_at = door.clock.advance(DAY)
    row = door.connect()
    assert (row.status, row.uninstalled_at, row.connected_at, row.live_at) == ("connected", None, came_back_at, None)


def test_what_changed_while_a_shop_was_away_is_no_loss_of_its_platform_s(door: Door) -> None:
    door.connect()
    door.post("uninstalled")
    door.work()
    away_at = door.clock.advance(DAY)
    door.mall.orders[SHOP] = {"1001": make_order(created_at=away_at, modified_at=away_at)}
    door.clock.advance(DAY)
    row = door.connect()
    assert list(door.orders()) == ["1001"] and row.recovered == 0
    missed_at = door.clock.advance(HOUR)
    door.mall.orders[SHOP]["1002"] = make_order(external_id="1002", created_at=missed_at, modified_at=missed_at)
    with door.db.transaction(row.id) as tx:
        wish_reconcile(tx, get_store(tx, row.id), door.clock.now())
    door.work()
    assert sorted(door.orders()) == ["1001", "1002"] and door.store().recovered == 1


def test_a_refusal_of_a_shop_that_is_just_back_does_not_park_it_at_once(door: Door) -> None:
    door.connect()
    door.post("uninstalled")
    door.work()
    door.clock.advance(DAY)
    door.mall.troubles["changed"] = PlatformRefused("not yet")
    assert door.connect().status == "connected"


@pytest.mark.parametrize("topic", ["uninstalled", "erase_shop"])
def test_a_stranger_who_takes_the_app_off_and_comes_again_is_a_stranger_still(door: Door, topic: str) -> None:
    door.post(order="1001")
    door.post("uninstalled")
    door.work()
    assert door.store().status == "announced"
    with door.db.reading(ALL, "is anything connected") as tx:
        assert is_first(tx)
    access = StoreAccess(domain=SHOP, name="Shop", credentials={"token": "t"})
    for hand in (PROVEN, Hand()):
        with pytest.raises(NotTheirs) as refused, door.db.transaction(ALL, "a stranger connects") as tx:
            settle_store(tx, "mall", access, hand, "invite", door.clock.now())
        assert refused.value.code == "ticket"
    door.post(topic)
    door.work()
    assert [row.status for row in door.stores()] == ([] if topic == "erase_shop" else ["announced"])


def test_an_erased_shop_s_late_delivery_begins_from_nothing(door: Door) -> None:
    door.connect()
    door.post("erase_shop")
    door.work()
    assert door.stores() == []
    assert door.post("erase_shop") == 200 and door.store().status == "announced"
    door.work()
    assert door.stores() == []


def test_the_origins_that_a_set_up_found_may_call_the_widget_s_api(door: Door) -> None:
    many = tuple(f"https://s{number}.example" for number in range(40))
    door.mall.origins = (
        "https://Barro.Example", "https://barro.example/", "http://plain.example", "https://path.example/x",
        "https://user@evil.example", "javascript:alert(1)", "https://", "https://a b", "https://*.example", "*", "null",
        "https://port.example:8443", f"https://{SHOP}",
        "http://127.0.0.1:8091", "http://127.0.0.1.evil.example", "http://localhost.evil.example:80",
    )  # fmt: skip
    store = door.connect()
    told = ["https://barro.example", "https://port.example:8443", "http://127.0.0.1:8091"]
    assert store.origins == [f"https://{SHOP}", *told]
    for origins, count in ((many, 20), ((), 20)):
        door.mall.origins = origins
        with door.db.transaction(store.id) as tx:
            promise_set_up(tx, get_store(tx, store.id), door.clock.now())
        door.work()
        assert len(door.store().origins) == count and door.store().origins[0] == f"https://{SHOP}"


def test_the_rounds_of_this_house_are_promised_and_do_their_work(door: Door) -> None:
    door.post()
    door.clock.advance(8 * DAY)
    assert {"stores.refresh_all", "stores.sweep_announced", "privacy.sweep"} <= set(door.house.kinds)
    with door.db.transaction(ALL, "claim") as tx:
        [job] = [one for one in claim(tx, door.clock.now(), 5) if one.kind == "orders.apply"]
    door.house.kinds["stores.sweep_announced"](job)
    assert door.stores() == []
