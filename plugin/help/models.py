"""What the help counts and learns. Whose question it was stands nowhere but in the conversation it came from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedText, Scoped, UTCDateTime, own_key, parent


class ArticleCountRow(Scoped, Base):
    """How often something happened with an article on one day. Counts alone: no visitor stands in it."""

    __tablename__ = "article_counts"
    __table_args__ = (
        UniqueConstraint(
            "store_id", "day", "article_id", "locale", "step", "phase", "kind", name="uq_article_counts_of_a_day"
        ),
    )

    day: Mapped[str]
    """``2026-11-22``, in UTC."""
    article_id: Mapped[str]
    locale: Mapped[str]
    step: Mapped[str]
    """The page's first step; '' where it has none (the help hub)."""
    phase: Mapped[str]
    kind: Mapped[str]
    """clicked (a link of the page's step), opened (from search, a section or a source), answered (by the bot), helped,
    not_helped."""
    count: Mapped[int] = mapped_column(default=0)


class LearnedPhrasingRow(Scoped, Base):
    """A shopper's way to ask for an article, as an agent's answer taught it. Undone ones stay to be seen."""

    __tablename__ = "learned_phrasings"
    __table_args__ = (
        own_key(),
        parent("conversation_id", "conversations"),
        UniqueConstraint("store_id", "locale", "text_index"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    article_id: Mapped[str]
    locale: Mapped[str]
    text: Mapped[str] = mapped_column(EncryptedText)
    text_index: Mapped[str]
    """Blind index of the folded text: a phrasing leads to one article."""
    how: Mapped[str]
    """answered (an agent sent the article), corrected (an agent put the bot right), written (by the merchant)."""
    conversation_id: Mapped[int | None]
    """Where it was asked; it goes with the conversation."""
    agent_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
