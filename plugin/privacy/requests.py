"""The jobs behind privacy requests, of the platforms and of a store's owners, and the receipts they leave.

Their payloads are sealed, since an outbox row names nobody: ``{"email", "customer_id", "orders": [the platform's ids],
"asked_at": ISO 8601, "by": "" or "owner"}``; what is missing is empty. Beside it a job that was begun keeps what it
found and the receipt's name, so that one that is run again ends the same, with one receipt.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from plugin.contract import Clock, PayloadUnreadable
from plugin.database import Database, Transaction
from plugin.privacy.erase import carry_out, plan_erasure
from plugin.privacy.export import export_customer
from plugin.privacy.models import PrivacyRequest
from plugin.privacy.store_erasure import erase_store
from plugin.registry import Registry
from plugin.stores.disconnect import is_still_here
from plugin.work import Claimed, finish, put
from plugin.work.models import Job

log = logging.getLogger("mostrador.privacy")

KINDS = {"copy": "privacy.export_customer", "erasure": "privacy.erase_customer"}
"""What is asked for → the job that does it."""
OWN = "own_"
"""Before the kind of a request that an owner made at the desk."""


@dataclass(frozen=True)
class Named:
    """Whom a request is about, and who asked when."""

    email: str
    customer_id: str
    orders: tuple[str, ...]
    asked_at: datetime
    by_owner: bool

    @property
    def is_nobody(self) -> bool:
        return not (self.email.strip() or self.customer_id or self.orders)


@dataclass(frozen=True)
class Waiting:
    """A request that is not done. `kind` as in `PrivacyRequest`; `words`: what went wrong the last time; `buried`: it
    was given up, and is done only when somebody plays it again; `is_nobody`: it names nobody."""

    kind: str
    asked_at: datetime
    words: str
    buried: bool
    is_nobody: bool


def erase_requested_customer(db: Database, clock: Clock, job: Claimed) -> None:
    """The job `privacy.erase_customer`. Whoever is not known leaves a receipt of zeroes.

    Raises PayloadUnreadable when it names nobody: nothing is guessed, and the job rests with these words.
    """
    assert job.store is not None
    named = _open(db, job)
    plan = plan_erasure(db, job.store, named.email, named.customer_id, named.orders)
    counts, receipt = _begin(db, job, plan.counts)
    carry_out(db, plan, clock.now())
    _write(db, clock.now(), job, _Done("erasure", named, receipt, counts))


def export_requested_customer(db: Database, clock: Clock, job: Claimed) -> None:
    """The job `privacy.export_customer`: the copy waits for the merchant (`list_requests`). Raises like its sister."""
    assert job.store is not None
    named = _open(db, job)
    copy = export_customer(db, job.store, named.email, named.customer_id, named.orders)
    counts = {name: len(part) for name, part in copy.items() if isinstance(part, list) and name != "addresses"}
    counts["receipts"] = copy["deliveries"]
    _, receipt = _begin(db, job, {})
    _write(db, clock.now(), job, _Done("copy", named, receipt, counts, json.dumps(copy, ensure_ascii=False)))


def erase_requested_store(db: Database, registry: Registry, clock: Clock, job: Claimed) -> None:
    """The job `privacy.erase_store`; its own row goes with the store.

    The wish comes days after a shop took the app off, late, and twice: one that lets us in when it is asked is back,
    and keeps what it has. Raises `PlatformDown` and `RateLimited`: nothing is erased before somebody answered.
    """
    assert job.store is not None
    if is_still_here(db, registry, job.store):
        log.warning("Store %s is not erased as its platform wished: its merchant is here.", job.store)
        return
    erase_store(db, job.store, why="asked", asked_at=job.first_due_at, now=clock.now())


def ask_for_customer(tx: Transaction, db: Database, store_id: int, kind: str, email: str, now: datetime) -> str:
    """An owner's own request; gives what its receipt will be called. `kind`: copy or erasure."""
    told = {"email": email, "customer_id": "", "orders": [], "asked_at": now.isoformat(), "by": "owner"}
    sealed = db.vault.seal(json.dumps(told).encode()).decode()
    begun = _name_receipt()
    put(tx, KINDS[kind], {"sealed": sealed, "begun": begun}, due_at=now, store=store_id)
    return str(begun["receipt"])


def list_requests(
    tx: Session, store_id: int, *, before: int | None = None, most: int | None = None
) -> Sequence[PrivacyRequest]:
    """What was asked about this store's customers, newest first; `copy` is what the merchant hands on. `before`: the id
    of the last row of the page before; `most`: None for all."""
    newest = select(PrivacyRequest).where(PrivacyRequest.store_id == store_id).order_by(PrivacyRequest.id.desc())
    if before is not None:
        newest = newest.where(PrivacyRequest.id < before)
    return list(tx.scalars(newest.limit(most)))


def find_request(tx: Session, store_id: int, public_id: str) -> PrivacyRequest | None:
    """One of this store's requests by its receipt's name."""
    if not public_id.isascii() or not public_id.isprintable():
        return None  # PostgreSQL cannot even be asked for every text: it takes no NUL
    which = (PrivacyRequest.store_id == store_id, PrivacyRequest.public_id == public_id)
    return tx.scalar(select(PrivacyRequest).where(*which))


def list_waiting(tx: Session, db: Database, store_id: int) -> list[Waiting]:
    """What is asked for and not done yet, oldest first."""
    mine = select(Job).where(Job.store == store_id, Job.kind.in_(KINDS.values())).order_by(Job.id)
    found = []
    for row in tx.scalars(mine):
        named = _read(db, row.payload, row.first_due_at)
        kind = next(name for name, kind in KINDS.items() if kind == row.kind)
        words = (row.words or "").partition(": ")[2]
        found.append(Waiting(_name(kind, named), named.asked_at, words, row.buried_at is not None, named.is_nobody))
    return found


def _name(kind: str, named: Named) -> str:
    return OWN + kind if named.by_owner else kind


def _open(db: Database, job: Claimed) -> Named:
    named = _read(db, job.payload, job.first_due_at)
    if named.is_nobody:
        raise PayloadUnreadable("The request names no e-mail address, no customer and no order. Nothing was done.")
    return named


def _read(db: Database, payload: dict[str, object], first_due_at: datetime) -> Named:
    told = json.loads(db.vault.open(str(payload["sealed"]).encode()))
    asked_at = datetime.fromisoformat(told["asked_at"]) if told.get("asked_at") else first_due_at
    return Named(
        email=str(told.get("email") or ""), customer_id=str(told.get("customer_id") or ""), asked_at=asked_at,
        orders=tuple(str(one) for one in told.get("orders") or () if one), by_owner=told.get("by") == "owner",
    )  # fmt: skip


def _begin(db: Database, job: Claimed, found: dict[str, int]) -> tuple[dict[str, int], str]:
    """Writes down on the job's row what is found, and gives the most that any run found, and the receipt's name."""
    assert job.store is not None
    begun = job.payload.get("begun") or _name_receipt()
    counts = {name: max(count, int(begun["counts"].get(name, 0))) for name, count in found.items()}
    job.payload = {**job.payload, "begun": {"counts": counts, "receipt": begun["receipt"]}}
    with db.transaction(job.store) as tx:
        tx.execute(update(Job).where(Job.id == job.id).values(payload=job.payload))
    return counts, str(begun["receipt"])


def _name_receipt() -> dict[str, Any]:
    return {"counts": {}, "receipt": "pr_" + secrets.token_urlsafe(12)}


@dataclass(frozen=True)
class _Done:
    """What a receipt says."""

    kind: str
    named: Named
    receipt: str
    counts: dict[str, int]
    copy: str | None = None


def _write(db: Database, now: datetime, job: Claimed, done: _Done) -> None:
    """The receipt, once, and the end of the job. Of an erasure nothing is kept by which its customer can be found."""
    assert job.store is not None
    address = done.named.email.strip().lower() if done.copy is not None else ""
    with db.transaction(job.store) as tx:
        if find_request(tx, job.store, done.receipt) is None:
            tx.add(
                PrivacyRequest(
                    store_id=job.store, public_id=done.receipt, kind=_name(done.kind, done.named),
                    asked_at=done.named.asked_at, done_at=now, counts=done.counts, copy=done.copy,
                    email_index=db.vault.index("email", address) if address else "",
                )
            )  # fmt: skip
        finish(tx, job)
