"""What the desk asks of a talk: whether it is there, what its shopper said of it, and who the shopper is: their orders,
earlier talks and ratings, as far as something proves them, and what an address that was only typed would lead to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow, RatingRow
from plugin.orders import OrderRow, get_order, list_orders_of

MOST_ORDERS = 10
MOST_TALKS = 10
BEFORE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Customer:
    """Who writes. `orders`: those that are proven to be theirs: with the address that a mailed code proved, those of
    their conversations by the platform's word, and else the proven one alone, for at a checkout anybody types any
    address. `claimed`: those with an address that was only typed, here or at the checkout. `talks`: their other
    conversations, by the platform's word or a proven order; `claimed_talks`: those with such an address. `ratings`:
    what they said of their talks and of this one, each with its conversation's public id. All newest first."""

    orders: Sequence[OrderRow]
    claimed: Sequence[OrderRow]
    talks: Sequence[ConversationRow]
    claimed_talks: Sequence[ConversationRow]
    ratings: Sequence[tuple[RatingRow, str]]


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
    ratings = _list_ratings(tx, [row, *talks])
    return Customer(_newest_first(theirs.values()), _newest_first(claimed), talks, claimed_talks, ratings)


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


def find_rating(tx: Session, row: ConversationRow) -> RatingRow | None:
    """What the shopper said of the newest answer; None: nothing yet."""
    which = (
        RatingRow.store_id == row.store_id, RatingRow.conversation_id == row.id, RatingRow.about == row.last_answer,
    )  # fmt: skip
    return tx.scalar(select(RatingRow).where(*which))
