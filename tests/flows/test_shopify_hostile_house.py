"""What strangers, and shops that mean ill, send to the real house at Shopify's addresses: nothing breaks, nothing leads
elsewhere or stays in the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from limits import RateLimitItemPerMinute
from sqlalchemy import select
from test_shopify_frames import Street, open_street

from adapters.shopify.webhooks import sign
from plugin.database import ALL
from plugin.orders import Receipt
from plugin.stores import list_stores
from plugin.testing.fake_shopify import FakeShop
from plugin.web import page_doors, pages
from plugin.work.models import Job

DEEP = "[" * 30_000
TEXTS = ("a\0b", "\ud800", "'; DROP TABLE stores; --", "../../x", "é" * 500, "{words}", "%s", "x" * 3000)
FIELDS = (
    "mail_mode",
    "confirm",
    "withdraw",
    "order",
    "step",
    "locale",
    "confirmation_number",
    "checkout_token",
    "basket",
)
BODIES = (
    "", "null", "[]", "1", '"x"', "{", DEEP, '{"a":' * 12_000, '{"order": 1e999}', f'{{"order": {"9" * 5000}}}',
    *(json.dumps(dict.fromkeys(FIELDS, text)) for text in TEXTS),
    *(json.dumps({name: text}) for name in FIELDS for text in TEXTS),
    json.dumps({"extensions": [{"handle": text, "activations": [text], "type": text} for text in TEXTS]}),
    *(json.dumps(one) for one in ({"extensions": {"a": 1}}, {"confirm": ["a"]}, {"confirm": "mostrador:erasure"})),
)  # fmt: skip
VALUES = (
    "%00", "%ff", "%ed%a0%80", "a" * 3000, "%0d%0aX-Evil:1", "https://evil.example", "//evil.example", "%F0%9F%98%80",
    "javascript:alert(1)", "uno.myshopify.com", "uno.myshopify.com.evil.example", "%3Cscript%3Ealert(1)",
)  # fmt: skip
NAMES = ("shop", "host", "locale", "step", "id_token", "shopify-reload", "signature", "hmac", "embedded", "x")
TOPICS = (
    "orders/updated", "app/uninstalled", "shop/redact", "customers/redact", "customers/data_request", "é", "x" * 900,
    "app/scopes_update", "fulfillments/create", "a\x7fb", "",
)  # fmt: skip
IDS: tuple[Any, ...] = ("a\0b", "\ud800", -1, 0, 1e300, "9" * 400, [1], {"id": 2}, None, True, "x" * 5000)


@pytest.fixture
def street(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    for module, name in ((pages, "VISITS"), (page_doors, "ASKED")):
        monkeypatch.setattr(module, name, RateLimitItemPerMinute(10_000))
    with open_street(tmp_path, database_url) as opened:
        yield opened


@pytest.fixture
def shop(street: Street) -> FakeShop:
    added = street.shopify.add_shop("uno")
    assert street.open_home(added).status_code == 200
    return added


@pytest.mark.parametrize("path", ["home", "desk", "extensions", "session", "order"])
def test_no_body_breaks_a_page(street: Street, shop: FakeShop, path: str) -> None:
    for body in BODIES:
        for token in (street.admin(shop), street.shopper(shop)):
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            answer = street.browser.post(f"/p/shopify/{path}", data=body, headers=headers)
            assert answer.status_code < 500, (body[:80], answer.status_code, answer.text[:300])
    row = street.find(shop)
    assert (row.status, row.mail_mode) == ("connected", "extra_only")


@pytest.mark.parametrize("path", ["home", "bounce", "links", "proxy", "chat", "home.js", "a%00b", "%ff"])
def test_no_address_breaks_a_page_or_leads_elsewhere(street: Street, shop: FakeShop, path: str) -> None:
    for value in VALUES:
        for name in NAMES:
            for token in ("", street.admin(shop)):
                more = f"&id_token={token}" if token and name != "id_token" else ""
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                answer = street.browser.get(f"/p/shopify/{path}?{name}={value}{more}", headers=headers)
                assert answer.status_code < 500, (name, value, answer.text[:300])
                assert "X-Evil" not in answer.headers and "<script>alert" not in answer.text, (name, value)
                assert "evil" not in answer.headers["Content-Security-Policy"], (name, value)
                assert answer.headers.get("Location", "/p/shopify/").startswith("/p/shopify/"), (name, value)


def test_no_delivery_stays_in_the_way_or_does_harm(street: Street, shop: FakeShop) -> None:
    told = [
        json.dumps({
            "id": one, "order_id": one, "orders_to_redact": [one], "orders_requested": [one], "current": one,
            "customer": {"id": one, "email": one}, "previous": ["read_orders"], "shop_domain": shop.domain,
            "myshopify_domain": "nobody.myshopify.com",
        })
        for one in IDS
    ]  # fmt: skip
    for topic in TOPICS:
        for body in (DEEP, "", "{}", '{"id":' * 5000, *told):
            seal = sign(body.encode(), street.shopify.app.client_secret)
            headers = {
                "X-Shopify-Topic": topic,
                "X-Shopify-Shop-Domain": shop.domain,
                "X-Shopify-Hmac-Sha256": seal,
            }
            answer = street.browser.post("/hooks/shopify", data=body.encode(), headers=headers)
            assert answer.status_code in (200, 401), (topic, body[:60], answer.text)
    street.counter.run_jobs()
    with street.counter.db.reading(ALL, "what is left") as tx:
        outcomes = {row.outcome for row in tx.scalars(select(Receipt))}
        troubles = [(job.kind, job.words) for job in tx.scalars(select(Job)) if job.words]
        stores = [(row.domain, row.status) for row in list_stores(tx)]
    assert None not in outcomes and troubles == []
    assert stores == [(shop.domain, "connected")]
