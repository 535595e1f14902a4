"""The tracking page: where the order is, and nothing about whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from pages_house import add_order, add_store, dump_rows, link, open_client, open_house

from plugin.app import House
from plugin.contract import OrderLine, OrderStatus, PaymentStatus, ShipmentStatus, TrackingEvent
from plugin.notices import TRACKING, UNSUBSCRIBE
from plugin.orders import OrderRow, get_order
from plugin.testing.factories import MOMENT, make_money, make_order, make_refund, make_shipment

SECRETS = ("alma", "ruiz", "example.com", "calle falsa", "portería", "taza", "grabado", "order-key")


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, base_url="https://care.example") as opened, time_machine.travel(MOMENT, tick=False):
        yield opened


def sent_order(house: House, **values: object) -> OrderRow:
    """On its way in two parcels, with everything personal that an order may bring."""
    events = (
        TrackingEvent(status=ShipmentStatus.in_transit, raw_status="x", occurred_at=MOMENT + timedelta(hours=3),
                      message="Recibido por Alma Ruiz en portería", location="Calle Falsa 123, Bogotá"),
    )  # fmt: skip
    parcels = (
        make_shipment(
            tracking_url="https://carrier.example/ES123", events=events, expected_at=MOMENT + timedelta(days=2)
        ),
        make_shipment(external_id="p2", tracking_number="", carrier="", tracking_url="javascript:alert(1)"),
    )
    given = {
        "status": OrderStatus.processing, "payment_status": PaymentStatus.paid, "locale": "es_CO",
        "status_url": "https://shop.example/order?order-key=secret",
        "lines": (OrderLine(external_id="1", name="Taza", quantity=1, total=make_money(), details=("Grabado: Alma",)),),
    }  # fmt: skip
    return add_order(house, add_store(house), *parcels, **{**given, **values})


def test_the_status_comes_first_then_parcels_then_the_story(house: House) -> None:
    page = open_client(house).get(link(house, TRACKING, sent_order(house)))
    assert page.status_code == 200 and '<html lang="es">' in page.text
    wanted = ("<h1>En camino</h1>", "Pedido 1001", "Paquete 1 de 2", "Correos", "ES123", "https://carrier.example/ES123",
              "Paquete 2 de 2", "Todavía no tiene número de seguimiento.", "Qué ha pasado hasta ahora")  # fmt: skip
    main = page.text.split("<main")[1]
    places = [main.index(words) for words in wanted]
    assert places == sorted(places)


def test_times_are_the_store_s_and_say_so_once(house: House) -> None:
    page = open_client(house).get(link(house, TRACKING, sent_order(house)))
    # 21:00 UTC is 16:00 in Bogotá.
    assert "sábado, 21 de noviembre, 4:00 p. m. (hora de Bogotá)" in " ".join(page.text.split())
    assert page.text.count("hora de Bogotá") == 1


def test_nobody_learns_whose_order_it_is_or_where_it_goes(house: House) -> None:
    page = open_client(house).get(link(house, TRACKING, sent_order(house)))
    assert [word for word in SECRETS if word in page.text.lower().replace("privacidad", "")] == []
    assert "javascript:" not in page.text


def test_the_page_is_kept_by_nobody_and_tells_the_next_page_nothing(house: House) -> None:
    page = open_client(house).get(link(house, TRACKING, sent_order(house)))
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex" and 'name="robots" content="noindex"' in page.text
    assert "Set-Cookie" not in page.headers and "script-src" not in page.headers["Content-Security-Policy"]
    assert 'rel="noopener noreferrer nofollow"' in page.text


def test_it_leads_to_the_help_of_the_store_in_the_order_s_language(house: House) -> None:
    row, client = sent_order(house), open_client(house)
    text = client.get(link(house, TRACKING, row)).text
    hub = text.split('class="brand" href="')[1].split('"')[0]
    assert hub.startswith("/help/st_") and hub.endswith("/es/") and client.get(hub).status_code == 200


@pytest.mark.parametrize(
    ("values", "due"),
    [
        ({"status": OrderStatus.processing}, "$58.000"),
        ({"status": OrderStatus.processing, "refunds": (make_refund(amount="8000.00"),)}, "$50.000"),
        ({"status": OrderStatus.completed, "completed_at": MOMENT}, ""),
        ({"status": OrderStatus.cancelled}, ""),
        ({"status": OrderStatus.processing, "pay_on_delivery": False, "payment_status": PaymentStatus.paid}, ""),
    ],
)
def test_what_is_still_to_pay_at_the_door_is_said_exactly(house: House, values: dict[str, object], due: str) -> None:
    at_door = {
        "pay_on_delivery": True, "payment_status": PaymentStatus.on_delivery, "locale": "es_CO",
        "total": make_money("58000", "COP"),
    }  # fmt: skip
    refunds = values.get("refunds", ())
    assert isinstance(refunds, tuple)
    cop = tuple(replace(one, amount=make_money(str(one.amount.amount), "COP")) for one in refunds)
    row = add_order(house, add_store(house), **{**at_door, **values, "refunds": cop})
    text = open_client(house).get(link(house, TRACKING, row)).text
    assert ("Por pagar al recibirlo" in text) is bool(due)
    if due:
        assert f"<strong>{due}</strong>" in text


def test_a_cancelled_order_shows_no_way_it_is_not_going(house: House) -> None:
    row = add_order(house, add_store(house), status=OrderStatus.cancelled)
    text = open_client(house).get(link(house, TRACKING, row)).text
    assert "<h1>Cancelado</h1>" in text and 'class="steps"' not in text


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_a_bad_link_gets_the_same_answer_whatever_is_wrong_with_it(house: House, language: str) -> None:
    row, client = sent_order(house), open_client(house)
    good, asked = link(house, TRACKING, row), {"Accept-Language": language}
    gone = add_order(house, add_store(house, domain="b.example"), external_id="g")
    draft_store = add_store(house, domain="c.example", status="uninstalled")
    uninstalled = add_order(house, draft_store, external_id="u")
    with house.db.transaction(gone.store_id) as tx:
        row_gone = get_order(tx, gone.store_id, gone.id)
        assert row_gone is not None
        row_gone.gone_at = MOMENT
    unknown = OrderRow(id=10_000, store_id=row.store_id)
    nobody = OrderRow(id=row.id, store_id=10_000)
    bad = [good[:-1], good + "x", "/t/x", "/t/%00", "/t/" + "A" * 4000, good.replace("/t/", "/t/ "),
           "/t/" + link(house, UNSUBSCRIBE, row)[3:], link(house, TRACKING, gone), link(house, TRACKING, uninstalled),
           link(house, TRACKING, unknown), link(house, TRACKING, nobody)]  # fmt: skip
    answers = {(page.status_code, page.text) for path in bad for page in [client.get(path, headers=asked)]}
    assert len(answers) == 1 and answers.pop()[0] == 404
    with time_machine.travel(MOMENT + timedelta(days=181), tick=False):
        late = client.get(good, headers=asked)
    assert (late.status_code, late.text) == (404, client.get("/t/x", headers=asked).text)
    assert late.headers["Cache-Control"] == "no-store" and f'lang="{language}"' in late.text


def test_another_instance_s_link_opens_nothing(house: House, tmp_path_factory: pytest.TempPathFactory) -> None:
    from plugin.notices import link_token

    row = sent_order(house)
    foreign = link_token("another-instance-s-index-key-of-32-signs", TRACKING, row.store_id, row.id)
    assert open_client(house).get(f"/t/{foreign}").status_code == 404


def test_looking_changes_nothing(house: House) -> None:
    path, client = link(house, TRACKING, sent_order(house)), open_client(house)
    before = dump_rows(house)
    for _ in range(2):
        client.get(path)
        client.head(path)
    assert client.post(path).status_code == 405
    assert dump_rows(house) == before


def test_a_hostile_order_is_only_text(house: House) -> None:
    evil = "<script>alert(1)</script>"
    order = make_order(number=evil)
    parcel = make_shipment(carrier=evil, tracking_number=evil, tracking_url=f"https://carrier.example/{evil}")
    row = add_order(house, add_store(house, name=evil), parcel, number=order.number, status=OrderStatus.processing)
    text = open_client(house).get(link(house, TRACKING, row)).text
    assert "<script" not in text and "&lt;script&gt;" in text and "carrier.example" not in text
