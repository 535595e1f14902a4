"""What becomes too old goes by itself. Deliveries have a round of their own (`orders.forget_old_receipts`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from plugin.agents import forget_invitations
from plugin.care import AcknowledgementRow, ConversationRow, OrderCodeRow, VisitorRow
from plugin.contract import Clock
from plugin.database import ALL, Database
from plugin.help import ArticleCountRow
from plugin.notices import LedgerRow
from plugin.orders import OrderRow
from plugin.privacy.customer import PAGE
from plugin.privacy.erase import empty_log, overwrite_freed, redact_orders
from plugin.privacy.models import AccessRow, PrivacyRequest
from plugin.stores import list_stores
from plugin.stores.models import InstallState
from plugin.work.models import Job

KEEP_MAILS = timedelta(days=180)
"""As long as the links in them work."""
KEEP_CONVERSATIONS = timedelta(days=365)
KEEP_PERSONS = timedelta(days=730)
"""After an order's last change; then money, dates and states are left of it."""
KEEP_COPIES = timedelta(days=30)
KEEP_ACCESSES = timedelta(days=365)
KEEP_BURIED = timedelta(days=90)
KEEP_INSTALLS = timedelta(days=1)
KEEP_CODES = timedelta(days=2)
"""Wishes to see an order by number and e-mail: the day in which they are counted, and some room."""
KEEP_ACKNOWLEDGEMENTS = KEEP_MAILS
"""That a mail went out about a talk stands beside it, as long as the mails about orders do."""
KEEP_COUNTS = timedelta(days=730)


def retain(db: Database, clock: Clock) -> dict[str, int]:
    """Forgets what is past its time; gives how much of each kind, without zeroes. Idempotent."""
    now = clock.now()
    with db.transaction(ALL, "what is past its time in every store") as tx:
        overwrite_freed(tx)
        counts = _forget_old(tx, now)
        stores = [row.id for row in list_stores(tx)]
    counts["orders"] = sum(_redact_old_orders(db, store_id, now) for store_id in stores)
    empty_log(db)
    return {name: count for name, count in counts.items() if count}


def _forget_old(tx: Session, now: datetime) -> dict[str, int]:
    theirs = (ConversationRow.visitor_id == VisitorRow.id, ConversationRow.store_id == VisitorRow.store_id)
    old_talk = exists().where(*theirs, ConversationRow.last_message_at < now - KEEP_CONVERSATIONS)
    lone = ~exists().where(*theirs) & (VisitorRow.expires_at < now)
    old_mail = (LedgerRow.mail.is_not(None), LedgerRow.sent_at < now - KEEP_MAILS)
    old_copy = (PrivacyRequest.copy.is_not(None), PrivacyRequest.done_at < now - KEEP_COPIES)
    return {
        "conversations": _do(tx, delete(VisitorRow).where(old_talk)),
        "visitors": _do(tx, delete(VisitorRow).where(lone)),
        "mails": _do(tx, update(LedgerRow).where(*old_mail).values(mail=None, words=None)),
        "copies": _do(tx, update(PrivacyRequest).where(*old_copy).values(copy=None)),
        "accesses": _do(tx, delete(AccessRow).where(AccessRow.at < now - KEEP_ACCESSES)),
        "jobs": _do(tx, delete(Job).where(Job.buried_at < now - KEEP_BURIED)),
        "codes": _do(tx, delete(OrderCodeRow).where(OrderCodeRow.created_at < now - KEEP_CODES)),
        "acknowledgements": _do(tx, delete(AcknowledgementRow).where(
            AcknowledgementRow.day < f"{now - KEEP_ACKNOWLEDGEMENTS:%Y-%m-%d}"
        )),
        "invitations": forget_invitations(tx, now),
        "counts": _do(tx, delete(ArticleCountRow).where(ArticleCountRow.day < f"{now - KEEP_COUNTS:%Y-%m-%d}")),
        "installs": _do(tx, delete(InstallState).where(InstallState.created_at < now - KEEP_INSTALLS)),
    }  # fmt: skip


def _do(tx: Session, statement: Any) -> int:
    options = {"synchronize_session": False}
    return int(getattr(tx.execute(statement, execution_options=options), "rowcount", 0))


def _redact_old_orders(db: Database, store_id: int, now: datetime) -> int:
    """An address's index is emptied with the order, so what is done is not done again."""
    old = (
        OrderRow.store_id == store_id, OrderRow.modified_at < now - KEEP_PERSONS, OrderRow.email_index != "",
    )  # fmt: skip
    total = 0
    while True:
        with db.transaction(store_id) as tx:
            overwrite_freed(tx)
            ids = list(tx.scalars(select(OrderRow.id).where(*old).limit(PAGE)))
            if ids:
                redact_orders(tx, store_id, ids)
        total += len(ids)
        if len(ids) < PAGE:
            return total
