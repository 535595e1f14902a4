"""The second part of the panel against the whole counter: a code by mail opens the order, talks are rated."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect
from purchase import DESKTOP, PHONE, Desk, Shopper, Staff

from plugin.testing.demo import Demo

pytestmark = pytest.mark.xdist_group("widget-house")

NewShopper = Callable[..., Shopper]


def ask_for_code(shopper: Shopper, number: str, email: str) -> Locator:
    """From the help to the field for the code."""
    panel = shopper.panel
    panel.get_by_role("button", name="¿Dónde está mi pedido?").first.click()
    panel.locator("#number").fill(number)
    panel.locator("#mail").fill(email)
    panel.locator("#mail").press("Enter")
    panel.locator("#code").wait_for()
    return panel


def read_code(staff: Staff, email: str) -> str:
    """The six digits of the newest mail that has them in its subject or text."""
    for mail in reversed(staff.read_mails(email)):
        whole = staff.open_mail(mail["id"])
        if found := re.search(r"(?<!\d)(\d{3} ?\d{3})(?!\d)", whole["text"]):
            return found[1]
    return ""


def test_a_code_by_mail_opens_the_order_here_and_after_a_reload(new_shopper: NewShopper, demo: Demo) -> None:
    email, staff = "codes@example.com", Staff(demo)
    number = staff.place(email)
    staff.wait_for_mails(email, 1)
    shopper = new_shopper(PHONE, email=email)
    shopper.page.goto(f"{demo.shop}/es/order-status")
    shopper.wait_for_widget()
    shopper.open()
    panel = ask_for_code(shopper, number, email)
    staff.wait_for_mails(email, 2)
    code = read_code(staff, email)
    assert code
    panel.locator("#code").fill(code)
    panel.locator("#code").press("Enter")
    expect(panel.locator(".status")).to_have_text("Recibido")
    expect(panel.locator(".lines li")).to_contain_text(["Taza Sol"])
    shopper.page.reload()
    shopper.wait_for_widget()
    shopper.open("order")
    expect(panel.locator(".status")).to_have_text("Recibido")
    assert shopper.list_faults("the order by a code") == []


def test_a_number_that_is_not_theirs_looks_the_same_and_nothing_is_mailed(
    new_shopper: NewShopper, demo: Demo
) -> None:
    owner, staff = "owner@example.com", Staff(demo)
    number = staff.place(owner)
    staff.wait_for_mails(owner, 1)
    told = []
    for wished, email in ((number, "stranger@example.com"), ("999999", owner), (number, owner)):
        shopper = new_shopper(DESKTOP, email=email)
        shopper.page.goto(f"{demo.shop}/es/")
        shopper.wait_for_widget()
        shopper.open()
        panel = ask_for_code(shopper, wished, email)
        told.append(re.sub(r"\d+:\d+|\d+ s", "", panel.locator(".look-up").inner_text()))
    assert len(set(told)) == 1, told
    staff.wait_for_mails(owner, 2)
    assert staff.read_mails("stranger@example.com") == []


def test_a_talk_is_judged_closed_and_rated_and_a_low_rating_brings_it_back(
    new_shopper: NewShopper, desk: Desk
) -> None:
    shopper = new_shopper(DESKTOP, email="rater@example.com")
    panel, wish = shopper.panel, "quiero hablar con una persona, por favor (valoro)"
    shopper.reach("cart")
    shopper.open("chat")
    expect(panel.locator(".welcome")).to_contain_text("asistente automático")
    shopper.say("¿Cuánto tarda el envío?")
    panel.locator(".helped").get_by_role("button", name="Sí", exact=True).click()
    expect(panel.locator(".helped [aria-pressed=true]")).to_have_text("Sí")
    shopper.say(wish)
    desk.find(wish).click()
    desk.take()
    expect(panel.locator(".line")).to_have_text("Te atiende Ana")
    shopper.panel.locator(".composer textarea").press_sequentially("¿hola?")
    panel.locator(".composer textarea").press("Enter")
    desk.page.locator("#reply textarea").press_sequentially("Hola")
    expect(panel.locator(".typing")).to_contain_text("Ana está escribiendo")
    desk.answer("Hola, soy Ana.")
    expect(panel.locator(".agent")).to_have_count(1)
    desk.page.locator('#talk form[action$="/resolve"] button').click()
    stars = panel.get_by_role("radio")
    expect(stars).to_have_count(5)
    stars.nth(4).check(force=True)
    panel.get_by_role("button", name="Enviar valoración").click()
    expect(panel.locator(".rated")).to_contain_text("5 de 5")
    panel.get_by_role("button", name="Cambiarla").click()
    stars.nth(0).check(force=True)
    panel.locator(".card-form textarea").fill("No me han <b>ayudado</b>")
    panel.get_by_role("button", name="Enviar valoración").click()
    expect(panel.locator(".rated")).to_contain_text("1 de 5")
    expect(panel.locator(".line")).not_to_contain_text("Conversación cerrada")
    expect(desk.page.locator("#list .talk-link").first).to_contain_text("1 de 5")


def test_the_bubble_tells_of_an_answer_on_the_next_page(new_shopper: NewShopper, desk: Desk) -> None:
    shopper = new_shopper(PHONE, email="badge@example.com")
    panel, wish = shopper.panel, "quiero hablar con una persona (me voy)"
    shopper.reach("cart")
    shopper.open("chat")
    shopper.say(wish)
    expect(panel.locator(".shopper .when").last).to_contain_text("Enviado")
    desk.find(wish).click()
    desk.take()
    shopper.shut()
    desk.answer("¿Sigues ahí?")
    expect(desk.thread.last).to_contain_text("¿Sigues ahí?")
    shopper.leave("cart")
    shopper.wait_for_widget()
    expect(shopper.page.get_by_role("button", name="Ayuda, 1 mensaje nuevo")).to_be_visible()
    shopper.open("")
    expect(panel.locator(".agent .say")).to_have_text(["¿Sigues ahí?"])
    shopper.shut()
    expect(shopper.page.locator("mostrador-widget .news")).to_be_hidden()
