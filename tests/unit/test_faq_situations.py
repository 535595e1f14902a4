"""The situations of shoppers: their files, what is learnt from them, and what the merchant's people teach."""

from __future__ import annotations

import pytest

from faq_links import EXAMPLE_ANSWERS, STARTER, Article, Catalogue, Lesson, load_catalogue, match
from faq_links.anger import is_angry
from faq_links.kinship import read_kin
from faq_links.learnt import Learnt
from faq_links.negation import strip_denied
from faq_links.person import asks_for_person
from faq_links.rich_text import parse_markdown
from faq_links.situation_space import APART, OTHER_TALK, Space, load_space
from faq_links.teacher import SITUATIONS, read_block, read_blocks, teach
from faq_links.traits import read_traits
from faq_links.words import split_words

FILLED = load_catalogue(STARTER, default_locale="es").fill(EXAMPLE_ANSWERS)


def nearest(space: Space, text: str, language: str) -> str:
    reading = space.read(read_traits(split_words(text, language), language))
    return space.labels[max(reading.situations, key=lambda one: reading.situations[one])]


def learn_space(learnt: Learnt) -> Space:
    return Space(learnt, {trait: place for place, trait in enumerate(learnt.traits)})


def test_all_languages_tell_of_the_same_situations_with_enough_sentences() -> None:
    blocks = {path.stem: read_blocks(path) for path in SITUATIONS.glob("*.txt")}
    assert set(blocks) == {"en", "es", "pt"}
    names = set(blocks["en"])
    assert names.issuperset((*OTHER_TALK, *APART)) and len(names) < 256
    for language, found in blocks.items():
        assert set(found) == names, language
        assert all(len(sentences) >= 15 for sentences in found.values()), language


def test_every_kin_is_a_situation() -> None:
    names = set(load_space().labels)
    for name, kin in read_kin().items():
        assert {name, *kin} <= names and name not in kin


@pytest.mark.parametrize(
    ("text", "language", "situation"),
    [
        ("where is my order", "en", "order_status"),
        ("emi available?", "en", "payment_installments"),
        ("do you deliver to pincode 560001", "en", "delivery_areas"),
        ("aceptan contra entrega", "es", "payment_cash_on_delivery"),
        ("cuánto cuesta el envío", "es", "delivery_cost"),
        ("qual o valor do frete", "pt", "delivery_cost"),
        ("esqueci minha senha", "pt", "account_password"),
    ],
)
def test_plain_questions_are_read_as_their_situation(text: str, language: str, situation: str) -> None:
    assert nearest(load_space(), text, language) == situation


def test_a_space_learnt_twice_reads_alike() -> None:
    blocks = [
        read_block("a", "en", ["where is my parcel", "track it"]),
        read_block("b", "en", ["money back please", "refund me"]),
    ]
    one, other = (learn_space(teach(blocks)) for _ in range(2))
    traits = read_traits(split_words("refund my parcel", "en"), "en")
    assert one.read(traits) == other.read(traits)
    assert nearest(one, "refund", "en") == "b"


def test_what_is_not_wanted_is_left_out_when_a_wish_follows() -> None:
    assert "refund" not in strip_denied("i dont want a refund, i want the same one in grey")
    assert "cancelar" not in strip_denied("no quiero cancelar solo quiero otro color")
    assert strip_denied("i dont want to cancel") == "i dont want to cancel"


@pytest.mark.parametrize(
    "text", ["change the song", "cambia de tema", "quiero " * 800, "who won the match last night"]
)
@pytest.mark.parametrize("locale", ["es", "en"])
def test_what_no_shop_answers_is_not_answered(text: str, locale: str) -> None:
    assert not match(FILLED, text, locale).answered


def test_a_question_that_was_learned_wins_at_once_and_is_forgotten_when_undone() -> None:
    articles = [
        Article("returns", "a", "en", "Send it back", tree=parse_markdown("Within 30 days.")),
        Article("melons", "a", "en", "Our melons", tree=parse_markdown("They are sweet.")),
    ]
    catalogue = Catalogue(articles)
    question = "zorbling the quux, is it ok?"
    assert not match(catalogue, question, "en").answered
    taught = catalogue.learn([Lesson("melons", "en", "Zorbling the quux is it OK")])
    found = match(taught, question, "en")
    assert found.ranked[0] == ("melons", 1.0) and found.answered and found.confidence > 0.9
    assert not match(taught.learn([]), question, "en").answered


def test_what_people_of_the_store_taught_passes_a_title_of_the_same_words() -> None:
    articles = [
        Article("one", "a", "en", "Opening hours", tree=parse_markdown("Ten to six.")),
        Article("two", "a", "en", "Visits", tree=parse_markdown("Come by.")),
    ]
    taught = Catalogue(articles).learn([Lesson("two", "en", "opening hours")])
    assert match(taught, "opening hours?", "en").ranked[0][0] == "two"


@pytest.mark.parametrize(
    "text",
    (
        "no more bots, human!|agnt pls|im done with this robot, get me a person|let me talk to ur manager now|0 for"
        " operator|basta de respuestas automáticas|pasame con un pibe de ahí|transfiéreme|necesito que me atienda"
        " una señorita|quero gente de verdade|chega de robô|me passa um supervisor|humano plis"
    ).split("|"),
)
def test_a_person_is_heard_in_every_mood(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    (
        "are you a robot?|this robot vacuum stopped working|my agent code for the discount|does a person have to be"
        " home|put me on the list|real leather?|live plants in winter|puede recogerlo mi vecino|a atendente foi ótima"
        "|transfer the order to my brother|is the manager chair in stock|meu cartao nao passa|esta tienda es real"
    ).split("|"),
)
def test_a_person_is_not_given_unasked(text: str) -> None:
    assert not asks_for_person(text)


def test_anger_is_heard_and_a_question_on_trust_is_none() -> None:
    for text in (
        "you are thieves, i want my money",
        "ESTO ES UNA VERGUENZA!!! LLEVO UN MES ESPERANDO",
        "vou no procon",
    ):
        assert is_angry(text), text
    for text in (
        "where is my order",
        "is this a scam?",
        "gracias, muy amables",
        "qual o prazo de entrega",
        "",
        "👍",
    ):
        assert not is_angry(text), text
