"""The jobs behind the platforms' privacy webhooks. Their payloads are sealed: an outbox row names nobody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.contract import Clock
from plugin.database import Database
from plugin.privacy.erase import erase_customer, erase_store
from plugin.privacy.export import export_customer
from plugin.privacy.models import PrivacyRequest
from plugin.work import Claimed, finish


def erase_requested_customer(db: Database, clock: Clock, job: Claimed) -> None:
    """The job `privacy.erase_customer`."""
    assert job.store is not None
    email, customer_id = _open(db, job)
    counts = erase_customer(db, job.store, email, customer_id, clock.now())
    _write(db, clock.now(), job, "erasure", email, counts)


def export_requested_customer(db: Database, clock: Clock, job: Claimed) -> None:
    """The job `privacy.export_customer`: the copy waits for the merchant (`list_requests`)."""
    assert job.store is not None
    email, customer_id = _open(db, job)
    copy = export_customer(db, job.store, email, customer_id)
    counts = {name: len(part) for name, part in copy.items() if isinstance(part, list)}
    _write(db, clock.now(), job, "copy", email, counts, json.dumps(copy, ensure_ascii=False))


def erase_requested_store(db: Database, job: Claimed) -> None:
    """The job `privacy.erase_store`; its own row goes with the store."""
    assert job.store is not None
    erase_store(db, job.store)


def list_requests(tx: Session, store_id: int) -> Sequence[PrivacyRequest]:
    """What was asked about this store's customers, newest first; `copy` is what the merchant hands on."""
    newest = select(PrivacyRequest).where(PrivacyRequest.store_id == store_id).order_by(PrivacyRequest.id.desc())
    return list(tx.scalars(newest))


def _open(db: Database, job: Claimed) -> tuple[str, str]:
    named = json.loads(db.vault.open(job.payload["sealed"].encode()))
    return str(named["email"]), str(named["customer_id"])


def _write(
    db: Database, now: datetime, job: Claimed, kind: str, email: str, counts: dict[str, int], copy: str | None = None
) -> None:
    assert job.store is not None
    address = email.strip().lower()
    with db.transaction(job.store) as tx:
        tx.add(
            PrivacyRequest(
                store_id=job.store, kind=kind, asked_at=job.first_due_at, done_at=now, counts=counts, copy=copy,
                email_index=db.vault.index("email", address) if address else "",
            )
        )  # fmt: skip
        finish(tx, job)
