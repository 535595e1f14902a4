"""What the tests of the panel's message form share: its words, a shop where nobody is, a form that is filled in."""

from __future__ import annotations

from typing import Any

import pytest
from extras_page import open_modern
from playwright.sync_api import Locator, Page
from widget_stub import Stub

NAMES = ("title", "send", "chat", "go on", "person", "text", "email", "no text", "no email", "sent")
FORM: dict[str, dict[str, str]] = {
    locale: dict(zip(NAMES, words, strict=True))
    for locale, words in {
        "es": (
            "Escríbenos", "Acepto y envío el mensaje", "Volver al chat", "Seguir con el asistente",
            "Hablar con una persona", "Tu mensaje", "Tu correo", "Cuéntanos qué necesitas.",
            "Escribe un correo completo, como ana@ejemplo.com.", "Hemos recibido tu mensaje.",
        ),
        "en": (
            "Write to us", "Agree and send", "Back to the chat", "Go on with the assistant", "Talk to a person",
            "Your message", "Your e-mail", "Tell us what you need.",
            "Write a whole e-mail address, like ana@example.com.", "We have your message.",
        ),
        "pt": (
            "Escreva para a gente", "Concordo e envio a mensagem", "Voltar ao chat", "Continuar com o assistente",
            "Falar com uma pessoa", "Sua mensagem", "Seu e-mail", "Conte o que você precisa.",
            "Escreva um e-mail completo, como ana@exemplo.com.", "Recebemos sua mensagem.",
        ),
    }.items()
}  # fmt: skip
ES = FORM["es"]
each_language = pytest.mark.parametrize("locale", FORM)
QUESTION = "¿Me pueden enviar las <b>patas</b> del sofá?"


def close_shop(stub: Stub, **boot: Any) -> None:
    """Nobody is there, and the merchant wants the form then."""
    stub.modernize(**{"available": False, "agents": [], "route": "form", **boot})


def open_form(page: Page, stub: Stub, locale: str = "es") -> Locator:
    panel = open_modern(page, stub, "chat", locale)
    panel.locator("form.write").wait_for()
    return panel


def fill(panel: Locator, email: str = "alma@example.com", text: str = QUESTION) -> None:
    panel.locator("#form-text").fill(text)
    panel.locator("#form-email").fill(email)
