"""One shop's Admin API over answers that are made by hand, for the tests of what we ask and what we make of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from adapters.shopify.api import Shop
from adapters.shopify.settings import AppIdentity
from plugin.contract import Answer, Store
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import RecordingHttp, SentRequest, make_answer

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SHOP = "cafe-andino.myshopify.com"
TOKEN = "shpat_of_the_tests_only"
PUBLIC = AppIdentity(client_id="client-of-tests", client_secret="secret-of-tests")
CUSTOM = AppIdentity(client_id="client-of-tests", client_secret="secret-of-tests", distribution="custom")
COST = {
    "cost": {
        "requestedQueryCost": 40,
        "actualQueryCost": 12,
        "throttleStatus": {"maximumAvailable": 2000.0, "currentlyAvailable": 1960, "restoreRate": 100.0},
    }
}
TAGGED: dict[str, Any] = {"node": {"id": "gid://shopify/Order/5001"}, "userErrors": []}
Reply = Answer | Exception | dict[str, Any]


def make_store(**changes: Any) -> Store:
    values: dict[str, Any] = {
        "public_id": "st_1",
        "platform": "shopify",
        "domain": SHOP,
        "credentials": {"access_token": TOKEN},
        "currency": "COP",
        "locale": "es",
    }
    return Store(**values | changes)


def answer_data(data: Any, errors: Any = None, extensions: Any = None, **headers: str) -> Answer:
    """A 200 of the Admin API with its data, what was kept from us, and what it cost."""
    body: dict[str, Any] = {"data": data, "extensions": COST if extensions is None else extensions}
    if errors is not None:
        body["errors"] = errors
    return make_answer(200, json_body=body, headers={"X-Shopify-API-Version": "2026-10"} | headers)


def name_operation(sent: SentRequest) -> str:
    """``order_cancel`` of the document that was sent."""
    found = re.search(r"(?:query|mutation)\s+([A-Za-z]+)", sent.json()["query"])
    assert found is not None
    return re.sub(r"(?<!^)(?=[A-Z])", "_", found[1]).lower()


class Arranged:
    """Answers each operation by its name: one reply, or a list of replies in turn (the last one repeats)."""

    def __init__(self, **replies: Reply | list[Reply] | Callable[[dict[str, Any]], Reply]) -> None:
        self.replies: dict[str, Any] = dict(replies)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, sent: SentRequest) -> Answer | Exception:
        name, variables = name_operation(sent), sent.json()["variables"]
        self.asked.append((name, variables))
        assert name in self.replies, f"Nothing was arranged for {name}."
        reply = self.replies[name]
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        if callable(reply):
            reply = reply(variables)
        return answer_data(reply) if isinstance(reply, dict) else reply

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.asked]


class Naps:
    """Sleeps by moving the clock, and remembers how long."""

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        self.taken: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self.clock.advance(seconds)


def make_shop(
    *replies: Any,
    identity: AppIdentity = PUBLIC,
    store: Store | None = None,
    clock: FrozenClock | None = None,
) -> tuple[Shop, RecordingHttp]:
    http = RecordingHttp(*replies)
    clock = clock or FrozenClock(NOW)
    return Shop(http, identity, store or make_store(), clock, Naps(clock)), http


def make_money(amount: str, currency: str = "COP") -> dict[str, Any]:
    return {"presentmentMoney": {"amount": amount, "currencyCode": currency}}


def make_line(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/LineItem/{700 + number}",
        "name": "Café de altura - 500 g",
        "title": "Café de altura",
        "variantTitle": "500 g",
        "sku": f"CAF-{number}",
        "quantity": 2,
        "requiresShipping": True,
        "discountedTotalSet": make_money("50000.0"),
    } | changes


def make_parcel(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/Fulfillment/{900 + number}",
        "status": "SUCCESS",
        "displayStatus": "IN_TRANSIT",
        "createdAt": "2026-11-20T15:00:00Z",
        "estimatedDeliveryAt": None,
        "requiresShipping": True,
        "trackingInfo": [
            {"company": "Servientrega", "number": "SV100", "url": "https://servientrega.example/SV100"}
        ],
        "events": {"nodes": [], "pageInfo": {"hasNextPage": False}},
        "fulfillmentLineItems": {
            "nodes": [{"quantity": 2, "lineItem": {"id": "gid://shopify/LineItem/701"}}],
            "pageInfo": {"hasNextPage": False},
        },
    } | changes


def make_order(number: int = 5001, **changes: Any) -> dict[str, Any]:
    """An order as the fragment ``OrderFields`` asks for it: paid by card, nothing sent yet."""
    parcels = changes.get("fulfillments", [])
    return {
        "id": f"gid://shopify/Order/{number}",
        "name": f"#{number - 4000}",
        "createdAt": "2026-11-19T10:00:00Z",
        "updatedAt": "2026-11-20T15:30:00Z",
        "cancelledAt": None,
        "test": False,
        "tags": ["mayorista"],
        "email": "ana@example.com",
        "customerLocale": "es-CO",
        "requiresShipping": True,
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED",
        "paymentGatewayNames": ["shopify_payments"],
        "customer": {"id": "gid://shopify/Customer/42"},
        "shippingAddress": {"name": "Ana Ruiz", "countryCodeV2": "CO"},
        "billingAddress": None,
        "totalPriceSet": make_money("58900.0"),
        "transactions": [{"kind": "SALE", "status": "SUCCESS", "processedAt": "2026-11-19T10:00:05Z"}],
        "lineItems": {"nodes": [make_line()], "pageInfo": {"hasNextPage": False, "endCursor": "l1"}},
        "refunds": [],
        "fulfillmentsCount": {"count": len(parcels)},
        "fulfillments": parcels,
    } | changes


def make_shop_facts(**changes: Any) -> dict[str, Any]:
    return {
        "shop": {
            "id": "gid://shopify/Shop/1",
            "name": "Café Andino",
            "email": "duena@example.com",
            "contactEmail": "hola@example.com",
            "shopOwnerName": "Lucía Pardo",
            "myshopifyDomain": SHOP,
            "ianaTimezone": "America/Bogota",
            "currencyCode": "COP",
            "enabledPresentmentCurrencies": ["COP", "USD"],
            "shipsToCountries": ["CO", "US"],
            "taxesIncluded": True,
            "paymentSettings": {"supportedDigitalWallets": ["APPLE_PAY", "SHOPIFY_PAY"]},
            "features": {"marketDrivenShipping": False},
            "plan": {"publicDisplayName": "Basic", "shopifyPlus": False, "partnerDevelopment": False},
            "primaryDomain": {
                "host": "cafeandino.example",
                "sslEnabled": True,
                "localization": {"defaultLocale": "es", "alternateLocales": ["en", "pt-BR"]},
            },
            "customerAccountsV2": {
                "customerAccountsVersion": "NEW_CUSTOMER_ACCOUNTS",
                "loginRequiredAtCheckout": False,
                "url": "https://shopify.example/account",
            },
        }
        | changes
    }


def make_paid_order(*gateways: str, **changes: Any) -> dict[str, Any]:
    """An order bought in the online store the day before `NOW`, of which only the way it was paid is asked."""
    return {
        "createdAt": "2026-11-21T10:00:00Z",
        "cancelledAt": None,
        "test": False,
        "sourceName": "web",
        "paymentGatewayNames": list(gateways),
    } | changes


def make_method(name: str, price: str, currency: str = "COP", **changes: Any) -> dict[str, Any]:
    rate = {"price": {"amount": price, "currencyCode": currency}}
    return {"name": name, "active": True, "methodConditions": [], "rateProvider": rate} | changes


def make_zone(name: str, codes: list[str], methods: list[Any], more: bool = False, **provinces: Any) -> dict[str, Any]:
    """`codes`: of countries, ``*`` for the rest of the world; `provinces`: country → codes. `more`: methods beyond."""
    countries = [
        {
            "code": {"countryCode": None if code == "*" else code, "restOfWorld": code == "*"},
            "provinces": [{"code": word} for word in provinces.get(code, ())],
        }
        for code in codes
    ]
    listed = {"nodes": methods, "pageInfo": {"hasNextPage": more}}
    return {"zone": {"name": name, "countries": countries}, "methodDefinitions": listed}


def make_zones(*groups: list[Any], more: bool = False) -> dict[str, Any]:
    listed = [{"locationGroupZones": {"nodes": zones, "pageInfo": {"hasNextPage": more}}} for zones in groups]
    return {"deliveryProfile": {"profileLocationGroups": listed}}
