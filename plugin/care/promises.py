"""The times by which shoppers were told that a person answers: one row for each promise, written in the transaction in
which it is told.

A promise is made to whoever waits, and stands until their wait is over: the first word of a person keeps it, resolving
without one or giving the conversation back to the bot ends it, and erasure takes it along. What the shopper writes
meanwhile neither ends nor moves it; an agent who loses the conversation by staying silent leaves it as it is. Called
under the conversation's lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from plugin.care.desk_models import PromiseRow
from plugin.care.figures import median_answer_seconds
from plugin.care.models import ConversationRow
from plugin.care.presence import FULL, answered_by, tell_promise
from plugin.stores import StoreRow
from plugin.work import put

WARNED_BEFORE = timedelta(hours=1)
PART = 4
"""Of a shorter time, the last quarter."""


def make_promise(tx: Session, store: StoreRow, conversation: ConversationRow, now: datetime) -> datetime | None:
    """The time that a shopper who waits is told now: of the promise that stands, also when it has run out, else of a
    new one. None: nobody knows when the store opens again, so nothing is promised."""
    standing = _find_standing(tx, conversation)
    if standing is not None:
        return standing.promised_by
    by = answered_by(store, now, median_answer_seconds(tx, store.id, now))
    if by is None:
        return None
    row = PromiseRow(
        store_id=store.id, conversation_id=conversation.id, made_at=now, promised_by=by, warn_at=find_warning(now, by),
        ended="",
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    promise_telling(tx, store.id, row.warn_at)
    return by


def promise_words(tx: Session, store: StoreRow, conversation: ConversationRow, now: datetime) -> str:
    """What a shopper for whom nobody is there is told in the conversation, with the promise made."""
    return tell_promise(store, conversation.locale, now, make_promise(tx, store, conversation, now), absolute=True)


def find_warning(made_at: datetime, promised_by: datetime) -> datetime:
    """When those who answer are told that a promise runs out: an hour before, or in the last quarter of a shorter time.

    An hour is enough to come to the desk and answer, also when several are due, and short enough that nobody puts it
    off; the first three quarters of a short time are left in peace. In whole five minutes, as promised times are, so
    that what ends together is told in one mail. A time of less than an hour has no warning: whoever answers was called
    a moment ago, and is told when it is over. It may lie before the store opens: then it is read on arriving, where one
    in the last minutes would be read too late.
    """
    full = timedelta(minutes=FULL)
    if promised_by - made_at < WARNED_BEFORE:
        return promised_by
    before = min(WARNED_BEFORE, (promised_by - made_at) / PART)
    return promised_by + (-before // full) * full


def find_promised(tx: Session, conversation: ConversationRow, at: datetime) -> datetime | None:
    """The time that whoever wrote at that moment was told."""
    which = (
        PromiseRow.store_id == conversation.store_id, PromiseRow.conversation_id == conversation.id,
        PromiseRow.made_at <= at, or_(PromiseRow.ended_at.is_(None), PromiseRow.ended_at >= at),
    )  # fmt: skip
    return tx.scalar(select(PromiseRow.promised_by).where(*which).order_by(PromiseRow.id.desc()).limit(1))


def list_standing(tx: Session, store_id: int, conversations: Sequence[int]) -> Mapping[int, PromiseRow]:
    """Conversation → the promise that stands, of those that have one."""
    which = (
        PromiseRow.store_id == store_id, PromiseRow.conversation_id.in_(conversations), PromiseRow.ended == "",
    )  # fmt: skip
    return {row.conversation_id: row for row in tx.scalars(select(PromiseRow).where(*which))}


def end_promise(tx: Session, conversation: ConversationRow, ended: str, now: datetime) -> None:
    """`ended`: replied, resolved or bot, see `PromiseRow.ended`. Does nothing where none stands."""
    row = _find_standing(tx, conversation)
    if row is not None:
        row.ended, row.ended_at = ended, now


def resume_promise(tx: Session, conversation: ConversationRow) -> None:
    """A wait that was resolved without a word goes on: so does what was promised in it, at the same time."""
    which = (
        PromiseRow.store_id == conversation.store_id, PromiseRow.conversation_id == conversation.id,
        PromiseRow.ended == "resolved", PromiseRow.ended_at == conversation.resolved_at,
    )  # fmt: skip
    row = tx.scalar(select(PromiseRow).where(*which).order_by(PromiseRow.id.desc()).limit(1))
    if row is not None:
        row.ended, row.ended_at = "", None
        promise_telling(tx, conversation.store_id, row.warn_at)


def promise_telling(tx: Session, store_id: int, at: datetime) -> None:
    """The job `care.tell_overdue` of this store, at the latest then. One looks after all its promises."""
    put(tx, "care.tell_overdue", {}, due_at=at, store=store_id, key=f"overdue:{store_id}")


def claim_soon(tx: Session, store_id: int, now: datetime) -> Sequence[int]:
    """The promises that are about to run out and were not told yet; told with this. One statement compares and sets,
    so that of two jobs one tells each."""
    which = (*_standing(store_id), PromiseRow.warned_at.is_(None), PromiseRow.warn_at <= now)
    claimed = update(PromiseRow).where(*which, PromiseRow.promised_by > now).values(warned_at=now)
    return sorted(tx.scalars(claimed.returning(PromiseRow.id)))


def claim_overdue(tx: Session, store_id: int, now: datetime) -> Sequence[int]:
    """The same of those that have run out."""
    which = (*_standing(store_id), PromiseRow.overdue_told_at.is_(None), PromiseRow.promised_by <= now)
    claimed = update(PromiseRow).where(*which).values(overdue_told_at=now)
    return sorted(tx.scalars(claimed.returning(PromiseRow.id)))


def find_next_telling(tx: Session, store_id: int, now: datetime) -> datetime | None:
    """When there is something to tell again, as far as it is known; None: nothing."""
    moments = (
        tx.scalar(select(func.min(moment)).where(*_standing(store_id), told.is_(None), moment > now))
        for moment, told in (
            (PromiseRow.warn_at, PromiseRow.warned_at), (PromiseRow.promised_by, PromiseRow.overdue_told_at),
        )
    )  # fmt: skip
    return min((one for one in moments if one is not None), default=None)


def read_promised(
    tx: Session, store_id: int, promises: Sequence[int]
) -> Sequence[tuple[PromiseRow, ConversationRow]]:
    """Those of these promises that still stand, each with its conversation; the first to run out first."""
    theirs = (
        (ConversationRow.store_id == PromiseRow.store_id) & (ConversationRow.id == PromiseRow.conversation_id)
    )  # fmt: skip
    chosen = select(PromiseRow, ConversationRow).join(ConversationRow, theirs)
    which = (*_standing(store_id), ConversationRow.store_id == store_id, PromiseRow.id.in_(promises))
    ordered = chosen.where(*which).order_by(PromiseRow.promised_by, PromiseRow.id)
    return [(promise, conversation) for promise, conversation in tx.execute(ordered)]


def _standing(store_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return PromiseRow.store_id == store_id, PromiseRow.ended == ""


def _find_standing(tx: Session, conversation: ConversationRow) -> PromiseRow | None:
    which = (*_standing(conversation.store_id), PromiseRow.conversation_id == conversation.id)
    return tx.scalar(select(PromiseRow).where(*which))
