"""Addresses that want no tracking mails from a store: read, and taken back by whoever holds the link."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from plugin.database import Prepared, Transaction
from plugin.notices.models import Suppression

_COLUMNS = Suppression.__table__.c


def is_suppressed(tx: Transaction, store_id: int, email_index: str) -> bool:
    """Whether the shopper behind this address stopped the tracking mails of this store."""
    return bool(email_index) and bool(_FIND.read(tx, {"store": store_id, "email_index": email_index}))


_FIND = Prepared(
    lambda _: select(_COLUMNS.id).where(
        _COLUMNS.store_id == bindparam("store"), _COLUMNS.email_index == bindparam("email_index")
    )
)


def allow_again(tx: Session, store_id: int, email_index: str) -> None:
    """The shopper wants the mails again. Idempotent."""
    wanted = (Suppression.store_id == store_id, Suppression.email_index == email_index)
    tx.execute(delete(Suppression).where(*wanted))
