"""Each store's catalogue: the starter articles filled with the merchant's answers, kept until those change."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from functools import lru_cache

from faq_links import STARTER, Article, Catalogue, load_catalogue
from plugin.stores import StoreRow
from plugin.work import offload

MOST_KEPT = 512

_kept: OrderedDict[str, tuple[str, Catalogue]] = OrderedDict()
_guard = threading.Lock()


def catalogue_of(store: StoreRow) -> Catalogue:
    """The store's articles in every locale; those that miss an answer are never shown (see `faq_links`)."""
    version = _version(store)
    with _guard:
        kept = _kept.get(store.public_id)
        if kept is not None and kept[0] == version:
            _kept.move_to_end(store.public_id)
            return kept[1]
    catalogue = offload(_fill, store.answers, store.locale)
    with _guard:
        # Two requests may fill at once; the first one's catalogue stays, with the index it may have built.
        kept = _kept.get(store.public_id)
        if kept is not None and kept[0] == version:
            return kept[1]
        _kept[store.public_id] = version, catalogue
        _kept.move_to_end(store.public_id)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return catalogue


def get_article(store: StoreRow, article_id: str, locale: str) -> Article | None:
    """One shown article for a reader of `locale`."""
    return catalogue_of(store).article(article_id, locale)


def _version(store: StoreRow) -> str:
    answers = json.dumps([store.locale, store.answers], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(answers.encode("utf-8", "surrogatepass")).hexdigest()


def _fill(answers: dict[str, dict[str, str]], locale: str) -> Catalogue:
    return _starter().fill(answers, locale or None)


@lru_cache(maxsize=1)
def _starter() -> Catalogue:
    return load_catalogue(STARTER)
