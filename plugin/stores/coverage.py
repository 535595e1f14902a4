"""What the adapter last said of a store: each page of the purchase, and what the connection doctor found.

The desk reads both from the store's row, so that looking at a page never asks the platform. Also the job
`stores.examine`, which asks the doctor: once a day, and whenever the page's button wishes it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.contract import (
    AccessExpired,
    AccessRevoked,
    AdapterError,
    Clock,
    Finding,
    FindingState,
    Notice,
    Store,
    StoreAdapter,
    Surface,
    SurfaceState,
    Unsupported,
)
from plugin.database import ALL, Database
from plugin.registry import Registry
from plugin.stores.access import ask_platform
from plugin.stores.addresses import store_urls
from plugin.stores.connect import get_store, has_access, list_stores
from plugin.stores.models import StoreRow
from plugin.stores.words import pack
from plugin.work import Claimed, finish, put
from plugin.work.models import Job

log = logging.getLogger("mostrador.stores")

MOST_PAGES = 60
MOST_FINDINGS = 60
LONGEST_URL = 2000
LARGEST_FACTS = 200_000
"""Characters of JSON: some hundred times what the largest shop of our recordings has to tell."""
ACCESS = "access"
"""The key of our own finding: whether the platform lets us ask at all."""


def save_coverage(row: StoreRow, surfaces: Sequence[Surface]) -> None:
    """Keeps what the adapter said of each page, in its order."""
    row.coverage = [
        {
            "step": one.step.value, "state": one.state.value, "words": pack(one.words),
            "url": one.url[:LONGEST_URL],
        }
        for one in surfaces[:MOST_PAGES]
    ]  # fmt: skip


def read_coverage(row: StoreRow) -> list[dict[str, str]]:
    """step, state, words (packed) and url of each page; rows with a state nobody knows are left out."""
    known = set(SurfaceState)
    return [dict(one) for one in row.coverage or () if one.get("state") in known]


def count_live(coverage: Sequence[dict[str, str]]) -> int:
    """How many pages the widget stands on."""
    return sum(one["state"] == SurfaceState.live for one in coverage)


def count_linked(coverage: Sequence[dict[str, str]]) -> int:
    """On how many pages a link to the help stands in the shop's own policies, where the widget cannot."""
    return sum(one["state"] == SurfaceState.policy_link for one in coverage)


def save_findings(row: StoreRow, findings: Sequence[Finding], now: datetime) -> None:
    """Keeps what the doctor found at `now`; an adapter without a doctor leaves none."""
    row.findings = [
        {"key": one.key[:100], "state": one.state.value, "words": pack(one.words), "url": one.url[:LONGEST_URL]}
        for one in findings[:MOST_FINDINGS]
    ]
    row.examined_at = now


def read_findings(row: StoreRow) -> list[dict[str, str]]:
    """key, state, words (packed) and url of each finding, as the doctor put them."""
    known = set(FindingState)
    return [dict(one) for one in row.findings or () if one.get("state") in known]


def promise_examination(tx: Session, row: StoreRow, now: datetime) -> None:
    """One pending examination per store."""
    put(tx, "stores.examine", {}, due_at=now, store=row.id, key=f"examine:{row.id}")


def examine_all(db: Database, clock: Clock) -> None:
    """The daily round: promises an examination of every store that lets us in, and asks a parked one whether it does
    so again, as a set-up would: what closed it may have been a plugin, and long be mended."""
    now = clock.now()
    with db.transaction(ALL, "examine every store") as tx:
        for row in list_stores(tx):
            if has_access(row):
                promise_examination(tx, row, now)
            elif row.status == "parked" and row.credentials is not None:
                put(tx, "stores.set_up", {}, due_at=now, store=row.id, key=f"set_up:{row.id}")


def examine_store(db: Database, registry: Registry, clock: Clock, base_url: str, job: Claimed) -> None:
    """The job `stores.examine`. Where the platform does not answer, the last findings stay with their time, and what
    it said just now stands before them; the next round asks again. A parked store is asked too: perhaps it was mended.
    Which mails the platform sends is asked as well: a merchant may have switched one off or on since. So are the facts
    that the help may tell; a platform that will not say keeps nothing else from being kept.
    """
    assert job.store is not None
    with db.reading(job.store) as tx:
        row = get_store(tx, job.store)
        urls, asks = store_urls(row, base_url), row.credentials is not None and row.status != "uninstalled"
    findings: Sequence[Finding] | None = None
    surfaces: Sequence[Surface] | None = None
    mails: frozenset[Notice] | None = None
    facts: Mapping[str, Any] | None = None
    trouble = ""
    if asks:
        try:
            findings = ask_platform(db, registry, job.store, lambda adapter, store: adapter.examine(store, urls))
            surfaces = ask_platform(db, registry, job.store, _ask_surfaces)
            mails = ask_platform(db, registry, job.store, lambda adapter, store: adapter.platform_mails(store))
            facts = _ask_facts(db, registry, job.store)
        except AdapterError as error:
            trouble = error.words
    with db.transaction(job.store) as tx:
        row = get_store(tx, job.store)
        if findings is not None:
            save_findings(row, findings, clock.now())
        if trouble:
            _note_no_answer(row, trouble)
        if surfaces is not None:
            save_coverage(row, surfaces)
        if mails is not None:
            row.platform_mails = sorted(notice.value for notice in mails)
        if facts is not None:
            save_facts(row, facts, clock.now())
        finish(tx, job)


def _ask_surfaces(adapter: StoreAdapter, store: Store) -> Sequence[Surface]:
    return adapter.surfaces(store)


def _ask_facts(db: Database, registry: Registry, store_id: int) -> Mapping[str, Any] | None:
    """What the platform tells of the store; nothing where it has no way to, None where it would not say just now."""
    try:
        return ask_platform(db, registry, store_id, lambda adapter, store: adapter.store_facts(store))
    except Unsupported:
        return {}
    except (AccessExpired, AccessRevoked):
        raise
    except AdapterError as error:
        log.info("The facts of store %s were not told: %s", store_id, type(error).__name__)
        return None


def save_facts(row: StoreRow, facts: Mapping[str, Any], now: datetime) -> None:
    """Keeps what `store_facts` told at `now`, amounts and times as text; too much of it is not kept at all."""
    written = json.dumps(facts, default=str, ensure_ascii=False)
    if len(written) <= LARGEST_FACTS:
        row.facts, row.facts_at = json.loads(written), now


def _note_no_answer(row: StoreRow, words: str) -> None:
    mine = {"key": ACCESS, "state": FindingState.trouble.value, "words": pack(words), "url": ""}
    row.findings = [mine, *(one for one in read_findings(row) if one["key"] != ACCESS)][:MOST_FINDINGS]


def is_at_work(tx: Session, store_id: int, kind: str) -> bool:
    """Whether a job of this kind (``stores.examine``) is waiting for the store, or in somebody's hands."""
    mine = select(Job.id).where(Job.store == store_id, Job.kind == kind, Job.buried_at.is_(None))
    return tx.scalar(mine.limit(1)) is not None
