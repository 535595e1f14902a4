"""Deliveries of Shopify: who signed them, whose they are, and what they mean. No network."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

import pytest
from shopify_shop import PUBLIC, SHOP, make_store

from adapters.shopify.settings import AppIdentity
from adapters.shopify.webhooks import parse_webhook, read_webhook, sign, verify_webhook
from plugin.contract import (
    AccessBroken,
    CustomerDataRequested,
    CustomerErasureRequested,
    HookRequest,
    Ignored,
    PayloadUnreadable,
    Refetch,
    StoreChanged,
    StoreErasureRequested,
    StoreUninstalled,
    WebhookDelivery,
    WebhookRejected,
)

OTHER = "otra-tienda.myshopify.com"
SECRET = PUBLIC.client_secret


def arrive(
    topic: str, body: Any, *, shop: str = SHOP, secret: str = SECRET, key: str = "", **headers: str
) -> WebhookDelivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {
        "x-shopify-topic": topic,
        "x-shopify-shop-domain": shop,
        "x-shopify-hmac-sha256": sign(raw, secret),
        "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    } | headers
    delivery = read_webhook(HookRequest(hook_key=key, headers=given, body=raw))
    assert isinstance(delivery, WebhookDelivery)
    return delivery


def test_the_published_way_of_signing_is_ours() -> None:
    assert sign(b'{"id":820982911946154508}', "hush") == "qBvrsZF7RfB1iS6BX6IHqJTp5L911P7intnPeTPsH0I="


def test_a_genuine_delivery_passes_with_and_without_its_store() -> None:
    delivery = arrive("orders/updated", {"id": 5001})
    verify_webhook(delivery, None, PUBLIC)
    verify_webhook(delivery, make_store(), PUBLIC)
    assert delivery.claimed_domain == SHOP and delivery.topic == "orders/updated"


def test_the_secret_before_is_accepted_during_a_rotation() -> None:
    turned = AppIdentity(client_id="c", client_secret="new-secret", old_client_secret=SECRET)
    verify_webhook(arrive("orders/updated", {"id": 1}), None, turned)
    verify_webhook(arrive("orders/updated", {"id": 1}, secret="new-secret"), None, turned)
    with pytest.raises(WebhookRejected):
        verify_webhook(arrive("orders/updated", {"id": 1}, secret="older"), None, turned)


def test_without_a_secret_nothing_is_genuine() -> None:
    nobody = AppIdentity(client_id="", client_secret="")
    with pytest.raises(WebhookRejected):
        verify_webhook(arrive("orders/updated", {"id": 1}, secret=""), None, nobody)


def test_of_a_thousand_mutated_deliveries_none_passes() -> None:
    dice = random.Random(4)
    raw = json.dumps({"id": 5001, "updated_at": "2026-11-22T10:00:00Z"}).encode()
    genuine = sign(raw, SECRET)
    passed = 0
    for _ in range(1000):
        body, signature = bytearray(raw), genuine
        if dice.random() < 0.5:
            place = dice.randrange(len(body))
            body[place] ^= 1 << dice.randrange(8)
        else:
            place = dice.randrange(len(signature) - 2)
            letter = dice.choice("ABCDEFghijkl0189+/=é\u0000ñ")
            signature = signature[:place] + letter + signature[place + 1 :]
        if bytes(body) == raw and signature == genuine:
            continue
        headers = {
            "x-shopify-hmac-sha256": signature,
            "x-shopify-shop-domain": SHOP,
            "x-shopify-topic": "orders/updated",
        }
        try:
            delivery = read_webhook(HookRequest(hook_key="", headers=headers, body=bytes(body)))
            assert isinstance(delivery, WebhookDelivery)
            verify_webhook(delivery, None, PUBLIC)
            passed += 1
        except WebhookRejected:
            pass
    assert passed == 0


@pytest.mark.parametrize(
    "shop",
    [
        "",
        "cafe-andino",
        "x.myshopify.com.evil.example",
        "café.myshopify.com",
        "a/../b",
        f"{SHOP}, {OTHER}",
        f"{SHOP},{SHOP}",
        "\u212aafe.myshopify.com",
    ],
)
def test_a_delivery_that_names_no_shop_is_rejected(shop: str) -> None:
    with pytest.raises(WebhookRejected):
        arrive("orders/updated", {"id": 1}, shop=shop)


def test_a_delivery_without_a_signature_is_rejected() -> None:
    with pytest.raises(WebhookRejected):
        read_webhook(HookRequest(hook_key="", headers={"x-shopify-shop-domain": SHOP}, body=b"{}"))


def test_a_signature_that_stands_there_twice_or_in_another_spelling_is_none() -> None:
    raw = json.dumps({"id": 1}).encode()
    good = sign(raw, SECRET)
    for given in (f"{good},{good}", f"{good}, x", f"x, {good}", good.rstrip("="), f"{good}=", good.lower(), "ñ",
                  "\ud800", "\x00", good[:10] + " " + good[10:], base64.b64decode(good).hex()):  # fmt: skip
        with pytest.raises(WebhookRejected):
            verify_webhook(arrive("orders/updated", raw, **{"x-shopify-hmac-sha256": given}), None, PUBLIC)


def test_a_delivery_for_another_shop_is_rejected() -> None:
    with pytest.raises(WebhookRejected):
        verify_webhook(arrive("orders/updated", {"id": 1}, shop=OTHER), make_store(), PUBLIC)


@pytest.mark.parametrize(
    "body",
    [
        {"myshopify_domain": OTHER},
        {"shop_domain": OTHER},
        {"domain": OTHER},
        {"domain": "x.example", "myshopify_domain": OTHER},
    ],
)
def test_a_body_signed_for_one_shop_is_not_believed_of_another(body: dict[str, str]) -> None:
    delivery = arrive("app/uninstalled", body, shop=SHOP)
    with pytest.raises(WebhookRejected):
        verify_webhook(delivery, None, PUBLIC)


def test_a_shops_own_domain_in_its_body_says_nothing() -> None:
    verify_webhook(
        arrive("shop/update", {"domain": "cafeandino.example", "myshopify_domain": SHOP}),
        make_store(),
        PUBLIC,
    )


@pytest.mark.parametrize(
    ("topic", "body", "order"),
    [
        ("orders/create", {"id": 820982911946154508}, "820982911946154508"),
        ("orders/updated", {"id": 5001, "admin_graphql_api_id": "gid://shopify/Order/5001"}, "5001"),
        ("orders/cancelled", {"id": "5001"}, "5001"),
        ("orders/delete", {"id": 5001}, "5001"),
        ("fulfillments/create", {"id": 9, "order_id": 5001}, "5001"),
        ("fulfillments/update", {"id": 9, "order_id": 5001}, "5001"),
        ("fulfillment_events/create", {"id": 7, "fulfillment_id": 9, "order_id": 5001}, "5001"),
        ("refunds/create", {"id": 3, "order_id": 5001}, "5001"),
        ("ORDERS/UPDATED", {"id": 5001}, "5001"),
    ],
)
def test_what_happens_to_an_order_is_a_sign_to_read_it_again(topic: str, body: Any, order: str) -> None:
    (event,) = parse_webhook(arrive(topic, body))
    assert isinstance(event, Refetch) and event.order_external_id == order


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'"x"',
        b"\xff",
        b"[" * 5000,
        b'{"id": null}',
        b'{"id": true}',
        b'{"id": {}}',
    ],
)
def test_an_order_that_is_not_named_is_unreadable_and_nothing_worse(body: bytes) -> None:
    with pytest.raises(PayloadUnreadable):
        parse_webhook(arrive("orders/updated", body))


def test_an_uninstall_counts_where_the_signed_body_names_the_shop() -> None:
    (event,) = parse_webhook(arrive("app/uninstalled", {"id": 1, "myshopify_domain": SHOP}))
    assert event == StoreUninstalled()
    (event,) = parse_webhook(arrive("app/uninstalled", {"id": 1, "domain": SHOP.upper()}))
    assert event == StoreUninstalled()


@pytest.mark.parametrize(
    "topic", ["app/uninstalled", "shop/redact", "customers/redact", "customers/data_request"]
)
def test_another_genuine_body_under_a_grave_topic_does_nothing(topic: str) -> None:
    for body in (
        {"id": 5001},
        {"id": 5001, "domain": "x.example"},
        {"shop_domain": OTHER, "customer": {"id": 1}},
    ):
        with pytest.raises(PayloadUnreadable):
            parse_webhook(arrive(topic, body))


def test_a_genuine_body_under_another_topic_of_the_same_shop_erases_and_ends_nothing() -> None:
    """No header is signed, the topic neither: whoever has one delivery could send it as another."""
    customer = {"id": 42, "email": "ana@example.com"}
    bodies = {
        "customers/data_request": {
            "shop_domain": SHOP, "customer": customer, "orders_requested": [5001], "data_request": {"id": 9},
        },
        "customers/redact": {"shop_domain": SHOP, "customer": customer, "orders_to_redact": [5001]},
        "shop/redact": {"shop_id": 1, "shop_domain": SHOP},
        "app/uninstalled": {"id": 1, "domain": "x.example", "myshopify_domain": SHOP},
        "shop/update": {"id": 1, "domain": SHOP, "myshopify_domain": SHOP, "plan_name": "basic"},
    }  # fmt: skip
    grave = ("app/uninstalled", "shop/redact", "customers/redact", "customers/data_request")
    believed = set()
    for topic in grave:
        for origin, body in bodies.items():
            try:
                parse_webhook(arrive(topic, body))
                believed.add((origin, topic))
            except PayloadUnreadable:
                continue
    # A shop that is said to have left is asked first, where it still lets us in.
    assert believed == {*((topic, topic) for topic in grave), ("shop/update", "app/uninstalled")}


def test_the_three_compliance_topics_are_the_three_privacy_events() -> None:
    asked = {
        "shop_id": 1,
        "shop_domain": SHOP,
        "orders_requested": [5001, 5002, 5001],
        "customer": {"id": 42, "email": "ana@example.com", "phone": "1"},
        "data_request": {"id": 9},
    }
    (event,) = parse_webhook(arrive("customers/data_request", asked))
    assert event == CustomerDataRequested(
        customer_id="42", email="ana@example.com", order_external_ids=("5001", "5002")
    )
    redact = {"shop_domain": SHOP, "customer": {"id": 42, "email": None}, "orders_to_redact": [5001]}
    (event,) = parse_webhook(arrive("customers/redact", redact))
    assert event == CustomerErasureRequested(customer_id="42", email="", order_external_ids=("5001",))
    (event,) = parse_webhook(arrive("shop/redact", {"shop_id": 1, "shop_domain": SHOP}))
    assert event == StoreErasureRequested()


def test_a_guest_is_named_by_their_address_alone() -> None:
    (event,) = parse_webhook(
        arrive("customers/redact", {"shop_domain": SHOP, "customer": {"email": "ana@example.com"}})
    )
    assert event == CustomerErasureRequested(customer_id="", email="ana@example.com")
    with pytest.raises(PayloadUnreadable):
        parse_webhook(arrive("customers/redact", {"shop_domain": SHOP, "customer": None}))


def test_losing_the_orders_breaks_the_access_and_losing_another_permission_does_not() -> None:
    lost = {"previous": ["read_orders", "write_discounts"], "current": ["write_discounts"]}
    (event,) = parse_webhook(arrive("app/scopes_update", lost))
    assert isinstance(event, AccessBroken)
    kept = {"previous": ["write_orders", "write_discounts"], "current": ["write_orders"]}
    (event,) = parse_webhook(arrive("app/scopes_update", kept))
    assert event == StoreChanged(reason="app/scopes_update")
    (event,) = parse_webhook(arrive("app/scopes_update", {"previous": "read_orders,x", "current": "x"}))
    assert isinstance(event, AccessBroken)


def test_a_shop_that_changed_is_set_up_anew() -> None:
    (event,) = parse_webhook(arrive("shop/update", {"domain": "nuevo.example", "myshopify_domain": SHOP}))
    assert event == StoreChanged(reason="shop/update")


@pytest.mark.parametrize("topic", ["products/update", "", "orders"])
def test_what_is_not_ours_is_ignored(topic: str) -> None:
    (event,) = parse_webhook(arrive(topic, {"id": 1}))
    assert isinstance(event, Ignored)
