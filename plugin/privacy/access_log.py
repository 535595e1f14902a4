"""The access log: which person looked at which shopper's data, and when. Rows are added, never changed.

It names orders by their number and conversations by their random id, so that it tells nothing more about anybody than
the desk itself. Kept for a year (`retain`), it goes with its store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from plugin.agents import AgentRow
from plugin.care.search import read_typed
from plugin.database import Database
from plugin.privacy.customer import Customer, address_pattern, pages, scan
from plugin.privacy.models import AccessRow

SAME_LOOK = timedelta(minutes=10)
"""A page that is open, or opened again, for so long is one look."""
LONGEST_SUBJECT = 120
NAMED_BY_US = ("order", "conversation", "list", "copy", "erasure")
"""Kinds whose subject is a number or an id of ours; in the others stands what somebody typed."""
PAGE_OF_LOOKS = 100


@dataclass(frozen=True)
class Looker:
    """Somebody who stands in the log. `address`: as it was when they looked last."""

    agent_id: int
    address: str


def note_access(tx: Session, store_id: int, agent: AgentRow, kind: str, subject: str, now: datetime) -> bool:
    """Writes one look down; False when the same one is noted already. `kind`: order, conversation, mail, copy, erasure,
    search or list. `subject`: which one, as people name it at the desk; of a list its name."""
    if not find_new(tx, store_id, agent.id, kind, [subject], now):
        return False
    tx.add(
        AccessRow(
            store_id=store_id, at=now, agent_id=agent.id, agent=agent.email, kind=kind, subject=_shorten(subject),
            subject_index=index_subject(tx, subject),
        )
    )  # fmt: skip
    return True


def find_new(
    tx: Session, store_id: int, agent_id: int, kind: str, subjects: Iterable[str], now: datetime
) -> list[str]:
    """Those of these subjects, each once, at which this agent has not looked within the last ten minutes."""
    indexes = {one: index_subject(tx, one) for one in subjects}
    noted: set[str] = set()
    for page in pages(sorted(set(indexes.values()))):
        same = (
            AccessRow.store_id == store_id, AccessRow.at > now - SAME_LOOK, AccessRow.agent_id == agent_id,
            AccessRow.kind == kind, AccessRow.subject_index.in_(page),
        )  # fmt: skip
        noted.update(tx.scalars(select(AccessRow.subject_index).where(*same)))
    return [one for one, index in indexes.items() if index not in noted]


def list_accesses(
    tx: Session,
    store_id: int,
    *,
    agent_id: int | None = None,
    subject: str = "",
    before: int | None = None,
    most: int = PAGE_OF_LOOKS,
) -> Sequence[AccessRow]:
    """The newest looks, of one agent, at one subject; `before`: the id of the last row of the page before."""
    which: list[ColumnElement[bool]] = [AccessRow.store_id == store_id]
    if agent_id is not None:
        which.append(AccessRow.agent_id == agent_id)
    if subject.strip():
        which.append(AccessRow.subject_index == index_subject(tx, subject))
    if before is not None:
        at = tx.scalar(select(AccessRow.at).where(AccessRow.store_id == store_id, AccessRow.id == before))
        if at is None:
            return []
        which.append(or_(AccessRow.at < at, and_(AccessRow.at == at, AccessRow.id < before)))
    newest = select(AccessRow).where(*which).order_by(AccessRow.at.desc(), AccessRow.id.desc())
    return list(tx.scalars(newest.limit(most)))


def list_lookers(tx: Session, store_id: int) -> list[Looker]:
    """Everybody who stands in the log and still has an account, by address."""
    latest = select(func.max(AccessRow.id)).where(AccessRow.store_id == store_id, AccessRow.agent_id.is_not(None))
    newest = list(tx.scalars(latest.group_by(AccessRow.agent_id)))
    rows = tx.scalars(select(AccessRow).where(AccessRow.store_id == store_id, AccessRow.id.in_(newest)))
    found = [Looker(row.agent_id, row.agent) for row in rows if row.agent_id is not None]
    return sorted(found, key=lambda one: (one.address, one.agent_id))


def find_looks(tx: Session, store_id: int, subjects: Iterable[str]) -> list[AccessRow]:
    """Every look at one of these subjects, oldest first."""
    found: list[AccessRow] = []
    for page in pages(sorted({index_subject(tx, one) for one in subjects if one})):
        which = (AccessRow.store_id == store_id, AccessRow.subject_index.in_(page))
        found += tx.scalars(select(AccessRow).where(*which))
    return sorted(found, key=lambda row: row.id)


def find_typed_looks(db: Database, customer: Customer) -> list[int]:
    """Rows in which somebody's own words name one of the customer's addresses, or look for their name."""
    typed = (
        AccessRow.store_id == customer.store_id, AccessRow.kind.not_in(NAMED_BY_US), AccessRow.subject_index != "",
    )  # fmt: skip
    named = address_pattern(customer.addresses)
    rows = scan(db, customer.store_id, select(AccessRow).where(*typed), AccessRow.id)
    return [row.id for row in rows if named.search(row.subject) or looks_for(row.subject, customer.names)]


def looks_for(typed: str, names: Iterable[str]) -> bool:
    """Whether typed words are one of these names, a part of it, or hold it whole: "ruiz" and "taza de Alma Ruiz", but
    not "alma de cántaro"."""
    words = set(read_typed(typed))
    called = [set(read_typed(name)) for name in names]
    return any(words and one and (words <= one or one <= words) for one in called)


def forget_subjects(tx: Session, store_id: int, ids: list[int]) -> None:
    """That somebody looked stays; what they typed goes."""
    which = (AccessRow.store_id == store_id, AccessRow.id.in_(ids))
    tx.execute(update(AccessRow).where(*which).values(subject="", subject_index=""))


def index_subject(tx: Session, subject: str) -> str:
    """The blind index by which a subject is found, with or without the sign before an order's number; '' for none."""
    plain = _shorten(subject).lstrip("#").lower()
    vault: Any = tx.get_bind().dialect.mostrador_vault  # type: ignore[attr-defined]
    index: str = vault.index("access", plain) if plain else ""
    return index


def _shorten(subject: str) -> str:
    return " ".join(subject.split())[:LONGEST_SUBJECT]
