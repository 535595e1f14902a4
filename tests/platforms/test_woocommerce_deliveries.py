"""Every recorded delivery of a real WooCommerce shop, and the traps in them (tests/data/woocommerce/ORIGIN.md)."""

from __future__ import annotations

import base64
import json
import socket
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.woocommerce import WooCommerceAdapter, sign
from plugin.contract import (
    AccessBroken,
    Answer,
    Event,
    Handshake,
    HookRequest,
    Ignored,
    Order,
    OrderChanged,
    OrderStatus,
    PaymentStatus,
    Refetch,
    ShipmentChanged,
    ShipmentStatus,
    Store,
    SystemClock,
    WebhookDelivery,
    WebhookRejected,
)

DELIVERIES = Path(__file__).parent.parent / "data" / "woocommerce" / "deliveries"
BODIES = sorted(DELIVERIES.glob("*.body"))
SECRET = "mostrador-test-secret"
STORE = Store(public_id="st_1", platform="woocommerce", domain="shop.example.com", webhook_secret=SECRET)


class NoNetwork:
    def request(self, method: str, url: str, **_: Any) -> Answer:
        raise AssertionError(f"a delivery must not make us call {url}")


ADAPTER = WooCommerceAdapter({}, NoNetwork(), SystemClock())


def request_of(path: Path, **changes: Any) -> HookRequest:
    recorded = json.loads(path.with_suffix(".headers.json").read_text("utf-8"))
    headers = {name.lower(): value for name, value in recorded.items()}
    return HookRequest(hook_key="key", headers=headers | changes.get("headers", {}), body=path.read_bytes())


def delivery(number: int, **headers: str) -> WebhookDelivery:
    (path,) = DELIVERIES.glob(f"{number:03d}_*.body")
    read = ADAPTER.read_webhook(request_of(path, headers=headers))
    assert isinstance(read, WebhookDelivery)
    return read


def events(number: int, **headers: str) -> Sequence[Event]:
    return ADAPTER.parse_webhook(delivery(number, **headers))


def order(number: int) -> Order:
    first = events(number)[0]
    assert isinstance(first, OrderChanged)
    return first.order


def test_all_ninety_three_recorded_deliveries_are_here_with_the_bytes_their_length_header_names() -> None:
    assert len(BODIES) == 93
    for path in BODIES:
        assert int(request_of(path).headers["content-length"]) == path.stat().st_size


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_every_recorded_delivery_is_a_ping_or_verifies_and_can_be_read(path: Path) -> None:
    read = ADAPTER.read_webhook(request_of(path))
    if "_ping_" in path.name:
        assert isinstance(read, Handshake)
        return
    assert isinstance(read, WebhookDelivery)
    ADAPTER.verify_webhook(read, STORE)
    found = ADAPTER.parse_webhook(read)
    assert found
    assert found == ADAPTER.parse_webhook(read)


def test_the_recorded_deliveries_say_this_many_things_of_each_kind() -> None:
    kinds: Counter[str] = Counter()
    for path in BODIES:
        read = ADAPTER.read_webhook(request_of(path))
        if isinstance(read, Handshake):
            kinds["Handshake"] += 1
        else:
            kinds.update(type(event).__name__ for event in ADAPTER.parse_webhook(read))
    assert kinds == {
        "Handshake": 2, "OrderChanged": 77, "ShipmentChanged": 1, "Refetch": 21, "AccessBroken": 1, "Ignored": 8,
    }  # 91 signed ones; of the 77 orders four ask for fulfillments, one for a link, eleven left without a number


def test_reading_a_delivery_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("parsing opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert order(58).external_id == "78"


# Signatures


@pytest.mark.parametrize("position", [0, 1500, -1])
def test_one_changed_byte_is_not_genuine(position: int) -> None:
    genuine = delivery(5)
    body = bytearray(genuine.body)
    body[position] ^= 1
    changed = WebhookDelivery(topic=genuine.topic, headers=genuine.headers, body=bytes(body))
    with pytest.raises(WebhookRejected):
        ADAPTER.verify_webhook(changed, STORE)


def test_json_written_anew_is_not_genuine_although_it_means_the_same() -> None:
    genuine = delivery(37)
    body = json.dumps(json.loads(genuine.body), separators=(",", ":")).encode()
    assert body != genuine.body
    with pytest.raises(WebhookRejected):
        ADAPTER.verify_webhook(WebhookDelivery(topic="", headers=genuine.headers, body=body), STORE)


def test_a_missing_signature_is_not_genuine() -> None:
    request = request_of(BODIES[5])
    headers = {name: value for name, value in request.headers.items() if "signature" not in name}
    with pytest.raises(WebhookRejected):
        ADAPTER.read_webhook(HookRequest(hook_key="key", headers=headers, body=request.body))


@pytest.mark.parametrize("empty", ["", " ", "\t"])
def test_an_empty_signature_is_not_genuine(empty: str) -> None:
    with pytest.raises(WebhookRejected):
        ADAPTER.read_webhook(request_of(BODIES[5], headers={"x-wc-webhook-signature": empty}))


@pytest.mark.parametrize("signature", [
    sign(b"something else", SECRET), "not base64 at all", "ñandú", "\ud800", "A" * 100_000, "==",
])
def test_a_foreign_signature_is_not_genuine(signature: str) -> None:
    with pytest.raises(WebhookRejected):
        ADAPTER.verify_webhook(delivery(5, **{"x-wc-webhook-signature": signature}), STORE)


def test_a_delivery_signed_with_another_shops_secret_is_not_genuine() -> None:
    body = delivery(5).body
    foreign = delivery(5, **{"x-wc-webhook-signature": sign(body, "another secret")})
    with pytest.raises(WebhookRejected):
        ADAPTER.verify_webhook(foreign, STORE)


def test_a_signature_over_the_signature_in_hexadecimal_is_not_genuine() -> None:
    raw = base64.b64decode(delivery(5).headers["x-wc-webhook-signature"])
    with pytest.raises(WebhookRejected):
        ADAPTER.verify_webhook(delivery(5, **{"x-wc-webhook-signature": raw.hex()}), STORE)


def test_a_store_without_a_secret_believes_nothing_not_even_a_signature_with_the_empty_secret() -> None:
    signed = delivery(5, **{"x-wc-webhook-signature": sign(delivery(5).body, "")})
    bare = Store(public_id="st_2", platform="woocommerce", domain="shop.example.com", webhook_secret="")
    with pytest.raises(WebhookRejected):
        ADAPTER.verify_webhook(signed, bare)
    with pytest.raises(WebhookRejected):
        ADAPTER.verify_webhook(signed, None)


@pytest.mark.parametrize("secret", ["plain", "ñandú & <b>'\"\\ secret", "x" * 500])
def test_what_is_signed_verifies_with_the_same_secret(secret: str) -> None:
    body = b'{"id":7}'
    made = WebhookDelivery(topic="", headers={"x-wc-webhook-signature": sign(body, secret)}, body=body)
    store = Store(public_id="st_3", platform="woocommerce", domain="shop.example.com", webhook_secret=secret)
    ADAPTER.verify_webhook(made, store)


# Pings


def test_the_unsigned_form_encoded_ping_is_a_greeting() -> None:
    headers = {"content-type": "Application/X-WWW-Form-URLEncoded; charset=UTF-8"}
    read = ADAPTER.read_webhook(HookRequest(hook_key="key", headers=headers, body=b"webhook_id=33"))
    assert isinstance(read, Handshake)


@pytest.mark.parametrize(("kind", "body"), [
    ("application/json", b"webhook_id=33"),
    ("application/x-www-form-urlencoded", b'{"id":81}'),
    ("application/x-www-form-urlencoded", b"webhook_id="),
    ("application/x-www-form-urlencoded", b"webhook_id=33&order=5"),
    ("application/x-www-form-urlencoded", b"webhook_id=33\n{}"),
    ("application/x-www-form-urlencoded", b"webhook_id=" + b"3" * 10_000),
    ("", b"webhook_id=33"),
    ("application/x-www-form-urlencoded", b""),
])
def test_what_only_resembles_a_ping_is_rejected(kind: str, body: bytes) -> None:
    with pytest.raises(WebhookRejected):
        ADAPTER.read_webhook(HookRequest(hook_key="key", headers={"content-type": kind}, body=body))


# Traps of the recordings


def test_one_delivery_id_stands_for_two_states_of_an_order_and_for_two_orders() -> None:
    ids = {number: delivery(number).headers["x-wc-webhook-delivery-id"] for number in (67, 68, 69, 70, 71)}
    assert ids[67] == ids[68] == ids[69]
    assert ids[70] == ids[71]
    assert order(67).status is OrderStatus.processing
    assert order(68).status is OrderStatus.completed
    assert (order(70).external_id, order(71).external_id) == ("80", "78")


def test_equal_bytes_of_two_events_mean_the_same_question_each_time() -> None:
    assert delivery(74).body == delivery(76).body
    assert delivery(96).body == delivery(99).body
    assert events(74) == events(76)
    (event,) = events(96)
    assert isinstance(event, Refetch)
    assert event.order_external_id == "83"


def test_created_and_updated_of_one_placement_are_the_same_order() -> None:
    assert delivery(11).topic == "order.updated"
    assert delivery(12).topic == "order.created"
    assert order(11) == order(12)


def test_meta_that_comes_and_goes_does_not_change_the_order() -> None:
    assert b"_debug_log_source_pending_deletion" in delivery(64).body
    assert b"_debug_log_source_pending_deletion" not in delivery(65).body
    assert order(64) == order(65)


def test_a_third_party_writing_order_meta_changes_only_the_time() -> None:
    before, after = order(35), order(36)
    assert b"_erp_sync" in delivery(36).body
    assert after.modified_at > before.modified_at
    assert {name for name, value in vars(after).items() if value != getattr(before, name)} == {"modified_at"}


@pytest.mark.parametrize("number", [77, 78])
def test_a_signed_error_about_a_deleted_order_names_no_order_and_is_ignored(number: int) -> None:
    (event,) = events(number)
    assert isinstance(event, Ignored)
    assert "invalid_id" in event.reason


def test_a_signed_error_about_lost_rights_says_that_the_access_is_broken() -> None:
    (event,) = events(82)
    assert isinstance(event, AccessBroken)
    assert "woocommerce_rest_cannot_view" in event.reason


def test_a_binned_order_asks_for_a_fresh_look() -> None:
    (event,) = events(74)
    assert isinstance(event, Refetch)
    assert event.order_external_id == "81"


def test_an_order_restored_from_the_bin_is_told_whole_and_still_unpaid() -> None:
    restored = order(75)
    assert b'"date_paid_gmt":"2026-11-21T18:03:38"' in delivery(75).body
    assert restored.status is OrderStatus.processing
    assert restored.payment_status is PaymentStatus.on_delivery
    assert restored.paid_at is None


@pytest.mark.parametrize("number", [91, 92, 95, 100, 101, 102])
def test_products_variations_customers_and_coupons_are_nothing_for_us(number: int) -> None:
    (event,) = events(number)
    assert isinstance(event, Ignored)


@pytest.mark.parametrize("number", [91, 92, 100, 102])
def test_a_product_is_nothing_for_us_even_under_a_topic_that_promises_an_order(number: int) -> None:
    (event,) = events(number, **{"x-wc-webhook-topic": "order.updated"})
    assert isinstance(event, Ignored)


def test_an_order_is_an_order_whatever_its_topic_says() -> None:
    assert events(5, **{"x-wc-webhook-topic": "product.deleted"}) == events(5)


@pytest.mark.parametrize("resource", ["product", "customer", "coupon"])
def test_a_bare_id_of_another_resource_is_not_taken_for_an_order(resource: str) -> None:
    (event,) = events(74, **{"x-wc-webhook-topic": f"{resource}.deleted"})
    assert isinstance(event, Ignored)


def test_a_customer_note_asks_for_a_fresh_look_and_its_text_goes_nowhere() -> None:
    (event,) = events(97)
    assert isinstance(event, Refetch)
    assert event.order_external_id == "83"
    assert "paquete" not in repr(event)


def test_an_image_id_may_be_a_string_or_a_number() -> None:
    assert b'"image":{"id":"54"' in delivery(37).body or b'"image":{"id":"54"' in delivery(29).body
    assert b'"image":{"id":55' in delivery(29).body
    assert len(order(29).lines) == 2


def test_an_unrounded_price_is_not_used_and_the_lines_total_is_exact() -> None:
    assert b"20.578512" in delivery(37).body
    assert [str(line.total.amount) for line in order(37).lines] == [
        row["total"] for row in json.loads(delivery(37).body)["line_items"]
    ]


def test_refunds_are_positive_in_the_order_they_were_made_and_leave_the_total_alone() -> None:
    first, second = order(32), order(33)
    assert [(refund.external_id, str(refund.amount.amount)) for refund in first.refunds] == [("68", "12.50")]
    assert [(refund.external_id, str(refund.amount.amount)) for refund in second.refunds] == [
        ("68", "12.50"), ("69", "3.00"),
    ]
    assert first.refunds[0] == second.refunds[0]
    assert first.total == second.total == order(31).total
    assert second.status is OrderStatus.completed
    assert second.payment_status is PaymentStatus.partly_refunded


def test_a_full_refund_is_refunded_even_when_it_was_paid_at_the_door() -> None:
    refunded = order(25)
    assert refunded.status is OrderStatus.refunded
    assert refunded.payment_status is PaymentStatus.refunded
    assert refunded.pay_on_delivery


@pytest.mark.parametrize(("number", "dispatched", "asks"), [
    (45, False, False),  # placed
    (46, True, True),  # fulfilled and still processing
    (47, True, True),  # fulfilled and completed
    (50, False, True),  # the first of two parcels
    (51, True, True),  # both
    (54, False, False),  # a fulfillment without tracking, not fulfilled
])
def test_fulfillments_show_as_one_word_so_their_parcels_are_asked_for(
    number: int, dispatched: bool, asks: bool
) -> None:
    found = events(number)
    changed = found[0]
    assert isinstance(changed, OrderChanged)
    assert changed.order.shipments is None
    assert changed.order.dispatched is dispatched
    assert [type(event) for event in found[1:]] == ([Refetch] if asks else [])


def test_pay_on_delivery_stays_pay_on_delivery_when_completion_sets_a_payment_date() -> None:
    placed, completed = order(5), order(7)
    assert b'"date_paid_gmt":"2026-' in delivery(7).body
    assert placed.payment_status is completed.payment_status is PaymentStatus.on_delivery
    assert completed.paid_at is None
    assert completed.dispatched


def test_a_bank_transfer_on_hold_is_unpaid_and_a_failed_order_failed() -> None:
    assert (order(14).status, order(14).payment_status) == (OrderStatus.on_hold, PaymentStatus.unpaid)
    assert (order(18).status, order(18).payment_status) == (OrderStatus.cancelled, PaymentStatus.unpaid)
    assert (order(19).status, order(19).payment_status) == (OrderStatus.pending, PaymentStatus.unpaid)
    assert (order(21).status, order(21).payment_status) == (OrderStatus.failed, PaymentStatus.failed)


@pytest.mark.parametrize(("number", "email"), [
    (8, ""), (9, "bartolo.inventado@example.com"), (10, "bartolo.inventado@example.com"), (103, ""),
])
def test_a_checkout_in_progress_is_a_draft(number: int, email: str) -> None:
    draft = order(number)
    assert draft.status is OrderStatus.draft
    assert draft.raw_status == "checkout-draft"
    assert draft.email == email


def test_names_have_their_entities_resolved_and_details_are_what_the_shopper_chose() -> None:
    shirt, mug = order(28).lines
    assert shirt.name == "Playera Lana & Algodón “Ñandú” - M, Rojo"
    assert shirt.details == ("Talla: M", "Color: Rojo")
    assert b"&amp; Zo" in delivery(28).body
    assert mug.details == ("Engraving: Para Ñoño & Zoë",)
    assert shirt.quantity == 2


def test_parcels_come_from_the_shipment_plugins_list() -> None:
    first = order(57).shipments
    both = order(58).shipments
    assert first is not None and both is not None
    assert both[0] == first[0]
    predefined, custom = both
    assert (predefined.carrier, predefined.tracking_number) == ("dhl", "JD014600003RU00000009")
    assert predefined.external_id == "567392231a92f98d9aae718d284edbce"
    assert predefined.tracking_url.endswith("tracking-id=JD014600003RU00000009")
    assert predefined.shipped_at is not None
    assert predefined.shipped_at.isoformat() == "2026-11-21T00:00:00+00:00"
    assert (custom.carrier, custom.tracking_number) == ("Paquetería Ficticia", "FICT-9")
    assert custom.tracking_url == "https://tracking.example.com/?n=FICT-9&x=1"
    assert {parcel.status for parcel in both} == {ShipmentStatus.in_transit}
    assert order(59).shipments == both
    assert len(events(58)) == 1


def test_advanced_shipment_tracking_says_which_lines_are_inside() -> None:
    changed, sent, asked = events(62)
    assert isinstance(changed, OrderChanged) and isinstance(sent, ShipmentChanged) and isinstance(asked, Refetch)
    assert (sent.shipment.carrier, sent.shipment.items) == ("correos-mexico", (("87", 1),))


def test_a_parcel_whose_link_only_the_shop_knows_is_told_a_moment_older_than_what_the_shop_will_answer() -> None:
    changed, sent, asked = events(62)
    assert changed.order.shipments is None
    assert sent.shipment.tracking_url == ""
    assert changed.order.modified_at - sent.modified_at == timedelta(microseconds=1)
    assert sent.order_external_id == asked.order_external_id == changed.order.external_id


def test_an_order_that_has_left_without_a_number_is_asked_for_once_more() -> None:
    changed, asked = events(7)
    assert changed.order.dispatched and changed.order.shipments is None
    assert isinstance(asked, Refetch)
    assert len(events(59)) == 1  # completed, and its parcels are named in it
    assert len(events(5)) == 1  # not yet completed


def test_an_order_without_any_parcel_list_says_nothing_about_parcels() -> None:
    assert order(56).shipments is None


def test_an_order_with_nothing_to_ship_is_never_dispatched() -> None:
    assert not order(19).needs_shipping
    assert order(5).needs_shipping


def test_secrets_and_addresses_of_the_shopper_never_leave_the_adapter() -> None:
    asked = 0
    for path in BODIES:
        read = ADAPTER.read_webhook(request_of(path))
        if not isinstance(read, WebhookDelivery) or b"order_key" not in read.body:
            continue
        body, said = json.loads(read.body), repr(ADAPTER.parse_webhook(read))
        private = [body["order_key"], body["payment_url"], body["billing"]["phone"], body["billing"]["address_1"]]
        asked += 1
        assert not [word for word in private if word and word in said]
    assert asked == 77


def test_a_registered_shopper_has_an_id_and_a_guest_has_none() -> None:
    assert order(34).customer_id == "3"
    assert order(5).customer_id == ""


def test_names_countries_and_times_are_the_recorded_ones() -> None:
    spain = order(37)
    assert spain.country == "ES"
    assert spain.total.currency == "EUR"
    assert spain.modified_at.isoformat() == "2026-11-21T18:02:22+00:00"
    assert spain.customer_name == " ".join(
        json.loads(delivery(37).body)["billing"][key] for key in ("first_name", "last_name")
    )
    assert spain.payment_method == "Pago contra reembolso"
    assert spain.status_url == ""
