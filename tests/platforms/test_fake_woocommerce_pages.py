"""The fake shop's pages: giving keys away, buying, and the back room."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
import requests
from fake_shop_bench import open_bench, open_receiver

REST = Path(__file__).parents[1] / "data" / "woocommerce" / "rest"


@pytest.fixture
def bench():
    with open_bench(plain_callbacks=True) as bench:
        yield bench


@pytest.fixture
def receiver():
    with open_receiver() as receiver:
        yield receiver


def wish(callback, **changes):
    return {"app_name": "Mostrador", "scope": "read_write", "user_id": "state-1", "return_url": "http://care.example/back",
            "callback_url": callback, **changes}  # fmt: skip


class Merchant:
    """A browser at the grant page."""

    def __init__(self, bench, login="admin"):
        self.bench, self.browser, self.login = bench, requests.Session(), login

    def open(self, values):
        page = self.browser.get(f"{self.bench.server.url}/wc-auth/v1/authorize", params=values, timeout=10)
        if "/login/" in page.url:
            given = dict(re.findall(r'type="hidden" name="(\w+)" id="\w+" value="([^"]*)"', page.text))
            given = {name: unescape(value) for name, value in given.items()} | {
                "log": self.login,
                "pwd": "password",
            }
            page = self.browser.post(f"{self.bench.server.url}/wc-auth/v1/login/", data=given, timeout=10)
        return page

    def press(self, page, name="approve"):
        link = unescape(re.search(rf'class="wc-auth-{name}" href="([^"]+)"', page.text)[1])
        if link.startswith("/"):
            return self.browser.get(self.bench.server.url + link, allow_redirects=False, timeout=10)
        return link


def test_who_is_not_signed_in_is_sent_to_the_login_page(bench, receiver):
    answer = bench.page("/wc-auth/v1/authorize", params=wish(receiver.url))
    assert answer.status_code == 302 and "/wc-auth/v1/login/?" in answer.headers["Location"]


@pytest.mark.parametrize(("changes", "words"), [
    ({"scope": ""}, "Missing parameter scope"),
    ({"scope": "admin"}, "Invalid scope admin"),
    ({"user_id": ""}, "Missing parameter user_id"),
    ({"callback_url": "http://care.example/x"}, "The callback_url needs to be over SSL"),
])  # fmt: skip
def test_a_missing_or_bad_parameter_is_a_401_page(bench, changes, words):
    answer = bench.page("/wc-auth/v1/authorize", params=wish("https://care.example/x", **changes))
    assert answer.status_code == 401 and f"Error: {words}" in answer.text


def test_the_grant_page_names_the_app_the_rights_and_the_callback_s_host(bench, receiver):
    page = Merchant(bench).open(wish("care.example/callback"))
    assert page.status_code == 200 and "share credentials with care.example" in page.text
    assert "Create webhooks" in page.text and "Read/Write" in page.text


def test_approving_posts_the_keys_from_the_shop_s_server_before_the_browser_comes_back(bench, receiver):
    merchant = Merchant(bench)
    answer = merchant.press(merchant.open(wish(receiver.url)))
    (posted,) = receiver.arrived
    recorded = json.loads((REST / "wc_auth_callback.json").read_text())
    assert posted.json().keys() == recorded.keys() and posted.json()["user_id"] == "state-1"
    assert posted.headers["content-type"] == "application/json;charset=UTF-8"
    assert posted.headers["user-agent"] == f"WordPress/7.1; {bench.server.url}"
    assert (
        answer.status_code == 302
        and answer.headers["Location"] == "http://care.example/back?success=1&user_id=state-1"
    )
    key = bench.shop.keys[-1]
    assert posted.json()["consumer_secret"] == key.consumer_secret
    assert re.fullmatch(r"ck_[0-9a-f]{40}", key.consumer_key)


@pytest.mark.parametrize("status", ["201 Created", "204 No Content", "302 Found", "500 Oops"])
def test_a_callback_that_does_not_answer_exactly_200_costs_the_key(bench, receiver, status):
    receiver.status = status
    merchant, before = Merchant(bench), len(bench.shop.keys)
    answer = merchant.press(merchant.open(wish(receiver.url)))
    assert answer.status_code == 401 and "unable to send the consumer data" in answer.text
    assert len(bench.shop.keys) == before and len(receiver.arrived) == 1


def test_approving_twice_posts_a_second_pair_of_keys(bench, receiver):
    merchant = Merchant(bench)
    page = merchant.open(wish(receiver.url))
    merchant.press(page)
    merchant.press(page)
    keys = [one.json()["consumer_key"] for one in receiver.arrived]
    assert len(set(keys)) == 2 and {one.json()["user_id"] for one in receiver.arrived} == {"state-1"}


def test_denying_leads_back_with_success_0(bench, receiver):
    merchant = Merchant(bench)
    assert (
        merchant.press(merchant.open(wish(receiver.url)), "deny")
        == "http://care.example/back?success=0&user_id=state-1"
    )
    assert not receiver.arrived


@pytest.mark.parametrize(("role", "status"), [("shop_manager", 200), ("customer", 401)])
def test_only_who_manages_the_shop_may_approve(bench, receiver, role, status):
    bench.shop.add_user("marta", "marta@example.com", role)
    assert Merchant(bench, "marta").open(wish(receiver.url)).status_code == status


def test_a_callback_on_a_private_host_is_not_a_valid_url_to_the_shop(bench, receiver):
    bench.shop.manners.public_receivers_only = True
    merchant = Merchant(bench)
    answer = merchant.press(merchant.open(wish(receiver.url)))
    assert (
        answer.status_code == 401 and "A valid URL was not provided" in answer.text and not receiver.arrived
    )


def test_a_made_up_nonce_is_refused(bench, receiver):
    merchant = Merchant(bench)
    merchant.open(wish(receiver.url))
    answer = merchant.browser.get(f"{bench.server.url}/wc-auth/v1/access_granted/",
                                  params=wish(receiver.url, wc_auth_nonce="made-up"), timeout=10)  # fmt: skip
    assert answer.status_code == 401 and not receiver.arrived


def buy(bench):
    browser, home = requests.Session(), bench.server.url
    assert browser.get(f"{home}/checkout/", timeout=10).url == f"{home}/cart/"
    browser.post(f"{home}/cart/", data={"add": "10"}, timeout=10)
    values = {"email": "ana@example.com", "first_name": "Ana", "last_name": "<b>Ruiz</b>", "payment": "cod"}
    return browser, browser.post(f"{home}/checkout/", data=values, timeout=10)


def test_a_purchase_can_be_clicked_through(bench):
    _, page = buy(bench)
    (order,) = bench.shop.orders.values()
    assert f"/checkout/order-received/{order.id}/?key=" in page.url and f"Pedido {order.number}" in page.text
    assert order.status == "processing" and order.billing["email"] == "ana@example.com"


def test_the_thank_you_page_opens_for_any_id_and_shows_an_order_only_to_its_key(bench):
    buy(bench)
    (order,) = bench.shop.orders.values()
    for path in (f"/checkout/order-received/{order.id}/", f"/checkout/order-received/{order.id}/?key=wrong",
                 "/checkout/order-received/999/"):  # fmt: skip
        answer = bench.page(path)
        assert answer.status_code == 200 and order.number not in answer.text


def test_the_widget_is_on_the_pages_once_the_plugin_is_connected(bench):
    assert "widget/loader.js" not in bench.page("/").text
    bench.shop.plugin.connect(
        {"service": "https://care.example", "store": "st_12345678", "secret": "ab" * 32}
    )
    page = bench.page("/product/taza-azul/").text
    assert 'data-steps="product"' in page and 'data-product="10"' in page and "data-proof" not in page
    _, thanks = buy(bench)
    assert 'data-steps="thank_you"' in thanks.text and 'data-proof="order.' in thanks.text
    assert "ana@example.com" not in thanks.text


def test_the_shop_s_cart_tells_its_total_in_minor_units(bench):
    browser = requests.Session()
    browser.post(f"{bench.server.url}/cart/", data={"add": "10"}, timeout=10)
    cart = browser.get(f"{bench.server.url}/wp-json/wc/store/v1/cart", timeout=10).json()
    assert cart["totals"] == {"total_price": "3890000", "currency_code": "COP", "currency_minor_unit": 2}


def test_the_back_room_is_for_staff_and_plays_the_merchant(bench, receiver):
    home = f"{bench.server.url}/wp-admin/"
    hook = bench.hook(receiver.url)
    browser = requests.Session()
    browser.post(home, data={"act": "place"}, timeout=10)
    assert not bench.shop.orders
    browser.post(f"{home}login", data={"log": "admin", "pwd": "password"}, timeout=10)

    def act(**values):
        assert browser.post(home, data=values, timeout=10).status_code == 200

    act(act="place", email="ana@example.com", payment="card")
    (order,) = bench.shop.orders.values()
    act(act="status", order=order.id, status="despachado")
    act(act="track", order=order.id, number="<b>77</b>")
    act(act="cron")
    assert receiver.deliveries[-1].json()["status"] == "despachado"
    act(act="lose")
    act(act="refund", order=order.id)
    act(act="cron")
    assert len(receiver.deliveries) == 1 and order.status == "refunded" and hook.failures == 1
    act(act="hook", hook=hook.id, status="disabled")
    act(act="switch", name="fulfillments")
    assert hook.status == "disabled" and bench.shop.manners.fulfillments
    assert "<b>77</b>" not in browser.get(home, timeout=10).text


def test_a_form_posted_from_elsewhere_does_nothing(bench):
    home = f"{bench.server.url}/wp-admin/"
    browser = requests.Session()
    browser.post(f"{home}login", data={"log": "admin", "pwd": "password"}, timeout=10)
    answer = browser.post(home, data={"act": "place"}, headers={"Sec-Fetch-Site": "cross-site"}, timeout=10)
    assert answer.status_code == 403 and not bench.shop.orders
