"""How long deliveries are kept: applied 30 days, buried 90; and digging buried ones up again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from plugin.contract import Clock
from plugin.database import ALL, Database
from plugin.orders.models import Receipt
from plugin.work import put

KEEP_APPLIED = timedelta(days=30)
KEEP_BURIED = timedelta(days=90)


def forget_old_receipts(db: Database, clock: Clock) -> int:
    """Deletes receipts past their time; gives their number. Unapplied ones are never deleted."""
    now = clock.now()
    is_buried = Receipt.outcome == "buried"
    old = or_(
        is_buried & (Receipt.received_at < now - KEEP_BURIED),
        (Receipt.outcome != "buried") & (Receipt.received_at < now - KEEP_APPLIED),
    )
    with db.transaction(ALL, "receipts past their time") as tx:
        gone = tx.execute(delete(Receipt).where(Receipt.outcome.is_not(None), old))
    return int(getattr(gone, "rowcount", 0))


def replay_buried_receipts(tx: Session, store_id: int, clock: Clock) -> int:
    """Applies buried deliveries once more, e.g. after an update of the adapter; gives their number."""
    which = (Receipt.store_id == store_id, Receipt.outcome == "buried", Receipt.delivery.is_not(None))
    receipts = list(tx.scalars(select(Receipt).where(*which)))
    for receipt in receipts:
        receipt.outcome = receipt.applied_at = receipt.words = None
        put(tx, "orders.apply", {"receipt": receipt.id}, due_at=clock.now(), store=store_id)
    return len(receipts)
