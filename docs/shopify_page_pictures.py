"""Takes the pictures of our own pages inside Shopify: `python -m docs.shopify_page_pictures`.

The home in the admin and the chat in checkout, of a real counter behind a fake Shopify, whose App Bridge is a stand-in.
They are taken again when what they show has changed.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FrameLocator, Page, sync_playwright

from docs.pictures import HERE, IMAGES, press
from plugin.database import ALL
from plugin.stores.page_stores import look_up_store
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT
from plugin.testing.fake_shopify import FakeServer, serve_shopify
from plugin.testing.servers import find_free_port

for folder in ("flows", "browser"):
    sys.path.insert(0, str(HERE.parent / "tests" / folder))
from desk_house import Counter, open_counter  # noqa: E402
from test_desk_pages import serve  # noqa: E402
from widget_shop import EXAMPLE_ANSWERS  # noqa: E402

LARGEST = 200_000
"""Bytes that one picture may weigh."""
TOML = HERE.parent / "adapters/shopify/app/shopify.app.toml"
PLUS, BASIC = "molino", "cafe"
HOME_HEIGHT = 2100
"""Of the home, in CSS pixels: its end is more of the same."""
QUESTION = "¿Cuánto tarda el envío?"


def take_pictures() -> None:
    """All of them, into `docs/images`."""
    IMAGES.mkdir(exist_ok=True)
    chromium = (
        os.environ.get("MOSTRADOR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    port = find_free_port()
    base = f"http://localhost:{port}"
    clock = FrozenClock(MOMENT)
    with tempfile.TemporaryDirectory() as name, serve_shopify(clock=clock, app_origin=base, toml=TOML) as shopify:
        own = {
            "shopify_client_id": shopify.app.client_id, "shopify_client_secret": shopify.app.client_secret,
            "shopify_fake_url": shopify.url, "installs": "open", "allow_private_hosts": "true", "base_url": base,
        }  # fmt: skip
        with open_counter(Path(name), **own) as counter, serve(counter, port), sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
            )
            _open_shops(browser, shopify, counter)
            _show_home(browser, shopify)
            _show_chat(browser, shopify, {"width": 1000, "height": 800}, "shopify-chat-minimised", opens=False)
            _show_chat(browser, shopify, {"width": 1000, "height": 800}, "shopify-chat-open", opens=True)
            _show_chat(browser, shopify, {"width": 390, "height": 844}, "shopify-chat-phone", opens=True)
            browser.close()


def _open_shops(browser: Browser, shopify: FakeServer, counter: Counter) -> None:
    """Two merchants open the app for the first time, and answer the ten questions."""
    for address, title, plan in ((BASIC, "Café de Huila", "basic"), (PLUS, "Molino del Sur", "plus")):
        shop = shopify.add_shop(address, plan, title=title)
        shop.place_order("ana@example.com", paid=True)
        page = browser.new_page()
        page.goto(f"{shopify.url}/admin/{address}")
        _home_of(page)
        counter.run_jobs()
        page.close()
        with counter.db.transaction(ALL, "the answers of a picture's shop") as tx:
            row = look_up_store(tx, "shopify", shop.domain)
            assert row is not None
            row.answers = EXAMPLE_ANSWERS
    counter.run_jobs()


def _home_of(page: Page) -> FrameLocator:
    frame = page.frame_locator("iframe.home")
    frame.locator("main[data-act]").wait_for()
    return frame


def _show_home(browser: Browser, shopify: FakeServer) -> None:
    page = browser.new_page(viewport={"width": 1000, "height": 3600}, locale="es-CO")
    page.goto(f"{shopify.url}/admin/{BASIC}")
    frame = _home_of(page)
    page.add_style_tag(content="iframe.home { block-size: 3400px !important; border: 0 !important }")
    page.wait_for_timeout(300)
    box = frame.locator("main").bounding_box()
    assert box is not None
    _keep("shopify-home", page.screenshot(clip={**box, "height": min(box["height"], HOME_HEIGHT)}))
    page.close()


def _show_chat(
    browser: Browser, shopify: FakeServer, size: dict[str, int], picture: str, *, opens: bool
) -> None:
    page = browser.new_page(viewport=size, locale="es-CO")
    page.goto(f"{shopify.url}/checkout/{PLUS}/payment")
    frame = page.frame_locator(".chat iframe")
    frame.get_by_role("button").first.wait_for()
    if opens:
        frame.get_by_role("button").first.click()
        frame.get_by_role("tab", name="Chat").click()
        frame.locator("textarea").fill(QUESTION)
        frame.locator("textarea").press("Enter")
        frame.locator("u, .source").first.wait_for()
    page.wait_for_timeout(500)
    _keep(picture, page.screenshot())
    page.close()


def _keep(picture: str, data: Any) -> None:
    pressed = press(data)
    if len(pressed) > LARGEST:
        sys.exit(f"{picture}.png weighs {len(pressed)} bytes; {LARGEST} are enough.")
    (IMAGES / f"{picture}.png").write_bytes(pressed)
    print(f"docs/images/{picture}.png  {len(pressed)} bytes")


if __name__ == "__main__":
    take_pictures()
