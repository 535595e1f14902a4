"""Every status has words in every language, and what the bot says about an order is what the order says."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from faq_links import EXAMPLE_ANSWERS
from plugin.care.bot import find_words
from plugin.care.order_view import order_label, payment_label, shipment_label, show_order, status_label
from plugin.care.refusals import Refusal, refusal_words
from plugin.contract import Order, OrderStatus, PaymentStatus, Shipment, ShipmentStatus
from plugin.language import translator
from plugin.orders import OrderView, Parcel, TimelineEntry
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT, make_order, make_shipment

STORE = StoreRow(
    public_id="st_view", answers=EXAMPLE_ANSWERS, locale="es", currency="EUR", facts={}, calibration={},
    wrong_target=0.07, facts_at=None, name="Barro y Sol", time_zone="America/Bogota",
)  # fmt: skip


def view(
    order: Order, *shipments: Shipment, timeline: tuple[TimelineEntry, ...] = (), locale: str = "es_CO"
) -> OrderView:
    parcels = tuple(Parcel(f"p{place}", shipment) for place, shipment in enumerate(shipments, 1))
    row: Any = SimpleNamespace(locale=locale, gone_at=None)
    return OrderView(row, order, parcels, timeline)


@pytest.mark.parametrize("locale", ["es", "en", "pt"])
def test_every_status_and_every_refusal_has_words_of_its_language(locale: str) -> None:
    words, english = translator(locale, "care"), translator("en", "care")
    said = [order_label(one, words) for one in OrderStatus] + [
        shipment_label(one, words) for one in ShipmentStatus
    ]
    said += [payment_label(make_order(payment_status=one), words) for one in PaymentStatus]
    said += [refusal_words(one, locale) for one in Refusal]
    own = [order_label(one, english) for one in OrderStatus] + [
        shipment_label(one, english) for one in ShipmentStatus
    ]
    own += [payment_label(make_order(payment_status=one), english) for one in PaymentStatus]
    own += [refusal_words(one, "en") for one in Refusal]
    assert all(said) and len(said) == 9 + 10 + 8 + len(Refusal)
    assert (said == own) == (locale == "en")
    assert locale == "en" or not [one for one, other in zip(said, own, strict=True) if one == other]


@pytest.mark.parametrize(
    ("status", "parcels", "label"),
    [
        ("processing", [], "Being prepared"),
        ("processing", ["label_created"], "Being prepared"),
        ("processing", ["in_transit"], "On its way"),
        ("completed", ["in_transit", "in_transit"], "On its way"),
        ("completed", ["out_for_delivery"], "Out for delivery"),
        ("completed", ["delayed", "in_transit"], "On its way"),
        ("completed", ["delivered"], "Delivered"),
        ("completed", ["delivered", "in_transit"], "Partly delivered"),
        ("completed", ["delivered", "label_created"], "Partly delivered"),
        ("completed", ["unknown"], "Completed"),
        ("completed", [], "Completed"),
        ("cancelled", ["in_transit"], "Cancelled"),
        ("refunded", ["delivered"], "Refunded"),
        ("on_hold", ["in_transit"], "On hold"),
    ],
)
def test_the_whole_order_stands_as_its_parcels_say(status: str, parcels: list[str], label: str) -> None:
    order = make_order(status=OrderStatus(status))
    shipments = [
        make_shipment(external_id=str(n), status=ShipmentStatus(one)) for n, one in enumerate(parcels)
    ]
    assert status_label(view(order, *shipments), translator("en", "care")) == label


def test_the_region_of_the_order_writes_its_money_unless_the_page_names_one() -> None:
    order = make_order()
    assert show_order(view(order), "es")["total"]["text"] == show_order(view(order), "es_CO")["total"]["text"]
    assert show_order(view(order), "es_ES")["total"]["text"] == "25,00\xa0€"
    assert show_order(view(order, locale="pt_BR"), "es")["payment_label"] == "Pendiente de pago"


def test_somebody_else_s_words_come_as_one_plain_line() -> None:
    shipment = make_shipment(carrier="Corre\r\nos\u202e" + "x" * 500, tracking_number="<b>1</b>\n2")
    shown = show_order(view(make_order(number="1\n2"), shipment), "es")
    parcel = shown["shipments"][0]
    assert shown["number"] == "1 2" and parcel["tracking_number"] == "<b>1</b> 2"
    assert parcel["carrier"] is not None and len(parcel["carrier"]) <= 80
    assert not [sign for sign in parcel["carrier"] if sign in "\r\n\u202e"]


def entry(kind: str, value: str, about: str = "", minutes: int = 0) -> TimelineEntry:
    return TimelineEntry(kind=kind, about=about, value=value, at=MOMENT + timedelta(minutes=minutes))


def test_the_story_leaves_out_what_tells_a_shopper_nothing() -> None:
    timeline = (
        entry("status", "draft"),
        entry("status", "pending"),
        entry("payment", "unpaid"),
        entry("payment", "paid", minutes=1),
        entry("shipment", "in_transit", "p1", 2),
        entry("shipment", "delivered", "gone", 3),
        entry("refund", "x", minutes=4),
        entry("moon", "x", minutes=5),
    )
    shown = show_order(view(make_order(), make_shipment(), timeline=timeline), "en")
    assert [fact["label"] for fact in shown["timeline"]] == ["Waiting for payment", "Paid", "On its way"]


@pytest.mark.parametrize(
    ("locale", "question", "head"),
    [
        ("es", "¿Dónde está mi pedido?", "Tu pedido 1001: En preparación."),
        ("en", "Where is my order?", "Your order 1001: Being prepared."),
        ("pt", "Onde está meu pedido?", "Seu pedido 1001: Em preparação."),
    ],
)
def test_the_bot_tells_an_order_in_the_shopper_s_language(locale: str, question: str, head: str) -> None:
    order = view(make_order(status=OrderStatus.processing, payment_status=PaymentStatus.paid))
    words = find_words(STORE, question, locale, order=order, offered=False)
    assert words.text.split("\n")[0] == head and len(words.text.split("\n")) == 4, "no parcel yet is said too"
    assert words.body is not None and words.body[0] == {
        "tag": "p",
        "children": [{"tag": "strong", "children": [head]}],
    }


@pytest.mark.parametrize("question", ["Where is my order?", "It says delivered, but I did not get it"])
def test_what_the_bot_tells_of_an_order_names_the_order_and_its_latest_news(question: str) -> None:
    later = entry("shipment", "in_transit", "p1", minutes=90)
    for timeline, clock in (((), "1:00 PM"), ((later,), "2:30 PM")):
        order = view(make_order(modified_at=MOMENT), make_shipment(), timeline=timeline)
        words = find_words(STORE, question, "en", order=order, offered=False)
        source = f"Source: your order 1001 at Barro y Sol. Its latest news: Saturday, November 21, {clock}"
        assert words.text.replace("\u202f", " ").split("\n")[3] == f"{source} (Bogota time)."
        assert words.body is not None and str(words.body).count("Source: your order") == 1


def test_the_bot_answers_other_questions_from_articles_even_when_an_order_is_proven() -> None:
    words = find_words(STORE, "¿Cómo puedo pagar?", "es", order=view(make_order()), offered=False)
    assert words.source is not None and words.source[0] == "payment-ways" and "1001" not in words.text


@pytest.mark.parametrize(
    "words", ["sí", "Si", "sí, por favor", "Vale!", "yes please", "sim", "pode ser", "claro, gracias"]
)
def test_a_yes_is_understood_after_the_offer_only(words: str) -> None:
    assert find_words(STORE, words, "es", order=None, offered=True).hand_over
    assert not find_words(STORE, words, "es", order=None, offered=False).hand_over


@pytest.mark.parametrize(
    "words",
    ["no", "no gracias", "si no llega, ¿qué hago?", "sí pero ¿cuánto tarda el envío?", "ok?", "yes men"],
)
def test_what_is_no_yes_hands_nothing_over(words: str) -> None:
    assert not find_words(STORE, words, "es", order=None, offered=True).hand_over
