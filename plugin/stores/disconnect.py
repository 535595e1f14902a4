"""Letting go of a shop: what we made there is removed as far as it lets us, what opens it is forgotten."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from plugin.contract import AdapterError, Capability, Store, StoreAdapter
from plugin.database import Database
from plugin.registry import Registry, UnknownAdapter
from plugin.stores.access import ask_platform
from plugin.stores.connect import get_store

NOTHING = "{}"
"""Earlier credentials that hold none: the store was proven once (`connect.was_proven`), and nothing opens it now."""


def disconnect_store(
    db: Database, registry: Registry, store_id: int, and_also: Callable[[Session], object] = lambda tx: None
) -> str:
    """Asks the platform to forget us, outside any transaction, then forgets the access. `and_also`: what other rooms
    end with it, in the same transaction. Gives what the platform would not do, or ''.

    The store's rows stay: a merchant who comes back finds orders, articles and colleagues.
    """
    trouble = _tear_down(db, registry, store_id)
    with db.transaction(store_id) as tx:
        row = get_store(tx, store_id)
        row.status, row.trouble, row.trouble_told_at = "uninstalled", None, None
        if row.credentials is not None or row.previous_credentials is not None:
            row.credentials, row.previous_credentials = None, NOTHING
        row.mails_since = row.mails_leased_until = None
        row.live_at = None
        and_also(tx)
    return trouble


def _tear_down(db: Database, registry: Registry, store_id: int) -> str:
    """Best effort: a platform that no longer answers holds nobody back."""
    troubles = []
    for ask in (_give_mails_back, lambda adapter, store: adapter.tear_down(store)):
        try:
            ask_platform(db, registry, store_id, ask)
        except AdapterError as error:
            troubles.append(error.words)
        except UnknownAdapter as error:
            return str(error)
    return troubles[0] if troubles else ""


def _give_mails_back(adapter: StoreAdapter, store: Store) -> None:
    if Capability.MAIL_LEASE in adapter.capabilities and store.credentials:
        adapter.lease_mails(store, None)
