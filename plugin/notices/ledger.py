"""The ledger's rows: read for deciding, written by decisions, shown to whoever asks "why was this sent?"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Integer, bindparam, insert, select, update
from sqlalchemy.orm import Session, defer

from plugin.contract import Clock, Notice
from plugin.database import Database, Prepared
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
        row = get_order(tx, job.store, job.payload["order"], lock=True)
        if row is not None:
            _decide(tx, store, row, now)
        finish(tx, job)


def _decide(tx: Session, store: StoreRow, row: OrderRow, now: datetime) -> None:
    view = view_order(tx, row, story=False)
    known = {(Notice(line.notice), line.about): line for line in read_rows(tx, row, mails=False)}
    ledger = {key: Entry(reason=line.reason, held_until=line.held_until) for key, line in known.items()}
    policy = read_policy(tx, store, row)
    decisions = decide(view.order, view.parcels, row.gone_at is not None, ledger, policy, now)
    ids = {key: line.id for key, line in known.items()}
    # What a mail tells too refers to that mail's line, so the line comes first.
    for decision in sorted(decisions, key=lambda decision: decision.told_in is not None):
        _write(tx, row, decision, known, ids, now)
    decided = {(decision.notice, decision.about): decision for decision in decisions}
    held = [
        entry.held_until
        for entry in (ledger | decided).values()
        if entry.reason == "held" and entry.held_until
    ]
    if held:
        payload, key = {"order": row.id}, f"decide:{row.id}"
        put(tx, "notices.decide", payload, due_at=max(min(held), now), store=row.store_id, key=key)


def _write(
    tx: Session,
    row: OrderRow,
    decision: Decision,
    known: Mapping[Key, LedgerRow],
    ids: dict[Key, int],
    now: datetime,
) -> None:
    key = (decision.notice, decision.about)
    line = known.get(key)
    values = {
        "reason": decision.reason,
        "decided_at": now,
        "fact_at": decision.fact_at or (line.fact_at if line is not None else None),
        "held_until": decision.held_until,
        "without_number": decision.without_number,
        "told_in": ids.get(decision.told_in) if decision.told_in else None,
    }
    if line is None:
        named = {
            "store_id": row.store_id,
            "order_id": row.id,
            "notice": decision.notice.value,
            "about": decision.about,
        }
        ids[key] = _DECIDED.run(tx, values | named).scalar_one()
    else:
        _DECIDED_AGAIN.run(tx, values | {"store": row.store_id, "line": line.id})
    if decision.reason == "sent":
        payload = {"order": row.id, "notice": ids[key]}
        put(tx, "notices.send", payload, due_at=now, store=row.store_id, key=f"send:{ids[key]}")


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
