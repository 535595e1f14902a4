"""The whole way by hand in a browser: a merchant opens the app in the fake admin, a shopper chats in its checkout."""

from __future__ import annotations

import re

import pytest
from fake_shopify_bench import TOML

from plugin.database import ALL
from plugin.stores import list_stores
from plugin.testing.clock import FrozenClock
from plugin.testing.drill_counter import DrillCounter
from plugin.testing.fake_shopify import serve_shopify
from plugin.testing.servers import find_free_port
from plugin.testing.smtp import open_mailbox


@pytest.fixture
def served(tmp_path):
    """(the fake, the counter), which know of each other as the printed lines of `mostrador fake shopify` make them."""
    clock, port = FrozenClock(), find_free_port()
    with (
        open_mailbox() as mailbox,
        serve_shopify(clock=clock, app_origin=f"http://127.0.0.1:{port}", toml=TOML) as fake,
    ):
        own = {
            "INSTALLS": "open",
            "SHOPIFY_FAKE_URL": fake.url,
            "SHOPIFY_CLIENT_ID": fake.app.client_id,
            "SHOPIFY_CLIENT_SECRET": fake.app.client_secret,
        }
        counter = DrillCounter(tmp_path, clock, mailbox.url, own, port=port)
        counter.start()
        try:
            yield fake, counter
        finally:
            counter.stop()


def read_stores(counter):
    with counter.db.reading(ALL, "what the test looks at") as tx:
        return {row.domain: row for row in list_stores(tx)}


def test_a_merchant_opens_the_app_in_the_admin_and_the_shop_is_connected(served, page):
    fake, counter = served
    shop = fake.add_shop("cafe")
    shop.place_order("ana@example.com")
    fake.platform.run_hooks()
    assert shop.tokens.given == {} and [one.answer for one in fake.platform.webhooks.attempts] == [200]
    page.goto(f"{fake.url}/admin/cafe")
    home = page.frame_locator("iframe.home")
    home.locator("main[data-act]").wait_for()
    counter.settle()
    assert shop.domain in read_stores(counter) and shop.tokens.given
    assert {one.key for one in shop.metafields} == {"store", "service"}
    assert fake.api.unknown == set() and fake.platform.foreign == []


def test_the_home_opens_the_desk_in_a_tab_of_its_own(served, page):
    fake, counter = served
    fake.add_shop("cafe")
    page.goto(f"{fake.url}/admin/cafe")
    button = page.frame_locator("iframe.home").locator("button[data-desk]").first
    button.wait_for()
    counter.settle()
    with page.expect_popup() as opened:
        button.click()
    opened.value.wait_for_url(re.compile(rf"{re.escape(counter.url)}/desk"))


def test_the_chat_stands_in_the_checkout_and_asks_with_a_shopper_s_token(served, page):
    fake, counter = served
    shop = fake.add_shop("molino", "plus")
    page.goto(f"{fake.url}/admin/molino")
    page.frame_locator("iframe.home").locator("main[data-act]").wait_for()
    counter.settle()
    with page.expect_response(lambda answer: answer.url.endswith("/p/shopify/session")) as asked:
        page.goto(f"{fake.url}/checkout/molino/payment")
    session = asked.value.json()
    assert asked.value.status == 200 and session["store"] == read_stores(counter)[shop.domain].public_id
    page.frame_locator(".chat iframe").locator("main button, main [role=button]").first.wait_for()
