"""One talk over several origins: joined by the platform's own proof, by nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from code_mailbox import Mailbox, ask, check
from sqlalchemy import text
from widget_shop import ANA, Page, Shop

from plugin.care import find_visitor, open_stream, reply, revoke_visitor
from plugin.contract import OrderStatus, ShipmentStatus
from plugin.database import ALL
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_order, make_shipment


@pytest.fixture
def shop(database_url: str, clock: FrozenClock) -> Iterator[Shop]:
    shop = Shop(database_url, clock)
    shop.add_order(make_order(customer_id="c1", status=OrderStatus.processing))
    yield shop
    shop.close()


def talk(page: Page, words: str = "hola", **given: str) -> str:
    answer = page.say(words, **given)
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json["conversation"]["id"])


def test_product_page_and_checkout_of_one_customer_are_one_talk(shop: Shop, clock: FrozenClock) -> None:
    product, checkout = shop.page(), shop.page()
    first = talk(product, "¿Cómo puedo pagar?", steps=["product"], proof=shop.prove(customer="c1"))
    clock.advance(timedelta(hours=1))
    assert talk(checkout, "gracias", steps=["payment"], proof=shop.prove(customer="c1")) == first
    assert product.token != checkout.token and product.lines() == checkout.lines()
    assert [words for author, words in product.lines() if author == "shopper"] == [
        "¿Cómo puedo pagar?",
        "gracias",
    ]


def test_thank_you_page_and_order_status_are_one_talk_live_and_read(shop: Shop, clock: FrozenClock) -> None:
    thanks, status = shop.page(), shop.page()
    first = talk(thanks, "gracias", steps=["thank_you"], proof=shop.prove(order="1001"))
    clock.advance(timedelta(days=3))
    assert talk(status, "¿y ahora?", steps=["order_status"], proof=shop.prove(order="1001")) == first
    reply(shop.care, shop.store.id, first, ANA, "Sale hoy.", str(uuid.uuid4()))
    for page in (thanks, status):
        assert page.lines()[-1] == ("agent", "Sale hoy.")
        assert page.post("/conversation/order", {}).json["order"]["number"] == "1001"
        visitor = find_visitor(shop.care, page.token)
        assert visitor is not None
        stream = open_stream(shop.care, visitor)
        assert stream is not None and stream.conversation.public_id == first
        stream.close()


def test_a_guest_s_order_in_a_customer_s_name_leads_to_no_talk_of_theirs(shop: Shop) -> None:
    """A shop files an order under the customer whose address a guest typed: the newest order of the customer is then
    one that somebody else holds the proof of."""
    victim, guest = shop.page(), shop.page()
    first = talk(victim, proof=shop.prove(customer="c1"))
    assert victim.post("/conversation/order", {}).json["order"]["number"] == "1001", "their newest"
    second = talk(guest, proof=shop.prove(order="1001"))
    assert second != first, "the order leads to no talk of the customer"
    assert talk(shop.page(), proof=shop.prove(customer="c1")) == first, "nor the customer to the guest's"


def test_nothing_but_a_proof_joins(shop: Shop) -> None:
    first = talk(shop.page(), proof=shop.prove(order="1001"))
    other = shop.connect("other.example")
    for proof in (
        None,
        "forged",
        shop.prove(other, order="1001"),
        shop.prove(customer="c2"),
        shop.prove(order="7"),
    ):
        assert talk(shop.page(), proof=proof) != first, proof
    assert talk(shop.page(other), proof=shop.prove(other, order="1001")) != first
    joined = talk(shop.page(), proof=shop.prove(order="1001"))
    assert joined == first


def test_a_mailed_code_shows_the_order_and_joins_nothing(shop: Shop) -> None:
    box, page = Mailbox(shop), shop.page()
    first = talk(shop.page(), proof=shop.prove(order="1001"))
    handle = ask(page).json["handle"]
    box.work()
    assert check(page, handle, box.code()).json["conversation"]["id"] != first
    assert talk(page) != first


def test_who_talks_already_keeps_their_own_talk(shop: Shop) -> None:
    first, page = talk(shop.page(), proof=shop.prove(order="1001")), shop.page()
    own = talk(page)
    assert talk(page, proof=shop.prove(order="1001")) == own != first


def test_a_proof_is_remembered_for_thirty_days_and_not_past_a_revoked_token(
    shop: Shop, clock: FrozenClock
) -> None:
    page = shop.page()
    first = talk(page, proof=shop.prove(order="1001"))
    clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert talk(shop.page(), proof=shop.prove(order="1001")) == first
    visitor = find_visitor(shop.care, page.token)
    assert visitor is not None
    revoke_visitor(shop.care, shop.store.id, visitor.id)
    assert talk(shop.page(), proof=shop.prove(order="1001")) != first
    later = shop.page()
    second = talk(later, proof=shop.prove(customer="c9"))
    clock.advance(timedelta(days=30))
    assert talk(shop.page(), proof=shop.prove(customer="c9")) != second


def test_a_joined_visitor_s_token_is_their_own_to_lose(shop: Shop) -> None:
    one, two = shop.page(), shop.page()
    assert talk(one, proof=shop.prove(order="1001")) == talk(two, proof=shop.prove(order="1001"))
    visitor = find_visitor(shop.care, two.token)
    assert visitor is not None
    revoke_visitor(shop.care, shop.store.id, visitor.id)
    assert two.get("/conversation").status_code == 401 and one.get("/conversation").status_code == 200


def test_a_first_message_that_comes_again_finds_the_joined_talk(shop: Shop) -> None:
    first, page, client_id = talk(shop.page(), proof=shop.prove(order="1001")), shop.page(), str(uuid.uuid4())
    assert talk(page, "otra", client_id=client_id, proof=shop.prove(order="1001")) == first
    page.token = ""
    again = page.say("otra", client_id, proof=shop.prove(order="1001"))
    assert (again.status_code, again.json["conversation"]["id"]) == (200, first)
    assert [words for _, words in page.lines()].count("otra") == 1
    with shop.house.db.reading(ALL, "count") as tx:
        assert tx.scalar(text("SELECT count(*) FROM visitors")) == 2


def test_the_phase_follows_the_page_the_basket_and_the_proven_order(shop: Shop) -> None:
    def phase(steps: list[str], basket: str | None = None, proof: str | None = None) -> str:
        answer = page.say("hola", steps=steps, basket=basket, proof=proof)
        assert page.read()["conversation"]["phase"] == answer.json["conversation"]["phase"]
        return str(answer.json["conversation"]["phase"])

    page = shop.page()
    assert phase(["product"]) == "pre_purchase"
    assert phase(["product"], "0.00 EUR") == "pre_purchase"
    assert phase(["product"], "12.50 EUR") == "purchase"
    assert phase(["home"], None, shop.prove(order="1001")) == "purchase"
    delivered = make_shipment(status=ShipmentStatus.delivered)
    shop.add_order(
        make_order(
            customer_id="c1", status=OrderStatus.completed, shipments=(delivered,),
            modified_at=make_order().modified_at + timedelta(hours=1),
        )
    )  # fmt: skip
    assert phase(["home"]) == "post_sale"
    assert phase(["payment"]) == "purchase"
