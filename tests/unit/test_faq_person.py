"""Who wishes for a person: by word, by asking for a call, or because life is at stake; and who does not."""

from __future__ import annotations

import pytest

from faq_links import EXAMPLE_ANSWERS, STARTER, load_catalogue, match
from faq_links.callbacks import wants_call
from faq_links.person import asks_for_person

FILLED = load_catalogue(STARTER, default_locale="es").fill(EXAMPLE_ANSWERS)


@pytest.mark.parametrize(
    "text",
    (
        "call me|call me back|please call me on 07700900123|give me a call|could your sales team ring me about a"
        " kitchen"
        "|i need a callback|nobody answers. someone call me please|llámame|que me llamen|¿me pueden llamar?|llámenme"
        " por favor|denme una llamada|comuníquense conmigo|me liga|podem ligar-me?|quero que me liguem|entrem em"
        " contato comigo"
    ).split("|"),
)
def test_who_wants_a_call_wishes_for_a_person(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    (
        "what is your phone number|cuál es el teléfono de la tienda|qual o telefone de vocês|can i call you on"
        " sunday|the"
        " driver never called me|please call before delivering|please don't call me, email is fine|no me llamen"
        "|não precisa me"
        " ligar|me llaman antes de entregar?|call of duty ps5|will it reach me by friday|quiero que me devuelvan"
        " el dinero|when will the money get back to me|i want a ring in gold|customer service number|a que"
        " número los"
        " llamo|i missed a call from the courier"
    ).split("|"),
)
def test_who_asks_for_a_number_or_tells_of_a_call_does_not(text: str) -> None:
    assert not asks_for_person(text)


def test_a_call_that_did_not_come_and_another_wished_is_a_wish() -> None:
    assert wants_call("your courier did not call me last week please could you call me back")
    assert not wants_call("the courier did not call me")


@pytest.mark.parametrize(
    "text",
    ["me quiero morir", "ya no quiero vivir", "i want to die", "I'm going to kill myself", "quero morrer", "vou me"
        " matar"],
)
@pytest.mark.parametrize("locale", ["es", "en", "pt"])
def test_who_no_longer_wants_to_live_is_given_a_person(text: str, locale: str) -> None:
    found = match(FILLED, text, locale)
    assert found.handoff and not found.answered


@pytest.mark.parametrize(
    "text", ["me quiero morir de risa", "i want to die my hair red", "quero morrer de rir", "spray to kill ants"]
)
def test_sayings_are_no_despair(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    (
        "no necesito un asesor, solo el precio|i dont need an agent, just the size|no quiero hablar con nadie"
        "|valeu, a moça do"
        " chat foi ótima|your colleague already helped me, thanks|un asesor me prometió un cupón, cómo lo uso|is"
        " this a bot?"
        "|libro para hablar con niños|doorbell that lets me speak to visitors|quiero darle una sorpresa a alguien"
        "|something for"
        " someone who likes fishing|the raising agent in the cake mix|sirve con operador movistar|forward me the"
        " invoice"
    ).split("|"),
)
def test_persons_refused_told_of_or_in_goods_are_no_wish(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    (
        "eso no es lo que pregunté. Una persona, gracias.|any humans about?|can anyone help me who isnt a chatbot"
        "|hand this over"
        " to your staff please|escalate my case|quiero que alguien revise mi caso|quero que uma pessoa resolva"
        " comigo|quero fla"
        " com atendemte|get me someone|i dont want to talk to a bot|put me through|hablar con alguien"
    ).split("|"),
)
def test_persons_wished_in_other_words_are_heard(text: str) -> None:
    assert asks_for_person(text)
