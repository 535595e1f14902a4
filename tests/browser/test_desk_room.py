"""Where an agent answers there is room for it, whatever the window: beside the talk, the rest steps back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from test_desk_pages import Desk, desk, write_again

__all__ = ["desk"]  # the fixture

WINDOWS: dict[str, tuple[int, int]] = {
    "small phone": (320, 568), "phone": (390, 844), "tablet": (768, 1024), "half a screen": (900, 700),
    "tablet on its side": (1024, 768), "low": (900, 480), "desktop": (1280, 800),
}  # fmt: skip


@pytest.mark.parametrize("window", WINDOWS)
def test_the_newest_message_and_the_answer_s_button_are_seen_at_once(
    browser: Browser, desk: Desk, window: str
) -> None:
    width, height = WINDOWS[window]
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    for number in range(5):
        write_again(desk, f"Una línea más, la {number}")
    page = desk.open(context, f"conversations/{desk.waiting}")
    expect(page.locator("#waiting .badge")).to_have_count(1)  # the first refresh has come
    for part in ("#text", "#reply .button-main", ".messages li:last-child .said"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    page.get_by_label("Your answer").fill("Una respuesta larga.\n" * 30)
    expect(page.locator("#reply .button-main")).to_be_in_viewport(ratio=0.9)
    context.close()


def open_details(browser: Browser, desk: Desk, size: tuple[int, int]) -> Any:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    page = desk.open(context, f"conversations/{desk.waiting}")
    expect(page.locator("#waiting .badge")).to_have_count(1)
    return page


@pytest.mark.parametrize("window", ["phone", "half a screen"])
def test_who_writes_is_shown_in_place_of_the_talk_and_nothing_behind_it_is_reached(
    browser: Browser, desk: Desk, window: str
) -> None:
    page = open_details(browser, desk, WINDOWS[window])
    page.get_by_label("Your answer").fill("A medio escribir")
    page.get_by_role("link", name="Details").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where they were last")).to_be_in_viewport()
    expect(page.locator("#text")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your answer")).to_have_value("A medio escribir")
    expect(page.get_by_label("Your answer")).to_be_in_viewport()
    page.context.close()


def test_a_wide_window_has_room_for_both(browser: Browser, desk: Desk) -> None:
    page = open_details(browser, desk, (1360, 850))
    expect(page.get_by_role("heading", name="Where they were last")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Details")).to_be_hidden()
    page.goto(desk.url(f"conversations/{desk.waiting}#about"))
    expect(page.get_by_label("Your answer")).to_be_in_viewport()
    page.context.close()
