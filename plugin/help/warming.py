"""The index for questions, built beside the requests: at start, when a store's answers change, after a lesson.

A request waits for an index only where the one before took no longer than `PATIENCE` and no other is being built just
now, or where there was none; else it is answered from the one before while the new one is built. A lesson is known by
its very words all the while (`plugin.help.answers`).
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from weakref import WeakKeyDictionary, WeakSet

from faq_links import Catalogue, match
from faq_links.matching import index_of
from plugin.database import ALL, Database
from plugin.help.catalogues import MOST_KEPT, catalogue_of, examples
from plugin.help.learning import Learned, read_learned
from plugin.stores import StoreRow, list_stores
from plugin.work import offload

log = logging.getLogger("mostrador.help")

PATIENCE = 0.25
"""Seconds a request may wait for an index."""
MOST_WARMED = 200
"""Stores that are made ready at start, those connected last first."""

_ready: WeakKeyDictionary[Catalogue, set[str]] = WeakKeyDictionary()
_last: OrderedDict[str, tuple[Catalogue, float]] = OrderedDict()
_building = threading.Lock()
_under_way: WeakSet[Catalogue] = WeakSet()
_guard = threading.Lock()


def ready_catalogue(store: StoreRow, locale: str, learned: Learned | None = None) -> Catalogue:
    """The newest catalogue of the store that a question of a reader of `locale` need not wait for."""
    catalogue = catalogue_of(store, learned)
    if _is_ready(catalogue, locale):
        return catalogue
    with _guard:
        last = _last.get(store.public_id)
    slow = last is not None and (last[1] > PATIENCE or _building.locked())
    if last is not None and slow and _is_ready(last[0], locale):
        _warm_aside(store.public_id, catalogue)
        return last[0]
    _build(store.public_id, catalogue, (locale,))
    return catalogue


def ready_examples(locale: str) -> Catalogue:
    """The starter articles as a demo shop would fill them, ready for a question."""
    catalogue = examples()
    _build("", catalogue, (locale,))
    return catalogue


def warm(store: StoreRow, learned: Learned | None = None) -> None:
    """Makes the store ready for questions in all its languages; returns at once."""
    _aside(lambda: _build_all(store.public_id, catalogue_of(store, learned)))


def warm_all(db: Database) -> None:
    """The same for the stores connected last, one after the other; returns at once. For the start of a process."""
    _aside(lambda: _warm_stores(db))


def _warm_stores(db: Database) -> None:
    with db.reading(ALL, "which stores answer questions") as tx:
        here = [row for row in list_stores(tx) if row.status in ("connected", "parked")]
        newest = sorted(here, key=lambda row: row.connected_at, reverse=True)
        stores = [(row, read_learned(tx, row.id)) for row in newest[:MOST_WARMED]]
    _build_all("", examples())
    for row, learned in stores:
        _build_all(row.public_id, catalogue_of(row, learned))


def _is_ready(catalogue: Catalogue, locale: str) -> bool:
    found = catalogue.resolve(locale)
    with _guard:
        return found is None or found in _ready.get(catalogue, ())


def _build_all(public_id: str, catalogue: Catalogue) -> None:
    _build(public_id, catalogue, catalogue.locales)


def _build(public_id: str, catalogue: Catalogue, locales: Iterable[str]) -> None:
    """Builds what is missing, one index of the process at a time: building takes all of a processor, and whoever needs
    the same one waits here instead of building it once more. Who comes in between waits for one build, not for all."""
    for locale in locales:
        with _building:
            found = catalogue.resolve(locale)
            if found is not None and not _is_ready(catalogue, locale):
                began = time.perf_counter()
                offload(_prepare, catalogue, found)
                _note_ready(public_id, catalogue, found, time.perf_counter() - began)


def _prepare(catalogue: Catalogue, locale: str) -> None:
    """The index, and what the engine learns at its first question."""
    index_of(catalogue, locale)
    match(catalogue, "a?", locale)


def _note_ready(public_id: str, catalogue: Catalogue, locale: str, took: float) -> None:
    with _guard:
        _ready.setdefault(catalogue, set()).add(locale)
        _last[public_id] = catalogue, took
        _last.move_to_end(public_id)
        while len(_last) > MOST_KEPT:
            _last.popitem(last=False)


def _warm_aside(public_id: str, catalogue: Catalogue) -> None:
    with _guard:
        if catalogue in _under_way:
            return
        _under_way.add(catalogue)
    _aside(lambda: _build_all(public_id, catalogue))


def _aside(work: Callable[[], None]) -> None:
    def run() -> None:
        try:
            work()
        except Exception:
            # The next question builds what is missing, and says what is wrong to who asks.
            log.exception("An index for questions could not be built beforehand.")

    threading.Thread(target=run, name="help-warm", daemon=True).start()
