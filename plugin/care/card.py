"""What the desk asks of a talk: whether it is there, what its shopper said of it, and who the shopper is: their orders,
earlier talks, ratings and the mails they were sent, as far as something proves them, and what an address that was only
typed would lead to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from plugin.care.models import AcknowledgementRow, ConversationRow, RatingRow
from plugin.care.told import ANSWER, REQUESTS
from plugin.notices import LedgerRow
from plugin.orders import OrderRow, get_order, list_orders_of

MOST_ORDERS = 10
MOST_TALKS = 10
MOST_MAILS = 10
BEFORE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class CustomerMail:
    """One mail. `kind`: a notice, or ``acknowledgement``, ``requests`` (the link to them) or ``answer``. `state`: sent;
    held (for a tracking number or a payment); waiting (no mail server took it so far); failed (it was refused). `at`:
    when it was sent, else decided; None: only the `day` (``2026-11-22``) is known. About the order `order_id`, or the
    talk `conversation`."""

    kind: str
    state: str
    day: str
    at: datetime | None
    order_id: int | None = None
    conversation: str = ""


@dataclass(frozen=True)
class Customer:
    """Who writes. `orders`: those that are proven to be theirs: with the address that a mailed code proved, those of
    their conversations by the platform's word, and else the proven one alone, for at a checkout anybody types any
    address. `claimed`: those with an address that was only typed, here or at the checkout. `talks`: their other
    conversations, by the platform's word or a proven order; `claimed_talks`: those with such an address. `ratings`:
    what they said of their talks and of this one, each with its conversation's public id. `mails`: about the proven
    orders, this talk and the proven ones. All newest first."""

    orders: Sequence[OrderRow]
    claimed: Sequence[OrderRow]
    talks: Sequence[ConversationRow]
    claimed_talks: Sequence[ConversationRow]
    ratings: Sequence[tuple[RatingRow, str]]
    mails: Sequence[CustomerMail]


def read_customer(tx: Session, row: ConversationRow) -> Customer:
    """What the store knows of a conversation's shopper."""
    proven = get_order(tx, row.store_id, row.order_id) if row.order_id is not None else None
    typed = {one for one in (row.email_index, proven.email_index if proven is not None else "") if one}
    address = proven.email_index if proven is not None and row.order_proof == "code" else ""
    theirs = {one.id: one for one in [proven, *_list_orders(tx, row, {address})] if one is not None}
    same: list[ColumnElement[bool]] = []
    if row.customer_index:
        same.append(ConversationRow.customer_index == row.customer_index)
    if theirs:
        same.append(ConversationRow.order_id.in_(theirs))
    talks = _list_talks(tx, row, same)
    for talk in talks:
        if talk.order_id is not None and (one := get_order(tx, row.store_id, talk.order_id)) is not None:
            theirs.setdefault(one.id, one)
    claimed = [one for one in _list_orders(tx, row, typed - {address}) if one.id not in theirs]
    known = {one.id for one in talks}
    by_address = [ConversationRow.email_index.in_(typed)] if typed else []
    claimed_talks = [one for one in _list_talks(tx, row, by_address) if one.id not in known]
    ratings, orders = _list_ratings(tx, [row, *talks]), _newest_first(theirs.values())
    mails = [*_list_notices(tx, row.store_id, [one.id for one in orders]), *_list_letters(tx, [row, *talks])]
    newest = sorted(mails, key=lambda one: (one.day, one.at or BEFORE), reverse=True)[:MOST_MAILS]
    return Customer(orders, _newest_first(claimed), talks, claimed_talks, ratings, newest)


def _list_orders(tx: Session, row: ConversationRow, addresses: Iterable[str]) -> list[OrderRow]:
    return [one for address in addresses for one in list_orders_of(tx, row.store_id, address, MOST_ORDERS)]


def _newest_first(orders: Iterable[OrderRow]) -> list[OrderRow]:
    """Those without a day last."""
    return sorted(orders, key=lambda one: one.placed_at or BEFORE, reverse=True)[:MOST_ORDERS]


def _list_talks(
    tx: Session, row: ConversationRow, same: Sequence[ColumnElement[bool]]
) -> Sequence[ConversationRow]:
    if not same:
        return []
    others = (
        ConversationRow.store_id == row.store_id, ConversationRow.id != row.id, ConversationRow.last_position > 0,
        or_(*same),
    )  # fmt: skip
    newest = ConversationRow.last_message_at.desc(), ConversationRow.id.desc()
    return list(tx.scalars(select(ConversationRow).where(*others).order_by(*newest).limit(MOST_TALKS)))


def _list_ratings(tx: Session, talks: Sequence[ConversationRow]) -> Sequence[tuple[RatingRow, str]]:
    names = {one.id: one.public_id for one in talks}
    which = (RatingRow.store_id == talks[0].store_id, RatingRow.conversation_id.in_(names))
    newest = RatingRow.changed_at.desc(), RatingRow.id.desc()
    rows = tx.scalars(select(RatingRow).where(*which).order_by(*newest))
    return [(one, names[one.conversation_id]) for one in rows]


def _list_notices(tx: Session, store_id: int, orders: Collection[int]) -> list[CustomerMail]:
    """What was told about orders by mail, is about to be, or could not be. The mails themselves are not opened."""
    newest = func.coalesce(LedgerRow.sent_at, LedgerRow.decided_at).desc(), LedgerRow.id.desc()
    columns = LedgerRow.notice, LedgerRow.reason, LedgerRow.sent_at, LedgerRow.decided_at, LedgerRow.order_id
    told = LedgerRow.reason.in_(("sent", "held", "failed"))
    which = (LedgerRow.store_id == store_id, LedgerRow.order_id.in_(orders), told)
    rows = tx.execute(select(*columns).where(*which).order_by(*newest).limit(MOST_MAILS))
    mails = []
    for notice, reason, sent_at, decided_at, order in rows:
        state = "waiting" if reason == "sent" and sent_at is None else reason
        at = sent_at or decided_at
        mails.append(CustomerMail(notice, state, f"{at:%Y-%m-%d}", at, order))
    return mails


def _list_letters(tx: Session, talks: Sequence[ConversationRow]) -> list[CustomerMail]:
    """What was mailed of talks: that a message arrived, the link to one's requests, answers."""
    names = {one.id: one.public_id for one in talks}
    row = AcknowledgementRow
    which = (row.store_id == talks[0].store_id, row.conversation_id.in_(names))
    newest = row.day.desc(), row.id.desc()
    mails = []
    for one in tx.scalars(select(row).where(*which).order_by(*newest).limit(MOST_MAILS)):
        sort = one.day.split(" ")[1] if " " in one.day else ""
        kind = sort if sort in (ANSWER, REQUESTS) else "acknowledgement"
        # An answer's mail counts as sent from the start, until its address refuses it (`mail_answer`).
        state = "sent" if one.sent_at is not None else "failed" if kind == ANSWER else "waiting"
        day = f"{one.sent_at:%Y-%m-%d}" if one.sent_at is not None else one.day[:10]
        mails.append(CustomerMail(kind, state, day, one.sent_at, conversation=names[one.conversation_id]))
    return mails


def find_rating(tx: Session, row: ConversationRow) -> RatingRow | None:
    """What the shopper said of the newest answer; None: nothing yet."""
    which = (
        RatingRow.store_id == row.store_id, RatingRow.conversation_id == row.id, RatingRow.about == row.last_answer,
    )  # fmt: skip
    return tx.scalar(select(RatingRow).where(*which))
