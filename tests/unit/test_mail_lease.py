"""The platform keeps its mails back only where the merchant handed them over, and only while we keep asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from memory_shop import Room

from plugin.contract import AccessRevoked, Capability, Notice, PlatformDown, PlatformRefused
from plugin.stores import StoreRow, get_store
from plugin.stores.mail_lease import LIFE, SPREAD, lease_all
from plugin.stores.wishes import go_back_to_preview, go_live, set_mail_mode
from plugin.testing.factories import MOMENT

TEN = timedelta(minutes=10)


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    made = Room(database_url, mail_mode="extra_only", live_at=None, platform_mails=["shipped", "preparing"])
    yield made
    made.db.close()


def change(room: Room, wish: object) -> StoreRow:
    with room.db.transaction(room.store_id) as tx:
        wish(get_store(tx, room.store_id))
    room.run()
    return room.store()


def take_over(room: Room) -> None:
    change(room, lambda row: go_live(row, room.clock.now()))
    room.clock.advance(TEN)
    change(room, lambda row: set_mail_mode(row, "all", room.clock.now()))


def test_handing_the_mails_over_leases_them_at_once_for_orders_placed_since(room: Room) -> None:
    take_over(room)
    (lease,) = room.shop.leases
    assert lease is not None and lease.notices == {Notice.shipped, Notice.preparing}
    assert lease.orders_since == MOMENT + TEN and lease.expires_at == MOMENT + TEN + LIFE
    assert room.store().mails_leased_until == lease.expires_at


def test_going_live_later_counts_from_going_live(room: Room) -> None:
    change(room, lambda row: set_mail_mode(row, "all", room.clock.now()))
    assert room.shop.leases == [] and room.store().mails_since is None
    room.clock.advance(TEN)
    change(room, lambda row: go_live(row, room.clock.now()))
    assert room.shop.leases[0] is not None and room.shop.leases[0].orders_since == MOMENT + TEN


def test_each_round_renews_it_and_never_changes_since_when(room: Room) -> None:
    take_over(room)
    for _ in range(3):
        room.clock.advance(TEN)
        lease_all(room.db, room.clock)
        room.run()
    assert len(room.shop.leases) == 4
    assert {lease.orders_since for lease in room.shop.leases if lease} == {MOMENT + TEN}
    assert room.store().mails_leased_until == room.clock.now() + LIFE


@pytest.mark.parametrize("how", ["extra_only", "preview", "uninstalled", "parked"])
def test_whoever_takes_them_back_gives_them_back_to_the_platform_once(room: Room, how: str) -> None:
    take_over(room)

    def back(row: StoreRow) -> None:
        if how == "extra_only":
            set_mail_mode(row, how, room.clock.now())
        elif how == "preview":
            go_back_to_preview(row, room.clock.now())
        else:
            row.status = how

    change(room, back)
    for _ in range(3):
        room.clock.advance(TEN)
        lease_all(room.db, room.clock)
        room.run()
    given_back_at = MOMENT + TEN if how in ("extra_only", "preview") else MOMENT + 2 * TEN
    ended = room.store().mails_leased_until
    assert room.shop.leases[1:] == [None] and ended is not None
    assert given_back_at <= ended <= given_back_at + SPREAD


def test_a_shop_that_cannot_be_told_stays_silent_as_long_as_it_was_told_and_we_know_it(room: Room) -> None:
    take_over(room)
    until = MOMENT + TEN + LIFE
    room.shop.troubles["lease"] = [PlatformDown("503")] * 50
    change(room, lambda row: go_back_to_preview(row, room.clock.now()))
    for _ in range(4):
        assert room.store().mails_leased_until == until > room.clock.now()
        room.clock.advance(TEN)
        room.run()
    room.clock.advance(TEN)
    asked = len(room.shop.asked)
    for _ in range(30):
        lease_all(room.db, room.clock)
        room.clock.advance(TEN)
        room.run()
    assert room.store().mails_leased_until == until and len(room.shop.asked) == asked
    assert room.jobs("stores.lease") == []


def test_a_shop_that_answers_again_gets_its_mails_back_before_its_time_is_over(room: Room) -> None:
    take_over(room)
    room.shop.troubles["lease"] = [PlatformDown("503"), PlatformRefused("no")]
    change(room, lambda row: go_back_to_preview(row, room.clock.now()))
    for _ in range(3):
        room.clock.advance(TEN)
        lease_all(room.db, room.clock)
        room.run()
    ended = room.store().mails_leased_until
    assert room.shop.leases[1:] == [None] and ended is not None and ended < MOMENT + TEN + LIFE


def test_a_platform_that_cannot_keep_silent_is_never_asked_to(room: Room) -> None:
    with room.db.transaction(room.store_id) as tx:
        row = get_store(tx, room.store_id)
        row.capabilities = [name for name in row.capabilities if name != Capability.MAIL_LEASE.value]
    take_over(room)
    lease_all(room.db, room.clock)
    room.run()
    assert room.shop.leases == [] and "lease" not in room.shop.asked


@pytest.mark.parametrize("error", [PlatformRefused("no"), AccessRevoked("gone")])
def test_a_platform_that_refuses_mails_by_itself_and_we_know_it(room: Room, error: Exception) -> None:
    room.shop.troubles["lease"] = [error]
    take_over(room)
    assert room.store().mails_leased_until is None and room.jobs("stores.lease") == []


def test_a_shop_that_is_down_is_asked_again_without_piling_up(room: Room) -> None:
    room.shop.troubles["lease"] = [PlatformDown("503")] * 2
    take_over(room)
    for _ in range(6):
        room.clock.advance(TEN)
        lease_all(room.db, room.clock)
        room.run()
    assert room.store().mails_leased_until is not None and len(room.jobs("stores.lease")) == 0
