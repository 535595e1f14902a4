"""The outbox: every job is a row, written in the transaction of its cause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedText, UTCDateTime

HAS_KEY = text("key IS NOT NULL")
"""Most jobs have none, and what is in no index is written faster."""


class Job(Base):
    """One promised piece of work; deleted when done, kept with `words` when buried."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "buried_at", "due_at"),
        Index("uq_outbox_key", "key", unique=True, sqlite_where=HAS_KEY, postgresql_where=HAS_KEY),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    store: Mapped[int | None] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"))
    key: Mapped[str | None]
    """Unique among jobs nobody has started: a second promise of the same thing joins the first."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    first_due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it was first due; once tried, when it was first tried."""
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    buried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    words: Mapped[str | None] = mapped_column(EncryptedText)
    """What went wrong the last time."""
