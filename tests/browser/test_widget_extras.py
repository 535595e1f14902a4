"""The second part of the panel: who answers and when, and how it comes and goes."""

from __future__ import annotations

import re

import pytest
from extras_page import WORDS, fill_look_up, open_modern, press, talk
from guest_page import NOTHING_KEPT, open_panel, read_storage, say, visit, wait_until
from playwright.sync_api import Browser, Page, expect
from widget_stub import PROOF, Stub

WEEK = {
    "open": False,
    "opens_at": "2026-11-23T14:00:00Z",
    "closes_at": None,
    "intervals": [
        ["2026-11-23T14:00:00Z", "2026-11-23T18:00:00Z"], ["2026-11-23T19:00:00Z", "2026-11-23T23:00:00Z"],
        ["2026-11-25T03:00:00Z", "2026-11-25T07:00:00Z"],
    ],
}  # fmt: skip
ZONES = {
    # the same moments: on Sunday in Bogotá and in Madrid, where the night shift begins on another day
    "America/Bogota": (
        "es-CO",
        "Abrimos mañana a las 9:00 a. m.",
        ["9:00 a. m. – 1:00 p. m.2:00 p. m. – 6:00 p. m.", "10:00 p. m. – 2:00 a. m."],
        ["lunes", "martes"],
    ),
    "Europe/Madrid": (
        "es-ES",
        "Abrimos mañana a las 15:00",
        ["15:00 – 19:0020:00 – 0:00", "4:00 – 8:00"],
        ["lunes", "miércoles"],
    ),
}


@pytest.mark.parametrize("zone", ZONES)
def test_before_typing_the_hours_stand_there_as_the_shopper_s_own_clock_has_them(
    browser: Browser, stub: Stub, zone: str
) -> None:
    own, head, spans, days = ZONES[zone]
    stub.modernize(hours=WEEK, answer_seconds=3 * 60 + 20, available=False, agents=[])
    context = browser.new_context(timezone_id=zone, locale=own)
    page = context.new_page()
    page.clock.set_fixed_time("2026-11-22T20:00:00Z")
    panel = open_modern(page, stub, "chat")
    expect(panel.locator(".head .quiet")).to_have_text(head.replace(" ", " "), use_inner_text=True)
    expect(panel.locator(".facts li")).to_have_text(["Cerrado ahora", "Una persona suele responder en 4 min"])
    expect(panel.locator(".welcome > .quiet")).to_contain_text("Quienes responden aquí: Ana y Luis.")
    panel.locator(".week summary").click()
    rows = panel.locator(".week dl > div")
    expect(rows).to_have_count(7)
    told = {
        row.locator("dt").inner_text(): re.sub(r"\s", " ", row.locator("dd").text_content() or "")
        for row in rows.all()
    }
    assert [told[day] for day in days] == spans
    assert told["hoy"] == "cerrado" and list(told.values()).count("cerrado") == 5
    privacy = panel.get_by_role("link", name="Cómo cuidamos tus datos")
    assert privacy.get_attribute("href") == stub.boot["privacy_url"]
    assert read_storage(page) == NOTHING_KEPT
    context.close()


def test_open_hours_and_human_names_are_told_and_a_greeting_for_the_phase(page: Page, stub: Stub) -> None:
    hours = {
        "open": True, "opens_at": None, "closes_at": None,
        "intervals": [["2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z"]],
    }  # fmt: skip
    stub.modernize(
        hours=hours, answer_seconds=7300, phase="post_sale", greeting="Hola. ¿Todo bien con tu pedido?"
    )
    page.clock.set_fixed_time("2026-11-22T20:00:00Z")
    panel = open_modern(page, stub, "chat")
    expect(panel.locator(".welcome > p").last).to_have_text("Hola. ¿Todo bien con tu pedido?")
    expect(panel.locator(".head .quiet")).to_have_text("Ana y Luis: aquí ahora")
    expect(panel.locator(".facts li")).to_have_text(
        ["Abierto ahora", "Una persona suele responder en 3 horas"]
    )
    panel.locator(".week summary").click()
    expect(panel.locator(".week dd")).to_have_text(["24 horas"] * 7)


def test_where_a_person_comes_first_an_order_changes_nothing_of_who_greets(page: Page, stub: Stub) -> None:
    stub.modernize(route="person", greeting="Hola. Aquí te responde una persona.")
    panel = open_modern(page, stub, "chat", proof=PROOF)
    panel.locator("#order").wait_for()
    expect(panel.locator(".welcome > p").last).to_have_text("Hola. Aquí te responde una persona.")
    expect(panel.locator(".welcome")).not_to_contain_text("asistente")
    stub.boot |= {"route": "bot", "greeting": "Hola. Soy el asistente."}
    page.reload()
    open_panel(page, "chat")
    expect(panel.locator(".welcome > p").last).to_have_text("Hola. ¿Te ayudamos con tu pedido?")


@pytest.mark.parametrize(
    ("locale", "words"), [("es", "Abrimos mañana a la 1:00"), ("pt", "Abrimos amanhã à 1:00")]
)
def test_one_o_clock_is_told_as_the_language_has_it(
    browser: Browser, stub: Stub, locale: str, words: str
) -> None:
    hours = {
        "open": False, "opens_at": "2026-11-23T00:00:00Z", "closes_at": None,
        "intervals": [["2026-11-23T00:00:00Z", "2026-11-23T09:00:00Z"]],
    }  # fmt: skip
    stub.modernize(hours=hours, available=False, agents=[])
    context = browser.new_context(timezone_id="Europe/Madrid", locale=locale)
    page = context.new_page()
    page.clock.set_fixed_time("2026-11-22T20:00:00Z")
    panel = open_modern(page, stub, "chat", locale)
    expect(panel.locator(".head .quiet")).to_have_text(words)
    context.close()


def test_what_the_shop_has_not_told_is_not_made_up(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = open_modern(page, stub, "chat")
    panel.locator(".welcome").wait_for()
    assert panel.locator(".facts, .week").count() == 0


def test_the_second_part_is_fetched_only_when_it_is_wanted(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = open_modern(page, stub)
    panel.locator(".row").first.wait_for()
    assert stub.asked("/extras.js") == []
    panel.locator("#chat").click()
    panel.locator(".welcome").wait_for()
    assert len(stub.asked("/extras.js")) == 1
    assert stub.asked("/watch.js") == []


def test_when_the_second_part_does_not_come_the_chat_works_and_it_is_asked_again(
    page: Page, stub: Stub
) -> None:
    stub.modernize()
    page.route("**/extras.js*", lambda route: route.abort())
    panel = open_modern(page, stub)
    press(panel, "¿Dónde está mi pedido?")
    expect(panel.get_by_role("alert")).to_contain_text("No hemos podido cargarlo.")
    panel.locator("#chat").click()
    say(page, "hola")
    panel.locator(".bot").wait_for()
    page.unroute("**/extras.js*")

    def look_again() -> bool:
        panel.locator("#chat").click()
        panel.locator("#order").click()
        return panel.locator("#number").is_visible()

    wait_until(page, look_again)
    expect(panel.locator("#number")).to_be_visible()


def test_an_older_server_is_asked_nothing_it_does_not_know(page: Page, stub: Stub) -> None:
    visit(page, stub, proof=PROOF)
    page.evaluate(
        "document.addEventListener('mostrador:open', e => { e.target.dataset.basket = '12.50 EUR' })"
    )
    panel = open_panel(page)
    panel.locator(".row").first.wait_for()
    boots = [r["query"] for r in stub.asked("/boot")]
    assert boots == ["locale=es&steps=payment&basket=1", "locale=es&steps=payment"]
    panel.locator(".card").wait_for()
    panel.locator(".row").first.click()
    panel.locator("article").wait_for()
    panel.locator("#chat").click()
    expect(panel.locator(".welcome")).to_contain_text("¿En qué podemos ayudarte?")
    say(page, "hola")
    panel.locator(".bot").wait_for()
    stub.wait_for_streams(1)
    stub.set_state(status="open", agent={"name": "Ana"})
    panel.locator(".line").filter(has_text="Ana").wait_for()
    panel.locator("textarea").press_sequentially("hola")
    page.wait_for_timeout(300)
    assert panel.locator(".helped, .find, .card-form").count() == 0
    unknown = re.compile("count|typing|verdict|rating|email|code|conversation/order")
    assert [r["path"] for r in stub.requests if unknown.search(r["path"])] == []


def test_destroy_takes_the_second_part_away_too(page: Page, stub: Stub) -> None:
    page.add_init_script(
        """window.__running = new Set()
        for (const [start, stop] of [['setInterval', 'clearInterval'], ['setTimeout', 'clearTimeout']]) {
          const [begin, end] = [window[start], window[stop]]
          window[start] = (act, ms, ...more) => {
            const once = (...args) => { if (start === 'setTimeout') __running.delete(id); act(...args) }
            const id = begin(once, ms, ...more)
            __running.add(id)
            return id
          }
          window[stop] = id => { __running.delete(id); end(id) }
        }"""
    )
    stub.modernize()
    panel = talk(page, stub)
    stub.say("bot", "Puedo mirar tu pedido.", wants_order=True)
    panel.locator(".bot").get_by_role("button", name="Ver mi pedido").click()
    fill_look_up(panel, WORDS["es"])
    assert page.evaluate("__running.size") > 0
    panel.locator(".head .icon").click()
    page.wait_for_function("document.querySelector('mostrador-widget').shadowRoot.querySelector('.news')")
    page.evaluate("document.querySelector('mostrador-widget').destroy()")
    page.wait_for_function("__running.size === 0")
    stub.wait_for_streams(0)
