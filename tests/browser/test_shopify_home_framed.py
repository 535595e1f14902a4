"""The app's home inside the admin of a fake Shopify, in a real browser: our script, its App Bridge's stand-in, and both
servers."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, FrameLocator, Page, expect

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import Counter, open_counter
from test_desk_pages import serve

from plugin.database import ALL
from plugin.stores import StoreRow
from plugin.stores.page_stores import look_up_store
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT
from plugin.testing.fake_shopify import FakeServer, FakeShop, serve_shopify
from plugin.testing.servers import find_free_port


@dataclass
class Admin:
    """A shop's admin at the fake, and the house behind the frame in it."""

    counter: Counter
    shopify: FakeServer
    shop: FakeShop
    complaints: list[str]

    def open(self, browser: Browser) -> tuple[Page, FrameLocator]:
        page = browser.new_context(locale="en-GB", viewport={"width": 1100, "height": 900}).new_page()
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.shopify.url}/admin/{self.shop.domain.partition('.')[0]}")
        frame = page.frame_locator("iframe.home")
        frame.locator("main[data-act]").wait_for()
        return page, frame

    def hear(self, said: ConsoleMessage) -> None:
        """What the browser complains of; not that the fake has no icon, nor that its frame gives no clipboard (then our
        script copies the old way)."""
        known = said.location["url"].endswith("/favicon.ico") or "permissions policy" in said.text
        if said.type == "error" and not known:
            self.complaints.append(f"{said.text} {said.location['url']}")

    def find(self) -> StoreRow:
        with self.counter.db.reading(ALL, "the store of a test") as tx:
            row = look_up_store(tx, "shopify", self.shop.domain)
        assert row is not None
        return row


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[Admin]:
    port = find_free_port()
    base, clock = f"http://localhost:{port}", FrozenClock(MOMENT)
    with serve_shopify(clock=clock, app_origin=base) as shopify:
        settings = {
            "shopify_client_id": shopify.app.client_id,
            "shopify_client_secret": shopify.app.client_secret,
            "shopify_fake_url": shopify.url,
            "installs": "open",
            "allow_private_hosts": "true",
            "base_url": base,
        }
        with open_counter(tmp_path, **settings) as counter, serve(counter, port):
            yield Admin(counter, shopify, shopify.add_shop("flores"), [])


def test_the_home_connects_takes_forms_and_tells_where_the_extensions_stand(
    admin: Admin, browser: Browser
) -> None:
    _page, frame = admin.open(browser)
    admin.counter.run_jobs()
    expect(frame.locator("h1")).to_have_text("Flores")
    all_mails = frame.locator("input[name=mail_mode][value=all]")
    all_mails.check()
    all_mails.press("Enter")
    expect(frame.locator("main [role=status]").first).not_to_be_empty()
    expect(frame.locator("input[name=mail_mode][value=all]")).to_be_checked()
    assert admin.find().mail_mode == "all"
    expect(frame.locator(":focus"), "the focus is not lost with the old main part").to_have_count(1)
    section = frame.locator("#about-policy_links")
    section.locator("form button").click()
    expect(frame.locator("#about-policy_links h2 .tag")).to_be_visible()
    kept = admin.find().kept
    assert "mostrador-embed" in kept["extensions"] and "policy_links" in kept
    assert admin.complaints == []


def test_a_text_is_copied_and_the_desk_opens_in_a_tab_of_its_own(admin: Admin, browser: Browser) -> None:
    page, frame = admin.open(browser)
    copy = frame.locator("button[data-copy]").first
    copy.click()
    expect(copy.locator("xpath=..").locator("[role=status]")).to_have_text(
        copy.get_attribute("data-done") or "-"
    )
    with page.context.expect_page() as opened:
        frame.locator("button[data-desk]").first.click()
    desk = opened.value
    desk.wait_for_url(re.compile(rf"/desk/{admin.find().public_id}/"))
    assert "token" not in desk.url and desk.locator("nav").count() > 0
    assert page.frames[1].evaluate("document.cookie") == "" and admin.complaints == []


def test_a_stale_document_comes_back_by_the_bounce_page_by_itself(admin: Admin, browser: Browser) -> None:
    page, frame = admin.open(browser)
    admin.counter.clock.advance(300)
    admin.shopify.platform.clock.advance(300)
    stale = page.frames[1].url
    page.frames[1].goto(stale)
    frame.locator("main[data-act]").wait_for()
    assert page.frames[1].url != stale and "again=" in page.frames[1].url
    expect(frame.locator("h1")).to_have_text("Flores")


def test_a_refusal_is_said_in_the_page_and_nothing_is_lost(admin: Admin, browser: Browser) -> None:
    _page, frame = admin.open(browser)
    admin.shopify.manners.down = 503
    frame.locator("input[name=mail_mode][value=all]").check()
    frame.locator("#mail-mode form button").click()
    expect(frame.locator("#failed")).to_be_visible()
    expect(frame.locator("#failed")).not_to_be_empty()
    expect(frame.locator("#mail-mode form button")).to_be_enabled()
    assert admin.find().mail_mode == "extra_only"
    admin.shopify.manners.down = 0
    frame.locator("#mail-mode form button").click()
    expect(frame.locator("#failed")).to_be_hidden()


def test_the_chat_stands_in_the_checkouts_frame_with_the_fakes_own_bridge(
    admin: Admin, browser: Browser
) -> None:
    page, _frame = admin.open(browser)
    admin.counter.run_jobs()
    page.goto(f"{admin.shopify.url}/checkout/flores/thank-you")
    chat = page.frame_locator(".chat iframe")
    chat.locator("main#chat button").first.wait_for()
    assert chat.locator("main#chat > a").count() == 0, "no trouble was told"
    assert admin.complaints == []
