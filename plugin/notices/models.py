"""The ledger: for every notice of every order, whether it was sent and why not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedText, Scoped, UTCDateTime, own_key, parent


class LedgerRow(Scoped, Base):
    """One notice about one thing of one order, decided once; only `held` is decided again."""

    __tablename__ = "notices"
    __table_args__ = (
        own_key(),
        parent("order_id", "orders"),
        UniqueConstraint("store_id", "order_id", "notice", "about"),
    )

    order_id: Mapped[int]
    notice: Mapped[str]
    about: Mapped[str]
    """'' or the parcel's key or the refund's id."""
    reason: Mapped[str]
    """sent, held, overtaken, told_together, platform_mails, preview, before_connection, too_late,
    suppressed, no_address or failed."""
    words: Mapped[str | None] = mapped_column(EncryptedText)
    """The mail server's words when it failed."""
    told_in: Mapped[int | None]
    """The ledger row whose mail tells this one too."""
    without_number: Mapped[bool] = mapped_column(default=False)
    """Sent after waiting in vain for a tracking number; the mail says so."""
    fact_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    message_id: Mapped[str | None]
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the mail server took the mail; NULL with reason `sent`: on its way."""
    mail: Mapped[str | None] = mapped_column(EncryptedText)
    """The mail as it was handed over."""


class Suppression(Scoped, Base):
    """An address that wants no tracking mails from this store."""

    __tablename__ = "suppressions"
    __table_args__ = (own_key(), UniqueConstraint("store_id", "email_index"))

    email_index: Mapped[str]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
