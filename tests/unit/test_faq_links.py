"""Which links stand beside which step of a purchase."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from faq_links import (
    EXAMPLE_ANSWERS,
    FACTS,
    PHASES,
    STARTER,
    STEPS,
    Article,
    Catalogue,
    Lesson,
    Link,
    links_for,
    load_catalogue,
)

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


def shelf(*articles: Article, locale: str = "es") -> Catalogue:
    return Catalogue(articles, locale)


def piece(article_id: str, *steps: str, section: str = "any", **values: tuple[str, ...]) -> Article:
    return Article(article_id, section, "es", article_id, steps=steps, **values)


def ids(links: tuple[Link, ...]) -> list[str]:
    return [link.article_id for link in links]


def test_an_article_of_another_phase_is_not_offered_and_one_of_none_always_is() -> None:
    shop = shelf(
        piece("before", "home", phases=("pre_purchase",)), piece("after", "home", phases=("post_sale", "purchase")),
        piece("ever", "home"),
    )  # fmt: skip
    assert set(ids(links_for(shop, ["home"], "es"))) == {"before", "after", "ever"}
    assert ids(links_for(shop, ["home"], "es", phase="pre_purchase")) == ["before", "ever"]
    assert ids(links_for(shop, ["home"], "es", phase="post_sale")) == ["after", "ever"]
    assert set(ids(links_for(shop, ["home"], "es", phase="nonsense"))) == {"before", "after", "ever"}


def test_a_shopper_with_an_order_is_offered_what_becomes_of_it_on_any_page() -> None:
    shop = shelf(piece("buy", "home"), piece("track", "order_status"), piece("returns", "account"))
    assert ids(links_for(shop, ["home"], "es")) == ["buy"]
    assert ids(links_for(shop, ["home"], "es", phase="purchase")) == ["buy", "track"]
    assert ids(links_for(shop, ["home"], "es", phase="post_sale")) == ["buy", "returns", "track"]


def test_a_basket_brings_what_paying_and_delivery_cost() -> None:
    shop = shelf(piece("about", "home"), piece("costs", "cart"), piece("ways", "payment"), piece("other", "account"))
    assert ids(links_for(shop, ["home"], "es", basket=True)) == ["about", "costs", "ways"]


@pytest.mark.parametrize(("bought", "first"), [
    (("Taza Sol azul",), "mugs"), (("TAZAS SOL",), "mugs"), (("gid-77",), "gid"), (("Plato hondo",), "thanks"),
    (("Plato", "taza de sol"), "mugs"), (("",), "thanks"), ((), "thanks"),
])  # fmt: skip
def test_what_is_about_the_shopper_s_products_comes_first_and_what_is_about_others_not_at_all(
    bought: tuple[str, ...], first: str
) -> None:
    shop = shelf(
        piece("mugs", "product", "thank_you", "order_status", products=("taza sol",)),
        piece("gid", "product", products=("gid-77",)), piece("thanks", "thank_you", section="z"),
    )  # fmt: skip
    found = ids(links_for(shop, ["thank_you"], "es", products=bought))
    assert found[0] == first and "thanks" in found
    assert ("mugs" in found) == (first == "mugs" or not any(bought))


def test_products_of_any_step_and_of_the_right_phase() -> None:
    care = piece("care", "product", products=("taza",), phases=("post_sale",))
    shop = shelf(care, piece("thanks", "order_status"))
    assert ids(links_for(shop, ["order_status"], "es", phase="post_sale", products=["taza"])) == ["care", "thanks"]
    assert ids(links_for(shop, ["order_status"], "es", phase="purchase", products=["taza"])) == ["thanks"]


def test_what_the_store_does_not_have_is_not_offered_once_its_facts_are_known() -> None:
    shop = shelf(piece("door", "payment", facts=("pay_on_delivery",)), piece("ways", "payment"))
    assert ids(links_for(shop, ["payment"], "es")) == ["door", "ways"]
    assert ids(links_for(shop, ["payment"], "es", facts=("card",))) == ["ways"]
    assert ids(links_for(shop, ["payment"], "es", facts=("card", "pay_on_delivery"))) == ["door", "ways"]


@settings(deadline=None)
@given(
    some.lists(some.sampled_from([*STEPS, "nonsense", ""]), max_size=4), some.sampled_from(["", *PHASES, "x"]),
    some.booleans(), some.lists(some.text(max_size=20), max_size=3), some.integers(0, 7),
)  # fmt: skip
def test_whatever_is_asked_the_same_input_gives_the_same_few_links(
    steps: list[str], phase: str, basket: bool, products: list[str], limit: int
) -> None:
    shop = load_catalogue(STARTER).fill(EXAMPLE_ANSWERS)
    found = [
        links_for(shop, steps, "es", limit, phase=phase, basket=basket, products=products, facts=FACTS)
        for _ in range(2)
    ]
    assert found[0] == found[1] and len(found[0]) <= limit and len(set(ids(found[0]))) == len(found[0])


def test_lessons_go_to_the_article_that_readers_are_shown_and_leave_the_others_as_they_are() -> None:
    shop = shelf(piece("one", "home"), piece("two", "home"))
    taught = shop.learn([Lesson("one", "es_CO", "a b"), Lesson("one", "fr", "c d"), Lesson("one", "es", "a b"),
                         Lesson("gone", "es", "x")])  # fmt: skip
    assert taught.article("one", "es").learned == ("a b", "c d") and shop.article("one", "es").learned == ()
    assert taught.article("two", "es") is shop.article("two", "es")
    assert taught.learn([]).article("one", "es").learned == ()
    again = taught.learn([Lesson("one", "es", "a b"), Lesson("one", "es", "c d")])
    assert again.article("one", "es") is taught.article("one", "es")


def test_what_the_shop_told_fills_only_what_the_merchant_left_open_in_every_language() -> None:
    shop = load_catalogue(STARTER)
    told = {"es": {"payment_ways": "Visa"}, "pt": {"payment_ways": "Visa no Brasil"}, "en": {}}
    open_ = shop.fill({"es": {"delivery_days": "2 días"}}, "es", told)
    assert "Visa." in open_.article("payment-ways", "es").text
    assert "Visa no Brasil." in open_.article("payment-ways", "pt").text
    own = shop.fill({"es": {"payment_ways": "solo Bizum"}}, "es", told)
    assert all("solo Bizum" in own.article("payment-ways", one).text for one in ("es", "en", "pt"))
