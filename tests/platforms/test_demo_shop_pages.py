"""Buying in the demo shop by plain forms, and working in its back room, as a browser without scripts would."""

from __future__ import annotations

import html
import json
import re
import zlib
from collections.abc import Iterator
from string import Formatter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from itsdangerous import base64_decode
from test_demo_shop_process import TOKEN, OpenShop, Receiver, open_shop

from adapters.demo.shop.words import LOCALES, load_words
from plugin.contract import OrderStatus, PaymentStatus, Visitor, WebRequest

GOOD_CARD = {"payment": "card", "number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}
BAD_CARD = {**GOOD_CARD, "number": "4000 0000 0000 0002"}
HOME = {"street": "Calle Feria 12", "city": "Sevilla", "postcode": "41003", "country": "ES", "delivery": "standard"}
STEPS = {
    "/": "home,catalogue", "/product/taza-sol": "product", "/cart": "cart", "/checkout/contact": "checkout,contact",
    "/checkout/shipping": "checkout,shipping", "/checkout/payment": "checkout,payment",
    "/checkout/review": "checkout,review", "/order-status": "order_status", "/account": "account",
}


@pytest.fixture(scope="module")
def shop() -> Iterator[OpenShop]:
    with open_shop("--no-mailbox") as opened:
        yield opened


@pytest.fixture
def receiver(shop: OpenShop) -> Iterator[Receiver]:
    opened = Receiver()
    shop.connect(opened)
    yield opened
    shop.ask("DELETE", "/api/connection")
    opened.server.shutdown()
    opened.server.server_close()


class Shopper:
    """Somebody with a browser of their own."""

    def __init__(self, shop: OpenShop, locale: str = "es") -> None:
        self.shop, self.base = shop, f"{shop.url}/{locale}"
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.base + path, timeout=10)

    def send(self, path: str, **fields: Any) -> requests.Response:
        return self.session.post(self.base + path, data=fields, timeout=10)

    def fill_checkout(self, card: dict[str, str] = GOOD_CARD, product: str = "taza-sol") -> None:
        self.send("/cart/add", product=product, quantity=2)
        self.send("/checkout/contact", email="ana@example.com", name="Ana Ruiz")
        self.send("/checkout/shipping", **HOME)
        assert self.send("/checkout/payment", **card).url.endswith("/checkout/review")

    def buy(self, card: dict[str, str] = GOOD_CARD, product: str = "taza-sol") -> requests.Response:
        self.fill_checkout(card, product)
        return self.send("/checkout/review")


def number_in(page: requests.Response) -> str:
    return page.url.split("/order/")[1].split("/")[0]


def tag_in(page: requests.Response) -> dict[str, str]:
    """The attributes of the page's only script."""
    tags = re.findall(r"<script\b([^>]*)>(.*?)</script>", page.text, re.DOTALL)
    assert len(tags) == 1
    assert tags[0][1] == ""
    return {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tags[0][0])}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_purchase_by_forms_alone_ends_in_a_paid_order_and_a_signed_webhook(shop, receiver, locale):
    shopper = Shopper(shop, locale)
    page = shopper.buy()
    assert page.status_code == 200
    assert page.url.endswith("/thanks")
    receiver.wait_for(1)
    (order,) = receiver.orders(shop)
    assert receiver.deliveries(shop)[0].topic == "order.created"
    assert (order.number, order.email, order.locale) == (number_in(page), "ana@example.com", locale)
    assert (order.status, order.payment_status) == (OrderStatus.pending, PaymentStatus.paid)
    assert (str(order.total.amount), order.total.currency, order.country) == ("40.50", "EUR", "ES")
    assert "Ana" in page.text
    assert f'<html lang="{locale}">' in page.text
    assert shopper.get("/cart").text.count('class="lines"') == 0


def test_the_same_review_sent_twice_buys_once(shop):
    shopper = Shopper(shop)
    shopper.fill_checkout()
    cookies = dict(shopper.session.cookies)
    answers = [
        requests.post(f"{shopper.base}/checkout/review", cookies=cookies, timeout=10, allow_redirects=False)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.headers["Location"] for answer in answers}) == 1


def test_a_declined_card_makes_a_failed_order_that_another_card_pays(shop, receiver):
    shopper = Shopper(shop)
    page = shopper.buy(BAD_CARD)
    assert page.url.endswith("/pay")
    assert tag_in(page)["data-steps"] == "order_pay"
    again = shopper.send(f"/order/{number_in(page)}/pay", **BAD_CARD)
    assert again.url.endswith("/pay")
    assert shopper.send(f"/order/{number_in(page)}/pay", **GOOD_CARD).url.endswith("/thanks")
    receiver.wait_for(2)
    failed, paid = receiver.orders(shop)
    assert (failed.status, failed.payment_status) == (OrderStatus.failed, PaymentStatus.failed)
    assert (paid.status, paid.payment_status) == (OrderStatus.pending, PaymentStatus.paid)
    assert paid.modified_at > failed.modified_at


def test_a_download_needs_no_address_and_is_complete_once_paid(shop, receiver):
    shopper = Shopper(shop)
    shopper.send("/cart/add", product="guia-esmaltes")
    shopper.send("/checkout/contact", email="ana@example.com", name="Ana")
    assert shopper.get("/checkout/shipping").url.endswith("/checkout/payment")
    assert shopper.send("/checkout/payment", payment="on_delivery").status_code == 422
    shopper.send("/checkout/payment", **GOOD_CARD)
    shopper.send("/checkout/review")
    receiver.wait_for(1)
    (order,) = receiver.orders(shop)
    assert (order.needs_shipping, order.dispatched, order.status) == (False, False, OrderStatus.completed)
    assert str(order.total.amount) == "12.00"


@pytest.mark.parametrize(("way", "payment"), [
    ("transfer", PaymentStatus.unpaid), ("on_delivery", PaymentStatus.on_delivery),
])
def test_other_ways_to_pay_leave_the_order_unpaid_and_say_how(shop, receiver, way, payment):
    page = Shopper(shop, "en").buy({"payment": way})
    receiver.wait_for(1)
    (order,) = receiver.orders(shop)
    assert (order.payment_status, order.pay_on_delivery) == (payment, way == "on_delivery")
    assert order.paid_at is None
    assert "€40.50" in page.text


def test_pesos_have_no_cents(shop, receiver):
    shopper = Shopper(shop)
    shopper.send("/currency", currency="COP")
    shopper.buy()
    receiver.wait_for(1)
    (order,) = receiver.orders(shop)
    assert (str(order.total.amount), order.total.currency) == ("178000", "COP")
    assert "$\u00a079.000" in shopper.get("/product/taza-sol").text


@pytest.mark.parametrize(("path", "fields", "wrong"), [
    ("/checkout/contact", {"email": "ana@", "name": ""}, {"email", "name"}),
    ("/checkout/shipping", {**HOME, "street": "", "country": "XX", "delivery": "?"}, {"street", "country", "delivery"}),
    ("/checkout/payment", {"payment": "gold"}, {"payment"}),
    ("/checkout/payment", {**GOOD_CARD, "number": "4242424242424241", "expiry": "01/20", "cvc": "x"},
     {"number", "expiry", "cvc"}),
])
def test_what_is_wrong_in_a_form_is_said_and_linked_and_what_was_typed_stays(shop, path, fields, wrong):
    shopper = Shopper(shop)
    shopper.send("/cart/add", product="taza-sol")
    shopper.send("/checkout/contact", email="ana@example.com", name="Ana")
    shopper.send("/checkout/shipping", **HOME)
    page = shopper.send(path, **fields)
    assert page.status_code == 422
    for name in wrong:
        assert f'<a href="#{name}">{load_words("es")[f"wrong.{name}"]}</a>' in html.unescape(page.text)
        assert f'id="{name}"' in page.text
    if "city" in fields:
        assert 'value="Sevilla"' in page.text


def test_nobody_gets_ahead_of_the_checkout(shop):
    shopper = Shopper(shop)
    assert shopper.get("/checkout/review").url.endswith("/cart")
    shopper.send("/cart/add", product="taza-sol")
    assert shopper.send("/checkout/review").url.endswith("/checkout/contact")
    shopper.send("/checkout/contact", email="ana@example.com", name="Ana")
    assert shopper.get("/checkout/payment").url.endswith("/checkout/shipping")


def test_the_cookie_never_holds_the_card(shop):
    shopper = Shopper(shop)
    shopper.fill_checkout()
    cookie = next(iter(shopper.session.cookies))
    assert cookie.name.endswith(str(urlsplit(shop.url).port))
    # Anybody may read it: base64, packed when it begins with a dot; only the signature needs the key.
    payload = (cookie.value or "").lstrip(".").rpartition(".")[0].rpartition(".")[0]
    raw = base64_decode(payload)
    text = (zlib.decompress(raw) if (cookie.value or "").startswith(".") else raw).decode()
    assert json.loads(text)["payment"] == {"payment": "card", "last": "4242", "declined": False}
    assert "4242424242424242" not in text.replace(" ", "")


def test_each_page_of_the_purchase_carries_the_widget_with_its_steps_and_only_then(shop, receiver):
    shopper = Shopper(shop, "en")
    shopper.fill_checkout()
    for path, steps in STEPS.items():
        assert tag_in(shopper.get(path)) == {
            "src": f"{receiver.origin}/widget/loader.js", "data-store": "st_test", "data-api": receiver.origin,
            "data-steps": steps, "data-locale": "en", "data-accent": "#a8472a",
        }
    shop.ask("DELETE", "/api/connection")
    assert all("<script" not in shopper.get(path).text for path in STEPS)


def test_only_the_browser_that_bought_carries_a_proof_which_the_adapter_believes(shop, receiver):
    shopper = Shopper(shop)
    thanks = shopper.buy()
    number = number_in(thanks)
    for page in (thanks, shopper.get(f"/order/{number}"), shopper.get(f"/order-status?order={number}")):
        proof = shop.adapter.read_proof(tag_in(page)["data-proof"])
        assert proof.claimed_store == "st_test"
        assert shop.adapter.verify_proof(proof, shop.store) == Visitor(order_external_id=number.removeprefix("BS-"))
    stranger = Shopper(shop)
    assert stranger.get(f"/order/{number}").status_code == 404
    assert stranger.get(f"/order/{number}/thanks").status_code == 404
    seen = stranger.send("/order-status", order=number.lower(), email="ANA@example.com")
    assert number in seen.text
    assert "data-proof" not in tag_in(seen)
    for email, wanted in (("eva@example.com", number), ("ana@example.com", "BS-9")):
        refused = stranger.send("/order-status", order=wanted, email=email)
        assert refused.status_code == 422
        assert "Taza" not in refused.text


def test_the_strictest_policy_is_on_each_page(shop, receiver):
    policy = read_policy(Shopper(shop).get("/checkout/contact"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == policy["connect-src"] == [receiver.origin]
    assert policy["style-src"] == policy["img-src"] == policy["form-action"] == ["'self'"]
    assert policy["require-trusted-types-for"] == ["'script'"]
    assert policy["trusted-types"] == ["'none'"]


def read_policy(page: requests.Response) -> dict[str, list[str]]:
    parts = (part.split() for part in page.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


def test_no_page_holds_inline_script_or_style(shop, receiver):
    shopper = Shopper(shop)
    pages = [shopper.buy(), *(shopper.get(path) for path in STEPS)]
    for page in pages:
        assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", page.text)


def test_text_stays_text(shop, receiver):
    evil = "<img src=x onerror=alert(1)>"
    order = shop.place(name=evil, street=evil)
    shopper = Shopper(shop)
    page = shopper.send("/order-status", order=order["number"], email="ana@example.com")
    admin = enter_back_room(shop)
    for text in (page.text, admin.get(f"{shop.url}/admin/orders/{order['id']}", timeout=10).text):
        assert order["number"] in text
        assert evil not in text


def test_another_site_can_neither_post_forms_nor_borrow_the_name(shop):
    shopper = Shopper(shop)
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        answer = shopper.session.post(f"{shopper.base}/cart/add", data={"product": "taza-sol"},
                                      headers={"Origin": origin}, timeout=10)
        assert answer.status_code == 403
    own = shopper.session.post(f"{shopper.base}/cart/add", data={"product": "taza-sol"},
                               headers={"Origin": shop.url}, timeout=10)
    assert own.status_code == 200
    assert shopper.session.get(shop.url, headers={"Host": "evil.example"}, timeout=10).status_code == 421


def enter_back_room(shop: OpenShop) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    key = parse_qs(urlsplit(shop.addresses["admin"]).query)["key"][0]
    session.post(f"{shop.url}/admin/enter", data={"key": key}, timeout=10)
    return session


def test_the_back_room_opens_by_a_button_never_by_fetching_its_link(shop):
    session = requests.Session()
    session.trust_env = False
    assert session.get(shop.addresses["admin"], timeout=10).status_code == 200
    assert session.get(f"{shop.url}/admin/orders/1001", timeout=10).url.endswith("/admin/")
    wrong = session.post(f"{shop.url}/admin/enter", data={"key": "guess"}, timeout=10)
    assert wrong.status_code == 403
    assert enter_back_room(shop).get(f"{shop.url}/admin/", timeout=10).status_code == 200


def test_the_back_room_s_buttons_do_what_they_say(shop, receiver):
    order = shop.place(lines=[{"product": "taza-sol", "quantity": 2}, {"product": "florero-alba"}], payment="transfer")
    admin = enter_back_room(shop)

    def press(action: str, **fields: str) -> requests.Response:
        return admin.post(f"{shop.url}/admin/orders/{order['id']}/{action}", data=fields, timeout=10)

    page = admin.get(f"{shop.url}/admin/orders/{order['id']}", timeout=10)
    assert set(re.findall(rf"/admin/orders/{order['id']}/(\w+)", page.text)) == {
        "pay", "decline", "prepare", "hold", "send_again", "ship", "cancel", "note", "delete"}
    press("pay")
    press("prepare")
    press("ship", **{"use-1": "on", "carrier-1": "Correos", "number-1": "PK1", "use-2": "on", "carrier-2": "SEUR"})
    press("delay", parcel=f"P{order['id']}-2")
    press("deliver", parcel=f"P{order['id']}-1")
    press("add_number", parcel=f"P{order['id']}-2", number="SE2")
    press("refund", amount="5,50", reason="Un golpe")
    receiver.wait_for(8)
    last = receiver.orders(shop)[-1]
    assert [(one.tracking_number, one.carrier, one.raw_status) for one in last.shipments or ()] == [
        ("PK1", "Correos", "delivered"), ("SE2", "SEUR", "delayed")]
    assert [(str(one.amount.amount), one.reason) for one in last.refunds] == [("5.50", "Un golpe")]
    assert last.payment_status is PaymentStatus.partly_refunded
    refused = press("cancel", reason="tarde")
    assert "A parcel has left already" in html.unescape(refused.text)
    press("send_again")
    press("delete")
    receiver.wait_for(10)
    assert [one.topic for one in receiver.deliveries(shop)][-2:] == ["order.updated", "order.deleted"]
    assert receiver.orders(shop)[-1] == last


def test_the_back_room_s_switches_reach_the_sender(shop):
    admin = enter_back_room(shop)
    admin.post(f"{shop.url}/admin/misbehave", data={"drop": "on", "delay_seconds": "1.5"}, timeout=10)
    assert shop.ask("GET", "/api/misbehave") == {
        "duplicate": False, "shuffle": False, "drop": True, "delay_seconds": 1.5}
    admin.post(f"{shop.url}/admin/misbehave", data={"delay_seconds": "0"}, timeout=10)
    assert not any(shop.ask("GET", "/api/misbehave").values())


def test_the_merchant_connects_through_the_page_and_the_code_works_once(shop, receiver):
    urls = shop.urls(receiver)
    way = shop.adapter.begin_install(visit(""), urls, "st4te").url
    session = enter_back_room(shop)
    page = session.get(way, timeout=10)
    assert urlsplit(receiver.origin).netloc in page.text
    assert receiver.origin in read_policy(page)["form-action"]
    back = session.post(f"{shop.url}/connect", data={"state": "st4te", "callback": urls.install_callback},
                        timeout=10, allow_redirects=False)
    target = urlsplit(back.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(target.query).items()}
    assert f"{target.scheme}://{target.netloc}{target.path}" == urls.install_callback
    assert query["state"] == "st4te"
    assert TOKEN not in back.headers["Location"]
    access = shop.adapter.finish_install(visit(target.query))
    assert access.credentials == {"url": shop.url, "token": TOKEN}
    assert (access.name, access.currency, access.locale) == ("Barro y Sol", "EUR", "es")
    assert access.time_zone == "Europe/Madrid"
    with pytest.raises(Exception, match="spent"):
        shop.adapter.finish_install(visit(target.query))


def visit(query: str) -> WebRequest:
    return WebRequest(method="GET", path="/install/demo/callback", headers={},
                      query={name: values[0] for name, values in parse_qs(query).items()})


@pytest.mark.parametrize("credential", [{}, {"token": "guess"}])
def test_nobody_connects_the_shop_without_its_token(shop, credential):
    answer = requests.post(f"{shop.url}/connect", data={"state": "s", "callback": "http://127.0.0.1:9/c", **credential},
                           timeout=10, allow_redirects=False)
    assert answer.status_code == 403
    assert "Location" not in answer.headers


@pytest.mark.parametrize("callback", ["", "javascript:alert(1)", "http://127.0.0.1:9;script-src *", "//evil.example"])
def test_an_odd_way_back_is_no_way_back(shop, callback):
    answer = requests.post(f"{shop.url}/connect", data={"state": "s", "callback": callback}, timeout=10,
                           headers={"Authorization": f"Bearer {TOKEN}"}, allow_redirects=False)
    assert answer.status_code == 400
    assert "script-src *" not in answer.headers["Content-Security-Policy"]


def test_all_languages_have_the_same_words_with_the_same_blanks():
    def blanks(words: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(words) if name}

    spanish = load_words("es")
    for locale in LOCALES:
        words = load_words(locale)
        assert set(words) == set(spanish)
        assert [key for key in words if blanks(words[key]) != blanks(spanish[key])] == []
        assert all(text.strip() for text in words.values())
