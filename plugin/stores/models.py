"""A merchant's connected store."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedText, Scoped, UTCDateTime

DEFAULT_WRONG_TARGET = 0.07


class StoreRow(Base):
    """One connected shop: how to reach it, what it can, and how its merchant wants things."""

    __tablename__ = "stores"
    __table_args__ = (UniqueConstraint("platform", "domain"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    platform: Mapped[str]
    domain: Mapped[str]
    """The shop's host, with a path or port when it has one, as the platform names it."""
    name: Mapped[str]
    status: Mapped[str] = mapped_column(default="connected")
    """announced, connected, parked (access broken), uninstalled."""
    trouble: Mapped[str | None]
    """What the merchant must mend, as `plugin.stores.words` packs it, or NULL."""
    trouble_told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the owners were mailed that the connection is broken; NULL again once it works."""
    hook_key: Mapped[str] = mapped_column(unique=True)
    webhook_secret: Mapped[str] = mapped_column(EncryptedText)
    credentials: Mapped[str | None] = mapped_column(EncryptedText)
    """JSON of the platform's credentials; NULL: a store that only sends hooks."""
    previous_credentials: Mapped[str | None] = mapped_column(EncryptedText)
    """The pair before, which a platform may still take after an answer of ours was lost."""
    access_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the access ends by itself; NULL: it does not, or nobody said."""
    refresh_before: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    """After this nothing refreshes the access any more, and its merchant must open the app."""
    refresh_claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """One process is refreshing the access; the others wait for what it brings, until this moment at most."""
    capabilities: Mapped[list[str]] = mapped_column(JSON, default=list)
    platform_mails: Mapped[list[str]] = mapped_column(JSON, default=list)
    currency: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="es")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    connected_at: Mapped[datetime] = mapped_column(UTCDateTime)
    uninstalled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the shop was taken off; NULL while it is here."""
    live_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the merchant switched mails on; NULL: preview, nothing is sent."""
    reconciled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recovered: Mapped[int] = mapped_column(default=0)
    """Orders whose change the platform never delivered and a reconcile found."""
    repaired: Mapped[int] = mapped_column(default=0)
    """Webhooks that were disabled or missing and made anew."""
    orders_checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When all open orders were last compared with the platform."""
    coverage: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """What the adapter last said of each page: step, state, words (packed), url."""
    findings: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """What the connection doctor last found: key, state, words (packed), url."""
    examined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    kept: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """What the adapter's own pages learnt of the store, see `plugin.contract.PageDoors.keep`."""
    mails_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when the merchant leaves the platform's mails to us; NULL: the platform keeps them."""
    mails_leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Until when the platform stays silent, or stayed, without hearing from us; NULL: it never did."""
    mail_mode: Mapped[str] = mapped_column(default="extra_only")
    settle_seconds: Mapped[int] = mapped_column(default=20)
    hold_seconds: Mapped[int] = mapped_column(default=14400)
    sender_name: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(EncryptedText, default="")
    accent: Mapped[str] = mapped_column(default="#0b57d0")
    origins: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Origins whose pages may call the widget API: of its domain, and those that `set_up` found."""
    answers: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    """The merchant's answers to the short form that fills the articles: locale → placeholder → words."""
    articles_version: Mapped[int] = mapped_column(default=0)
    """Counts the changes of what shoppers see of its own articles (room `help`): who keeps them knows when to read
    them again."""
    hours: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """When people answer, see `plugin.stores.hours`; {}: the merchant has not said."""
    contact: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """How else the shop is reached: e-mail, telephone, WhatsApp, social pages; see `plugin.stores.contact`."""
    routing: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Who answers whom when, see `plugin.stores.routing`; {}: as it is from the start."""
    privacy_url: Mapped[str] = mapped_column(default="")
    """The shop's privacy page; '': not told."""
    wrong_target: Mapped[float] = mapped_column(default=DEFAULT_WRONG_TARGET)
    """The share (0..1) of all questions that the bot may answer wrongly; its threshold follows from it."""
    calibration: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the nightly look at the bot's answers chose, see `plugin.care.calibrate`; {}: nothing yet."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the adapter last told with `store_facts`: the store's payment ways, shipping zones, currency."""
    facts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    test_mails: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Day → number of test mails, to cap them."""


class InstallState(Base):
    """One installation under way: it begins in a browser and ends, once, in the same one."""

    __tablename__ = "install_states"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    state_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the `state` that travels through the platform, in hex."""
    browser_hash: Mapped[str] = mapped_column(index=True)
    """SHA-256 of the cookie of the browser that began."""
    ticket_hash: Mapped[str | None] = mapped_column(index=True)
    """SHA-256 of the set-up link's ticket; NULL: begun by a signed-in owner."""
    agent_id: Mapped[int | None]
    """Who becomes the owner when nobody is signed in; as the set-up link says."""
    platform: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    connected: Mapped[int | None] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"), index=True)
    """The store that came of it; NULL: none yet."""
    kept: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """What the adapter needs to know again when the installation comes back."""
    by_server: Mapped[bool] = mapped_column(default=False)
    """The platform's server brings the access, without the browser's cookie."""
    trouble: Mapped[str | None]
    """Why what the server brought was refused, packed like a store's trouble; for the browser that comes back."""


class StatusWordRow(Scoped, Base):
    """One status the shop's orders can have: its name there, and what it tells a shopper."""

    __tablename__ = "status_words"
    __table_args__ = (UniqueConstraint("store_id", "raw_status"),)

    raw_status: Mapped[str]
    name: Mapped[str]
    known: Mapped[bool] = mapped_column(default=False)
    """The adapter understands it by itself."""
    guess: Mapped[str | None]
    """A `plugin.contract.Meaning` read from the words, or NULL."""
    meaning: Mapped[str | None]
    """What the merchant confirmed; NULL: unmapped, nothing is sent."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
