"""Tracking numbers read from every place where shops keep them, merged; and typed into the shop."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from woo_shop_bench import open_connected

from adapters.woocommerce.carriers import LINKS, OTHER_NAMES, build_link, find_carrier, plain_name
from adapters.woocommerce.order_notes import read_notes
from adapters.woocommerce.parcel_search import MOST_SEARCHES, ParcelSearch
from adapters.woocommerce.places import join, link_parcels, read_meta_parcels, unite
from adapters.woocommerce.schemas import ORDER, NoteBody
from plugin.contract import (
    AccessRevoked,
    NotFound,
    PlatformDown,
    PlatformRefused,
    Shipment,
    ShipmentStatus,
)

NUMBER = "0123456789012"


@pytest.fixture
def shop():
    with open_connected() as connected:
        yield connected


def parcels_of(meta: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(parcel.tracking_number, parcel.carrier, parcel.status) for parcel in read_meta_parcels(meta) or ()]


# Places in the order's meta


def test_labels_of_woocommerce_shipping_are_parcels_that_have_not_left_and_refunded_ones_are_none():
    rows = [{"tracking": "9400100000000000000001", "carrier_id": "usps"},
            {"tracking": "9400100000000000000002", "carrier_id": "usps", "refund": {"status": "pending"}},
            {"tracking": "", "carrier_id": "usps"}, "noise"]
    expected = [("9400100000000000000001", "usps", "label_created")]
    assert parcels_of({"wcshipping_labels": rows}) == expected
    assert parcels_of({"wc_connect_labels": json.dumps(rows)}) == expected


def test_aftership_lists_parcels_with_their_lines():
    rows = [{"tracking_id": "a1", "tracking_number": NUMBER, "slug": "servientrega",
             "line_items": [{"id": 80, "quantity": 2}]}]
    (parcel,) = link_parcels(read_meta_parcels({"_aftership_tracking_items": rows}) or ())
    assert (parcel.external_id, parcel.carrier, parcel.items) == ("a1", "servientrega", (("80", 2),))
    assert parcel.tracking_url.endswith(NUMBER)


@pytest.mark.parametrize("key", [
    "_aftership_tracking_number", "ywot_tracking_code", "_tracking_number", "tracking_number",
])
def test_a_bare_number_in_a_known_key_is_a_parcel(key):
    assert parcels_of({key: NUMBER}) == [(NUMBER, "", "in_transit")]
    assert [number for number, _, _ in parcels_of({key: f"{NUMBER}, AB-99887"})] == [NUMBER, "AB-99887"]


@pytest.mark.parametrize("value", ["", "pendiente", "mañana", "12", "ver correo 3 de mayo", ["x"], None, "x9" * 45])
def test_what_is_no_number_in_such_a_key_is_no_parcel(value):
    assert read_meta_parcels({"_tracking_number": value}) is None


def test_trackship_tells_how_far_each_parcel_of_the_list_is():
    items = [{"tracking_id": "a", "tracking_number": "N0001"}, {"tracking_id": "b", "tracking_number": "N0002"},
             {"tracking_id": "c", "tracking_number": "N0003"}]
    states = [{"status": "delivered"}, {"status": "exception"}]
    parcels = read_meta_parcels({"_wc_shipment_tracking_items": items, "shipment_status": states}) or ()
    assert [parcel.status for parcel in parcels] == ["delivered", "in_transit", "in_transit"]
    assert [parcel.raw_status for parcel in parcels] == ["delivered", "exception", ""]


def test_one_parcel_named_in_three_places_is_one_and_the_best_link_wins():
    meta = {
        "_wc_shipment_tracking_items": [{"tracking_id": "a", "tracking_number": "AB 1234-5",
                                         "tracking_provider": "correos"}],
        "wcshipping_labels": [{"tracking": "ab12345", "carrier_id": "correos"}],
        "_tracking_number": "AB12345",
    }
    (parcel,) = read_meta_parcels(meta) or ()
    assert (parcel.external_id, parcel.tracking_number, parcel.carrier) == ("a", "AB 1234-5", "correos")
    linked = Shipment(status=ShipmentStatus.unknown, tracking_number="AB12345", tracking_url="https://t.example/1")
    assert link_parcels(unite([parcel], [linked]))[0].tracking_url == "https://t.example/1"


def test_of_two_tellings_the_further_state_and_each_known_fact_stay():
    known = Shipment(status=ShipmentStatus.in_transit, external_id="a", tracking_number="N1", carrier="other",
                     tracking_url="javascript:alert(1)", items=(("1", 1),))
    later = Shipment(status=ShipmentStatus.delivered, raw_status="delivered", external_id="b", tracking_number="N1",
                     carrier="MRW", tracking_url="https://t.example/1", items=(("1", 2),))
    both = join(known, later)
    assert (both.status, both.external_id, both.carrier) == ("delivered", "a", "MRW")
    assert (both.tracking_url, both.items) == ("https://t.example/1", (("1", 1),))
    assert join(later, known).status == "delivered"


# Carriers


def test_a_carrier_we_are_sure_of_gets_its_page_and_any_other_none():
    assert build_link("Servientrega", NUMBER).endswith(f"Guia={NUMBER}")
    assert build_link("COORDINADORA", "123 456").endswith("guia=123%20456")
    assert build_link("Correos de España", "PQ4F5G0712345670112345T").startswith("https://www.correos.es/")
    assert build_link("correos chile", NUMBER) == build_link("Envía", NUMBER) == build_link("", NUMBER) == ""


def test_nothing_typed_as_a_number_can_change_the_page():
    for number in ("1&x=2", "1#", "../x", "1?q", "<b>", "", "x" * 80, "1\n2"):
        assert build_link("dhl", number) in ("", f"{LINKS['dhl'].format('')}{number}")
        assert "&x=" not in build_link("dhl", number)


def test_every_page_is_https_and_holds_the_number_once():
    assert all(link.startswith("https://") and link.count("{}") == 1 for link in LINKS.values())
    assert set(OTHER_NAMES.values()) <= LINKS.keys()
    assert all(plain_name(name) == name for name in (*LINKS, *OTHER_NAMES))


# Order notes


def note(text: str, **changes: Any) -> NoteBody:
    values = {"note": text, "author": "WooCommerce", "customer_note": False, "date_created_gmt": "2026-11-21T12:00:00"}
    return NoteBody(**values | changes)


@pytest.mark.parametrize(("text", "number", "carrier"), [
    ("Order shipped via USPS with tracking number 9400100000000000000001", "9400100000000000000001", "USPS"),
    ("Tracking #: 1Z0000000000000001.", "1Z0000000000000001", ""),
    ("Tu pedido fue enviado por Servientrega, número de guía: 2134567890", "2134567890", "Servientrega"),
    ("Enviado con Coordinadora. Guía 98765432101", "98765432101", "Coordinadora"),
    ("Nº de seguimiento PQ4F5G0712345670112345T (Correos)", "PQ4F5G0712345670112345T", "Correos"),
    ("Enviado pelos Correios, código de rastreamento AA123456789BR", "AA123456789BR", "Correios"),
    ("Seu código de rastreio é <b>AA123456789BR</b>", "AA123456789BR", ""),
])
def test_a_note_that_names_a_tracking_number_gives_that_and_a_known_carrier(text, number, carrier):
    (parcel,) = read_notes([note(text)])
    assert (parcel.tracking_number, parcel.carrier, parcel.raw_status) == (number, carrier, "order note")
    assert parcel.shipped_at is not None


@pytest.mark.parametrize("text", [
    "Order status changed from Processing to Completed.", "Stock levels reduced: Blue Mug (100→98)",
    "Tracking number follows tomorrow", "La guía está pendiente", "Call 3001234567 before delivery", "",
    "número de guía: pendiente", "tracking number: see https://t.example",
])
def test_a_note_without_a_plausible_number_names_no_parcel(text):
    assert read_notes([note(text)]) == ()


def test_what_staff_tell_each_other_is_not_read_and_what_the_customer_was_told_is():
    staff = note("tracking number 1234567890", author="Olga")
    assert read_notes([staff]) == ()
    assert len(read_notes([note("tracking number 1234567890", author="Olga", customer_note=True)])) == 1


def test_nothing_of_a_notes_text_gets_out_but_the_number():
    (parcel,) = read_notes([note("Ana, calle 5, paga tarde. Tracking number 1234567890 via Mi Primo SAS")])
    assert "Ana" not in repr(parcel) and "Primo" not in repr(parcel)
    assert find_carrier("DHL o UPS") == ""


# Asking the shop


def order_body(**changes: Any) -> Any:
    body = {
        "id": 58, "status": "completed", "currency": "COP", "total": "10.00", "date_created_gmt": "2026-11-20T10:00:00",
        "date_modified_gmt": "2026-11-21T10:00:00", "line_items": [], "shipping_lines": [{"method_id": "flat_rate"}],
        "meta_data": [],
    }
    return ORDER.decode(json.dumps(body | changes))


class Answers:
    """A shop that answers what it is told to, by the beginning of the path."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {key.replace("_", "-"): value for key, value in answers.items()}
        self.asked: list[str] = []

    def get(self, path: str, query: Any = None, root: str = "wc/v3") -> bytes:
        self.asked.append(f"{root} {path}")
        answer = self.answers.get(path.rpartition("/")[2], PlatformRefused("no route"))
        if isinstance(answer, Exception):
            raise answer
        return msgspec.json.encode(answer)


SENT = {"id": 9, "order_id": 58, "tracking_id": NUMBER, "shipping_provider": "dhl", "status": "shipped",
        "date_sent_gmt": "2026-11-21T09:00:00", "items": [{"order_item_id": 80, "quantity": 1}], "type": "simple"}


def test_shiptastics_shipments_are_those_of_the_order_even_when_its_filter_is_ignored():
    rows = [SENT, SENT | {"id": 10, "order_id": 59, "tracking_id": "OTHER-12345"},
            SENT | {"id": 11, "type": "return", "tracking_id": "BACK-12345"},
            SENT | {"id": 12, "tracking_id": "", "status": "draft"}]
    order = ParcelSearch(Answers(shipments=rows)).complete_order(order_body())
    (parcel,) = order.shipments or ()
    assert (parcel.external_id, parcel.tracking_number, parcel.status) == ("shiptastic:9", NUMBER, "in_transit")
    assert parcel.items == (("80", 1),)


def test_notes_are_read_only_when_no_other_place_names_a_number():
    notes = [{"note": f"tracking number {NUMBER}", "author": "WooCommerce", "customer_note": False}]
    alone = ParcelSearch(Answers(notes=notes)).complete_order(order_body())
    assert [parcel.tracking_number for parcel in alone.shipments or ()] == [NUMBER]
    shop = Answers(notes=notes, shipments=[SENT])
    ParcelSearch(shop).complete_order(order_body())
    assert shop.asked == ["wc/v3 shipments"]


@pytest.mark.parametrize("status", ["processing", "pending", "on-hold", "cancelled", "refunded", "checkout-draft"])
def test_an_order_that_has_not_left_is_not_searched_for(status):
    shop = Answers(shipments=[SENT])
    assert ParcelSearch(shop).complete_order(order_body(status=status)).shipments is None
    assert shop.asked == []


def test_an_order_with_nothing_to_ship_is_not_searched_for():
    shop = Answers(shipments=[SENT])
    ParcelSearch(shop).complete_order(order_body(shipping_lines=[]))
    assert shop.asked == []


def test_an_order_in_a_status_of_the_shops_own_is_searched_for():
    assert ParcelSearch(Answers(shipments=[SENT])).complete_order(order_body(status="despachado")).shipments


def test_a_route_the_shop_does_not_have_is_asked_for_once_in_one_pass():
    shop = Answers()
    search = ParcelSearch(shop)
    for number in range(1, 6):
        assert search.complete_order(order_body(id=number)).shipments is None
    assert shop.asked == ["wc/v3 shipments", "wc/v3 orders/1/notes"]


def test_a_first_reading_of_many_orders_does_not_ask_for_each():
    shop = Answers(shipments=[], notes=[])
    search = ParcelSearch(shop)
    for number in range(1, MOST_SEARCHES + 30):
        search.complete_order(order_body(id=number))
    assert len(shop.asked) == 2 * MOST_SEARCHES


@pytest.mark.parametrize("refusal", [PlatformRefused("no"), AccessRevoked("no"), NotFound("no")])
def test_a_plugins_route_that_refuses_us_does_not_park_the_store(refusal):
    assert ParcelSearch(Answers(shipments=refusal, notes=refusal)).complete_order(order_body()).shipments is None


def test_a_shop_that_is_down_is_said_to_be_down():
    with pytest.raises(PlatformDown):
        ParcelSearch(Answers(shipments=PlatformDown("503"))).complete_order(order_body())


@pytest.mark.parametrize("answer", [{}, [5], "x", [{"tracking_id": []}], None])
def test_a_strange_answer_of_a_plugin_is_no_parcel(answer):
    assert ParcelSearch(Answers(shipments=answer, notes=answer)).complete_order(order_body()).shipments is None


@pytest.mark.parametrize("namespace", ["wc-shipment-tracking/v3", "wc-ast/v3"])
def test_the_link_of_a_plugins_own_carrier_is_asked_of_that_plugin(namespace):
    with open_connected(shipment_tracking=namespace) as shop:
        order = shop.shop.place_order()
        shop.shop.add_tracking(order, "EE000000000MX", "correos-mexico")
        (parcel,) = shop.adapter.get_order(shop.store, str(order.id)).shipments or ()
        assert parcel.tracking_url == "https://tracking.example.com/correos-mexico?n=EE000000000MX"
        assert parcel.shipped_at is not None and parcel.status == "in_transit"


def test_no_plugin_is_asked_for_the_link_of_a_carrier_we_know_or_of_a_typed_one(shop):
    order = shop.shop.place_order()
    shop.shop.add_tracking(order, NUMBER, "servientrega")
    shop.shop.add_tracking(order, "XY-12345", custom="Mi Primo SAS")
    parcels = shop.adapter.get_order(shop.store, str(order.id)).shipments or ()
    assert [parcel.tracking_url != "" for parcel in parcels] == [True, False]
    assert shop.asked == [f"GET wc/v3/orders/{order.id}"]


def test_core_fulfillments_and_a_tracking_plugin_together_are_all_told_each_parcel_once():
    with open_connected(fulfillments=True) as shop:
        order = shop.shop.place_order()
        shop.shop.fulfill(order, "1Z0000000000000001", "ups")
        shop.shop.add_tracking(order, "1Z 0000 0000 0000 0001", "ups")
        shop.shop.add_tracking(order, NUMBER, "servientrega")
        parcels = shop.adapter.get_order(shop.store, str(order.id)).shipments or ()
        assert [parcel.tracking_number for parcel in parcels] == ["1Z0000000000000001", NUMBER]
        assert parcels[0].external_id.startswith("fulfillment:")


# Typing one


def sent(number: str = NUMBER, **changes: Any) -> Shipment:
    values = {"status": ShipmentStatus.in_transit, "tracking_number": number, "carrier": "Servientrega"}
    return Shipment(**values | changes)


def test_a_typed_parcel_stands_in_the_list_all_plugins_read_and_no_status_changes(shop):
    order = shop.shop.place_order()
    kept = shop.adapter.add_shipment(shop.store, str(order.id), sent())
    (item,) = order.read_meta("_wc_shipment_tracking_items")
    assert item["custom_tracking_provider"] == "Servientrega" and item["tracking_provider"] == ""
    assert item["custom_tracking_link"].endswith(f"Guia={NUMBER}")
    assert item["date_shipped"] == str(int(shop.bench.clock.now().timestamp()))
    assert len(item["tracking_id"]) == 32 and kept.external_id == item["tracking_id"]
    assert order.status == "processing"
    assert shop.adapter.get_order(shop.store, str(order.id)).shipments == (kept,)
    assert [mail.mail_id for mail in shop.shop.mails.sent].count("customer_completed_order") == 0


def test_a_second_parcel_is_added_and_the_first_stays_as_it_was(shop):
    order = shop.shop.place_order()
    shop.shop.add_tracking(order, "EE000000000MX", "correos-mexico")
    (before,) = order.read_meta("_wc_shipment_tracking_items")
    shop.adapter.add_shipment(shop.store, str(order.id), sent())
    first, second = order.read_meta("_wc_shipment_tracking_items")
    assert first == before and second["tracking_number"] == NUMBER


def test_the_same_number_again_is_no_second_entry_however_it_is_written(shop):
    order = shop.shop.place_order()
    first = shop.adapter.add_shipment(shop.store, str(order.id), sent("AB 12-345"))
    serial = order.serial
    assert shop.adapter.add_shipment(shop.store, str(order.id), sent("ab12345")) == first
    assert order.serial == serial
    assert len(order.read_meta("_wc_shipment_tracking_items")) == 1


def test_the_lines_inside_a_parcel_are_written_as_ast_reads_them(shop):
    order = shop.shop.place_order(lines=((10, 2), (11, 1)))
    line = order.lines[0]
    kept = shop.adapter.add_shipment(shop.store, str(order.id), sent(items=((str(line.id), 1), ("999", 1))))
    assert kept.items == ((str(line.id), 1),)
    (item,) = order.read_meta("_wc_shipment_tracking_items")
    assert item["products_list"] == [{"product": 10, "item_id": line.id, "qty": 1}]


def test_a_link_that_is_no_web_address_is_not_written(shop):
    order = shop.shop.place_order()
    shop.adapter.add_shipment(shop.store, str(order.id), sent(carrier="Mi Primo", tracking_url="javascript:alert(1)"))
    assert order.read_meta("_wc_shipment_tracking_items")[0]["custom_tracking_link"] == ""


@pytest.mark.parametrize("number", ["", "  ", "---"])
def test_a_parcel_without_a_number_is_refused(shop, number):
    order = shop.shop.place_order()
    with pytest.raises(PlatformRefused):
        shop.adapter.add_shipment(shop.store, str(order.id), sent(number, external_id="x"))
    assert shop.asked == []


def test_a_list_we_cannot_read_is_not_written_over(shop):
    order = shop.shop.place_order()
    shop.shop.set_meta(order, "_wc_shipment_tracking_items", "a:1:{i:0;s:1:\"x\";}")
    with pytest.raises(PlatformRefused):
        shop.adapter.add_shipment(shop.store, str(order.id), sent())
    assert order.read_meta("_wc_shipment_tracking_items").startswith("a:1:")


def test_an_order_in_the_bin_is_left_there(shop):
    order = shop.shop.place_order()
    shop.shop.trash(order)
    with pytest.raises(NotFound):
        shop.adapter.add_shipment(shop.store, str(order.id), sent())
    assert order.status == "trash" and order.read_meta("_wc_shipment_tracking_items") is None
