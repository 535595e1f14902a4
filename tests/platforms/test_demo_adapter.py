"""The demo adapter on its own: what it believes, what it reads, and what it makes of the shop's answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from adapters.demo import DemoAdapter, sign, sign_proof
from adapters.demo.mapping import ORDER_STATUSES, PARCEL_STATUSES, PAYMENT_STATUSES
from plugin.contract import (
    AccessRevoked,
    Answer,
    Capability,
    Handshake,
    HookRequest,
    Ignored,
    InstallRejected,
    Money,
    NotFound,
    OrderChanged,
    OrderStatus,
    PayloadUnreadable,
    PaymentStatus,
    PlatformDown,
    PlatformRefused,
    Proof,
    RateLimited,
    Redirect,
    Refetch,
    Shipment,
    ShipmentStatus,
    Step,
    Store,
    SurfaceState,
    Urls,
    Visitor,
    WebhookDelivery,
    WebhookRejected,
    WebRequest,
)

SECRET = "s3cret"
NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
STORE = Store(public_id="st_1", platform="demo", domain="127.0.0.1:5050", webhook_secret=SECRET,
              credentials={"url": "http://127.0.0.1:5050", "token": "t0ken"})
URLS = Urls(webhook="https://m.example/hooks/demo/k", install_callback="https://m.example/install/demo/callback",
            widget_loader="https://m.example/widget/loader.js", desk="https://m.example/desk")
ORDER: dict[str, Any] = {
    "id": "1001", "number": "BS-1001", "status": "preparing", "payment": "partly_refunded", "payment_method": "card",
    "currency": "EUR", "total": "40.50", "created_at": "2026-11-20T10:00:00Z",
    "modified_at": "2026-11-20T12:00:00.000123+01:00", "paid_at": "2026-11-20T10:00:01Z", "country": "ES",
    "customer": {"id": "C1", "name": "Ana Ruiz", "email": "ana@example.com"}, "locale": "es",
    "lines": [
        {"id": "1001-1", "product_id": "taza-sol", "sku": "BS-TAZ-SUN", "name": "Taza Sol", "quantity": 2,
         "total": "36.00", "ships": True, "options": ["Esmalte: Sol"]},
    ],
    "refunds": [{"id": "R1", "amount": "5.00", "reason": "Un golpe", "created_at": "2026-11-20T11:00:00Z"}],
    "parcels": [
        {"id": "P1", "status": "on_the_way", "carrier": "Correos", "number": "PK1", "url": "https://c.example/PK1",
         "shipped_at": "2026-11-20T10:30:00Z", "items": [["1001-1", 1]],
         "events": [{"status": "on_the_way", "at": "2026-11-20T10:30:00Z", "message": "Sale", "place": "Sevilla"}]},
        {"id": "P2", "status": "abducted", "items": [["1001-1", 1]]},
    ],
    "dispatched": True, "status_url": "http://127.0.0.1:5050/es/order-status?order=BS-1001",
}


class TwinHttp:
    """Answers with what it is told and remembers what it was asked."""

    def __init__(self, status: int = 200, payload: Any = None, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.payload = status, {} if payload is None else payload
        self.headers = {"Content-Type": "application/json", **(headers or {})}
        self.asked: list[tuple[str, str, Mapping[str, str], bytes | None]] = []

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None,
                body: bytes | None = None, redirects: bool = True) -> Answer:
        self.asked.append((method, url, headers or {}, body))
        return Answer(status=self.status, headers=self.headers, body=json.dumps(self.payload).encode(), url=url)


class StoppedClock:
    def now(self) -> datetime:
        return NOW


def make_adapter(http: Any = None, **settings: str) -> DemoAdapter:
    return DemoAdapter(settings, http or TwinHttp(), StoppedClock())


def make_delivery(payload: Any = ORDER, topic: str = "order.updated", secret: str = SECRET) -> WebhookDelivery:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return WebhookDelivery(topic=topic, headers={"x-demo-signature": sign(body, secret)}, body=body)


def read_order(**changes: Any) -> Any:
    (event,) = make_adapter().parse_webhook(make_delivery({**ORDER, **changes}))
    assert isinstance(event, OrderChanged)
    return event.order


def test_a_delivery_with_its_own_signature_is_believed():
    make_adapter().verify_webhook(make_delivery(), STORE)


@pytest.mark.parametrize("spoil", [
    lambda one: replace(one, body=one.body + b" "),
    lambda one: replace(one, headers={}),
    lambda one: replace(one, headers={"x-demo-signature": ""}),
    lambda one: replace(one, headers={"x-demo-signature": "ñ" * 64}),
    lambda one: replace(one, headers={"x-demo-signature": one.headers["x-demo-signature"].upper()}),
    lambda _: make_delivery(secret="of another store"),
])
def test_a_changed_byte_or_a_missing_empty_odd_or_foreign_signature_is_not_believed(spoil):
    with pytest.raises(WebhookRejected):
        make_adapter().verify_webhook(spoil(make_delivery()), STORE)


def test_a_store_without_a_secret_believes_nothing_not_even_an_empty_key():
    delivery = make_delivery(secret="")
    for store in (None, replace(STORE, webhook_secret="")):
        with pytest.raises(WebhookRejected):
            make_adapter().verify_webhook(delivery, store)


def test_a_ping_is_a_handshake_and_a_delivery_without_topic_is_refused():
    adapter = make_adapter()
    ping = HookRequest(hook_key="k", headers={"x-demo-topic": "ping"}, body=b"{}")
    assert adapter.read_webhook(ping) == Handshake(reason="ping")
    with pytest.raises(WebhookRejected):
        adapter.read_webhook(HookRequest(hook_key="k", headers={}, body=b"{}"))


def test_the_whole_order_is_read_in_utc_with_its_parcels_refunds_and_words():
    order = read_order()
    assert (order.external_id, order.number) == ("1001", "BS-1001")
    assert (order.status, order.raw_status) == (OrderStatus.processing, "preparing")
    assert order.payment_status is PaymentStatus.partly_refunded
    assert order.modified_at == datetime(2026, 11, 20, 11, 0, 0, 123, tzinfo=UTC)
    assert order.modified_at.utcoffset() == timedelta(0)
    assert order.total == Money(amount=Decimal("40.50"), currency="EUR")
    assert order.lines[0].details == ("Esmalte: Sol",)
    assert order.refunds[0].amount.amount == Decimal("5.00")
    assert (order.dispatched, order.needs_shipping, order.pay_on_delivery) == (True, True, False)
    first, second = order.shipments
    assert (first.status, first.tracking_number, first.items) == (ShipmentStatus.in_transit, "PK1", (("1001-1", 1),))
    assert first.events[0].location == "Sevilla"
    assert (second.status, second.raw_status, second.tracking_number) == (ShipmentStatus.unknown, "abducted", "")


def test_an_order_without_parcels_says_that_there_are_none_rather_than_nothing():
    assert read_order(parcels=[]).shipments == ()


def test_an_order_with_nothing_to_ship_says_so():
    assert read_order(lines=[{**ORDER["lines"][0], "ships": False}]).needs_shipping is False


def test_an_order_paid_at_the_door_says_so_before_and_after_the_money_came():
    before = read_order(payment="at_the_door", payment_method="on_delivery", paid_at=None)
    assert (before.payment_status, before.pay_on_delivery) == (PaymentStatus.on_delivery, True)
    assert read_order(payment="paid", payment_method="on_delivery").pay_on_delivery is True


@pytest.mark.parametrize(("field", "words", "unknown"), [
    ("status", ORDER_STATUSES, OrderStatus.unknown), ("payment", PAYMENT_STATUSES, PaymentStatus.unknown),
])
def test_each_word_has_its_meaning_and_a_new_one_is_unknown(field, words, unknown):
    found = {word: read_order(**{field: word}) for word in (*words, "martian")}
    name = "status" if field == "status" else "payment_status"
    assert {word: getattr(order, name) for word, order in found.items()} == {**words, "martian": unknown}


def test_each_word_of_a_parcel_has_its_meaning():
    parcels = [{**ORDER["parcels"][0], "id": word, "status": word} for word in PARCEL_STATUSES]
    assert {one.raw_status: one.status for one in read_order(parcels=parcels).shipments} == PARCEL_STATUSES


@pytest.mark.parametrize("body", [
    b"", b"{", b"null", b"[]", b'"order"', b"\xff\xfe", b"[" * 100_000,
    json.dumps({**ORDER, "total": "NaN"}).encode(), json.dumps({**ORDER, "total": "1e999"}).encode(),
    json.dumps({**ORDER, "modified_at": "2026-11-20T12:00:00"}).encode(),
    json.dumps({**ORDER, "modified_at": "0001-01-01T00:00:00+14:00"}).encode(),
    json.dumps({**ORDER, "currency": ""}).encode(), json.dumps({**ORDER, "lines": {}}).encode(),
    json.dumps({**ORDER, "id": 5}).encode(), json.dumps({**ORDER, "id": "a\x00b"}).encode(),
])
def test_a_genuine_body_that_is_no_order_is_unreadable_and_nothing_worse(body):
    with pytest.raises(PayloadUnreadable):
        make_adapter().parse_webhook(make_delivery(body))


def test_a_deleted_order_asks_to_look_again_and_an_unknown_topic_is_ignored():
    adapter = make_adapter()
    assert list(adapter.parse_webhook(make_delivery({"id": "7"}, "order.deleted"))) == [
        Refetch(order_external_id="7", reason="order.deleted")]
    (event,) = adapter.parse_webhook(make_delivery({"id": "7"}, "product.updated"))
    assert isinstance(event, Ignored)
    with pytest.raises(PayloadUnreadable):
        adapter.parse_webhook(make_delivery({}, "order.deleted"))


def prove(**changes: Any) -> str:
    values: dict[str, Any] = {
        "store": "st_1", "secret": SECRET, "expires_at": NOW + timedelta(minutes=1), "order": "1001", **changes,
    }
    return sign_proof(values.pop("store"), values.pop("secret"), **values)


def verify(token: str, store: Store = STORE) -> Any:
    adapter = make_adapter()
    return adapter.verify_proof(adapter.read_proof(token), store)


def test_a_proof_names_its_store_and_proves_one_order_or_one_customer():
    assert make_adapter().read_proof(prove()).claimed_store == "st_1"
    assert verify(prove()) == Visitor(order_external_id="1001")
    assert verify(prove(order="", customer="C1")) == Visitor(customer_id="C1")


@pytest.mark.parametrize("token", [
    prove(secret="another"), prove(store="st_2"), prove(expires_at=NOW), prove()[:-1] + "x", "", ".", "a.b",
    "ñ." + "0" * 64, prove() + "0" * 5000, f"{prove(order='9').partition('.')[0]}.{prove().partition('.')[2]}",
])
def test_a_forged_foreign_expired_or_broken_proof_proves_nobody(token):
    with pytest.raises(WebhookRejected):
        verify(token)


def test_a_proof_read_for_one_store_does_not_hold_for_another_with_the_same_secret():
    with pytest.raises(WebhookRejected):
        verify(prove(), replace(STORE, public_id="st_2"))


def test_a_webhook_signature_is_no_proof_and_a_proof_no_webhook_signature():
    payload, _, seal = prove().partition(".")
    with pytest.raises(WebhookRejected):
        verify(f"{payload}.{sign(payload.encode(), SECRET)}")
    delivery = WebhookDelivery(topic="order.updated", headers={"x-demo-signature": seal}, body=payload.encode())
    with pytest.raises(WebhookRejected):
        make_adapter().verify_webhook(delivery, STORE)


def test_a_store_without_a_secret_proves_nobody():
    with pytest.raises(WebhookRejected):
        make_adapter().verify_proof(Proof(token=prove(), claimed_store="st_1"), replace(STORE, webhook_secret=""))
    with pytest.raises(ValueError, match="secret"):
        prove(secret="")


def test_the_merchant_is_sent_to_the_shop_with_state_and_way_back_and_no_token():
    adapter = make_adapter(SHOP_URL="http://127.0.0.1:5050/")
    way = adapter.begin_install(make_visit(), URLS, "st4te&x=1")
    assert way == Redirect(url="http://127.0.0.1:5050/connect?state=st4te%26x%3D1"
                               "&callback=https%3A%2F%2Fm.example%2Finstall%2Fdemo%2Fcallback")


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "127.0.0.1:5050"])
def test_without_a_shop_address_nothing_is_begun(url):
    with pytest.raises(InstallRejected, match="MOSTRADOR_DEMO_SHOP_URL"):
        make_adapter(SHOP_URL=url).begin_install(make_visit(), URLS, "state")


def make_visit(**query: str) -> WebRequest:
    return WebRequest(method="GET", path="/install/demo", query=query, headers={})


@pytest.mark.parametrize(("query", "status", "answer"), [
    ({}, 200, {"token": "t"}), ({"code": "c"}, 403, {"error": "spent"}), ({"code": "c"}, 200, {}),
    ({"code": "c"}, 500, {}), ({"code": "c"}, 200, {"token": 5}),
])
def test_without_a_good_code_nothing_is_connected(query, status, answer):
    adapter = make_adapter(TwinHttp(status, answer), SHOP_URL="http://127.0.0.1:5050")
    with pytest.raises(InstallRejected):
        adapter.finish_install(make_visit(**query))


def test_the_address_of_the_shop_comes_from_the_settings_never_from_the_visit():
    http = TwinHttp(200, {"token": "t"})
    adapter = make_adapter(http, SHOP_URL="http://127.0.0.1:5050")
    access = adapter.finish_install(make_visit(code="c", shop="http://evil.example", url="http://evil.example"))
    assert [(method, url) for method, url, _, _ in http.asked] == [("POST", "http://127.0.0.1:5050/api/connect")]
    assert access.credentials == {"url": "http://127.0.0.1:5050", "token": "t"}


@pytest.mark.parametrize(("status", "headers", "error"), [
    (401, {}, AccessRevoked), (403, {}, AccessRevoked), (404, {}, NotFound), (429, {}, RateLimited),
    (400, {}, PlatformRefused), (409, {}, PlatformRefused), (500, {}, PlatformDown), (503, {}, PlatformDown),
    (302, {}, PlatformDown), (200, {"Content-Type": "text/html"}, PlatformDown),
])
def test_each_answer_of_the_shop_has_its_error(status, headers, error):
    adapter = make_adapter(TwinHttp(status, {"error": "the shop's own words"}, headers))
    with pytest.raises(error, match="the shop's own words"):
        adapter.cancel_order(STORE, "1001", "no reason")


@pytest.mark.parametrize(("given", "seconds"), [("7", 7.0), ("", 60.0), ("soon", 60.0), ("9" * 30, 86_400.0)])
def test_how_long_to_wait_is_what_the_shop_says_when_it_can_be_read(given, seconds):
    with pytest.raises(RateLimited) as caught:
        make_adapter(TwinHttp(429, {}, {"Retry-After": given})).get_order(STORE, "1")
    assert caught.value.retry_after == seconds


def test_a_shop_that_cannot_be_reached_is_down():
    class DeadHttp:
        def request(self, *_: Any, **__: Any) -> Answer:
            raise ConnectionRefusedError("refused")

    with pytest.raises(PlatformDown):
        make_adapter(DeadHttp()).get_order(STORE, "1")


def test_the_token_travels_in_a_header_and_order_ids_cannot_leave_their_place_in_the_path():
    http = TwinHttp(200, ORDER)
    make_adapter(http).get_order(STORE, "../facts?x=1#y")
    ((method, url, headers, _),) = http.asked
    assert (method, url) == ("GET", "http://127.0.0.1:5050/api/orders/..%2Ffacts%3Fx%3D1%23y")
    assert headers["Authorization"] == "Bearer t0ken"
    for odd in ("", ".", ".."):
        with pytest.raises(NotFound):
            make_adapter(http).get_order(STORE, odd)
    assert len(http.asked) == 1


def test_a_store_that_was_never_connected_is_asked_nothing():
    http = TwinHttp()
    with pytest.raises(AccessRevoked):
        make_adapter(http).get_order(replace(STORE, credentials={}), "1")
    assert http.asked == []


def test_pages_of_changed_orders_end_even_when_the_shop_repeats_itself():
    http = TwinHttp(200, {"orders": [ORDER], "next": "5-1"})
    found = list(make_adapter(http).changed_orders(STORE, NOW))
    assert (len(found), len(http.asked)) == (2, 2)
    assert "modified_since=2026-11-21T18%3A00%3A00%2B00%3A00" in http.asked[0][1]


def test_a_parcel_with_a_known_number_is_not_made_twice():
    http = TwinHttp(200, ORDER)
    made = make_adapter(http).add_shipment(
        STORE, "1001", Shipment(status=ShipmentStatus.in_transit, tracking_number="PK1"))
    assert made.external_id == "P1"
    assert [method for method, *_ in http.asked] == ["GET"]


def test_every_step_of_the_purchase_is_live():
    surfaces = make_adapter().surfaces(STORE)
    assert {surface.step for surface in surfaces} == set(Step)
    assert {surface.state for surface in surfaces} == {SurfaceState.live}
    assert all(surface.url.startswith("http://127.0.0.1:5050/es/") for surface in surfaces if surface.url)


def test_the_adapter_refuses_loudly_what_it_does_not_claim():
    assert set(Capability) - make_adapter().capabilities == {
        Capability.COUPONS, Capability.REPLACEMENTS, Capability.MAIL_LEASE}
    assert make_adapter().platform_mails(STORE) == frozenset()
