"""One talk at the desk in a real browser: articles while typing, the bot put right, who is typing, what stands out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from test_desk_pages import LOOKS, RULES, Desk, desk, find_small_targets, write_again

from plugin.care import (
    ConversationRow,
    consent_words,
    get_conversation,
    leave_email,
    note_page,
    note_shopper_typing,
    rate,
)
from plugin.care.shapes import conversation_channel
from plugin.database import ALL
from plugin.help import list_learned
from plugin.stores import get_store
from plugin.stores.hours import WEEKDAYS, set_hours

__all__ = ["desk"]  # the fixture


def visitor_of(desk: Desk, talk: str) -> object:
    with desk.counter.db.reading(ALL, "test") as tx:
        row = next(row for row in tx.query(ConversationRow) if row.public_id == talk)
    return desk.counter._visitor(row.visitor_id)


@pytest.fixture
def rated(desk: Desk) -> Desk:
    """The answered talk, rated badly, with an address left and hours told."""
    care, visitor = desk.counter.house.doors.care, visitor_of(desk, desk.answered)
    rate(care, desk.store, visitor, 2, "No me sirvió")
    leave_email(care, desk.store, visitor, "alma@example.com", consent_words(desk.store, "es"))
    with desk.counter.db.transaction(desk.store.id) as tx:
        week = {day: [("09:00", "14:00"), ("16:00", "20:00")] for day in WEEKDAYS[:5]}
        set_hours(get_store(tx, desk.store.id), week, {"2026-12-25": [], "2026-12-24": [("09:00", "14:00")]})
    return desk


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    context = browser.new_context(**LOOKS["light"])
    yield desk.open(context, f"conversations/{desk.waiting}")
    context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_the_new_places_are_for_everybody_and_fit(
    browser: Browser, rated: Desk, look: str, tmp_path: Path
) -> None:
    context = browser.new_context(**LOOKS[look])
    page = rated.open(context)
    talk = f"conversations/{rated.answered}"
    for number, path in enumerate((
        "conversations", talk, f"{talk}#about", f"{talk}/articles", f"{talk}/articles?q=xqzt",
        f"{talk}/articles?position=2", "hours", "contact", "store", "learned", "routing",
    )):  # fmt: skip
        page.goto(rated.url(path))
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page, options=RULES).response["violations"]
        assert [
            (one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"]) for one in found
        ] == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert find_small_targets(page) == [], path
        picture = page.screenshot(path=tmp_path / f"{number}.png")
        assert len(picture) > 5000, path
    context.close()


def test_a_question_is_answered_with_an_article_by_keyboard_alone(page: Page, desk: Desk) -> None:
    page.evaluate("window.stays = true")
    write_again(desk, "en cuantos dias me traen la compra")
    expect(page.get_by_role("log")).to_contain_text("me traen la compra")
    page.get_by_label("Your answer").press("Tab")
    expect(page.get_by_role("link", name="Answer with an article")).to_be_focused()
    page.keyboard.press("Enter")
    search = page.get_by_role("searchbox", name="Search the articles")
    expect(search).to_be_focused()
    search.press("Control+a")
    page.keyboard.type("cuanto tarda el envio")
    first = page.locator("#picker-found button").first
    expect(first).to_have_accessible_name("Send: ¿Cuánto tarda en llegar mi pedido?")
    expect(search).to_have_value("cuanto tarda el envio")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".from-agent .source")).to_contain_text("¿Cuánto tarda en llegar mi pedido?")
    expect(page.locator("#picker")).to_be_hidden()
    expect(page.get_by_label("Your answer")).to_be_focused()
    assert page.evaluate("window.stays") is True
    with desk.counter.db.reading(desk.store.id) as tx:
        [learned] = list_learned(tx, desk.store.id)
    assert (learned.article_id, learned.how) == ("delivery-times", "answered")


def test_the_page_that_the_shopper_opens_stands_there_while_the_agent_writes(page: Page, desk: Desk) -> None:
    page.evaluate("window.stays = true")
    about = page.get_by_role("complementary", name="About this shopper")
    page.get_by_label("Your answer").fill("Voy a mirar")
    care, visitor = desk.counter.house.doors.care, visitor_of(desk, desk.waiting)
    whole = f"https://{desk.store.domain}/carrito"
    assert note_page(care, visitor, ("cart",), whole, None)
    link = about.get_by_role("link", name="/carrito", exact=True)
    expect(link).to_be_visible()
    assert (link.get_attribute("href"), link.get_attribute("title")) == (whole, whole)
    expect(page.get_by_label("Your answer")).to_have_value("Voy a mirar")
    expect(page.get_by_label("Your answer")).to_be_focused()
    assert page.evaluate("window.stays") is True


@pytest.mark.parametrize("look", ["light", "320 px"])
def test_a_page_stands_short_in_two_lines_and_its_time_below(browser: Browser, desk: Desk, look: str) -> None:
    context = browser.new_context(**LOOKS[look])
    page = desk.open(context, f"conversations/{desk.waiting}#about")
    link, time = page.locator("#about a.page"), page.locator("#about a.page + span time")
    care, visitor = desk.counter.house.doors.care, visitor_of(desk, desk.waiting)
    own, long = f"https://{desk.store.domain}", "/tazas/" + "azul-cobalto-" * 12
    for whole, short in (
        (own, "/"), (f"{own}/", "/"), (f"{own.upper()}/Tazas/", "/Tazas/"), (f"{own}{long}", long),
        (f"{own}/caf%C3%A9/%3Cb%3E", "/caf%C3%A9/%3Cb%3E"), (f"{own}//evil.example/x", "//evil.example/x"),
        ("https://evil.example/carrito", "evil.example/carrito"), ("https://evil.example:8443", "evil.example:8443/"),
        (f"{own}.evil.example/carrito", f"{desk.store.domain}.evil.example/carrito"),
    ):  # fmt: skip
        assert note_page(care, visitor, ("cart",), whole, None)
        page.goto(desk.url(f"conversations/{desk.waiting}?of={len(whole)}#about"))
        expect(link).to_have_text(short)
        expect(link).to_have_accessible_name(short)
        assert (link.get_attribute("href"), link.get_attribute("title")) == (whole, whole)
        box, below = link.bounding_box(), time.bounding_box()
        assert box and below and box["height"] <= 48 and below["y"] >= box["y"] + box["height"] - 1
    context.close()


def test_what_has_the_focus_is_not_scrolled_away_by_a_long_message(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1280, "height": 560})
    log = page.get_by_role("log")
    for words in ("uno " * 150, "corto"):
        write_again(desk, words)
    expect(log.get_by_text("corto")).to_be_in_viewport()
    log.get_by_role("link", name="Make an article of it").last.focus()
    write_again(desk, "otro " * 300)
    expect(log).to_contain_text("otro otro")
    page.wait_for_timeout(300)
    seen = "() => [document.activeElement, document.querySelector('.messages')].map(one => one.getBoundingClientRect())"
    link, box = page.evaluate(seen)
    assert box["top"] <= link["top"] < link["bottom"] <= box["bottom"] and link["height"] < 60


def test_escape_closes_the_articles_and_what_was_typed_stays(page: Page) -> None:
    box = page.get_by_label("Your answer")
    box.fill("A medio escribir")
    page.get_by_role("link", name="Answer with an article").click()
    search = page.get_by_role("searchbox", name="Search the articles")
    expect(search).to_be_focused()
    search.press("Escape")
    expect(page.locator("#picker")).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("A medio escribir")


def test_the_bot_is_put_right_where_it_was_wrong(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["390 px dark"])
    page = desk.open(context, f"conversations/{desk.answered}")
    page.get_by_role("link", name="The bot was wrong").click()
    expect(page.get_by_role("heading", name="Which article is the right answer?")).to_be_visible()
    page.locator("#picker-found button").nth(1).click()
    expect(page.locator(".from-bot .tag-bad")).to_have_text("Wrong")
    expect(page.locator("#picker")).to_be_hidden()
    with desk.counter.db.reading(desk.store.id) as tx:
        assert [one.how for one in list_learned(tx, desk.store.id)] == ["corrected"]
    context.close()


def test_typing_is_seen_on_both_sides_and_by_every_tab(page: Page, desk: Desk) -> None:
    care, counter = desk.counter.house.doors.care, desk.counter
    other = page.context.new_page()
    other.goto(desk.url(f"conversations/{desk.answered}"))
    third = page.context.new_page()
    third.goto(desk.url(f"conversations/{desk.waiting}"))
    expect(page.locator("#waiting .badge")).to_have_count(1)
    assert note_shopper_typing(care, visitor_of(desk, desk.waiting))
    expect(page.locator("#typing")).to_have_text("The shopper is typing …")
    expect(third.locator("#typing")).to_have_text("The shopper is typing …")
    assert other.locator("#typing").inner_text() == ""
    write_again(desk, "ya está")
    expect(page.get_by_role("log")).to_contain_text("ya está")
    expect(page.locator("#typing")).to_have_text("")
    with counter.db.reading(desk.store.id) as tx:
        whole = get_conversation(tx, desk.store.id, desk.waiting)
    assert whole is not None
    with counter.house.doors.hub.subscribe(conversation_channel(desk.store.id, whole.row.id)) as shopper:
        page.get_by_label("Your answer").press_sequentially("Un momento")
        event = shopper.wait(10)
    assert event is not None and (event.name, json.loads(event.data)) == ("typing", {"name": "Ana"})


def test_what_happens_beside_the_talk_comes_by_itself(page: Page, desk: Desk) -> None:
    care, visitor = desk.counter.house.doors.care, visitor_of(desk, desk.waiting)
    expect(page.locator("#waiting .badge")).to_have_count(1)
    leave_email(care, desk.store, visitor, "alma@example.com", consent_words(desk.store, "es"))
    expect(page.locator("#about")).to_contain_text("alma@example.com")


def test_a_bad_rating_stands_out_as_it_comes(page: Page, desk: Desk) -> None:
    page.goto(desk.url("conversations"))
    expect(page.locator("#waiting .badge")).to_have_count(1)
    care, visitor = desk.counter.house.doors.care, visitor_of(desk, desk.answered)
    rate(care, desk.store, visitor, 1, None)
    expect(page.locator(".is-rated-low")).to_contain_text("Rated 1 of 5")


def fill_monday(page: Page) -> None:
    page.get_by_label("Monday, opens").first.fill("09:00")
    page.get_by_label("Monday, closes").first.fill("18:00")


@pytest.mark.parametrize("scripts", [True, False])
def test_hours_are_said_with_and_without_scripts(browser: Browser, desk: Desk, scripts: bool) -> None:
    context: BrowserContext = browser.new_context(java_script_enabled=scripts, **LOOKS["390 px dark"])
    page = desk.open(context, "hours")
    fill_monday(page)
    page.get_by_role("button", name="Monday to Friday alike").click()
    expect(page.get_by_label("Friday, closes")).to_have_value("18:00")
    expect(page.get_by_label("Saturday, opens")).to_have_value("")
    page.get_by_role("button", name="One more interval on Tuesday").click()
    page.get_by_label("Tuesday, opens").nth(1).fill("20:00")
    page.get_by_label("Tuesday, closes").nth(1).fill("21:00")
    page.get_by_role("button", name="Add a special day").click()
    page.get_by_label("Date").fill("2026-12-25")
    page.get_by_label("Date").press("Enter") if scripts else page.get_by_role("button", name="Save the hours").click()
    page.wait_for_url("**/store?about=hours&done=saved#hours")
    expect(page.locator("#hours")).to_contain_text("Friday, December 25")
    with desk.counter.db.reading(desk.store.id) as tx:
        kept = get_store(tx, desk.store.id).hours
    assert kept["week"]["tue"] == [["09:00", "18:00"], ["20:00", "21:00"]] and kept["week"]["sat"] == []
    assert kept["days"] == {"2026-12-25": []}
    context.close()


def test_an_article_is_chosen_without_scripts(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(java_script_enabled=False, **LOOKS["390 px dark"])
    page = desk.open(context, f"conversations/{desk.waiting}")
    page.get_by_role("link", name="Answer with an article").click()
    page.get_by_role("searchbox", name="Search the articles").fill("cuanto tarda el envio")
    page.get_by_role("button", name="Search").click()
    page.locator("#picker-found button").first.click()
    expect(page.locator(".from-agent .source")).to_contain_text("¿Cuánto tarda en llegar mi pedido?")
    expect(page.locator("#picker")).to_be_hidden()
    context.close()
