"""Visitors, their conversations, and what was said. What people wrote is only in encrypted columns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedText, Scoped, UTCDateTime, own_key, parent


class VisitorRow(Scoped, Base):
    """Somebody at the counter, known by nothing but a token that only their browser has."""

    __tablename__ = "visitors"
    __table_args__ = (own_key(), UniqueConstraint("store_id", "minted_for"))

    token_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the token, in hex."""
    minted_for: Mapped[str | None]
    """SHA-256 of the client id of the first message: sending that message again finds the same visitor."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When the visitor last wrote; reading changes nothing."""
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ConversationRow(Scoped, Base):
    """One conversation. Exactly one side may answer: `owner` says which."""

    __tablename__ = "conversations"
    __table_args__ = (
        own_key(),
        parent("visitor_id", "visitors"),
        parent("order_id", "orders"),
        UniqueConstraint("store_id", "visitor_id"),
        Index("ix_conversations_desk", "store_id", "status", "last_message_at"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    visitor_id: Mapped[int]
    status: Mapped[str] = mapped_column(default="bot")
    """bot, open, snoozed, resolved."""
    owner: Mapped[str] = mapped_column(default="bot")
    """bot, nobody (waits for a person) or agent."""
    agent_id: Mapped[int | None]
    """The agent who owns it; kept when resolved, so that the history says who it was."""
    agent_name: Mapped[str | None] = mapped_column(EncryptedText)
    locale: Mapped[str]
    """The shopper's, as their page told it last."""
    context: Mapped[str] = mapped_column(EncryptedText, default="{}")
    """JSON ``{"steps": [...], "page": "https://…", "basket": "12.50 EUR"}``, the last two or null: where the shopper
    wrote last."""
    order_id: Mapped[int | None]
    """The order that the platform's signature proved to be this visitor's."""
    last_position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    """Counts the changes of status and owner."""
    offered_at: Mapped[int | None]
    """Position of the bot's message that offered a person, while it is the last word."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_message_at: Mapped[datetime] = mapped_column(UTCDateTime)
    waiting_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when the shopper waits for a person; NULL: nobody waits."""
    handed_over_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The newest hand-over."""
    first_reply_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The first agent message after it; NULL: none yet."""
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MessageRow(Scoped, Base):
    """One message. Positions of a conversation are 1, 2, 3, … without gaps."""

    __tablename__ = "messages"
    __table_args__ = (
        own_key(),
        parent("conversation_id", "conversations"),
        UniqueConstraint("store_id", "conversation_id", "position"),
        UniqueConstraint("store_id", "conversation_id", "client_id"),
    )

    conversation_id: Mapped[int]
    position: Mapped[int]
    client_id: Mapped[str | None]
    """Minted by whoever wrote it; sending again with the same one adds nothing."""
    author: Mapped[str]
    """shopper, bot, agent, system."""
    agent_id: Mapped[int | None]
    agent_name: Mapped[str | None] = mapped_column(EncryptedText)
    text: Mapped[str] = mapped_column(EncryptedText)
    body: Mapped[str | None] = mapped_column(EncryptedText)
    """JSON of the rich tree, or NULL: plain text."""
    source_article_id: Mapped[str | None]
    source_title: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Of a shopper's message: when the bot answered it, or somebody else took over; NULL: still to be answered."""
