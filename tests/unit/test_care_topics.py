"""What a conversation is about: guessed from what shoppers write, put right by people."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from test_care_search import Talks, talks

from plugin.care import (
    Agent,
    reply,
    topic_words,
    topics,
)
from plugin.care.sorting import set_topic
from plugin.care.topics import guess_topic

__all__ = ["talks"]  # the fixture
ANA = Agent(1, "Ana")


SAID = [
    ("es", "¿dónde está mi pedido?", "where_is_my_order"), ("es", "hola no me ha llegado nada", "where_is_my_order"),
    ("es", "cuando me llega??", "where_is_my_order"), ("es", "quiero el numero de guia", "where_is_my_order"),
    ("es", "¿dónde está la tienda?", "doubt"), ("es", "aceptan nequi?", "doubt"),
    ("es", "hacen envios a cali", "doubt"),
    ("es", "me llegó rota la taza", "complaint"), ("es", "nadie me contesta, pésimo servicio", "complaint"),
    ("es", "no me gustó nada", "complaint"), ("es", "son unos ladrones", "complaint"),
    ("es", "¡Me encantó todo, gracias!", "praise"), ("es", "muy bonito, gracias", "praise"),
    ("es", "el lunes paso yo a recogerlo", "comment"), ("es", "ya pagué con tarjeta ayer", "comment"),
    ("es", "hola", ""), ("es", "gracias", ""), ("es", "😀", ""), ("es", "", ""),
    ("en", "where's my order", "where_is_my_order"), ("en", "it hasn't arrived yet", "where_is_my_order"),
    ("en", "do you ship to Peru", "doubt"), ("en", "what size should i take", "doubt"),
    ("en", "wrong size came", "complaint"), ("en", "the mug arrived broken", "complaint"),
    ("en", "not happy with this at all", "complaint"), ("en", "I love the mug, thanks!", "praise"),
    ("en", "I left the box with my neighbour", "comment"), ("en", "ok", ""),
    ("pt", "cadê meu pedido", "where_is_my_order"), ("pt", "ainda não chegou minha encomenda", "where_is_my_order"),
    ("pt", "vocês aceitam pix?", "doubt"), ("pt", "qual o prazo", "doubt"), ("pt", "veio quebrado", "complaint"),
    ("pt", "faltou um item no pacote", "complaint"), ("pt", "Adorei! Parabéns pela loja", "praise"),
    ("pt", "vou passar amanhã para retirar", "comment"), ("pt", "oi", ""),
    ("es", "where is my package", "where_is_my_order"),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "text", "topic"), SAID)
def test_a_topic_is_guessed_from_what_shoppers_write(locale: str, text: str, topic: str) -> None:
    assert guess_topic([text], locale) == topic


def test_of_several_messages_the_weightiest_counts() -> None:
    assert guess_topic(["hola", "¿hacen envíos?", "gracias, muy amables"], "es") == "doubt"
    assert guess_topic(["¿dónde está mi pedido?", "llegó roto"], "es") == "complaint"


def test_however_a_message_is_written_little_of_it_is_looked_at() -> None:
    """A topic is guessed while nobody else can write: no sign stands for many, and no gap is without an end."""
    seen: list[str] = []

    class Recorded(dict[str, Any]):
        def __getitem__(self, locale: str) -> Any:
            return SimpleNamespace(search=seen.append)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topics, "_ASKING", Recorded(es=None))
        for text in ("when i " * 100 + "\ufdfa" * 1000, "´" * 5000 + "´\u0390" * 2000, "a" * 9000):
            guess_topic([text], "es")
    assert len(seen) == 2 and max(map(len, seen)) <= 2000
    for words in (topic_words.WHERE, topic_words.COMPLAINT, topic_words.PRAISE, topic_words.ASKS):
        assert not any(re.search(r"\.[*+]|\{\d+,\}", pattern) for pattern in words.values())


def test_a_person_s_word_stands_over_every_guess(talks: Talks) -> None:
    talk = talks.write("¿hacen envíos a Cali?", "¿y dónde está mi pedido?")
    assert (talks.read(talk).row.topic, talks.read(talk).row.topic_by) == ("where_is_my_order", "guess")
    set_topic(talks.care, talks.store.id, talk, "praise")
    reply(talks.care, talks.store.id, talk, ANA, "Hola", "c-1")
    row = talks.read(talk).row
    assert (row.topic, row.topic_by) == ("praise", "agent")
    set_topic(talks.care, talks.store.id, talk, "")
    assert talks.read(talk).row.topic_by == "guess"
    with pytest.raises(ValueError, match="one of"):
        set_topic(talks.care, talks.store.id, talk, "spam'; --")
    with pytest.raises(LookupError):
        set_topic(talks.care, talks.store.id, "cv_AAAAAAAAAAAA", "praise")
