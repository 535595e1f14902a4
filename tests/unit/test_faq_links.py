"""Which links stand beside which step of a purchase."""

from __future__ import annotations

import pytest

from faq_links import EXAMPLE_ANSWERS, STARTER, STEPS, Article, Catalogue, links_for, load_catalogue

FILLED = load_catalogue(STARTER, default_locale="es").fill(EXAMPLE_ANSWERS)


def make(article_id: str, section: str, *steps: str, locale: str = "en") -> Article:
    return Article(article_id, section, locale, article_id.upper(), steps=steps)


@pytest.mark.parametrize("locale", ["es", "en", "pt"])
@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_a_purchase_has_starter_links(step: str, locale: str) -> None:
    links = links_for(FILLED, [step], locale)
    assert 2 <= len(links) <= 5
    assert len({link.article_id for link in links}) == len(links)


def test_a_payment_step_offers_payment_first_and_a_one_page_checkout_mixes() -> None:
    assert links_for(FILLED, ["payment"], "en")[0].article_id == "payment-ways"
    sections = [link.section for link in links_for(FILLED, ["checkout"], "en", limit=3)]
    assert len(set(sections)) == 3 and {"payment", "shipping"} <= set(sections)


def test_own_step_comes_before_a_kindred_one_and_early_before_late() -> None:
    catalogue = Catalogue(
        [
            make("kin", "a", "checkout"),
            make("late", "a", "home", "payment"),
            make("early", "a", "payment", "home"),
            make("other", "a", "account"),
        ]
    )
    assert [one.article_id for one in links_for(catalogue, ["payment"], "en")] == ["early", "late", "kin"]


def test_order_does_not_depend_on_the_order_of_files() -> None:
    articles = [
        make(name, section, "cart") for name, section in (("a", "x"), ("b", "y"), ("c", "x"), ("d", "z"))
    ]
    first = links_for(Catalogue(articles), ["cart"], "en")
    assert first == links_for(Catalogue(reversed(articles)), ["cart"], "en")
    assert [one.article_id for one in first] == ["a", "b", "d", "c"]


def test_unknown_steps_no_steps_and_no_room_give_no_links() -> None:
    assert links_for(FILLED, ["moon"], "es") == ()
    assert links_for(FILLED, [], "es") == ()
    assert links_for(FILLED, ["cart"], "es", limit=0) == ()
    assert links_for(Catalogue([]), ["cart"], "es") == ()


def test_locales_fall_back_to_the_language_then_to_the_store() -> None:
    assert links_for(FILLED, ["cart"], "pt_PT") == links_for(FILLED, ["cart"], "pt")
    assert links_for(FILLED, ["cart"], "es-CO") == links_for(FILLED, ["cart"], "es")
    assert links_for(FILLED, ["cart"], "ja") == links_for(FILLED, ["cart"], "es")
    assert links_for(FILLED, ["cart"], "ja", default_locale="en") == links_for(FILLED, ["cart"], "en")
