"""The ledger's rows: read for deciding, written by decisions, shown to whoever asks "why was this sent?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Integer, bindparam, insert, select, update
from sqlalchemy.orm import Session

from plugin.contract import Capability, Clock, Notice
from plugin.database import Database, Prepared, Transaction
from plugin.notices.decide import Decision, Entry, Policy, decide
from plugin.notices.facts import Key
from plugin.notices.models import LedgerRow, Suppression
from plugin.notices.suppressions import is_suppressed
from plugin.orders import OrderBrief, OrderRow, read_order_brief
from plugin.stores import StoreBrief, read_store_brief
from plugin.work import Claimed, finish, put


@dataclass(frozen=True)
class LedgerLine:
    """One line of the ledger as pages and commands show it."""

    order: str
    """The platform's id of the order."""
    notice: str
    about: str
    sent: bool
    reason: str
    words: str | None
    fact_at: datetime | None
    decided_at: datetime
    held_until: datetime | None
    sent_at: datetime | None
    message_id: str | None


def decide_order(db: Database, clock: Clock, job: Claimed) -> None:
    """The job `notices.decide`: one transaction over state, ledger and the promises to send."""
    assert job.store is not None
    now = clock.now()
    with db.plain_transaction(job.store) as tx:
        brief = read_order_brief(tx, job.store, job.payload["order"], lock=True)
        if brief is not None:
            _decide(tx, read_store_brief(tx, job.store), brief, now)
        finish(tx, job)


def _decide(tx: Transaction, store: StoreBrief, brief: OrderBrief, now: datetime) -> None:
    lines = {(Notice(line.notice), line.about): line for line in read_lines(tx, brief)}
    ledger = {key: Entry(reason=line.reason, held_until=line.held_until) for key, line in lines.items()}
    policy = read_policy(tx, store, brief)
    decisions = decide(brief.order, brief.parcels, brief.gone, ledger, policy, now)
    # What a mail tells too refers to that mail's line, so the line comes first.
    for decision in sorted(decisions, key=lambda decision: decision.told_in is not None):
        _write(tx, brief, decision, lines, now)
    decided = {(decision.notice, decision.about): decision for decision in decisions}
    held = [
        entry.held_until
        for entry in (ledger | decided).values()
        if entry.reason == "held" and entry.held_until
    ]
    if held:
        payload, key = {"order": brief.id}, f"decide:{brief.id}"
        put(tx, "notices.decide", payload, due_at=max(min(held), now), store=brief.store_id, key=key)


def _write(
    tx: Transaction, brief: OrderBrief, decision: Decision, lines: dict[Key, LineBrief], now: datetime
) -> None:
    key = (decision.notice, decision.about)
    line, told_in = lines.get(key), lines.get(decision.told_in) if decision.told_in else None
    values: dict[str, Any] = {
        "reason": decision.reason,
        "decided_at": now,
        "fact_at": decision.fact_at or (line.fact_at if line is not None else None),
        "held_until": decision.held_until,
        "without_number": decision.without_number,
        "told_in": told_in.id if told_in is not None else None,
    }
    if line is None:
        named = {"notice": decision.notice.value, "about": decision.about}
        owned = {"store_id": brief.store_id, "order_id": brief.id}
        line_id: int = _DECIDED.run(tx, values | named | owned)
        lines[key] = LineBrief(
            id=line_id,
            notice=decision.notice.value,
            about=decision.about,
            reason=decision.reason,
            told_in=values["told_in"],
            without_number=decision.without_number,
            fact_at=values["fact_at"],
            held_until=decision.held_until,
            sent_at=None,
        )
    else:
        line_id = line.id
        _DECIDED_AGAIN.run_later(tx, values | {"store": brief.store_id, "line": line_id})
    if decision.reason == "sent":
        payload = {"order": brief.id, "notice": line_id}
        put(tx, "notices.send", payload, due_at=now, store=brief.store_id, key=f"send:{line_id}")


_COLUMNS = LedgerRow.__table__.c


def _bind(*names: str) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(name, type_=_COLUMNS[name].type) for name in names}


_VALUES = _bind("reason", "decided_at", "fact_at", "held_until", "without_number", "told_in")
_NAMED = _bind("store_id", "order_id", "notice", "about")
_LINE = (
    _COLUMNS.store_id == bindparam("store", type_=Integer),
    _COLUMNS.id == bindparam("line", type_=Integer),
)
_DECIDED = Prepared(lambda _: insert(LedgerRow).values(_VALUES | _NAMED).returning(_COLUMNS.id))
_DECIDED_AGAIN = Prepared(lambda _: update(LedgerRow).where(*_LINE).values(_VALUES))


def read_policy(tx: Transaction, store: StoreBrief, brief: OrderBrief) -> Policy:
    """How this store wants notices about this order."""
    return Policy(
        connected_at=store.connected_at,
        live=store.speaks,
        mail_mode=store.mail_mode,
        platform_mails=frozenset(Notice(name) for name in store.platform_mails),
        hold=timedelta(seconds=store.hold_seconds),
        suppressed=is_suppressed(tx, store.id, brief.email_index),
        leased=Capability.MAIL_LEASE.value in store.capabilities,
        mails_since=store.mails_since,
        left_until=store.mails_leased_until if store.status != "uninstalled" else None,
        own_status=brief.own_status,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBrief:
    """One line of the ledger as deciding and mailing see it: columns of `LedgerRow` by their names."""

    id: int
    notice: str
    about: str
    reason: str
    told_in: int | None
    without_number: bool
    fact_at: datetime | None
    held_until: datetime | None
    sent_at: datetime | None


def read_lines(tx: Transaction, brief: OrderBrief) -> list[LineBrief]:
    """The ledger of one order, in the order of deciding, without the words of its mails."""
    rows = _LINES.read(tx, {"store": brief.store_id, "order": brief.id})
    return [LineBrief(**row._asdict()) for row in rows]


_LINES = Prepared(
    lambda _: (
        select(*(_COLUMNS[field.name] for field in fields(LineBrief)))
        .where(_COLUMNS.store_id == bindparam("store"), _COLUMNS.order_id == bindparam("order"))
        .order_by(_COLUMNS.id)
    )
)


def read_rows(tx: Session, row: OrderRow) -> Sequence[LedgerRow]:
    """The ledger of one order, in the order of deciding."""
    which = (LedgerRow.store_id == row.store_id, LedgerRow.order_id == row.id)
    return list(tx.scalars(select(LedgerRow).where(*which).order_by(LedgerRow.id)))


def read_ledger(tx: Session, row: OrderRow) -> list[LedgerLine]:
    """The ledger of one order for people and commands."""
    return [
        LedgerLine(
            order=row.external_id,
            notice=line.notice,
            about=line.about,
            sent=line.sent_at is not None,
            reason=line.reason,
            words=line.words,
            fact_at=line.fact_at,
            decided_at=line.decided_at,
            held_until=line.held_until,
            sent_at=line.sent_at,
            message_id=line.message_id,
        )
        for line in read_rows(tx, row)
    ]


def suppress(tx: Session, store_id: int, email_index: str, now: datetime) -> None:
    """The shopper behind this address wants no tracking mails from this store. Idempotent."""
    wanted = (Suppression.store_id == store_id, Suppression.email_index == email_index)
    if email_index and tx.scalar(select(Suppression.id).where(*wanted)) is None:
        tx.add(Suppression(store_id=store_id, email_index=email_index, at=now))
