"""The team in a real browser: an owner invites, somebody comes in, roles change; every width, keyboard, language."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import open_counter
from test_desk_pages import LOOKS, Desk, fill, serve
from test_desk_privacy_pages import check

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


def read_link(desk: Desk) -> str:
    desk.counter.run_jobs()
    body = message_from_bytes(desk.counter.taken.mails[-1][0], policy=policy.default).get_body(("plain",))
    assert body is not None
    found = re.search(r"http://\S+/sign-in/invitation/\S+", body.get_content())
    assert found is not None
    return found[0]


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_the_team_fit_and_are_for_everybody(browser: Browser, desk: Desk, look: str) -> None:
    locale = {"320 px": "es", "390 px dark": "pt"}.get(look, "en")
    desk.counter.add_agent("Leopoldo-Maximiliano", desk.store, role="agent")
    desk.counter.add_agent("Vera", desk.store, role="viewer")
    context = browser.new_context(**LOOKS[look], locale="en")
    page = desk.open(context, "team")
    with desk.counter.db.transaction(ALL, "the reader's language") as tx:
        set_locale(tx, desk.ana.id, locale)
    page.reload()
    check(page)
    page.locator("#invite-email").fill("somebody.with.a.long.address@a-long-domain.example.com")
    page.locator("#invite-email").press("Enter")
    expect(page.locator("#invite .notice-ok")).to_be_visible()
    check(page)
    link = read_link(desk)
    page.goto(f"{desk.base}/desk/account")
    page.locator("#calls button").click()
    expect(page.locator("#calls .notice-ok")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")  # the bar on top would cut a button in two
    check(page)
    guest = browser.new_context(**LOOKS[look], locale=locale).new_page()
    guest.goto(link)
    assert guest.locator("html").get_attribute("lang") == locale
    check(guest)
    guest.goto(link[:-1])
    expect(guest.get_by_role("heading", level=1)).to_be_visible()
    check(guest)
    guest.context.close()
    context.close()


def test_somebody_is_invited_and_comes_in_by_keyboard_alone(browser: Browser, desk: Desk) -> None:
    owner = browser.new_context(**LOOKS["light"])
    page = desk.open(owner, "team")
    page.locator("#invite-email").focus()
    page.keyboard.type("noa@example.com")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#asked")).to_contain_text("noa@example.com")
    expect(page.locator("#asked .tag")).to_have_text("Viewer")
    context = browser.new_context(**LOOKS["light"], java_script_enabled=False)
    guest = context.new_page()
    guest.goto(read_link(desk))
    expect(guest.locator("main")).to_contain_text("sees everything and changes nothing")
    guest.get_by_label("The name shoppers see").fill("Noa")
    guest.keyboard.press("Enter")
    guest.wait_for_url(f"**/desk/{desk.store.public_id}/")
    guest.goto(desk.url(f"conversations/{desk.waiting}"))
    expect(guest.locator("main")).to_contain_text("quiero una persona")
    assert guest.locator("textarea").count() == 0
    page.reload()
    expect(page.locator("#asked")).to_have_count(0)
    page.get_by_label("Role of Noa", exact=True).select_option("agent")
    page.get_by_role("button", name="Save the role of Noa").press("Enter")
    expect(page.locator("#people .notice-ok")).to_have_text("Saved.")
    guest.reload()
    assert guest.locator("textarea").count() >= 1
    owner.close()
    context.close()


def test_the_last_owner_is_shown_no_way_out(browser: Browser, desk: Desk) -> None:
    desk.counter.add_agent("Leo", desk.store, role="agent")
    context = browser.new_context(**LOOKS["390 px dark"])
    page = desk.open(context, "team")
    expect(page.locator("#people")).to_contain_text("A store always has an owner")
    assert page.get_by_label("Role of Ana").count() == 0
    page.get_by_label("Role of Leo", exact=True).select_option("owner")
    page.get_by_role("button", name="Save the role of Leo").click()
    expect(page.get_by_label("Role of Ana", exact=True)).to_be_visible()
    context.close()
