"""Promised times at the desk in a real browser: one that stands and one that is over, in every look; the open page
hears when a time is over."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from test_desk_pages import LOOKS, Desk, desk
from test_desk_privacy_pages import check

from plugin.agents import set_locale
from plugin.care import Agent, reply
from plugin.database import ALL

from promising_shop import DAY, HOUR, promise  # isort: skip - found through test_desk_pages

__all__ = ["desk"]  # the fixture


@pytest.fixture
def talks(desk: Desk) -> list[str]:
    """One whose time is over, and one whose stands; four were kept."""
    made = [promise(desk.counter, desk.store) for _ in range(5)]
    desk.counter.clock.advance(2 * HOUR)
    for number, talk in enumerate(made[1:]):
        reply(desk.counter.house.doors.care, desk.store.id, talk, Agent(desk.ana.id, "Ana"), "¡Hola!", f"p-{number}")
    desk.counter.clock.advance(DAY - 3 * HOUR)
    stands = promise(desk.counter, desk.store)
    desk.counter.clock.advance(2 * HOUR)
    return [made[0], stands]


@pytest.mark.parametrize("look", LOOKS)
def test_times_are_told_in_every_look(browser: Browser, desk: Desk, talks: list[str], look: str) -> None:
    with desk.counter.db.transaction(ALL, "the reader's language") as tx:
        set_locale(tx, desk.ana.id, {"320 px": "es", "390 px dark": "pt"}.get(look, "en"))
    context = browser.new_context(**LOOKS[look])
    page = desk.open(context, "conversations")
    expect(page.locator(".talk-state .tag time")).to_have_count(3)  # the desk's own waiting shopper was told one, too
    expect(page.locator(f"#in-list-{talks[0]} .tag-bad time")).to_have_count(1)
    check(page)
    for talk in talks:
        page.goto(desk.url(f"conversations/{talk}"))
        expect(page.locator(".talk-tags time")).to_be_in_viewport(ratio=1)
        check(page)
    page.goto(desk.url("numbers"))
    expect(page.locator("#promised + dd strong")).to_contain_text("67")
    check(page)
    page.locator("#promised + dd a").click()
    expect(page.locator("tbody tr")).to_have_count(6)
    check(page)
    context.close()


def test_an_open_conversation_says_that_its_time_is_over_by_itself(browser: Browser, desk: Desk) -> None:
    talk = promise(desk.counter, desk.store)
    desk.counter.clock.advance(DAY - HOUR)
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, f"conversations/{talk}")
    page.evaluate("window.stays = true")
    expect(page.locator("#waiting .badge")).to_have_count(1)  # the first refresh has come
    expect(page.locator(".talk-tags")).to_contain_text("Promised by")
    desk.counter.clock.advance(2 * HOUR)
    desk.counter.run_jobs()
    expect(page.locator(".talk-tags")).to_contain_text("Overdue since")
    expect(page.locator(f"#in-list-{talk}")).to_contain_text("Overdue since")
    assert page.evaluate("window.stays")
    context.close()
