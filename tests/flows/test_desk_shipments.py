"""Tracking numbers at the desk: one on an order's page, many pasted; nothing is written before it was shown."""

from __future__ import annotations

import html
import re

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient

from plugin.contract import Capability, Meaning, OrderStatus, StatusWord
from plugin.orders import OrderRow, wish_shipment
from plugin.orders.shipments import list_wishes, make_typed
from plugin.stores import StoreRow
from plugin.stores.status_words import confirm_meaning, learn_statuses, list_status_words
from plugin.work.models import Job

ABLE = {"capabilities": [Capability.ADD_SHIPMENT.value]}


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", **ABLE)


@pytest.fixture
def order(counter: Counter, store: StoreRow) -> OrderRow:
    return counter.add_order(store, status=OrderStatus.processing)


def wishes(counter: Counter, store: StoreRow) -> list[tuple[str, str, str]]:
    with counter.db.reading(store.id) as tx:
        found = list_wishes(tx, store.id)
    return [(one.order, one.shipment.carrier, one.shipment.tracking_number) for one in found]


def test_a_typed_number_becomes_a_wish_and_the_page_says_so(
    counter: Counter, store: StoreRow, client: FlaskClient, order: OrderRow
) -> None:
    url = f"/desk/{store.public_id}/orders/{order.id}"
    page = client.get(url).text
    assert page.index('value="Correos"') < page.index('value="Servientrega"') and 'list="carriers"' in page
    answer = client.post(f"{url}/shipments", data={"carrier": "SEUR", "number": "987 654"}, headers=OURS)
    assert answer.status_code == 303 and answer.headers["Location"].endswith("done=shipment#parcels")
    assert wishes(counter, store) == [("1001", "SEUR", "987654")]
    page = client.get(answer.headers["Location"]).text
    assert "SEUR · 987654" in page and "Being written into your shop" in page


@pytest.mark.parametrize(
    ("form", "done"),
    [
        ({"number": "hello"}, "wrong_number"),
        ({"number": ""}, "wrong_number"),
        ({"number": "987", "link": "javascript:alert(1)"}, "wrong_link"),
        ({"number": "ES123"}, "there"),
    ],
)
def test_what_cannot_be_written_is_told_and_changes_nothing(
    counter: Counter, store: StoreRow, client: FlaskClient, form: dict[str, str], done: str
) -> None:
    from plugin.testing.factories import make_shipment

    order = counter.add_order(store, make_shipment(), status=OrderStatus.processing)
    answer = client.post(f"/desk/{store.public_id}/orders/{order.id}/shipments", data=form, headers=OURS)
    assert f"done={done}" in answer.headers["Location"] and wishes(counter, store) == []
    assert 'class="notice' in client.get(answer.headers["Location"]).text


def test_what_the_shop_refused_stands_on_the_order_in_its_words_and_is_played_again(
    counter: Counter, store: StoreRow, client: FlaskClient, order: OrderRow
) -> None:
    with counter.db.transaction(store.id) as tx:
        wish_shipment(tx, order, make_typed("TCC", "A100", "", counter.clock.now()), counter.clock.now())
        tx.flush()
        (job,) = tx.query(Job).filter(Job.kind == "orders.add_shipment").all()
        job.buried_at, job.words = counter.clock.now(), "PlatformRefused: <b>Unknown</b> carrier"
    for url in (f"orders/{order.id}", "shipments"):
        page = client.get(f"/desk/{store.public_id}/{url}").text
        assert "&lt;b&gt;Unknown&lt;/b&gt; carrier" in page and "PlatformRefused" not in page
    assert "orders.add_shipment" in client.get(f"/desk/{store.public_id}/deliveries").text


TEXT = "Pedido;Transportadora;Guía\n1001;Servientrega;208765\n9999;TCC;991122\n1001;TCC;2.08E+09\n1001;TCC"


def test_a_pasted_list_is_shown_first_and_written_when_confirmed(
    counter: Counter, store: StoreRow, client: FlaskClient, order: OrderRow
) -> None:
    url = f"/desk/{store.public_id}/shipments"
    assert "Check the list" in client.get(url).text
    page = client.post(url, data={"lines": TEXT}, headers=OURS).text
    assert wishes(counter, store) == []
    told = re.findall(r'data-name="What happens"><(?:span[^>]*|strong)>([^<]+)<', page)
    assert told == [
        "Will be written", "We know no order with this number", "This does not look like a tracking number",
        "This does not look like a tracking number",
    ]  # fmt: skip
    assert "Write 1 tracking number" in page
    kept = re.search(r'name="lines" value="([^"]*)"', page)
    assert kept is not None and html.unescape(kept[1]) == TEXT
    done = client.post(url, data={"lines": html.unescape(kept[1]), "confirm": "1"}, headers=OURS).text
    assert wishes(counter, store) == [("1001", "Servientrega", "208765")]
    assert "1 tracking number is being written into your shop" in done and "Being written into your shop" in done
    again = client.post(url, data={"lines": TEXT, "confirm": "1"}, headers=OURS).text
    assert len(wishes(counter, store)) == 1 and "Already there" in again


def test_pasted_text_is_only_text(counter: Counter, store: StoreRow, client: FlaskClient, order: OrderRow) -> None:
    evil = '"><script>alert(1)</script>;<img src=x>;12345\n1001;<b>x</b>;77777;javascript:alert(1)'
    page = client.post(f"/desk/{store.public_id}/shipments", data={"lines": evil}, headers=OURS).text
    assert "<script>alert" not in page and "<img src=x" not in page and "<b>x" not in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"capabilities": []}, "does not let us write tracking numbers"),
        (ABLE | {"status": "parked"}, "The connection to your shop is broken"),
        (ABLE | {"platform": "nowhere"}, "takes no tracking numbers from us"),
    ],
)
def test_where_it_cannot_be_done_the_page_says_why(counter: Counter, values: dict[str, object], words: str) -> None:
    other = counter.add_store("b.example", **values)
    browser = counter.sign_in(counter.add_agent("Berta", other))
    order = counter.add_order(other, status=OrderStatus.processing)
    base = f"/desk/{other.public_id}"
    for url in (f"{base}/shipments", f"{base}/orders/{order.id}"):
        page = browser.get(url).text
        assert words in page and 'name="number"' not in page.replace('id="number" name="number"', "")
    form = {"lines": "1001;TCC;12345", "confirm": "1", "number": "12345"}
    for url in (f"{base}/shipments", f"{base}/orders/{order.id}/shipments"):
        assert browser.post(url, data=form, headers=OURS).status_code == 403
    assert wishes(counter, other) == []


def test_another_stores_order_takes_no_number(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    other = counter.add_store("b.example", **ABLE)
    theirs = counter.add_order(other, external_id="77", number="77")
    url = f"/desk/{store.public_id}/orders/{theirs.id}/shipments"
    assert client.post(url, data={"number": "12345"}, headers=OURS).status_code == 404
    page = client.post(f"/desk/{store.public_id}/shipments", data={"lines": "77;TCC;12345"}, headers=OURS).text
    assert "We know no order with this number" in page


def test_a_foreign_page_cannot_type_a_number(
    counter: Counter, store: StoreRow, client: FlaskClient, order: OrderRow
) -> None:
    url = f"/desk/{store.public_id}/orders/{order.id}/shipments"
    answer = client.post(url, data={"number": "12345"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and wishes(counter, store) == []


def test_a_status_of_the_shops_own_is_shown_as_it_is_until_it_has_a_meaning(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    counter.add_order(store, status=OrderStatus.unknown, raw_status="despachado")
    url = f"/desk/{store.public_id}/orders"
    assert ">despachado</span>" in client.get(url).text
    with counter.db.transaction(store.id) as tx:
        learn_statuses(tx, store.id, [StatusWord(raw_status="despachado", name="Despachado")])
        confirm_meaning(list_status_words(tx, store.id)[0], Meaning.out_for_delivery, counter.clock.now())
    assert ">Out for delivery</span>" in client.get(url).text
