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
from plugin.contract import Money
from plugin.testing.clock import FrozenClock

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
    "page", ["javascript:alert(1)", "https://ana:secret@shop.example/cart?token=1", None, "x" * 4000]
)
def test_a_page_is_a_web_page_without_what_may_be_secret_or_none(
    panel: Page, shop: Shop, talk: str, page: str | None
) -> None:
    walk(panel, {"page": page, "steps": None, "basket": "<b>1</b>"})
    found = where(shop, talk)
    assert found.page == ("https://shop.example/cart" if page and page.startswith("https") else None)
    assert (found.steps, found.basket) == ((), None)


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
