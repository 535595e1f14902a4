"""From another site's form to the desk in a real browser: whether our cookie comes along is the browser's to say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import Counter, open_counter
from post_office import make_word
from test_desk_pages import serve

from plugin.stores import StoreRow
from plugin.testing.servers import find_free_port

BACK_OFFICE = "http://shop.localhost/wp-admin/"
"""Another site than ours; the browser itself is told what stands there."""


@dataclass
class Door:
    counter: Counter
    base: str
    store: StoreRow

    def press(self, context: BrowserContext, nonce: str = "1") -> Page:
        """Opens the shop's back office and presses its button."""
        word = make_word(self.store, nonce=nonce)
        body = (
            f'<!doctype html><form method="post" action="{self.base}/desk/enter/post">'
            f'<input type="hidden" name="proof" value="{word}"><button>Open the desk</button></form>'
        )

        def answer(route: Route) -> None:
            route.fulfill(status=200, content_type="text/html", body=body)

        page = context.new_page()
        page.route(BACK_OFFICE, answer)
        page.goto(BACK_OFFICE)
        with page.expect_navigation(wait_until="commit"):  # the next page's button is called the same
            page.get_by_role("button").click()
        return page


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    port = find_free_port()
    base = f"http://127.0.0.1:{port}"
    with (
        open_counter(tmp_path, base_url=base, adapters="post=post_office:Post") as counter,
        serve(counter, port),
    ):
        store = counter.add_store("shop.example", platform="post", credentials={"key": "k"}, webhook_secret="a-seal")
        yield Door(counter, base, store)


@pytest.mark.parametrize("script", [True, False])
def test_one_press_in_the_shop_opens_the_desk_and_the_next_one_begins_a_new_day(
    browser: Browser, door: Door, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script, locale="en")
    page = door.press(context)
    if not script:
        page.get_by_role("button", name="Open the desk").click()
    page.wait_for_url(f"{door.base}/desk/{door.store.public_id}/")
    before = context.cookies(door.base)
    again = door.press(context, "2")
    if not script:
        again.get_by_role("button", name="Open the desk").click()
    again.wait_for_url(f"{door.base}/desk/{door.store.public_id}/")
    assert [one["name"] for one in context.cookies(door.base)] == [one["name"] for one in before]
    page.goto(f"{door.base}/desk/{door.store.public_id}/")
    assert page.url == f"{door.base}/desk/{door.store.public_id}/"
    context.close()


def test_whoever_is_somebody_else_here_is_asked_first(browser: Browser, door: Door) -> None:
    other = door.counter.add_store("other.example")
    bea = door.counter.add_agent("Bea", other)
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(f"{door.base}/sign-in/{door.counter.mint_link(bea)}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/desk/{other.public_id}/")
    asked = door.press(context)
    expect(asked.get_by_role("heading", name="Who is at the desk?")).to_be_visible()
    asked.wait_for_load_state()
    assert Axe().run(asked).response["violations"] == []
    asked.get_by_role("button", name="Continue as Marta in").click()
    asked.wait_for_url(f"{door.base}/desk/{door.store.public_id}/")
    context.close()
