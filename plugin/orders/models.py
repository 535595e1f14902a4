"""What platforms delivered, and the orders that came of it. Personal data only in encrypted columns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedBytes, EncryptedText, Scoped, UTCDateTime, own_key, parent


class Receipt(Scoped, Base):
    """One kept webhook arrival. Every arrival is kept: neither a delivery id nor a body hash tells two
    arrivals of one event from two events (recorded: tests/data, 2026-11-21)."""

    __tablename__ = "receipts"
    # No `own_key`: nothing hangs below a receipt, and each index is written before a delivery is answered.
    __table_args__ = (Index("ix_receipts_outcome", "store_id", "outcome"),)

    topic: Mapped[str]
    delivery: Mapped[bytes | None] = mapped_column(EncryptedBytes)
    """Headers and raw body (msgpack); NULL once it is ignored or too old."""
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str | None]
    """applied, repeated, stale, refetch, ignored or buried; NULL: not applied yet."""
    order_external_id: Mapped[str | None]
    words: Mapped[str | None]


class OrderRow(Scoped, Base):
    """One order as far as we know."""

    __tablename__ = "orders"
    __table_args__ = (own_key(), UniqueConstraint("store_id", "external_id"))

    external_id: Mapped[str]
    version: Mapped[str] = mapped_column(default="")
    """Total order of snapshots: modified time | status rank | refund count | hash (see `state`)."""
    shipments_version: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="")
    raw_status: Mapped[str] = mapped_column(default="")
    payment_status: Mapped[str] = mapped_column(default="")
    snapshot: Mapped[str] = mapped_column(EncryptedText, default="")
    """The newest `contract.Order` as JSON, without parcels."""
    number_index: Mapped[str] = mapped_column(default="", index=True)
    email_index: Mapped[str] = mapped_column(default="", index=True)
    locale: Mapped[str] = mapped_column(default="")
    """The shopper's language, fixed at first sight."""
    placed_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    modified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    first_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    refetch: Mapped[str | None]
    """Why the platform should be asked about this order: `pending …`, `no access …`, or NULL."""


class ShipmentRow(Scoped, Base):
    """One parcel of an order. `key` is its first identity and never changes; later ones are aliases."""

    __tablename__ = "shipments"
    __table_args__ = (
        own_key(),
        parent("order_id", "orders"),
        UniqueConstraint("store_id", "order_id", "key"),
    )

    order_id: Mapped[int]
    key: Mapped[str]
    version: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    raw_status: Mapped[str] = mapped_column(default="")
    snapshot: Mapped[str] = mapped_column(EncryptedText)
    aliases: Mapped[str] = mapped_column(EncryptedText)
    """JSON list of every external id and tracking number the parcel was known by."""
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TimelineEntry(Scoped, Base):
    """One dated fact of an order's story, from any snapshot, however late it arrived."""

    __tablename__ = "timeline"
    __table_args__ = (
        own_key(),
        parent("order_id", "orders"),
        UniqueConstraint("store_id", "order_id", "kind", "about", "value", "at"),
    )

    order_id: Mapped[int]
    kind: Mapped[str]
    """status, payment, refund, shipment."""
    about: Mapped[str] = mapped_column(default="")
    """'' or the parcel's key or the refund's id."""
    value: Mapped[str]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    detail: Mapped[str | None] = mapped_column(EncryptedText)
