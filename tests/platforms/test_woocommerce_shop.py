"""Reading a shop over REST v3: a twin of a shop that answers with recorded orders, errors and fulfillments."""

from __future__ import annotations

import base64
import contextlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
import pytest

from adapters.woocommerce import WooCommerceAdapter, schemas, shipments
from plugin.contract import (
    AccessRevoked,
    AdapterError,
    Answer,
    Capability,
    Form,
    InstallRejected,
    NotFound,
    PayloadUnreadable,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    ShipmentStatus,
    Step,
    Store,
    SurfaceState,
    SystemClock,
    Urls,
    WebRequest,
)
from plugin.testing.fakes import RecordingHttp, make_answer

REST = Path(__file__).parent.parent / "data" / "woocommerce" / "rest"
KEY, SECRET = "ck_" + "a" * 40, "cs_" + "b" * 40
BASIC = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
KEYS = {"url": "https://shop.example.com", "consumer_key": KEY, "consumer_secret": SECRET}
STORE = Store(public_id="st_1", platform="woocommerce", domain="shop.example.com", credentials=KEYS)
URLS = Urls(webhook="http://127.0.0.1:8765/hooks/woocommerce/tienda-ficticia", install_callback="https://m.example/i",
            widget_loader="https://m.example/widget/loader.js", desk="https://m.example/desk/st_1/")


def recorded(name: str) -> Any:
    return json.loads((REST / f"{name}.json").read_bytes())


def recorded_error(name: str) -> Answer:
    status = json.loads((REST / f"{name}.headers.json").read_bytes())["status"]
    return Answer(status=status, headers={}, body=(REST / f"{name}.json").read_bytes(), url="")


ORDERS = [recorded(name) for name in (
    "order_classic_completed", "order_block_completed", "order_on_hold", "order_full_refund",
    "order_variable_line_meta", "order_partial_refund", "order_customer_account_coupon", "order_spain_eur_tax",
    "order_colombia_cop", "order_mexico_mxn", "order_two_fulfillments", "order_shipment_tracking_meta",
)] + [row for row in recorded("orders_list_page1") if row["status"] == "checkout-draft"]


class TwinShop:
    """Answers as the recorded shop does: filters it does not know are ignored, `modified_after` is strictly greater."""

    def __init__(self, orders: list[Any] | None = None, *, fulfillments: bool = True) -> None:
        self.orders = ORDERS if orders is None else orders
        self.fulfillments = fulfillments
        self.asked: list[str] = []
        self.always: Answer | None = None
        self.before_page: Callable[[], None] = lambda: None

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None,
                body: bytes | None = None, redirects: bool = True) -> Answer:
        assert method == "GET"
        assert body is None
        parts = urlsplit(url)
        self.asked.append(parts.path + (f"?{parts.query}" if parts.query else ""))
        if self.always is not None:
            return self.always
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/wp-json/":
            assert "Authorization" not in (headers or {})
            return self.say(recorded("wp_json_index_facts"))
        path = parts.path.removeprefix("/wp-json/wc/v3/")
        if (headers or {}).get("Authorization") != BASIC:
            return recorded_error("error_401_no_credentials")
        if path == "orders":
            return self.list_orders(query)
        if path == "webhooks":
            return self.say(recorded("webhooks_list"))
        if path == "system_status":
            return self.say(recorded("system_status_facts"))
        if path.endswith("/fulfillments"):
            name = {"75": "fulfillments_one", "76": "fulfillments_two"}.get(path.split("/")[1], "fulfillments_none")
            off = recorded_error("error_404_fulfillments_feature_off")
            return self.say(recorded(name)) if self.fulfillments else off
        found = [order for order in self.orders if path == f"orders/{order['id']}"]
        return self.say(found[0]) if found else recorded_error("error_404_order")

    def list_orders(self, query: Mapping[str, str]) -> Answer:
        self.before_page()
        size, page = int(query.get("per_page", "10")), int(query.get("page", "1"))
        if size > 100:
            return recorded_error("error_400_invalid_param")
        found = sorted(self.orders, key=lambda order: (order["date_modified_gmt"], order["id"]))
        if "modified_after" in query:
            assert query["dates_are_gmt"] == "true"
            assert (query["orderby"], query["order"]) == ("modified", "asc")
            found = [order for order in found if order["date_modified_gmt"] > query["modified_after"]]
        if "search" in query:
            wanted = query["search"].lower()
            found = [
                order for order in found
                if wanted in json.dumps([order["id"], order["number"], order["billing"]]).lower()
            ]
        return self.say(found[(page - 1) * size:page * size])

    @staticmethod
    def say(value: Any) -> Answer:
        headers = {"Content-Type": "application/json; charset=UTF-8"}
        return Answer(status=200, headers=headers, body=json.dumps(value).encode(), url="")


def adapter(shop: TwinShop) -> WooCommerceAdapter:
    return WooCommerceAdapter({}, shop, SystemClock())


def at(order: Any, moment: datetime, **changes: Any) -> Any:
    return order | {"date_modified_gmt": moment.strftime("%Y-%m-%dT%H:%M:%S")} | changes


# One order


def test_an_order_asked_for_is_the_order_the_shop_has() -> None:
    order = adapter(TwinShop()).get_order(STORE, "59")
    assert (order.external_id, order.email) == ("59", ORDERS[0]["billing"]["email"])


def test_an_order_with_fulfillments_comes_with_its_parcels() -> None:
    shop = TwinShop()
    first, second = adapter(shop).get_order(STORE, "76").shipments or ()
    assert shop.asked == ["/wp-json/wc/v3/orders/76", "/wp-json/wc/v3/orders/76/fulfillments"]
    assert (first.external_id, first.tracking_number, first.carrier) == ("fulfillment:4", "1Z0000000000000001", "ups")
    assert first.items == (("80", 2),)
    assert second.carrier == "Paquetería Ficticia"
    assert second.tracking_url == "https://tracking.example.com/FICT-0002-MX"
    assert second.items == (("80", 1), ("81", 1))
    assert {first.status, second.status} == {ShipmentStatus.in_transit}
    assert (first.raw_status, first.shipped_at) == ("fulfilled", None)


def test_an_order_whose_parcels_stand_in_its_meta_needs_one_question() -> None:
    shop = TwinShop()
    order = adapter(shop).get_order(STORE, "78")
    assert len(order.shipments or ()) == 2
    assert len(shop.asked) == 1


def test_fulfillments_switched_off_since_leave_the_parcels_unknown() -> None:
    order = adapter(TwinShop(fulfillments=False)).get_order(STORE, "76")
    assert order.shipments is None
    assert order.dispatched


def test_a_fulfillment_that_is_only_a_note_to_pack_is_no_parcel() -> None:
    recording = (REST / "fulfillments_unfulfilled_no_tracking.json").read_bytes()
    rows = schemas.decode(schemas.FULFILLMENTS, recording, "list")
    assert shipments.read_fulfillments(rows) == ()
    rows[0].meta_data = [schemas.MetaBody(key="_tracking_number", value=msgspec.Raw(b'"X9"'))]
    (parcel,) = shipments.read_fulfillments(rows)
    assert (parcel.status, parcel.tracking_number) == (ShipmentStatus.label_created, "X9")


def test_an_order_that_is_not_there_or_in_the_bin_is_not_found() -> None:
    with pytest.raises(NotFound):
        adapter(TwinShop()).get_order(STORE, "999999")
    with pytest.raises(NotFound):
        adapter(TwinShop([ORDERS[0] | {"status": "trash"}])).get_order(STORE, "59")


@pytest.mark.parametrize("external_id", ["../coupons", "59?x=1", "", "59/notes", "-1", "５９"])
def test_an_id_that_is_no_id_never_reaches_the_shop(external_id: str) -> None:
    shop = TwinShop()
    with pytest.raises(PayloadUnreadable):
        adapter(shop).get_order(STORE, external_id)
    assert shop.asked == []


# By number


@pytest.mark.parametrize("number", ["59", "#59", " 59 "])
def test_an_order_is_found_by_its_number(number: str) -> None:
    found = adapter(TwinShop()).find_order(STORE, number)
    assert found is not None
    assert found.external_id == "59"


def test_a_shop_with_its_own_numbers_is_searched_and_only_an_equal_number_counts() -> None:
    orders = [ORDERS[0] | {"number": "WEB-1000"}, ORDERS[1] | {"number": "WEB-100"}, ORDERS[2] | {"number": "60"}]
    shop = TwinShop(orders)
    found = adapter(shop).find_order(STORE, "web-100")
    assert found is not None
    assert found.external_id == "60"
    assert adapter(shop).find_order(STORE, "WEB-10") is None
    assert adapter(shop).find_order(STORE, "WEB-1001") is None


def test_a_number_that_is_another_orders_id_finds_the_order_with_that_number() -> None:
    orders = [ORDERS[0] | {"number": "1001"}, ORDERS[1] | {"number": "59"}]
    found = adapter(TwinShop(orders)).find_order(STORE, "59")
    assert found is not None
    assert found.external_id == "60"


@pytest.mark.parametrize("number", ["", "#", "  ", "gertrude.notareal@example.com", "5"])
def test_what_is_no_number_of_an_order_finds_nothing(number: str) -> None:
    assert adapter(TwinShop()).find_order(STORE, number) is None


def test_a_checkout_in_progress_is_not_found_by_its_number() -> None:
    draft = next(order for order in ORDERS if order["status"] == "checkout-draft")
    assert adapter(TwinShop()).find_order(STORE, str(draft["number"])) is None


# Changes since


SINCE = datetime(2026, 11, 21, 18, 0, 24, tzinfo=UTC)


def test_changed_orders_come_oldest_change_first_without_drafts_and_with_the_one_changed_just_then() -> None:
    shop = TwinShop()
    found = list(adapter(shop).changed_orders(STORE, SINCE))
    assert [order.modified_at for order in found] == sorted(order.modified_at for order in found)
    assert found[0].modified_at == SINCE
    assert {order.external_id for order in found} == {str(o["id"]) for o in ORDERS if o["status"] != "checkout-draft"}
    assert len(next(order for order in found if order.external_id == "76").shipments or ()) == 2


def test_the_part_of_a_second_in_since_loses_no_order() -> None:
    found = list(adapter(TwinShop()).changed_orders(STORE, SINCE + timedelta(microseconds=900_000)))
    assert found[0].modified_at == SINCE


def test_orders_older_than_since_are_left_out() -> None:
    newest = max(order["date_modified_gmt"] for order in ORDERS if order["status"] != "checkout-draft")
    since = datetime.fromisoformat(newest).replace(tzinfo=UTC)
    assert all(order.modified_at >= since for order in adapter(TwinShop()).changed_orders(STORE, since))
    assert not list(adapter(TwinShop()).changed_orders(STORE, since + timedelta(hours=1)))


def many(count: int, per_second: int) -> list[Any]:
    start = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
    return [at(ORDERS[0], start + timedelta(seconds=n // per_second), id=1000 + n, number=str(n)) for n in range(count)]


@pytest.mark.parametrize("per_second", [1, 7, 100, 250])
def test_every_page_is_read_and_no_order_comes_twice(per_second: int) -> None:
    orders = many(430, per_second)
    found = [order.external_id for order in adapter(TwinShop(orders)).changed_orders(STORE, SINCE - timedelta(days=1))]
    assert found == [str(order["id"]) for order in orders]


def test_orders_that_change_while_pages_are_read_push_no_other_order_out_of_sight() -> None:
    orders = many(430, 1)
    shop = TwinShop(orders)
    later = iter(range(10_000))

    def touch_the_oldest_orders() -> None:
        if len(shop.asked) > 1 and len(shop.asked) < 5:
            for index in range(20):
                moment = datetime(2026, 11, 21, 15, 0, 0, tzinfo=UTC) + timedelta(seconds=next(later))
                orders[index] = at(orders[index], moment)

    shop.before_page = touch_the_oldest_orders
    found = {order.external_id for order in adapter(shop).changed_orders(STORE, SINCE - timedelta(days=1))}
    assert found == {str(1000 + number) for number in range(430)}


def test_an_order_that_a_plugin_spoilt_does_not_hide_the_others(caplog: pytest.LogCaptureFixture) -> None:
    orders = [ORDERS[0] | {"total": "spoilt secret"}, ORDERS[1], {"id": "x"}]
    shop = TwinShop()
    shop.always = TwinShop.say(orders)
    with caplog.at_level(logging.WARNING):
        found = list(adapter(shop).changed_orders(STORE, SINCE))
    assert [order.external_id for order in found] == ["60"]
    assert len(caplog.records) == 2
    assert "secret" not in caplog.text


# Answers that are no orders


@pytest.mark.parametrize(("name", "kind"), [
    ("error_401_basic_https_wrong_key", AccessRevoked), ("error_401_basic_https_wrong_secret", AccessRevoked),
    ("error_401_no_credentials", AccessRevoked), ("error_403_key_owner_lost_rights", AccessRevoked),
    ("error_404_order", NotFound), ("error_404_fulfillments_unknown_order", NotFound),
    ("error_404_no_route", PlatformRefused), ("error_400_invalid_param", PlatformRefused),
])
def test_a_recorded_refusal_is_the_contracts_error(name: str, kind: type[AdapterError]) -> None:
    shop = TwinShop()
    shop.always = recorded_error(name)
    with pytest.raises(kind):
        adapter(shop).get_order(STORE, "59")


HTML = b"<!DOCTYPE html><title>Just a moment...</title>"


@pytest.mark.parametrize(("status", "body", "kind"), [
    (200, HTML, PlatformDown), (200, b"", PlatformDown), (403, HTML, PlatformDown), (401, HTML, PlatformDown),
    (404, HTML, PlatformRefused), (301, b"", PlatformRefused), (500, HTML, PlatformDown), (503, b"{}", PlatformDown),
    (408, b"", PlatformDown), (429, HTML, RateLimited), (410, b"{}", PlatformDown), (404, b"{}", PlatformDown),
    (400, b"[]", PlatformRefused), (401, b"{}", AccessRevoked), (200, b"[]", PayloadUnreadable),
    (200, b"{}", PayloadUnreadable), (200, b"[" * 100_000, PayloadUnreadable), (204, b"{}", PlatformRefused),
])
def test_whatever_a_shop_answers_is_one_of_the_contracts_errors(
    status: int, body: bytes, kind: type[AdapterError]
) -> None:
    shop = TwinShop()
    shop.always = Answer(status=status, headers={}, body=body, url="")
    with pytest.raises(AdapterError) as caught:
        adapter(shop).get_order(STORE, "59")
    assert type(caught.value) is kind or type(caught.value).__base__ is kind
    assert KEY not in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(("value", "seconds"), [
    ("7", 7.0), ("0", 1.0), ("999999", 3600.0), ("soon", 60.0), ("", 60.0), ("9" * 5000, 60.0),
])
def test_a_shop_that_asks_us_to_slow_down_is_believed_within_reason(value: str, seconds: float) -> None:
    shop = TwinShop()
    shop.always = Answer(status=429, headers={"Retry-After": value}, body=b"", url="")
    with pytest.raises(RateLimited) as caught:
        adapter(shop).get_order(STORE, "59")
    assert caught.value.retry_after == seconds


def test_a_byte_order_mark_before_the_answer_does_no_harm() -> None:
    shop = TwinShop()
    shop.always = Answer(status=200, headers={}, body=b"\xef\xbb\xbf\n" + json.dumps(ORDERS[0]).encode(), url="")
    assert adapter(shop).get_order(STORE, "59").external_id == "59"


# Access


CALLS: list[Callable[[WooCommerceAdapter, Store], Any]] = [
    lambda woo, store: woo.get_order(store, "59"),
    lambda woo, store: woo.find_order(store, "59"),
    lambda woo, store: list(woo.changed_orders(store, SINCE)),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("credentials", [{}, {"consumer_key": KEY}, {"url": "https://shop.example.com"}])
def test_a_store_without_keys_is_told_that_there_is_no_access_and_nothing_is_asked(
    call: Callable[[WooCommerceAdapter, Store], Any], credentials: dict[str, str]
) -> None:
    shop = TwinShop()
    store = Store(public_id="st_1", platform="woocommerce", domain="shop.example.com", credentials=credentials)
    with pytest.raises(PlatformRefused, match="no access"):
        call(adapter(shop), store)
    assert shop.asked == []


@pytest.mark.parametrize("call", CALLS)
def test_keys_never_travel_over_plain_http(call: Callable[[WooCommerceAdapter, Store], Any]) -> None:
    shop = RecordingHttp(make_answer(json_body=[]), make_answer(500))
    store = Store(public_id="st_1", platform="woocommerce", domain="shop.example.com",
                  credentials=KEYS | {"url": "http://shop.example.com", "auth": "basic"})
    with contextlib.suppress(AdapterError):
        call(WooCommerceAdapter({}, shop, SystemClock()), store)
    assert shop.requests
    assert all(sent.headers["Authorization"].startswith("OAuth ") for sent in shop.requests)
    assert not any(SECRET in sent.readable() for sent in shop.requests)


def test_keys_travel_in_the_header_and_never_in_an_address() -> None:
    shop = TwinShop()
    for call in CALLS:
        call(adapter(shop), STORE)
    assert shop.asked
    assert not [address for address in shop.asked if "ck_" in address or "cs_" in address or "consumer" in address]


# Connecting


def callback(**fields: str) -> WebRequest:
    return WebRequest(method="POST", path="/install/woocommerce/callback", query={},
                      headers={"content-type": "application/x-www-form-urlencoded"}, body=urlencode(fields).encode())


def test_connecting_asks_for_the_address_and_a_pair_of_keys() -> None:
    form = adapter(TwinShop()).begin_install(callback(), URLS, "state")
    assert isinstance(form, Form)
    assert [(field.key, field.secret) for field in form.fields] == [
        ("url", False), ("consumer_key", False), ("consumer_secret", True),
    ]


@pytest.mark.parametrize("typed", ["shop.example.com", "https://shop.example.com/", "https://SHOP.example.com/wp-admin/x"])
def test_keys_that_work_connect_the_shop_with_its_facts(typed: str) -> None:
    access = adapter(TwinShop()).finish_install(callback(url=typed, consumer_key=KEY, consumer_secret=SECRET))
    assert access.credentials == KEYS | {"home": "http://127.0.0.1:8088", "auth": "basic"}
    assert (access.domain, access.name) == ("shop.example.com", "Tienda Ficticia")
    assert (access.currency, access.locale, access.time_zone) == ("MXN", "en_US", "America/Mexico_City")
    assert KEY not in repr(access)


def test_a_shop_connects_without_keys_too() -> None:
    access = adapter(TwinShop()).finish_install(callback(url="shop.example.com", consumer_key="", consumer_secret=""))
    assert access.credentials == {}
    assert access.name == "Tienda Ficticia"


@pytest.mark.parametrize("fields", [
    {"url": ""}, {"url": "ftp://shop.example.com"}, {"url": "https://user:pw@shop.example.com"}, {"url": "https://["},
    {"url": "javascript:alert(1)"}, {"url": "https://shop.example.com:99999"}, {"url": "https://a b"},
    {"consumer_key": "ck_short"}, {"consumer_secret": ""}, {"consumer_secret": "cs_" + "c" * 40},
    {"consumer_key": SECRET, "consumer_secret": KEY},
])
def test_what_cannot_be_connected_is_rejected_in_words(fields: dict[str, str]) -> None:
    given = {"url": "shop.example.com", "consumer_key": KEY, "consumer_secret": SECRET} | fields
    with pytest.raises(InstallRejected) as caught:
        adapter(TwinShop()).finish_install(callback(**given))
    assert len(str(caught.value)) > 30
    assert "c" * 40 not in str(caught.value)


@pytest.mark.parametrize(("key", "secret"), [(KEY, "cs_short"), ("ck_short", SECRET), (KEY, ""), ("", SECRET)])
def test_keys_that_are_not_complete_never_reach_the_shop(key: str, secret: str) -> None:
    shop = TwinShop()
    with pytest.raises(InstallRejected, match="not complete"):
        adapter(shop).finish_install(callback(url="shop.example.com", consumer_key=key, consumer_secret=secret))
    assert shop.asked == []


def test_fields_in_the_address_are_not_read() -> None:
    with pytest.raises(InstallRejected):
        adapter(TwinShop()).finish_install(replace(callback(), query={"url": "shop.example.com"}))


@pytest.mark.parametrize("answer", [
    Answer(status=200, headers={}, body=HTML, url=""), Answer(status=503, headers={}, body=b"", url=""),
    TwinShop.say({"name": "A blog", "home": "https://blog.example.com", "namespaces": ["wp/v2"]}),
])
def test_a_site_that_is_no_woocommerce_shop_is_rejected(answer: Answer) -> None:
    shop = TwinShop()
    shop.always = answer
    with pytest.raises(InstallRejected):
        adapter(shop).finish_install(callback(url="shop.example.com", consumer_key=KEY, consumer_secret=SECRET))


@pytest.mark.parametrize("body", [b"\xff", b"[" * 100_000, b"5", b"[]", b"&" * 5000 + b"a=b"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_damaged_form_is_rejected(kind: str, body: bytes) -> None:
    request = WebRequest(method="POST", path="/", query={}, headers={"content-type": kind}, body=body)
    with pytest.raises(InstallRejected):
        adapter(TwinShop()).finish_install(request)


# What a store was found to be able to do


def test_a_store_without_keys_can_hear_webhooks_and_is_told_what_it_misses() -> None:
    shop = TwinShop()
    store = Store(public_id="st_1", platform="woocommerce", domain="shop.example.com")
    report = adapter(shop).set_up(store, URLS)
    assert report.capabilities == {Capability.WEBHOOKS}
    assert len(report.warnings) == 2
    assert shop.asked == []


def test_set_up_with_keys_that_no_longer_work_says_so() -> None:
    shop = TwinShop()
    shop.always = recorded_error("error_403_key_owner_lost_rights")
    with pytest.raises(AccessRevoked):
        adapter(shop).set_up(STORE, URLS)


def test_every_page_of_the_purchase_is_named_with_the_step_that_is_left() -> None:
    surfaces = adapter(TwinShop()).surfaces(STORE)
    assert {surface.step for surface in surfaces} == set(Step)
    assert {surface.state for surface in surfaces} == {SurfaceState.needs_step}
    assert all(surface.words for surface in surfaces)


def test_what_the_platform_cannot_do_yet_refuses_loudly() -> None:
    missing = set(Capability) - WooCommerceAdapter.capabilities
    assert missing == {Capability.REPLACEMENTS}


@pytest.fixture(autouse=True)
def _no_real_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import socket

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a test of the twin opened a real connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield
