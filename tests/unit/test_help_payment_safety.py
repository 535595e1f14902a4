"""What is said of the safety of paying: only what is sure, of this shop, and never over the merchant's words."""

from __future__ import annotations

from typing import Any

import pytest
from test_help_store_facts import make_shop

from adapters.demo.shop.products import describe_shop
from adapters.shopify.payments import KNOWN
from adapters.woocommerce.gateways import TYPED
from plugin.help import get_article, tell_facts
from plugin.help.payment_safety import LONGEST, tell_payment_safety

LANGUAGES = ("es", "en", "pt")
STRIPE = {"id": "stripe", "title": "Tarjeta", "typed": "form", "by": "Stripe"}
REDSYS = {"id": "redsys", "title": "Tarjeta (banco)", "typed": "page", "by": "Redsys"}
PAYPAL = {"id": "ppcp-gateway", "title": "PayPal", "typed": "account", "by": "PayPal"}
TRANSFER = {"id": "bacs", "title": "Transferencia bancaria", "typed": "bank"}
AT_DOOR = {"id": "cod", "title": "Pago contra entrega"}
CARD_WORDS = ("tarjeta", "card", "cartão")


def tell(*ways: dict[str, Any], language: str = "es", **facts: Any) -> str:
    return tell_payment_safety({"payment_methods": list(ways), **facts}, language)


def test_a_card_is_said_to_be_typed_where_a_known_provider_has_it_typed() -> None:
    assert tell(STRIPE) == (
        "Con «Tarjeta», el número de tu tarjeta se escribe en un formulario de Stripe: la tienda no lo recibe."
    )
    assert tell(STRIPE, language="en") == (
        "With “Tarjeta”, your card's number is typed into a form run by Stripe: the shop does not receive it."
    )
    assert "em um formulário de Stripe: a loja não o recebe" in tell(STRIPE, language="pt")
    assert "en la página de Redsys" in tell(REDSYS)


def test_who_takes_several_ways_is_said_once_and_each_other_way_by_its_name() -> None:
    second = STRIPE | {"id": "woocommerce_payments", "title": "Crédito"}
    told = tell(STRIPE, REDSYS, second)
    assert told.count("Stripe") == 1 and "Con «Tarjeta» o «Crédito»," in told and "Con «Tarjeta (banco)»," in told
    many = [STRIPE | {"title": f"Tarjeta {number}"} for number in range(9)]
    assert tell(*many).count("«") == 3


@pytest.mark.parametrize(
    "way",
    [{"id": "addon", "title": "Tarjeta de crédito"}, {"id": "x", "title": "Visa", "typed": "form"},
     {"id": "x", "title": "Visa", "typed": "page", "by": " "}, {"id": "x", "title": "Visa", "by": "Stripe"},
     {"id": "x", "title": "Visa", "typed": "nowhere", "by": "Stripe"}, {"id": "x", "title": "Visa", "typed": ["form"]},
     {"id": "payu", "title": "PayU"}],
)  # fmt: skip
def test_of_a_gateway_that_nobody_knows_nothing_is_said(way: dict[str, Any]) -> None:
    assert [tell(way, language=language) for language in LANGUAGES] == ["", "", ""]
    with_https = tell(way, https=True)
    assert with_https.startswith("La dirección de la tienda empieza por https") and "tarjeta" not in with_https


def test_a_shop_without_cards_hears_nothing_of_cards() -> None:
    for language, word in zip(LANGUAGES, CARD_WORDS, strict=True):
        told = tell(TRANSFER, PAYPAL, AT_DOOR, language=language, https=True)
        assert word not in told and all(way["title"] in told for way in (TRANSFER, PAYPAL, AT_DOOR))
    assert tell(TRANSFER) == "Con «Transferencia bancaria», el pago lo haces tú desde tu banco."
    assert tell(PAYPAL) == "Con «PayPal», pagas en PayPal: la tienda no recibe los datos con que pagas."


def test_what_is_paid_at_the_door_need_not_be_paid_before() -> None:
    assert tell(AT_DOOR) == "Con «Pago contra entrega», pagas al recibir el pedido, no antes."
    assert tell({"id": "x", "title": "Contra reembolso (efectivo o tarjeta)"}).endswith("no antes.")


@pytest.mark.parametrize(
    "title",
    ["Anticipo y saldo contra entrega", "Contra entrega, 30 % antes", "Contra entrega con depósito",
     "COD, half before", "Seña y pago al recibir", "Sinal e pagamento na entrega", "Transferencia o contra entrega",
     "Nequi contra entrega"],
)  # fmt: skip
def test_what_may_want_money_before_is_not_said_to_be_paid_at_the_door(title: str) -> None:
    assert tell({"id": "cod", "title": title}) == ""


@pytest.mark.parametrize("https", [False, None, "yes", 1, "https://x"])
def test_a_shop_that_is_not_surely_encrypted_is_not_called_so(https: Any) -> None:
    assert tell(https=https) == "" and "https" not in tell(STRIPE, https=https)
    assert get_article(make_shop({"https": https}), "safe-to-buy", "es") is None


def test_an_article_that_nobody_filled_waits_and_one_that_the_shop_fills_is_shown() -> None:
    assert get_article(make_shop(), "safe-to-buy", "es") is None
    shop = make_shop({"https": True, "payment_methods": [STRIPE]})
    for language in LANGUAGES:
        article = get_article(shop, "safe-to-buy", language)
        assert article is not None and tell_facts(shop)[language]["payment_safety"] in article.text
        assert article.html.count("<li>") == 5 and "https" in article.text, "an item for each sentence"


def test_the_merchant_s_own_words_go_before_what_the_shop_tells() -> None:
    facts = {"https": True, "payment_methods": [STRIPE]}
    own = make_shop(facts, answers={"es": {"payment_safety": "Cobra el banco de la esquina."}})
    for language in LANGUAGES:
        article = get_article(own, "safe-to-buy", language)
        assert article is not None and "<li>Cobra el banco de la esquina.</li>" in article.html
        assert "Stripe" not in article.text and article.html.count("<li>") == 4


def test_hostile_names_stay_words_and_short() -> None:
    evil = "<b>Visa</b> [x](javascript:y) {{phone}} {titles} {by}\n\u202e"
    shop = make_shop({"payment_methods": [
        {"id": "a", "title": evil, "typed": "form", "by": evil + "z" * 9000},
        AT_DOOR | {"title": "COD " + "x" * 9000}]})  # fmt: skip
    for language in LANGUAGES:
        article = get_article(shop, "safe-to-buy", language)
        assert article is not None and "<b>" not in article.html and "href" not in repr(article.tree)
        assert "{{" not in article.html and "\u202e" not in article.text
        assert len(tell_facts(shop)[language]["payment_safety"]) <= LONGEST


def test_too_much_is_cut_between_sentences_only() -> None:
    ways = [STRIPE | {"by": f"Empresa de pagos número {number}"} for number in range(20)]
    told = tell(*ways, AT_DOOR, https=True)
    assert len(told) <= LONGEST and told.startswith("La dirección") and told.endswith(": la tienda no lo recibe.")
    assert "número 4" in told and "número 5" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shop_with_a_way_of_each_kind_is_told_whole(language: str) -> None:
    ways = (STRIPE | {"title": "Tarjeta de crédito/débito"}, REDSYS, PAYPAL, AT_DOOR, TRANSFER)
    told = tell(*ways, language=language, https=True).split("\n")
    assert len(told) == 6 and all(way["title"] in line for way, line in zip(
        (ways[0], REDSYS, AT_DOOR, PAYPAL, TRANSFER), told[1:], strict=True
    ))  # fmt: skip
    article = get_article(make_shop({"https": True, "payment_methods": list(ways)}), "safe-to-buy", language)
    assert article is not None and article.html.count("<li>") == len(told) + 3
    items = next(one for one in article.tree if not isinstance(one, str) and one["tag"] == "ul")["children"]
    assert [one["children"] for one in items[:6] if not isinstance(one, str)] == [[line] for line in told]


@pytest.mark.parametrize(
    "way",
    [{**TRANSFER, "title": title} for title in ("Pago contra entrega", "Efectivo en tienda", "Nequi o Daviplata")]
    + [{**AT_DOOR, "title": title} for title in (
        "Acordar el pago por WhatsApp", "Zelle / Pago móvil", "Tarjeta de crédito por link de pago",
        "Contra entrega (envío se paga antes)", "Pago al recibir, flete previo",
    )],
)  # fmt: skip
def test_a_gateway_that_the_shop_uses_for_something_else_is_not_spoken_of(way: dict[str, Any]) -> None:
    assert tell(way) == ""


def test_the_adapters_tell_what_is_understood() -> None:
    rows = [*TYPED.values(), *(row for row in KNOWN.values() if "typed" in row)]
    assert len(rows) > len(TYPED)
    for row in rows:
        assert tell({"id": "x", "title": "Transferencia", **{key: row[key] for key in ("typed", "by") if key in row}})


def test_the_demo_shop_claims_no_card_form_of_anybody() -> None:
    told = tell_facts(make_shop(describe_shop(), locale="es"))["es"]["payment_safety"]
    assert "tarjeta" not in told.lower() and "«Contra entrega», pagas al recibir" in told
