"""Help during a purchase: the bot answers with its source, then a person at the desk does, live, on every step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from purchase import DESKTOP, LOOKS, PHONE, Desk, Shopper, Staff

from plugin.testing.demo import Demo

pytestmark = pytest.mark.xdist_group("purchase-talk")

NewShopper = Callable[..., Shopper]
PARCEL = {
    "carrier": "Correos",
    "number": "PQ4F6P0704104480181750T",
    "url": "https://carrier.example/t/PQ4F6P0704104480181750T",
}
EXACTLY_ONCE = {"shopper": 3, "bot": 1, "agent": 3}


@pytest.mark.parametrize("look", LOOKS)
def test_a_shopper_asks_the_bot_then_a_person_who_answers_live_from_step_to_step(
    new_shopper: NewShopper, desk: Desk, look: str
) -> None:
    shopper = new_shopper(LOOKS[look])
    panel = shopper.panel
    wish = f"quiero hablar con una persona ({look})"

    shopper.reach("cart")
    shopper.open("chat")
    shopper.say("¿Cuánto tarda el envío?")
    answer = panel.locator(".bot")
    expect(answer).to_contain_text("de 2 a 4 días laborables")
    answer.locator(".source").click()
    expect(panel.locator("article h3")).to_have_text("¿Cuánto tarda en llegar mi pedido?")
    panel.locator(".back").click()
    expect(panel.locator(".bot")).to_have_count(1)

    shopper.say(wish)
    expect(desk.find(wish)).to_be_visible()  # nobody reloaded the desk
    desk.find(wish).click()
    expect(desk.thread.filter(has_text=wish)).to_have_count(1)
    expect(desk.page.locator(".side-pane")).to_contain_text("cart")
    desk.take()
    expect(panel.locator(".line")).to_have_text("Te atiende Ana")
    desk.answer("Hola, soy Ana: te ayudo.")
    expect(panel.locator(".agent .say")).to_have_text(["Hola, soy Ana: te ayudo."])

    shopper.shut()
    shopper.leave("cart")
    shopper.wait_for_widget()
    shopper.open("")
    expect(panel.locator(".agent .say")).to_have_text(["Hola, soy Ana: te ayudo."])
    desk.answer("¿Sigues ahí?")
    expect(panel.locator(".agent .say")).to_have_text(["Hola, soy Ana: te ayudo.", "¿Sigues ahí?"])
    shopper.say("Sí, <b>gracias</b>")
    expect(desk.thread.last).to_contain_text("Sí, <b>gracias</b>")
    shopper.shut()
    desk.answer("¡Hasta luego!")
    expect(desk.thread.last).to_contain_text("¡Hasta luego!")
    shopper.open("")
    expect(panel.locator(".agent")).to_have_count(3)
    assert {who: panel.locator(f".log .{who}").count() for who in EXACTLY_ONCE} == EXACTLY_ONCE
    assert panel.locator(".log b").count() == 0 and desk.page.locator("#talk .said b").count() == 0


def test_the_proven_order_tells_its_state_and_the_agent_sees_it_too(
    new_shopper: NewShopper, desk: Desk, demo: Demo
) -> None:
    shopper, staff, email = new_shopper(PHONE, email="proven@example.com"), Staff(demo), "proven@example.com"
    panel = shopper.panel
    shopper.reach("thanks")
    staff.wait_for_mails(email, 1)
    shopper.open()
    card = panel.locator(".card")
    expect(card).to_contain_text("Recibido")
    expect(card).to_contain_text(shopper.number)
    card.tap()
    expect(panel.locator(".status")).to_have_text("Recibido")
    expect(panel.locator("dd").first).to_have_text("Pagado")
    expect(panel.locator(".lines li")).to_contain_text(["Taza Sol"])
    expect(panel.locator(".parcel")).to_have_count(0)
    shopper.shut()

    staff.act(shopper.number, "ship", parcels=[PARCEL])
    staff.wait_for_mails(email, 2)
    shopper.leave("thanks")
    shopper.wait_for_widget()
    shopper.open("order")
    expect(panel.locator(".status")).to_have_text("En camino")
    expect(panel.locator(".parcel bdi")).to_have_text(PARCEL["number"])
    link = panel.locator(".parcel a")
    assert link.get_attribute("href") == PARCEL["url"]
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")
    panel.locator("#chat").tap()
    shopper.say("¿Dónde está mi pedido?")
    expect(panel.locator(".bot")).to_contain_text(PARCEL["number"])
    wish = f"quiero hablar con una persona sobre {shopper.number}"
    shopper.say(wish)
    desk.find(wish).click()
    expect(desk.page.locator(".side-pane")).to_contain_text(shopper.number)
    expect(desk.page.locator(".side-pane")).to_contain_text(PARCEL["number"])


def test_who_only_knows_the_number_and_the_address_is_shown_no_order_by_the_widget(
    new_shopper: NewShopper, demo: Demo
) -> None:
    number, stranger = Staff(demo).place("bought@example.com"), new_shopper(DESKTOP)
    stranger.page.goto(f"{demo.shop}/es/order-status")
    stranger.page.locator("#order").fill(number)
    stranger.page.locator("#email").fill("bought@example.com")
    stranger.page.locator("main form button").click()
    expect(stranger.page.locator("h1")).to_contain_text(number)
    stranger.wait_for_widget()
    assert stranger.steps() == "order_status"
    panel = stranger.open()
    panel.locator(".row").first.wait_for()
    assert panel.locator("#order, .card").count() == 0
    stranger.panel.locator("#chat").click()
    stranger.say(f"¿Dónde está mi pedido {number}? Soy bought@example.com")
    expect(panel.locator(".bot")).to_have_count(1)
    said = panel.locator(".bot").inner_text()
    assert "Recibido" not in said and "Pagado" not in said and "Taza" not in said


def test_every_opening_of_the_desk_opens_its_live_line(desk: Desk) -> None:
    for _ in range(8):
        desk.open_list()
