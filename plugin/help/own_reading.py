"""The merchant's own articles as the catalogue reads them: those that shoppers see, and which are hidden.

A store's row says with each reading how often they changed (`StoreRow.articles_version`), and where it was read; so
whoever fills a catalogue reads them only then, in every process, and nobody has to hand them on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from faq_links import Article, CatalogueError
from plugin.database import Database
from plugin.help.own_models import ArticleRow
from plugin.help.written import read_written, unpack_written
from plugin.stores import StoreRow

log = logging.getLogger("mostrador.help")

SHOWN, HIDDEN, DRAFT = "shown", "hidden", "draft"
_READ_IN = "_read_in"


@dataclass(frozen=True)
class OwnArticles:
    """`shown`: in place of the starter's with the same id and locale, or beside them; `hidden`: (article id, locale) of
    those that shoppers do not see, whoever wrote them."""

    shown: tuple[Article, ...] = ()
    hidden: frozenset[tuple[str, str]] = frozenset()


@event.listens_for(StoreRow, "load")
@event.listens_for(StoreRow, "refresh")
def _note_database(store: StoreRow, context: Any, *_: Any) -> None:
    store.__dict__[_READ_IN] = context.session.info.get("database")


def read_own(store: StoreRow) -> OwnArticles:
    """What the store's people wrote and hid, as it stands now. A store that nobody read from a database has none."""
    database = store.__dict__.get(_READ_IN)
    if not store.articles_version or not isinstance(database, Database):
        return OwnArticles()
    with database.reading(store.id) as tx:
        rows = _list_rows(tx, store.id)
    names = _name_sections(rows)
    shown = [_read_row(row, names.get((row.section, row.locale), "")) for row in rows if row.state == SHOWN]
    hidden = frozenset((row.article_id, row.locale) for row in rows if row.state == HIDDEN)
    return OwnArticles(tuple(one for one in shown if one is not None), hidden)


def _list_rows(tx: Session, store_id: int) -> list[ArticleRow]:
    row = ArticleRow
    mine = (row.store_id == store_id, row.state.in_((SHOWN, HIDDEN)))
    return list(tx.scalars(select(row).where(*mine).order_by(row.id)))


def _name_sections(rows: Iterable[ArticleRow]) -> dict[tuple[str, str], str]:
    """(section, locale) → what it was called last."""
    named = sorted((row for row in rows if row.meta.get("section_title")), key=lambda row: row.changed_at)
    return {(row.section, row.locale): str(row.meta["section_title"]) for row in named}


def _read_row(row: ArticleRow, section_title: str) -> Article | None:
    meta = {**row.meta, "section_title": section_title}
    kept = {"title": row.title, "section": row.section, "text": row.text, "meta": meta}
    try:
        return read_written(unpack_written(kept), row.article_id, row.locale)
    except CatalogueError:
        # It was read before it was kept; the others are shown all the same.
        log.exception("The article %s of store %s cannot be read.", row.article_id, row.store_id)
        return None
