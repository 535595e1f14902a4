"""The starter articles as texts: the same in three languages, short, and true of whatever shop begins with them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from faq_links import (
    ALL_PLACEHOLDERS,
    EXAMPLE_ANSWERS,
    MORE_PLACEHOLDERS,
    PLACEHOLDERS,
    STARTER,
    STEPS,
    Article,
    Catalogue,
    links_for,
    load_catalogue,
    match,
)
from faq_links.words import fold
from plugin.testing.demo_answers import ANSWERS

LANGUAGES = ("es", "en", "pt")
RAW = load_catalogue(STARTER, "es")
FILLED = RAW.fill(EXAMPLE_ANSWERS)
TEN = {
    language: {one.key: EXAMPLE_ANSWERS[language][one.key] for one in PLACEHOLDERS} for language in LANGUAGES
}
WORDS = (40, 110)
"""How many words a text has; an article that is one fact of the merchant and a sentence may be shorter."""
FACT_ALONE = {
    "delivery-times",
    "delivery-costs",
    "contact-us",
    "pay-on-delivery",
    "payment-ways",
    "how-to-return",
}
FORBIDDEN = {
    "es": r"\b(vos|tenés|podés|escribinos|hacé|usted|su pedido|lo antes posible|a la brevedad|cuenta[sn]? con|"
    r"mejor precio|garantizamos|100 ?%|no te preocupes|siempre gratis|usuario)\b",
    "en": r"\b(as soon as possible|don't worry|best price|we guarantee|100 ?%|always free|user|kindly)\b",
    "pt": r"\b(o mais rápido possível|não se preocupe|melhor preço|garantimos|100 ?%|sempre grátis|usuário|"
    r"encomenda|telemóvel|contacto|connosco)\b",
}
"""Another kind of Spanish or Portuguese, empty phrases, and promises that are not every shop's."""


def everywhere() -> list[Article]:
    return [article for language in LANGUAGES for article in FILLED.articles(language)]


def test_the_three_languages_have_the_same_articles_that_wait_for_the_same_facts() -> None:
    shapes = [
        {
            one.article_id: (
                one.section,
                one.steps,
                one.phases,
                one.products,
                one.facts,
                set(one.placeholders),
            )
            for one in (*RAW.articles(language), *RAW.hidden(language))
        }
        for language in LANGUAGES
    ]
    assert shapes[0] == shapes[1] == shapes[2] and len(shapes[0]) == 37


@pytest.mark.parametrize(("answers", "shown"), [({}, 19), (TEN, 26), (EXAMPLE_ANSWERS, 37)])
def test_most_articles_stand_before_anything_is_answered_and_ten_answers_bring_the_first_that_wait(
    answers: dict[str, dict[str, str]], shown: int
) -> None:
    filled = RAW.fill(answers)
    assert [len(filled.articles(language)) for language in LANGUAGES] == [shown] * 3


def test_each_question_of_the_second_part_brings_one_article_of_its_own() -> None:
    assert len({one.key for one in ALL_PLACEHOLDERS}) == len(ALL_PLACEHOLDERS) == 21
    waiting = RAW.unfilled("es")
    for one in MORE_PLACEHOLDERS:
        assert [names for names in waiting.values() if one.key in names] == [[one.key]]
        assert one.kind == "text" and all(one.example[language][-1] == "." for language in LANGUAGES), (
            "a sentence"
        )


@pytest.mark.parametrize("article", everywhere(), ids=lambda one: f"{one.locale}-{one.article_id}")
def test_an_article_is_short_plain_and_promises_nothing_for_every_shop(article: Article) -> None:
    count = len(article.text.split())
    assert (25 if article.article_id in FACT_ALONE else WORDS[0]) <= count <= WORDS[1]
    found = re.search(FORBIDDEN[article.locale], f"{article.title} {article.text}", re.IGNORECASE)
    assert found is None, found
    assert not re.search(r"https?://|www\.|@", article.body), "no address of somebody's shop"
    assert 6 <= len(article.phrasings) <= 10 and len(article.title) <= 75


def test_numbers_stand_in_no_text_of_ours() -> None:
    for language in LANGUAGES:
        for article in (*RAW.articles(language), *RAW.hidden(language)):
            told = re.sub(r"^\d\. ", "", article.body, flags=re.MULTILINE)
            assert not re.search(r"\d|€|\$", told), f"{article.source}: a number is a shop's own"


def test_no_two_articles_of_a_language_share_a_phrasing_or_a_title() -> None:
    for language in LANGUAGES:
        asked = Counter(
            fold(words) for one in FILLED.articles(language) for words in (one.title, *one.phrasings)
        )
        assert [words for words, count in asked.items() if count > 1] == []


def test_every_title_and_phrasing_finds_its_own_article_first() -> None:
    lost = [
        (article.locale, article.article_id, words)
        for article in everywhere()
        for words in (article.title, *article.phrasings)
        if match(FILLED, words, article.locale).ranked[0][0] != article.article_id
    ]
    assert len(lost) <= 3, lost


@pytest.mark.parametrize("answers", [TEN, EXAMPLE_ANSWERS], ids=["ten", "all"])
@pytest.mark.parametrize(
    ("step", "first"),
    [
        ("home", "how-to-buy"),
        ("product", "availability"),
        ("cart", "delivery-costs"),
        ("shipping", "delivery-times"),
        ("payment", "payment-ways"),
        ("review", "how-to-return"),
        ("thank_you", "change-or-cancel"),
        ("order_status", "track-order"),
    ],
)
def test_what_most_shoppers_ask_there_stays_the_first_link(
    step: str, first: str, answers: dict[str, dict[str, str]]
) -> None:
    assert links_for(RAW.fill(answers), [step], "es")[0].article_id == first


def test_a_parcel_told_as_delivered_is_looked_for_once_it_is_delivered() -> None:
    found = {
        phase: [link.article_id for link in links_for(FILLED, ["order_status"], "es", 20, phase=phase)]
        for phase in ("purchase", "post_sale")
    }
    assert found["post_sale"][0] == "delivered-not-received"
    assert "delivered-not-received" not in found["purchase"] and found["purchase"][0] == "track-order"
    assert all(links_for(RAW, [step], "es") for step in STEPS)


def test_the_demo_shop_answers_all_but_what_it_does_not_do() -> None:
    filled: Catalogue = RAW.fill(ANSWERS, "es")
    for language in LANGUAGES:
        assert set(ANSWERS[language]) == {one.key for one in ALL_PLACEHOLDERS} - {
            "gift_cards",
            "pickup_places",
        }
        assert set(filled.unfilled(language)) == {"gift-cards", "pick-up"}


@pytest.mark.parametrize(
    ("language", "words", "first"),
    [
        ("es", "plaso de entrega", "delivery-times"),
        ("es", "¿Quánto demora el embío?", "delivery-times"),
        ("es", "garantia del produto", "product-warranty"),
        ("pt", "praso de entrega", "delivery-times"),
        ("pt", "como fasso a devolussão", "how-to-return"),
    ],
)
def test_what_sounds_like_a_word_is_read_as_it(language: str, words: str, first: str) -> None:
    assert match(FILLED, words, language).ranked[0][0] == first
