"""The demo shop's JSON API under the real adapter, its webhooks and its misbehaviour."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from test_demo_shop_process import SECRET, TOKEN, OpenShop, Receiver, wait_until

from adapters.demo import sign
from adapters.demo.shop.process import open_shop
from plugin.contract import (
    AccessRevoked,
    NotFound,
    OrderStatus,
    PaymentStatus,
    PlatformRefused,
    Refetch,
    Shipment,
    ShipmentStatus,
    Visitor,
)

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    """A new one for each test, in this process: starting another takes longer than any of them."""
    with ExitStack() as ending:
        yield OpenShop(open_shop(tmp_path, TOKEN, 0, ending)[1])


@pytest.fixture
def receiver(shop: OpenShop) -> Iterator[Receiver]:
    opened = Receiver()
    shop.connect(opened)
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


def test_each_webhook_is_signed_named_and_carries_the_order_of_that_moment(shop, receiver):
    order = shop.place(payment="transfer")
    for action in ("pay", "prepare", "ship", "out_for_delivery", "deliver"):
        shop.act(order, action)
    shop.rest()
    for headers, body in receiver.requests:
        assert headers["x-demo-signature"] == sign(body, SECRET)
    assert len({headers["x-demo-delivery"] for headers, _ in receiver.requests}) == 6
    told = receiver.orders(shop)
    assert [one.raw_status for one in told] == ["placed", "placed", "preparing", "shipped", "shipped", "completed"]
    assert [one.payment_status for one in told] == [PaymentStatus.unpaid, *[PaymentStatus.paid] * 5]
    assert [one.dispatched for one in told] == [False, False, False, True, True, True]
    times = [one.modified_at for one in told]
    assert times == sorted(set(times))
    parcel = (told[-1].shipments or ())[0]
    assert [event.status for event in parcel.events] == [
        ShipmentStatus.in_transit, ShipmentStatus.out_for_delivery, ShipmentStatus.delivered]
    assert shop.adapter.get_order(shop.store, order["id"]) == told[-1]


def test_setting_up_twice_is_one_greeting_and_tearing_down_ends_it(shop, receiver):
    for _ in range(2):
        report = shop.adapter.set_up(shop.store, shop.urls(receiver))
    assert (report.webhooks, report.capabilities) == (1, shop.adapter.capabilities)
    shop.rest()
    assert receiver.requests == []
    shop.adapter.tear_down(shop.store)
    shop.place()
    assert shop.rest()["waiting"] == 0
    assert receiver.requests == []
    assert shop.ask("GET", "/api/connection") == {"connected": False}
    shop.adapter.tear_down(shop.store)


def test_the_secret_goes_in_and_never_comes_out(shop, receiver):
    assert SECRET not in shop.call("GET", "/api/connection").text


def test_two_parcels_share_the_pieces_and_leave_one_by_one(shop, receiver):
    order = shop.place(lines=[{"product": "taza-sol", "quantity": 2}, {"product": "florero-alba"}])
    first, second = (line["id"] for line in order["lines"])
    shop.act(order, "ship", parcels=[{"carrier": "Correos", "number": "PK1", "items": [[first, 1]]}])
    shop.act(order, "ship", parcels=[{"carrier": "SEUR"}])
    shop.rest()
    half, whole = receiver.orders(shop)[1:]
    assert (half.status, half.dispatched) == (OrderStatus.processing, False)
    assert (whole.status, whole.dispatched) == (OrderStatus.completed, True)
    assert [one.items for one in whole.shipments or ()] == [((first, 1),), ((first, 1), (second, 1))]
    with pytest.raises(PlatformRefused, match="0 pieces are left"):
        shop.adapter.add_shipment(shop.store, order["id"], Shipment(
            status=ShipmentStatus.in_transit, tracking_number="PK9"))


def test_pay_on_delivery_is_paid_when_the_last_parcel_is_handed_over(shop, receiver):
    order = shop.place(payment="on_delivery")
    shop.act(order, "ship", parcels=[{}, {}])
    shop.act(order, "deliver", parcel=1)
    shop.act(order, "deliver", parcel=2)
    shop.rest()
    told = receiver.orders(shop)
    assert [one.payment_status for one in told] == [PaymentStatus.on_delivery] * 3 + [PaymentStatus.paid]
    assert all(one.pay_on_delivery for one in told)
    assert told[-1].raw_status == "completed"
    assert [one.paid_at is None for one in told] == [True, True, True, False]


def test_cancelling_moves_no_money_and_refunds_add_up(shop, receiver):
    order = shop.place()
    shop.adapter.cancel_order(shop.store, order["id"], "Ya no lo quiere")
    shop.adapter.cancel_order(shop.store, order["id"], "Ya no lo quiere")
    shop.act(order, "refund", amount="10.00")
    assert shop.call("POST", f"/api/orders/{order['id']}/refund", {"amount": "31"}).status_code == 409
    shop.act(order, "refund")
    shop.rest()
    told = receiver.orders(shop)
    assert [(one.raw_status, one.payment_status.value) for one in told] == [
        ("placed", "paid"), ("cancelled", "paid"), ("cancelled", "partly_refunded"), ("cancelled", "refunded")]
    assert [str(one.amount.amount) for one in told[-1].refunds] == ["10.00", "30.50"]


def test_a_full_refund_of_a_living_order_refunds_it(shop, receiver):
    refunded = shop.act(shop.place(), "refund")
    assert (refunded["status"], refunded["payment"]) == ("refunded", "refunded")


@pytest.mark.parametrize(("before", "action", "params"), [
    ([], "refund", {"amount": "x"}), ([], "refund", {"amount": "-1"}), ([], "refund", {"amount": "0.001"}),
    ([], "refund", {"amount": "NaN"}), ([], "pay", {}), ([], "deliver", {}), ([], "add_number", {}),
    (["ship"], "cancel", {}), (["ship"], "ship", {}), (["cancel"], "ship", {}), (["cancel"], "prepare", {}),
    ([], "ship", {"parcels": "all"}), ([], "ship", {"parcels": [{}] * 11}), ([], "ship", {"parcels": [{}] * 3}),
    ([], "ship", {"parcels": [{"items": [["nothing", 1]]}]}), ([], "ship", {"parcels": [{"url": "javascript:1"}]}),
    (["ship"], "track", {"status": "teleported"}), (["ship"], "deliver", {"parcel": "P9"}),
    (["ship", "deliver"], "delay", {}), (["ship"], "delay", {"expected_at": "2026-01-01T00:00:00"}),
    ([], "complete", {}), ([], "note", {"text": " "}),
])
def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(shop, receiver, before, action, params):
    order = shop.place()
    for step in before:
        shop.act(order, step)
    known = shop.ask("GET", f"/api/orders/{order['id']}")
    answer = shop.call("POST", f"/api/orders/{order['id']}/{action}", params)
    assert answer.status_code == 409
    assert len(answer.json()["error"]) > 10
    assert shop.ask("GET", f"/api/orders/{order['id']}") == known


def test_a_deleted_order_is_gone_and_says_only_its_id(shop, receiver):
    order = shop.place()
    shop.act(order, "delete")
    shop.rest()
    last = receiver.deliveries(shop)[-1]
    assert list(shop.adapter.parse_webhook(last)) == [
        Refetch(order_external_id=order["id"], reason="order.deleted")]
    with pytest.raises(NotFound):
        shop.adapter.get_order(shop.store, order["id"])
    assert shop.adapter.find_order(shop.store, order["number"]) is None
    assert list(shop.adapter.changed_orders(shop.store, LONG_AGO)) == []


def test_orders_are_found_by_number_as_people_type_it(shop):
    order = shop.place()
    for typed in ("BS-1001", "bs-1001", "#BS-1001", " 1001 "):
        found = shop.adapter.find_order(shop.store, typed)
        assert found is not None
        assert found.external_id == order["id"]
    assert shop.adapter.find_order(shop.store, "BS-9999") is None


def test_changed_orders_come_oldest_change_first_over_all_pages(shop):
    orders = [shop.place(lines=[{"product": "guia-esmaltes"}], payment="transfer") for _ in range(203)]
    touched = shop.act(orders[0], "pay")
    found = list(shop.adapter.changed_orders(shop.store, LONG_AGO))
    assert [one.external_id for one in found] == [one["id"] for one in orders[1:]] + [orders[0]["id"]]
    assert [one.modified_at for one in found] == sorted(one.modified_at for one in found)
    since = found[-1].modified_at
    assert [one.external_id for one in shop.adapter.changed_orders(shop.store, since)] == [touched["id"]]
    assert list(shop.adapter.changed_orders(shop.store, since + timedelta(microseconds=1))) == []


def test_a_shipment_from_outside_is_added_once_and_can_get_its_number_later(shop, receiver):
    order = shop.place()
    made = shop.adapter.add_shipment(shop.store, order["id"], Shipment(status=ShipmentStatus.in_transit, carrier="SEUR",
                                                                       external_id="ours"))
    assert (made.carrier, made.tracking_number) == ("SEUR", "")
    numbered = shop.adapter.add_shipment(shop.store, order["id"], Shipment(
        status=ShipmentStatus.in_transit, external_id=made.external_id, tracking_number="SE1",
        tracking_url="https://carrier.example/SE1"))
    again = shop.adapter.add_shipment(shop.store, order["id"], Shipment(
        status=ShipmentStatus.in_transit, tracking_number="SE1"))
    assert (numbered.external_id, numbered.tracking_number, numbered.carrier) == (made.external_id, "SE1", "SEUR")
    assert again == numbered
    assert len(shop.adapter.get_order(shop.store, order["id"]).shipments or ()) == 1


def test_a_note_is_for_the_staff_and_no_change_of_the_order(shop, receiver):
    order = shop.place()
    shop.adapter.add_order_note(shop.store, order["id"], "Llamó: llega tarde")
    assert shop.rest()["sent"] == 2
    assert shop.ask("GET", f"/api/orders/{order['id']}") == order
    with pytest.raises(NotFound):
        shop.adapter.add_order_note(shop.store, "77", "nobody")


def test_the_store_s_facts_come_in_all_languages(shop):
    facts = shop.adapter.store_facts(shop.store)
    assert (facts["currency"], facts["time_zone"]) == ("EUR", "Europe/Madrid")
    assert [way["id"] for way in facts["payment_methods"]] == ["card", "transfer", "on_delivery"]
    assert {way["id"]: way["days"] for way in facts["shipping"]} == {"standard": [2, 4], "express": [1, 1]}
    assert facts["payment_methods"][2]["label"] == {
        "es": "Contra entrega", "en": "Pay on delivery", "pt": "Pagamento na entrega"}


def test_a_proof_from_the_api_is_believed(shop, receiver):
    order = shop.place()
    proof = shop.adapter.read_proof(shop.ask("GET", f"/api/proof/{order['id']}")["proof"])
    assert shop.adapter.verify_proof(proof, shop.store) == Visitor(order_external_id=order["id"])
    shop.ask("DELETE", "/api/connection")
    assert shop.call("GET", f"/api/proof/{order['id']}").status_code == 409


def test_without_the_right_token_the_api_is_closed(shop):
    for path in ("/api/orders", "/api/orders/1001", "/api/facts", "/api/connection", "/api/idle", "/api/nothing"):
        for token in ("", "guess", TOKEN + "x"):
            assert shop.call("GET", path, token=token).status_code in (401, 404)
    assert shop.call("GET", "/api/orders", token="").status_code == 401
    shop.store = type(shop.store)(public_id="st_test", platform="demo", domain="x",
                                  credentials={"url": shop.url, "token": "old"})
    with pytest.raises(AccessRevoked):
        shop.adapter.store_facts(shop.store)


@pytest.mark.parametrize(("method", "path", "body", "status"), [
    ("POST", "/api/orders", b"", 400), ("POST", "/api/orders", b"[" * 50_000, 400),
    ("POST", "/api/orders", b'{"lines": []}', 400),
    ("POST", "/api/orders", b'{"lines": [], "email": "a@example.com"}', 409),
    ("POST", "/api/orders", b'{"lines": [{"product": "gold"}], "email": "a@example.com"}', 409),
    ("POST", "/api/orders", b'{"lines": [{"product": "taza-sol", "quantity": 0}], "email": "a@example.com"}', 409),
    ("POST", "/api/orders", b'{"lines": [{"product": "taza-sol"}], "email": "no"}', 409),
    ("POST", "/api/orders", b'{"lines": [{"product": "taza-sol"}], "email": "a@example.com", "locale": "xx"}', 409),
    ("POST", "/api/orders/1/pay", b"{}", 404), ("POST", "/api/orders/x/pay", b"{}", 404),
    ("POST", "/api/orders/1/fly", b"{}", 404), ("POST", "/api/misbehave", b'{"drop": "yes"}', 400),
    ("POST", "/api/misbehave", b'{"delay_seconds": -1}', 400), ("POST", "/api/misbehave", b"[]", 400),
    ("PUT", "/api/connection", b"{}", 400), ("POST", "/api/connect", b'{"code": "guess"}', 403),
    ("PUT", "/api/connection", b'{"hook_url": "file:///x", "webhook_secret": "s", "widget": {}}', 400),
    ("GET", "/api/orders?modified_since=yesterday", b"", 400), ("GET", "/api/orders?after=1", b"", 400),
    ("GET", "/api/orders?modified_since=2026-01-01T00:00:00", b"", 400), ("POST", "/api/orders", b"x" * 300_000, 413),
    ("DELETE", "/api/orders", b"", 405),
], ids=lambda value: str(value)[:40])
def test_nonsense_is_answered_in_words(shop, method, path, body, status):
    answer = requests.request(method, shop.url + path, data=body, headers={"Authorization": f"Bearer {TOKEN}"},
                              timeout=10)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_duplicate_sends_each_webhook_twice_with_the_same_bytes(shop, receiver):
    shop.ask("POST", "/api/misbehave", {"duplicate": True})
    shop.act(shop.place(), "prepare")
    shop.rest()
    requests_by_id: dict[str, list[bytes]] = {}
    for headers, body in receiver.requests:
        requests_by_id.setdefault(headers["x-demo-delivery"], []).append(body)
    assert [len(bodies) for bodies in requests_by_id.values()] == [2, 2]
    assert all(first == second for first, second in requests_by_id.values())


def test_shuffle_never_keeps_the_order_and_loses_nothing(shop, receiver):
    shop.ask("POST", "/api/misbehave", {"shuffle": True})
    order = shop.place(payment="transfer")
    for action in ("pay", "prepare", "ship"):
        shop.act(order, action)
    shop.rest()
    times = [one.modified_at for one in receiver.orders(shop)]
    assert len(set(times)) == 4
    assert times != sorted(times)


def test_drop_loses_webhooks_for_good_and_only_asking_finds_what_they_said(shop, receiver):
    shop.ask("POST", "/api/misbehave", {"drop": True})
    order = shop.place()
    assert shop.rest()["dropped"] == 1
    shop.ask("POST", "/api/misbehave", {"drop": False})
    assert receiver.requests == []
    assert [one.external_id for one in shop.adapter.changed_orders(shop.store, LONG_AGO)] == [order["id"]]
    shop.act(order, "send_again")
    shop.rest()
    assert [one.external_id for one in receiver.orders(shop)] == [order["id"]]
    assert receiver.orders(shop) == [shop.adapter.get_order(shop.store, order["id"])]


def test_delay_holds_webhooks_back_and_what_is_not_delayed_overtakes(shop, receiver):
    shop.ask("POST", "/api/misbehave", {"delay_seconds": 1.0})
    late = shop.place()
    shop.ask("POST", "/api/misbehave", {"delay_seconds": 0})
    soon = shop.place()
    receiver.wait_for(1)
    assert [one.external_id for one in receiver.orders(shop)] == [soon["id"]]
    assert shop.ask("GET", "/api/idle")["idle"] is False
    shop.rest()
    assert [one.external_id for one in receiver.orders(shop)] == [soon["id"], late["id"]]


def test_a_webhook_that_is_not_taken_is_tried_again_with_the_same_bytes(shop, receiver):
    receiver.answers = [503, 302, 401]
    shop.place()
    counts = shop.rest()
    assert len(receiver.requests) == 4
    assert len({body for _, body in receiver.requests}) == 1
    assert (counts["sent"], counts["failed"]) == (2, 0)


def test_nothing_waits_for_a_shop_that_was_never_connected(shop):
    shop.place()
    assert wait_until(lambda: shop.ask("GET", "/api/idle")) == {
        "idle": True, "waiting": 0, "sent": 0, "dropped": 0, "failed": 0}
