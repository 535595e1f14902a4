"""Which addresses were written to unasked, and when: each row stands for one mail, before it is sent.

Anybody can type anybody's address. So a mailbox gets one acknowledgement, and one mail with a link to its requests,
in 24 hours, over all stores of this instance, however much is sent in its name; and neither one talk nor one store is a
way to reach many mailboxes.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from plugin.care.doors import Care
from plugin.care.models import AcknowledgementRow
from plugin.database import ALL
from plugin.language import find_zone
from plugin.stores import StoreRow

ACKNOWLEDGEMENT, REQUESTS, ANSWER = "", "requests", "answer"
"""The sorts of mails; the column `day` has them behind the day."""
APART = timedelta(hours=24)
MOST_OF_TALK = 3
"""Addresses that one talk may have told of its messages in a day: whoever has proven to be a shopper may send many."""
MOST_AN_HOUR = 100
"""Acknowledgements of one store in an hour. What comes beyond them is kept as ever, and answered by people."""


def note_mail(
    tx: Session, store: StoreRow, email_index: str, sort: str, conversation_id: int, now: datetime
) -> int | None:
    """Takes the store's day for one mail of this sort to the mailbox (see `index_mailbox`). None: it is taken. Call it
    last in a transaction: whoever wants the same mailbox waits for its end."""
    _wait_for_turn(tx, email_index)
    values = {
        "store_id": store.id, "email_index": email_index, "day": write_day(store, sort, now),
        "conversation_id": conversation_id, "sent_at": None,
    }  # fmt: skip
    insert = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(AcknowledgementRow).values(values)
    unique = ("store_id", "email_index", "day")
    return tx.scalar(
        statement.on_conflict_do_nothing(index_elements=unique).returning(AcknowledgementRow.id)
    )


def write_day(store: StoreRow, sort: str, now: datetime) -> str:
    """``2026-11-22`` in the store's zone, or ``2026-11-22 requests``."""
    return f"{now.astimezone(find_zone(store.time_zone)):%Y-%m-%d} {sort}".strip()


def has_told_enough(tx: Session, store: StoreRow, conversation_id: int, now: datetime) -> bool:
    """Whether a locked talk has named so many addresses today that no further one is told of it."""
    which = (
        AcknowledgementRow.store_id == store.id, AcknowledgementRow.conversation_id == conversation_id,
        AcknowledgementRow.day == write_day(store, ACKNOWLEDGEMENT, now),
    )  # fmt: skip
    return (tx.scalar(select(func.count()).select_from(AcknowledgementRow).where(*which)) or 0) >= MOST_OF_TALK


def is_flooded(tx: Session, store_id: int, now: datetime) -> bool:
    """Whether so many acknowledgements of a store left in the last hour that somebody must be aiming it at others."""
    which = (
        AcknowledgementRow.store_id == store_id, func.length(AcknowledgementRow.day) == 10,
        AcknowledgementRow.sent_at > now - timedelta(hours=1),
    )  # fmt: skip
    return (tx.scalar(select(func.count()).select_from(AcknowledgementRow).where(*which)) or 0) >= MOST_AN_HOUR


def find_mail(tx: Session, store_id: int, row_id: int) -> AcknowledgementRow | None:
    """The row of a mail that is still to be sent; None: it was, or it was forgotten."""
    which = (AcknowledgementRow.store_id == store_id, AcknowledgementRow.id == row_id)
    row = tx.scalar(select(AcknowledgementRow).where(*which))
    return row if row is not None and row.sent_at is None else None


def was_written_to(care: Care, row: AcknowledgementRow, sort: str, now: datetime) -> bool:
    """Whether another mail of this sort went to the address in the last 24 hours, or is on its way before this one,
    from whichever store."""
    column = AcknowledgementRow.day
    same = func.length(column) == 10 if sort == ACKNOWLEDGEMENT else column.endswith(f" {sort}", autoescape=True)
    before = AcknowledgementRow.sent_at.is_(None) & (AcknowledgementRow.id < row.id)
    recent = before & (column >= f"{now - 2 * APART:%Y-%m-%d}")
    which = (
        AcknowledgementRow.email_index == row.email_index, AcknowledgementRow.id != row.id, same,
        or_(AcknowledgementRow.sent_at > now - APART, recent),
    )  # fmt: skip
    with care.db.reading(ALL, "was an address written to by any store") as tx:
        return tx.scalar(select(AcknowledgementRow.id).where(*which).limit(1)) is not None


def note_sent(tx: Session, row: AcknowledgementRow, now: datetime) -> None:
    """The mail left."""
    which = (AcknowledgementRow.store_id == row.store_id, AcknowledgementRow.id == row.id)
    tx.execute(update(AcknowledgementRow).where(*which).values(sent_at=now))


def forget_mail(tx: Session, row: AcknowledgementRow) -> None:
    """The mail is not sent after all, and keeps no other one away."""
    which = (AcknowledgementRow.store_id == row.store_id, AcknowledgementRow.id == row.id)
    tx.execute(delete(AcknowledgementRow).where(*which))


def _wait_for_turn(tx: Session, email_index: str) -> None:
    """One at a time for an address, whichever store: rows then come in the order of their numbers. SQLite writes alone
    anyway."""
    if tx.connection().dialect.name == "postgresql":
        number = int(hashlib.sha256(f"told:{email_index}".encode()).hexdigest()[:15], 16)
        tx.execute(select(func.pg_advisory_xact_lock(number)))
