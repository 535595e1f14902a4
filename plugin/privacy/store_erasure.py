"""Forgets a whole store. What stays is a receipt for the operator: that it was done, and nothing about anybody.

Whoever is interrupted runs it again: what was counted at the start, and who stood behind the counter, is written down
on the store's own row before the first row goes, and goes with it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from plugin.agents import AgentRow, MembershipRow
from plugin.database import ALL, Base, Database
from plugin.privacy.erase import empty_log, overwrite_freed
from plugin.privacy.models import ErasureReceipt
from plugin.stores import StoreRow
from plugin.stores.set_up import promise_set_up

KEPT_KEY = "mostrador:erasure"
"""Under this the plan stands in `StoreRow.kept`."""


@dataclass(frozen=True)
class _Plan:
    """What an erasure is about. `asked_at`: ISO 8601; `team`: the ids of its agents."""

    why: str
    asked_at: str
    counts: dict[str, int] = field(default_factory=dict)
    team: list[int] = field(default_factory=list)


def erase_store(
    db: Database, store_id: int, *, why: str = "asked", asked_at: datetime | None = None, now: datetime | None = None
) -> dict[str, int]:
    """Forgets everything about a store, and the agents who stood behind no other counter. Gives counts by table; {} for
    a store that is not there any more, and with `why` swept for one that is back. One whose merchant comes back in the
    middle keeps its row alone.

    `asked_at`: when it was asked for; with `why` swept when the store was taken off. The instance's last owner stays:
    somebody must be able to sign in.
    """
    now = now or datetime.now(UTC)
    plan = _begin(db, store_id, why, asked_at or now)
    if plan is None:
        return {}
    counts = dict(plan.counts)
    for table in _list_tables():
        counts[table.name] = max(_delete_rows(db, store_id, table), counts.get(table.name, 0))
    counts = {name: count for name, count in counts.items() if count}
    with db.transaction(ALL, "the last of an erased store") as tx:
        overwrite_freed(tx)
        row = tx.scalar(select(StoreRow).where(StoreRow.id == store_id).with_for_update())
        if row is None:
            return {}
        if row.status in ("uninstalled", "announced"):
            counts |= {"stores": 1}
            tx.execute(delete(StoreRow).where(StoreRow.id == store_id))
        else:
            _welcome_back(tx, row, now)
        if leavers := _forget_leavers(tx, plan.team):
            counts["agents"] = leavers
        tx.add(_write_receipt(row, plan, counts, now))
    empty_log(db)
    return counts


def list_receipts(tx: Session) -> Sequence[ErasureReceipt]:
    """Of every store that was forgotten, newest first."""
    return list(tx.scalars(select(ErasureReceipt).order_by(ErasureReceipt.id.desc())))


def _begin(db: Database, store_id: int, why: str, asked_at: datetime) -> _Plan | None:
    """From here on the store takes nothing in. The plan of an earlier, interrupted run is taken up again."""
    with db.transaction(ALL, "a store that is erased takes nothing more in") as tx:
        row = tx.scalar(select(StoreRow).where(StoreRow.id == store_id).with_for_update())
        if row is None:
            return None
        if why == "swept" and (row.status != "uninstalled" or row.uninstalled_at != asked_at):
            return None
        if row.status != "announced":  # nobody let that one in: it stays a stranger
            row.status = "uninstalled"
        known = _Plan(**json.loads(row.kept[KEPT_KEY])) if row.kept and KEPT_KEY in row.kept else None
        if known is not None and (known.why, known.asked_at) == (why, asked_at.isoformat()):
            return known
        team = set(tx.scalars(select(MembershipRow.agent_id).where(MembershipRow.store_id == store_id)))
        team |= set(known.team) if known is not None else set()
        counts = {table.name: _count(tx, store_id, table) for table in _list_tables()}
        plan = _Plan(why, asked_at.isoformat(), counts, sorted(team))
        row.kept = {**(row.kept or {}), KEPT_KEY: json.dumps(asdict(plan))}
    return plan


def _welcome_back(tx: Session, row: StoreRow, now: datetime) -> None:
    """Its merchant connected the store while it was being erased: what was is forgotten, what is begins anew."""
    row.kept = {key: fact for key, fact in row.kept.items() if key != KEPT_KEY}
    row.reconciled_at = None
    promise_set_up(tx, row, now)


def _list_tables() -> list[Any]:
    """Every table of a store's rows, children first."""
    return [table for table in reversed(Base.metadata.sorted_tables) if "store_id" in table.c]


def _count(tx: Session, store_id: int, table: Any) -> int:
    return tx.scalar(select(func.count()).select_from(table).where(table.c.store_id == store_id)) or 0


def _delete_rows(db: Database, store_id: int, table: Any) -> int:
    total = 0
    while True:
        with db.transaction(store_id) as tx:
            overwrite_freed(tx)
            ids = list(tx.scalars(select(table.c.id).where(table.c.store_id == store_id).limit(1000)))
            if not ids:
                return total
            tx.execute(delete(table).where(table.c.store_id == store_id, table.c.id.in_(ids)))
        total += len(ids)


def _write_receipt(row: StoreRow, plan: _Plan, counts: dict[str, int], now: datetime) -> ErasureReceipt:
    return ErasureReceipt(
        public_id="er_" + secrets.token_urlsafe(12), platform=row.platform, domain=row.domain, why=plan.why,
        asked_at=datetime.fromisoformat(plan.asked_at), done_at=now, counts=counts,
    )  # fmt: skip


def _forget_leavers(tx: Session, team: Sequence[int]) -> int:
    elsewhere = set(tx.scalars(select(MembershipRow.agent_id).where(MembershipRow.agent_id.in_(team))))
    there = set(tx.scalars(select(AgentRow.id).where(AgentRow.id.in_(team))))
    leavers = sorted(there - elsewhere)
    others = tx.scalar(select(func.count()).select_from(AgentRow).where(AgentRow.id.not_in(leavers))) or 0
    if not others:
        leavers = leavers[1:]
    tx.execute(delete(AgentRow).where(AgentRow.id.in_(leavers)))
    return len(leavers)
