"""The merchant's own articles: written as drafts, shown, hidden and brought back; never one over another unseen.

Everything here is called in a transaction of the store. Whoever writes says which version they saw: when somebody saved
meanwhile, nothing is written and `Changed` brings what stands there now.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from faq_links import Article
from plugin.help.catalogues import list_starter_ids, starter_article
from plugin.help.own_models import ArticleRow
from plugin.help.own_reading import DRAFT, HIDDEN, SHOWN
from plugin.help.own_titles import SameTitle, find_namesake
from plugin.help.written import (
    OWN,
    Written,
    make_slug,
    mask_written,
    pack_written,
    unpack_written,
    write_of_article,
)
from plugin.language import LOCALES
from plugin.stores.wishes import count_article_change

LONGEST_ID = 60
MOST_ARTICLES = 1000
"""Rows of one store: everything is read when one of them changes."""
MOST_ASKED = 300
_MOST_FIRST = 1_000_000
Asked = tuple[str, int]
"""(conversation's public id, position of the question in it)."""

TAKEN_BY_PAGES = frozenset(("order", "contact", "requests", "data"))
"""Where an article's page would stand, the help hub has one of its own."""


@dataclass(frozen=True)
class Writer:
    """Who writes, and when."""

    agent_id: int
    at: datetime


class TooMany(Exception):
    """The store has `MOST_ARTICLES`."""


class Changed(Exception):
    """Somebody saved the article meanwhile; `row` is what stands there now, None: it was taken away."""

    def __init__(self, row: ArticleRow | None) -> None:
        super().__init__("The article was changed meanwhile.")
        self.row = row


def list_own(tx: Session, store_id: int, article_id: str = "") -> Sequence[ArticleRow]:
    """Every row of the store, or of one article of it, whatever its state, by article, then language."""
    row = ArticleRow
    mine = (row.store_id == store_id, *([row.article_id == article_id] if article_id else []))
    return tx.scalars(select(row).where(*mine).order_by(row.article_id, row.locale)).all()


def list_drafted(tx: Session, store_id: int) -> Sequence[ArticleRow]:
    """The rows in which somebody is writing, by article, then language."""
    row = ArticleRow
    mine = (row.store_id == store_id, row.draft.is_not(None))
    return tx.scalars(select(row).where(*mine).order_by(row.article_id, row.locale)).all()


def get_own(tx: Session, store_id: int, article_id: str, locale: str) -> ArticleRow | None:
    """The row of one article in one language."""
    return tx.scalar(select(ArticleRow).where(*_which(store_id, article_id, locale)))


def read_draft(row: ArticleRow | None, article_id: str, locale: str) -> Written:
    """What somebody who opens the editor goes on with: the draft, else what is shown, else the starter's words; empty
    where nothing was written yet."""
    if row is not None and row.draft is not None:
        return unpack_written(row.draft)
    return read_shown(row, article_id, locale)


def read_shown(row: ArticleRow | None, article_id: str, locale: str) -> Written:
    """What shoppers read, or would if it were not hidden; empty for a draft alone."""
    if row is not None and row.text:
        return unpack_written({"title": row.title, "section": row.section, "text": row.text, "meta": row.meta})
    starter = starter_article(article_id, locale)
    return write_of_article(starter) if starter is not None else Written()


def list_asked(row: ArticleRow | None) -> list[Asked]:
    """The questions that the article was made of."""
    kept = (row.draft or {}).get("asked") or row.meta.get("asked") or [] if row is not None else []
    return [(str(one[0]), int(one[1])) for one in kept]


def make_article_id(title: str, taken: Collection[str]) -> str:
    """An id of the title's words that is not taken: ``grabar-mi-nombre``, ``grabar-mi-nombre-2``."""
    plain = make_slug(title, LONGEST_ID) or "article"
    tries = (plain if number == 1 else f"{plain[: LONGEST_ID - 5]}-{number}" for number in range(1, 100))
    return next((one for one in tries if one not in taken), f"{plain[: LONGEST_ID - 9]}-{secrets.token_hex(4)}")


def list_ids(tx: Session, store_id: int) -> set[str]:
    """Every id that is taken."""
    row = ArticleRow
    return {*TAKEN_BY_PAGES, *list_starter_ids(), *tx.scalars(select(row.article_id).where(row.store_id == store_id))}


def find_begun(tx: Session, store_id: int, client_id: str) -> ArticleRow | None:
    """The article that was begun in the empty form of this client id."""
    mine = (ArticleRow.store_id == store_id, ArticleRow.client_id == client_id)
    return tx.scalar(select(ArticleRow).where(*mine)) if client_id else None


def is_same(row: ArticleRow, written: Written) -> bool:
    """Whether exactly this stands in it already, being written or shown."""
    return read_draft(row, row.article_id, row.locale) == mask_written(written)


def save_draft(
    tx: Session, store_id: int, article_id: str, locale: str, written: Written, seen: int, writer: Writer,
    asked: Iterable[Asked] = (), client_id: str = "",
) -> ArticleRow:
    """Keeps what is being written; shoppers see nothing of it. `seen`: the version that the writer began with, 0: there
    was none; `client_id`: see `find_begun`. Raises `Changed` and `TooMany`."""
    row = _hold(tx, store_id, article_id, locale, seen, writer, client_id)
    row.draft = pack_written(mask_written(written)) | _pack_asked(asked, row)
    _sign(row, writer)
    tx.flush()
    return row


def show(
    tx: Session, store_id: int, article_id: str, locale: str, written: Written, seen: int, writer: Writer,
    asked: Iterable[Asked] = (), client_id: str = "",
) -> ArticleRow:
    """Shoppers read it from now on. `written` was checked before. Raises `Changed`, `TooMany`, and `SameTitle` where a
    new title is that of another one; what has its title already can be shown again."""
    row = _hold(tx, store_id, article_id, locale, seen, writer, client_id)
    # Holds the store's row, so that of two who show the same title at once the second sees the first.
    count_article_change(tx, store_id)
    namesake = find_namesake(tx, store_id, article_id, locale, written.title)
    if namesake is not None:
        raise SameTitle(namesake)
    kept = pack_written(mask_written(written))
    row.meta = kept["meta"] | _pack_asked(asked, row)
    row.title, row.section, row.text = kept["title"], kept["section"], kept["text"]
    row.state, row.draft = SHOWN, None
    _sign(row, writer)
    tx.flush()
    return row


def discard_draft(tx: Session, store_id: int, article_id: str, locale: str, seen: int, writer: Writer) -> bool:
    """What is shown stays. False: there is no draft. Raises `Changed`."""
    row = _lock(tx, store_id, article_id, locale)
    if row is None:
        return False
    if row.version != seen:
        raise Changed(row)
    if row.draft is None:
        return False
    if row.state == DRAFT:
        tx.execute(delete(ArticleRow).where(*_which(store_id, article_id, locale)))
    else:
        row.draft = None
        _sign(row, writer)
        tx.flush()
    return True


def hide(tx: Session, store_id: int, article_id: str, writer: Writer) -> bool:
    """No shopper sees it in any language, nor does the bot answer with it. False: nobody ever saw it."""
    found, rows = False, {row.locale: row for row in _lock_all(tx, store_id, article_id)}
    for locale in LOCALES:
        starter, row = starter_article(article_id, locale), rows.get(locale)
        if row is None and starter is None:
            continue
        if row is None and starter is not None:
            row = _insert(tx, store_id, article_id, locale, writer) or _lock(tx, store_id, article_id, locale)
        assert row is not None
        if row.state != HIDDEN and (row.text or starter is not None):
            row.state = HIDDEN
            _sign(row, writer)
        found = found or row.state == HIDDEN
    if found:
        count_article_change(tx, store_id)
    return found


def bring_back(tx: Session, store_id: int, article_id: str, writer: Writer) -> bool:
    """What was hidden is shown again as it was, the starter's words or the merchant's. False: nothing was hidden."""
    hidden = [row for row in _lock_all(tx, store_id, article_id) if row.state == HIDDEN]
    for row in hidden:
        if not row.text and row.draft is None:
            tx.execute(delete(ArticleRow).where(*_which(store_id, article_id, row.locale)))
        else:
            row.state = SHOWN if row.text else DRAFT
            _sign(row, writer)
    if hidden:
        count_article_change(tx, store_id)
    return bool(hidden)


def take_away(tx: Session, store_id: int, article_id: str, locale: str, seen: int, writer: Writer) -> bool:
    """The merchant's own words in one language go; where there is one, the starter's article stands in their place,
    hidden as they were. False: there are none. Raises `Changed`."""
    row = _lock(tx, store_id, article_id, locale)
    if row is None:
        return False
    if row.version != seen:
        raise Changed(row)
    if row.state == HIDDEN and starter_article(article_id, locale) is not None:
        row.title = row.section = row.text = ""
        row.meta, row.draft = {}, None
        _sign(row, writer)
    else:
        tx.execute(delete(ArticleRow).where(*_which(store_id, article_id, locale)))
    count_article_change(tx, store_id)
    return True


def _which(store_id: int, article_id: str, locale: str) -> tuple[Any, ...]:
    row = ArticleRow
    return row.store_id == store_id, row.article_id == article_id, row.locale == locale


def _lock(tx: Session, store_id: int, article_id: str, locale: str) -> ArticleRow | None:
    query = select(ArticleRow).where(*_which(store_id, article_id, locale)).with_for_update()
    return tx.scalar(query.execution_options(populate_existing=True))


def _lock_all(tx: Session, store_id: int, article_id: str) -> Sequence[ArticleRow]:
    """Every language of the article. By id, as whoever locks several rows does it: two of them never wait for each
    other."""
    mine = (ArticleRow.store_id == store_id, ArticleRow.article_id == article_id)
    query = select(ArticleRow).where(*mine).order_by(ArticleRow.id).with_for_update()
    return tx.scalars(query.execution_options(populate_existing=True)).all()


def _hold(
    tx: Session, store_id: int, article_id: str, locale: str, seen: int, writer: Writer, client_id: str
) -> ArticleRow:
    """The row, locked, at the version that was seen; made when there was none, also while somebody else makes the same.
    Raises `Changed` and `TooMany`."""
    row = _lock(tx, store_id, article_id, locale)
    if row is None and seen == 0:
        if (tx.scalar(select(func.count()).where(ArticleRow.store_id == store_id)) or 0) >= MOST_ARTICLES:
            raise TooMany
        made = _insert(tx, store_id, article_id, locale, writer, client_id)
        if made is not None:
            return made
        row = _lock(tx, store_id, article_id, locale) or find_begun(tx, store_id, client_id)
        raise Changed(row)
    if row is None or row.version != seen:
        raise Changed(row)
    return row


def _insert(
    tx: Session, store_id: int, article_id: str, locale: str, writer: Writer, client_id: str = ""
) -> ArticleRow | None:
    """A new row. None: somebody else was quicker to make it, or to begin something with the same client id."""
    values = {
        "store_id": store_id, "article_id": article_id, "locale": locale, "title": "", "section": "", "text": "",
        "meta": {}, "state": DRAFT, "draft": None, "version": secrets.randbelow(_MOST_FIRST),
        "changed_by": writer.agent_id, "client_id": client_id or None, "created_at": writer.at, "changed_at": writer.at,
    }  # fmt: skip
    insert = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    made = tx.scalar(insert(ArticleRow).values(values).on_conflict_do_nothing().returning(ArticleRow.id))
    return _lock(tx, store_id, article_id, locale) if made is not None else None


def _sign(row: ArticleRow, writer: Writer) -> None:
    row.version += 1
    row.changed_by, row.changed_at = writer.agent_id, writer.at


def _pack_asked(asked: Iterable[Asked], row: ArticleRow) -> dict[str, Any]:
    both = dict.fromkeys([*list_asked(row), *((str(talk), int(position)) for talk, position in asked)])
    return {"asked": [list(one) for one in both][-MOST_ASKED:]} if both else {}


def is_own(article: Article) -> bool:
    """Whether the merchant wrote it."""
    return article.source.startswith(OWN)
