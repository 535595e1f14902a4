"""Where a shopper walks while people hold their talk: whoever answers sees the page they are on."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from widget_shop import ANA, Page, Shop, message

from plugin.care import ConversationRow, get_conversation, give_back_to_bot, resolve, take
from plugin.care.desk import Where, read_where
from plugin.care.shapes import desk_channel
from plugin.care.threads import read_context
from plugin.contract import Money
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_order

CART = {"page": "https://shop.example/cart?key=wc_1#x", "steps": ["cart", "nonsense"], "basket": "125800 COP"}
SHOES = {"page": "https://shop.example/shoes", "steps": ["product"], "basket": None}


def walk(panel: Page, body: Any = CART) -> None:
    assert panel.post("/conversation/page", body).status_code == 204


def row_of(shop: Shop, talk: str) -> ConversationRow:
    with shop.house.db.reading(shop.store.id) as tx:
        whole = get_conversation(tx, shop.store.id, talk)
    assert whole is not None
    return whole.row


def where(shop: Shop, talk: str) -> Where:
    return read_where(row_of(shop, talk))


@pytest.fixture
def talk(panel: Page) -> str:
    """Its shopper wrote on the home page, and people hold it."""
    said = panel.say("quiero hablar con una persona", page="https://shop.example/", steps=["home"])
    return str(said.json["conversation"]["id"])


def test_the_page_is_known_once_for_each_and_the_desk_hears_it(
    panel: Page, shop: Shop, talk: str, clock: FrozenClock
) -> None:
    before = row_of(shop, talk)
    assert (where(shop, talk).page, where(shop, talk).at) == ("https://shop.example/", clock.now())
    clock.advance(60)
    with shop.care.hub.subscribe(desk_channel(shop.store.id), "Ana") as desk:
        walk(panel)
        clock.advance(60)
        walk(panel)
        heard = desk.wait(1)
        assert heard is not None and (heard.name, json.loads(heard.data)) == ("page", {"conversation": talk})
        assert desk.wait(0.05) is None, "they are where they were"
    basket, first = Money(amount=125800, currency="COP"), clock.now() - timedelta(seconds=60)
    assert where(shop, talk) == Where(("cart",), "https://shop.example/cart", basket, first)
    after = row_of(shop, talk)
    assert (after.phase, after.last_position) == (before.phase, before.last_position)
    walk(panel, SHOES)
    assert where(shop, talk).page == "https://shop.example/shoes"


def test_nothing_is_kept_where_no_person_is_to_see_it(panel: Page, shop: Shop, talk: str) -> None:
    take(shop.care, shop.store.id, talk, ANA)
    give_back_to_bot(shop.care, shop.store.id, talk, ANA)
    walk(panel)
    assert where(shop, talk).page == "https://shop.example/"
    take(shop.care, shop.store.id, talk, ANA)
    walk(panel)
    assert where(shop, talk).page == "https://shop.example/cart"
    resolve(shop.care, shop.store.id, talk, ANA)
    walk(panel, SHOES)
    assert where(shop, talk).page == "https://shop.example/cart"


def test_a_stranger_walks_in_nobody_s_talk(panel: Page, shop: Shop, talk: str) -> None:
    assert panel.post("/conversation/page", CART, token="").status_code == 401
    stranger = shop.page()
    stranger.say("hola", page="https://shop.example/")
    walk(stranger)
    assert where(shop, talk).page == "https://shop.example/"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("javascript:alert(1)", None),
        (None, None),
        ("x" * 4000, None),
        ("https://ana:secret@shop.example/cart?token=1#x", "https://shop.example/cart"),
        ("https://shop.example/cart;jsessionid=SECRET/x", "https://shop.example/cart"),
        ("https://shop.example/account/reset/7/abcdef-16990", "https://shop.example/account/reset"),
        ("https://shop.example/es/Lost_Password/abc", "https://shop.example/es/Lost_Password"),
        ("https://shop.example/1/orders/3f9c2b7e51d84a06bb12", "https://shop.example/1/orders"),
        ("https://shop.example/c/Z2NwLXVzLWVhc3QxOjAxSEtWSU5ETEVZ9Q1", "https://shop.example/c"),
        ("https://shop.example/order-received/1001/", "https://shop.example/order-received/1001/"),
        ("https://shop.example/p/iphone15promax256gb", "https://shop.example/p/iphone15promax256gb"),
        ("https://shop.example/zapatillas-de-correr-talla-42_azul", "https://shop.example/zapatillas-de-correr-talla-42_azul"),
        ("https://shop.example/ni%C3%B1os/magic-cards/mazo-60", "https://shop.example/ni%C3%B1os/magic-cards/mazo-60"),
    ],
)  # fmt: skip
def test_a_page_is_a_web_page_without_what_may_be_secret_or_none(
    panel: Page, shop: Shop, talk: str, told: str | None, kept: str | None
) -> None:
    walk(panel, {"page": told, "steps": None, "basket": "<b>1</b>"})
    found = where(shop, talk)
    assert (found.page, found.steps, found.basket) == (kept, (), None)


def test_who_runs_through_the_shop_is_followed_thirty_pages_a_minute(
    panel: Page, shop: Shop, talk: str
) -> None:
    for number in range(32):
        walk(panel, {"page": f"https://shop.example/{number}"})
    assert where(shop, talk).page == "https://shop.example/29"


def test_the_next_message_says_it_too(panel: Page, shop: Shop, talk: str, clock: FrozenClock) -> None:
    walk(panel)
    clock.advance(60)
    panel.post("/stores/{store}/messages", message("¿hola?", page="https://shop.example/shoes"))
    assert (where(shop, talk).page, where(shop, talk).at) == (
        "https://shop.example/shoes", clock.now(),
    )  # fmt: skip


def test_a_basket_that_fills_without_another_page_is_seen(panel: Page, shop: Shop, talk: str) -> None:
    walk(panel)
    walk(panel, CART | {"basket": "200000 COP"})
    assert where(shop, talk).basket == Money(amount=200000, currency="COP")


def test_what_goes_by_where_they_wrote_stays(panel: Page, shop: Shop, talk: str) -> None:
    """The phase of an order proven later, the step at which an answer helped."""
    walk(panel)
    assert read_context(row_of(shop, talk)) == (("home",), False)


def test_who_writes_in_one_talk_on_two_devices_walks_in_it_from_both(shop: Shop) -> None:
    shop.add_order(make_order())
    proof = shop.prove(customer="42")
    phone, laptop = shop.page(), shop.page()
    talk = phone.say("quiero hablar con una persona", proof=proof).json["conversation"]["id"]
    assert laptop.say("soy yo otra vez", proof=proof).json["conversation"]["id"] == talk
    walk(phone, SHOES)
    assert where(shop, talk).page == SHOES["page"]
    walk(laptop)
    assert where(shop, talk).page == "https://shop.example/cart"
