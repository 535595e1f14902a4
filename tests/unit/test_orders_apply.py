"""Deliveries become state: kept once, newer wins, any permutation ends the same."""

import itertools
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from plugin.contract import (
    Event,
    Ignored,
    Order,
    OrderChanged,
    OrderGone,
    OrderStatus,
    PayloadUnreadable,
    PaymentStatus,
    Refetch,
    ShipmentChanged,
    ShipmentStatus,
    WebhookDelivery,
)
from plugin.database import ALL, Database
from plugin.orders import (
    apply_receipt,
    count_receipts,
    find_order,
    forget_old_receipts,
    keep,
    list_buried,
    refetch_order,
    replay_buried_receipts,
    view_order,
)
from plugin.orders.state import order_version
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_database, make_order, make_refund, make_shipment, make_store
from plugin.work import claim, finish

SECOND = timedelta(seconds=1)


class ScriptedAdapter:
    """Means what the test says a body means."""

    def __init__(self) -> None:
        self.meanings: dict[bytes, list[Event] | Exception] = {}

    def parse_webhook(self, delivery: WebhookDelivery) -> list[Event]:
        meaning = self.meanings[delivery.body]
        if isinstance(meaning, Exception):
            raise meaning
        return meaning


class Room:
    """The orders room with one store, driven job by job."""

    def __init__(self, db: Database) -> None:
        self.db, self.clock, self.adapter = db, FrozenClock(MOMENT), ScriptedAdapter()
        self.store = make_store(db)

    def get(self, _name: str) -> ScriptedAdapter:
        return self.adapter

    def deliver(self, *events: Event | Exception) -> None:
        body = str(len(self.adapter.meanings)).encode()
        meaning = events[0] if isinstance(events[0], Exception) else list(events)
        self.adapter.meanings[body] = meaning
        with self.db.transaction(self.store.id) as tx:
            keep(
                tx, self.store.id, WebhookDelivery(topic="t", headers={"a": "b"}, body=body), self.clock.now()
            )

    def work(self) -> list[str]:
        kinds = []
        with self.db.transaction(ALL, "test") as tx:
            jobs = claim(tx, self.clock.now(), 100)
        for job in jobs:
            kinds.append(job.kind)
            if job.kind == "orders.apply":
                apply_receipt(self.db, self, self.clock, job)
            elif job.kind == "orders.refetch":
                refetch_order(self.db, self, self.clock, job)
            with self.db.transaction(ALL, "test") as tx:
                finish(tx, job)
        return kinds + (self.work() if jobs else [])

    def counts(self) -> dict[str, int]:
        with self.db.reading(self.store.id) as tx:
            return count_receipts(tx, self.store.id)

    def view(self, external_id: str = "1001"):
        with self.db.reading(self.store.id) as tx:
            row = find_order(tx, self.store.id, external_id)
            return view_order(tx, row) if row else None


@pytest.fixture
def room(database_url: str):
    db = make_database(database_url)
    yield Room(db)
    db.close()


def changed(order: Order) -> OrderChanged:
    return OrderChanged(order=order)


def at(seconds: int, **values) -> Order:
    return make_order(modified_at=MOMENT + SECOND * seconds, **values)


def test_newer_wins_and_each_arrival_has_one_outcome(room: Room) -> None:
    placed, paid = at(0), at(5, status=OrderStatus.processing, payment_status=PaymentStatus.paid)
    for order in (placed, paid, placed, paid):
        room.deliver(changed(order))
    room.deliver(Ignored(topic="product.updated", reason="not an order"))
    room.work()
    assert room.counts() == {"applied": 2, "stale": 1, "repeated": 1, "ignored": 1}
    assert room.view().order == paid


def test_any_permutation_of_the_same_deliveries_ends_the_same(room: Room) -> None:
    parcels = (
        make_shipment(external_id="p1", tracking_number=""),
        make_shipment(external_id="p1", tracking_number="N 1"),
    )
    story = [
        at(0),
        at(2, status=OrderStatus.processing),
        at(2, status=OrderStatus.processing, customer_name="Alma R."),
        at(4, status=OrderStatus.processing, shipments=(parcels[0],)),
        at(
            6,
            status=OrderStatus.processing,
            shipments=(parcels[1], make_shipment(external_id="p2", tracking_number="N2")),
        ),
        at(8, status=OrderStatus.completed),
        at(8, status=OrderStatus.completed, refunds=(make_refund(),)),
    ]
    ends = set()
    for seed in range(12):
        arrivals = [replace(order, external_id=str(seed)) for order in story for _ in range(2)]
        random.Random(seed).shuffle(arrivals)
        for order in arrivals:
            room.deliver(changed(order))
        room.work()
        view = room.view(str(seed))
        assert view is not None
        ends.add(
            str(
                (
                    replace(view.order, external_id=""),
                    view.parcels,
                    [(e.kind, e.about, e.value, e.at) for e in view.timeline],
                )
            )
        )
    assert len(ends) == 1, "\n".join(ends)


def test_equal_times_with_different_facts_ask_the_platform_once(room: Room) -> None:
    room.deliver(changed(at(0)))
    room.deliver(changed(at(0, customer_name="Somebody Else")))
    room.deliver(changed(at(0, customer_name="A Third")))
    kinds = room.work()
    assert kinds.count("orders.refetch") == 1
    assert kinds.count("notices.decide") == 0


def test_versions_sort_by_time_then_status_then_refunds() -> None:
    ordered = [
        at(0),
        at(1, status=OrderStatus.draft),
        at(1),
        at(1, status=OrderStatus.processing),
        at(1, status=OrderStatus.completed),
        at(1, status=OrderStatus.completed, refunds=(make_refund("1"),)),
        at(1, status=OrderStatus.completed, refunds=(make_refund("1"), make_refund("2"))),
        at(1, status=OrderStatus.refunded),
        at(2),
    ]
    for older, newer in itertools.pairwise(ordered):
        assert order_version(older) < order_version(newer)


def test_a_body_without_state_changes_nothing_and_a_store_without_access_rests(room: Room) -> None:
    room.deliver(changed(at(0)))
    room.deliver(Refetch(order_external_id="1001", reason="deleted"))
    room.deliver(Refetch(order_external_id="1001", reason="deleted"))
    room.work()
    assert room.counts() == {"applied": 1, "refetch": 2}
    assert room.view().order == at(0)
    assert room.view().row.refetch == "no access: deleted"
    with room.db.reading(ALL, "test") as tx:
        from plugin.work import count_due

        assert count_due(tx, room.clock.now()) == 0


def test_drafts_leave_no_order_and_keep_no_body(room: Room) -> None:
    room.deliver(changed(at(0, status=OrderStatus.draft, email="typed@example.com")))
    room.work()
    assert room.counts() == {"ignored": 1}
    assert room.view() is None
    with room.db.reading(room.store.id) as tx:
        from sqlalchemy import select

        from plugin.orders import Receipt

        assert tx.scalars(select(Receipt).where(Receipt.store_id == room.store.id)).one().delivery is None


def test_what_cannot_be_read_is_buried_with_its_words_and_can_be_played_again(room: Room) -> None:
    room.deliver(PayloadUnreadable("The order has no date."))
    room.work()
    assert room.counts() == {"buried": 1}
    with room.db.reading(room.store.id) as tx:
        assert [receipt.words for receipt in list_buried(tx, room.store.id)] == ["The order has no date."]
    room.adapter.meanings[b"0"] = [changed(at(0))]
    with room.db.transaction(room.store.id) as tx:
        assert replay_buried_receipts(tx, room.store.id, room.clock) == 1
    room.work()
    assert room.counts() == {"applied": 1}


def test_parcels_keep_their_first_key_and_know_their_later_names(room: Room) -> None:
    room.deliver(changed(at(0, shipments=(make_shipment(external_id="", tracking_number="es 123"),))))
    room.work()
    (first,) = room.view().parcels
    room.deliver(changed(at(1, shipments=(make_shipment(external_id="f9", tracking_number="ES123"),))))
    room.work()
    room.deliver(changed(at(2, shipments=(make_shipment(external_id="f9", tracking_number="ES999"),))))
    room.work()
    (parcel,) = room.view().parcels
    assert parcel.key == first.key
    assert parcel.shipment.tracking_number == "ES999"


def test_a_snapshot_that_says_nothing_of_parcels_takes_none_away_and_one_that_lists_none_does(
    room: Room,
) -> None:
    room.deliver(changed(at(0, shipments=(make_shipment(),))))
    room.deliver(changed(at(1, shipments=None)))
    room.work()
    assert len(room.view().parcels) == 1
    room.deliver(changed(at(2, shipments=())))
    room.work()
    assert room.view().parcels == ()
    room.deliver(changed(at(3, shipments=(make_shipment(),))))
    room.work()
    assert [parcel.key for parcel in room.view().parcels] == ["p1"]


def test_news_about_one_parcel_are_applied_by_their_own_time(room: Room) -> None:
    room.deliver(changed(at(0, shipments=(make_shipment(),))))
    late = make_shipment(status=ShipmentStatus.delivered)
    room.deliver(ShipmentChanged(order_external_id="1001", shipment=late, modified_at=MOMENT + SECOND * 9))
    early = make_shipment(status=ShipmentStatus.out_for_delivery)
    room.deliver(ShipmentChanged(order_external_id="1001", shipment=early, modified_at=MOMENT + SECOND * 5))
    room.work()
    assert room.counts() == {"applied": 2, "stale": 1}
    assert room.view().parcels[0].shipment.status is ShipmentStatus.delivered
    assert {"delivered", "out_for_delivery"} <= {entry.value for entry in room.view().timeline}


def test_an_order_gone_is_kept_and_one_that_comes_back_lives(room: Room) -> None:
    room.deliver(changed(at(0)))
    room.deliver(OrderGone(order_external_id="1001", gone_at=MOMENT + SECOND))
    room.work()
    assert room.view().row.gone_at == MOMENT + SECOND
    room.deliver(changed(at(2)))
    room.work()
    assert room.view().row.gone_at is None


@pytest.mark.parametrize(
    ("order", "locale"),
    [
        (make_order(locale="pt-BR", country="ES"), "pt_BR"),
        (make_order(country="CO"), "es_CO"),
        (make_order(country="PT"), "pt_PT"),
        (make_order(country="US"), "es"),
        (make_order(country=""), "es"),
    ],
)
def test_the_language_is_fixed_at_first_sight(room: Room, order: Order, locale: str) -> None:
    room.deliver(changed(order))
    room.deliver(changed(replace(order, locale="en", country="GB", modified_at=MOMENT + SECOND)))
    room.work()
    assert room.view().row.locale == locale


def test_receipts_are_forgotten_after_their_time_and_unapplied_ones_never(room: Room) -> None:
    room.deliver(changed(at(0)))
    room.deliver(PayloadUnreadable("x"))
    room.work()
    room.deliver(changed(at(1)))
    room.clock.advance(timedelta(days=31))
    assert forget_old_receipts(room.db, room.clock) == 1
    room.clock.advance(timedelta(days=60))
    assert forget_old_receipts(room.db, room.clock) == 1
    assert room.counts() == {"unapplied": 1}
