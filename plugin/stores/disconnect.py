"""Letting go of a shop: what we made there is removed as far as it lets us, what opens it is forgotten.

Also when the shop let go of us, as a delivery says: deliveries come late and twice, and the shop may be back since. So
where the platform can be asked for a new access at any time, it is asked; elsewhere the delivery is believed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from plugin.contract import (
    AdapterError,
    Capability,
    Clock,
    PlatformDown,
    RateLimited,
    Store,
    StoreAdapter,
    SystemClock,
)
from plugin.database import Database
from plugin.registry import Registry, UnknownAdapter
from plugin.stores.access import ask_platform, lock_store, renew_access
from plugin.stores.connect import as_contract, get_store
from plugin.stores.models import StoreRow
from plugin.work import Claimed, finish, is_last_try, put

NOTHING = "{}"
"""Earlier credentials that hold none: the store was proven once (`connect.was_proven`), and nothing opens it now."""


def disconnect_store(
    db: Database,
    registry: Registry,
    store_id: int,
    and_also: Callable[[Session], object] = lambda tx: None,
    clock: Clock | None = None,
) -> str:
    """Asks the platform to forget us, outside any transaction, then forgets the access. `and_also`: what other rooms
    end with it, in the same transaction. Gives what the platform would not do, or ''.

    The store's rows stay: a merchant who comes back finds orders, articles and colleagues.
    """
    trouble = _tear_down(db, registry, store_id)
    with db.transaction(store_id) as tx:
        take_off(get_store(tx, store_id), (clock or SystemClock()).now())
        and_also(tx)
    return trouble


def take_off(row: StoreRow, now: datetime) -> None:
    """The shop has left: nothing is asked or mailed any more, and what opens it is forgotten. When it left stays."""
    row.status, row.trouble, row.trouble_told_at = "uninstalled", None, None
    row.uninstalled_at = row.uninstalled_at or now
    if row.credentials is not None or row.previous_credentials is not None:
        row.credentials, row.previous_credentials = None, NOTHING
    row.access_expires_at = row.refresh_before = row.refresh_claimed_until = None
    row.mails_since = row.mails_leased_until = None
    row.live_at = None


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


def meet_departure(tx: Session, row: StoreRow, now: datetime) -> bool:
    """A delivery says that the merchant took the app off. True: so it is; False: the platform is asked first, or nobody
    had let the shop in: then it stays a stranger, who comes by no other way than any stranger."""
    if row.status == "announced":
        return False
    if row.status != "uninstalled" and row.credentials is not None and row.access_expires_at is not None:
        put(tx, "stores.departure", {}, due_at=now, store=row.id, key=f"departure:{row.id}")
        return False
    take_off(row, now)
    return True


def confirm_departure(
    db: Database, registry: Registry, clock: Clock, job: Claimed, and_also: Callable[[Session, int, datetime], object]
) -> None:
    """The job `stores.departure`: a shop that still gives a new access, and answers to it, is here. A platform that is
    down is asked again, and believed when it stays so. `and_also`: as in `disconnect_store`, with the store and now."""
    assert job.store is not None
    with db.reading(job.store) as tx:
        used = as_contract(get_store(tx, job.store))
    if not used.credentials:
        return
    try:
        left = _find_refused(db, registry, job.store, used)
    except (PlatformDown, RateLimited):
        if not is_last_try(job, clock.now()):
            raise
        left = used
    if left is None:
        return
    with db.transaction(job.store) as tx:
        row = lock_store(tx, job.store)
        # Credentials that are others by now came from a merchant who is back.
        if as_contract(row).credentials == left.credentials:
            take_off(row, clock.now())
            and_also(tx, job.store, clock.now())
        finish(tx, job)


def is_still_here(db: Database, registry: Registry, store_id: int) -> bool:
    """Whether the shop, asked just now, lets us in; False also where nobody can tell. Raises `PlatformDown` and
    `RateLimited`."""
    with db.reading(store_id) as tx:
        row = tx.get(StoreRow, store_id)
        if row is None or row.status == "uninstalled" or row.credentials is None or row.access_expires_at is None:
            return False
        used = as_contract(row)
    return used.platform in registry.names and _find_refused(db, registry, store_id, used) is None


def _find_refused(db: Database, registry: Registry, store_id: int, used: Store) -> Store | None:
    """The store with the credentials that its platform takes no more; None: it gave new ones, and answered to them."""
    adapter = registry.get(used.platform)
    try:
        used = renew_access(db, adapter, store_id, used)
        adapter.surfaces(used)
    except (PlatformDown, RateLimited):
        raise
    except AdapterError:
        return used
    return None
