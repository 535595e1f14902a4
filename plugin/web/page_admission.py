"""Letting a store in by the word of a merchant whom its platform proved: an access in exchange for the proof.

A store with an access that works is let in as it is. Else the proof is exchanged, which verifies it, and the store is
made or renewed by what came of it. Of several openings in the same moment one exchanges, the others find what it
brought: a platform may take back an access when it gives the next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from plugin.agents.ownership import PROVEN, NotTheirs, may_begin, settle_store
from plugin.contract import InstallRejected, Proof, RateLimited, Store, StoreAccess, StoreAdapter
from plugin.database import ALL
from plugin.stores import StoreRow, as_contract, find_by_public_id
from plugin.stores.page_stores import has_working_access, is_open, look_up_store
from plugin.stores.set_up import promise_set_up
from plugin.web.doors import doors

PATIENCE = 20.0
"""Seconds to wait for another opening of the same store."""


class _Turns:
    """One lock per store that is being let in by this process; it is gone when nobody holds or awaits it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[tuple[str, str], tuple[threading.Lock, int]] = {}

    @contextmanager
    def take(self, platform: str, domain: str) -> Iterator[None]:
        """Waits for its turn. Raises `RateLimited` when that takes too long."""
        key = (platform, domain)
        with self._guard:
            lock, users = self._locks.get(key, (threading.Lock(), 0))
            self._locks[key] = (lock, users + 1)
        try:
            if not lock.acquire(timeout=PATIENCE):
                raise RateLimited(retry_after=5)
            try:
                yield
            finally:
                lock.release()
        finally:
            with self._guard:
                lock, users = self._locks.pop(key)
                if users > 1:
                    self._locks[key] = (lock, users - 1)


_turns = _Turns()


def admit_store(
    adapter: StoreAdapter, proof: Proof, refusal: Callable[[str], InstallRejected], count: Callable[[str], None]
) -> Store:
    """The store of `proof`, with an access that works. `refusal` tells a code in words; `count` counts a question to
    the platform. Raises `InstallRejected`, and what the exchange raises."""
    domain, row = _find(adapter, proof)
    if not domain:
        raise refusal("gone")
    if row is not None and _works(row):
        return as_contract(row)
    with _turns.take(adapter.name, domain):
        _, row = _find(adapter, proof)
        if row is not None and _works(row):
            return as_contract(row)
        if (row is None or row.status == "announced") and not _may_come():
            raise refusal("invited")
        count(domain)
        access = adapter.exchange_access(proof)
        if access.domain != domain:
            raise refusal("gone")
        return _settle(adapter, access, refusal)


def _find(adapter: StoreAdapter, proof: Proof) -> tuple[str, StoreRow | None]:
    """The address the proof claims, and the store there; a proof that names one of our ids claims a known store."""
    with doors().db.reading(ALL, "the store a merchant opens") as tx:
        if proof.claimed_domain:
            return proof.claimed_domain, look_up_store(tx, adapter.name, proof.claimed_domain)
        row = find_by_public_id(tx, proof.claimed_store)
    known = row is not None and row.platform == adapter.name
    return (row.domain, row) if known and row is not None else ("", None)


def _works(row: StoreRow) -> bool:
    return is_open(row) and has_working_access(row, doors().clock.now())


def _may_come() -> bool:
    here = doors()
    with here.db.reading(ALL, "may a new store come") as tx:
        return may_begin(tx, here.settings.installs)


def _settle(adapter: StoreAdapter, access: StoreAccess, refusal: Callable[[str], InstallRejected]) -> Store:
    here = doors()
    now = here.clock.now()
    try:
        with here.db.transaction(ALL, "a merchant opens their store's home") as tx:
            row = settle_store(tx, adapter.name, access, PROVEN, here.settings.installs, now)
            promise_set_up(tx, row, now)
    except NotTheirs as error:
        raise refusal("invited" if error.code == "ticket" else "gone") from None
    return as_contract(row)
