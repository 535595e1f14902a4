"""What an order of WooCommerce means, asked with recorded orders in which one thing is changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal, getcontext, localcontext
from pathlib import Path
from typing import Any

import pytest

from adapters.woocommerce import WooCommerceAdapter, orders, schemas
from adapters.woocommerce.webhooks import parse_webhook
from plugin.contract import (
    Ignored,
    Notice,
    Order,
    OrderChanged,
    OrderGone,
    OrderStatus,
    PayloadUnreadable,
    PaymentStatus,
    Refetch,
    ShipmentStatus,
    Store,
    SystemClock,
    WebhookDelivery,
)

DATA = Path(__file__).parent.parent / "data" / "woocommerce"


def recorded(number: int) -> dict[str, Any]:
    (path,) = (DATA / "deliveries").glob(f"{number:03d}_*.body")
    body: dict[str, Any] = json.loads(path.read_bytes())
    return body


def answered(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((DATA / "rest" / f"{name}.json").read_bytes())
    return body


def parse(body: Any, topic: str = "order.updated") -> list[Any]:
    return list(parse_webhook(WebhookDelivery(topic=topic, headers={}, body=json.dumps(body).encode())))


def decode_recorded(number: int) -> schemas.OrderBody:
    return schemas.decode(schemas.ORDER, json.dumps(recorded(number)).encode(), "order")


def read(body: Any) -> Order:
    first = parse(body)[0]
    assert isinstance(first, OrderChanged)
    return first.order


def changed(number: int, /, **changes: Any) -> Order:
    return read(recorded(number) | changes)


def with_meta(number: int, key: str, value: Any) -> dict[str, Any]:
    body = recorded(number)
    body["meta_data"] = [row for row in body["meta_data"] if row["key"] != key]
    body["meta_data"].append({"id": 9000, "key": key, "value": value})
    return body


# Money


def test_one_order_in_both_spellings_of_its_amounts_is_the_same_order_down_to_the_digits() -> None:
    whole = read(answered("order_colombia_cop"))
    decimals = read(answered("order_colombia_cop_after_shop_switched_to_2_decimals"))
    assert answered("order_colombia_cop")["total"] == "125800"
    assert answered("order_colombia_cop_after_shop_switched_to_2_decimals")["total"] == "125800.00"
    assert whole == decimals
    assert repr(whole) == repr(decimals)
    assert whole == changed(41)


@pytest.mark.parametrize(("spelling", "amount"), [
    ("125800", "125800.00"), ("125800.0000", "125800.00"), ("1.258E+5", "125800.00"), (" 12.5 ", "12.50"),
    ("1.2340", "1.234"), ("0.00000001", "1E-8"), ("0", "0.00"), ("-0.00", "0.00"),
    (12, "12.00"), (20.578512, "20.578512"),
    ("999999999999999.99", "999999999999999.99"),
])
def test_an_amount_has_one_exact_spelling(spelling: str | float, amount: str) -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(changed(5, total=spelling).total.amount) == amount
    assert getcontext().prec == 28


@pytest.mark.parametrize("nonsense", [
    "", "12,50", "NaN", "sNaN", "Infinity", "-inf", "1e400", "1e-400", "1" * 5000, "$ 12", "1000000000000000",
    None, True, [],
])
def test_an_amount_that_is_none_makes_the_order_unreadable(nonsense: Any) -> None:
    with pytest.raises(PayloadUnreadable):
        changed(5, total=nonsense)


def test_a_currency_outside_the_standard_passes_and_none_is_unreadable() -> None:
    assert changed(5, currency="points").total.currency == "POINTS"
    with pytest.raises(PayloadUnreadable):
        changed(5, currency="")


# Status


@pytest.mark.parametrize(("slug", "status"), [
    ("auto-draft", OrderStatus.draft), ("checkout-draft", OrderStatus.draft), ("pending", OrderStatus.pending),
    ("on-hold", OrderStatus.on_hold), ("processing", OrderStatus.processing), ("completed", OrderStatus.completed),
    ("cancelled", OrderStatus.cancelled), ("refunded", OrderStatus.refunded), ("failed", OrderStatus.failed),
    ("wc-processing", OrderStatus.processing), ("partial-shipped", OrderStatus.unknown), ("", OrderStatus.unknown),
    ("en-producción", OrderStatus.unknown),
])
def test_a_status_travels_with_the_platforms_own_word(slug: str, status: OrderStatus) -> None:
    order = changed(5, status=slug)
    assert (order.status, order.raw_status) == (status, slug)


@pytest.mark.parametrize(("slug", "dispatched"), [
    ("completed", True), ("shipped", True), ("delivered", True), ("partial-shipped", False), ("processing", False),
    ("refunded", False), ("cancelled", False),
])
def test_dispatched_is_said_by_completed_and_by_the_shipment_plugins_words(slug: str, dispatched: bool) -> None:
    assert changed(5, status=slug).dispatched is dispatched


def test_a_body_of_an_order_in_the_bin_says_when_it_went() -> None:
    body = recorded(5) | {"status": "trash"}
    assert parse(body) == [OrderGone(order_external_id="59", gone_at=datetime(2026, 11, 21, 18, 0, 23, tzinfo=UTC))]


# Shipping


@pytest.mark.parametrize("method", ["local_pickup", "local_pickup:3", "pickup_location"])
def test_a_pick_up_at_the_shop_ships_nothing_and_completed_is_not_shipped(method: str) -> None:
    order = changed(7, shipping_lines=[{"method_id": method}])
    assert order.status is OrderStatus.completed
    assert not order.needs_shipping
    assert not order.dispatched


def test_a_completed_order_without_shipping_lines_is_not_shipped() -> None:
    order = changed(7, shipping_lines=[])
    assert not order.needs_shipping
    assert not order.dispatched


def test_one_package_picked_up_and_one_sent_is_an_order_to_ship() -> None:
    assert changed(7, shipping_lines=[{"method_id": "local_pickup"}, {"method_id": "flat_rate"}]).dispatched


def test_a_parcel_proves_that_an_order_typed_in_by_hand_is_shipped() -> None:
    order = changed(58, shipping_lines=[])
    assert order.needs_shipping


def test_virtual_goods_fulfilled_by_themselves_are_neither_dispatched_nor_asked_about() -> None:
    body = with_meta(5, "_fulfillment_status", "fulfilled") | {"shipping_lines": []}
    (event,) = parse(body)
    assert not event.order.dispatched


# Payment


@pytest.mark.parametrize(("changes", "expected"), [
    ({"payment_method": "stripe", "date_paid_gmt": "2026-11-21T18:00:23"}, PaymentStatus.paid),
    ({"payment_method": "stripe", "date_paid_gmt": None}, PaymentStatus.unknown),
    ({"payment_method": "stripe", "status": "on-hold"}, PaymentStatus.unknown),
    ({"payment_method": "bacs", "status": "on-hold"}, PaymentStatus.unpaid),
    ({"payment_method": "cheque", "status": "on-hold"}, PaymentStatus.unpaid),
    ({"payment_method": "bacs", "status": "on-hold", "date_paid_gmt": "2026-11-21T18:00:23"}, PaymentStatus.paid),
    ({"payment_method": "stripe", "status": "failed"}, PaymentStatus.failed),
    ({"payment_method": "cod", "status": "failed"}, PaymentStatus.failed),
    ({"payment_method": "stripe", "status": "pending"}, PaymentStatus.unpaid),
    ({"payment_method": "cod", "status": "pending"}, PaymentStatus.on_delivery),
    ({"payment_method": "stripe", "status": "refunded"}, PaymentStatus.refunded),
    ({"refunds": [{"id": 1, "total": "-29.90", "reason": ""}]}, PaymentStatus.refunded),
    ({"refunds": [{"id": 2, "total": "-20"}, {"id": 1, "total": "-9.9"}]}, PaymentStatus.refunded),
    ({"refunds": [{"id": 1, "total": "-29.89", "reason": ""}]}, PaymentStatus.partly_refunded),
    ({"refunds": [{"id": 1, "total": "0.00", "reason": "restock"}]}, PaymentStatus.on_delivery),
])
def test_where_the_money_stands(changes: dict[str, Any], expected: PaymentStatus) -> None:
    assert changed(5, **changes).payment_status is expected


def test_money_paid_by_card_carries_its_time_as_utc() -> None:
    order = changed(5, payment_method="stripe", date_paid_gmt="2026-11-21T18:00:23")
    assert order.paid_at == datetime(2026, 11, 21, 18, 0, 23, tzinfo=UTC)


def test_a_refund_that_only_restocks_is_no_refund() -> None:
    assert changed(5, refunds=[{"id": 9, "total": "0", "reason": "restock"}]).refunds == ()


def test_refunds_are_ordered_by_number_not_by_text() -> None:
    order = changed(5, refunds=[{"id": 100, "total": "-1"}, {"id": 99, "total": "-2"}, {"id": 1000, "total": "-3"}])
    assert [refund.external_id for refund in order.refunds] == ["99", "100", "1000"]
    assert sum(refund.amount.amount for refund in order.refunds) == Decimal(6)


# Times


def test_the_shops_local_times_change_nothing() -> None:
    local = {"date_created": "1999-01-01T00:00:00", "date_modified": "garbage", "date_paid": 5, "date_completed": []}
    assert changed(7, **local) == changed(7)


@pytest.mark.parametrize("field", ["date_created_gmt", "date_modified_gmt"])
@pytest.mark.parametrize("value", [None, "", "yesterday", "2026-11-21", 1795219200, "0000-00-00T00:00:00", []])
def test_an_order_without_its_times_is_unreadable(field: str, value: Any) -> None:
    with pytest.raises(PayloadUnreadable):
        changed(5, **{field: value})


def test_an_order_whose_time_is_missing_altogether_is_unreadable() -> None:
    body = recorded(5)
    del body["date_modified_gmt"]
    with pytest.raises(PayloadUnreadable):
        parse(body)


@pytest.mark.parametrize("spelling", ["2026-11-21T18:00:23", "2026-11-21T18:00:23Z", "2026-11-21T13:00:23-05:00"])
def test_a_time_is_aware_utc_however_it_is_written(spelling: str) -> None:
    assert changed(5, date_modified_gmt=spelling).modified_at.isoformat() == "2026-11-21T18:00:23+00:00"


# Parcels


ITEM = {"tracking_number": "X1", "tracking_id": "abc", "tracking_provider": "dhl", "date_shipped": "1795219200"}


@pytest.mark.parametrize("value", [
    [ITEM], json.dumps([ITEM]), {"2": ITEM}, json.dumps({"1": ITEM}), [ITEM, "noise", 5, None, [], {}],
])
def test_the_parcel_list_is_read_in_every_shape_php_gives_it(value: Any) -> None:
    shipments = read(with_meta(5, "_wc_shipment_tracking_items", value)).shipments
    assert shipments is not None
    assert [parcel.tracking_number for parcel in shipments] == ["X1"]


@pytest.mark.parametrize("value", [[], "", "[]", {}])
def test_an_empty_parcel_list_says_that_there_are_none(value: Any) -> None:
    assert read(with_meta(5, "_wc_shipment_tracking_items", value)).shipments == ()


@pytest.mark.parametrize("value", ['a:1:{i:0;s:1:"x";}', "[" * 100_000, 5, True, None, "null"])
def test_a_parcel_list_that_cannot_be_understood_says_nothing(value: Any) -> None:
    assert read(with_meta(5, "_wc_shipment_tracking_items", value)).shipments is None


NO_KNOWN_CARRIER = {"tracking_provider": "", "custom_tracking_provider": "Mensajería de mi primo"}


@pytest.mark.parametrize("link", [
    "javascript:alert(1)", "ftp://example.com/x", "//example.com", "data:text/html,x", "https://", "https://[", "x",
    "https://example.com/ x", "https://example.com/\u0000", "https://example.com/" + "x" * 2000, 5, None, ["https://example.com"],
])
def test_a_tracking_link_that_is_no_web_address_is_left_out(link: Any) -> None:
    item = ITEM | NO_KNOWN_CARRIER | {"custom_tracking_link": link}
    shipments = read(with_meta(5, "_wc_shipment_tracking_items", [item])).shipments
    assert shipments is not None
    assert shipments[0].tracking_url == ""


@pytest.mark.parametrize(("shipped", "year"), [
    ("1795219200", 2026), (1795219200, 2026), ("", None), ("0", None), ("21/11/2026", None), (-5, None),
    ("9" * 30, None), (None, None), (1.5, None), ("99999999999", 5138),
])
def test_the_day_of_shipping_is_unix_seconds_or_unknown(shipped: Any, year: int | None) -> None:
    shipments = read(with_meta(5, "_wc_shipment_tracking_items", [ITEM | {"date_shipped": shipped}])).shipments
    assert shipments is not None
    assert (shipments[0].shipped_at.year if shipments[0].shipped_at else None) == year


def test_a_parcel_with_neither_number_nor_date_has_an_unknown_status() -> None:
    shipments = read(with_meta(5, "_wc_shipment_tracking_items", [{"tracking_id": "abc"}, {}])).shipments
    assert shipments is not None
    assert [parcel.status for parcel in shipments] == [ShipmentStatus.unknown]


def test_two_rows_with_one_number_are_one_parcel_with_both_lines() -> None:
    rows = [ITEM | {"products_list": [{"item_id": 1, "qty": 2}]},
            ITEM | {"tracking_id": "def", "products_list": [{"item_id": "2", "qty": "1"}]}]
    shipments = read(with_meta(5, "_wc_shipment_tracking_items", rows)).shipments
    assert shipments is not None
    assert [(parcel.external_id, parcel.items) for parcel in shipments] == [("abc", (("1", 2), ("2", 1)))]


def test_a_plugins_parcels_beside_cores_fulfillments_are_half_the_answer_so_the_shop_is_asked() -> None:
    changed_, asked = parse(with_meta(58, "_fulfillment_status", "fulfilled"))
    assert changed_.order.shipments is None
    assert changed_.order.dispatched
    assert isinstance(asked, Refetch)


def test_parcels_fetched_beside_an_order_are_merged_with_those_in_its_meta() -> None:
    fetched = orders.read_order(decode_recorded(62)).shipments
    assert fetched
    merged = orders.read_order(decode_recorded(58), fetched).shipments
    assert merged == (*fetched, *(changed(58).shipments or ()))
    assert orders.read_order(decode_recorded(46), fetched).shipments == fetched
    assert orders.read_order(decode_recorded(58), changed(58).shipments).shipments == changed(58).shipments


def test_an_empty_plugin_list_beside_cores_fulfillments_says_nothing_and_asks() -> None:
    events = parse(with_meta(46, "_wc_shipment_tracking_items", []))
    assert events[0].order.shipments is None
    assert isinstance(events[1], Refetch)


@pytest.mark.parametrize("word", [["fulfilled"], {"a": 1}, 5, None, "on its way"])
def test_a_strange_fulfillment_word_means_nothing(word: Any) -> None:
    (event,) = parse(with_meta(5, "_fulfillment_status", word))
    assert not event.order.dispatched


# Texts


@pytest.mark.parametrize(("meta", "locale"), [
    (("wpml_language", "es"), "es"), (("wpml_language", "pt-br"), "pt_BR"), (("weglot_language", "en"), "en"),
    (("trp_language", "es_MX"), "es_MX"), (("_locale", "de_DE_formal"), "de_DE"), (("wpml_language", "zh-hans"), "zh"),
    (("wpml_language", "all languages"), ""), (("wpml_language", ["es"]), ""), (("gift_message", "es"), ""),
])
def test_the_language_comes_from_the_translation_plugins_note(meta: tuple[str, Any], locale: str) -> None:
    assert read(with_meta(5, *meta)).locale == locale


def test_markup_and_control_characters_in_texts_become_plain_text() -> None:
    body = recorded(28)
    body["line_items"][0]["name"] = "Taza &lt;b&gt;<br>\u0000Ñ\u202f&amp;amp; co\n\tx"
    body["line_items"][1]["meta_data"][-1]["display_value"] = "<p>Para &lt;3 &amp; Zoë</p>\n"
    order = read(body)
    assert order.lines[0].name == "Taza <b> Ñ &amp; co x"
    assert order.lines[1].details == ("Engraving: Para <3 & Zoë",)


def test_hidden_meta_of_a_line_is_not_shown() -> None:
    body = recorded(5)
    body["line_items"][0]["meta_data"] = [
        {"id": 1, "key": "_cost", "value": "3", "display_key": "Cost", "display_value": "3"},
        {"id": 2, "key": "x", "value": [], "display_key": "_Hidden", "display_value": "y"},
        {"id": 3, "key": "List", "value": [1], "display_key": "List", "display_value": [1]},
        {"id": 4, "key": 7, "value": "7", "display_key": 7, "display_value": "7"},
    ]
    assert read(body).lines[0].details == ()


def test_a_number_of_a_plugin_is_shown_and_the_id_stays_the_key() -> None:
    order = changed(5, number="WEB-2026/0059")
    assert (order.number, order.external_id) == ("WEB-2026/0059", "59")
    assert changed(5, number=None).number == "59"


@pytest.mark.parametrize(("quantity", "expected"), [(2, 2), (2.0, 2), (0.5, 1), ("3", 3), ("1.2", 2)])
def test_goods_sold_by_weight_are_counted_in_whole_pieces(quantity: Any, expected: int) -> None:
    body = recorded(5)
    body["line_items"][0]["quantity"] = quantity
    assert read(body).lines[0].quantity == expected


def test_lists_that_php_turned_into_objects_are_still_lists() -> None:
    plain = recorded(33)
    odd = recorded(33)
    for field in ("line_items", "refunds", "meta_data", "shipping_lines"):
        odd[field] = {str(index * 2): row for index, row in enumerate(odd[field])}
    assert read(odd) == read(plain)


def test_an_address_that_php_emptied_into_a_list_is_no_address() -> None:
    order = changed(5, billing=[], shipping=[])
    assert (order.email, order.customer_name, order.country) == ("", "", "")


# REST and webhooks tell the same


@pytest.mark.parametrize(("name", "number"), [
    ("order_classic_completed", 7), ("order_block_completed", 13), ("order_on_hold", 14), ("order_full_refund", 25),
    ("order_variable_line_meta", 28), ("order_partial_refund", 33), ("order_customer_account_coupon", 36),
    ("order_spain_eur_tax", 39), ("order_colombia_cop", 40), ("order_mexico_mxn", 42), ("order_two_fulfillments", 51),
])
def test_an_order_asked_for_equals_the_order_delivered(name: str, number: int) -> None:
    assert read(answered(name)) == changed(number)


def test_the_order_with_two_parcels_asked_for_equals_the_order_delivered_but_for_its_age() -> None:
    asked = read(answered("order_shipment_tracking_meta"))
    assert asked.shipments == changed(58).shipments


# What else may come


@pytest.mark.parametrize(("body", "order_id"), [
    ({"action": "woocommerce_order_status_completed", "arg": 83}, "83"),
    ({"action": "woocommerce_new_order", "arg": "83"}, "83"),
    ({"action": "woocommerce_fulfillment_created", "arg": 83}, "83"),
    ({"action": "my_own_hook", "arg": {"order_id": 83, "x": 1}}, "83"),
])
def test_an_action_that_names_an_order_asks_for_it(body: Any, order_id: str) -> None:
    (event,) = parse(body, "action.x")
    assert isinstance(event, Refetch)
    assert event.order_external_id == order_id


@pytest.mark.parametrize("body", [
    {"action": "woocommerce_fulfillment_created", "arg": []}, {"action": "woocommerce_low_stock", "arg": 83},
    {"action": "woocommerce_new_order", "arg": 0}, {"action": "woocommerce_new_order", "arg": True},
    {"action": "woocommerce_new_order", "arg": None}, {"action": "my_own_hook", "arg": {"order_id": [83]}},
])
def test_an_action_that_names_no_order_is_nothing_for_us(body: Any) -> None:
    (event,) = parse(body, "action.x")
    assert isinstance(event, Ignored)


@pytest.mark.parametrize(("body", "kind"), [
    ({"code": "woocommerce_rest_cannot_view", "message": "Lo siento.", "data": {"status": 403}}, "AccessBroken"),
    ({"code": "anything", "message": "no", "data": {"status": "401"}}, "AccessBroken"),
    ({"code": "woocommerce_rest_order_invalid_id", "message": "x", "data": {"status": "404"}}, "Ignored"),
    ({"code": "internal", "message": "x", "data": 500}, "Ignored"),
    ({"code": "internal", "message": None, "data": []}, "Ignored"),
    ({"code": "internal", "message": "x"}, "Ignored"),
])
def test_a_signed_error_is_read_with_every_recorded_shape_of_its_data(body: Any, kind: str) -> None:
    (event,) = parse(body)
    assert type(event).__name__ == kind


def test_woocommerce_mails_what_its_default_settings_mail_and_no_more() -> None:
    class Nothing:
        def request(self, *_: Any, **__: Any) -> Any:
            raise AssertionError

    store = Store(public_id="st_1", platform="woocommerce", domain="shop.example.com")
    mails = WooCommerceAdapter({}, Nothing(), SystemClock()).platform_mails(store)
    assert {Notice.order_received, Notice.preparing, Notice.on_hold, Notice.shipped, Notice.refunded} < mails
    assert not mails & {Notice.cancelled, Notice.delivered, Notice.out_for_delivery, Notice.delayed}
