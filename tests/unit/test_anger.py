"""Anger is heard, and whoever only asks whether the shop is honest is not angry."""

from __future__ import annotations

import pytest

from faq_links.anger import is_angry

CLAIMS = [
    "¡Sois unos ladrones, esto es una estafa! ¿dónde está mi pedido?",
    "esto es una estafa",
    "ustedes son una estafa",
    "es una estafa!! devuélvanme mi plata",
    "me habéis estafado",
    "me siento estafada",
    "esto es un timo",
    "sois unos impresentables",
    "¿esto es una estafa? sois unos ladrones",
    "this is a scam, where is my order?",
    "is this a scam? you are thieves, give me my money back",
    "I got scammed by you",
    "isso é um golpe",
    "foi um golpe, nunca recebi nada",
    "vocês são ladrões",
]
DOUBTS = [
    "¿es una estafa?",
    "¿Esto es una estafa?",
    "esta tienda es real o es una estafa",
    "es seguro poner mi tarjeta aqui? no es estafa?",
    "¿cómo sé que no es una estafa?",
    "es un timo?",
    "la caja llegó con un golpe en una esquina",
    "is this a scam",
    "are you a scam?",
    "how do i know you are not a scam",
    "isso é golpe?",
    "é golpe ou é confiável",
    "¿dónde está mi pedido?",
    "",
    "?!",
]


@pytest.mark.parametrize("words", CLAIMS)
def test_who_claims_it_is_angry_also_beside_a_question(words: str) -> None:
    assert is_angry(words)


@pytest.mark.parametrize("words", DOUBTS)
def test_who_only_asks_is_not_angry(words: str) -> None:
    assert not is_angry(words)
