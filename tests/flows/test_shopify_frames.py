"""The way of a merchant and of a shopper through Shopify's frames: the real house, a Shopify over a real socket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from desk_house import OURS, Counter, open_counter

from adapters.shopify.hooks import SCOPES
from faq_links import EXAMPLE_ANSWERS
from plugin.database import ALL
from plugin.stores import StoreRow, as_contract
from plugin.stores.page_stores import look_up_store
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT
from plugin.testing.fake_shopify import FakeServer, FakeShop, serve_shopify, sign_proxy

ANSWERS = {locale: dict(words) for locale, words in EXAMPLE_ANSWERS.items()}
RETRY = "X-Shopify-Retry-Invalid-Session-Request"


class Street:
    """Our house and Shopify's, with a clock that both go by."""

    def __init__(self, counter: Counter, shopify: FakeServer) -> None:
        self.counter, self.shopify, self.browser = counter, shopify, counter.browser()

    def open_home(self, shop: FakeShop, token: str = "", **more: str) -> Any:
        token = token or self.shopify.platform.mint_id_token(shop.domain)
        query = {
            "embedded": "1",
            "shop": shop.domain,
            "host": "YWRtaW4",
            "locale": "es",
            "id_token": token,
        } | more
        return self.browser.get(f"/p/shopify/home?{urlencode(query)}")

    def post(self, path: str, token: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/html;q=0.9"}
        return self.browser.post(f"/p/shopify/{path}", json=body or {}, headers=headers)

    def admin(self, shop: FakeShop, **claims: Any) -> str:
        return self.shopify.platform.mint_id_token(shop.domain, **claims)

    def shopper(self, shop: FakeShop, customer: str = "") -> str:
        sub = f"gid://shopify/Customer/{customer}" if customer else ""
        return self.shopify.platform.mint_id_token(
            shop.domain, "customer-account" if customer else "checkout", sub=sub
        )

    def find(self, shop: FakeShop) -> StoreRow:
        with self.counter.db.reading(ALL, "the store of a test") as tx:
            row = look_up_store(tx, "shopify", shop.domain)
        assert row is not None
        return row

    def connect(self, shop: FakeShop) -> StoreRow:
        assert self.open_home(shop).status_code == 200
        self.counter.run_jobs()
        row = self.find(shop)
        with self.counter.db.transaction(row.id) as tx:
            tx.get(StoreRow, row.id).answers = ANSWERS
        return self.find(shop)


@contextmanager
def open_street(folder: Path, database_url: str, **more: str) -> Iterator[Street]:
    clock = FrozenClock(MOMENT)
    with serve_shopify(clock=clock, app_origin="http://127.0.0.1:8080") as shopify:
        shopify.app.scopes = tuple(sorted(SCOPES))
        settings = {
            "shopify_client_id": shopify.app.client_id,
            "shopify_client_secret": shopify.app.client_secret,
            "shopify_fake_url": shopify.url,
            "installs": "open",
            "allow_private_hosts": "true",
            **more,
        }
        with open_counter(folder, database_url, **settings) as counter:
            yield Street(counter, shopify)


@pytest.fixture
def street(tmp_path: Path, database_url: str) -> Iterator[Street]:
    with open_street(tmp_path, database_url) as opened:
        yield opened


def find_directive(answer: Any, name: str) -> str:
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";")
    )
    return policy[name]


def test_the_first_visit_to_the_home_connects_the_shop_and_the_next_finds_it(street: Street) -> None:
    shop = street.shopify.add_shop("flores")
    first = street.open_home(shop)
    assert first.status_code == 200, first.get_data(as_text=True)
    row = street.find(shop)
    assert (row.platform, row.domain, as_contract(row).credentials["access_token"][:6]) == (
        "shopify", shop.domain, "shpat_"
    )  # fmt: skip
    assert row.access_expires_at is not None and row.refresh_before is not None
    street.counter.run_jobs()
    exchanged = [path for _, path in street.shopify.platform.asked if path.endswith("/access_token")]
    assert street.open_home(shop).status_code == 200 and street.find(shop).id == row.id
    again = [path for _, path in street.shopify.platform.asked if path.endswith("/access_token")]
    assert len(again) - len(exchanged) == 1, "the second visit only asks who is there"
    assert street.shopify.platform.foreign == []


def test_MISSING_EMBEDDED_CSP_every_answer_is_framed_by_its_shop_or_by_nobody(street: Street) -> None:
    shops = [street.shopify.add_shop(name) for name in ("flores", "cafe")]
    for shop in shops * 2:
        answer = street.open_home(shop)
        assert find_directive(answer, "frame-ancestors") == (
            f"https://{shop.domain} https://admin.shopify.com {street.shopify.url}"
        )  # fmt: skip
        assert find_directive(answer, "script-src") == f"'self' {street.shopify.url}"
        assert answer.headers["Referrer-Policy"] == "no-referrer" and "Set-Cookie" not in answer.headers
    nowhere = [
        street.browser.get("/p/shopify/home"), street.browser.get("/p/shopify/nothing"), street.post("home", "a.b.c"),
        street.browser.get("/p/shopify/chat"), street.browser.get("/p/shopify/proxy"),
        street.browser.get("/p/shopify/home?shop=evil.com"), street.browser.put("/p/shopify/home"),
    ]  # fmt: skip
    assert [find_directive(one, "frame-ancestors") for one in nowhere] == ["'none'"] * len(nowhere)


def test_a_stale_token_goes_by_the_bounce_page_and_a_script_is_told_to_ask_again(street: Street) -> None:
    shop = street.shopify.add_shop("flores")
    street.connect(shop)
    stale = street.admin(shop)
    street.counter.clock.advance(71)
    street.shopify.platform.clock.advance(71)
    answer = street.open_home(shop, stale)
    assert answer.status_code == 302 and answer.headers["Location"].startswith(
        "/p/shopify/bounce?shop=flores."
    )
    bounce = street.browser.get(answer.headers["Location"])
    assert bounce.status_code == 200 and "app-bridge.js" in bounce.get_data(as_text=True)
    for path in ("home", "desk", "extensions"):
        refused = street.post(path, stale, {"mail_mode": "all"})
        assert (refused.status_code, refused.headers[RETRY]) == (401, "1")


def test_a_form_of_the_home_is_done_and_a_policy_link_is_confirmed_and_taken_back(street: Street) -> None:
    shop = street.shopify.add_shop("flores")
    street.connect(shop)
    answer = street.post("home", street.admin(shop), {"mail_mode": "all"})
    assert answer.status_code == 200 and "<main" in answer.get_data(as_text=True)
    assert street.find(shop).mail_mode == "all"
    assert street.post("home", street.admin(shop), {"confirm": "policy_links"}).status_code == 200
    assert "policy_links" in street.find(shop).kept
    assert street.post("home", street.admin(shop), {"withdraw": "policy_links"}).status_code == 200
    assert "policy_links" not in street.find(shop).kept
    refused = street.post("home", street.admin(shop), {"live": "yes"})
    assert refused.status_code == 403 and refused.get_json()["message"]


def test_the_desk_is_opened_from_the_home_once_and_for_that_store_alone(street: Street) -> None:
    shop, other = street.shopify.add_shop("flores"), street.shopify.add_shop("cafe")
    row, another = street.connect(shop), street.connect(other)
    token = street.post("desk", street.admin(shop)).get_json()["token"]
    tab = street.counter.browser()
    page = tab.post("/desk/arrive", data={"token": token}, headers=OURS)
    assert page.status_code == 303 and page.headers["Location"].endswith(f"/desk/{row.public_id}/")
    assert tab.get(f"/desk/{row.public_id}/").status_code == 200
    assert tab.get(f"/desk/{another.public_id}/").status_code in (302, 303, 403, 404)
    assert (
        street.counter.browser().post("/desk/arrive", data={"token": token}, headers=OURS).status_code == 403
    )


def test_what_app_bridge_reports_is_kept_and_where_the_shop_stands(street: Street) -> None:
    shop = street.shopify.add_shop("flores", domain="www.flores.example")
    street.connect(shop)
    reported = [{"handle": "mostrador-chat", "type": "ui_extension", "activations": [{"target": "x"}]}]
    assert street.post("extensions", street.admin(shop), {"extensions": reported}).status_code == 200
    row = street.find(shop)
    assert row.kept["extensions"] == '{"mostrador-chat": "active"}'
    assert row.origins == [f"https://{shop.domain}", "https://www.flores.example", street.shopify.url]


def test_the_chat_page_and_its_session_belong_to_the_shop_of_the_token(street: Street) -> None:
    shop, other = street.shopify.add_shop("flores"), street.shopify.add_shop("cafe")
    row = street.connect(shop)
    street.connect(other)
    page = street.browser.get(
        f"/p/shopify/chat?{urlencode({'id_token': street.shopper(shop), 'locale': 'es-CO'})}"
    )
    ancestors = find_directive(page, "frame-ancestors").split()
    assert (
        page.status_code == 200
        and f"https://{shop.domain}" in ancestors
        and f"https://{other.domain}" not in ancestors
    )
    document = re.search(r'name="mostrador-document" content="([^"]+)"', page.get_data(as_text=True))
    assert document is not None and street.browser.get(document[1]).status_code == 200
    session = street.post("session", street.shopper(shop), {"step": "payment", "store": "x"}).get_json()
    assert (session["store"], session["steps"], session["proof"]) == (
        row.public_id,
        ["checkout", "payment"],
        None,
    )


def ask_order(street: Street, token: str, order: Any, **more: str) -> Any:
    body = {
        "order": f"gid://shopify/Order/{order.id}",
        "confirmation_number": "",
        "checkout_token": "",
        "locale": "es",
    }
    return street.post("order", token, body | more)


def test_an_order_is_shown_by_what_was_proven_and_else_is_the_same_404(street: Street) -> None:
    shop, other = street.shopify.add_shop("flores"), street.shopify.add_shop("cafe")
    row = street.connect(shop)
    street.connect(other)
    order = shop.place_order(paid=True, customer_id=7001)
    street.counter.run_jobs()
    whole = ask_order(street, street.shopper(shop, "7001"), order)
    assert whole.status_code == 200, whole.get_data(as_text=True)
    assert whole.headers["Access-Control-Allow-Origin"] == "*" and not whole.get_json()["redacted"]
    assert whole.get_json()["order"]["lines"] and "proof" not in whole.get_json()
    # The page behind a mail's link knows both of these; whoever has the mail is nobody known.
    for keys in ({"checkout_token": order.checkout_token}, {"confirmation_number": order.confirmation}):
        redacted = ask_order(street, street.shopper(shop), order, **keys)
        assert redacted.status_code == 200 and redacted.get_json()["redacted"]
        assert redacted.get_json()["order"]["lines"] == [] and "proof" not in redacted.get_json()
    nothing = [
        ask_order(street, street.shopper(shop), order), ask_order(street, street.shopper(shop), order,
        checkout_token="x"),
        ask_order(street, street.shopper(other), order, checkout_token=order.checkout_token),
        ask_order(street, street.shopper(shop, "999"), order), ask_order(street, street.shopper(other, "7001"), order),
    ]  # fmt: skip
    assert {(one.status_code, one.data) for one in nothing} == {(404, nothing[0].data)}
    widget = street.browser.get("/p/shopify/links?step=thank-you&locale=es",
                                headers={"Authorization": f"Bearer {street.shopper(shop)}"})  # fmt: skip
    assert widget.status_code == 200 and row.public_id in widget.get_json()["hub_url"]
    preflight = street.browser.options("/p/shopify/order")
    assert preflight.status_code == 204 and preflight.headers["Access-Control-Allow-Origin"] == "*"


def test_APP_PROXY_UNVERIFIED_SIGNATURE_a_repeated_parameter_is_refused_over_http_too(street: Street) -> None:
    shop = street.shopify.add_shop("flores")
    street.connect(shop)
    query = {"shop": shop.domain, "logged_in_customer_id": "7001", "path_prefix": "/apps/mostrador",
             "timestamp": str(int(MOMENT.timestamp()))}  # fmt: skip
    signed = urlencode(sign_proxy(query, street.shopify.app.client_secret))
    good = street.browser.get(f"/p/shopify/proxy?{signed}")
    assert good.status_code == 200 and good.get_json()["proof"].startswith("customer.")
    assert good.headers["Cache-Control"] == "no-store" and good.mimetype == "application/json"
    for more in ("&logged_in_customer_id=7002", f"&shop={shop.domain}", "&extra=1", "&signature=0"):
        assert street.browser.get(f"/p/shopify/proxy?{signed}{more}").status_code == 401


def test_a_custom_app_is_connected_by_the_code_grant_and_only_by_the_browser_that_began(
    tmp_path: Path, sqlite_url: str
) -> None:
    with open_street(tmp_path, sqlite_url, shopify_distribution="custom") as street:
        street.shopify.app.distribution = "custom"
        shop = street.shopify.add_shop("flores", installed=False)
        begun = street.browser.post("/install/shopify", data={"shop": shop.domain}, headers=OURS)
        assert begun.status_code == 303, begun.get_data(as_text=True)
        asked = begun.headers["Location"]
        assert asked.startswith(f"{street.shopify.url}/shops/{shop.domain}/admin/oauth/authorize?")
        fields = dict(parse_qsl(urlsplit(asked).query))
        approved = requests.post(asked.partition("?")[0], data=fields, allow_redirects=False, timeout=10)
        back = urlsplit(approved.headers["Location"])
        assert back.path == "/install/shopify/callback"
        way = f"{back.path}?{back.query}"
        assert street.counter.browser().get(way).status_code == 400, "another browser"
        doubled = street.browser.get(f"{way}&shop={shop.domain}")
        assert doubled.status_code == 422, "a value that stands there twice is not what Shopify signed"
        begun = street.browser.post("/install/shopify", data={"shop": shop.domain}, headers=OURS)
        asked = begun.headers["Location"]
        approved = requests.post(
            asked.partition("?")[0],
            data=dict(parse_qsl(urlsplit(asked).query)),
            allow_redirects=False,
            timeout=10,
        )
        back = urlsplit(approved.headers["Location"])
        way = f"{back.path}?{back.query}"
        assert street.browser.get(way).headers["Location"] == "/install/shopify/connected"
        assert street.browser.get(way).status_code == 400, "once"
        kept = as_contract(street.find(shop)).credentials
        assert kept["access_token"].startswith("shpat_") and kept["refresh_token"]


def test_a_listed_app_asks_for_no_address_and_says_where_it_is_installed(
    tmp_path: Path, sqlite_url: str
) -> None:
    given = {"shopify_client_id": "c" * 32, "shopify_client_secret": "shpss_" + "0" * 32, "installs": "open"}
    with open_counter(tmp_path, sqlite_url, **given) as counter:
        browser = counter.browser()
        page = browser.get("/install/shopify")
        assert page.status_code == 200 and 'name="shop"' not in page.get_data(as_text=True)
        told = browser.post("/install/shopify", headers=OURS | {"Accept-Language": "en"})
        assert told.status_code == 422 and "App Store" in told.get_data(as_text=True)


def test_a_public_app_leads_to_shopifys_own_page(street: Street) -> None:
    shop = street.shopify.add_shop("flores")
    begun = street.browser.post("/install/shopify", data={"shop": shop.domain}, headers=OURS)
    assert (begun.status_code, begun.headers["Location"]) == (303, f"{street.shopify.url}/admin/flores")
    refused = street.browser.post("/install/shopify", data={"shop": "evil.com"}, headers=OURS)
    assert refused.status_code == 422 and "myshopify.com" in refused.get_data(as_text=True)
    keys = street.browser.post("/install/shopify", data={"keys": "1"}, headers=OURS)
    assert keys.status_code == 422
