"""Everybody can use the widget: axe finds nothing in any view, and its colours can be read."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from guest_page import checkout, open_panel, say, visit
from playwright.sync_api import Browser, Page
from widget_stub import PROOF, Stub

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
VIEWS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "320 px": {"viewport": {"width": 320, "height": 568}, "has_touch": True},
    "320 px dark": {"viewport": {"width": 320, "height": 568}, "color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
}


def check(page: Page, view: str) -> None:
    page.wait_for_timeout(250)  # the panel's entrance: half seen text has no contrast yet
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(v["id"], v["nodes"][0]["target"], v["nodes"][0]["failureSummary"]) for v in found] == [], view


@pytest.mark.parametrize("look", VIEWS)
def test_axe_finds_nothing_in_any_view(browser: Browser, stub: Stub, look: str) -> None:
    context = browser.new_context(**{"viewport": {"width": 1100, "height": 760}, **VIEWS[look]})
    page = context.new_page()
    style = "body{background:Canvas;color:CanvasText;color-scheme:light dark}"
    visit(page, stub, checkout(stub.tag(proof=PROOF, accent="#0b57d0"), style=style))
    check(page, "closed")
    panel = open_panel(page)
    panel.locator("summary").first.click()
    check(page, "help")
    panel.locator("input").fill("envio")
    panel.locator(".ask").wait_for()
    check(page, "search")
    panel.locator(".row").first.click()
    panel.locator("article").wait_for()
    check(page, "article")
    panel.locator("#chat").click()
    check(page, "empty chat")
    say(page, "hola")
    panel.locator(".bot").wait_for()
    stub.fail_next("/messages", 500)
    say(page, "otra")
    panel.locator(".failed").wait_for()
    stub.wait_for_streams(1)
    stub.say("agent", "Hola: https://carrier.example/t/1", name="Ana")
    panel.locator(".agent").wait_for()
    check(page, "chat")
    panel.locator("#order").click()
    panel.locator(".parcel").first.wait_for()
    panel.locator(".parcel summary").click()
    check(page, "order")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("accent", ["#ffd400", "#111111", "#f5f5f5", "#e91e63", "#7cb342"])
def test_any_accent_of_a_merchant_can_be_read(browser: Browser, stub: Stub, accent: str, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    stub.boot["accent"] = accent
    visit(page, stub, accent=accent)
    panel = open_panel(page, "chat")
    say(page, "hola")
    panel.locator(".bot").wait_for()
    check(page, "chat")
    panel.locator("#help").click()
    check(page, "help")
    context.close()
