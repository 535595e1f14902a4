"""A guest of a WooCommerce shop at the widget: no number, address or search ever opens an order of somebody else.

The shop is the fake one, over real HTTP, with its traps: filters it ignores, searches by parts of words.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from widget_shop import Page, Shop

from adapters.woocommerce.proof import derive_secret
from plugin.contract import Answer
from plugin.http import GuardedHttp
from plugin.stores import StoreRow, as_contract
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_store
from plugin.testing.fake_woocommerce import FakeServer, Manners, Order, serve_shop

ANN, BEA = "ann@example.com", "bea.ann@example.com"
"""The first address stands in the second one: a search for it finds both."""


@dataclass
class CountingHttp:
    http: GuardedHttp
    asked: list[str] = field(default_factory=list)

    def request(self, method: str, url: str, **values: Any) -> Answer:
        self.asked.append(f"{method} {url.partition('/wp-json/')[2].partition('?')[0]}")
        return self.http.request(method, url, **values)


@dataclass
class Counter:
    """The fake shop, connected to a house with its widget API. `ann` and `bea` are orders of two guests."""

    server: FakeServer
    house: Shop
    store: StoreRow
    http: CountingHttp
    ann: Order
    bea: Order

    def page(self) -> Page:
        return self.house.page(self.store)

    def ask(self, proof: str | None, query: str = "", **body: Any) -> Any:
        return self.page().post("/stores/{store}/order" + query, {"proof": proof, **body})

    def prove(self, order: Order) -> str:
        return self.server.shop.plugin.prove_order(order)


@pytest.fixture
def counter(sqlite_url: str) -> Iterator[Counter]:
    clock = FrozenClock()
    with serve_shop(clock=clock, manners=Manners(plugin_installed=True)) as server:
        server.application.access.wall = lambda: clock.now().timestamp()
        house = Shop(sqlite_url, clock, allow_private_hosts=True)
        key = server.shop.add_key()
        store = make_store(
            house.house.db, domain=server.url.partition("://")[2], origins=["https://shop.example"],
            credentials={
                "url": server.url, "home": server.url, "auth": "oauth", "consumer_key": key.consumer_key,
                "consumer_secret": key.consumer_secret,
            },
        )  # fmt: skip
        adapter = house.house.doors.registry.get("woocommerce")
        http = adapter.http = CountingHttp(GuardedHttp(allow_private_hosts=True))
        server.shop.plugin.connect({
            "service": "https://care.example", "store": store.public_id, "secret": derive_secret(as_contract(store)),
        })  # fmt: skip
        ann = server.shop.place_order(ANN, first_name="Ann", last_name="Ortiz")
        bea = server.shop.place_order(BEA, first_name="Bea", last_name="Quiroga", lines=((10, 3),))
        yield Counter(server, house, store, http, ann, bea)
        house.close()


def holds_anybody(text: str, order: Order) -> list[str]:
    """What of a guest stands in a text."""
    personal = (*order.billing.values(), order.order_key, "Ortiz", "Quiroga")
    return [one for one in personal if len(one) > 3 and one in text]


def rewrite(token: str, **claim: str) -> str:
    """The same token with another claim under the old seal."""
    purpose, packed, seal = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))) | claim
    return f"{purpose}.{base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip('=')}.{seal}"


def test_a_guest_sees_the_order_the_shop_vouches_for_and_nothing_that_names_a_person(counter: Counter) -> None:
    for order, quantity in ((counter.ann, 1), (counter.bea, 3)):
        answer = counter.ask(counter.prove(order))
        assert answer.status_code == 200
        shown = answer.json["order"]
        assert (shown["number"], [line["quantity"] for line in shown["lines"]]) == (order.number, [quantity])
        assert holds_anybody(answer.text, order) == []


@pytest.mark.parametrize("query", [
    "?billing_email=bea.ann@example.com", "?email=bea.ann@example.com", "?search=ann@example.com", "?customer=0",
    "?order={bea}", "?number={bea}", "?include={bea}", "?order_key={key}",
])  # fmt: skip
def test_no_parameter_of_an_address_chooses_another_order(counter: Counter, query: str) -> None:
    query = query.format(bea=counter.bea.id, key=counter.bea.order_key)
    answer = counter.ask(counter.prove(counter.ann), query)
    assert (answer.status_code, answer.json["order"]["number"]) == (200, counter.ann.number)
    counter.http.asked.clear()
    for proof in ("", "x", "order.e30.00"):
        nothing = counter.ask(proof, query)
        assert nothing.status_code in (404, 422) and holds_anybody(nothing.text, counter.bea) == []
    assert counter.http.asked == [], "without a proof the shop is not even asked"


def test_no_field_of_a_body_chooses_another_order(counter: Counter) -> None:
    further = {"order": str(counter.bea.id), "number": counter.bea.number, "email": BEA, "billing_email": BEA}
    for name, value in further.items():
        answer = counter.ask(counter.prove(counter.ann), **{name: value})
        assert answer.status_code in (200, 422)
        assert answer.status_code == 422 or answer.json["order"]["number"] == counter.ann.number
        assert counter.ask("", **{name: value}).status_code in (404, 422)


def test_a_foreign_order_id_under_ones_own_seal_opens_nothing(counter: Counter) -> None:
    own = counter.prove(counter.ann)
    counter.http.asked.clear()
    forged = [rewrite(own, o=str(counter.bea.id)), rewrite(own, o="", c="0"), rewrite(own, c=str(counter.bea.id), o="")]
    forged += ["customer." + own.partition(".")[2], "desk." + own.partition(".")[2], "link." + own.partition(".")[2]]
    answers = [counter.ask(proof) for proof in forged]
    assert [answer.status_code for answer in answers] == [404] * len(forged)
    assert len({answer.data for answer in answers}) == 1, "and all refusals look the same"
    assert counter.http.asked == []


def test_a_link_of_a_mail_and_an_order_that_is_not_there_prove_nothing(counter: Counter) -> None:
    link = counter.server.shop.plugin.link_order(counter.bea).rpartition("/")[2]
    assert counter.ask(link).status_code == 404
    gone = counter.prove(counter.bea)
    counter.server.shop.delete(counter.bea)
    assert counter.ask(gone).status_code == 404


def test_all_guests_have_the_customer_number_nought_and_it_opens_none_of_their_orders(counter: Counter) -> None:
    for order in (counter.ann, counter.bea):
        assert counter.ask(counter.prove(order)).status_code == 200  # now both are known here
    guest = counter.server.shop.add_user("guest", "guest@example.com")
    for number in (0, guest.id, counter.bea.id):
        guest.id = number
        assert counter.ask(counter.server.shop.plugin.prove_customer(guest)).status_code == 404


def test_a_draft_of_the_checkout_is_shown_to_nobody(counter: Counter) -> None:
    draft = counter.server.shop.open_draft(BEA)
    assert counter.ask(counter.prove(draft)).status_code == 404


@pytest.mark.parametrize("words", [
    "¿Dónde está mi pedido {number}?", "Mi correo es {mail}, ¿dónde está mi pedido?", "billing_email={mail}",
    "search=ann@example.com ¿mi pedido?", "order_key={key} mi pedido {number} {mail}", "pedido #{number}, Bea Quiroga",
])  # fmt: skip
def test_what_a_stranger_writes_makes_the_bot_tell_nothing_of_an_order(counter: Counter, words: str) -> None:
    assert counter.ask(counter.prove(counter.bea)).status_code == 200  # the order is known here
    counter.http.asked.clear()
    page = counter.page()
    said = words.format(number=counter.bea.number, mail=BEA, key=counter.bea.order_key)
    answer = page.say(said)
    assert answer.status_code == 201
    replies = " ".join(text for author, text in page.lines() if author != "shopper")
    assert replies and holds_anybody(replies, counter.bea) == [] and counter.bea.number not in replies
    assert counter.http.asked == [], "the shop is not searched for what a stranger says"


def test_a_stranger_with_a_proof_of_their_own_order_hears_only_of_that_one(counter: Counter) -> None:
    page = counter.page()
    page.say(f"¿Dónde está mi pedido {counter.bea.number}, {BEA}?", proof=counter.prove(counter.ann))
    replies = " ".join(text for author, text in page.lines() if author != "shopper")
    assert counter.ann.number in replies and counter.bea.number not in replies
    assert holds_anybody(replies, counter.bea) == []
    orders = {asked.split("/")[3] for asked in counter.http.asked if asked.startswith("GET wc/v3/orders/")}
    assert orders == {str(counter.ann.id)} and "GET wc/v3/orders" not in counter.http.asked
