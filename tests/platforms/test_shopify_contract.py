"""The conformance kit over the Shopify adapter: with arranged answers and signed deliveries, and over the fake Shopify
by real HTTP with what it really sent."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from fake_shopify_bench import TOML, open_bench
from shopify_over_fake import build, connect

from adapters.shopify import ShopifyAdapter, sign
from adapters.shopify.proof import mint_proof
from plugin.testing.adapter_contract import (
    AdapterContract,
    FrozenClock,
    Recorded,
    RecordingHttp,
    make_answer,
    make_store,
)
from plugin.testing.fake_shopify import App, mint_id_token

SECRET = "shpss_the-secret-of-the-app"
CLIENT = "the-client-id-of-the-app"
SHOP = "cafe.myshopify.com"
UNKNOWN = "9000000000001"
"""Ids rise with time: one that the shop has not given yet."""
NOT_FOUND = make_answer(200, json_body={"data": {"order": None, "orders": {"nodes": []}}})
FACTS = {
    "shop": {
        "id": "gid://shopify/Shop/9", "name": "Café", "email": "olga@cafe.example", "contactEmail": "olga@cafe.example",
        "shopOwnerName": "Olga Mora", "myshopifyDomain": "cafe.myshopify.com", "ianaTimezone": "America/Bogota",
        "currencyCode": "COP", "enabledPresentmentCurrencies": ["COP"], "shipsToCountries": ["CO"],
        "taxesIncluded": True,
        "plan": {"publicDisplayName": "Basic", "shopifyPlus": False, "partnerDevelopment": False},
        "primaryDomain": {"host": "cafe.example", "sslEnabled": True, "localization": None},
        "customerAccountsV2": {"customerAccountsVersion": "NEW_CUSTOMER_ACCOUNTS", "loginRequiredAtCheckout": False,
                               "url": "https://shopify.com/9/account"},
    },
}  # fmt: skip
ORDER_HINT = {
    "id": 5001,
    "admin_graphql_api_id": "gid://shopify/Order/5001",
    "updated_at": "2026-11-21T07:00:00-05:00",
}
PART_HINT = {"id": 77, "order_id": 5001, "updated_at": "2026-11-21T07:00:00-05:00"}
SHOP_BODY = {
    "id": 9,
    "domain": "cafe.example",
    "myshopify_domain": SHOP,
    "updated_at": "2026-11-21T07:00:00-05:00",
}
WISH = {"shop_id": 9, "shop_domain": SHOP, "customer": {"id": 7, "email": "ana@example.com", "phone": ""}}
BODIES = {
    "orders/create": ORDER_HINT,
    "orders/updated": ORDER_HINT,
    "orders/cancelled": ORDER_HINT,
    "orders/delete": {"id": 5001},
    "fulfillments/create": PART_HINT,
    "fulfillments/update": PART_HINT,
    "fulfillment_events/create": {**PART_HINT, "fulfillment_id": 78},
    "refunds/create": {"id": 79, "order_id": 5001, "created_at": "2026-11-21T07:00:00-05:00"},
    "app/uninstalled": SHOP_BODY,
    "shop/update": SHOP_BODY,
    "app/scopes_update": {
        "id": 9,
        "previous": ["read_orders"],
        "current": ["read_orders"],
        "updated_at": "2026-11-21",
    },
    "customers/data_request": {**WISH, "orders_requested": [5001], "data_request": {"id": 1}},
    "customers/redact": {**WISH, "orders_to_redact": [5001]},
    "shop/redact": {"shop_id": 9, "shop_domain": SHOP},
}


ANSWER = make_answer(200, json_body={"data": FACTS})


def record(topic, body):
    raw = json.dumps(body).encode()
    headers = {
        "X-Shopify-Topic": topic, "X-Shopify-Shop-Domain": SHOP, "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043", "X-Shopify-Hmac-Sha256": sign(raw, SECRET),
    }  # fmt: skip
    return Recorded(headers, raw, name=topic)


class TestShopifyOverArrangedAnswers(AdapterContract):
    order_id = "5001"
    order_number = "1001"
    not_found = NOT_FOUND

    @pytest.fixture
    def adapter(self):
        return ShopifyAdapter(
            {"CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET}, RecordingHttp(ANSWER), FrozenClock()
        )

    @pytest.fixture
    def store(self):
        given = {"access_token": "shpat_0123456789", "refresh_token": "shprt_0123456789", "expires_at": "",
                 "refresh_expires_at": "", "scope": "read_orders"}  # fmt: skip
        return make_store(
            "shopify", domain=SHOP, credentials=given, currency="COP", time_zone="America/Bogota"
        )

    @pytest.fixture
    def deliveries(self):
        return [record(topic, body) for topic, body in BODIES.items()]

    def make_proof(self, adapter, store, age=timedelta(0)):
        return mint_proof(store, adapter.clock.now() - age, order="5001")

    def make_expired_proof(self, adapter, store):
        return self.make_proof(adapter, store, timedelta(minutes=15))


@pytest.fixture
def bench():
    with open_bench(toml=TOML) as bench:
        yield bench


@pytest.fixture(scope="module")
def traffic():
    """What the fake really sent in a shop's day, with the app's own TOML: (client id, secret, deliveries)."""
    with open_bench(toml=TOML) as bench:
        shop = bench.shop
        order = shop.place_order(customer_id=77)
        paid = shop.place_order(paid=True)
        bench.run_hooks()
        bench.clock.advance(60)
        parcel = shop.fulfil(order, numbers=["A1", "A2"])
        shop.add_event(order, parcel, "OUT_FOR_DELIVERY")
        shop.refund(paid, Decimal(1000), "scratched")
        bench.clock.advance(1)
        shop.cancel(paid)
        shop.delete(shop.place_order())
        shop.change_plan("plus")
        shop.change_scopes(shop.granted)
        shop.request_data(order)
        shop.redact_customer(order)
        shop.uninstall()
        bench.run_hooks()
        bench.clock.advance(timedelta(hours=48))
        bench.run_hooks()
        app = bench.server.app
        recorded = [
            Recorded(one.headers, one.body, name=f"{number} {one.topic}")
            for number, one in enumerate(bench.receiver.arrived)
        ]
        yield app.client_id, app.client_secret, recorded


class TestShopifyOverTheFake(AdapterContract):
    order_id = "5001"
    order_number = "1001"
    not_found = NOT_FOUND

    @pytest.fixture
    def adapter(self, bench):
        return build(bench)

    @pytest.fixture
    def store(self, bench, adapter):
        return connect(bench, adapter)

    @pytest.fixture
    def deliveries(self, bench, traffic):
        """The seed makes the same app every time."""
        assert (bench.server.app.client_id, bench.server.app.client_secret) == traffic[:2]
        return traffic[2]

    def make_proof(self, adapter, store, age=timedelta(0)):
        """As Shopify signs it for the admin."""
        app = App(adapter.values["CLIENT_ID"], adapter.values["CLIENT_SECRET"])
        domain = store.domain if store.domain.count(".") == 2 else "other.myshopify.com"
        return mint_id_token(app, domain, adapter.clock.now() - age)

    def make_expired_proof(self, adapter, store):
        return self.make_proof(adapter, store, timedelta(seconds=60 + 10))


def test_the_shop_s_day_brought_every_topic_that_the_app_declares_but_one(traffic):
    topics = {one.headers["x-shopify-topic"] for one in traffic[2]}
    assert {*BODIES} == topics
