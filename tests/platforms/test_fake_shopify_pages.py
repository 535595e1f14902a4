"""The fake Shopify in a browser: the admin frames the app's home, checkout its chat, with stand-ins of App Bridge."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from fake_shopify_bench import Receiver, open_bench

from plugin.testing.fake_shopify import sign_proxy
from plugin.testing.fake_shopify.identity import read_jwt
from plugin.testing.fake_shopify.nouns import Metafield
from plugin.testing.local_server import write_answer

HOME = """<!doctype html><meta name="shopify-api-key" content="key">
<script src="{fake}/shopifycloud/app-bridge.js"></script>
<p id="said"></p><script>
shopify.idToken().then(async (token) => {{
  const answer = await fetch("/again", {{ headers: {{ Authorization: "Bearer stale" }} }});
  const list = await shopify.app.extensions();
  document.getElementById("said").textContent = JSON.stringify(
    [token.split(".").length, await answer.text(), list.length]);
}});
</script>"""
CHAT = """<!doctype html><script src="{fake}/shopifycloud/checkout-web/assets/app-bridge-checkout.js"></script>
<p id="said"></p><script>
shopify.extension.port.addEventListener("message", async (event) => {{
  const token = await shopify.idToken();
  window.resizeTo(300, 400);
  document.getElementById("said").textContent = JSON.stringify(
    [event.data.step, shopify.extension.handle, token.split(".").length]);
}});
shopify.extension.port.start();
</script>"""


class App(Receiver):
    """The app's server: a home, a chat page, a question that wants a fresh token."""

    fake = ""

    def talk(self, request):
        super().talk(request)
        path, headers = self.arrived[-1].path, self.arrived[-1].headers
        if path.startswith("/p/shopify/home"):
            return [write_answer(HOME.format(fake=self.fake).encode(), content_type="text/html")]
        if path.startswith("/p/shopify/chat"):
            return [write_answer(CHAT.format(fake=self.fake).encode(), content_type="text/html")]
        if path == "/again" and headers["authorization"] == "Bearer stale":
            again = {"x-shopify-retry-invalid-session-request": "1"}
            return [write_answer(b"stale", "401 Unauthorized", **again)]
        return [write_answer(b'{"proof": null}', content_type="application/json")]


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.setattr("fake_shopify_bench.Receiver", App)
    with open_bench() as bench:
        bench.receiver.fake = bench.server.url
        yield bench


def get(bench, path, **given):
    return requests.get(f"{bench.server.url}{path}", timeout=10, allow_redirects=False, **given)


def test_every_shop_has_its_pages_and_an_unknown_one_has_none(bench):
    assert "/admin/cafe" in get(bench, "/").text
    assert [
        get(bench, path).status_code for path in ("/admin/cafe", "/storefront/cafe/", "/checkout/cafe/payment")
    ] == [200] * 3
    assert get(bench, "/admin/nobody").status_code == 404


def test_the_home_is_opened_with_a_session_token_in_the_address(bench):
    address = bench.server.application.pages.write_home_address(bench.shop)
    query = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{bench.receiver.url}/p/shopify/home?") and query["embedded"] == ["1"]
    claims = read_jwt(query["id_token"][0], bench.server.app)
    assert claims["dest"] == f"https://{bench.shop.domain}" and claims["sub"] == "1"


def test_the_buttons_of_the_admin_do_what_they_say(bench):
    def press(act, order=""):
        url = f"{bench.server.url}/admin/cafe"
        assert (
            requests.post(url, data={"act": act, "order": order}, timeout=10, allow_redirects=False).status_code
            == 303
        )

    press("place an order")
    (order,) = bench.shop.orders.values()
    for act in ("pay", "fulfil", "out for delivery", "delivered", "refund"):
        press(act, str(order.id))
    assert (order.financial, order.fulfilments[0].display_status) == ("REFUNDED", "DELIVERED")
    press("plan plus")
    assert bench.shop.is_plus
    press("uninstall")
    assert not bench.shop.installed
    assert "not installed" in get(bench, "/admin/cafe").text


def test_chat_stands_in_checkout_with_plus_alone_and_on_thank_you_everywhere(bench):
    bench.shop.place_order()
    stands = {}
    for plan in ("basic", "plus"):
        bench.shop.plan = plan
        stands[plan] = [
            'class="chat"' in get(bench, f"/checkout/cafe/{step}").text for step in ("cart", "payment", "thank-you")
        ]
    assert stands == {"basic": [False, False, True], "plus": [False, True, True]}


def test_the_storefront_shows_the_block_only_with_what_the_app_wrote(bench):
    assert "data-store" not in get(bench, "/storefront/cafe/").text
    now = bench.clock.now()
    for key, value in (("store", "st_1"), ("service", "https://care.example")):
        bench.shop.metafields.append(
            Metafield(1, "gid://shopify/AppInstallation/1", "mostrador", key, value, "x", now)
        )
    plain, known = get(bench, "/storefront/cafe/").text, get(bench, "/storefront/cafe/?customer=1").text
    assert 'data-store="st_1"' in plain and 'data-api="https://care.example"' in plain
    assert "data-proof-url" not in plain and 'data-proof-url="/storefront/cafe/apps/mostrador/proof"' in known


def test_the_app_proxy_passes_a_signed_question_on_and_no_cookie(bench):
    bench.shop.place_order(customer_id=77)
    answer = get(bench, "/storefront/cafe/apps/mostrador/proof?a=1", cookies={"cart": "x"})
    assert answer.json() == {"proof": None}
    asked = bench.receiver.arrived[-1]
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
    assert query["logged_in_customer_id"] == "77" and query["shop"] == bench.shop.domain
    assert sign_proxy(query, bench.server.app.client_secret) == query and "cookie" not in asked.headers


def test_in_a_browser_the_home_gets_tokens_asks_again_and_hears_of_extensions(bench, page):
    page.goto(f"{bench.server.url}/admin/cafe")
    said = page.frame_locator("iframe.home").locator("#said")
    said.filter(has_text="[").wait_for()
    assert json.loads(said.text_content()) == [3, '{"proof": null}', 4]


def test_in_a_browser_the_chat_hears_the_step_and_takes_its_size(bench, page):
    bench.shop.plan = "plus"
    page.goto(f"{bench.server.url}/checkout/cafe/payment")
    said = page.frame_locator(".chat iframe").locator("#said")
    said.filter(has_text="[").wait_for()
    assert json.loads(said.text_content()) == ["payment", "mostrador-chat", 3]
    page.wait_for_function("document.querySelector('.chat').getBoundingClientRect().height === 400")
