"""Who answers whom: a person first where the table says so, words of anger, a bot that fails too often, and what the
shopper hears when nobody is there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from widget_shop import ANA, Page, Shop

from plugin.care import ConversationRow, desk_channel, give_back_to_bot, reply, resolve, take
from plugin.care.routes import read_notes
from plugin.database import ALL
from plugin.stores import get_store
from plugin.stores.routing import set_routing
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_order

BASKET = {"steps": ["checkout"], "basket": "125.80 EUR"}
KNOWN = "¿Cuánto tarda el envío?"
UNKNOWN = "¿Qué opina tu prima de la física cuántica?"
SOON = "Hemos avisado al equipo. Una persona te responderá aquí en un momento."
LEAVE = "Déjanos tu correo y la respuesta te llegará también ahí."


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    shop = Shop(database_url, FrozenClock())
    yield shop
    shop.close()


@pytest.fixture
def ana_here(shop: Shop) -> Iterator[None]:
    with shop.care.hub.subscribe(desk_channel(shop.store.id), "Ana"):
        yield


def change(shop: Shop, table: dict[str, str] | None = None, **values: Any) -> None:
    with shop.house.db.transaction(shop.store.id) as tx:
        set_routing(get_store(tx, shop.store.id), table or {}, **values)


def row_of(shop: Shop, public_id: str) -> ConversationRow:
    with shop.house.db.reading(ALL, "look") as tx:
        row = tx.query(ConversationRow).filter(ConversationRow.public_id == public_id).one()
        tx.expunge(row)
        return row


def why_of(shop: Shop, answer: Any) -> str:
    return read_notes(row_of(shop, answer["conversation"]["id"])).why


def authors(answer: Any) -> list[str]:
    return [one["author"] for one in answer["messages"]]


def boot(page: Page, query: str) -> Any:
    answer = page.get(f"/stores/{{store}}/boot?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.usefixtures("ana_here")
def test_who_is_about_to_buy_gets_the_person_who_is_there_and_no_word_of_the_bot(shop: Shop) -> None:
    page = shop.page()
    assert boot(page, "locale=es&steps=checkout&basket=1")["route"] == "person"
    told = page.say(KNOWN, **BASKET).json
    assert authors(told) == ["shopper", "system"] and told["messages"][1]["text"] == SOON
    assert told["conversation"]["status"] == "open" and told["conversation"]["form"] is False
    assert (row_of(shop, told["conversation"]["id"]).owner, why_of(shop, told)) == ("nobody", "table")
    assert authors(page.say("¿Hay alguien?", **BASKET).json) == ["shopper"], "the bot says nothing any more"
    for given in ({"steps": ["checkout"], "basket": "0.00 EUR"}, {"steps": ["home"], "basket": None}):
        other = shop.page().say(KNOWN, **given).json
        assert authors(other) == ["shopper", "bot"], "an empty basket, or nothing bought: the bot first"


@pytest.mark.usefixtures("ana_here")
def test_where_a_person_comes_first_the_greeting_is_not_the_bot_s(shop: Shop) -> None:
    bot, person = "Soy el asistente automático", "Aquí te responde una persona de Tienda shop.example."
    page = shop.page()
    assert bot in boot(page, "locale=es&steps=checkout")["greeting"]
    greeting = boot(page, "locale=es&steps=checkout&basket=1")["greeting"]
    assert person in greeting and bot not in greeting
    shop.add_order(make_order())
    proof = {"proof": shop.prove(order="1001"), "locale": "es"}
    assert bot in page.post("/stores/{store}/order", proof).json["greeting"]
    change(shop, {"purchase/empty/new/open": "person"})
    greeting = page.post("/stores/{store}/order", proof).json["greeting"]
    assert person in greeting and bot not in greeting


def test_the_bot_answers_who_is_about_to_buy_while_nobody_is_there(shop: Shop) -> None:
    page = shop.page()
    shown = boot(page, "locale=es&steps=checkout&basket=1")
    assert (shown["route"], shown["available"]) == ("bot", False)
    told = page.say(KNOWN, **BASKET).json
    assert authors(told) == ["shopper", "bot"] and told["conversation"]["status"] == "bot"


@pytest.mark.usefixtures("ana_here")
def test_outside_the_hours_nobody_is_there_whoever_sits_at_the_desk(shop: Shop) -> None:
    shop.change_store(hours={"week": {"mon": [["09:00", "10:00"]]}, "days": {}})  # the clock stands at a Saturday
    page = shop.page()
    shown = boot(page, "locale=es&steps=checkout&basket=1")
    assert (shown["route"], shown["available"]) == ("bot", False)
    assert authors(page.say(KNOWN, **BASKET).json) == ["shopper", "bot"]
    told = page.say("quiero hablar con una persona", **BASKET).json
    assert LEAVE in told["messages"][1]["text"] and told["conversation"]["form"] is True


@pytest.mark.usefixtures("ana_here")
def test_what_an_agent_gave_back_to_the_bot_stays_with_it_until_the_talk_is_over(shop: Shop) -> None:
    page = shop.page()
    conversation = page.say(KNOWN, **BASKET).json["conversation"]["id"]
    take(shop.care, shop.store.id, conversation, ANA)
    give_back_to_bot(shop.care, shop.store.id, conversation, ANA)
    assert authors(page.say(KNOWN, **BASKET).json) == ["shopper", "bot"]
    shop.house.doors.clock.advance(60)
    resolve(shop.care, shop.store.id, conversation, ANA)
    shop.house.doors.clock.advance(60)
    again = page.say(KNOWN, **BASKET).json
    assert authors(again) == ["shopper", "system"] and why_of(shop, again) == "table"


@pytest.mark.usefixtures("ana_here")
def test_a_person_asked_for_is_given_whatever_the_table_says(shop: Shop) -> None:
    change(shop, {"purchase/basket/new/open": "bot"})
    page = shop.page()
    assert authors(page.say(KNOWN, **BASKET).json) == ["shopper", "bot"]
    told = page.say("quiero hablar con una persona", **BASKET).json
    assert authors(told) == ["shopper", "system"] and why_of(shop, told) == "wished"


def test_a_cell_of_the_form_is_told_at_boot_and_the_bot_still_answers_what_was_written(shop: Shop) -> None:
    change(shop, {"pre_purchase/empty/new/open": "form"})
    page = shop.page()
    assert boot(page, "locale=es&steps=home")["route"] == "form"
    assert boot(page, "locale=es&steps=home&basket=1")["route"] == "bot"
    told = page.say(KNOWN, steps=["home"]).json
    assert authors(told) == ["shopper", "bot"]
    handed = page.post("/conversation/hand-over", {"client_id": str(uuid.uuid4())}).json
    assert handed["conversation"]["form"] is True and LEAVE in handed["messages"][0]["text"]


def test_who_is_known_counts_as_returning_by_their_own_token_alone(shop: Shop) -> None:
    change(shop, {"purchase/basket/returning/open": "form"})
    page, query = shop.page(), "locale=es&steps=cart&basket=1"
    shop.add_order(make_order(external_id="77", number="77"))
    proof = shop.prove(order="77")
    page.say(KNOWN, steps=["home"])
    assert boot(page, query)["route"] == "bot", "new here"
    page.say(KNOWN, steps=["cart"], basket="10.00 EUR", proof=proof)
    answer = page.get(f"/stores/{{store}}/boot?{query}")
    assert answer.json["route"] == "form", "buys again, with an order of theirs proven"
    assert answer.headers["Cache-Control"] == "no-store" and "Authorization" in answer.headers["Vary"]
    stranger = shop.page().get(f"/stores/{{store}}/boot?{query}")
    assert stranger.json["route"] == "bot" and "public" in stranger.headers["Cache-Control"]
    assert boot(Page(shop, shop.store, "vt_" + "x" * 22), query)["route"] == "bot", "a token that opens nothing"

    other = shop.page()
    talk = other.say(KNOWN).json["conversation"]["id"]
    reply(shop.care, shop.store.id, talk, ANA, "Hola", str(uuid.uuid4()))
    resolve(shop.care, shop.store.id, talk, ANA)
    assert boot(other, query)["route"] == "bot"
    other.say("Otra cosa")
    assert boot(other, query)["route"] == "form", "a talk with them came to its end before"


ANGRY = (
    ("es", "¡Son unos estafadores, me robaron el dinero!"), ("es", "Esto es una vergüenza, no vuelvo nunca más"),
    ("en", "You are scammers, give me my money back"), ("en", "This is ridiculous, I am furious"),
    ("pt", "Vocês são uns ladrões, quero o meu dinheiro"), ("pt", "Que absurdo, isso é um descaso"),
)  # fmt: skip
CALM = (
    ("es", "¿Es una estafa?"), ("es", "No me gusta el color, ¿puedo cambiarlo?"), ("es", "Mi pedido llega tarde"),
    ("en", "Is this a scam?"), ("en", "I am not happy with the size, can I swap it?"), ("en", "My parcel is late"),
    ("pt", "É um golpe?"), ("pt", "Não gostei da cor, posso trocar?"), ("pt", "Meu pedido está atrasado"),
)  # fmt: skip
SORRY = {
    "es": "Sentimos mucho este problema.",
    "en": "We are sorry about this trouble.",
    "pt": "Sentimos muito por este problema.",
}


@pytest.mark.parametrize("staffed", [True, False])
@pytest.mark.parametrize(("locale", "words"), ANGRY)
def test_anger_brings_a_person_or_the_form(shop: Shop, locale: str, words: str, staffed: bool) -> None:
    with ExitStack() as stack:
        if staffed:
            stack.enter_context(shop.care.hub.subscribe(desk_channel(shop.store.id), "Ana"))
        told = shop.page().say(words, locale=locale, steps=["home"]).json
    assert authors(told) == ["shopper", "system"] and told["conversation"]["status"] == "open"
    assert told["messages"][1]["text"].startswith(SORRY[locale])
    assert why_of(shop, told) == "anger"
    assert told["conversation"]["form"] is (not staffed) and told["conversation"]["ask_email"] is (not staffed)


@pytest.mark.parametrize(("locale", "words"), CALM)
def test_a_complaint_or_a_doubt_without_anger_stays_with_the_bot(shop: Shop, locale: str, words: str) -> None:
    told = shop.page().say(words, locale=locale, steps=["home"]).json
    assert authors(told) == ["shopper", "bot"] and told["conversation"]["status"] == "bot"


def test_a_merchant_can_leave_anger_to_the_bot(shop: Shop) -> None:
    change(shop, anger=False)
    told = shop.page().say("¡Son unos estafadores, me robaron el dinero!", steps=["home"]).json
    assert told["conversation"]["status"] == "bot"


@pytest.mark.parametrize("most", [1, 2, 3])
def test_the_bot_offers_a_person_so_often_as_said_and_then_hands_over_by_itself(shop: Shop, most: int) -> None:
    change(shop, failures=most)
    page = shop.page()
    for _ in range(most):
        told = page.say(UNKNOWN).json
        assert authors(told) == ["shopper", "bot"]
        assert "¿Quieres que te atienda una persona?" in told["messages"][1]["text"]
    told = page.say(UNKNOWN).json
    assert authors(told) == ["shopper", "system"] and why_of(shop, told) == "failures"
    assert told["messages"][1]["text"].startswith("El asistente no ha podido ayudarte hasta ahora.")
    assert told["conversation"]["form"] is True and row_of(shop, told["conversation"]["id"]).failures == 0


def test_a_help_between_two_failures_begins_the_count_anew(shop: Shop) -> None:
    page = shop.page()
    for words in (UNKNOWN, UNKNOWN, KNOWN, UNKNOWN, UNKNOWN):
        assert page.say(words).json["conversation"]["status"] == "bot"
    assert page.say("hola").json["conversation"]["status"] == "bot"
    assert page.say(UNKNOWN).json["conversation"]["status"] == "open", "small talk is no help"


def test_answers_that_did_not_help_count_too(shop: Shop) -> None:
    page = shop.page()
    for turn in range(3):
        told = page.say(KNOWN).json
        place = told["messages"][1]["position"]
        judged = page.post("/conversation/verdict", {"position": place, "helped": False}).json
        last = turn == 2
        assert [one["author"] for one in judged["messages"]] == ["system" if last else "bot"], turn
        assert judged["conversation"]["status"] == ("open" if last else "bot")
    assert why_of(shop, judged) == "failures" and judged["conversation"]["form"] is True


def test_an_answer_that_helped_begins_the_count_anew(shop: Shop) -> None:
    page = shop.page()
    page.say(UNKNOWN)
    page.say(UNKNOWN)
    told = page.say(KNOWN).json
    page.post("/conversation/verdict", {"position": told["messages"][1]["position"], "helped": True})
    assert row_of(shop, told["conversation"]["id"]).failures == 0


def test_the_form_goes_once_an_address_is_left(shop: Shop) -> None:
    page = shop.page()
    assert page.say("quiero hablar con una persona").json["conversation"]["form"] is True
    assert page.say("¿hola?").json["conversation"]["form"] is True, "it stays while they write on"
    consent = boot(page, "locale=es")["email_consent"]
    left = page.post("/conversation/email", {"email": "ana@example.com", "consent": consent}).json
    assert left["conversation"]["form"] is False
    again = page.read()["conversation"]
    assert again["form"] is False and again["email"] is True


def test_the_form_goes_once_a_person_comes(shop: Shop) -> None:
    page = shop.page()
    talk = page.say("quiero hablar con una persona").json["conversation"]["id"]
    take(shop.care, shop.store.id, talk, ANA)
    assert page.read()["conversation"]["form"] is False
    give_back_to_bot(shop.care, shop.store.id, talk, ANA)
    assert page.say(KNOWN).json["conversation"]["form"] is False


def test_a_proven_customer_who_wrote_before_is_known_in_another_talk(shop: Shop) -> None:
    change(shop, {"pre_purchase/empty/returning/open": "form"})
    first, query = shop.page(), "locale=es&steps=home"
    first.say(KNOWN, steps=["home"], proof=shop.prove(customer="501"))
    assert boot(first, query)["route"] == "bot", "it is the customer's first talk"
    shop.house.doors.clock.advance(31 * 24 * 3600)
    later, other = shop.page(), shop.page()
    later.say(KNOWN, steps=["home"], proof=shop.prove(customer="501"))
    other.say(KNOWN, steps=["home"], proof=shop.prove(customer="502"))
    assert (boot(later, query)["route"], boot(other, query)["route"]) == ("form", "bot")
