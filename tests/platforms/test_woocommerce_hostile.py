"""Bodies made to break a reader. Genuine or not, they are unreadable, and nothing worse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.woocommerce import schemas, shipments
from adapters.woocommerce.webhooks import parse_webhook
from plugin.contract import Event, OrderChanged, PayloadUnreadable, Refetch, WebhookDelivery

DELIVERIES = Path(__file__).parent.parent / "data" / "woocommerce" / "deliveries"
ORDER: bytes = next(DELIVERIES.glob("058_*.body")).read_bytes()
DEEP = 100_000


def parse(body: bytes, topic: str = "order.updated") -> Sequence[Event]:
    return parse_webhook(WebhookDelivery(topic=topic, headers={}, body=body))


def unreadable(body: bytes, topic: str = "order.updated") -> str:
    with pytest.raises(PayloadUnreadable) as caught:
        parse(body, topic)
    return str(caught.value)


@pytest.mark.parametrize("body", [
    b"", b" ", b"null", b"5", b'"order"', b"[]", b"{}", b"true", b"{", b'{"id":81', b'{"id":81}}', b"webhook_id=5",
    b'\xef\xbb\xbf{"id":81}', b"\x00", b"<html>Fatal error</html>", b'{"id":81,"status":"processing"}',
    b'{"line_items":[],"billing":{}}', b"PK\x03\x04", b"{'id':81}", b'{"id":NaN}', b'{"id":Infinity}', b'{"id":81,}',
])
def test_a_body_that_is_nothing_woocommerce_sends_is_unreadable(body: bytes) -> None:
    assert unreadable(body)


@pytest.mark.parametrize("value", [b"0", b"-81", b"8.1", b"true", b"null", b"[]", b"{}", b'""', b'"81a"', b'"\\u0668"',
                                   b"1e400", b"9" * 25, b"9" * 5000, b"9" * 100_000, b'"' + b"9" * 5000 + b'"'])
def test_an_order_without_a_usable_id_is_unreadable(value: bytes) -> None:
    unreadable(b'{"id":' + value + b"}", "order.deleted")
    unreadable(ORDER.replace(b'"id":78,', b'"id":' + value + b",", 1))


@pytest.mark.parametrize("body", [
    b"[" * DEEP, b"[" * DEEP + b"]" * DEEP, b'{"a":' * DEEP, b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b'{"id":81,"x":' + b"[" * DEEP + b"]" * DEEP + b"}",
    b'{"action":"x","arg":' + b"[" * DEEP + b"]" * DEEP + b"}",
    b'{"code":"x","message":"y","data":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}",
    ORDER.replace(b'"customer_note":""', b'"customer_note":' + b"[" * DEEP + b"]" * DEEP),
    ORDER.replace(b'"value":"no"', b'"value":' + b"[" * DEEP + b"]" * DEEP),
    ORDER.replace(b'"sku":"MUG-BLUE"', b'"sku":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP),
], ids=range(10))
def test_nesting_a_hundred_thousand_deep_is_unreadable(body: bytes) -> None:
    unreadable(body)


@pytest.mark.parametrize("field", [b'"number":"78"', b'"billing":{"first_name":"Sonia"', b'"currency":"MXN"'])
def test_invalid_utf8_in_a_text_we_read_is_unreadable(field: bytes) -> None:
    assert field in ORDER
    unreadable(ORDER.replace(field, field[:-2] + b"\xff" + field[-2:], 1))


def test_a_lone_surrogate_is_unreadable() -> None:
    unreadable(ORDER.replace(b'"first_name":"Sonia"', b'"first_name":"\\ud83d"', 1))


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"1e999", b"9" * 5000, b"-" + b"9" * 400 + b".5"])
def test_a_number_beyond_all_measure_is_unreadable_wherever_we_read_it(number: bytes) -> None:
    unreadable(ORDER.replace(b'"total":"348.50"', b'"total":' + number, 1))
    unreadable(ORDER.replace(b'"quantity":1', b'"quantity":' + number, 1))


def test_of_a_key_written_twice_the_last_one_counts() -> None:
    twice = ORDER.replace(b'"number":"78"', b'"number":"1","number":"78"', 1)
    assert parse(twice) == parse(ORDER)
    (event,) = parse(b'{"id":1,"id":81}', "order.deleted")
    assert isinstance(event, Refetch)
    assert event.order_external_id == "81"


def test_what_we_do_not_read_may_be_a_megabyte_of_anything() -> None:
    body = ORDER.replace(b'"customer_note":""', b'"customer_note":"' + b"x" * 1_000_000 + b'"')
    assert parse(body) == parse(ORDER)


def test_a_list_of_a_hundred_thousand_parcels_is_cut_off() -> None:
    rows = [{"tracking_number": f"X{index}"} for index in range(100_000)]
    found = shipments.read_tracking_items(rows)
    assert found is not None
    assert len(found) == shipments.MOST_PARCELS


def test_the_words_of_an_error_carry_nothing_from_the_body() -> None:
    secret = b"sonia.secreta@example.com"
    for body in (ORDER.replace(b'"total":"348.50"', b'"total":["' + secret + b'"]', 1),
                 ORDER.replace(b'"total":"348.50"', b'"total":"' + secret + b'"', 1),
                 ORDER.replace(b'"date_modified_gmt":"', b'"date_modified_gmt":"' + secret, 1),
                 b'{"' + secret + b'":1}'):
        assert secret.decode() not in unreadable(body)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
    | st.sampled_from([
        "0", "-1", "1e5", "NaN", "2026-11-21T18:00:00", "99999-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "trash",
        "9999-12-31T23:59:59-12:00", "fulfilled", "es_MX", "https://[", "\x00", "&#0;", "&#xD800;",
    ]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def paths_of(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a JSON value, the outermost first."""
    found = [path] if path else []
    children: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    return found + [inner for key, child in children for inner in paths_of(child, (*path, key))]


def put(value: Any, path: tuple[str | int, ...], new: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = new


BASES = [json.loads(next(DELIVERIES.glob(f"{number}_*.body")).read_bytes()) for number in ("033", "046", "058", "062")]


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_wrong_type_anywhere_is_an_order_or_unreadable_and_never_another_error(data: st.DataObject) -> None:
    body = json.loads(json.dumps(data.draw(st.sampled_from(BASES))))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths_of(body)))
        put(body, path, data.draw(ANYTHING))
    raw = json.dumps(body).encode()
    try:
        events = parse(raw)
    except PayloadUnreadable:
        return
    assert events
    for event in events:
        if isinstance(event, OrderChanged):
            repr(event).encode("utf-8")
            assert "\x00" not in repr(event)
            assert event.order.modified_at.tzinfo is not None


@settings(max_examples=300, deadline=None)
@given(body=ANYTHING | st.fixed_dictionaries({}, optional={
    "id": ANYTHING, "code": ANYTHING, "message": ANYTHING, "data": ANYTHING, "action": ANYTHING, "arg": ANYTHING,
    "line_items": ANYTHING, "billing": ANYTHING, "discount_type": ANYTHING, "username": ANYTHING, "role": ANYTHING,
}), topic=st.sampled_from(["order.updated", "order.deleted", "product.updated", "action.x", "", "\x00"]))
def test_any_json_under_any_topic_is_events_or_unreadable(body: Any, topic: str) -> None:
    try:
        assert parse(json.dumps(body).encode(), topic)
    except PayloadUnreadable:
        pass


@settings(max_examples=300, deadline=None)
@given(position=st.integers(0, len(ORDER) - 1), inserted=st.binary(max_size=6), dropped=st.integers(0, 6))
def test_any_damage_to_the_bytes_is_events_or_unreadable(position: int, inserted: bytes, dropped: int) -> None:
    try:
        assert parse(ORDER[:position] + inserted + ORDER[position + dropped:])
    except PayloadUnreadable:
        pass


FULFILLMENT_META = st.fixed_dictionaries({
    "key": st.sampled_from(["_items", "_tracking_number", "_tracking_url", "_shipment_provider", "_provider_name"]),
    "value": ANYTHING,
})
FULFILLMENT = st.fixed_dictionaries({"id": st.integers() | st.text(max_size=3)}, optional={
    "status": st.none() | st.text(max_size=5), "is_fulfilled": st.booleans() | st.none() | st.integers(0, 2),
    "meta_data": st.lists(FULFILLMENT_META, max_size=5),
})


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(FULFILLMENT, max_size=4))
def test_any_fulfillments_are_parcels_or_unreadable(rows: list[Any]) -> None:
    try:
        bodies = schemas.decode(schemas.FULFILLMENTS, json.dumps(rows).encode(), "list of fulfillments")
        parcels = shipments.read_fulfillments(bodies)
    except PayloadUnreadable:
        return
    assert all(parcel.external_id or parcel.tracking_number for parcel in parcels)
