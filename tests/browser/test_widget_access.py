"""Everybody can use the widget: axe finds nothing in any view, and its colours can be read."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from guest_page import SETTLE, checkout, open_panel, say, visit
from playwright.sync_api import Browser, Page
from widget_stub import CODE, PROOF, Stub

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
    page.evaluate(SETTLE)
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


HOURS = {
    "open": False, "opens_at": "2026-11-23T14:00:00Z", "closes_at": None,
    "intervals": [["2026-11-23T14:00:00Z", "2026-11-23T23:00:00Z"]],
}  # fmt: skip
SMALL = """panel => [...panel.querySelectorAll('button, a, input, textarea, summary')].filter(e => {
  const r = e.getBoundingClientRect()
  return r.width && !(e.closest('.rich, .say') && e.tagName === 'A') && (r.width < 44 || r.height < 44)
}).map(e => e.outerHTML.slice(0, 90))"""
WIDE = """e => [e, ...e.querySelectorAll('.sheet, .body, .log')]
  .filter(x => x.scrollWidth > x.clientWidth).map(x => x.className)"""


@pytest.mark.parametrize("locale", ["es", "en"])
@pytest.mark.parametrize("look", VIEWS)
def test_axe_finds_nothing_in_the_second_part_and_every_target_is_large(
    browser: Browser, stub: Stub, look: str, locale: str
) -> None:
    stub.modernize(hours=HOURS, answer_seconds=230, available=False)
    context = browser.new_context(**{"viewport": {"width": 1100, "height": 760}, **VIEWS[look]})
    page = context.new_page()
    page.clock.set_fixed_time("2026-11-22T20:00:00Z")
    style = "body{background:Canvas;color:CanvasText;color-scheme:light dark}"
    visit(page, stub, checkout(stub.tag(accent="#0b57d0", locale=locale), style=style, lang=locale))
    panel = open_panel(page, "chat")

    def look_at(view: str) -> None:
        check(page, view)
        assert panel.evaluate(SMALL) == [], view
        assert panel.evaluate(WIDE) == [], view

    panel.locator(".week summary").click()
    look_at("welcome")
    panel.locator(".ways button").first.click()
    panel.locator("#number").wait_for()
    panel.locator(".look-up .main").click()
    panel.locator(".look-up .bad").wait_for()
    look_at("where is my order")
    panel.locator("#number").fill("1042")
    panel.locator("#mail").fill("alma@example.com")
    panel.locator(".look-up .main").click()
    panel.locator("#code").fill("000000")
    panel.locator(".look-up .main").click()
    panel.locator(".look-up .bad").wait_for()
    look_at("code")
    panel.locator("#chat").click()
    say(page, "hola")
    panel.locator(".helped button").first.click()
    look_at("verdict")
    panel.locator("#order").click()
    panel.locator("#code").fill(CODE)
    panel.locator("#code").press("Enter")
    panel.locator(".proven").wait_for()
    look_at("proven order")
    stub.wait_for_streams(1)
    stub.set_state(ask_email=True)
    panel.locator(".fold summary").click()
    panel.locator("#address").wait_for()
    panel.locator(".card-form .main").last.click()
    panel.locator(".card-form .bad").wait_for()
    look_at("address")
    stub.set_state(ask_email=False, status="open", agent={"name": "Ana"})
    stub.say("agent", "Hola", name="Ana")
    stub.type_as("Ana")
    panel.locator(".typing").wait_for()
    look_at("typing")
    stub.set_state(status="resolved", can_rate=True)
    panel.locator(".stars input").nth(3).check(force=True)
    look_at("rating")
    panel.locator(".card-form .main").last.click()
    panel.locator(".rated").wait_for()
    look_at("rated")
    panel.locator("#help").click()
    panel.locator(".row").first.click()
    panel.locator("article .helped").wait_for()
    look_at("article")
    panel.locator(".head .icon").click()
    stub.say("agent", "¿Sigues ahí?", name="Ana")
    page.reload()
    page.locator(".news").wait_for()
    check(page, "number on the bubble")
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
