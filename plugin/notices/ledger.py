"""The ledger's rows: read for deciding, written by decisions, shown to whoever asks "why was this sent?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, defer

from plugin.contract import Clock, Notice
from plugin.database import Database
from plugin.notices.decide import Decision, Entry, Key, Policy, decide
from plugin.notices.models import LedgerRow, Suppression
from plugin.orders import OrderRow, get_order, view_order
from plugin.stores import StoreRow, get_store
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
    with db.transaction(job.store) as tx:
        store = get_store(tx, job.store, secrets=False)
        row = get_order(tx, job.store, job.payload["order"])
        if row is not None:
            _decide(tx, store, row, now)
        finish(tx, job)


def _decide(tx: Session, store: StoreRow, row: OrderRow, now: datetime) -> None:
    view = view_order(tx, row, story=False)
    known = {(Notice(line.notice), line.about): line for line in read_rows(tx, row, mails=False)}
    ledger = {key: Entry(reason=line.reason, held_until=line.held_until) for key, line in known.items()}
    policy = read_policy(tx, store, row)
    decisions = decide(view.order, view.parcels, row.gone_at is not None, ledger, policy, now)
    for decision in decisions:
        _write(tx, row, decision, known, now)
    tx.flush()
    for decision in decisions:
        if decision.reason == "sent":
            line = known[decision.notice, decision.about]
            put(tx, "notices.send", {"notice": line.id}, due_at=now, store=row.store_id, key=f"send:{line.id}")
        told_in = known.get(decision.told_in) if decision.told_in else None
        if told_in is not None:
            known[decision.notice, decision.about].told_in = told_in.id
    held = [line.held_until for line in known.values() if line.reason == "held" and line.held_until]
    if held:
        payload, key = {"order": row.id}, f"decide:{row.id}"
        put(tx, "notices.decide", payload, due_at=max(min(held), now), store=row.store_id, key=key)


def _write(
    tx: Session, row: OrderRow, decision: Decision, known: dict[Key, LedgerRow], now: datetime
) -> None:
    key = (decision.notice, decision.about)
    line = known.get(key)
    if line is None:
        line = LedgerRow(
            store_id=row.store_id, order_id=row.id, notice=decision.notice.value, about=decision.about
        )
        known[key] = line
        tx.add(line)
    line.reason, line.decided_at = decision.reason, now
    line.fact_at = decision.fact_at or line.fact_at
    line.held_until, line.without_number = decision.held_until, decision.without_number


def read_policy(tx: Session, store: StoreRow, row: OrderRow) -> Policy:
    """How this store wants notices about this order."""
    whose = {"store": store.id, "email_index": row.email_index}
    suppressed = bool(row.email_index) and tx.scalar(_SUPPRESSED, whose) is not None
    return Policy(
        connected_at=store.connected_at,
        live=store.live_at is not None,
        mail_mode=store.mail_mode,
        platform_mails=frozenset(Notice(name) for name in store.platform_mails),
        hold=timedelta(seconds=store.hold_seconds),
        suppressed=suppressed,
    )


_SUPPRESSED = select(Suppression.id).where(
    Suppression.store_id == bindparam("store"), Suppression.email_index == bindparam("email_index")
)


def read_rows(tx: Session, row: OrderRow, *, mails: bool = True) -> Sequence[LedgerRow]:
    """The ledger of one order, in the order of deciding; without `mails` their words are not opened."""
    statement = _OF_ORDER if mails else _OF_ORDER_SHORT
    return list(tx.scalars(statement, {"store": row.store_id, "order": row.id}))


_OF_ORDER = (
    select(LedgerRow)
    .where(LedgerRow.store_id == bindparam("store"), LedgerRow.order_id == bindparam("order"))
    .order_by(LedgerRow.id)
)
_OF_ORDER_SHORT = _OF_ORDER.options(defer(LedgerRow.mail))


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
        for line in read_rows(tx, row, mails=False)
    ]


def suppress(tx: Session, store_id: int, email_index: str, now: datetime) -> None:
    """The shopper behind this address wants no tracking mails from this store. Idempotent."""
    wanted = (Suppression.store_id == store_id, Suppression.email_index == email_index)
    if email_index and tx.scalar(select(Suppression.id).where(*wanted)) is None:
        tx.add(Suppression(store_id=store_id, email_index=email_index, at=now))
