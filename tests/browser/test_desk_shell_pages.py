"""What stands around the desk's pages, in a real browser: the list of keys, room on a phone, where nothing is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from test_desk_pages import LOOKS, RULES, Desk, desk, find_small_targets

from plugin.agents import set_locale
from plugin.database import ALL

__all__ = ["desk"]  # the fixture
PHONES: dict[str, dict[str, Any]] = {
    "390 px": {"viewport": {"width": 390, "height": 664}}, "320 px": {"viewport": {"width": 320, "height": 568}},
}  # fmt: skip
CUT = """() => {
    const isCut = (one) => {
        const box = one.getBoundingClientRect();
        for (let up = one; up; up = up.parentElement) {
            if (getComputedStyle(up).overflowX === 'visible') continue;
            const edge = up.getBoundingClientRect();
            if (one.scrollWidth > one.clientWidth) return true;
            if (box.right > edge.right + 1 || box.left < edge.left - 1) return true;
        }
        return box.right > innerWidth || box.left < 0;
    };
    return [...document.querySelectorAll('#filters a, .talk-title :is(h1, p), .talk-tags .tag, .talk-state .tag')]
        .filter(one => one.checkVisibility() && isCut(one)).map(one => one.textContent.trim());
}"""
"""Filters, chips and titles of which not all is seen: they, the window or what scrolls around them cuts them."""


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    context = browser.new_context(**LOOKS["light"])
    yield desk.open(context, f"conversations/{desk.waiting}")
    context.close()


def test_a_question_mark_opens_and_closes_the_keys_also_after_a_note(page: Page, desk: Desk) -> None:
    keys = page.locator("#keys")
    page.get_by_role("log").focus()
    page.keyboard.press("n")
    page.keyboard.type("¿Y esto?")
    page.get_by_role("button", name="Keep the note").press("Enter")
    expect(page.locator(".note .said")).to_have_text("¿Y esto?")
    expect(keys).not_to_have_attribute("open", "")
    page.keyboard.press("?")
    expect(keys).to_have_attribute("open", "")
    expect(keys.locator("summary")).to_be_focused()
    expect(keys.locator("kbd", has_text="?")).to_be_in_viewport()
    expect(keys.locator("summary")).to_have_attribute("aria-keyshortcuts", "?")
    page.keyboard.press("?")
    expect(keys).not_to_have_attribute("open", "")
    page.get_by_label("Your answer").press("?")
    expect(page.get_by_label("Your answer")).to_have_value("?")
    expect(keys).not_to_have_attribute("open", "")
    page.goto(desk.url("conversations"))
    page.keyboard.press("?")
    expect(page.get_by_text("Open and close this list")).to_be_visible()


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("size", PHONES)
def test_on_a_phone_filters_and_what_a_conversation_says_of_itself_are_whole(
    browser: Browser, desk: Desk, size: str, locale: str
) -> None:
    context = browser.new_context(**PHONES[size])
    page = desk.open(context)
    with desk.counter.db.transaction(ALL, "the longest words") as tx:
        set_locale(tx, desk.ana.id, locale)
    page.goto(desk.url("conversations"))
    expect(page.locator("#waiting .badge")).to_have_count(1)
    assert page.evaluate(CUT) == []
    for talk in (desk.waiting, desk.answered):
        page.goto(desk.url(f"conversations/{talk}"))
        assert page.evaluate(CUT) == []
        expect(page.locator("#waiting .badge")).to_have_count(1)  # the first refresh has come
        page.locator("a.to-side").focus()
        for act in page.locator(".talk-actions button, #topic-choice").all():
            page.keyboard.press("Tab")
            expect(act).to_be_focused()
            expect(act).to_be_in_viewport(ratio=1)
        expect(page.locator("#reply .button-main")).to_be_in_viewport(ratio=1)
    context.close()


@pytest.mark.parametrize("look", ["320 px", "middle", "light"])
def test_what_one_may_search_for_is_read_whole_in_the_field(browser: Browser, desk: Desk, look: str) -> None:
    context = browser.new_context(**LOOKS[look])
    page = desk.open(context, "conversations")
    field = page.locator("#search-q")
    assert field.evaluate("""one => {
        const style = getComputedStyle(one), pen = document.createElement('canvas').getContext('2d');
        pen.font = `${getComputedStyle(one, '::placeholder').fontSize} ${style.fontFamily}`;
        return one.clientWidth - parseFloat(style.paddingLeft) * 2 - pen.measureText(one.placeholder).width;
    }""") >= 0  # fmt: skip
    context.close()


@pytest.mark.parametrize("look", ["light", "390 px dark"])
def test_where_nothing_is_there_is_a_page_that_leads_back(browser: Browser, desk: Desk, look: str) -> None:
    context = browser.new_context(**LOOKS[look])
    page = desk.open(context, "nothing/here")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0 and find_small_targets(page) == []
    page.get_by_role("link", name="To the desk").click()
    expect(page).to_have_url(re.compile(f"/desk/{desk.store.public_id}/$"))
    page.locator(".me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Orders").click()
    expect(page).to_have_url(re.compile(f"/desk/{desk.store.public_id}/orders$"))
    desk.complaints[:] = [one for one in desk.complaints if "404" not in one]
    context.close()
