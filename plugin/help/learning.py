"""What the desk teaches: a question as a shopper put it, and the article that answers it. All of it can be undone.

`read_learned` is what every answer asks first: one small aggregate says whether anything changed, so that a lesson
works at the next question in every process.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from faq_links import Lesson
from plugin.database import Vault
from plugin.help.catalogues import peek_catalogue
from plugin.help.models import LearnedPhrasingRow
from plugin.help.phrasings import Unlearnable, check_phrasing, fold_phrasing
from plugin.stores import StoreRow

HOWS = ("answered", "corrected", "written")
MOST_LEARNED = 2000
"""Phrasings of a store that are used: the newest."""
MOST_KEPT = 512
FEWEST_WORDS = 3
"""Of what is learned from an answer alone: a shopper's last words before it are often "hola?" or a name."""


@dataclass(frozen=True)
class Learned:
    """The lessons of a store that hold now. `version` differs whenever they do."""

    version: str
    lessons: tuple[Lesson, ...] = ()

    @cached_property
    def _by_words(self) -> dict[tuple[str, str], str]:
        return {(one.locale, fold_phrasing(one.text)): one.article_id for one in self.lessons}

    def find(self, question: str, locale: str) -> str | None:
        """The article that was taught for exactly these words, however they are written."""
        return self._by_words.get((locale, fold_phrasing(question)))


_kept: WeakKeyDictionary[Dialect, OrderedDict[int, Learned]] = WeakKeyDictionary()
_guard = threading.Lock()


def read_learned(tx: Session, store_id: int) -> Learned:
    """The store's lessons; read again only when they changed."""
    dialect, version = tx.get_bind().dialect, _read_version(tx, store_id)
    with _guard:
        stores = _kept.setdefault(dialect, OrderedDict())
        known = stores.get(store_id)
    if known is not None and known.version == version:
        return known
    row = LearnedPhrasingRow
    mine = (row.store_id == store_id, row.undone_at.is_(None))
    rows = tx.scalars(select(row).where(*mine).order_by(row.id.desc()).limit(MOST_LEARNED))
    learned = Learned(version, tuple(Lesson(one.article_id, one.locale, one.text) for one in rows))
    with _guard:
        stores[store_id] = learned
        stores.move_to_end(store_id)
        while len(stores) > MOST_KEPT:
            stores.popitem(last=False)
    return learned


def _read_version(tx: Session, store_id: int) -> str:
    row = LearnedPhrasingRow
    active = func.sum(case((row.undone_at.is_(None), row.id), else_=0))
    newest = (func.max(row.created_at), func.max(row.undone_at))
    counted = tx.execute(select(func.count(), func.max(row.id), active, *newest).where(row.store_id == store_id)).one()
    return "/".join("" if one is None else str(one) for one in counted)


def learn(
    tx: Session, store: StoreRow, article_id: str, locale: str, text: str, how: str, conversation_id: int | None,
    agent_id: int | None, now: datetime,
) -> LearnedPhrasingRow | None:
    """Keeps that `text` asks for `article_id`, for readers of `locale`. A phrasing leads to one article: a newer
    lesson moves it. `how`: answered, corrected or written. None: nothing in it can be learned (see `teach`)."""
    try:
        return teach(tx, store, article_id, locale, text, how, conversation_id, agent_id, now)
    except Unlearnable:
        return None


def teach(
    tx: Session, store: StoreRow, article_id: str, locale: str, text: str, how: str, conversation_id: int | None,
    agent_id: int | None, now: datetime,
) -> LearnedPhrasingRow:
    """The same, for who wants to know why not. What was undone stays so unless somebody corrects the bot, writes it or
    takes the undoing back: an answer alone is no such word. Raises `Unlearnable`, and ValueError for an unknown `how`.
    """
    if how not in HOWS:
        raise ValueError(f"Nobody learns by {how!r}; there are: {', '.join(HOWS)}.")
    phrasing, catalogue = check_phrasing(text), peek_catalogue(store)
    if how == "answered" and len(phrasing.split()) < FEWEST_WORDS:
        raise Unlearnable("short")
    served = catalogue.resolve(locale)
    if served is None or catalogue.article(article_id, served) is None:
        raise Unlearnable("article")
    values = {
        "store_id": store.id, "public_id": "lp_" + secrets.token_urlsafe(12), "article_id": article_id,
        "locale": served, "text": phrasing, "text_index": _vault(tx).index("phrasing", fold_phrasing(phrasing)),
        "how": how, "conversation_id": conversation_id, "agent_id": agent_id, "created_at": now,
    }  # fmt: skip
    row = _keep(tx, values)
    if row.undone_at is not None and how == "answered":
        return row
    if row.public_id != values["public_id"] and (row.undone_at is not None or row.article_id != article_id):
        for name in ("article_id", "text", "how", "conversation_id", "agent_id", "created_at"):
            setattr(row, name, values[name])
        row.undone_at = None
        tx.flush()
    return row


def _vault(tx: Session) -> Vault:
    vault: Vault = tx.get_bind().dialect.mostrador_vault  # type: ignore[attr-defined]
    return vault


def _keep(tx: Session, values: dict[str, Any]) -> LearnedPhrasingRow:
    """The row of this phrasing, locked; made when there was none, also while somebody else makes the same."""
    insert = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    unique = ["store_id", "locale", "text_index"]
    tx.execute(insert(LearnedPhrasingRow).values(values).on_conflict_do_nothing(index_elements=unique))
    row = LearnedPhrasingRow
    same = (row.store_id == values["store_id"], row.locale == values["locale"], row.text_index == values["text_index"])
    return tx.scalars(select(row).where(*same).with_for_update()).one()


def undo(tx: Session, store_id: int, public_id: str, now: datetime) -> bool:
    """The phrasing is used no more; it stays to be seen. False: there is none of this id."""
    row = _get(tx, store_id, public_id)
    if row is not None and row.undone_at is None:
        row.undone_at = now
        tx.flush()
    return row is not None


def redo(tx: Session, store_id: int, public_id: str) -> bool:
    """The phrasing is used again. False: there is none of this id."""
    row = _get(tx, store_id, public_id)
    if row is not None and row.undone_at is not None:
        row.undone_at = None
        tx.flush()
    return row is not None


def _get(tx: Session, store_id: int, public_id: str) -> LearnedPhrasingRow | None:
    row = LearnedPhrasingRow
    return tx.scalar(select(row).where(row.store_id == store_id, row.public_id == public_id).with_for_update())


def list_learned(
    tx: Session, store_id: int, *, before: int | None = None, limit: int = 50
) -> Sequence[LearnedPhrasingRow]:
    """What was learned, undone ones too, the newest first; `before`: only those after this row
    of the list (its id)."""
    row = LearnedPhrasingRow
    query = select(row).where(row.store_id == store_id)
    if before is not None:
        at = tx.scalar(select(row.created_at).where(row.store_id == store_id, row.id == before))
        if at is None:
            return []
        query = query.where(or_(row.created_at < at, and_(row.created_at == at, row.id < before)))
    return tx.scalars(query.order_by(row.created_at.desc(), row.id.desc()).limit(limit)).all()


def count_learned(tx: Session, store_id: int) -> int:
    """How many phrasings are in use."""
    row = LearnedPhrasingRow
    mine = (row.store_id == store_id, row.undone_at.is_(None))
    return tx.scalar(select(func.count()).select_from(row).where(*mine)) or 0
