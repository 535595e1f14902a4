"""What platforms asked us to hand out or to forget, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedText, Scoped, UTCDateTime, own_key


class AccessRow(Scoped, Base):
    """One look of a person at a shopper's data: who opened what, and when. Never changed, kept for a year."""

    __tablename__ = "accesses"
    __table_args__ = (own_key(), Index("ix_accesses_store_id_at", "store_id", "at"))

    at: Mapped[datetime] = mapped_column(UTCDateTime)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"), index=True)
    agent: Mapped[str] = mapped_column(EncryptedText)
    """The address of who looked, as it was then; stays when the agent leaves."""
    kind: Mapped[str]
    """What was opened: order, conversation, mail, copy, search, list; or erasure: what an owner asked for."""
    subject: Mapped[str] = mapped_column(EncryptedText, default="")
    """Which one, as people name it there: an order's number, a conversation's public id, a receipt's; of a list its
    name: orders, conversations, shipments."""
    subject_index: Mapped[str] = mapped_column(default="")
    """The subject as a blind index."""


class ErasureReceipt(Base):
    """What stays when everything about a store was forgotten: that it was done, and nothing about anybody."""

    __tablename__ = "erasure_receipts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    platform: Mapped[str]
    domain: Mapped[str]
    """The shop's address at the platform."""
    why: Mapped[str]
    """asked (the platform or the merchant asked for it) or swept (long after the shop was taken off)."""
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime] = mapped_column(UTCDateTime)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Kind of row → how many were deleted."""


class PrivacyRequest(Scoped, Base):
    """One request about one customer. Of an erasure only its counts are kept."""

    __tablename__ = "privacy_requests"
    __table_args__ = (own_key(),)

    public_id: Mapped[str] = mapped_column(unique=True)
    """What the merchant's receipt is called."""
    kind: Mapped[str]
    """copy or erasure, asked for by the platform; own_copy or own_erasure, by an owner at the desk."""
    email_index: Mapped[str] = mapped_column(default="")
    """The customer's address as a blind index; '' when nobody named one, and once the customer is erased."""
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    done_at: Mapped[datetime] = mapped_column(UTCDateTime)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Kind of row → how many were found."""
    copy: Mapped[str | None] = mapped_column(EncryptedText)
    """JSON for the merchant to hand on; NULL for an erasure, and once it is too old."""
