"""The merchant's own articles. The starter's are files; what a merchant writes or rewrites is kept here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plugin.database import Base, EncryptedJson, Scoped, UTCDateTime, own_key


class ArticleRow(Scoped, Base):
    """One article in one language: a new one, or in place of the starter's with the same id."""

    __tablename__ = "articles"
    __table_args__ = (
        own_key(), UniqueConstraint("store_id", "article_id", "locale"), UniqueConstraint("store_id", "client_id")
    )  # fmt: skip

    article_id: Mapped[str]
    """As in its address: ``gift-wrap``."""
    client_id: Mapped[str | None]
    """Of the empty form it was begun in: whoever sends that one twice makes one article."""
    locale: Mapped[str]
    """es, en, pt or a finer one (es-CO)."""
    title: Mapped[str]
    """'' until it is shown: a draft keeps everything of it in `draft`."""
    section: Mapped[str]
    text: Mapped[str]
    """Markdown as `faq_links` reads it, at most 20,000 characters."""
    meta: Mapped[dict[str, Any]] = mapped_column(EncryptedJson, default=dict)
    """``{"steps": [], "phases": [], "products": [], "phrasings": []}``, as the front matter of an article file;
    ``section_title``: what a section of the merchant's own is called; ``asked``: the questions it was made of.
    Phrasings are shoppers' own words."""
    state: Mapped[str] = mapped_column(default="draft")
    """draft (only the desk sees it), shown, hidden (nor is the starter's of the same id shown)."""
    draft: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    """What is being written and not shown yet: ``{"title", "section", "text", "meta"}``; NULL: nothing."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts its changes, from a random number on: who saves over another one than they saw is told, also when that
    one was deleted and written anew."""
    changed_by: Mapped[int | None]
    """Agent id."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
