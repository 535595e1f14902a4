"""Nobody is at the desk: the panel's form against the whole counter, from the wish for a person to the answer.

The desk opens last: who was there counts as being there for two minutes more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from purchase import DESKTOP, PHONE, Desk, Shopper, Staff

from plugin.testing.demo import Demo

pytestmark = pytest.mark.xdist_group("widget-form-house")

NewShopper = Callable[..., Shopper]
LOOKS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "es": (
        PHONE,
        {
            "ask": "¿Cuánto tarda el envío?", "person": "Hablar con una persona", "write": "Escríbenos",
            "send": "Acepto y envío el mensaje", "ways": "Otras formas de contacto",
            "sent": "Hemos recibido tu mensaje.",
        },
    ),
    "en": (
        {**DESKTOP, "color_scheme": "dark"},
        {
            "ask": "How long does delivery take?", "person": "Talk to a person", "write": "Write to us",
            "send": "Agree and send", "ways": "Other ways to reach us", "sent": "We have your message.",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("locale", LOOKS)
def test_nobody_is_there_and_a_message_is_left_and_acknowledged(
    new_shopper: NewShopper, demo: Demo, locale: str
) -> None:
    look, words = LOOKS[locale]
    email = f"writer-{locale}@example.com"
    shopper = new_shopper(look, email=email)
    panel = shopper.panel
    shopper.page.goto(f"{demo.shop}/{locale}/")
    shopper.wait_for_widget()
    shopper.open("help")
    reach = panel.get_by_role("region", name=words["ways"])
    expect(reach.locator('a[href^="tel:+"]').first).to_be_visible()
    assert shopper.list_faults("ways of contact") == []
    panel.locator("#chat").click()
    shopper.say(words["ask"])
    panel.locator(".bot").wait_for()
    panel.locator(".line").get_by_role("button", name=words["person"]).click()
    panel.locator(".write").get_by_role("button", name=words["write"]).click()
    field = panel.locator("#form-text")
    expect(field).to_have_value(words["ask"])
    text = f"{words['ask']} <b>{locale}</b>"
    field.fill(text)
    panel.locator("#form-email").fill(email)
    assert shopper.list_faults("form") == []
    panel.get_by_role("button", name=words["send"]).click()
    sent = panel.locator(".sent")
    expect(sent).to_contain_text(words["sent"])
    expect(sent).to_be_focused()
    found = re.search(r"M-\w{6}", sent.inner_text())
    assert found
    expect(panel.locator(".system").last).to_contain_text(found[0])
    expect(panel.locator(".shopper .say")).to_have_text([words["ask"], text])
    assert shopper.list_faults("sent") == []

    staff = Staff(demo)
    [mail] = staff.wait_for_mails(email, 1)
    whole = staff.open_mail(mail["id"])
    assert found[0] in mail["subject"] + whole["text"] and "<b>" not in whole["text"]


def test_a_message_by_the_form_is_answered_in_the_same_talk(
    new_shopper: NewShopper, demo: Demo, desk: Desk
) -> None:
    email, text = "answered@example.com", "¿Tienen la taza en azul?"
    shopper = new_shopper(DESKTOP, email=email)
    panel = shopper.panel
    shopper.page.goto(f"{demo.shop}/es/")
    shopper.wait_for_widget()
    shopper.open("help")
    panel.locator(".reach").get_by_role("button", name="Escríbenos").click()
    panel.locator("#form-text").fill(text)
    panel.locator("#form-email").fill(email)
    panel.locator("#form-email").press("Enter")
    panel.locator(".sent").wait_for()
    desk.find(text).click()
    desk.take()
    desk.answer("Hola, soy Ana: en azul no.")
    expect(panel.locator(".agent .say")).to_have_text(["Hola, soy Ana: en azul no."])
    shopper.page.reload()
    shopper.wait_for_widget()
    shopper.open("")
    expect(panel.locator(".shopper .say")).to_have_text([text])
    expect(panel.locator(".agent .say")).to_have_text(["Hola, soy Ana: en azul no."])
