"""Floors on two lists of messages that ask for a person, or only sound so: `dev` was tuned to, `test` was split off
before the recogniser was touched and only measured. `make bench-faq` prints the figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from faq_links.person import asks_for_person
from faq_links.person_frames import find_frame
from faq_links.person_parts import read_parts

LISTS = Path(__file__).parent.parent / "data" / "faq" / "person"


def read_list(name: str, kind: str) -> list[str]:
    rows = map(json.loads, (LISTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    return [str(row["text"]) for row in rows if row["kind"] == kind]


@pytest.mark.parametrize(("name", "heard", "unasked"), [("dev", 0.975, 0.01), ("test", 0.97, 0.03)])
def test_who_asks_for_a_person_is_heard_and_hardly_anybody_else(name: str, heard: float, unasked: float) -> None:
    persons, others = read_list(name, "person"), read_list(name, "other")
    assert len(persons) > 200 and len(others) > 250
    assert sum(map(asks_for_person, persons)) >= heard * len(persons)
    assert sum(map(asks_for_person, others)) <= unasked * len(others)


def test_no_message_stands_in_both_lists() -> None:
    first, second = (
        {text.lower() for kind in ("person", "other") for text in read_list(name, kind)} for name in ("dev", "test")
    )
    assert not first & second


@pytest.mark.parametrize(
    "text",
    (
        "quisiera tratar mi reclamo con algún responsable|não quero menu, quero uma pessoa|switch me over to one of"
        " your colleagues|alguem pode me chamar|hay quien me atienda|con quién hablo|n quero falar c robo|qiero un"
        " umano|mi caso es raro. persona, por favor|recebi errado e preciso que alguém me ajude"
    ).split("|"),
)
def test_the_build_of_a_sentence_asks_for_a_person(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    (
        "el asesor me ofreció un descuento|is there someone in the photo|how do I become an agent|do you need agents|"
        "crachá de supervisor|lavar sin máquina se puede|libro sobre cómo hablar con la gente|falei com alguém na"
        " segunda e resolveram|can someone else sign for it|puede recogerlo otra persona|hablo desde Chile, envían"
    ).split("|"),
)
def test_persons_who_are_told_of_or_hired_or_come_for_the_parcel_are_no_wish(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    (
        "my husband wants to talk to you|mi marido quiere hablar con ustedes|meu marido quer falar com vocês|my older"
        " sister needs to speak with you|mi esposa necesita hablar con vosotros|minha mãe precisa falar com vcs|my son"
        " would like to talk to you|mi hija quiere que hable con ustedes"
    ).split("|"),
)
def test_who_says_that_somebody_of_theirs_wants_to_talk_to_us_asks_for_a_person(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    (
        "my husband wants to talk about it first|mi marido quiere hablarlo primero|meu marido quer falar sobre isso"
        " primeiro|my husband wants to talk to me first|mi marido quiere hablar conmigo antes de comprar|mi marido no"
        " quiere hablar con ustedes|my daughter wants a doll that can talk to you|minha filha quer uma boneca que fala"
        " com você|my wife needs a size 40|mi hijo quiere cambiar el color"
    ).split("|"),
)
def test_what_somebody_of_theirs_wants_otherwise_is_no_wish_for_a_person(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    (
        "could I have a word with one of your opticians|quiero hablar con uno de sus ópticos|queria uma palavrinha com"
        " um dos seus farmacêuticos|prefiro resolver isto de pessoa para pessoa|is there a way to the people behind the"
        " bot|I'd love to do a video call with a salesperson|querría que nos visitara o llamara un comercial|¿Podrían"
        " devolverme la llamada esta tarde?|Gostaria de receber uma ligação de vocês|let's try a person this time"
    ).split("|"),
)
def test_one_of_yours_whatever_they_are_called_is_a_person(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    (
        "Do sizes vary from person to person?|Aceptan pagos de persona a persona?|O resultado varia de pessoa para"
        " pessoa?|Who is the team behind this shop?|Can I send flowers to a person in hospital?|Can I send money to a"
        " person with a gift card?|Les hablo de una de las camisas que compré, llegó rota|Faltou o botão de uma das"
        " suas camisas|Falta a tampa de um dos seus potes|Can I do video calls with one charge?|I want a laptop to do"
        " video calls with a good camera"
    ).split("|"),
)
def test_one_of_the_goods_and_calls_made_with_them_are_no_wish(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize("text", ["sí, por favor", "sim por favor", "ok por favor", "yes please, thanks", "dale porfa"])
def test_politeness_alone_is_no_wish_for_a_person(text: str) -> None:
    assert not asks_for_person(text)


def test_words_have_one_part_in_all_three_languages() -> None:
    assert read_parts("quiero hablar con alguien") == read_parts("quero falar com alguem") == "wsgp"
    assert read_parts("want to talk with somebody") == "wgsgp"
    assert read_parts("quiero hablar con algien") == "wsgp", "a slip is mended"
    assert find_frame("where is my order") is None
