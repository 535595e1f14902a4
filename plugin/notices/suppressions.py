"""Addresses that want no tracking mails from a store: read, and taken back by whoever holds the link."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from plugin.notices.models import Suppression


def is_suppressed(tx: Session, store_id: int, email_index: str) -> bool:
    """Whether the shopper behind this address stopped the tracking mails of this store."""
    wanted = (Suppression.store_id == store_id, Suppression.email_index == email_index)
    return bool(email_index) and tx.scalar(select(Suppression.id).where(*wanted)) is not None


def allow_again(tx: Session, store_id: int, email_index: str) -> None:
    """The shopper wants the mails again. Idempotent."""
    wanted = (Suppression.store_id == store_id, Suppression.email_index == email_index)
    tx.execute(delete(Suppression).where(*wanted))
