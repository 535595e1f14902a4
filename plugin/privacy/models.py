"""What platforms asked us to hand out or to forget, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedText, Scoped, UTCDateTime, own_key


class PrivacyRequest(Scoped, Base):
    """One request about one customer. Of an erasure only its counts are kept."""

    __tablename__ = "privacy_requests"
    __table_args__ = (own_key(),)

    kind: Mapped[str]
    """copy or erasure."""
    email_index: Mapped[str] = mapped_column(default="")
    """The customer's address as a blind index; '' when the platform named only a customer id."""
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    done_at: Mapped[datetime] = mapped_column(UTCDateTime)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Kind of row → how many were found."""
    copy: Mapped[str | None] = mapped_column(EncryptedText)
    """JSON for the merchant to hand on; NULL for an erasure, and once it is too old."""
