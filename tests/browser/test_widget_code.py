"""Where is my order: a code by mail opens it, in the help and in a talk."""

from __future__ import annotations

import json

from extras_page import WORDS, both, fill_look_up, lose_answer, open_modern, press, read_kept, talk
from guest_page import focused, open_panel, read_storage, say, visit, wait_until
from playwright.sync_api import Page, expect
from widget_stub import CODE, Stub


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
    expect(card).to_be_focused()
    expect(card.locator(".row").last).to_be_in_viewport(ratio=1)
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
    wait_until(page, lambda: len(stub.asked("/order/code", "POST")) >= 2)
    expect(panel.locator(".look-up .main")).to_have_text("Ver mi pedido")  # and no longer on its way
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
    assert stub.asked("/conversation/order", "POST") == [], "without a talk nothing can have been proven"


def test_the_right_code_whose_answer_was_lost_still_shows_the_order(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = talk(page, stub)
    panel.locator("#help").click()
    press(panel, "¿Dónde está mi pedido?")
    fill_look_up(panel, WORDS["es"])
    panel.locator("#code").fill(CODE)
    lose_answer(page, "/order/code/check")
    panel.locator("#code").press("Enter")
    expect(panel.get_by_role("alert")).to_be_visible()
    panel.locator("#code").fill(CODE)
    panel.locator("#code").press("Enter")
    expect(panel.locator(".proven")).to_contain_text("En camino")
    assert len(stub.asked("/order/code/check", "POST")) == 2
    assert len(stub.asked("/conversation/order", "POST")) == 1
    assert panel.get_by_role("alert").count() == 0


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
