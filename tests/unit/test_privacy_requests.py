"""Export, erasure and retention of what really happened: orders, parcels, mails, conversations, deliveries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from plugin.app import House, build_house
from plugin.care import ConversationRow, MessageRow, VisitorRow
from plugin.care.threads import Said, add_message, start_conversation
from plugin.contract import (
    CustomerDataRequested,
    CustomerErasureRequested,
    Event,
    Form,
    InstallReport,
    OrderStatus,
    PaymentStatus,
    ShipmentStatus,
    Store,
    StoreAccess,
    StoreAdapter,
    StoreErasureRequested,
    Surface,
    TrackingEvent,
    Urls,
    WebhookDelivery,
    WebRequest,
)
from plugin.database import ALL
from plugin.notices import LedgerRow, Suppression, decide_order, read_ledger, suppress
from plugin.orders import OrderRow, Receipt, apply_order, find_order, keep, view_order
from plugin.orders.shipments import list_wishes, make_typed, wish_shipment
from plugin.privacy import erase_customer, export_customer, list_requests, retain
from plugin.stores import StoreRow, get_store, list_stores
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_order, make_settings, make_shipment, make_store
from plugin.work import Claimed, claim
from plugin.work.models import Job

EMAIL = "alma@example.com"


class Privacy(StoreAdapter):
    """A platform whose deliveries name an event and its fields."""

    name = "privacy"
    label = "Privacy"
    kinds = {"copy": CustomerDataRequested, "erase": CustomerErasureRequested, "store": StoreErasureRequested}  # noqa: RUF012

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Form:
        return Form(fields=())

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        raise NotImplementedError

    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        return InstallReport()

    def surfaces(self, store: Store) -> tuple[Surface, ...]:
        return ()

    def parse_webhook(self, delivery: WebhookDelivery) -> list[Event]:
        return [self.kinds[delivery.topic](**json.loads(delivery.body))]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    settings = make_settings(database_url, adapters=f"privacy={__name__}:Privacy")
    opened = build_house(settings, FrozenClock(MOMENT))
    yield opened
    opened.db.close()


def run_jobs(house: House) -> int:
    done = 0
    while True:
        with house.db.transaction(ALL, "claim what is due") as tx:
            jobs = claim(tx, house.doors.clock.now(), 10)
        if not jobs:
            return done
        for job in jobs:
            house.engine.run(job)
            done += 1


def tell(house: House, store: StoreRow, topic: str, **fields: str) -> None:
    """A genuine webhook of the platform."""
    with house.db.transaction(store.id) as tx:
        body = json.dumps(fields).encode()
        keep(tx, store.id, WebhookDelivery(topic=topic, headers={}, body=body), house.doors.clock.now())


def deliver(house: House, store: StoreRow, body: bytes, **values: Any) -> int:
    """A delivery that was kept, and applied unless `outcome` says otherwise."""
    given = {"outcome": "applied", "applied_at": MOMENT} | values
    with house.db.transaction(store.id) as tx:
        receipt = Receipt(store_id=store.id, topic="order", delivery=body, received_at=MOMENT, **given)
        tx.add(receipt)
        tx.flush()
        return receipt.id


def order(house: House, store: StoreRow, **values: Any) -> OrderRow:
    event = TrackingEvent(status=ShipmentStatus.in_transit, raw_status="x", occurred_at=MOMENT, message="Para Alma")
    given = {
        "status": OrderStatus.processing, "payment_status": PaymentStatus.paid, "customer_id": "c7",
        "shipments": (make_shipment(events=(event,)),),
    }  # fmt: skip
    made = make_order(**{**given, **values})
    with house.db.transaction(store.id) as tx:
        apply_order(tx, get_store(tx, store.id), made, MOMENT)
        row = find_order(tx, store.id, made.external_id)
    assert row is not None
    return row


def talk(house: House, store: StoreRow, *texts: str, order_id: int | None = None) -> int:
    """A conversation; gives its id."""
    with house.db.transaction(store.id) as tx:
        visitor = VisitorRow(
            store_id=store.id, token_hash=f"hash of {texts} {order_id}", created_at=MOMENT, last_seen_at=MOMENT,
            expires_at=MOMENT + timedelta(days=30),
        )  # fmt: skip
        tx.add(visitor)
        tx.flush()
        conversation = start_conversation(tx, store.id, visitor.id, "es", MOMENT)
        conversation.order_id = order_id
        for text in texts:
            add_message(tx, house.doors.hub, conversation, Said("shopper", text), MOMENT)
        return conversation.id


def texts_of(house: House, store: StoreRow) -> list[str]:
    with house.db.reading(store.id) as tx:
        said = select(MessageRow).where(MessageRow.store_id == store.id).order_by(MessageRow.id)
        return [row.text for row in tx.scalars(said)]


def count(house: House, table: Any) -> int:
    with house.db.reading(ALL, "count rows") as tx:
        return tx.scalar(select(func.count()).select_from(table)) or 0


def test_a_copy_holds_everything_of_theirs_and_nothing_of_others(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    mine = order(house, store)
    order(house, store, external_id="2", number="2", email="other@example.com", customer_name="Otra", customer_id="c8")
    talk(house, store, "¿Dónde está mi pedido?", order_id=mine.id)
    talk(house, store, "Soy ALMA@example.com, llámenme", "nada")
    deliver(house, store, b'{"email": "alma@example.com"}')
    copy = export_customer(house.db, store.id, " Alma@Example.com ")
    json.dumps(copy)
    assert copy["addresses"] == [EMAIL] and copy["deliveries"] == 1 and copy["mails_stopped"] is False
    [told] = copy["orders"]
    assert (told["number"], told["customer_name"], told["email"]) == ("1001", "Alma Ruiz", EMAIL)
    assert told["parcels"][0]["tracking_number"] == "ES123" and told["story"]
    assert [one["text"] for one in copy["conversations"][0]["messages"]] == ["¿Dónde está mi pedido?"]
    assert [one["text"] for one in copy["mentions"]] == ["Soy ALMA@example.com, llámenme"]
    assert "Otra" not in json.dumps(copy, ensure_ascii=False)


def test_somebody_must_be_named(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    for forget in (erase_customer, export_customer):
        with pytest.raises(ValueError, match="Name the customer"):
            forget(house.db, store.id, "  ")


def test_conversations_that_were_proven_go_and_elsewhere_the_address_is_masked(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    mine = order(house, store)
    talk(house, store, "mi pedido", order_id=mine.id)
    talk(house, store, "escriban a Alma@Example.com o alma@example.com", "hola")
    counts = erase_customer(house.db, store.id, EMAIL)
    assert (counts["conversations"], counts["mentions"]) == (1, 1)
    assert texts_of(house, store) == ["escriban a ••• o •••", "hola"]
    assert (count(house, VisitorRow), count(house, ConversationRow)) == (1, 1)


def test_another_customer_s_order_and_conversation_stay_untouched(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    order(house, store)
    other = order(house, store, external_id="2", number="2", email="other@example.com", customer_id="c8")
    talk(house, store, "soy otra", order_id=other.id)
    erase_customer(house.db, store.id, EMAIL, "c7")
    with house.db.reading(store.id) as tx:
        row = find_order(tx, store.id, "2")
        assert row is not None
        view = view_order(tx, row)
    assert view.order.email == "other@example.com" and view.parcels[0].shipment.tracking_number == "ES123"
    assert texts_of(house, store) == ["soy otra"]


def test_a_typed_parcel_that_is_not_written_down_yet_goes_with_its_customer(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    mine = order(house, store)
    other = order(house, store, external_id="2", number="2", email="other@example.com", customer_id="c8")
    with house.db.transaction(store.id) as tx:
        for row in (mine, other):
            wish_shipment(tx, row, make_typed("Servientrega", "CO1234567", "", MOMENT), MOMENT)
    erase_customer(house.db, store.id, EMAIL, "c7")
    with house.db.reading(store.id) as tx:
        assert [wish.order for wish in list_wishes(tx, store.id)] == ["2"]


def test_bodies_that_name_the_customer_are_emptied_however_they_are_written(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    order(house, store)
    deliver(house, store, b"{}", order_external_id="1001")
    deliver(house, store, b'{"billing": {"email": "ALMA@Example.com"}}', outcome="buried", words="what is alma")
    waiting = deliver(house, store, b'{"email": "alma@example.com"}', outcome=None, applied_at=None)
    kept = deliver(house, store, b'{"email": "palma@example.org"}', order_external_id="2")
    erase_customer(house.db, store.id, EMAIL, now=MOMENT)
    with house.db.reading(store.id) as tx:
        rows = {row.id: row for row in tx.scalars(select(Receipt).where(Receipt.store_id == store.id))}
    assert [row.id for row in rows.values() if row.delivery is not None] == [kept]
    assert (rows[waiting].outcome, rows[waiting].applied_at) == ("ignored", MOMENT)
    assert [row.words for row in rows.values()] == [None] * 4


def test_a_letter_outside_ascii_is_found_in_json_too(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    deliver(house, store, json.dumps({"email": "nuñez@example.com"}).encode())
    assert erase_customer(house.db, store.id, "Nuñez@example.com")["receipts"] == 1


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ALMA@example.com", "•••"),
        ("<alma@example.com>, mailto:alma@example.com?x", "<•••>, mailto:•••?x"),
        ("https://shop.example/?e=alma%40example.com&x", "https://shop.example/?e=•••&x"),
        ("escriban a alma@example.com.", "escriban a •••."),
        ("palma@example.com", "palma@example.com"),
        ("la.alma@example.com", "la.alma@example.com"),
        ("alma@example.com.co", "alma@example.com.co"),
        ("alma@example.community", "alma@example.community"),
    ],
)
def test_only_the_whole_address_is_masked(house: House, text: str, left: str) -> None:
    store = make_store(house.db, platform="privacy")
    talk(house, store, text)
    body = deliver(house, store, json.dumps({"note": f"a\n{text}"}).encode())
    erase_customer(house.db, store.id, EMAIL)
    assert texts_of(house, store) == [left]
    with house.db.reading(store.id) as tx:
        kept = tx.scalar(select(Receipt.delivery).where(Receipt.store_id == store.id, Receipt.id == body))
    assert (kept is None) is ("•••" in left)


def test_who_is_forgotten_is_not_written_to_again(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    row = order(house, store)
    erase_customer(house.db, store.id, EMAIL)
    job = Claimed(0, "notices.decide", store.id, {"order": row.id}, 1, MOMENT)
    decide_order(house.db, house.doors.clock, job)
    with house.db.reading(store.id) as tx:
        found = find_order(tx, store.id, "1001")
        assert found is not None
        lines = read_ledger(tx, found)
    assert {line.reason for line in lines} == {"no_address"}


def test_a_suppression_outlives_its_customer_as_an_index(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    row = order(house, store)
    with house.db.transaction(store.id) as tx:
        suppress(tx, store.id, row.email_index, MOMENT)
    assert export_customer(house.db, store.id, EMAIL)["mails_stopped"] is True
    erase_customer(house.db, store.id, EMAIL)
    with house.db.reading(store.id) as tx:
        [left] = tx.scalars(select(Suppression).where(Suppression.store_id == store.id))
    assert left.email_index == row.email_index and EMAIL not in left.email_index


def test_the_platform_s_wish_to_forget_is_done_as_a_job_that_names_nobody(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    order(house, store)
    run_jobs(house)
    tell(house, store, "erase", customer_id="c7", email=EMAIL)
    with house.db.transaction(ALL, "the receipt's job") as tx:
        [first] = claim(tx, MOMENT, 1)
    house.engine.run(first)
    with house.db.reading(ALL, "the promise") as tx:
        [job] = tx.scalars(select(Job).where(Job.kind == "privacy.erase_customer"))
    assert set(job.payload) == {"sealed"} and not {EMAIL, "c7"} & set(job.payload["sealed"].split('"'))
    assert "example" not in job.payload["sealed"]
    run_jobs(house)
    with house.db.reading(store.id) as tx:
        found = find_order(tx, store.id, "1001")
        assert found is not None and view_order(tx, found).order.email == ""
        [asked] = list_requests(tx, store.id)
        bodies = list(tx.scalars(select(Receipt.delivery).where(Receipt.store_id == store.id)))
    assert (asked.kind, asked.copy, asked.counts["orders"], asked.done_at) == ("erasure", None, 1, MOMENT)
    assert bodies == [None]


def test_the_platform_s_wish_for_a_copy_leaves_one_for_the_merchant(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    order(house, store)
    tell(house, store, "copy", customer_id="c7")
    run_jobs(house)
    with house.db.reading(store.id) as tx:
        [asked] = list_requests(tx, store.id)
    assert asked.kind == "copy" and asked.copy is not None
    assert json.loads(asked.copy)["orders"][0]["email"] == EMAIL
    # And a later erasure takes the copy too.
    tell(house, store, "copy", customer_id="", email=EMAIL)
    tell(house, store, "erase", customer_id="", email=EMAIL)
    run_jobs(house)
    with house.db.reading(store.id) as tx:
        kinds = [(one.kind, one.copy is None) for one in list_requests(tx, store.id)]
    assert kinds[:2] == [("erasure", True), ("copy", True)]


def test_the_platform_s_wish_to_forget_the_store_takes_it_all(house: House) -> None:
    store, other = make_store(house.db, platform="privacy"), make_store(house.db, domain="other.example")
    order(house, store)
    order(house, other)
    tell(house, store, "store")
    run_jobs(house)
    with house.db.reading(ALL, "who is left") as tx:
        assert [row.id for row in list_stores(tx)] == [other.id]
        assert list(tx.scalars(select(OrderRow.store_id))) == [other.id]
        assert list(tx.scalars(select(Job.id).where(Job.store == store.id))) == []


def test_a_wish_that_names_nobody_is_ignored(house: House) -> None:
    store = make_store(house.db, platform="privacy")
    tell(house, store, "erase", customer_id="", email=" ")
    assert run_jobs(house) == 1
    with house.db.reading(store.id) as tx:
        assert [row.outcome for row in tx.scalars(select(Receipt).where(Receipt.store_id == store.id))] == ["ignored"]


def test_time_takes_mails_talk_and_persons_each_in_its_turn(house: House) -> None:
    store, clock = make_store(house.db, platform="privacy"), house.doors.clock
    assert isinstance(clock, FrozenClock)
    row = order(house, store)
    talk(house, store, "hola")
    with house.db.transaction(store.id) as tx:
        tx.add(
            LedgerRow(store_id=store.id, order_id=row.id, notice="shipped", about="", reason="sent", decided_at=MOMENT,
                      sent_at=MOMENT, mail="Hola, Alma")
        )  # fmt: skip
        tx.add(VisitorRow(store_id=store.id, token_hash="lone", created_at=MOMENT, last_seen_at=MOMENT,
                          expires_at=MOMENT + timedelta(days=30)))  # fmt: skip
        tx.execute(update(Job).where(Job.store == store.id).values(buried_at=MOMENT))
    found = []
    for days in (29, 31, 91, 181, 366, 731):
        clock.move_to(MOMENT + timedelta(days=days))
        found.append(retain(house.db, clock))
        assert retain(house.db, clock) == {}
    assert found == [{}, {"visitors": 1}, {"jobs": 1}, {"mails": 1}, {"conversations": 1}, {"orders": 1}]
    assert (count(house, VisitorRow), count(house, MessageRow), count(house, OrderRow)) == (0, 0, 1)
    assert export_customer(house.db, store.id, EMAIL)["orders"] == []
