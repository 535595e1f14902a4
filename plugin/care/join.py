"""One talk wherever the shopper stands: product page, checkout, thank-you page and order status may be different
origins, whose browsers' storage knows nothing of each other. What joins them is the platform's own proof alone: twice
of the same customer, or twice of the same order.

An order never leads to its customer's talk, nor a customer to the talk of their order: whoever buys as a guest with
somebody else's address gets an order that shops count as that customer's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow, VisitorRow

REMEMBERED = timedelta(days=30)
"""How long a conversation can be joined after its last message, and an order's proof counts for it."""


def find_joinable(
    tx: Session, store_id: int, customer_index: str, order_id: int | None, now: datetime
) -> int | None:
    """The visitor whose conversation a new one shares: the newest of the proven customer, or of the order that was
    proven by itself. None: there is none, or its visitor was sent away."""
    since = now - REMEMBERED
    proven = []
    if customer_index:
        proven.append(ConversationRow.customer_index == customer_index)
    if order_id is not None:
        proven.append(
            (ConversationRow.order_id == order_id) & (ConversationRow.order_proof == "order")
            & (ConversationRow.order_proven_at > since)
        )  # fmt: skip
    if not proven:
        return None
    owner = (VisitorRow.store_id == store_id) & (VisitorRow.id == ConversationRow.visitor_id)
    newest = (
        select(ConversationRow.visitor_id)
        .join(VisitorRow, owner)
        .where(ConversationRow.store_id == store_id, ConversationRow.last_message_at > since, or_(*proven))
        .where(VisitorRow.revoked_at.is_(None))
        .order_by(ConversationRow.last_message_at.desc(), ConversationRow.id.desc())
        .limit(1)
    )
    return tx.scalar(newest)
