"""What the desk keeps of talks and shoppers never see: ready answers, notes, words to search by, waits, promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedText, Scoped, UTCDateTime, own_key, parent


class MacroRow(Scoped, Base):
    """A ready answer: it opens as a draft with its placeholders filled, and is sent by a person."""

    __tablename__ = "macros"
    __table_args__ = (own_key(),)

    public_id: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    texts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Locale → words with ``{name}``, ``{order}``, … in them; see `plugin.care.macros`."""
    phases: Mapped[list[str]] = mapped_column(JSON, default=list)
    """For shoppers in these phases (``pre_purchase``, ``purchase``, ``post_sale``); [] for all."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent: Mapped[int] = mapped_column(default=0)
    """How many messages began with it."""
    sent_unchanged: Mapped[int] = mapped_column(default=0)
    """How many of them were sent word by word as it was filled."""


class NoteRow(Scoped, Base):
    """What one of the store's people wrote to the others about a talk. No reader of messages ever reads this table."""

    __tablename__ = "notes"
    __table_args__ = (
        own_key(),
        parent("conversation_id", "conversations"),
        UniqueConstraint("store_id", "conversation_id", "client_id"),
    )

    conversation_id: Mapped[int]
    client_id: Mapped[str]
    agent_id: Mapped[int]
    agent_name: Mapped[str] = mapped_column(EncryptedText)
    text: Mapped[str] = mapped_column(EncryptedText)
    after_position: Mapped[int]
    """The last message of the talk when it was written."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class MessageWordRow(Scoped, Base):
    """A word of a message as a blind index, so that talks are found by words while their text stays encrypted."""

    __tablename__ = "message_words"
    __table_args__ = (
        parent("message_id", "messages"),
        UniqueConstraint("store_id", "word_index", "conversation_id", "message_id"),
        Index("ix_message_words_of_a_message", "store_id", "message_id"),
    )

    conversation_id: Mapped[int]
    message_id: Mapped[int]
    word_index: Mapped[str]
    """Blind index of the word's first four letters, or of a shorter word whole."""


class WaitRow(Scoped, Base):
    """One time that a shopper waited for a person: what the numbers about answer times are counted from."""

    __tablename__ = "waits"
    __table_args__ = (
        own_key(),
        parent("conversation_id", "conversations"),
        Index("ix_waits_of_a_conversation", "store_id", "conversation_id", "ended"),
        Index("ix_waits_since", "store_id", "since"),
    )

    conversation_id: Mapped[int]
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    phase: Mapped[str]
    channel: Mapped[str]
    """widget or form."""
    within_hours: Mapped[bool]
    """Whether the store was open when it began; a store that told no hours always is."""
    open_seconds: Mapped[int | None]
    """How much of the wait lay within the store's hours, until the reply; NULL: nobody replied yet."""
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The first message of a person; NULL: none yet."""
    agent_id: Mapped[int | None]
    ended: Mapped[str] = mapped_column(default="")
    """'' (open), replied, resolved (without a word of a person), bot (given back to it)."""


STANDS = text("ended = ''")


class PromiseRow(Scoped, Base):
    """One time by which a shopper was told that a person answers; see `plugin.care.promises`. A conversation has one
    at most that stands."""

    __tablename__ = "promises"
    __table_args__ = (
        own_key(),
        parent("conversation_id", "conversations"),
        Index("ix_promises_of_a_conversation", "store_id", "conversation_id"),
        Index(
            "uq_promises_standing", "store_id", "conversation_id", unique=True, sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index("ix_promises_promised_by", "store_id", "promised_by"),
    )  # fmt: skip

    conversation_id: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    promised_by: Mapped[datetime] = mapped_column(UTCDateTime)
    warn_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When those who answer are to be told that it runs out."""
    warned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When they were, whoever of them wants such mails; NULL: it is not time yet, or it ended before."""
    overdue_told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When they were told that it had run out; NULL: it has not, or it ended before."""
    ended: Mapped[str] = mapped_column(default="")
    """'' (it stands), replied (by a person: in time when `ended_at` is no later than `promised_by`), resolved (without
    a word of a person), bot (given back to it)."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
