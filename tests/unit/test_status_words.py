"""The shop's own statuses: guessed from words, confirmed by the merchant, and only then told to shoppers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from memory_shop import Room

from plugin.care import show_order
from plugin.contract import (
    Meaning,
    Notice,
    Order,
    OrderChanged,
    OrderStatus,
    PaymentStatus,
    ShipmentStatus,
    StatusWord,
)
from plugin.notices.ledger import read_ledger
from plugin.stores.models import StatusWordRow
from plugin.stores.status_words import (
    confirm_meaning,
    guess_meaning,
    learn_statuses,
    list_status_words,
    read_meanings,
    translate,
)
from plugin.testing.factories import MOMENT, make_order

GUESSES = {
    Meaning.shipped: (
        "Despachado", "DESPACHADO", "Pedido despachado", "Enviado", "Enviada", "En camino", "En ruta", "En tránsito",
        "Enviado por Servientrega", "Entregado a la transportadora", "Entregue à transportadora", "Shipped",
        "Dispatched", "In transit", "On its way", "A caminho", "Em trânsito", "Postado", "Despachado sin novedad",
    ),
    Meaning.out_for_delivery: ("En reparto", "Out for delivery", "Saiu para entrega", "En ruta de entrega"),
    Meaning.ready_for_pickup: (
        "Listo para recoger", "Listo para retirar", "Ready for pickup", "Ready to pick up", "Pronto para retirada",
        "Disponible para retiro en tienda", "Disponível para retirada",
    ),
    Meaning.delivered: ("Entregado", "ENTREGADO ✅", "Entregada", "Delivered", "Entregue"),
    Meaning.attempted: (
        "Novedad", "Intento de entrega", "Novedad en la entrega", "Delivery attempt", "Tentativa de entrega",
    ),
    Meaning.returned: ("Devuelto", "Devolvido", "Returned", "Devuelto al remitente"),
    Meaning.cancelled: ("Anulado", "Cancelado", "Cancelled", "Canceled", "Pedido anulado"),
    Meaning.awaiting_payment: (
        "Pago pendiente", "Pendiente de pago", "Aguardando pagamento", "Awaiting payment", "En espera de pago",
    ),
    Meaning.preparing: (
        "En preparación", "Alistando", "Empacado", "Em separação", "Packed", "Por despachar", "Pendiente de envío",
        "Listo para enviar", "Aguardando envio", "Awaiting shipment", "Ready to ship", "Sin despachar",
    ),
    Meaning.on_hold: ("En espera", "Em espera", "On hold"),
    None: (
        "Parcialmente enviado", "Partially shipped", "Envío parcial", "No entregado", "Não entregue", "Sin entregar",
        "Not delivered", "Undelivered", "Pedido no enviado aún", "Pendiente por entregar", "Factura enviada",
        "Link de pago enviado", "Devolución solicitada", "Casi entregado", "Revisión", "Contraentrega", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "meaning"), [(name, meaning) for meaning, names in GUESSES.items() for name in names]
)
def test_a_meaning_is_read_from_the_words_and_never_called_more_than_it_is(name: str, meaning: Meaning | None) -> None:
    assert guess_meaning(name, "custom") == meaning


@pytest.mark.parametrize(
    ("name", "slug", "meaning"),
    [
        ("Fase 3", "despachado", Meaning.shipped),
        ("Fase 3", "no-entregado", None),
        ("Enviado", "parcialmente-envi", None),
        ("Parcialmente enviado", "enviado", None),
        ("Anulado", "no-enviado", Meaning.cancelled),
    ],
)
def test_the_platforms_word_is_asked_where_the_name_says_nothing_and_heeded_where_it_denies(
    name: str, slug: str, meaning: Meaning | None
) -> None:
    assert guess_meaning(name, slug) == meaning


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    made = Room(database_url)
    yield made
    made.db.close()


def words(room: Room) -> dict[str, StatusWordRow]:
    with room.db.reading(room.store_id) as tx:
        return {row.raw_status: row for row in list_status_words(tx, room.store_id)}


def confirm(room: Room, raw_status: str, meaning: Meaning | None) -> None:
    with room.db.transaction(room.store_id) as tx:
        row = next(one for one in list_status_words(tx, room.store_id) if one.raw_status == raw_status)
        confirm_meaning(row, meaning, room.clock.now())


def own(raw_status: str = "despachado", **values: object) -> Order:
    given = {"payment_status": PaymentStatus.paid, "paid_at": MOMENT} | values
    return make_order(status=OrderStatus.unknown, raw_status=raw_status, **given)


def reasons(room: Room) -> dict[str, str]:
    with room.db.reading(room.store_id) as tx:
        return {line.notice: line.reason for line in read_ledger(tx, room.row())}


def test_what_the_merchant_confirmed_stays_when_the_statuses_are_read_again(room: Room) -> None:
    named = [
        StatusWord(raw_status="processing", name="Procesando", known=True),
        StatusWord(raw_status="despachado", name="Despachado"),
        StatusWord(raw_status="fase-3", name="Fase 3"),
    ]
    for _ in range(2):
        with room.db.transaction(room.store_id) as tx:
            learn_statuses(tx, room.store_id, named)
    found = words(room)
    assert {(raw, row.known, row.guess, row.meaning) for raw, row in found.items()} == {
        ("processing", True, None, None), ("despachado", False, "shipped", None), ("fase-3", False, None, None),
    }  # fmt: skip
    confirm(room, "fase-3", Meaning.delivered)
    with room.db.transaction(room.store_id) as tx:
        learn_statuses(tx, room.store_id, [StatusWord(raw_status="despachado", name="Ya salió")])
    found = words(room)
    assert found["fase-3"].meaning == "delivered" and found["fase-3"].confirmed_at == MOMENT
    assert found["despachado"].name == "Ya salió" and len(found) == 3
    with room.db.reading(room.store_id) as tx:
        assert read_meanings(tx, room.store_id) == {"fase-3": Meaning.delivered}


def test_a_status_without_a_meaning_sends_nothing_and_is_listed(room: Room) -> None:
    room.deliver(OrderChanged(order=own("en-alistamiento")))
    room.clock.advance(60)
    room.run()
    row = words(room)["en-alistamiento"]
    assert (row.name, row.guess, row.meaning) == ("En alistamiento", "preparing", None)
    assert reasons(room) == {}


def test_once_it_is_confirmed_the_orders_that_stand_in_it_are_told_and_shown(room: Room) -> None:
    room.deliver(OrderChanged(order=own()))
    room.clock.advance(60)
    room.run()
    confirm(room, "despachado", Meaning.shipped)
    room.run()
    room.clock.advance(60)
    room.run()
    assert reasons(room) == {"order_received": "told_together", "payment_received": "sent", "shipped": "held"}
    shown = show_order(room.view(), "es")
    assert shown["status_label"] == "En camino"
    assert [fact["label"] for fact in shown["timeline"]][-1] == "En camino"
    confirm(room, "despachado", Meaning.nothing)
    assert show_order(room.view(), "es")["status_label"] == "En curso"


def test_old_orders_stay_silent_when_a_status_gets_its_meaning(room: Room) -> None:
    room.deliver(OrderChanged(order=own()))
    room.run()
    room.clock.advance(timedelta(days=5))
    confirm(room, "despachado", Meaning.delivered)
    room.run()
    room.clock.advance(60)
    room.run()
    assert set(reasons(room).values()) == {"too_late"}


@pytest.mark.parametrize(
    ("meaning", "status", "dispatched", "whereabouts"),
    [
        (Meaning.awaiting_payment, "pending", False, "unknown"),
        (Meaning.on_hold, "on_hold", False, "unknown"),
        (Meaning.preparing, "processing", False, "unknown"),
        (Meaning.shipped, "processing", True, "unknown"),
        (Meaning.out_for_delivery, "processing", True, "out_for_delivery"),
        (Meaning.ready_for_pickup, "processing", True, "ready_for_pickup"),
        (Meaning.attempted, "processing", True, "attempted"),
        (Meaning.delivered, "completed", True, "delivered"),
        (Meaning.returned, "processing", True, "returned"),
        (Meaning.cancelled, "cancelled", False, "unknown"),
        (Meaning.nothing, "unknown", False, "unknown"),
    ],
)
def test_every_meaning_becomes_a_state(meaning: Meaning, status: str, dispatched: bool, whereabouts: str) -> None:
    told = translate(own(), {"despachado": meaning})
    assert (told.status, told.dispatched, told.whereabouts) == (
        OrderStatus(status), dispatched, ShipmentStatus(whereabouts),
    )  # fmt: skip
    assert (Notice.shipped in told.untold) == dispatched and told.raw_status == "despachado"


def test_what_the_adapter_understands_is_never_translated() -> None:
    order = make_order(status=OrderStatus.processing, raw_status="processing")
    assert translate(order, {"processing": Meaning.cancelled}) is order
    assert translate(own("other"), {"despachado": Meaning.shipped}).status is OrderStatus.unknown


def test_stores_never_share_meanings(room: Room) -> None:
    from plugin.testing.factories import make_store

    other = make_store(room.db, domain="b.example", platform="memory")
    with room.db.transaction(other.id) as tx:
        learn_statuses(tx, other.id, [StatusWord(raw_status="despachado", name="Despachado")])
        confirm_meaning(list_status_words(tx, other.id)[0], Meaning.shipped, MOMENT)
    with room.db.reading(room.store_id) as tx:
        assert read_meanings(tx, room.store_id) == {}
