"""The parts of the desk in a real browser: search, ready answers, notes, topics by key, who else is here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from test_desk_pages import LOOKS, RULES, Desk, desk, find_small_targets

from plugin.care import Agent, get_conversation
from plugin.care.macros import add_macro
from plugin.care.notes import add_note
from plugin.care.sorting import assign
from plugin.notices import LedgerRow
from plugin.orders import OrderRow
from plugin.testing.factories import MOMENT

__all__ = ["desk"]  # the fixture
DRAFT = "Hola Alma, tu pedido 1001: En camino. Correos ES123: https://correos.example/ES123"
LONG = "Lorem-ipsum-sin-un-solo-espacio-" * 8


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """With a colleague, two ready answers and a note."""
    care = desk.counter.house.doors.care
    desk.counter.add_agent("Leo", desk.store, role="agent")
    with desk.counter.db.transaction(desk.store.id) as tx:
        add_macro(tx, desk.store.id, "Estado", {"es": "Hola {name}, tu pedido {order}: {status}. {tracking}"}, MOMENT)
        add_macro(tx, desk.store.id, LONG[:80], {"es": LONG, "pt": "Oi {agent}"}, MOMENT)
        for order in tx.scalars(select(OrderRow).where(OrderRow.store_id == desk.store.id)).all():
            for notice, reason in (("shipped", "held"), ("delivered", "failed"), ("order_received", "sent")):
                tx.add(LedgerRow(
                    store_id=order.store_id, order_id=order.id, notice=notice, about="card", reason=reason,
                    decided_at=MOMENT, sent_at=None,
                ))  # fmt: skip
        later = ("purchase", "post_sale")
        add_macro(tx, desk.store.id, "Garantía", {"es": f"Tu garantía: {LONG}"}, MOMENT, later)
    for talk in (desk.answered, desk.waiting):
        add_note(care, desk.store.id, talk, Agent(desk.ana.id, "Ana"), f"Ojo: {LONG}", f"n-{talk}")
    return desk


@pytest.fixture
def page(browser: Browser, filled: Desk) -> Iterator[Page]:
    context = browser.new_context(**LOOKS["light"])
    yield filled.open(context, f"conversations/{filled.answered}")
    context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_the_parts_are_for_everybody_and_fit(browser: Browser, filled: Desk, look: str) -> None:
    context = browser.new_context(**LOOKS[look])
    page = filled.open(context)
    for path in (
        "search", "search?q=persona", "search?q=%22", "search?q=xqztw", "search?q=1001", "macros",
        f"conversations/{filled.answered}", f"conversations/{filled.answered}/macros",
        "conversations?status=unassigned&phase=purchase",
    ):  # fmt: skip
        page.goto(filled.url(path))
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page, options=RULES).response["violations"]
        told = [(one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"]) for one in found]
        assert told == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert find_small_targets(page) == [], path
    context.close()


def test_a_ready_answer_by_keyboard_alone(page: Page, filled: Desk) -> None:
    page.get_by_role("log").focus()
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Ready answers")).to_be_focused()
    page.get_by_role("link", name="Use Estado").press("Enter")
    box = page.get_by_label("Your answer")
    expect(box).to_have_value(DRAFT)
    expect(box).to_be_focused()
    expect(page.locator("#macro-picker")).to_be_hidden()
    box.press("Control+Enter")
    expect(page.locator(".from-agent .said").last).to_contain_text("tu pedido 1001")
    expect(page.locator("#reply input[name=macro]")).to_have_count(0)


def test_keys_set_the_topic_open_the_note_and_can_be_turned_off(page: Page, filled: Desk) -> None:
    choice = page.locator("#topic-choice")
    page.get_by_role("log").focus()
    page.keyboard.press("3")
    expect(choice).to_have_value("praise")
    expect(page.locator("#topic-choice option:checked")).to_have_text("3 · Praise")
    page.get_by_label("Your answer").press("1")
    expect(page.get_by_label("Your answer")).to_have_value("1")
    expect(choice).to_have_value("praise")
    page.get_by_role("log").focus()
    page.keyboard.press("n")
    expect(page.get_by_label("Note for your team")).to_be_focused()
    page.keyboard.type("Llamar mañana")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".note .said").last).to_have_text("Llamar mañana")
    expect(page.get_by_label("Note for your team")).not_to_be_visible()
    page.locator("#keys summary").click()
    page.get_by_role("button", name="Keys of one letter").click()
    expect(page.get_by_role("button", name="Keys of one letter")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("log").focus()
    page.keyboard.press("2")
    page.wait_for_timeout(300)
    expect(choice).to_have_value("praise")
    page.get_by_role("button", name="Keys of one letter").click()
    with filled.counter.db.reading(filled.store.id) as tx:
        whole = get_conversation(tx, filled.store.id, filled.answered)
    assert whole is not None and (whole.row.topic, whole.row.topic_by) == ("praise", "agent")


def test_a_topic_that_a_colleague_sets_is_seen_also_by_who_set_one_before(page: Page, filled: Desk) -> None:
    choice = page.locator("#topic-choice")
    expect(page.locator("#waiting .badge")).to_have_count(1)
    for mine in ("complaint", "praise"):
        choice.select_option(mine)
        expect(choice.locator("[selected]")).to_have_attribute("value", mine)
    theirs = page.context.new_page()
    theirs.goto(filled.url(f"conversations/{filled.answered}"))
    expect(theirs.locator("#topic-choice")).to_have_value("praise")
    for one in ("complaint", "praise", "complaint"):
        theirs.locator("#topic-choice").select_option(one)
        expect(choice.locator("[selected]")).to_have_attribute("value", one)
        expect(choice).to_have_value(one)
    with page.expect_response("**/topic"):
        choice.select_option("")
    guessed = choice.locator("[selected]")
    expect(guessed).to_contain_text("(guessed)")
    expect(choice).to_have_value(guessed.get_attribute("value") or "")


def test_a_colleague_at_the_same_talk_is_seen_at_once_and_a_talk_that_is_given_is_told(
    page: Page, browser: Browser, filled: Desk
) -> None:
    context = browser.new_context(**LOOKS["light"])
    leo = filled.counter.add_agent("Leo", filled.store, role="agent")
    theirs = context.new_page()
    theirs.goto(f"{filled.base}/sign-in/{filled.counter.mint_link(leo)}")
    theirs.get_by_role("button", name="Sign in").click()
    theirs.wait_for_url(f"**/desk/{filled.store.public_id}/")
    theirs.goto(filled.url(f"conversations/{filled.answered}"))
    expect(page.locator("#company")).to_contain_text("Leo is looking at this too")
    theirs.get_by_label("Your answer").press_sequentially("Voy")
    expect(page.locator("#company")).to_contain_text("Leo is writing an answer")
    care = filled.counter.house.doors.care
    assign(care, filled.store.id, filled.waiting, Agent(filled.ana.id, "Ana"), Agent(leo.id, "Leo"), "mira esto", "n-9")
    expect(theirs.locator("#assigned .toast")).to_contain_text("Ana gave you a conversation")
    expect(page.locator("#assigned .toast")).to_be_hidden()
    assert theirs.locator("#assigned").get_attribute("hidden") is None, "what speaks is there before it speaks"
    theirs.get_by_role("link", name="Open it").click()
    expect(theirs.get_by_role("log")).to_contain_text("mira esto")
    context.close()


def test_without_scripts_everything_is_a_plain_form(browser: Browser, filled: Desk) -> None:
    context = browser.new_context(java_script_enabled=False, **LOOKS["light"])
    page = filled.open(context, f"conversations/{filled.answered}")
    page.locator("#topic-choice").select_option("complaint")
    page.get_by_role("button", name="Set").click()
    expect(page.locator("#topic-choice")).to_have_value("complaint")
    page.locator("#note-box summary").click()
    page.get_by_label("Note for your team").fill("Sin guiones")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".note .said").last).to_have_text("Sin guiones")
    page.get_by_role("link", name="Ready answers").click()
    page.get_by_role("link", name="Use Estado").click()
    expect(page.get_by_label("Your answer")).to_have_value(DRAFT)
    page.get_by_label("Search all conversations").fill("Cuánto tarda")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("mark").first).to_have_text("Cuánto")
    context.close()
