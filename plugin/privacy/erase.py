"""Forgets a customer, in short transactions: whoever is interrupted runs it again from the start.

What is left of a customer's order is what a shop's books need: number, money, dates and states. Rows that would be
empty go; ledger rows stay without their mail, so that nothing is sent a second time. The access log goes on naming
orders by their number and conversations by their random id: who looked at what must stay answerable, the number stays
in the books anyway, and behind the id nothing is left. What somebody typed to find the customer goes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from plugin.care import AcknowledgementRow, ConversationRow, MessageRow, NoteRow, OrderCodeRow, VisitorRow
from plugin.care.search import index_again
from plugin.contract import Order
from plugin.database import Database
from plugin.notices import LedgerRow
from plugin.orders import OrderRow, Receipt, ShipmentRow, TimelineEntry
from plugin.orders.shipments import forget_wishes
from plugin.orders.state import pack, unpack_order
from plugin.privacy.access_log import find_typed_looks, forget_subjects
from plugin.privacy.customer import (
    Customer,
    address_pattern,
    find_customer,
    find_mentions,
    find_noted,
    find_receipts,
    pages,
)
from plugin.privacy.erase_articles import mask_articles, mask_macros
from plugin.privacy.models import PrivacyRequest
from plugin.work.models import Job

PLACEHOLDER = "•••"

KEPT_OF_AN_ORDER = (
    "external_id", "number", "status", "raw_status", "payment_status", "created_at", "modified_at", "total",
    "needs_shipping", "dispatched", "pay_on_delivery", "payment_method", "paid_at", "completed_at", "country",
)  # fmt: skip
"""Fields that say nothing about a person. A field that the contract gets later is forgotten unless it is listed."""


@dataclass(frozen=True)
class ErasurePlan:
    """What an erasure is going to touch. `counts`: how many rows of each kind are about the customer."""

    customer: Customer
    receipts: list[int]
    mentions: list[int]
    noted: list[int]
    counts: dict[str, int]


def erase_customer(
    db: Database,
    store_id: int,
    email: str = "",
    customer_id: str = "",
    now: datetime | None = None,
    orders: Sequence[str] = (),
) -> dict[str, int]:
    """Forgets one customer of one store. Gives how many rows of each kind were about them. Idempotent.

    `orders`: the platform's ids of orders that are theirs, whatever stands in them. Their suppression stays, as a blind
    index: it is a wish of theirs. Raises ValueError when nobody is named.
    """
    plan = plan_erasure(db, store_id, email, customer_id, orders)
    carry_out(db, plan, now or datetime.now(UTC))
    return plan.counts


def plan_erasure(
    db: Database, store_id: int, email: str = "", customer_id: str = "", orders: Sequence[str] = ()
) -> ErasurePlan:
    """Looks for everything about the customer, and changes nothing. Raises ValueError when nobody is named."""
    customer = find_customer(db, store_id, email, customer_id, orders)
    receipts, mentions, noted = find_receipts(db, customer), find_mentions(db, customer), find_noted(db, customer)
    counts = {
        "orders": len(customer.orders), "receipts": len(receipts), "mentions": len(mentions) + len(noted),
        "conversations": len(customer.visitors), "shipments": _count(db, store_id, customer.orders),
    }  # fmt: skip
    return ErasurePlan(customer, receipts, mentions, noted, counts)


def carry_out(db: Database, plan: ErasurePlan, now: datetime) -> None:
    """Does what is planned. The orders come last: by them everything else of the customer is found again, should this
    be interrupted."""
    customer, store_id = plan.customer, plan.customer.store_id
    # Receipts first: one that is applied a moment later must find nothing to bring back.
    _each(db, store_id, plan.receipts, lambda tx, ids: _empty_receipts(tx, store_id, ids, now))
    _each(db, store_id, plan.mentions, lambda tx, ids: _mask_messages(tx, customer, ids))
    _each(db, store_id, plan.noted, lambda tx, ids: _mask_notes(tx, customer, ids))
    looks = find_typed_looks(db, customer)
    _each(db, store_id, looks, lambda tx, ids: forget_subjects(tx, store_id, ids))
    with db.transaction(store_id) as tx:
        overwrite_freed(tx)
        _clear_words(tx, customer)
        mask_articles(tx, customer, PLACEHOLDER)
        mask_macros(tx, customer, PLACEHOLDER, now)
        _forget_copies(tx, customer, db)
        _forget_codes(tx, customer, db)
    _each(db, store_id, customer.visitors, lambda tx, ids: _delete_visitors(tx, store_id, ids))
    _each(db, store_id, customer.orders, lambda tx, ids: redact_orders(tx, store_id, ids))
    empty_log(db)


def _each(db: Database, store_id: int, ids: Sequence[int], forget: Callable[[Session, list[int]], None]) -> None:
    for page in pages(ids):
        with db.transaction(store_id) as tx:
            overwrite_freed(tx)
            forget(tx, page)


def _count(db: Database, store_id: int, orders: Sequence[int]) -> int:
    total = 0
    for page in pages(orders):
        which = (ShipmentRow.store_id == store_id, ShipmentRow.order_id.in_(page))
        with db.reading(store_id) as tx:
            total += tx.scalar(select(func.count()).select_from(ShipmentRow).where(*which)) or 0
    return total


def _empty_receipts(tx: Session, store_id: int, ids: list[int], now: datetime) -> None:
    """The bodies go. One that was not applied yet never will be."""
    which = (Receipt.store_id == store_id, Receipt.id.in_(ids))
    tx.execute(
        update(Receipt).where(*which, Receipt.outcome.is_(None)).values(outcome="ignored", applied_at=now)
    )
    tx.execute(update(Receipt).where(*which).values(delivery=None, words=None))


def redact_orders(tx: Session, store_id: int, ids: list[int]) -> None:
    """Of these orders nothing is left that says whose they are, what was sent to them, or how to follow it."""
    mine = (OrderRow.store_id == store_id, OrderRow.id.in_(ids))
    rows = list(tx.scalars(select(OrderRow).where(*mine).with_for_update()))
    forget_wishes(tx, store_id, {row.external_id for row in rows})
    for row in rows:
        row.email_index = ""
        if row.snapshot:
            row.snapshot = pack(redact(unpack_order(row.snapshot)))
    tx.execute(delete(ShipmentRow).where(ShipmentRow.store_id == store_id, ShipmentRow.order_id.in_(ids)))
    story = (TimelineEntry.store_id == store_id, TimelineEntry.order_id.in_(ids))
    tx.execute(update(TimelineEntry).where(*story).values(detail=None))
    ledger = (LedgerRow.store_id == store_id, LedgerRow.order_id.in_(ids))
    tx.execute(update(LedgerRow).where(*ledger).values(mail=None, words=None))
    codes = (OrderCodeRow.store_id == store_id, OrderCodeRow.order_id.in_(ids))
    tx.execute(delete(OrderCodeRow).where(*codes))


def redact(order: Order) -> Order:
    """The order without a person in it."""
    kept: dict[str, Any] = {name: getattr(order, name) for name in KEPT_OF_AN_ORDER}
    return Order(
        **kept, lines=tuple(replace(line, details=()) for line in order.lines),
        refunds=tuple(replace(refund, reason="") for refund in order.refunds),
    )  # fmt: skip


def _delete_visitors(tx: Session, store_id: int, ids: list[int]) -> None:
    """With their conversation, its messages and what was mailed of it, to whichever address it named then; an open
    stream of theirs ends within five seconds."""
    theirs = (ConversationRow.store_id == store_id, ConversationRow.visitor_id.in_(ids))
    talks = select(ConversationRow.id).where(*theirs)
    mailed = (AcknowledgementRow.store_id == store_id, AcknowledgementRow.conversation_id.in_(talks))
    tx.execute(delete(AcknowledgementRow).where(*mailed))
    tx.execute(delete(VisitorRow).where(VisitorRow.store_id == store_id, VisitorRow.id.in_(ids)))


def _mask_messages(tx: Session, customer: Customer, ids: list[int]) -> None:
    address = address_pattern(customer.addresses)
    mine = (MessageRow.store_id == customer.store_id, MessageRow.id.in_(ids))
    for row in tx.scalars(select(MessageRow).where(*mine).with_for_update()):
        row.text = address.sub(PLACEHOLDER, row.text)
        row.body = address.sub(PLACEHOLDER, row.body) if row.body else row.body
        index_again(tx, row)  # or the address could be guessed from what its words begin with


def _mask_notes(tx: Session, customer: Customer, ids: list[int]) -> None:
    address = address_pattern(customer.addresses)
    mine = (NoteRow.store_id == customer.store_id, NoteRow.id.in_(ids))
    for row in tx.scalars(select(NoteRow).where(*mine).with_for_update()):
        row.text = address.sub(PLACEHOLDER, row.text)


def _clear_words(tx: Session, customer: Customer) -> None:
    """A mail server repeats the address it refuses, and a buried job keeps its words."""
    address = address_pattern(customer.addresses)
    jobs = select(Job).where(Job.store == customer.store_id, Job.words.is_not(None))
    lines = select(LedgerRow).where(LedgerRow.store_id == customer.store_id, LedgerRow.words.is_not(None))
    for row in (*tx.scalars(jobs), *tx.scalars(lines)):
        if row.words and address.search(row.words):
            row.words = None


def _forget_copies(tx: Session, customer: Customer, db: Database) -> None:
    """Copies that somebody asked for, by whatever name; and no request of theirs is found by their address again."""
    mine, indexes = PrivacyRequest.store_id == customer.store_id, set(customer.email_indexes(db))
    either = or_(PrivacyRequest.copy.is_not(None), PrivacyRequest.email_index.in_(indexes))
    for row in tx.scalars(select(PrivacyRequest).where(mine, either)):
        if row.email_index in indexes or _is_about(row.copy, customer):
            row.copy, row.email_index = None, ""


def _forget_codes(tx: Session, customer: Customer, db: Database) -> None:
    """Wishes to see an order that were made with one of their addresses, and that one was told of a message."""
    indexes = customer.email_indexes(db)
    told = sorted({*indexes, *customer.mailbox_indexes(db)})
    for table, theirs in ((OrderCodeRow, indexes), (AcknowledgementRow, told)):
        for page in pages(theirs):
            mine = (table.store_id == customer.store_id, table.email_index.in_(page))
            tx.execute(delete(table).where(*mine))


def _is_about(copy: str | None, customer: Customer) -> bool:
    try:
        told = json.loads(copy or "{}")
    except ValueError:
        return False
    orders = {str(order.get("external_id")) for order in told.get("orders", ())}
    return bool(customer.addresses & set(told.get("addresses", ())) or customer.order_ids & orders)


def overwrite_freed(tx: Session) -> None:
    """From here on SQLite zeroes what this connection frees. https://www.sqlite.org/pragma.html#pragma_secure_delete"""
    if tx.get_bind().dialect.name == "sqlite":
        tx.connection().exec_driver_sql("PRAGMA secure_delete=ON")


def empty_log(db: Database) -> bool:
    """Takes old pages out of SQLite's write-ahead log; False when readers were in the way (the next time then).

    https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    """
    if not db.is_sqlite:
        return True
    connection = db.writer.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=250")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout=5000")
        return not busy
    finally:
        connection.close()
