"""Each store's catalogue: the starter articles and the merchant's own, filled with the merchant's answers, or with what
the shop itself told, and what the desk taught; kept until any of it changes.

Reading what is kept costs nothing. Filling takes milliseconds; the index for questions takes longer and is built by
`warm` beside the requests: at start, when answers change, and after a lesson.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from faq_links import EXAMPLE_ANSWERS, STARTER, Article, Catalogue, load_catalogue
from faq_links.placeholders import Answers
from plugin.help.own_reading import OwnArticles, read_own
from plugin.help.store_facts import tell_facts
from plugin.stores import StoreRow
from plugin.work import offload

if TYPE_CHECKING:
    from plugin.help.learning import Learned

MOST_KEPT = 64
"""Stores whose articles stay in memory: with the indexes of three languages each takes about 16 MB."""


@dataclass(frozen=True)
class _Kept:
    """One store's catalogue. `filled`: the same before what was learned; `version`: of what filled it."""

    version: str
    filled: Catalogue
    learned: Learned | None
    catalogue: Catalogue


_kept: OrderedDict[str, _Kept] = OrderedDict()
_guard = threading.Lock()


def catalogue_of(store: StoreRow, learned: Learned | None = None) -> Catalogue:
    """The store's articles in every locale; those that miss an answer are never shown (see `faq_links`). Without
    `learned`: with the lessons that this process knew last. Not inside a transaction: it may give way to others."""
    return _find_kept(store, learned) or _fill(store, learned, offload)


def peek_catalogue(store: StoreRow) -> Catalogue:
    """The same inside a transaction, where nobody may give way."""
    return _find_kept(store, None) or _fill(store, None, _fill_here)


def known_lessons(store: StoreRow) -> Learned | None:
    """The lessons that this process knew last."""
    with _guard:
        kept = _kept.get(store.public_id)
        return kept.learned if kept is not None else None


def get_article(store: StoreRow, article_id: str, locale: str) -> Article | None:
    """One shown article for a reader of `locale`."""
    return catalogue_of(store).article(article_id, locale)


def _find_kept(store: StoreRow, learned: Learned | None) -> Catalogue | None:
    version = _version(store)
    with _guard:
        kept = _kept.get(store.public_id)
        if kept is None or kept.version != version or not _knows(kept, learned):
            return None
        _kept.move_to_end(store.public_id)
        return kept.catalogue


def _knows(kept: _Kept, learned: Learned | None) -> bool:
    if learned is None:
        return True
    known = kept.learned.version if kept.learned is not None else ""
    return learned.version == known or (kept.learned is None and not learned.lessons)


def _version(store: StoreRow) -> str:
    told = [store.locale, store.currency, store.answers, store.facts, store.hours, store.articles_version or 0]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _fill(store: StoreRow, learned: Learned | None, run: Callable[..., Catalogue]) -> Catalogue:
    """`run` calls what computes, perhaps in a real thread beside the greenlets. Whatever may wait for a lock stays
    outside: a thread that waits for a greenlet's lock may wait for ever (seen)."""
    version = _version(store)
    with _guard:
        kept = _kept.get(store.public_id)
    lessons = learned if learned is not None else kept.learned if kept is not None else None
    if kept is not None and kept.version == version:
        filled = kept.filled
    else:
        # The facts are told here: the library that knows countries and money waits for a lock.
        own = read_own(store) if store.articles_version else OwnArticles()
        filled = run(_fill_starter, own, store.answers, store.locale or None, tell_facts(store))
    catalogue = run(filled.learn, lessons.lessons) if lessons is not None and lessons.lessons else filled
    with _guard:
        # Two requests may fill at once; the first one's catalogue stays, with the index it may have built.
        kept = _kept.get(store.public_id)
        if kept is not None and kept.version == version and _knows(kept, learned):
            return kept.catalogue
        _kept[store.public_id] = _Kept(version, filled, lessons, catalogue)
        _kept.move_to_end(store.public_id)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return catalogue


def _fill_starter(own: OwnArticles, answers: Answers, locale: str | None, told: Answers) -> Catalogue:
    whole = _starter()
    if own.shown or own.hidden:
        whole = whole.put_over(own.shown, own.hidden)
    return whole.fill(answers, locale, told)


def _fill_here(function: Callable[..., Catalogue], *given: Any) -> Catalogue:
    return function(*given)


@lru_cache(maxsize=1)
def examples() -> Catalogue:
    """The same articles with a demo shop's answers: what the hidden ones of a store would be."""
    return _starter().fill(EXAMPLE_ANSWERS)


@lru_cache(maxsize=1)
def _starter() -> Catalogue:
    return load_catalogue(STARTER)


def starter_article(article_id: str, locale: str) -> Article | None:
    """The starter's article as it was written, its questions to the merchant still in it."""
    return _starter().written(article_id, locale)


def fill_article(store: StoreRow, article: Article) -> Article:
    """An article that is not in the catalogue (yet) with the store's answers in it, as it would be shown."""
    alone = Catalogue([article], store.locale or None).fill(store.answers, store.locale or None, tell_facts(store))
    return alone.written(article.article_id, article.locale) or article


@lru_cache(maxsize=1)
def list_starter_ids() -> tuple[str, ...]:
    """Ids of the starter's articles, by section, then by id."""
    return tuple(one.article_id for one in examples().articles("es"))
