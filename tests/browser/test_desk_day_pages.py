"""A day at the desk in a real browser: what is begun stays, there is room at every size, nobody loses their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from guest_page import wait_until
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import update
from test_desk_pages import LOOKS, Desk, desk, write_again

from plugin.agents import set_locale
from plugin.care import Agent, ConversationRow, reply
from plugin.care.hold import take
from plugin.care.macros import add_macro
from plugin.care.sorting import assign
from plugin.database import ALL
from plugin.testing.factories import MOMENT

__all__ = ["desk"]  # the fixture
SIZES = {"iPhone": (390, 664), "320 px": (320, 568), "landscape": (664, 390), "400 %": (320, 256), "wide": (1360, 850)}


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    context = browser.new_context(**LOOKS["light"])
    yield desk.open(context, f"conversations/{desk.waiting}")
    context.close()


# Room


@pytest.mark.parametrize("size", SIZES)
def test_there_is_room_for_the_list_and_for_the_messages(browser: Browser, desk: Desk, size: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = desk.open(context)
    with desk.counter.db.transaction(ALL, "the longest words") as tx:
        set_locale(tx, desk.ana.id, "es")
    page.goto(desk.url("conversations"))
    link = page.locator(".talk-link").last
    link.scroll_into_view_if_needed()
    expect(link).to_be_in_viewport(ratio=0.3)
    page.goto(desk.url(f"conversations/{desk.waiting}"))
    log = page.get_by_role("log").bounding_box()
    assert log is not None and log["height"] >= 200
    send = page.locator("#reply .button-main")
    if height > 500:
        expect(send).to_be_in_viewport(ratio=1)
    send.scroll_into_view_if_needed()
    expect(send).to_be_in_viewport()
    page.locator(".to-articles").click()
    expect(page.locator("#picker-q")).to_be_focused()
    expect(page.locator("#picker-q")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    context.close()


def test_a_phone_is_shown_no_keys_and_a_viewer_can_turn_them_off(browser: Browser, desk: Desk) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 664}, has_touch=True, is_mobile=True)
    expect(desk.open(phone, "conversations").locator("#keys")).to_be_hidden()
    phone.close()
    desk.ana = desk.counter.add_agent("Vera", desk.store, role="viewer")
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, f"conversations/{desk.waiting}")
    page.locator("#keys summary").click()
    assert "Internal note" not in page.locator("#keys").inner_text()
    switch = page.get_by_role("button", name="Keys of one letter")
    on = switch.evaluate("one => getComputedStyle(one).backgroundColor")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    page.mouse.move(0, 0)
    expect(switch).not_to_have_css("background-color", on)
    page.get_by_role("log").focus()
    page.keyboard.press("/")
    expect(page.get_by_role("log")).to_be_focused()
    assert page.locator("[aria-keyshortcuts]").count() == 0
    context.close()


# What is begun


def test_what_is_begun_is_there_again_after_keys_an_order_and_a_new_session(page: Page, desk: Desk) -> None:
    page.get_by_label("Your answer").fill("A medio escribir")
    page.locator("#note-box summary").click()
    page.get_by_label("Note for your team").fill("Una nota a medias")
    page.get_by_role("log").focus()
    page.keyboard.press("j")
    page.wait_for_url(re.compile(desk.answered))  # whole, for only then it hears keys
    expect(page.get_by_label("Your answer")).to_have_value("")
    page.get_by_role("log").focus()
    page.keyboard.press("k")
    page.wait_for_url(re.compile(desk.waiting))
    expect(page.get_by_label("Your answer")).to_have_value("A medio escribir")
    expect(page.get_by_label("Note for your team")).to_have_value("Una nota a medias")
    page.goto(desk.url("orders"))
    page.goto(desk.url(f"conversations/{desk.waiting}"))
    expect(page.get_by_label("Your answer")).to_have_value("A medio escribir")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".from-agent .said")).to_have_text("A medio escribir")
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("")
    expect(page.get_by_label("Note for your team")).to_have_value("Una nota a medias")
    page.goto(f"{desk.base}/desk/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate("sessionStorage.length") == 0


def test_an_answer_that_was_refused_is_kept_and_why_stays_to_be_read(page: Page, desk: Desk) -> None:
    care, leo = desk.counter.house.doors.care, desk.counter.add_agent("Leo", desk.store, role="agent")
    take(care, desk.store.id, desk.waiting, Agent(leo.id, "Leo"))
    page.get_by_label("Your answer").fill("Yo también")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Leo is answering here")
    desk.complaints[:] = [said for said in desk.complaints if "409" not in said]
    write_again(desk, "¿hola?")
    expect(page.get_by_role("log")).to_contain_text("¿hola?")
    expect(page.get_by_role("alert")).to_contain_text("Leo is answering here")
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("Yo también")
    page.get_by_role("button", name="Take over from Leo").click()
    expect(page.locator(".talk-title")).to_contain_text("You are answering")
    expect(page.get_by_role("alert")).to_have_count(0)


@contextmanager
def held(page: Page, path: str) -> Iterator[None]:
    """What is sent there meanwhile is on its way, and arrives behind the block."""
    waiting: list[Route] = []
    page.route(path, lambda route: waiting.append(route))
    yield
    wait_until(page, lambda: bool(waiting))
    [one] = waiting  # One press sends once.
    one.continue_()
    page.unroute(path)


def test_what_is_written_while_an_answer_is_on_its_way_stays_and_is_sent_once(page: Page, desk: Desk) -> None:
    desk.counter.add_agent("Leo", desk.store, role="agent")
    page.reload()
    field = page.get_by_label("Your answer")
    field.fill("Hola, ya lo miro.")
    with held(page, "**/reply"):
        field.press("Control+Enter")
        field.press_sequentially(" Sale mañana.")
        field.press("Control+Enter")
        expect(field).to_have_value("Hola, ya lo miro. Sale mañana.")
    expect(page.locator(".from-agent .said")).to_have_text("Hola, ya lo miro.")
    expect(field).to_have_value("Sale mañana.")
    page.keyboard.type(" O el lunes.")
    expect(field).to_have_value("Sale mañana. O el lunes.")
    page.reload()
    expect(field).to_have_value("Sale mañana. O el lunes.")
    field.press("Control+Enter")
    expect(page.locator(".from-agent .said").last).to_have_text("Sale mañana. O el lunes.")
    expect(field).to_have_value("")
    for box, label, button, path in (
        ("#note-box", "Note for your team", "Keep the note", "**/notes"),
        ("#assign-box", "A word to them", "Give it to them", "**/assign"),
    ):
        page.locator(f"{box} summary").click()
        word = page.get_by_label(label)
        word.fill("Uno")
        with held(page, path):
            page.get_by_role("button", name=button).click()
            word.press_sequentially(" y dos")
        expect(page.locator(".note .said").last).to_have_text("Uno")
        expect(word).to_have_value("y dos")
        expect(word).to_be_focused()
    page.reload()
    expect(page.get_by_label("Note for your team")).to_have_value("y dos")
    expect(field).to_have_value("")


def test_an_answer_that_never_arrived_is_kept_whole_with_what_was_written_behind_it(page: Page, desk: Desk) -> None:
    waiting: list[Route] = []
    page.route("**/reply", lambda route: waiting.append(route))
    field = page.get_by_label("Your answer")
    field.fill("Hola.")
    field.press("Control+Enter")
    field.press_sequentially(" Sale mañana.")
    wait_until(page, lambda: bool(waiting))
    [one] = waiting
    one.fulfill(status=503)
    expect(page.locator("#offline .toast")).to_be_visible()
    desk.complaints[:] = [said for said in desk.complaints if "503" not in said]
    expect(field).to_have_value("Hola. Sale mañana.")
    page.unroute("**/reply")
    page.reload()
    expect(field).to_have_value("Hola. Sale mañana.")


def test_a_conversation_that_is_erased_while_open_is_left_once(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    context.clock.install()
    page = desk.open(context, f"conversations/{desk.waiting}")
    expect(page.locator("#waiting .badge")).to_have_count(1)
    expect(page.locator(".htmx-request")).to_have_count(0)  # nothing of the first refresh is asked for any more
    with desk.counter.db.transaction(desk.store.id) as tx:
        tx.execute(update(ConversationRow).values(public_id="cv_AAAAAAAAAAAA").where(
            ConversationRow.store_id == desk.store.id, ConversationRow.public_id == desk.waiting
        ))  # fmt: skip
    asked: list[str] = []
    page.on("response", lambda one: asked.append(one.url) if one.status == 404 else None)
    context.clock.fast_forward("00:11")
    expect(page.locator("#company")).to_have_count(0)
    context.clock.fast_forward("00:31")
    page.wait_for_timeout(300)
    assert [one.rsplit("/", 1)[1] for one in asked] == ["company", desk.waiting], "asked once, and the page again"
    expect(page.locator("#offline .toast")).to_be_hidden()
    desk.complaints[:] = [said for said in desk.complaints if "404" not in said]
    context.close()


def test_a_second_ready_answer_takes_the_place_of_an_untouched_first_one(page: Page, desk: Desk) -> None:
    with desk.counter.db.transaction(desk.store.id) as tx:
        for title in ("Uno", "Dos"):
            add_macro(tx, desk.store.id, title, {"es": f"Respuesta {title}"}, MOMENT)
    field = page.get_by_label("Your answer")

    def choose(title: str) -> None:
        page.get_by_role("link", name="Ready answers", exact=True).click()
        page.get_by_role("link", name=f"Use {title}").click()
        expect(page.locator("#macro-picker")).to_be_hidden()

    field.fill("Hola.")
    choose("Uno")
    expect(field).to_have_value("Hola.\n\nRespuesta Uno")
    choose("Dos")
    expect(field).to_have_value("Hola.\n\nRespuesta Dos")
    field.press_sequentially("!")
    choose("Uno")
    expect(field).to_have_value("Hola.\n\nRespuesta Dos!\n\nRespuesta Uno")


def test_among_many_ready_answers_one_is_found_by_keyboard(page: Page, desk: Desk) -> None:
    with desk.counter.db.transaction(desk.store.id) as tx:
        for number in range(12):
            add_macro(tx, desk.store.id, f"Estado {number}", {"es": f"Texto {number}"}, MOMENT)
        add_macro(tx, desk.store.id, "Devolución", {"es": "Así se devuelve"}, MOMENT)
    page.get_by_role("log").focus()
    page.keyboard.press("m")
    expect(page.get_by_label("Search the ready answers")).to_be_focused()
    page.keyboard.type("devolucion")
    expect(page.locator(".macro-choice")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".macro-choice")).to_have_count(1)
    expect(page).to_have_url(re.compile(f"{desk.waiting}$"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your answer")).to_have_value("Así se devuelve")


# One's place


def test_keys_take_and_resolve_and_focus_stays_near(page: Page, desk: Desk) -> None:
    expect(page.locator("#act-take")).to_have_attribute("aria-keyshortcuts", "t")
    page.get_by_role("button", name="Take it").press("Enter")
    expect(page.locator("#act-take")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.type("Para el equipo")
    page.get_by_role("button", name="Keep the note").press("Enter")
    expect(page.locator(".note .said")).to_have_text("Para el equipo")
    expect(page.locator("#note-box summary")).to_be_focused()
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Ready answers")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#macro-picker")).to_be_hidden()
    expect(page.get_by_label("Your answer")).to_be_focused()
    page.get_by_role("log").focus()
    page.keyboard.press("e")
    expect(page.locator(".talk-title")).to_contain_text("Resolved")
    page.keyboard.press("t")
    expect(page.locator(".talk-title")).to_contain_text("You are answering")
    page.get_by_role("log").focus()
    page.keyboard.press("2")
    expect(page.locator("#told")).to_have_text("Topic: 2 · Complaint")


def test_a_note_that_is_kept_leaves_what_is_begun_to_a_colleague(page: Page, desk: Desk) -> None:
    leo = desk.counter.add_agent("Leo", desk.store, role="agent")
    page.reload()
    page.locator("#assign-box summary").click()
    page.get_by_label("A word to them").fill("Mira esto")
    page.locator("#note-box summary").click()
    page.get_by_label("Note for your team").fill("Nota")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".note .said")).to_have_text("Nota")
    expect(page.get_by_label("A word to them")).to_have_value("Mira esto")
    eva = desk.counter.add_agent("Eva", desk.store, role="agent")
    take(desk.counter.house.doors.care, desk.store.id, desk.waiting, Agent(eva.id, "Eva"))
    expect(page.locator(".talk-title")).to_contain_text("Eva is answering")
    page.get_by_label("Who answers from now on").select_option(str(leo.id))
    page.get_by_role("button", name="Give it to them").click()
    expect(page.locator(".talk-title")).to_contain_text("Leo is answering")
    expect(page.get_by_label("A word to them")).to_have_value("")
    expect(page.locator("#assign-box summary")).to_be_focused()


def test_a_message_that_was_found_is_where_one_lands(page: Page, desk: Desk) -> None:
    care, me = desk.counter.house.doors.care, Agent(desk.ana.id, "Ana")
    for number in range(25):
        reply(care, desk.store.id, desk.answered, me, f"Respuesta larga número {number}.\n" * 3, f"n-{number}")
    page.goto(desk.url("search?q=tarda"))
    page.locator(".finds .row-link").first.click()
    found = page.locator(":target")
    expect(found).to_be_in_viewport()
    assert found.locator(".said").evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    expect(page.locator("#waiting .badge")).to_have_count(1)  # the first refresh has come
    write_again(desk, "mientras tanto")
    expect(page.locator("#list")).to_contain_text("mientras tanto")
    expect(found).to_be_in_viewport()
    expect(page.locator(".message").last).not_to_be_in_viewport()
    page.goto(desk.url(f"conversations/{desk.answered}"))
    expect(page.locator(".message").last).to_be_in_viewport()
    page.locator("#note-box summary").click()
    expect(page.get_by_label("Note for your team")).to_be_visible()
    expect(page.locator(".message").last).to_be_in_viewport(ratio=1)


def test_what_is_told_over_the_page_covers_no_answer_and_goes_at_once(browser: Browser, desk: Desk) -> None:
    leo = desk.counter.add_agent("Leo", desk.store, role="agent")
    context = browser.new_context(**LOOKS["390 px dark"])
    page = desk.open(context, f"conversations/{desk.answered}")
    expect(page.locator("#waiting .badge")).to_have_count(1)
    care = desk.counter.house.doors.care
    give = (care, desk.store.id, desk.waiting, Agent(leo.id, "Leo"), Agent(desk.ana.id, "Ana"))
    assign(*give)
    toast, send = page.locator("#assigned .toast"), page.get_by_role("button", name="Send")
    expect(toast).to_contain_text("Leo gave you a conversation")
    over, under = toast.bounding_box(), send.bounding_box()
    assert over is not None and under is not None and over["y"] + over["height"] < under["y"]
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_be_hidden()
    context.close()


def test_an_empty_view_says_that_it_is_the_view_and_leads_to_all(page: Page, desk: Desk) -> None:
    page.goto(desk.url("conversations?show=resolved"))
    expect(page.locator("#list .empty")).to_contain_text("Nothing in this view.")
    page.get_by_role("link", name="All conversations").click()
    expect(page.locator(".talk-link")).to_have_count(2)


def test_the_time_that_somebody_waits_goes_on_by_itself(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    context.clock.install()
    page = desk.open(context, "conversations")
    expect(page.locator("#list")).to_contain_text("Waiting for")
    expect(page.locator("#waiting .badge")).to_have_count(1)
    expect(page.locator(".htmx-request")).to_have_count(0)
    before = page.locator("#list .tag-hot").inner_text()
    desk.counter.clock.advance(600)
    context.clock.fast_forward("01:01")
    expect(page.locator("#list .tag-hot")).not_to_have_text(before)
    context.close()
