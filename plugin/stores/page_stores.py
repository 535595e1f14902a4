"""Stores as platform-shaped pages meet them: by the platform's name for them, with what the pages learnt of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.stores.connect import find_by_domain, has_access
from plugin.stores.coverage import promise_examination
from plugin.stores.hook_addresses import DOMAIN
from plugin.stores.models import StoreRow

MOST_KEPT = 50
LONGEST_KEY = 60
LONGEST_FACT = 8000


def look_up_store(tx: Session, platform: str, domain: str) -> StoreRow | None:
    """The store at this address of a platform, whatever became of it; read only, without a lock."""
    which = (StoreRow.platform == platform, StoreRow.domain == domain)
    # PostgreSQL cannot even be asked for every text: it takes no NUL and no lone surrogate.
    return tx.scalar(select(StoreRow).where(*which)) if DOMAIN.fullmatch(domain) else None


def is_open(row: StoreRow) -> bool:
    """Whether somebody let the store in, and nobody took it off since."""
    return row.status not in ("announced", "uninstalled")


def has_working_access(row: StoreRow, now: datetime) -> bool:
    """Whether the platform lets us in, as far as we know: neither taken back nor at rest for too long."""
    return has_access(row) and (row.refresh_before is None or row.refresh_before > now)


def keep_facts(
    tx: Session, platform: str, domain: str, facts: Mapping[str, str], now: datetime
) -> StoreRow | None:
    """Adds to what is kept of an open store; '' takes a fact away. What changed may change where the widget stands,
    so the coverage is asked for anew. Raises ValueError for more than a row should hold."""
    row = find_by_domain(tx, platform, domain)
    if row is None or not is_open(row):
        return None
    before = dict(row.kept or {})
    kept = {key: fact for key, fact in (before | dict(facts)).items() if fact}
    too_long = any(len(key) > LONGEST_KEY or len(fact) > LONGEST_FACT for key, fact in kept.items())
    if len(kept) > MOST_KEPT or too_long:
        raise ValueError("That is more than can be kept of a store.")
    if kept != before:
        row.kept = kept
        promise_examination(tx, row, now)
    return row
