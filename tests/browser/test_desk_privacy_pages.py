"""An owner hands out and erases a customer's data in a real browser: every width, by keyboard, three languages."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import open_counter
from test_desk_pages import LOOKS, RULES, Desk, fill, find_small_targets, serve

from plugin.agents import set_locale
from plugin.database import ALL
from plugin.testing.servers import find_free_port


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    port = find_free_port()
    base = f"http://127.0.0.1:{port}"
    with open_counter(tmp_path, base_url=base) as counter, serve(counter, port):
        made = fill(counter, base)
        yield made
        assert made.complaints == []


def check(page: Page) -> None:
    page.wait_for_load_state()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"]) for one in found] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    assert find_small_targets(page) == [], page.url


@pytest.mark.parametrize(("look", "locale"), [("320 px", "es"), ("390 px dark", "pt"), ("light", "en")])
def test_the_steps_of_an_erasure_fit_and_are_for_everybody(
    browser: Browser, desk: Desk, look: str, locale: str
) -> None:
    with desk.counter.db.transaction(ALL, "the reader's language") as tx:
        set_locale(tx, desk.ana.id, locale)
    context = browser.new_context(**LOOKS[look])
    page = desk.open(context, "privacy")
    page.locator("#email").fill("alma@example.com")
    page.locator("button[name=wish][value=erasure]").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("?")
    expect(page.locator("main")).to_contain_text("alma@example.com")
    check(page)
    page.locator("button[name=sure]").press("Enter")
    expect(page.locator(".notice-ok")).to_be_visible()
    assert "alma" not in page.url
    check(page)
    desk.counter.run_jobs()
    page.reload()
    with page.expect_navigation():
        page.locator("tbody a").first.click()
    expect(page.locator("main")).not_to_contain_text("alma@example.com")
    check(page)
    page.emulate_media(media="print")
    expect(page.locator("header.bar")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()


def test_a_copy_is_downloaded_and_stands_in_the_log(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, f"privacy/{desk.receipt}")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the copy (JSON)").click()
    assert waiting.value.suggested_filename == f"{desk.receipt}.json"
    assert json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))["addresses"] == ["alma@example.com"]
    page.goto(desk.url("accesses"))
    expect(page.locator("tbody tr").first).to_contain_text(desk.receipt)
    expect(page.locator("tbody tr").first).to_contain_text("ana@example.com")
    page.get_by_label("Order number or conversation").fill("nothing like it")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main")).to_contain_text("Nothing is noted here.")
    context.close()
