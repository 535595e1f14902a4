"""Visitors, their conversations, and what was said. What people wrote is only in encrypted columns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedText, Scoped, UTCDateTime, own_key, parent


class VisitorRow(Scoped, Base):
    """Somebody at the counter, known by nothing but a token that only their browser has."""

    __tablename__ = "visitors"
    __table_args__ = (own_key(), parent("joined_id", "visitors"), UniqueConstraint("store_id", "minted_for"))

    token_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the token, in hex."""
    minted_for: Mapped[str | None]
    """SHA-256 of the client id of the first message: sending that message again finds the same visitor."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When the visitor last wrote; reading changes nothing."""
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    joined_id: Mapped[int | None]
    """The visitor whose conversation this one shares: the same customer or order, proven by the platform in another
    browser or on another origin. NULL: one of their own."""

    @property
    def talks_as(self) -> int:
        """The visitor to whom the conversation belongs."""
        return self.id if self.joined_id is None else self.joined_id


class ConversationRow(Scoped, Base):
    """One conversation. Exactly one side may answer: `owner` says which."""

    __tablename__ = "conversations"
    __table_args__ = (
        own_key(),
        parent("visitor_id", "visitors"),
        parent("order_id", "orders"),
        UniqueConstraint("store_id", "visitor_id"),
        Index("ix_conversations_desk", "store_id", "status", "last_message_at"),
        Index(
            "ix_conversations_inbox", "store_id", "status", "owner", "agent_id", "phase", "topic", "last_position",
            "waiting_since",
        ),
        Index("ix_conversations_handed_over", "store_id", "handed_over_at"),
        Index("ix_conversations_customer", "store_id", "customer_index"),
        Index("ix_conversations_order", "store_id", "order_id"),
        Index("ix_conversations_email", "store_id", "email_index"),
    )  # fmt: skip

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
    """JSON ``{"steps": [...], "page": "https://…", "basket": "12.50 EUR", "page_at": "2026-11-21T18:00:00+00:00",
    "walked": {...}}``, all but the first or null: where the shopper wrote last and when; `walked`: the same four of
    where they went since, while people hold the talk."""
    order_id: Mapped[int | None]
    """The order that the platform's signature, or a code mailed to the address in it, proved to be this visitor's."""
    order_proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    order_proof: Mapped[str] = mapped_column(default="")
    """What proved it: order (the platform's signature for this very order), customer (it is the newest of the customer
    whom a signature named), code (mailed to the address in it); '': none is, or it was before this was noted."""
    customer_index: Mapped[str] = mapped_column(default="")
    """Blind index of the platform's customer whom a signature proved; '': nobody."""
    phase: Mapped[str] = mapped_column(default="pre_purchase")
    """pre_purchase, purchase (until delivered) or post_sale, where the shopper wrote last."""
    email: Mapped[str | None] = mapped_column(EncryptedText)
    """What the shopper left to be answered at; NULL: nothing."""
    email_index: Mapped[str] = mapped_column(default="")
    email_consent: Mapped[str | None] = mapped_column(EncryptedText)
    """The sentence they agreed to, in their language."""
    email_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    email_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the bot asked for it: it asks once."""
    channel: Mapped[str] = mapped_column(default="widget")
    """Where it began: widget, or form (the message form of the widget or of the help hub)."""
    reference: Mapped[str | None] = mapped_column(unique=True)
    """``M-`` and six signs that are not mistaken for others: what a message sent by the form is called, in mails and on
    the phone; NULL: none was needed yet."""
    writer_name: Mapped[str | None] = mapped_column(EncryptedText)
    """What the shopper said their name was, in the form."""
    mailed_position: Mapped[int] = mapped_column(default=0)
    """Up to here the agents' messages were read in an open panel or page, or mailed to the address left."""
    last_position: Mapped[int] = mapped_column(default=0)
    last_answer: Mapped[int | None]
    """Position of the newest message of the bot or of an agent; NULL: there is nothing to rate yet."""
    topic: Mapped[str] = mapped_column(default="")
    """doubt, complaint, praise, comment, where_is_my_order; '': nothing to tell it by yet."""
    topic_by: Mapped[str] = mapped_column(default="guess")
    """guess or agent: a person's word is not guessed over."""
    called_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the agents were mailed that this shopper waits; NULL: not in this wait."""
    rating: Mapped[int | None]
    """What the shopper said of it, 1 (bad) .. 5; NULL again with the next answer. All that was said: `RatingRow`."""
    version: Mapped[int] = mapped_column(default=0)
    """Counts the changes of what readers are shown of it besides its messages."""
    failures: Mapped[int] = mapped_column(default=0)
    """How often in a row the bot could not help: it had no answer, or its answer did not help."""
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
        Index("ix_messages_gap", "store_id", "gap", "gap_group"),
        Index("ix_messages_created", "store_id", "created_at"),
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
    confidence: Mapped[float | None]
    """Of the bot's message: the chance (0..1) it gave the article nearest to the question."""
    gap: Mapped[str | None]
    """Of a shopper's message that the bot could not answer: open, article (one was made of it) or dismissed; NULL:
    no gap."""
    gap_group: Mapped[int | None]
    """Of a gap: row id of the message in which it was asked first, even when that is gone by now; NULL: nobody looked
    yet who asked the same (see `plugin.care.gap_groups`)."""
    topic: Mapped[str | None]
    """Of a shopper's message: what it is about (see `plugin.care.topics`), guessed or as an agent said of its contact;
    ``complaint where_is_my_order``: both. Of the bot's: only that it said where orders are. NULL: nothing tells."""
    macro_id: Mapped[int | None]
    """Of an agent's message: the ready answer that it began with, even when that is gone by now."""
    verdict: Mapped[str | None]
    """Of the bot's message: right or wrong, as the shopper, or after them an agent, said; NULL: nobody said."""
    offer: Mapped[str | None]
    """What the bot's message offers: order (to look at the shopper's, once they have proven it), person (for want of
    an answer); NULL: nothing."""


class OrderCodeRow(Scoped, Base):
    """One wish to see an order by number and e-mail. Whether there is such an order only the mailbox learns: the row
    looks the same either way, and the code goes to the address that stands in the order."""

    __tablename__ = "order_codes"
    __table_args__ = (
        own_key(),
        parent("order_id", "orders"),
        Index("ix_order_codes_asked", "store_id", "email_index", "created_at"),
    )

    handle_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the handle that only the asking browser has, in hex: a code alone opens nothing."""
    number: Mapped[str | None] = mapped_column(EncryptedText)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    """What was typed; both NULL once the code was used. A wish that nobody proved goes after two days."""
    email_index: Mapped[str]
    order_id: Mapped[int | None]
    """NULL until the job found it, and for ever when there is none."""
    code_index: Mapped[str] = mapped_column(default="")
    """Blind index of handle and code; '': none was sent (yet)."""
    failures: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
    """How many codes were asked for with this handle, whether there was an order to mail them for or not."""
    locale: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RatingRow(Scoped, Base):
    """What a shopper said of a talk. Saying it again changes it; after a newer answer there may be another one."""

    __tablename__ = "ratings"
    __table_args__ = (
        own_key(),
        parent("conversation_id", "conversations"),
        parent("order_id", "orders"),
        UniqueConstraint("store_id", "conversation_id", "about"),
    )

    conversation_id: Mapped[int]
    about: Mapped[int]
    """Position of the newest answer when it was said: of the bot's or the agent's message that it is about."""
    agent_id: Mapped[int | None]
    """Who held it; NULL: the bot alone."""
    order_id: Mapped[int | None]
    score: Mapped[int]
    """1 (bad) .. 5 (very good)."""
    comment: Mapped[str | None] = mapped_column(EncryptedText)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AcknowledgementRow(Scoped, Base):
    """A mail to an address that somebody typed, taken before it is sent (see `plugin.care.told`): that its message
    arrived, once a day of the store, however much is sent in its name; a link to its requests; an agent's answer."""

    __tablename__ = "acknowledgements"
    __table_args__ = (
        own_key(),
        UniqueConstraint("store_id", "email_index", "day"),
        Index("ix_acknowledgements_email_index", "email_index"),  # one mailbox, over all stores
        Index("ix_acknowledgements_of_a_conversation", "store_id", "conversation_id"),
    )

    email_index: Mapped[str]
    day: Mapped[str]
    """``2026-11-22``, in the store's time zone; ``2026-11-22 requests`` and ``2026-11-22 answer 7:12`` (conversation
    and position) of the other sorts."""
    conversation_id: Mapped[int]
    """The one it was told of; it may be gone by now."""
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """NULL: the mail is on its way, or its address takes none."""
