"""What the tests of the panel's second part share: its words, a store that speaks as the present server, a talk."""

from __future__ import annotations

from typing import Any

import pytest
from guest_page import checkout, open_panel, say, visit
from playwright.sync_api import Locator, Page, Route
from widget_stub import STORE, Stub

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


def lose_answer(page: Page, path: str) -> None:
    """The server does what the next request to `path` asks, and the shopper never hears of it. (A line that is only cut
    is tried again by the browser itself, when it had served before.)"""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**" + path, lose, times=1)


def fill_look_up(panel: Locator, words: dict[str, str]) -> None:
    panel.locator("#number").fill("1042")
    panel.locator("#mail").fill("alma@example.com")
    press(panel, words["send"])
    panel.locator("#code").wait_for()
