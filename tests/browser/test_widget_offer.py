"""The bot asks whether a person should help: one button says yes, as long as that is the question."""

from __future__ import annotations

from typing import Any

import pytest
from extras_page import talk
from form_page import ES as FORM
from guest_page import focused, open_panel, say
from playwright.sync_api import Locator, Page, expect
from test_widget_access import check
from widget_stub import Stub

YES = {"es": "Sí, una persona", "en": "Yes, a person please", "pt": "Sim, uma pessoa"}
QUESTION = "No lo sé. ¿Quieres que te atienda una persona?"


def offered(page: Page, stub: Stub, locale: str = "es", **boot: Any) -> tuple[Locator, Locator]:
    """(panel, the button under the bot's newest words)."""
    stub.modernize(**boot)
    panel = talk(page, stub, locale)
    stub.say("bot", QUESTION, offers_person=True)
    button = panel.locator(".log").get_by_role("button", name=YES[locale], exact=True)
    expect(button).to_have_count(1)
    return panel, button


@pytest.mark.parametrize("locale", YES)
def test_yes_to_the_offer_is_one_key_and_the_button_goes(page: Page, stub: Stub, locale: str) -> None:
    panel, button = offered(page, stub, locale)
    check(page, "offer")
    assert panel.locator("[role=log] .bot").last.get_by_role("button").count() == 1, "in the message that asks"
    button.focus()
    page.keyboard.press("Enter")
    expect(panel.locator(".system")).to_have_count(1)
    expect(button).to_have_count(0)
    assert len(stub.asked("/conversation/hand-over", "POST")) == 1
    assert focused(page) == "TEXTAREA", "where the shopper writes on"
    page.reload()
    open_panel(page, "chat").locator(".system").wait_for()
    expect(button).to_have_count(0)


def test_the_offer_stands_until_somebody_says_more_and_only_the_newest_one(page: Page, stub: Stub) -> None:
    panel, button = offered(page, stub)
    page.reload()
    panel = open_panel(page, "chat")
    expect(button).to_have_count(1)
    stub.say("bot", QUESTION, offers_person=True)
    expect(panel.locator(".bot")).to_have_count(3)
    expect(button).to_have_count(1)
    say(page, "no, gracias")
    expect(panel.locator(".bot")).to_have_count(4)
    expect(button).to_have_count(0)
    stub.say("bot", QUESTION, offers_person=True)
    expect(button).to_have_count(1)
    stub.set_state(status="open")
    expect(button).to_have_count(0)
    assert stub.asked("/conversation/hand-over", "POST") == []


def test_two_presses_ask_once_and_where_nobody_is_there_the_offer_makes_way_for_the_form(
    page: Page, stub: Stub
) -> None:
    panel, button = offered(page, stub, available=False, agents=[])
    before = len(stub.asked("/boot"))
    button.dblclick()
    expect(panel.get_by_role("button", name=FORM["title"])).to_be_focused()
    expect(button).to_have_count(0)
    assert len(stub.asked("/boot")) == before + 1
    assert stub.asked("/conversation/hand-over", "POST") == []


def test_a_wish_that_did_not_arrive_is_told_and_can_be_said_again_above(page: Page, stub: Stub) -> None:
    panel, button = offered(page, stub)
    stub.fail_next("conversation/hand-over", 503)
    button.click()
    expect(panel.locator(".line [role=status]")).to_contain_text("No hemos podido avisar al equipo.")
    expect(button).to_have_count(0)
    panel.locator(".line .link").click()
    expect(panel.locator(".system")).to_have_count(1)
