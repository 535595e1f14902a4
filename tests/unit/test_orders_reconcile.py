"""Going through the orders with the platform: what was lost is brought right and counted, once, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from memory_shop import Room

from plugin.contract import (
    AccessBroken,
    AccessRevoked,
    Order,
    OrderChanged,
    OrderGone,
    OrderStatus,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Refetch,
)
from plugin.database import ALL
from plugin.orders import check_all, reconcile_all, wish_reconcile
from plugin.orders import reconcile as passes
from plugin.stores import get_store
from plugin.testing.factories import MOMENT, make_order, make_shipment, make_store
from plugin.work import buried, claim, put
from plugin.work.models import Job

HOUR = timedelta(hours=1)


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    made = Room(database_url, reconciled_at=MOMENT - timedelta(minutes=10))
    yield made
    made.db.close()


def wish(room: Room) -> None:
    with room.db.transaction(room.store_id) as tx:
        wish_reconcile(tx, get_store(tx, room.store_id), room.clock.now())


def sell(room: Room, external_id: str = "1001", **values: object) -> Order:
    order = make_order(external_id=external_id, number=external_id, **values)
    room.shop.orders[external_id] = order
    return order


def test_only_orders_that_no_delivery_told_are_counted_and_only_once(room: Room) -> None:
    room.deliver(OrderChanged(order=sell(room)))
    sell(room, "1002")
    room.deliver(OrderChanged(order=sell(room, "1003")))
    sell(room, "1003", status=OrderStatus.processing, modified_at=MOMENT + timedelta(seconds=9))
    room.run()
    for _ in range(3):
        wish(room)
        room.run()
    assert room.store().recovered == 2
    assert room.view("1003").order.status is OrderStatus.processing


def test_the_first_look_at_a_shop_counts_nothing(room: Room) -> None:
    with room.db.transaction(room.store_id) as tx:
        get_store(tx, room.store_id).reconciled_at = None
    sell(room)
    wish(room)
    room.run()
    assert room.store().recovered == 0 and room.store().reconciled_at == MOMENT and room.view() is not None


def test_the_first_look_finds_what_waited_before_the_connection_and_tells_nobody(room: Room) -> None:
    connected_at = room.store().connected_at
    with room.db.transaction(room.store_id) as tx:
        get_store(tx, room.store_id).reconciled_at = None
    for external_id, ago in (("1001", 1), ("1002", 6), ("1003", 8)):
        made_at = connected_at - timedelta(days=ago)
        sell(room, external_id, status=OrderStatus.processing, created_at=made_at, modified_at=made_at, paid_at=made_at)
    wish(room)
    room.run()
    room.clock.advance(HOUR)
    assert "notices.send" not in room.run()
    assert room.view("1001") is not None and room.view("1002") is not None and room.view("1003") is None


def test_the_stores_of_a_round_come_one_after_the_other_and_all_within_the_round(room: Room) -> None:
    with room.db.transaction(ALL, "more stores") as tx:
        able = get_store(tx, room.store_id).capabilities
    ids = [room.store_id] + [
        make_store(room.db, domain=f"{n}.example", platform="memory", credentials={"key": "k"}, capabilities=able).id
        for n in range(9)
    ]
    reconcile_all(room.db, room.clock)
    with room.db.reading(ALL, "when each is due") as tx:
        due = {job.store: job.due_at for job in tx.query(Job).filter(Job.kind == "orders.reconcile")}
    assert sorted(due) == sorted(ids) and len(set(due.values())) == 10
    assert min(due.values()) == room.clock.now() and max(due.values()) < room.clock.now() + passes.RECONCILE_EVERY


def test_parcels_that_no_delivery_can_carry_are_taken_and_not_counted(room: Room) -> None:
    order = sell(room, shipments=(make_shipment(),))
    room.deliver(OrderChanged(order=replace(order, shipments=None)))
    room.run()
    wish(room)
    room.run()
    assert room.store().recovered == 0 and len(room.view().parcels) == 1


def test_a_pass_waits_for_deliveries_that_arrived_and_are_not_applied_yet(room: Room) -> None:
    order = sell(room)
    wish(room)
    room.deliver(OrderChanged(order=order))
    with room.db.transaction(ALL, "test") as tx:
        (first, apply) = claim(tx, room.clock.now(), 10)
    assert (first.kind, apply.kind) == ("orders.reconcile", "orders.apply")
    room.engine.run(first)
    assert room.shop.asked == []
    room.engine.run(apply)
    room.clock.advance(5)
    room.run()
    assert "changed" in room.shop.asked and room.store().recovered == 0


def test_a_pass_does_not_wait_for_ever(room: Room) -> None:
    room.deliver(OrderChanged(order=make_order(external_id="stuck")))
    with room.db.transaction(ALL, "test") as tx:
        claim(tx, room.clock.now(), 10)  # in hands that never finish
    wish(room)
    for _ in range(passes.MOST_WAITS):
        assert room.run() == ["orders.reconcile"] and room.shop.asked == []
        room.clock.advance(5)
    room.run()
    assert room.shop.asked == ["mend", "changed"]


def test_a_pass_killed_in_the_middle_counts_each_order_once(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1001, 1006):
        sell(room, str(number))
    wish(room)
    real, applied = passes.apply_found, []

    def dying(*given: object, **named: object) -> bool:
        if len(applied) == 2:
            raise SystemExit("killed")
        applied.append(1)
        return bool(real(*given, **named))

    monkeypatch.setattr(passes, "apply_found", dying)
    with pytest.raises(SystemExit):
        room.run()
    monkeypatch.undo()
    assert room.store().recovered == 2
    room.clock.advance(timedelta(minutes=6))  # the lease of the dead hand runs out
    room.run()
    assert room.store().recovered == 5 and room.store().reconciled_at == room.clock.now()


def test_disabled_hooks_are_mended_and_counted_before_the_platform_is_asked_what_was_missed(room: Room) -> None:
    room.shop.disabled_hooks = 2
    wish(room)
    room.run()
    wish(room)
    room.run()
    assert room.store().repaired == 2 and room.shop.asked == ["mend", "changed"] * 2


def test_a_shop_that_refuses_to_mend_its_hooks_is_asked_for_its_orders_all_the_same(room: Room) -> None:
    room.shop.troubles["mend"] = [PlatformRefused("no")]
    sell(room)
    wish(room)
    room.run()
    assert room.store().recovered == 1 and room.store().repaired == 0


def test_a_shop_that_is_down_is_asked_again_and_the_rounds_do_not_pile_up(room: Room) -> None:
    room.shop.troubles["changed"] = [PlatformDown("503")] * 3
    sell(room)
    for _ in range(4):
        reconcile_all(room.db, room.clock)
        room.run()
    assert len(room.jobs("orders.reconcile")) == 1 and room.shop.asked.count("changed") == 1
    for _ in range(4):
        room.clock.advance(timedelta(minutes=31))
        room.run()
    assert room.store().recovered == 1 and room.jobs("orders.reconcile") == []


def test_a_revoked_access_parks_the_store_with_one_alert(room: Room) -> None:
    room.shop.troubles["changed"] = [AccessRevoked("gone")] * 3
    for _ in range(3):
        wish(room)
        room.run()
        reconcile_all(room.db, room.clock)
    assert room.store().status == "parked" and room.shop.asked.count("changed") == 1
    assert room.run().count("stores.alert") + len(room.jobs("stores.alert")) == 1


def test_a_shop_that_refuses_for_an_hour_is_parked_with_its_words_and_a_moment_s_refusal_is_not(room: Room) -> None:
    wish(room)
    room.run()
    refusal = PlatformRefused("The permalinks are plain.")
    for status, minutes in (("connected", 10), ("connected", 40), ("parked", 20)):
        room.clock.advance(timedelta(minutes=minutes))
        room.shop.troubles["changed"] = [refusal]
        wish(room)
        room.run()
        assert (room.store().status, room.jobs("orders.reconcile")) == (status, [])
    assert "permalinks" in (room.store().trouble or "") and len(room.jobs("stores.alert")) == 1


def test_a_delivery_that_says_the_access_is_broken_makes_us_ask_and_only_the_answer_parks(room: Room) -> None:
    room.deliver(AccessBroken(reason="You are not allowed to see this."))
    room.run()
    assert room.store().status == "connected" and "not allowed" in (room.store().trouble or "")
    assert "changed" in room.shop.asked
    assert [job.kind for job in room.jobs("stores.set_up")] == ["stores.set_up"]
    room.shop.troubles["changed"] = [AccessRevoked("gone")]
    room.deliver(AccessBroken(reason="You are not allowed to see this."))
    room.run()
    assert room.store().status == "parked"


def test_what_the_platform_answers_settles_two_states_with_one_timestamp(room: Room) -> None:
    for name in ("Alma", "Berta", "Carla", "Dora"):
        told, true = make_order(customer_name="Somebody"), make_order(customer_name=name)
        room.shop.orders["1001"] = true
        room.deliver(OrderChanged(order=told))
        room.deliver(OrderChanged(order=replace(told, customer_name="Nobody")))
        room.run()
        assert room.view().order.customer_name == name


def test_the_daily_check_finds_what_was_deleted_and_what_was_missed_in_batches(room: Room) -> None:
    for number in range(1, 131):
        room.deliver(OrderChanged(order=sell(room, str(number), modified_at=MOMENT)))
    long_ago = MOMENT - timedelta(days=40)
    room.deliver(OrderChanged(order=make_order(
        external_id="closed", status=OrderStatus.completed, created_at=long_ago, modified_at=long_ago)))  # fmt: skip
    room.run()
    del room.shop.orders["7"]
    room.shop.hidden = {"8"}  # a list that leaves one out: asked for by itself, it is there
    sell(room, "120", status=OrderStatus.cancelled, modified_at=MOMENT + HOUR)
    check_all(room.db, room.clock)
    room.run()
    assert [call for call in room.shop.asked if call != "mend"] == ["check 100", "get 7", "get 8", "check 30"]
    assert room.row("7").gone_at is not None and room.row("8").gone_at is None
    assert room.view("120").order.status is OrderStatus.cancelled
    assert room.store().recovered == 2 and room.store().orders_checked_at == MOMENT


def test_an_order_that_the_platform_shows_no_more_is_not_taken_for_deleted_and_the_check_goes_on(room: Room) -> None:
    for number in range(1, 131):
        room.deliver(OrderChanged(order=sell(room, str(number), modified_at=MOMENT)))
    room.run()
    room.shop.hidden = {"7"}
    room.shop.troubles["get"] = [PlatformRefused("Older than 60 days.")]
    check_all(room.db, room.clock)
    room.run()
    assert [call for call in room.shop.asked if call != "mend"] == ["check 100", "get 7", "check 30"]
    assert room.row("7").gone_at is None and room.store().orders_checked_at == MOMENT


def test_the_full_check_comes_once_a_day(room: Room) -> None:
    sell(room)
    for hours in range(30):
        check_all(room.db, room.clock)
        room.run()
        assert room.store().orders_checked_at == (MOMENT if hours < 24 else MOMENT + 24 * HOUR)
        room.clock.advance(HOUR)


def test_an_order_taken_for_deleted_that_comes_back_lives_again(room: Room) -> None:
    room.deliver(OrderChanged(order=sell(room)))
    room.deliver(OrderGone(order_external_id="1001", gone_at=MOMENT))
    room.run()
    sell(room, modified_at=MOMENT + HOUR)
    wish(room)
    room.run()
    assert room.row().gone_at is None and room.store().recovered == 1


def test_a_long_list_is_gone_through_in_several_passes_and_none_is_in_vain(room: Room) -> None:
    connected = room.store().connected_at
    for number in range(9):
        sell(room, str(2000 + number), modified_at=MOMENT - timedelta(minutes=70 - number * 5))
    with room.db.transaction(room.store_id) as tx:
        get_store(tx, room.store_id).reconciled_at = MOMENT - timedelta(minutes=65)
    room.shop.pauses_after = 4
    wish(room)
    for _ in range(9):
        room.run()
        room.clock.advance(21)
    asked = room.shop.asked.count("changed")
    assert [room.view(str(2000 + number)) is not None for number in range(9)] == [True] * 9
    assert room.store().recovered == 9 and 3 <= asked <= 7
    assert room.store().reconciled_at > MOMENT and room.store().connected_at == connected


def test_a_pause_before_the_first_order_is_simply_waited_for(room: Room) -> None:
    sell(room)
    room.shop.troubles["changed"] = [RateLimited(retry_after=20)]
    wish(room)
    room.run()
    assert room.view() is None and room.store().reconciled_at < MOMENT
    room.clock.advance(60)
    room.run()
    assert room.view() is not None and room.store().reconciled_at > MOMENT


def test_who_did_not_come_before_a_pause_is_not_taken_for_gone(room: Room) -> None:
    for number in range(7):
        room.deliver(OrderChanged(order=sell(room, str(3000 + number))))
    room.run()
    del room.shop.orders["3001"]
    room.shop.pauses_after = 2
    with room.db.transaction(room.store_id) as tx:
        put(tx, "orders.check_open", {}, due_at=room.clock.now(), store=room.store_id)
    for _ in range(9):
        room.run()
        room.clock.advance(21)
    gone = [number for number in range(7) if room.row(str(3000 + number)).gone_at is not None]
    assert gone == [1] and room.store().orders_checked_at is not None


def test_a_store_that_lets_us_in_no_more_leaves_no_job_behind_and_loses_no_wish(room: Room) -> None:
    room.deliver(OrderChanged(order=sell(room)))
    room.run()
    room.deliver(Refetch(order_external_id="1001", reason="orders/updated"))
    room.shop.troubles["get"] = [AccessRevoked("Gone.")]
    room.run()
    wish(room)
    room.shop.troubles["changed"] = [AccessRevoked("Gone.")]
    room.run()
    with room.db.reading(room.store_id) as tx:
        assert buried(tx, room.store_id) == []
    assert room.store().status == "parked" and room.row().refetch == "no access: orders/updated"
