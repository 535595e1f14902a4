"""A copy of everything we hold about one customer, as one JSON object that a person can read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care import ConversationRow, MessageRow, NoteRow, PromiseRow, RatingRow
from plugin.database import Database
from plugin.notices.ledger import read_rows
from plugin.notices.suppressions import is_suppressed
from plugin.orders import OrderRow, get_order, view_order
from plugin.orders.state import pack, unpack_order
from plugin.privacy.access_log import find_looks
from plugin.privacy.customer import Customer, find_customer, find_mentions, find_noted, find_receipts, pages
from plugin.stores import get_store


def export_customer(
    db: Database, store_id: int, email: str = "", customer_id: str = "", orders: Sequence[str] = ()
) -> dict[str, Any]:
    """`orders` (each with snapshot, parcels, story and mails), `conversations`, `address_left_in` (talks in which
    somebody left their address: when, and no word of the talk), `mentions` of their address elsewhere, `looks` (when
    which of it was opened at the desk), `deliveries` (how many webhook bodies name them) and `mails_stopped`. Times are
    ISO 8601, UTC.

    Raises ValueError when nobody is named.
    """
    customer = find_customer(db, store_id, email, customer_id, orders)
    mentions, noted = find_mentions(db, customer), find_noted(db, customer)
    copy: dict[str, Any] = {"addresses": sorted(customer.addresses), "deliveries": len(find_receipts(db, customer))}
    with db.reading(store_id) as tx:
        copy["store"] = get_store(tx, store_id).name
        rows = [get_order(tx, store_id, order_id) for order_id in customer.orders]
        copy["orders"] = [_export_order(tx, row) for row in rows if row is not None]
        copy["conversations"] = [_export_conversation(tx, customer, one) for one in customer.conversations]
        copy["address_left_in"] = [_export_claim(tx, customer, one) for one in customer.claimed]
        copy["mentions"] = [_export_message(row) for row in _messages(tx, store_id, MessageRow.id.in_(mentions))]
        copy["mentions"] += _export_notes(tx, store_id, NoteRow.id.in_(noted))
        copy["looks"] = _export_looks(tx, customer, [row for row in rows if row is not None])
        indexes = customer.email_indexes(db)
        copy["mails_stopped"] = any(is_suppressed(tx, store_id, index) for index in indexes)
    return copy


def _export_order(tx: Session, row: OrderRow) -> dict[str, Any]:
    view = view_order(tx, row)
    return {
        **json.loads(pack(view.order)),
        "parcels": [json.loads(pack(parcel.shipment)) for parcel in view.parcels],
        "story": [
            {"at": _time(entry.at), "about": entry.kind, "value": entry.value, "detail": entry.detail}
            for entry in view.timeline
        ],
        "mails": [
            {"notice": line.notice, "reason": line.reason, "sent_at": _time(line.sent_at), "mail": line.mail}
            for line in read_rows(tx, row)
        ],
    }


def _export_conversation(tx: Session, customer: Customer, conversation_id: int) -> dict[str, Any]:
    which = (ConversationRow.store_id == customer.store_id, ConversationRow.id == conversation_id)
    row = tx.scalars(select(ConversationRow).where(*which)).one()
    said = _messages(tx, customer.store_id, MessageRow.conversation_id == conversation_id)
    rated = (RatingRow.store_id == customer.store_id, RatingRow.conversation_id == conversation_id)
    promised = (PromiseRow.store_id == customer.store_id, PromiseRow.conversation_id == conversation_id)
    return {
        "started_at": _time(row.created_at), "locale": row.locale, "where": json.loads(row.context),
        "name": row.writer_name, "email": row.email, "email_consent": row.email_consent, "reference": row.reference,
        "messages": [_export_message(message) for message in said], "topic": row.topic,
        "notes": _export_notes(tx, customer.store_id, NoteRow.conversation_id == conversation_id),
        "ratings": [
            {"at": _time(one.changed_at), "score": one.score, "comment": one.comment}
            for one in tx.scalars(select(RatingRow).where(*rated))
        ],
        "promises": [
            {"at": _time(one.made_at), "answered_by": _time(one.promised_by), "ended": one.ended,
             "ended_at": _time(one.ended_at)}
            for one in tx.scalars(select(PromiseRow).where(*promised).order_by(PromiseRow.id))
        ],
    }  # fmt: skip


def _export_notes(tx: Session, store_id: int, which: Any) -> list[dict[str, Any]]:
    """What the store's people wrote about them to each other: theirs to read too, without the names of who wrote."""
    rows = tx.scalars(select(NoteRow).where(NoteRow.store_id == store_id, which).order_by(NoteRow.id))
    return [{"at": _time(row.created_at), "author": "note", "text": row.text} for row in rows]


def _export_claim(tx: Session, customer: Customer, conversation_id: int) -> dict[str, Any]:
    which = (ConversationRow.store_id == customer.store_id, ConversationRow.id == conversation_id)
    row = tx.scalars(select(ConversationRow).where(*which)).one()
    return {"started_at": _time(row.created_at), "left_at": _time(row.email_at), "agreed_to": row.email_consent}


def _export_looks(tx: Session, customer: Customer, orders: Sequence[OrderRow]) -> list[dict[str, Any]]:
    """When their orders and conversations were opened, and by how many people. These are told apart by a number and not
    named: their names are theirs, and the merchant finds them in the access log."""
    talks: list[str] = []
    for page in pages(customer.conversations):
        mine = (ConversationRow.store_id == customer.store_id, ConversationRow.id.in_(page))
        talks += tx.scalars(select(ConversationRow.public_id).where(*mine))
    looks = find_looks(tx, customer.store_id, [*(name_order(row) for row in orders), *talks])
    people: dict[str, int] = {}
    return [
        {"at": _time(look.at), "kind": look.kind, "subject": look.subject,
         "person": people.setdefault(look.agent, len(people) + 1)}
        for look in looks
    ]  # fmt: skip


def name_order(row: OrderRow) -> str:
    """What an order is called in the access log: its number, or the platform's id of one without."""
    order = unpack_order(row.snapshot) if row.snapshot else None
    return (order.number if order is not None else "") or row.external_id


def _messages(tx: Session, store_id: int, which: Any) -> list[MessageRow]:
    ordered = select(MessageRow).where(MessageRow.store_id == store_id, which)
    return list(tx.scalars(ordered.order_by(MessageRow.conversation_id, MessageRow.position)))


def _export_message(row: MessageRow) -> dict[str, Any]:
    return {"at": _time(row.created_at), "author": row.author, "text": row.text}


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
