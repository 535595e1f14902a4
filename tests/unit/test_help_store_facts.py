"""What the shop's own settings say: sentences where the merchant left a question open, never over their words."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from adapters.demo.shop.products import describe_shop
from plugin.help import get_article, links_for_steps, list_empty_sections, tell_facts
from plugin.help.form import count_answered
from plugin.help.store_traits import list_traits

ZONES = [
    {"name": "Colombia", "places": ["CO"], "methods": [
        {"title": "Envío nacional", "price": "12000.00", "pick_up": False},
        {"title": "Recoger", "price": "0", "pick_up": True}]},
    {"name": "Islas", "places": ["ES:TF", "ES:GC"], "methods": [{"title": "Barco", "price": "9.5", "pick_up": False}]},
    {"name": "Nada", "places": ["FR"], "methods": []},
    {"name": "Solo tienda", "places": ["PT"], "methods": [{"title": "Recoger", "price": "", "pick_up": True}]},
]  # fmt: skip
RECORDED = {
    "currency": "COP", "languages": ["es_CO"], "shipping_zones": ZONES,
    "payment_methods": [
        {"id": "cod", "title": "Pago contra entrega"}, {"id": "bacs", "title": "Transferencia bancaria"}],
}  # fmt: skip


def make_shop(facts: Any = None, **values: Any) -> Any:
    given_ = {"public_id": "st_" + uuid.uuid4().hex, "answers": {}, "locale": "es_CO", "currency": "COP",
              "facts": {} if facts is None else facts, "hours": {}, "calibration": {},
              "wrong_target": 0.07, "articles_version": 0}  # fmt: skip
    return SimpleNamespace(**(given_ | values))


def test_the_settings_of_a_shop_become_sentences_in_each_language() -> None:
    told = tell_facts(make_shop(RECORDED))
    assert told["es"]["payment_ways"] == "Pago contra entrega, Transferencia bancaria"
    assert told["es"]["pay_on_delivery"] == "Sí, con «Pago contra entrega»."
    assert told["en"]["pay_on_delivery"] == "Yes, with “Pago contra entrega”."
    assert told["pt"]["pickup_places"] == "Sim, com “Recoger”." and "instalments" not in told["pt"]
    assert told["pt"]["delivery_areas"] == "Colômbia, Islas"
    assert told["es"]["delivery_costs"] == "Colombia: Envío nacional $12.000; Islas: Barco $9,50"
    assert "delivery_days" not in told["es"] and "phone" not in told["es"]


def test_the_demo_shop_tells_all_ten_and_how_safe_paying_is_in_three_languages() -> None:
    told = tell_facts(make_shop(describe_shop(), locale="es", currency="EUR"))
    assert all(len(told[language]) == 11 for language in ("es", "en", "pt"))
    assert told["en"]["delivery_days"].endswith("1 day") and "2 to 4 days" in told["en"]["delivery_days"]
    assert "4,50\u00a0€" in told["es"]["delivery_costs"] and "€4.50" in told["en"]["delivery_costs"]
    assert told["pt"]["return_days"] == "30" and told["es"]["phone"] == "+34 900 000 000"
    assert count_answered(make_shop(describe_shop(), locale="es")) == 10


def test_a_free_or_unknown_price_is_left_to_the_merchant() -> None:
    for price in ("0", "0.00", "", None, "x", "-3", "NaN", "Infinity"):
        zone = {"name": "A", "places": ["ES"], "methods": [{"title": "Envío", "price": price, "pick_up": False}]}
        assert "delivery_costs" not in tell_facts(make_shop({"currency": "EUR", "shipping_zones": [zone]}))["es"]


def test_where_a_shop_ships_by_countries_alone() -> None:
    few = tell_facts(make_shop({"countries": ["ES", "PT", "XX!"]}))
    assert few["en"]["delivery_areas"] == "Spain, Portugal"
    many = tell_facts(make_shop({"countries": "ES PT FR DE IT BE NL LU AT IE DK SE FI PL".split()}))
    assert many["es"]["delivery_areas"] == "14 países, entre ellos España, Portugal, Francia, Alemania, Italia"
    zone = {"name": "?", "places": [], "methods": [{"title": "E", "price": "3", "pick_up": False}]}
    assert tell_facts(make_shop({"shipping_zones": [zone]}))["en"]["delivery_areas"] == "the whole world"


def test_opening_hours_are_told_as_people_say_them() -> None:
    day, short = [["09:00", "13:00"], ["15:00", "18:30"]], [["10:00", "14:00"]]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), day) | {"sat": short, "sun": []}
    told = tell_facts(make_shop(hours={"week": week, "days": {"2026-12-25": []}}))
    assert told["es"]["opening_hours"] == (
        "de lunes a viernes de 9:00 a 13:00 y de 15:00 a 18:30; sábado de 10:00 a 14:00"
    )
    assert told["en"]["opening_hours"] == "Monday to Friday, 9:00 to 13:00 and 15:00 to 18:30; Saturday, 10:00 to 14:00"
    assert told["pt"]["opening_hours"].startswith("de segunda a sexta das 9:00 às 13:00 e das 15:00 às 18:30; ")
    assert "opening_hours" not in tell_facts(make_shop(hours={"week": {}}))["es"]


def test_the_merchant_s_words_win_and_the_shop_s_fill_what_is_open() -> None:
    shop = make_shop(RECORDED)
    assert "Transferencia bancaria." in get_article(shop, "payment-ways", "es").text
    own = make_shop(RECORDED, answers={"es": {"payment_ways": "solo Nequi"}})
    assert all("solo Nequi" in get_article(own, "payment-ways", one).text for one in ("es", "en", "pt"))
    assert get_article(make_shop(), "payment-ways", "es") is None


def test_facts_that_change_are_seen_at_once() -> None:
    shop = make_shop(RECORDED)
    assert get_article(shop, "pay-on-delivery", "es") is not None
    shop.facts = RECORDED | {"payment_methods": [{"id": "x", "title": "Tarjeta"}]}
    assert get_article(shop, "pay-on-delivery", "es") is None
    assert "Tarjeta." in get_article(shop, "payment-ways", "es").text


def test_what_a_shop_says_is_words_and_never_markup() -> None:
    ways = [{"id": "a", "title": "<b>Visa</b> [x](javascript:y) {{phone}}\n\u202e"}]
    article = get_article(make_shop({"payment_methods": ways}), "payment-ways", "es")
    assert article is not None and "<b>" not in article.html and "href" not in repr(article.tree)
    assert "{{" not in article.html and "\u202e" not in article.text


def test_the_traits_of_a_store_are_what_it_has_and_what_nobody_can_tell() -> None:
    assert list_traits(make_shop(RECORDED)) == {"pay_on_delivery", "transfer", "pick_up"}
    assert list_traits(make_shop()) == {
        "card", "transfer", "wallet", "instalments", "pay_on_delivery", "pick_up", "free_delivery"}  # fmt: skip
    odd = list_traits(make_shop({"payment_methods": [{"id": "z", "title": "Redsys"}]}))
    assert {"card", "pay_on_delivery"} <= odd
    titles = ["Tarjeta de crédito", "PayPal", "Pague en cuotas con Addi", "Pix", "Contra reembolso"]
    ways = {"payment_methods": [{"id": "p", "title": one} for one in titles]}
    assert list_traits(make_shop(ways)) >= {"card", "wallet", "instalments", "transfer", "pay_on_delivery"}


def test_what_an_adapter_cannot_see_is_kept_from_nobody() -> None:
    facts = RECORDED | {"payment_methods_complete": False}
    assert list_traits(make_shop(facts)) >= {"card", "wallet", "instalments", "transfer", "pay_on_delivery"}
    ways = {"title": "Nacional", "price": "5.00", "pick_up": None}
    facts = RECORDED | {"shipping_zones": [{"name": "Colombia", "places": ["CO"], "methods": [ways]}]}
    assert "pick_up" in list_traits(make_shop(facts)) and "pickup_places" not in tell_facts(make_shop(facts))["es"]
    facts["shipping_zones"][0]["methods"] = [ways | {"pick_up": False}]
    assert "pick_up" not in list_traits(make_shop(facts))


def test_a_store_without_articles_in_a_section_hears_which_questions_fill_it() -> None:
    empty = list_empty_sections(make_shop(), (), "es")
    for section in empty:
        assert section.missing and section.waits and section.title and not section.hidden
        assert section.locales == ("es", "en", "pt"), "one warning for all that miss it alike, the shop's own first"
    assert list_empty_sections(make_shop(describe_shop(), locale="es"), (), "es") == ()


def test_the_links_of_a_step_follow_phase_and_facts() -> None:
    shop = make_shop(describe_shop(), locale="es", currency="EUR")
    for phase in ("", "pre_purchase", "purchase", "post_sale"):
        assert links_for_steps(shop, ["home"], "es", phase=phase, basket=True, products=["Taza Sol"])


KEYS = "title label id typed by places methods price pick_up name es days costs EUR week mon paid_by".split()
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(
        some.sampled_from(KEYS), inner, max_size=4), max_leaves=12)  # fmt: skip


@given(some.dictionaries(
    some.sampled_from(["payment_methods", "shipping_zones", "shipping", "countries", "returns", "hours", "phone",
                       "address", "currency", "https"]), JSON), JSON)  # fmt: skip
def test_no_shape_that_an_adapter_tells_breaks_a_page(facts: dict[str, Any], hours: Any) -> None:
    shop = make_shop(facts, hours=hours)
    for told in tell_facts(shop).values():
        assert all(isinstance(words, str) and words for words in told.values())
    list_traits(shop)


@pytest.mark.parametrize("facts", [None, [], "x", 7])
def test_facts_that_are_no_facts_say_nothing(facts: Any) -> None:
    shop = make_shop()
    shop.facts = facts
    assert tell_facts(shop)["es"] == {}
