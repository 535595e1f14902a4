"""The mails themselves, as they were handed over: read only where somebody looks at them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.notices.models import LedgerRow
from plugin.orders import OrderRow


def read_mails(tx: Session, row: OrderRow) -> dict[int, tuple[str, str]]:
    """Ledger row id → (subject, text) of every mail that was sent about an order."""
    which = (
        LedgerRow.store_id == row.store_id,
        LedgerRow.order_id == row.id,
        LedgerRow.sent_at.is_not(None),
    )
    found: dict[int, tuple[str, str]] = {}
    for line_id, mail in tx.execute(select(LedgerRow.id, LedgerRow.mail).where(*which)):
        subject, _, text = (mail or "").partition("\n\n")
        found[line_id] = subject, text
    return found
