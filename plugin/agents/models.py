"""Agents, their stores, and the two kinds of token by which they come in. Tokens are kept as hashes only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedText, Scoped, UTCDateTime, own_key


class AgentRow(Base):
    """A person who answers. Belongs to no store: memberships say where they may enter."""

    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    email: Mapped[str] = mapped_column(EncryptedText)
    email_index: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(EncryptedText)
    """What shoppers see."""
    locale: Mapped[str] = mapped_column(default="es")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class MembershipRow(Scoped, Base):
    """One agent behind the counter of one store."""

    __tablename__ = "memberships"
    __table_args__ = (own_key(), UniqueConstraint("store_id", "agent_id"))

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    """owner (changes the store's wishes too), agent (answers) or viewer (looks)."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When they were last mailed that a shopper waits."""
    takes_calls: Mapped[bool | None] = mapped_column(default=True)
    """Whether they want those mails. NULL: a shop named them where anybody may connect one, and they have not come to
    its desk by themselves."""


class InvitationRow(Scoped, Base):
    """A person asked into a store. The link works once, for a day."""

    __tablename__ = "invitations"
    __table_args__ = (own_key(),)

    public_id: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    """SHA-256 of the token, in hex; NULL until the mail with it leaves."""
    email: Mapped[str] = mapped_column(EncryptedText)
    email_index: Mapped[str]
    role: Mapped[str]
    invited_by: Mapped[int]
    """Agent id."""
    locale: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SignInLinkRow(Base):
    """A link that signs in once. Used ones stay until they expire, so that a second opening is told so."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the token, in hex."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AgentSessionRow(Base):
    """One browser in which an agent is signed in."""

    __tablename__ = "agent_sessions"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the cookie's token, in hex."""
    browser: Mapped[str] = mapped_column(EncryptedText, default="")
    """Its name and system in a few words, so that its agent recognises it in the list."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When the agent last did something in it; reading a page changes nothing."""
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    bound_to: Mapped[int | None] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"), index=True)
    """The only store it opens: the session came from that shop's own word (a hand-over); NULL: a link's."""


class HandOverRow(Base):
    """A shop's word about one of its staff that was used: it signs in once."""

    __tablename__ = "hand_overs"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    proof_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the proof, in hex."""
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
