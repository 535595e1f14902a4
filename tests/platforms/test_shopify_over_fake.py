"""The adapter over the fake Shopify, by real HTTP: what it asks, what it does, and how it bears its moods."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest
from fake_shopify_bench import TOML, open_bench
from shopify_over_fake import build, connect

from plugin.contract import (
    AccessExpired,
    AccessRevoked,
    AdapterError,
    Capability,
    Coupon,
    NotFound,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Shipment,
    ShipmentStatus,
    Urls,
)

SHOP = "cafe.myshopify.com"
UNKNOWN = "9000000000001"
"""Ids rise with time: one that the shop has not given yet."""


@pytest.fixture
def bench():
    with open_bench(toml=TOML) as bench:
        yield bench


def test_a_merchant_s_session_token_becomes_an_access_that_works(bench):
    adapter = build(bench)
    bench.shop.place_order("ann@example.com")
    store = connect(bench, adapter)
    assert (store.domain, store.currency, store.time_zone) == (SHOP, "COP", "America/Bogota")
    assert [one.email for one in adapter.changed_orders(store, bench.clock.now())] == ["ann@example.com"]


def test_orders_are_read_found_and_listed_as_they_are(bench):
    adapter = build(bench)
    store = connect(bench, adapter)
    order = bench.shop.place_order("ann@example.com", items={0: 2, 2: 1}, customer_id=77)
    bench.shop.place_order("bea@example.com")
    read = adapter.get_order(store, str(order.id))
    assert (read.email, read.total.amount, read.customer_id) == (
        "ann@example.com",
        Decimal("254700.00"),
        "77",
    )
    assert (read.country, read.locale.replace("-", "_"), read.pay_on_delivery) == ("CO", "es_CO", True)
    assert [(line.quantity, line.total.amount) for line in read.lines] == [
        (2, Decimal(85800)),
        (1, Decimal(159000)),
    ]
    for number in ("1001", "#1001"):
        found = adapter.find_order(store, number)
        assert found is not None and found.external_id == str(order.id)
    assert adapter.find_order(store, "1003") is None
    with pytest.raises(NotFound):
        adapter.get_order(store, UNKNOWN)
    kept = adapter.check_orders(store, [str(order.id), UNKNOWN])
    assert [one.external_id for one in kept] == [str(order.id)]


@pytest.mark.parametrize(
    "number", ["ann@example.com", "*", "", "name:1001 OR 1002", "1001 OR name:1002", '"', "(", "10"]
)
def test_no_other_person_s_order_is_ever_the_one_that_was_looked_for(bench, number):
    adapter = build(bench)
    store = connect(bench, adapter)
    for _ in range(3):
        bench.shop.place_order("ann@example.com")
    assert adapter.find_order(store, number) is None


def test_more_orders_than_one_page_come_each_once_and_oldest_change_first(bench):
    adapter = build(bench)
    store = connect(bench, adapter)
    since, placed = bench.clock.now(), []
    for number in range(70):
        placed.append(bench.shop.place_order())
        if number % 3 == 0:
            bench.clock.advance(1)
    listed = list(adapter.changed_orders(store, since))
    assert [one.external_id for one in listed] == [str(one.id) for one in placed]
    assert [one.modified_at for one in listed] == sorted(one.modified_at for one in listed)


def test_several_parcels_with_several_numbers_and_their_events_are_read(bench):
    adapter = build(bench)
    store = connect(bench, adapter)
    order = bench.shop.place_order(items={0: 2, 2: 1})
    first = bench.shop.fulfil(order, {order.lines[0].id: 2}, ["A1", "A2"], url="https://t.example/{number}")
    bench.shop.fulfil(order, {order.lines[1].id: 1}, ["B1"])
    bench.shop.add_event(order, first, "IN_TRANSIT", city="Cali")
    bench.clock.advance(60)
    bench.shop.add_event(order, first, "OUT_FOR_DELIVERY")
    read = adapter.get_order(store, str(order.id))
    assert read.dispatched
    assert sorted(one.tracking_number for one in read.shipments or ()) == ["A1", "A2", "B1"]
    of_first = [one for one in read.shipments or () if one.tracking_number in ("A1", "A2")]
    assert {one.status for one in of_first} == {ShipmentStatus.out_for_delivery}
    assert [event.status for event in of_first[0].events] == [
        ShipmentStatus.in_transit,
        ShipmentStatus.out_for_delivery,
    ]


def test_new_words_of_a_newer_schema_survive_as_unknown_with_the_platform_s_word(bench):
    adapter = build(bench)
    store = connect(bench, adapter)
    bench.server.manners.upgraded = "2027-10"
    order = bench.shop.place_order(financial="ON_CREDIT")
    parcel = bench.shop.fulfil(order, numbers=["A1"])
    bench.shop.add_event(order, parcel, "HELD_AT_CUSTOMS")
    read = adapter.get_order(store, str(order.id))
    (shipment,) = read.shipments or ()
    assert (shipment.status, shipment.raw_status) == (ShipmentStatus.unknown, "HELD_AT_CUSTOMS")


def test_protected_fields_that_come_back_null_leave_the_order_readable(bench):
    adapter = build(bench)
    store = connect(bench, adapter)
    order = bench.shop.place_order("ann@example.com", paid=True)
    bench.server.app.approved = frozenset()
    read = adapter.get_order(store, str(order.id))
    assert (read.email, read.customer_name, read.number) == ("", "", order.name)
    assert read.total.amount == Decimal("52800.00")


def test_what_is_done_for_the_merchant_arrives_mails_nobody_and_moves_no_money(bench):
    adapter = build(bench)
    bench.shop.install([*bench.server.app.scopes, "write_merchant_managed_fulfillment_orders"])
    store = connect(bench, adapter)
    order = bench.shop.place_order(paid=True)
    bench.shop.tag(order, ["VIP"])
    if Capability.ADD_SHIPMENT in adapter.capabilities:
        parcel = Shipment(status=ShipmentStatus.in_transit, tracking_number="777", carrier="Servientrega")
        adapter.add_shipment(store, str(order.id), parcel)
        (sent,) = order.fulfilments
        assert [one.number for one in sent.tracking] == ["777"] and set(sent.notified) == {False}
    for _ in range(2):
        adapter.issue_coupon(store, Coupon(code="VUELVE-7Q2", percent=Decimal(10)))
    (coupon,) = bench.shop.discounts.values()
    assert coupon.given["customerGets"]["value"]["percentage"] == 0.1 and coupon.given["usageLimit"] == 1
    adapter.add_order_note(store, str(order.id), "called the shopper")
    assert "called the shopper" in order.note and "VIP" in order.tags
    other = bench.shop.place_order(paid=True)
    adapter.cancel_order(store, str(other.id), "changed their mind")
    assert other.cancelled_at is not None and not other.refunds and order.cancelled_at is None
    sent = bench.shop.place_order(paid=True)
    bench.shop.fulfil(sent, numbers=["A1"])
    with pytest.raises(PlatformRefused):
        adapter.cancel_order(store, str(sent.id), "a parcel is on its way")


def test_setting_up_writes_the_widget_s_data_and_a_second_time_changes_nothing(bench):
    adapter = build(bench)
    store = connect(bench, adapter)
    urls = Urls(webhook=f"{bench.receiver.url}/hooks/shopify", install_callback="", desk="",
                widget_loader="https://care.example/widget/loader.js", help="https://care.example/help/x/")  # fmt: skip
    adapter.set_up(store, urls)
    made = [(one.namespace, one.key, one.value) for one in bench.shop.metafields]
    assert {key for _, key, _ in made} == {"store", "service"} and (
        "mostrador",
        "store",
        store.public_id,
    ) in made
    adapter.set_up(store, urls)
    assert [(one.namespace, one.key, one.value) for one in bench.shop.metafields] == made
    adapter.tear_down(store)
    assert bench.shop.metafields == []


def test_a_pair_refreshed_twice_after_a_lost_answer_still_works(bench):
    adapter = build(bench)
    store = connect(bench, adapter)
    bench.clock.advance(timedelta(minutes=60))
    with pytest.raises(AccessExpired):
        adapter.get_order(store, "5001")
    bench.server.manners.lose_answers = 1
    with pytest.raises(PlatformDown):
        adapter.refresh_access(store)
    fresh = adapter.refresh_access(store)
    assert fresh.expires_at == bench.clock.now() + timedelta(minutes=60)
    assert fresh.refresh_before == bench.clock.now() + timedelta(days=90)
    with pytest.raises(NotFound):
        adapter.get_order(dataclasses.replace(store, credentials=fresh.credentials), "5001")


def test_a_store_that_took_the_app_off_is_revoked(bench):
    adapter = build(bench)
    store = connect(bench, adapter)
    bench.shop.uninstall()
    with pytest.raises(AccessRevoked):
        adapter.refresh_access(store)
    with pytest.raises((AccessRevoked, AccessExpired)):
        adapter.get_order(store, "5001")


@pytest.mark.parametrize(("manners", "kind"), [
    ({"down": 503}, PlatformDown), ({"down": 200}, PlatformDown), ({"retry_after": 17}, RateLimited),
    ({"frozen": 402}, AdapterError), ({"frozen": 423}, AdapterError),
    ({"gone": ("Order.name",), "upgraded": "2027-10"}, AdapterError),
])  # fmt: skip
def test_a_shopify_in_trouble_raises_the_contract_s_error(bench, manners, kind):
    adapter = build(bench)
    store = connect(bench, adapter)
    order = bench.shop.place_order()
    for name, value in manners.items():
        setattr(bench.server.manners, name, value)
    with pytest.raises(kind) as raised:
        adapter.get_order(store, str(order.id))
    assert store.credentials["access_token"] not in str(raised.value)
    if kind is RateLimited:
        assert raised.value.retry_after == 17


def test_throttled_questions_are_told_with_how_long_to_wait(bench):
    adapter = build(bench)
    store = connect(bench, adapter)
    order = bench.shop.place_order()
    bench.server.manners.bucket, bench.server.manners.restore_rate = 200, 1
    with pytest.raises(RateLimited) as raised:
        for _ in range(20):
            adapter.get_order(store, str(order.id))
    assert raised.value.retry_after > 2


def test_no_question_of_the_adapter_is_dearer_than_one_question_may_be(bench):
    adapter = build(bench)
    store = connect(bench, adapter)
    order = bench.shop.place_order(items={0: 2, 1: 1, 2: 1, 3: 1})
    bench.shop.fulfil(order, numbers=["A1"])
    list(adapter.changed_orders(store, bench.clock.now()))
    list(adapter.check_orders(store, [str(one) for one in range(5000, 5250)]))
    adapter.get_order(store, str(order.id))
    adapter.surfaces(store)
    adapter.store_facts(store)
    assert {one.outcome for one in bench.server.api.calls} == {"ok"}
    assert max(one.requested for one in bench.server.api.calls) <= 1000


def test_two_shops_in_turn_never_meet_in_a_call_with_errors_in_between(bench):
    adapter, other = build(bench), bench.server.add_shop("te")
    stores = [connect(bench, adapter), connect(bench, adapter, other)]
    orders = [bench.shop.place_order("ann@example.com"), other.place_order("bea@example.com")]
    for _ in range(3):
        for store, order, stranger in zip(stores, orders, reversed(orders), strict=True):
            assert adapter.get_order(store, str(order.id)).email == order.email
            # Ids rise with time: one below this shop's oldest order may only be too old to be seen.
            with pytest.raises((NotFound, PlatformRefused)):
                adapter.get_order(store, str(stranger.id))
    assert bench.platform.foreign == []
