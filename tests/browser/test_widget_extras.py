"""The second part of the panel: who answers and when, the order by a code, what a shopper says of answer and talk."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from guest_page import NOTHING_KEPT, checkout, focused, open_panel, read_storage, say, visit
from playwright.sync_api import Browser, Locator, Page, expect
from widget_stub import CODE, CONSENT, PROOF, STORE, Stub

KEY = f"mostrador:{STORE}"
WORDS: dict[str, dict[str, str]] = {
    "es": {
        "where": "¿Dónde está mi pedido?",
        "send": "Enviarme un código",
        "see": "Ver mi pedido",
        "again": "Enviar otro código",
        "other": "Cambiar los datos",
        "yes": "Sí",
        "no": "No",
        "agree": "Acepto, guardar mi correo",
        "decline": "Ahora no",
        "rate": "Enviar valoración",
        "change": "Cambiarla",
        "typing": "Ana está escribiendo",
        "helped": "¿Te ha servido?",
    },
    "en": {
        "where": "Where is my order?",
        "send": "Send me a code",
        "see": "See my order",
        "again": "Send another code",
        "other": "Change the details",
        "yes": "Yes",
        "no": "No",
        "agree": "I agree, keep my e-mail",
        "decline": "Not now",
        "rate": "Send rating",
        "change": "Change it",
        "typing": "Ana is writing",
        "helped": "Did this help?",
    },
}
both = pytest.mark.parametrize("locale", WORDS)


def open_modern(page: Page, stub: Stub, tab: str = "help", locale: str = "es", **data: str) -> Locator:
    visit(page, stub, checkout(stub.tag(locale=locale, **data), lang=locale))
    return open_panel(page, tab)


def talk(page: Page, stub: Stub, locale: str = "es", **data: str) -> Locator:
    """A shopper who asked once and got the bot's answer."""
    panel = open_modern(page, stub, "chat", locale, **data)
    say(page, "¿Cuánto tarda?")
    panel.locator(".bot").wait_for()
    stub.wait_for_streams(1)
    return panel


def press(panel: Locator, name: str) -> None:
    panel.get_by_role("button", name=name).first.click()


def read_kept(page: Page) -> dict[str, Any]:
    kept: dict[str, Any] = page.evaluate(f"JSON.parse(localStorage.getItem('{KEY}') || '{{}}')")
    return kept


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
    page.wait_for_timeout(3200)
    panel.locator("#order").click()
    expect(panel.locator("#number")).to_be_visible()


def fill_look_up(panel: Locator, words: dict[str, str]) -> None:
    panel.locator("#number").fill("1042")
    panel.locator("#mail").fill("alma@example.com")
    press(panel, words["send"])
    panel.locator("#code").wait_for()


@both
def test_number_and_mail_bring_a_code_and_the_code_brings_the_order(
    page: Page, stub: Stub, locale: str
) -> None:
    words = WORDS[locale]
    stub.modernize()
    panel = open_modern(page, stub, locale=locale)
    press(panel, words["where"])
    expect(panel.locator("#number")).to_be_visible()
    fill_look_up(panel, words)
    assert focused(page) == "digits"
    field = panel.locator("#code")
    assert {name: field.get_attribute(name) for name in ("autocomplete", "inputmode", "type")} == {
        "autocomplete": "one-time-code", "inputmode": "numeric", "type": "text",
    }  # fmt: skip
    [asked] = stub.asked("/order/code", "POST")
    assert asked["body"] == {"number": "1042", "email": "alma@example.com", "handle": None, "locale": locale}
    assert "alma" not in json.dumps(read_storage(page)), "the address is kept nowhere"

    field.fill("999 999")
    field.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("Te quedan 4 intentos")
    expect(field).to_have_value("")
    assert focused(page) == "digits"
    field.evaluate(
        """(e, text) => { const data = new DataTransfer(); data.setData('text', text)
        e.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}))
        document.execCommand('insertText', false, text) }""",
        f" {CODE[:3]} {CODE[3:]} ",
    )
    expect(field).to_have_value(CODE)
    press(panel, words["see"])
    expect(panel.locator(".status")).to_have_text("En camino")
    assert focused(page) == "status"
    expect(panel.locator(".list .row")).to_have_text(["¿Cuántos días tengo para devolver?"])
    checked = stub.asked("/order/code/check", "POST")[-1]
    assert set(checked["body"]) == {"handle", "code", "locale", "client_id"}
    kept = read_kept(page)
    assert kept["order"] == "1" and kept["token"] == next(iter(stub.talks)) and "code" not in kept
    for request in stub.requests:
        assert (
            "vt_" not in request["path"] + request["query"] and CODE not in request["path"] + request["query"]
        )

    page.reload()
    panel = open_panel(page, "order")
    expect(panel.locator(".status")).to_have_text("En camino")
    assert stub.asked("/conversation/order", "POST")[-1]["body"] == {"locale": locale}


def test_in_a_talk_the_order_is_shown_in_it_with_its_links(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = talk(page, stub)
    stub.say("bot", "Puedo mirar tu pedido.", wants_order=True)
    panel.locator(".bot").get_by_role("button", name="Ver mi pedido").click()
    fill_look_up(panel, WORDS["es"])
    panel.locator("#code").fill(CODE)
    panel.locator("#code").press("Enter")
    card = panel.locator(".proven")
    expect(card).to_contain_text("En camino")
    expect(panel.locator("#chat")).to_have_attribute("aria-selected", "true")
    assert card.locator("a").get_attribute("href") == "https://carrier.example/t/2190045512"
    assert stub.asked("/order/code/check", "POST")[0]["headers"]["Authorization"] == "Bearer " + next(
        iter(stub.talks)
    )
    expect(panel.locator(".bot").get_by_role("button", name="Ver mi pedido")).to_have_count(0)
    card.locator(".row").click()
    expect(panel.locator("article h3")).to_have_text("¿Cuántos días tengo para devolver?")
    panel.locator(".back").click()
    say(page, "gracias")
    expect(card).to_have_count(0)
    expect(panel.locator("#order")).to_have_count(1)
    panel.locator("#help").click()
    expect(panel.locator(".card")).to_contain_text("En camino")
    expect(panel.locator(".body > .list .row")).to_have_text(["¿Cuántos días tengo para devolver?"])


def test_a_code_may_be_renewed_after_a_while_and_the_form_survives_a_reload(page: Page, stub: Stub) -> None:
    stub.modernize()
    page.clock.install(time="2026-11-22T20:00:00Z")
    visit(page, stub)
    page.clock.run_for(500)
    page.locator(".bubble").click()
    panel = page.locator(".panel")
    press(panel, "¿Dónde está mi pedido?")
    fill_look_up(panel, WORDS["es"])
    again = panel.get_by_role("button", name="Enviar otro código")
    expect(again).to_have_attribute("aria-disabled", "true")
    again.click(force=True)
    assert len(stub.asked("/order/code", "POST")) == 1
    expect(panel.locator("#codetime")).to_contain_text("quedan 15 min")
    page.clock.run_for(46_000)
    expect(again).to_have_attribute("aria-disabled", "false")
    again.click()
    expect(again).to_have_attribute("aria-disabled", "true")
    first, second = (r["body"]["handle"] for r in stub.asked("/order/code", "POST"))
    assert first is None and second in stub.handles
    page.clock.run_for(5 * 60_000)
    expect(panel.locator("#codetime")).to_contain_text("quedan 10 min")

    page.reload()
    page.clock.run_for(500)
    page.locator(".bubble").click()
    press(panel, "¿Dónde está mi pedido?")
    expect(panel.locator("#codetime")).to_contain_text("quedan 10 min")
    expect(again).to_have_count(0)
    page.clock.run_for(11 * 60_000)
    expect(panel.locator("#codetime")).to_have_text("El código ha caducado. Pide otro.")
    press(panel, "Cambiar los datos")
    expect(panel.locator("#number")).to_be_focused()
    assert "code" not in read_kept(page)


def test_a_code_tried_too_often_is_dead_and_one_begins_anew(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = open_modern(page, stub)
    press(panel, "¿Dónde está mi pedido?")
    fill_look_up(panel, WORDS["es"])
    for left in (4, 3, 2, 1):
        panel.locator("#code").fill("000000")
        panel.locator("#code").press("Enter")
        expect(panel.get_by_role("alert")).to_contain_text(f"Te quedan {left} intentos")
    panel.locator("#code").fill("000000")
    panel.locator("#code").press("Enter")
    expect(panel.locator("#number")).to_be_visible()
    expect(panel.get_by_role("alert")).to_have_text("Ese código ya no vale. Pide otro.")


def test_what_is_missing_in_the_form_is_said_before_anything_is_asked(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = open_modern(page, stub)
    press(panel, "¿Dónde está mi pedido?")
    press(panel, "Enviarme un código")
    expect(panel.get_by_role("alert")).to_contain_text("Escribe el número del pedido")
    expect(panel.locator("#number")).to_be_focused()
    panel.locator("#number").fill("1042")
    panel.locator("#mail").fill("alma@")
    panel.locator("#mail").press("Enter")
    expect(panel.locator("#mail")).to_be_focused()
    stub.fail_next("/order/code", 429)
    panel.locator("#mail").fill("alma@example.com")
    panel.locator("#mail").press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("Espera un minuto")
    assert len(stub.asked("/order/code", "POST")) == 1


@both
def test_an_answer_of_the_bot_is_judged_and_the_judgement_may_change(
    page: Page, stub: Stub, locale: str
) -> None:
    words = WORDS[locale]
    stub.modernize()
    panel = talk(page, stub, locale)
    group = panel.get_by_role("group", name=words["helped"])
    yes, no = (group.get_by_role("button", name=words[name], exact=True) for name in ("yes", "no"))
    yes.click()
    expect(yes).to_have_attribute("aria-pressed", "true")
    expect(yes).to_be_focused()
    no.click()
    expect(no).to_have_attribute("aria-pressed", "true")
    expect(yes).to_have_attribute("aria-pressed", "false")
    expect(panel.locator(".bot")).to_have_count(2)  # it offers a person
    assert [r["body"] for r in stub.asked("/conversation/verdict", "POST")] == [
        {"position": 2, "helped": True},
        {"position": 2, "helped": False},
    ]
    no.click()
    assert len(stub.asked("/conversation/verdict", "POST")) == 2
    page.reload()
    panel = open_panel(page, "chat")
    expect(panel.get_by_role("button", name=words["no"], exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_judgement_that_did_not_arrive_is_not_shown_as_given(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = talk(page, stub)
    stub.fail_next("conversation/verdict", 500)
    panel.get_by_role("button", name="Sí", exact=True).click()
    expect(panel.get_by_role("button", name="Sí", exact=True)).to_have_attribute("aria-pressed", "false")


def test_clicks_on_links_and_openings_are_counted_without_a_name(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = open_modern(page, stub, steps="payment,review")
    panel.locator(".row").first.click()
    panel.locator("article .helped").wait_for()
    press(panel, "Sí")
    panel.locator(".back").click()
    panel.locator("summary").nth(1).click()
    panel.locator('details [data-article="delivery-areas"]').click()
    panel.locator("article .helped").wait_for()
    press(panel, "No")
    expect(panel.get_by_role("button", name="No", exact=True)).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(300)
    counted = [r for r in stub.requests if r["path"].endswith("/count") and r["method"] == "POST"]
    told = {"locale": "es", "step": "payment", "phase": "pre_purchase"}
    assert [(r["path"].split("/")[-2], r["body"]) for r in counted] == [
        ("payment-methods", {"kind": "clicked", **told}),
        ("payment-methods", {"kind": "helped", **told}),
        ("delivery-areas", {"kind": "opened", **told}),
        ("delivery-areas", {"kind": "not_helped", **told}),
    ]
    assert all("Authorization" not in r["headers"] for r in counted)
    assert read_storage(page) == NOTHING_KEPT


@both
def test_a_closed_talk_is_rated_by_keys_alone_and_the_rating_may_change(
    page: Page, stub: Stub, locale: str
) -> None:
    words = WORDS[locale]
    stub.modernize()
    panel = talk(page, stub, locale)
    stub.say("agent", "Hola, soy Ana.", name="Ana")
    stub.set_state(status="resolved", can_rate=True)
    radios = panel.get_by_role("radio")
    expect(radios).to_have_count(5)
    radios.first.focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(radios.nth(3)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Muy <b>bien</b>")
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name=words["rate"])).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.locator(".rated")).to_contain_text("4")
    expect(panel.locator(".rated")).to_be_focused()
    press(panel, words["change"])
    expect(radios.nth(3)).to_be_checked()
    radios.nth(0).check(force=True)
    press(panel, words["rate"])
    expect(panel.locator(".system")).to_have_count(1)  # the server brings it back to a person
    expect(panel.locator(".rated")).to_contain_text("1")
    assert [r["body"] for r in stub.asked("/conversation/rating", "POST")] == [
        {"score": 4, "comment": "Muy <b>bien</b>"},
        {"score": 1, "comment": "Muy <b>bien</b>"},
    ]


def test_a_rating_that_is_refused_says_so_and_keeps_what_was_typed(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = talk(page, stub)
    stub.set_state(status="resolved", can_rate=True)
    press(panel, "Enviar valoración")
    expect(panel.get_by_role("alert")).to_have_text("Elige primero de 1 a 5 estrellas.")
    panel.get_by_role("radio").nth(1).check(force=True)
    panel.locator(".card-form textarea").fill("lento")
    stub.fail_next("conversation/rating", 429)
    press(panel, "Enviar valoración")
    expect(panel.get_by_role("alert")).to_contain_text("Espera un minuto")
    expect(panel.locator(".card-form textarea")).to_have_value("lento")


@both
def test_an_address_is_asked_once_with_its_consent_and_may_be_declined(
    page: Page, stub: Stub, locale: str
) -> None:
    words = WORDS[locale]
    stub.modernize()
    panel = talk(page, stub, locale)
    stub.set_state(ask_email=True)
    form = panel.locator(".card-form")
    expect(form.locator("#consent")).to_have_text(CONSENT)
    assert form.locator("input").count() == 1, "no box that could come ticked"
    press(panel, words["agree"])
    expect(panel.get_by_role("alert")).to_be_visible()
    expect(panel.locator("#address")).to_be_focused()
    panel.locator("#address").fill("alma@example.com")
    press(panel, words["agree"])
    expect(panel.locator(".left")).to_contain_text("alma@example.com")
    assert [r["body"] for r in stub.asked("/conversation/email", "POST")] == [
        {"email": "alma@example.com", "consent": CONSENT}
    ]
    assert "alma" not in json.dumps(read_storage(page))
    stub.set_state(ask_email=True, email=False)
    press(panel, words["decline"])
    expect(panel.locator("#address")).to_have_count(0)
    assert focused(page) == "TEXTAREA"
    page.reload()
    panel = open_panel(page, "chat")
    panel.locator(".helped").wait_for()
    expect(panel.locator("#address")).to_have_count(0)


@both
def test_who_is_writing_is_seen_and_heard_once_for_each_answer(page: Page, stub: Stub, locale: str) -> None:
    words = WORDS[locale]
    stub.modernize()
    panel = talk(page, stub, locale)
    stub.set_state(status="open", agent={"name": "Ana"})
    panel.locator(".line").filter(has_text="Ana").wait_for()
    page.evaluate(
        """() => { window.__heard = []
        const root = document.querySelector('mostrador-widget').shadowRoot
        for (const e of root.querySelectorAll('[role=status], [role=log]')) new MutationObserver(list => {
          for (const m of list) for (const n of [...m.addedNodes, ...(m.type === 'characterData' ? [m.target] : [])])
            if (!n.parentElement?.closest('[aria-live=off]')) __heard.push(n.textContent)
        }).observe(e, {childList: true, subtree: true, characterData: true}) }"""
    )
    stub.type_as("Ana")
    expect(panel.locator(".typing")).to_contain_text(words["typing"])
    expect(panel.locator(".shopper .when").first).to_contain_text({"es": "Leído", "en": "Read"}[locale])
    expect(panel.locator(".typing")).to_have_count(0, timeout=9000)
    stub.type_as("Ana")
    panel.locator(".typing").wait_for()
    stub.say("agent", "Llega el martes.", name="Ana")
    expect(panel.locator(".agent")).to_have_count(1)
    expect(panel.locator(".typing")).to_have_count(0)
    heard = page.evaluate("__heard.map(t => t.trim()).filter(Boolean)")
    assert heard.count(words["typing"]) == 1, heard
    assert len([text for text in heard if "Llega el martes." in text]) == 1, heard


def test_a_person_hears_that_the_shopper_writes_and_the_bot_does_not(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = talk(page, stub)
    field = panel.locator(".composer textarea")
    field.press_sequentially("hola")
    assert stub.asked("/conversation/typing", "POST") == []
    stub.set_state(status="open", agent={"name": "Ana"})
    panel.locator(".line").filter(has_text="Ana").wait_for()
    field.press_sequentially(", sigo aquí y escribo bastante")
    page.wait_for_timeout(300)
    assert len(stub.asked("/conversation/typing", "POST")) == 1, "once each three seconds"


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
    page.wait_for_timeout(300)
    assert page.evaluate("__running.size") == 0
    stub.wait_for_streams(0)
