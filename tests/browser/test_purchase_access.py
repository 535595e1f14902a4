"""Everybody can buy and ask: axe finds nothing on any page of the purchase, whatever of the widget is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from purchase import DESKTOP, PHONE, SMALL, Shopper

pytestmark = pytest.mark.xdist_group("purchase-access")

VIEWS: dict[str, dict[str, Any]] = {
    "phone": PHONE,
    "desktop dark": {**DESKTOP, "color_scheme": "dark"},
    "320 px": SMALL,
}
NewShopper = Callable[..., Shopper]


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_on_the_whole_way(new_shopper: NewShopper, view: str) -> None:
    shopper = new_shopper(VIEWS[view])
    panel, faults = shopper.panel, []
    for name in shopper.walk():
        faults += shopper.list_faults(f"{name}, closed")
        if name == "payment":
            shopper.open()
            panel.locator("summary").first.click()
            faults += shopper.list_faults("help")
            panel.locator("input").fill("envio")
            panel.locator(".ask").wait_for()
            faults += shopper.list_faults("search")
            panel.locator(".row").first.click()
            panel.locator("article").wait_for()
            faults += shopper.list_faults("article")
            panel.locator("#chat").click()
            faults += shopper.list_faults("empty chat")
            shopper.say("¿Cómo puedo pagar?")
            panel.locator(".bot .source").wait_for()
            shopper.say("quiero hablar con una persona")
            panel.locator(".system").wait_for()
            faults += shopper.list_faults("chat")
            shopper.shut()
        if name == "thanks":
            shopper.open("order")
            panel.locator(".status").wait_for()
            faults += shopper.list_faults("order")
            shopper.shut()
    assert faults == []


def test_a_fault_on_the_page_or_in_the_widget_would_be_found(new_shopper: NewShopper) -> None:
    shopper = new_shopper(DESKTOP)
    shopper.reach("payment")
    shopper.open()
    shopper.ask(
        "document.querySelector('label[for=number]').remove();"
        "document.querySelector('mostrador-widget').shadowRoot.querySelector('.panel .head .icon')"
        ".removeAttribute('aria-label')"
    )
    faults = " ".join(shopper.list_faults("spoiled"))
    assert "label" in faults and "button-name" in faults
