"""The statuses a shop invented for itself: their names as its merchant reads them, and what each tells a shopper.

A meaning is guessed from the words (`status_guesses`) and acts only once the merchant confirmed it; a status without
a confirmed meaning sends nothing and is listed. `translate` gives the order as its merchant means it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Executable, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, object_session

from plugin.contract import (
    Meaning,
    Notice,
    Order,
    OrderStatus,
    ShipmentStatus,
    StatusWord,
    SystemClock,
)
from plugin.database import Prepared, Transaction
from plugin.stores.models import StatusWordRow
from plugin.stores.status_guesses import guess_meaning
from plugin.work import put

__all__ = [
    "confirm_meaning",
    "guess_meaning",
    "learn_statuses",
    "list_status_words",
    "note_unmapped",
    "read_meanings",
    "translate",
]

LONGEST = 200
MOST_STATUSES = 300
"""More than any shop has; a platform that names more is not believed."""


def learn_statuses(tx: Session, store_id: int, found: Sequence[StatusWord]) -> None:
    """Writes down what the platform named: new ones with a guess, known ones by their present name. What the merchant
    confirmed stays, and so does a status that is no longer named, since orders may still stand in it."""
    kept = {row.raw_status: row for row in list_status_words(tx, store_id)}
    for word in found[:MOST_STATUSES]:
        raw, name = word.raw_status[:LONGEST], (word.name or word.raw_status)[:LONGEST]
        if not raw:
            continue
        row = kept.get(raw)
        if row is None:
            row = kept[raw] = StatusWordRow(store_id=store_id, raw_status=raw, name=name)
            tx.add(row)
        guess = None if word.known else guess_meaning(name, raw)
        row.name, row.known, row.guess = name, word.known, guess.value if guess else None
    tx.flush()


def list_status_words(tx: Session, store_id: int) -> Sequence[StatusWordRow]:
    """Every status of the store, by its name."""
    which = select(StatusWordRow).where(StatusWordRow.store_id == store_id)
    return list(tx.scalars(which.order_by(StatusWordRow.name, StatusWordRow.id)))


def confirm_meaning(row: StatusWordRow, meaning: Meaning | None, now: datetime | None = None) -> None:
    """What the merchant says it means; None: open again. Orders that stand in it are decided anew (a job of the
    orders' room); whatever is old by then stays silent by the usual rules."""
    changed = row.meaning != (meaning.value if meaning else None)
    at = now or SystemClock().now()
    row.meaning, row.confirmed_at = (meaning.value, at) if meaning else (None, None)
    tx = object_session(row)
    if changed and tx is not None:
        payload, key = {"raw_status": row.raw_status}, f"meaning:{row.store_id}:{row.raw_status}"
        put(tx, "orders.meaning", payload, due_at=at, store=row.store_id, key=key)


_COLUMNS = StatusWordRow.__table__.c
_MEANINGS = Prepared(
    lambda _: select(_COLUMNS.raw_status, _COLUMNS.meaning).where(
        _COLUMNS.store_id == bindparam("store"), _COLUMNS.meaning.is_not(None)
    )
)


def read_meanings(tx: Transaction, store_id: int) -> Mapping[str, Meaning]:
    """The platform's word → what the merchant confirmed it to mean."""
    known = set(Meaning)
    rows = _MEANINGS.read(tx, {"store": store_id})
    return {row.raw_status: Meaning(row.meaning) for row in rows if row.meaning in known}


def _insert_word(dialect: str) -> Executable:
    own_insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    names = ("store_id", "raw_status", "name", "known", "guess")
    values = {name: bindparam(name, type_=_COLUMNS[name].type) for name in names}
    return own_insert(StatusWordRow).values(values).on_conflict_do_nothing().inline()


_NOTED = Prepared(_insert_word)


def note_unmapped(tx: Transaction, store_id: int, raw_status: str) -> None:
    """A status first met on an order is listed too, under the platform's word for it."""
    raw = raw_status[:LONGEST]
    if not raw:
        return
    name = " ".join(raw.replace("-", " ").replace("_", " ").split()).capitalize() or raw
    guess = guess_meaning(name, raw)
    values = {"store_id": store_id, "raw_status": raw, "name": name, "known": False}
    _NOTED.run(tx, values | {"guess": guess.value if guess else None})


_WHEREABOUTS = {
    Meaning.shipped: ShipmentStatus.unknown,
    Meaning.out_for_delivery: ShipmentStatus.out_for_delivery,
    Meaning.ready_for_pickup: ShipmentStatus.ready_for_pickup,
    Meaning.attempted: ShipmentStatus.attempted,
    Meaning.delivered: ShipmentStatus.delivered,
    Meaning.returned: ShipmentStatus.returned,
}
_STATUS = {
    Meaning.awaiting_payment: (OrderStatus.pending, Notice.payment_pending),
    Meaning.on_hold: (OrderStatus.on_hold, Notice.on_hold),
    Meaning.preparing: (OrderStatus.processing, Notice.preparing),
    Meaning.cancelled: (OrderStatus.cancelled, Notice.cancelled),
}


def translate(order: Order, meanings: Mapping[str, Meaning]) -> Order:
    """The order as its merchant means its status; itself where the adapter understands it or nobody does. Of a status
    of the shop's own the platform mails nothing, so what it means is `untold`."""
    if order.status is not OrderStatus.unknown:
        return order
    meaning = meanings.get(order.raw_status)
    if meaning is None or meaning is Meaning.nothing:
        return order
    if meaning in _STATUS:
        status, notice = _STATUS[meaning]
        return replace(order, status=status, untold=order.untold | {notice})
    arrived = meaning is Meaning.delivered
    return replace(
        order,
        status=OrderStatus.completed if arrived else OrderStatus.processing,
        dispatched=True,
        whereabouts=_WHEREABOUTS[meaning],
        untold=order.untold | {Notice.shipped},
    )
