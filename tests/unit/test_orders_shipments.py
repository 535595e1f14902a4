"""Typed tracking numbers: read as people paste them, kept until the shop has them, written once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from memory_shop import Room

from plugin.contract import AccessRevoked, OrderChanged, OrderStatus, PlatformDown, PlatformRefused
from plugin.database import ALL
from plugin.orders import find_order, wish_shipment
from plugin.orders.carriers import CARRIERS, guess_country, list_carriers
from plugin.orders.pasted import MOST_LINES, check_pasted, read_pasted
from plugin.orders.shipments import clean_number, list_wishes, make_typed
from plugin.testing.factories import MOMENT, make_order, make_shipment
from plugin.work import TryLater, claim


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    made = Room(database_url)
    yield made
    made.db.close()


def sell(room: Room, external_id: str = "1001", **values: object) -> None:
    given = {"number": external_id, "status": OrderStatus.processing} | values
    room.shop.orders[external_id] = make_order(external_id=external_id, **given)
    room.deliver(OrderChanged(order=room.shop.orders[external_id]))
    room.run()
    room.shop.asked.clear()


def type_in(room: Room, number: str, external_id: str = "1001", link: str = "") -> None:
    with room.db.transaction(room.store_id) as tx:
        row = find_order(tx, room.store_id, external_id)
        assert row is not None
        wish_shipment(tx, row, make_typed("Servientrega", number, link, room.clock.now()), room.clock.now())


def test_a_typed_parcel_is_written_into_the_shop_and_shown_and_the_status_is_not_touched(room: Room) -> None:
    sell(room)
    type_in(room, "208 765 4321", link="https://carrier.example/208")
    room.run()
    (parcel,) = room.view().parcels
    assert (parcel.shipment.tracking_number, parcel.shipment.carrier) == ("2087654321", "Servientrega")
    assert parcel.shipment.tracking_url == "https://carrier.example/208"
    assert room.view().order.status is OrderStatus.processing
    assert room.shop.orders["1001"].status is OrderStatus.processing and room.jobs("orders.add_shipment") == []


def test_several_parcels_come_one_after_the_other(room: Room) -> None:
    sell(room)
    for number in ("A100", "A200", "A100"):
        type_in(room, number)
        room.run()
    assert {one.shipment.tracking_number for one in room.view().parcels} == {"A100", "A200"}
    assert room.shop.asked.count("add A100") == 1


def test_parcels_of_one_order_are_written_one_at_a_time_and_those_of_others_meanwhile(room: Room) -> None:
    """Two hands at once would each write the list without the other's parcel."""
    sell(room)
    sell(room, "1002")
    type_in(room, "A100")
    type_in(room, "A200")
    type_in(room, "B100", "1002")
    with room.db.transaction(ALL, "two hands") as tx:
        first, second, other = claim(tx, room.clock.now(), 9)
    with pytest.raises(TryLater):
        room.engine.kinds["orders.add_shipment"](second)
    room.engine.run(second)
    room.engine.run(other)
    room.engine.run(first)
    assert [one for one in room.shop.asked if one.startswith("add")] == ["add B100", "add A100"]
    room.clock.advance(timedelta(seconds=2))
    room.run()
    assert {one.shipment.tracking_number for one in room.view().parcels} == {"A100", "A200"}


def test_a_number_is_the_same_parcel_with_its_signs_and_without(room: Room) -> None:
    """A note spells it so, the order's own list otherwise: one parcel, one mail."""
    sell(room, shipments=(make_shipment(external_id="", tracking_number="AB-123.4"),))
    key = room.view().parcels[0].key
    later = make_order(
        external_id="1001", status=OrderStatus.processing, modified_at=MOMENT + timedelta(minutes=1),
        shipments=(make_shipment(external_id="7f", tracking_number="AB1234"),),
    )  # fmt: skip
    room.deliver(OrderChanged(order=later))
    room.run()
    assert [one.key for one in room.view().parcels] == [key]


def test_the_same_parcel_wished_twice_is_one_wish(room: Room) -> None:
    sell(room)
    type_in(room, "A100")
    type_in(room, "a100")
    assert len(room.jobs("orders.add_shipment")) == 1


def test_a_shop_that_is_down_gets_it_later_and_one_that_failed_after_writing_gets_it_once(room: Room) -> None:
    sell(room)
    room.shop.troubles["add"] = [PlatformDown("The shop answered 503.")]  # after it has written
    room.shop.troubles["get"] = [PlatformDown("The shop answered 503.")] * 2
    type_in(room, "A100")
    room.run()
    with room.db.reading(room.store_id) as tx:
        (wish,) = list_wishes(tx, room.store_id, "1001")
    assert not wish.failed and "503" in wish.words and wish.shipment.tracking_number == "A100"
    for _ in range(5):
        room.clock.advance(timedelta(minutes=31))
        room.run()
    assert len(room.view().parcels) == 1 and room.shop.asked.count("add A100") == 1


@pytest.mark.parametrize("error", [PlatformRefused("Unknown carrier."), AccessRevoked("No access.")])
def test_what_the_shop_refuses_stays_where_people_see_it_in_words(room: Room, error: Exception) -> None:
    sell(room)
    room.shop.troubles["add"] = [error]
    type_in(room, "A100")
    room.run()
    with room.db.reading(room.store_id) as tx:
        (wish,) = list_wishes(tx, room.store_id)
    assert wish.failed and str(error) in wish.words


def test_nobody_reads_a_tracking_number_in_the_outbox(room: Room) -> None:
    sell(room)
    type_in(room, "SECRET100")
    (job,) = room.jobs("orders.add_shipment")
    assert "SECRET100" not in f"{job.payload}{job.key}" and "Servientrega" not in str(job.payload)


@pytest.mark.parametrize("good", ["2087654321", "RR123456785CO", "98-7654 321", "1Z 999 AA1 01 2345 6784", "a/1.2_3"])
def test_numbers_of_carriers_are_taken_without_their_spaces(good: str) -> None:
    assert clean_number(good) == "".join(good.split())


@pytest.mark.parametrize("bad", ["", "12", "Servientrega", "2.08765E+09", "2,08765E+09", "hoy 3pm!", "ana@example.com",
                                 "https://x.example/1", "1" * 60, "<b>1</b>", "1;2", "=1+1"])  # fmt: skip
def test_what_is_no_tracking_number_is_told_apart(bad: str) -> None:
    assert clean_number(bad) == ""


@pytest.mark.parametrize(
    "text",
    [
        "1001;Servientrega;208765\n1002;TCC;991122;https://tcc.example/991122",
        "1001\tServientrega\t208765\n1002\tTCC\t991122\thttps://tcc.example/991122\n",
        "1001,Servientrega,208765\r\n1002,TCC,991122,https://tcc.example/991122\r\n\r\n",
        "\ufeffPedido;Transportadora;Guía;Enlace\n 1001 ; Servientrega ; 208765 \n1002;TCC;991122; https://tcc.example/991122",
        "Order\tCarrier\tTracking number\n\n1001\tServientrega\t208765\n1002\tTCC\t991122\thttps://tcc.example/991122",
        '"1001";"Servientrega";"208765"\n1002;TCC;991122;https://tcc.example/991122;a note',
    ],
)
def test_lists_are_read_as_people_paste_them(text: str) -> None:
    assert [(one.order, one.carrier, one.number, one.link) for one in read_pasted(text)] == [
        ("1001", "Servientrega", "208765", ""),
        ("1002", "TCC", "991122", "https://tcc.example/991122"),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", ";;;\n\t\t", "\ufeff", "\x00"])
def test_a_list_without_anything_is_empty(text: str) -> None:
    assert read_pasted(text) == []


def test_a_list_has_an_end_and_an_order_and_a_number_suffice() -> None:
    assert len(read_pasted("1;2;345\n" * 2000)) == MOST_LINES
    (line,) = read_pasted("1001;208765")
    assert (line.order, line.carrier, line.number, line.place) == ("1001", "", "208765", 1)


def test_every_line_is_told_its_fate_before_anything_is_written(room: Room) -> None:
    sell(room, shipments=(make_shipment(tracking_number="OLD1"),))
    sell(room, "1002", number="#1002")
    type_in(room, "WAITS1", "1002")
    text = "\n".join((
        "1001;TCC;NEW1", "1001;TCC;old1", "1002;TCC;NEW2", "#1002;TCC;NEW2", "1002;TCC;WAITS1", "9999;TCC;NEW3",
        "1002;TCC;2.08E+09", "1002;TCC;", ";TCC;NEW4",
    ))  # fmt: skip
    before = len(room.jobs("orders.add_shipment"))
    with room.db.reading(room.store_id) as tx:
        checked = check_pasted(tx, room.store_id, text, MOMENT)
    assert [one.fate for one in checked] == [
        "ok", "there", "ok", "there", "there", "unknown_order", "wrong_number", "unreadable", "unreadable",
    ]  # fmt: skip
    assert len(room.jobs("orders.add_shipment")) == before


def test_another_stores_order_is_unknown(room: Room) -> None:
    from plugin.testing.factories import make_store

    sell(room)
    other = make_store(room.db, domain="b.example", platform="memory")
    with room.db.reading(other.id) as tx:
        assert [one.fate for one in check_pasted(tx, other.id, "1001;TCC;NEW1", MOMENT)] == ["unknown_order"]


def test_carriers_of_the_shops_country_come_first_and_each_once() -> None:
    named = list_carriers("CO", "ES")
    assert named[:3] == ["Servientrega", "Coordinadora", "Interrapidísimo"]
    assert named.index("SEUR") < named.index("USPS") and len(named) == len(set(named))
    assert set(CARRIERS) == {"CO", "ES", "MX", "AR", "CL", "PE", "EC", "BR", "PT", "US"}
    assert list_carriers("", "XX")[0] == "DHL"


@pytest.mark.parametrize(
    ("locale", "currency", "zone", "country"),
    [
        ("es_CO", "USD", "UTC", "CO"), ("es", "COP", "UTC", "CO"), ("es", "USD", "America/Guayaquil", "EC"),
        ("pt-BR", "", "UTC", "BR"), ("es", "EUR", "Europe/Madrid", "ES"), ("en", "GBP", "UTC", ""),
    ],
)  # fmt: skip
def test_the_country_is_guessed_from_what_the_shop_told(locale: str, currency: str, zone: str, country: str) -> None:
    assert guess_country(locale, currency, zone) == country
