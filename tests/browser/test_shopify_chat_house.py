"""The chat page as our house itself serves it to checkout: its own policy, its own sessions, a real token."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from checkout_frame import BRIDGE, BRIDGE_SCRIPT, DESKTOP, PAGE, answer, context_of
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from plugin.contract import StoreAccess
from plugin.database import ALL
from plugin.stores import connect
from plugin.testing.servers import find_free_port
from tests.flows.widget_shop import EXAMPLE_ANSWERS, Shop

DOMAIN = "barro-y-sol.myshopify.com"
STEP = f"https://{DOMAIN}/checkouts/cn/1"
ID, SECRET = "a-client-id", "a-client-secret-of-thirty-two-letters"


class House(Shop):
    """A house with one store of Shopify; `origin` is where it is served."""

    def connect(self, domain: str, **values: Any) -> Any:
        now = self.house.doors.clock.now()
        with self.house.db.transaction(ALL, "a store for a test") as tx:
            access = StoreAccess(
                domain=DOMAIN, name="Barro y Sol", credentials={}, locale="es", currency="COP"
            )
            row = connect(tx, "shopify", access, now - timedelta(days=1), webhook_secret="a-seal-of-ours")
            row.answers, row.accent = EXAMPLE_ANSWERS, "#0b57d0"
            tx.flush()
            return row


@pytest.fixture
def house(sqlite_url: str) -> Iterator[tuple[House, str]]:
    port = find_free_port()
    origin = f"http://127.0.0.1:{port}"
    made = House(sqlite_url, base_url=origin, port=port, shopify_client_id=ID, shopify_client_secret=SECRET)
    server = make_server("127.0.0.1", port, made.app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made, origin
    server.shutdown()
    thread.join(10)
    server.server_close()
    made.close()


def sign(seconds: int = 300, **claims: Any) -> str:
    """A token as App Bridge for checkout gives it: it names the shop, and no member of its staff."""
    now = int(time.time())
    told = {"dest": DOMAIN, "aud": ID, "exp": now + seconds, "nbf": now, "iat": now, "jti": "j-1", **claims}
    return jwt.encode(told, SECRET, algorithm="HS256")


def show_checkout(page: Page, origin: str, token: str) -> list[str]:
    """Opens the step with the chat in it; gives what was said in the console."""
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    script = (BRIDGE_SCRIPT % '{"locale": "es-CO"}').replace("'token-' + ++tokens", f"'{token}'")
    page.route(STEP, lambda route: route.fulfill(
        content_type="text/html; charset=utf-8", body=PAGE % f"{origin}/p/shopify/chat?id_token={token}&locale=es-CO"
    ))  # fmt: skip
    # no page of the wide net may frame this machine; what the house answers is brought to the browser as it is
    page.route("**/p/shopify/chat?*", lambda route: route.fulfill(response=route.fetch()))
    page.route(BRIDGE, lambda route: route.fulfill(content_type="text/javascript", body=script))
    page.goto(STEP)
    return said


def test_a_shopper_at_checkout_asks_and_ana_answers(browser: Browser, house: tuple[House, str]) -> None:
    shop, origin = house
    page = browser.new_context(**DESKTOP).new_page()
    said = show_checkout(page, origin, sign())
    chat = page.frame_locator("iframe")
    chat.locator(".bubble").click()
    panel = chat.locator(".panel")
    panel.locator(".row").first.wait_for()
    context = {"port": context_of("payment")}
    with page.expect_response("**/p/shopify/session") as told:
        page.evaluate("m => document.querySelector('iframe').contentWindow.postMessage(m, '*')", context)
    assert told.value.json()["steps"] == ["checkout", "payment"]
    panel.locator("#chat").click()
    panel.locator("textarea").fill("¿Cuánto tarda el envío?")
    panel.locator("textarea").press("Enter")
    panel.locator(".bot").wait_for()
    answer(shop, "Hola, soy Ana.")
    expect(panel.locator(".agent .say")).to_have_text("Hola, soy Ana.")
    assert (page.evaluate("broken"), said, page.context.cookies()) == ([], [], [])
    page.context.close()


def test_a_token_of_another_app_gets_no_page_in_a_frame(browser: Browser, house: tuple[House, str]) -> None:
    _, origin = house
    page = browser.new_context(**DESKTOP).new_page()
    forged = jwt.encode(
        {"dest": DOMAIN, "aud": ID, "exp": 9_999_999_999, "nbf": 1, "iat": 1}, "x" * 32, algorithm="HS256"
    )
    with page.expect_response("**/p/shopify/chat?*") as told:
        show_checkout(page, origin, forged)
    assert told.value.status == 401
    assert "frame-ancestors 'none'" in told.value.headers["content-security-policy"]
    page.wait_for_timeout(300)
    assert page.evaluate("sizes") == []
    page.context.close()
