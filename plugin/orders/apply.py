"""Turns kept receipts into the state of orders, each in one transaction.

Applying is idempotent: any repetition and any permutation of the same deliveries ends in the same state.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Executable, Integer, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from plugin.agents import end_bound_sessions
from plugin.contract import (
    AccessBroken,
    Clock,
    CustomerDataRequested,
    CustomerErasureRequested,
    Event,
    Order,
    OrderChanged,
    OrderGone,
    OrderStatus,
    PayloadUnreadable,
    Refetch,
    ShipmentChanged,
    StoreChanged,
    StoreErasureRequested,
    StoreUninstalled,
    WebhookDelivery,
)
from plugin.database import Database, Prepared, Transaction
from plugin.language import locale_of_country, pick_locale
from plugin.orders.models import OrderRow, Receipt
from plugin.orders.parcels import merge_all, merge_one, record_late
from plugin.orders.state import order_version, pack, same_moment
from plugin.orders.timeline import record_order
from plugin.orders.wishes import promise_decision, wish_privacy, wish_reconcile, wish_refetch
from plugin.registry import Registry
from plugin.stores import StoreBrief, StoreRow, get_store, has_access, read_store_brief
from plugin.stores.disconnect import meet_departure
from plugin.stores.set_up import promise_set_up
from plugin.stores.status_words import note_unmapped
from plugin.stores.words import pack as pack_words
from plugin.work import Claimed, finish, put


def keep(tx: Transaction, store_id: int, delivery: WebhookDelivery, now: datetime) -> int:
    """Keeps one genuine arrival and promises to apply it. Gives the receipt's id."""
    kept: dict[str, object] = {"headers": dict(delivery.headers), "body": delivery.body}
    if delivery.claimed_domain:
        kept["shop"] = delivery.claimed_domain
    packed = msgspec.msgpack.encode(kept)
    row = {"store_id": store_id, "topic": delivery.topic[:200], "delivery": packed, "received_at": now}
    receipt_id: int = _KEEP.run(tx, row)
    put(tx, "orders.apply", {"receipt": receipt_id}, due_at=now, store=store_id)
    return receipt_id


def _insert_receipt(_dialect: str) -> Executable:
    columns = Receipt.__table__.c
    names = ("store_id", "topic", "delivery", "received_at")
    values = {name: bindparam(name, type_=columns[name].type) for name in names}
    return insert(Receipt).values(values).returning(columns.id)


_KEEP = Prepared(_insert_receipt)


def unpack_delivery(topic: str, delivery: bytes | None) -> WebhookDelivery:
    """The delivery as it arrived. Raises `PayloadUnreadable` when its body is no longer kept."""
    if delivery is None:
        raise PayloadUnreadable("The body of this delivery is no longer kept.")
    kept = msgspec.msgpack.decode(delivery)
    shop = kept.get("shop", "")
    return WebhookDelivery(topic=topic, headers=kept["headers"], body=kept["body"], claimed_domain=shop)


def apply_receipt(db: Database, registry: Registry, clock: Clock, job: Claimed) -> None:
    """The job `orders.apply`: parses outside, applies inside one transaction."""
    assert job.store is not None
    which = {"store": job.store, "receipt": job.payload["receipt"]}
    with db.plain_reading(job.store) as reading:
        arrived = next(iter(_ARRIVED.read(reading, which)), None)
    if arrived is None or arrived.outcome is not None:
        return
    events: list[Event] = []
    words: str | None = None
    try:
        delivery = unpack_delivery(arrived.topic, arrived.delivery)
        events = list(registry.get(arrived.platform).parse_webhook(delivery))
    except PayloadUnreadable as error:
        words = str(error)
    with db.transaction(job.store) as tx:
        kept = _LOCKED.read(tx, which)
        if kept and kept[0].outcome is None:
            store, now = read_store_brief(tx, job.store), clock.now()
            settled = _settle(tx, store, events, now) if words is None else _Settled("buried", words)
            tx.flush()
            write = _SETTLE_BARE if settled.outcome == "ignored" else _SETTLE
            write.run_later(tx, which | asdict(settled) | {"applied_at": now, "delivery": None})
        finish(tx, job)


@dataclass(frozen=True)
class _Settled:
    """What became of a receipt."""

    outcome: str
    words: str | None
    order_external_id: str | None = None


# Made once: putting a statement together costs as much as running it.
_RECEIPTS, _STORES = Receipt.__table__.c, StoreRow.__table__.c
_THIS = (_RECEIPTS.store_id == bindparam("store"), _RECEIPTS.id == bindparam("receipt"))
_ARRIVED = Prepared(
    lambda _: select(_RECEIPTS.topic, _RECEIPTS.delivery, _RECEIPTS.outcome, _STORES.platform).where(
        *_THIS, _STORES.id == _RECEIPTS.store_id
    )
)
_LOCKED = Prepared(lambda _: select(_RECEIPTS.outcome).where(*_THIS).with_for_update())
_ORDER_LOCKED = (
    select(OrderRow)
    .where(OrderRow.store_id == bindparam("store"), OrderRow.external_id == bindparam("order"))
    .with_for_update()
)


OUTCOMES = ("applied", "refetch", "stale", "repeated", "ignored")
"""Which outcome names a receipt whose events ended differently: the first that happened."""


def _settling(*names: str) -> Prepared:
    values = {name: bindparam(name, type_=_RECEIPTS[name].type) for name in names}
    which = (
        _RECEIPTS.store_id == bindparam("store", type_=Integer),
        _RECEIPTS.id == bindparam("receipt", type_=Integer),
    )
    return Prepared(lambda _: update(Receipt).where(*which).values(values))


_SETTLE = _settling("applied_at", "outcome", "words", "order_external_id")
_SETTLE_BARE = _settling("applied_at", "outcome", "words", "order_external_id", "delivery")
"""What changed nothing keeps no body."""


def _settle(tx: Session, store: StoreRow | StoreBrief, events: list[Event], now: datetime) -> _Settled:
    outcomes = [_apply(tx, store, event, now) for event in events] or [("ignored", None)]
    names = {name for name, _ in outcomes}
    changed = [event for event in events if isinstance(event, OrderChanged)]
    if changed:
        names = {
            name for (name, _), event in zip(outcomes, events, strict=True) if isinstance(event, OrderChanged)
        }
    return _Settled(
        outcome=next(name for name in OUTCOMES if name in names),
        words=next((text for _, text in outcomes if text), None),
        order_external_id=next((_order_of(event) for event in events if _order_of(event)), None),
    )


def _order_of(event: Event) -> str | None:
    if isinstance(event, OrderChanged):
        return event.order.external_id
    return getattr(event, "order_external_id", None)


def _apply(tx: Session, store: StoreRow | StoreBrief, event: Event, now: datetime) -> tuple[str, str | None]:
    if isinstance(event, CustomerDataRequested | CustomerErasureRequested | StoreErasureRequested):
        return wish_privacy(tx, store, event, now), None
    if store.status == "uninstalled":
        return "ignored", "the shop was taken off"
    if isinstance(event, OrderChanged):
        return apply_order(tx, store, event.order, now)
    if isinstance(event, ShipmentChanged):
        return _apply_shipment(tx, store, event, now)
    if isinstance(event, OrderGone):
        return mark_gone(tx, store, event.order_external_id, event.gone_at, now), None
    if isinstance(event, Refetch):
        wish_refetch(tx, store.id, event.order_external_id, event.reason, now)
        return "refetch", event.reason
    if isinstance(event, AccessBroken):
        row = get_store(tx, store.id)
        row.trouble = pack_words(event.reason)
        if has_access(row):  # a delivery may be wrong about our own access: only the platform's answer parks a store
            wish_reconcile(tx, row, now)
            promise_set_up(tx, row, now)  # which takes the trouble back when all is well
        return "ignored", event.reason
    if isinstance(event, StoreChanged):
        row = get_store(tx, store.id)
        if has_access(row):
            promise_set_up(tx, row, now)
        return "applied", event.reason
    if isinstance(event, StoreUninstalled):
        if meet_departure(tx, get_store(tx, store.id), now):
            end_bound_sessions(tx, store.id, now)
        return "applied", None
    return "ignored", event.reason


def apply_order(
    tx: Session, store: StoreRow | StoreBrief, order: Order, now: datetime, *, asked: bool = False
) -> tuple[str, str | None]:
    """Applies one snapshot: newer wins. Gives (outcome, words). `asked`: the platform just answered so, which settles
    what two snapshots with one timestamp disagree about."""
    if order.status is OrderStatus.draft:
        return "ignored", "a draft, not an order yet"
    row, version = _lock(tx, store, order.external_id, now, order), order_version(order)
    outcome = "repeated" if version == row.version else "stale" if version < row.version else "applied"
    if row.version and same_moment(version, row.version):
        if asked:
            outcome = "applied"
        else:
            wish_refetch(tx, store.id, order.external_id, "two states with one timestamp", now)
    changed = outcome == "applied"
    if changed:
        if not row.version:
            row.locale = _locale(store, order)
        _overwrite(tx, row, order, version)
        if order.status is OrderStatus.unknown:
            note_unmapped(tx, store.id, order.raw_status)
    if order.shipments is not None:
        newest = version > row.shipments_version
        newest = newest or (asked and same_moment(version, row.shipments_version))
        merge = merge_all if newest else record_late
        changed = merge(tx, row, order.shipments, order.modified_at) or changed
        row.shipments_version = version if newest else row.shipments_version
    record_order(tx, row, order)
    if asked and row.refetch is not None:
        row.refetch = None
    if changed:
        promise_decision(tx, store, row, now)
    return outcome, None


def _overwrite(tx: Session, row: OrderRow, order: Order, version: str) -> None:
    vault = tx.get_bind().dialect.mostrador_vault  # type: ignore[attr-defined]
    row.version = version
    row.status, row.raw_status, row.payment_status = order.status, order.raw_status, order.payment_status
    row.snapshot = pack(order)
    row.number_index = vault.index("order-number", order.number)
    row.email_index = vault.index("email", order.email.strip().lower()) if order.email else ""
    row.placed_at, row.modified_at = order.created_at, order.modified_at
    if row.gone_at is not None and order.modified_at > row.gone_at:
        row.gone_at = None


def _lock(
    tx: Session, store: StoreRow | StoreBrief, external_id: str, now: datetime, order: Order | None = None
) -> OrderRow:
    which = {"store": store.id, "order": external_id}
    row = tx.scalar(_ORDER_LOCKED, which)
    if row is not None:
        return row
    known = {"external_id": external_id, "first_seen_at": now, "locale": _locale(store, order)}
    _HEARD_OF.run(tx, dict.fromkeys(EMPTY, "") | known | {"store_id": store.id})
    return tx.scalars(_ORDER_LOCKED, which).one()


EMPTY = (
    "version",
    "shipments_version",
    "status",
    "raw_status",
    "payment_status",
    "snapshot",
    "number_index",
    "email_index",
)


def _insert_order(dialect: str) -> Executable:
    own_insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    columns = OrderRow.__table__.c
    names = ("store_id", "external_id", "first_seen_at", "locale", *EMPTY)
    values = {name: bindparam(name, type_=columns[name].type) for name in names}
    return own_insert(OrderRow).values(values).on_conflict_do_nothing().inline()


_HEARD_OF = Prepared(_insert_order)


def _locale(store: StoreRow | StoreBrief, order: Order | None) -> str:
    """Fixed at first sight: the order's own language, else its country's, else the store's."""
    country = locale_of_country(order.country) if order and order.country else ""
    return pick_locale(order.locale if order else "", country, store.locale)


def _apply_shipment(
    tx: Session, store: StoreRow | StoreBrief, event: ShipmentChanged, now: datetime
) -> tuple[str, str | None]:
    row = _lock(tx, store, event.order_external_id, now)
    outcome = merge_one(tx, row, event.shipment, event.modified_at)
    if not row.version:
        wish_refetch(tx, store.id, event.order_external_id, "a parcel of an order not seen yet", now)
    elif outcome == "applied":
        promise_decision(tx, store, row, now)
    return outcome, None


def rest_wish(tx: Session, store: StoreRow | StoreBrief, external_id: str, words: str, now: datetime) -> None:
    """Notes on the order that its platform should be asked about it, and why nobody could be asked."""
    _lock(tx, store, external_id, now).refetch = words


def leave_no_trace(tx: Session, store_id: int, external_id: str) -> bool:
    """Forgets an order of which nothing was ever known but that somebody named it. False: more is known."""
    row = tx.scalar(_ORDER_LOCKED, {"store": store_id, "order": external_id})
    if row is not None and (row.version or row.gone_at is not None):
        return False
    if row is not None:
        tx.execute(delete(OrderRow).where(OrderRow.store_id == store_id, OrderRow.id == row.id))
    return True


def mark_gone(
    tx: Session, store: StoreRow | StoreBrief, external_id: str, gone_at: datetime, now: datetime
) -> str:
    """The order no longer exists at the platform: kept, shown as gone, nothing more is mailed about it."""
    row = _lock(tx, store, external_id, now)
    if row.gone_at is not None:
        return "repeated"
    if row.modified_at is not None and gone_at < row.modified_at:
        return "stale"
    row.gone_at = gone_at
    promise_decision(tx, store, row, now)
    return "applied"
