"""Links that a platform signs into its own mails: the redacted page, or one that says it is coming, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from pages_house import add_order, add_store, open_client, open_house

from plugin.app import House
from plugin.contract import OrderStatus, Proof, Store, TrackingLink, Visitor, WebhookRejected
from plugin.database import ALL
from plugin.orders import get_order
from plugin.stores import StoreRow, get_store
from plugin.testing.factories import MOMENT, make_shipment
from plugin.work import list_promised


@pytest.fixture
def house(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with open_house(database_url, base_url="https://care.example") as opened, time_machine.travel(MOMENT, tick=False):
        adapter = opened.doors.registry.get("demo")
        monkeypatch.setattr(adapter, "read_proof", read_proof)
        monkeypatch.setattr(adapter, "verify_proof", verify_proof)
        yield opened


# The demo shop signs no such links; this is what one that does would answer for `kind~store~order~seal`.
def read_proof(token: str) -> Proof:
    if token.count("~") != 3:
        raise WebhookRejected("This is no proof.")
    return Proof(token=token, claimed_store=token.split("~")[1])


def verify_proof(proof: Proof, store: Store) -> Any:
    kind, _, order, seal = proof.token.split("~")
    if seal != store.webhook_secret:
        raise WebhookRejected("The seal is wrong.")
    return TrackingLink(order_external_id=order) if kind == "link" else Visitor(order_external_id=order)


def make_demo(house: House, **values: Any) -> StoreRow:
    given = {"platform": "demo", "domain": "demo.example", "credentials": {"url": "http://127.0.0.1:9", "token": "t"}}
    return add_store(house, **(given | values))


def path(store: StoreRow, order: str = "1001", kind: str = "link", seal: str = "") -> str:
    return f"/t/demo/{kind}~{store.public_id}~{order}~{seal or store.webhook_secret}"


def wished(house: House, store: StoreRow) -> int:
    with house.db.reading(store.id) as tx:
        return len(list_promised(tx, "orders.refetch", store.id))


def test_a_signed_link_shows_the_order_and_nothing_about_whose_it_is(house: House) -> None:
    store = make_demo(house)
    add_order(house, store, make_shipment(), status=OrderStatus.processing, customer_name="Alma Ruiz")
    page = open_client(house).get(path(store))
    assert page.status_code == 200 and "ES123" in page.text
    assert "alma" not in page.text.lower() and "example.com" not in page.text
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_an_order_we_do_not_know_yet_is_asked_for_once_and_the_page_says_it_is_coming(house: House) -> None:
    store, client = make_demo(house), open_client(house)
    for _ in range(3):
        page = client.get(path(store, "555"))
        assert page.status_code == 200 and "Estamos preparando tu pedido" in page.text
        assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["X-Robots-Tag"] == "noindex"
    assert wished(house, store) == 1
    add_order(house, store, external_id="555", number="555")
    assert "555" in client.get(path(store, "555")).text


def test_looking_again_and_again_asks_the_platform_only_a_few_times(house: House) -> None:
    store, client = make_demo(house), open_client(house)
    for _ in range(20):
        client.get(path(store, "555"))
        with house.db.transaction(ALL, "as if each question had been asked at once") as tx:
            for job in list_promised(tx, "orders.refetch", store.id):
                job.key = None
    assert wished(house, store) <= 6


def test_whatever_is_wrong_with_a_link_gets_the_same_answer(house: House) -> None:
    store, client = make_demo(house), open_client(house)
    add_order(house, store, make_shipment())
    gone = add_order(house, store, external_id="gone", number="gone")
    with house.db.transaction(store.id) as tx:
        row = get_order(tx, store.id, gone.id)
        assert row is not None
        row.gone_at = MOMENT
    away = make_demo(house, domain="away.example", status="uninstalled")
    add_order(house, away)
    other = add_store(house, domain="other.example")
    asked = {"Accept-Language": "es"}
    bad = [
        path(store, seal="forged"), path(store, kind="customer"), path(store, "gone"), path(away), path(store)[:-1],
        path(other), path(store).replace("/demo/", "/woocommerce/"), path(store).replace("/demo/", "/nowhere/"),
        "/t/demo/x", "/t/demo/%00", "/t/demo/" + "A" * 5000, "/t/demo/link~st_unknown_store~1~x", "/t/x",
    ]  # fmt: skip
    answers = {(page.status_code, page.text) for one in bad for page in [client.get(one, headers=asked)]}
    assert len(answers) == 1 and answers.pop()[0] == 404
    assert wished(house, store) == 0


def test_a_store_without_access_is_asked_nothing(house: House) -> None:
    store = make_demo(house, status="parked")
    assert open_client(house).get(path(store, "555")).status_code == 200
    assert wished(house, store) == 0
    with house.db.reading(store.id) as tx:
        assert get_store(tx, store.id).status == "parked"
