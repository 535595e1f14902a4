"""Forgets a customer or a store, in short transactions: whoever is interrupted runs it again from the start.

What is left of a customer's order is what a shop's books need: number, money, dates and states. Rows that would be
empty go; ledger rows stay without their mail, so that nothing is sent a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from plugin.agents import AgentRow, MembershipRow
from plugin.care import MessageRow, VisitorRow
from plugin.contract import Order
from plugin.database import ALL, Base, Database
from plugin.notices import LedgerRow
from plugin.orders import OrderRow, Receipt, ShipmentRow, TimelineEntry
from plugin.orders.shipments import forget_wishes
from plugin.orders.state import pack, unpack_order
from plugin.privacy.customer import (
    Customer,
    address_pattern,
    find_customer,
    find_mentions,
    find_receipts,
    pages,
)
from plugin.privacy.models import PrivacyRequest
from plugin.stores import StoreRow, get_store
from plugin.work.models import Job

PLACEHOLDER = "•••"

KEPT_OF_AN_ORDER = (
    "external_id", "number", "status", "raw_status", "payment_status", "created_at", "modified_at", "total",
    "needs_shipping", "dispatched", "pay_on_delivery", "payment_method", "paid_at", "completed_at", "country",
)  # fmt: skip
"""Fields that say nothing about a person. A field that the contract gets later is forgotten unless it is listed."""


def erase_customer(
    db: Database, store_id: int, email: str = "", customer_id: str = "", now: datetime | None = None
) -> dict[str, int]:
    """Forgets one customer of one store. Gives how many rows of each kind were about them. Idempotent.

    Their suppression stays, as a blind index: it is a wish of theirs. Raises ValueError when nobody is named.
    """
    now = now or datetime.now(UTC)
    customer = find_customer(db, store_id, email, customer_id)
    receipts, mentions = find_receipts(db, customer), find_mentions(db, customer)
    counts = {"orders": len(customer.orders), "receipts": len(receipts), "mentions": len(mentions)}
    counts |= {"conversations": len(customer.conversations)}
    # Receipts first: one that is applied a moment later must find nothing to bring back.
    _each(db, store_id, receipts, lambda tx, ids: _empty_receipts(tx, store_id, ids, now))
    counts["shipments"] = _count(db, store_id, customer.orders)
    _each(db, store_id, customer.orders, lambda tx, ids: redact_orders(tx, store_id, ids))
    _each(db, store_id, customer.visitors, lambda tx, ids: _delete_visitors(tx, store_id, ids))
    _each(db, store_id, mentions, lambda tx, ids: _mask_messages(tx, customer, ids))
    with db.transaction(store_id) as tx:
        overwrite_freed(tx)
        _clear_words(tx, customer)
        _forget_copies(tx, customer, db)
    empty_log(db)
    return counts


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


def redact(order: Order) -> Order:
    """The order without a person in it."""
    kept: dict[str, Any] = {name: getattr(order, name) for name in KEPT_OF_AN_ORDER}
    return Order(
        **kept, lines=tuple(replace(line, details=()) for line in order.lines),
        refunds=tuple(replace(refund, reason="") for refund in order.refunds),
    )  # fmt: skip


def _delete_visitors(tx: Session, store_id: int, ids: list[int]) -> None:
    """With their conversation and its messages; an open stream of theirs ends within five seconds."""
    tx.execute(delete(VisitorRow).where(VisitorRow.store_id == store_id, VisitorRow.id.in_(ids)))


def _mask_messages(tx: Session, customer: Customer, ids: list[int]) -> None:
    address = address_pattern(customer.addresses)
    mine = (MessageRow.store_id == customer.store_id, MessageRow.id.in_(ids))
    for row in tx.scalars(select(MessageRow).where(*mine).with_for_update()):
        row.text = address.sub(PLACEHOLDER, row.text)
        row.body = address.sub(PLACEHOLDER, row.body) if row.body else row.body


def _clear_words(tx: Session, customer: Customer) -> None:
    """A mail server repeats the address it refuses, and a buried job keeps its words."""
    address = address_pattern(customer.addresses)
    jobs = select(Job).where(Job.store == customer.store_id, Job.words.is_not(None))
    lines = select(LedgerRow).where(LedgerRow.store_id == customer.store_id, LedgerRow.words.is_not(None))
    for row in (*tx.scalars(jobs), *tx.scalars(lines)):
        if row.words and address.search(row.words):
            row.words = None


def _forget_copies(tx: Session, customer: Customer, db: Database) -> None:
    asked = (
        PrivacyRequest.store_id == customer.store_id,
        PrivacyRequest.email_index.in_(customer.email_indexes(db)),
    )
    tx.execute(update(PrivacyRequest).where(*asked).values(copy=None))


def erase_store(db: Database, store_id: int) -> dict[str, int]:
    """Forgets everything about a store, and the agents who stood behind no other counter. Gives counts by table.

    The instance's last owner stays: somebody must be able to sign in.
    """
    counts: dict[str, int] = {}
    with db.transaction(ALL, "a store that is erased takes nothing more in") as tx:
        get_store(tx, store_id).status = "uninstalled"
        team = list(tx.scalars(select(MembershipRow.agent_id).where(MembershipRow.store_id == store_id)))
    for table in reversed(Base.metadata.sorted_tables):
        if "store_id" in table.c:
            counts[table.name] = _delete_rows(db, store_id, table)
    with db.transaction(ALL, "the last of an erased store") as tx:
        overwrite_freed(tx)
        tx.execute(delete(StoreRow).where(StoreRow.id == store_id))
        counts["agents"] = _forget_leavers(tx, team)
    empty_log(db)
    return {name: count for name, count in counts.items() if count}


def _delete_rows(db: Database, store_id: int, table: Any) -> int:
    total = 0
    while True:
        with db.transaction(store_id) as tx:
            overwrite_freed(tx)
            ids = list(tx.scalars(select(table.c.id).where(table.c.store_id == store_id).limit(1000)))
            if not ids:
                return total
            tx.execute(delete(table).where(table.c.store_id == store_id, table.c.id.in_(ids)))
        total += len(ids)


def _forget_leavers(tx: Session, team: Sequence[int]) -> int:
    elsewhere = set(tx.scalars(select(MembershipRow.agent_id).where(MembershipRow.agent_id.in_(team))))
    leavers = [agent for agent in team if agent not in elsewhere]
    others = tx.scalar(select(func.count()).select_from(AgentRow).where(AgentRow.id.not_in(leavers))) or 0
    if not others:
        leavers = sorted(leavers)[1:]
    tx.execute(delete(AgentRow).where(AgentRow.id.in_(leavers)))
    return len(leavers)


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
