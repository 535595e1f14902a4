"""The store's help: filled articles, links of a step, search, and answers that abstain."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from faq_links import EXAMPLE_ANSWERS
from plugin.contract import Step
from plugin.help import (
    answer,
    asks_for_person,
    catalogue_of,
    catalogues,
    get_article,
    hub_url,
    links_for_steps,
    list_sections,
    search,
    section_title,
)


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    catalogues._kept.clear()
    yield
    catalogues._kept.clear()


def make_shop(public_id: str = "st_help", answers: Any = EXAMPLE_ANSWERS, locale: str = "es") -> Any:
    return SimpleNamespace(
        public_id=public_id, answers=answers, locale=locale, currency="EUR", facts={}, hours={}, calibration={},
        articles_version=0,
        wrong_target=0.07,
    )  # fmt: skip


def test_a_store_that_answered_everything_shows_every_section_in_each_language() -> None:
    for locale in ("es", "en", "pt"):
        sections = list_sections(make_shop(), locale)
        assert [section.id for section in sections] == ["products", "shop", "payment", "shipping", "returns"]
        assert all(len(section.articles) >= 3 for section in sections)
        assert all("{{" not in article.html for section in sections for article in section.articles)


def test_a_store_that_answered_nothing_shows_only_what_needs_no_answer() -> None:
    shown = [
        article for section in list_sections(make_shop(answers={}), "es") for article in section.articles
    ]
    assert shown and all(not article.placeholders for article in shown)
    assert get_article(make_shop(answers={}), "delivery-times", "es") is None


def test_changed_answers_are_seen_at_once_and_equal_ones_are_not_filled_again() -> None:
    first = catalogue_of(make_shop())
    assert (
        catalogue_of(make_shop(answers={key: dict(value) for key, value in EXAMPLE_ANSWERS.items()})) is first
    )
    changed = {"es": EXAMPLE_ANSWERS["es"] | {"delivery_days": "nueve días"}}
    article = get_article(make_shop(answers=changed), "delivery-times", "es")
    assert article is not None and "nueve días" in article.text
    assert catalogue_of(make_shop(locale="pt")) is not first


def test_two_stores_never_share_a_catalogue() -> None:
    one, other = make_shop("st_1"), make_shop("st_2", {"es": {"phone": "+57 1"}})
    assert get_article(one, "delivery-times", "es") is not None
    assert get_article(other, "delivery-times", "es") is None


def test_the_cache_of_catalogues_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "MOST_KEPT", 3)
    for number in range(6):
        catalogue_of(make_shop(f"st_{number}"))
    assert list(catalogues._kept) == ["st_3", "st_4", "st_5"]


def test_ten_askers_at_once_get_one_catalogue() -> None:
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(catalogue_of(make_shop()))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len({id(one) for one in found}) == 1


def test_an_answer_of_the_merchant_is_words_and_never_markup() -> None:
    hostile = {"es": EXAMPLE_ANSWERS["es"] | {"delivery_days": "<script>x</script> [a](javascript:b) **c**"}}
    article = get_article(make_shop(answers=hostile), "delivery-times", "es")
    assert article is not None
    assert (
        "<script>" not in article.html and "javascript:b" in article.text and "href" not in repr(article.tree)
    )


@pytest.mark.parametrize("step", [step.value for step in Step])
def test_every_step_of_a_purchase_has_links(step: str) -> None:
    for locale in ("es", "en", "pt"):
        links = links_for_steps(make_shop(), [step], locale)
        assert 1 <= len(links) <= 5 and len({link.article_id for link in links}) == len(links)


def test_a_page_without_a_step_gets_the_front_s_links() -> None:
    assert links_for_steps(make_shop(), [], "es") == links_for_steps(make_shop(), ["home"], "es") != ()


def test_a_question_is_answered_from_an_article_or_not_at_all() -> None:
    assert answer(make_shop(), "¿Cuánto tarda el envío?", "es").article.article_id == "delivery-times"
    unknown = answer(make_shop(), "¿Qué opina tu prima de la física cuántica?", "es")
    assert unknown.article is None and not unknown.handoff and not unknown.small_talk
    assert answer(make_shop(), "hola, buenos días", "es").small_talk
    asked = answer(make_shop(), "quiero hablar con una persona", "es")
    assert asked.handoff and asked.article is None
    assert asks_for_person("I want to talk to a human") and not asks_for_person("¿cuánto tarda?")


def test_a_search_shows_what_is_near_and_nothing_for_noise() -> None:
    found = search(make_shop(), "pago contra reembolso", "es")
    assert found.results[0].article_id == "pay-on-delivery" and len(found.results) <= 8
    assert search(make_shop(), "asdf qwer zxcv", "es").results == ()
    assert search(make_shop(answers={}), "cuánto tarda el envío", "es").answered is False


@pytest.mark.parametrize(
    "words",
    ["", " ", "a" * 100_000, "¿" * 5000, "\0", "(" * 3000, "1 " * 3000, "quiero " * 800, "\U0001f600" * 2000],
)
def test_no_words_break_it(words: str) -> None:
    assert not answer(make_shop(), words, "es").handoff
    search(make_shop(), words, "es")


def test_titles_and_addresses_of_the_hub_are_the_reader_s() -> None:
    assert [section_title(make_shop(), "returns", locale) for locale in ("es_CO", "en", "pt_BR")] == [
        "Cambios y devoluciones",
        "Returns and exchanges",
        "Trocas e devoluções",
    ]
    assert section_title(make_shop(), "gift-cards", "es") == "Gift cards"
    assert hub_url("https://care.example/", make_shop(), "pt-BR") == "https://care.example/help/st_help/pt/"
    assert (
        hub_url("https://care.example", make_shop(), "es", "a/../b c")
        == "https://care.example/help/st_help/es/a%2F..%2Fb%20c"
    )
