"""Parcels that a merchant types at the desk: each a wish that is kept until the platform has written it down.

The platform is told of the parcel and of nothing else: an order's status is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.contract import Capability, Clock, Order, Shipment, ShipmentStatus, Store, StoreAdapter
from plugin.database import Database
from plugin.orders.apply import apply_order
from plugin.orders.models import OrderRow
from plugin.orders.parcels import list_parcels
from plugin.orders.state import identities, pack, unpack_shipment
from plugin.orders.wishes import wish_refetch
from plugin.registry import Registry
from plugin.stores import ask_platform, get_store
from plugin.work import Claimed, TryLater, finish, list_promised, put

KIND = "orders.add_shipment"
LONGEST_CARRIER = 80
LONGEST_LINK = 1000
ONE_AFTER_ANOTHER = timedelta(seconds=1)
_NUMBER = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._/-]{2,49}")
_ROUNDED = re.compile(r"\d[.,]?\d*e[+-]?\d+", re.IGNORECASE)
"""What a spreadsheet makes of a long number: its last digits are lost."""


@dataclass(frozen=True)
class Wish:
    """One parcel not yet written down at the platform. `failed`: given up, with `words`; else still tried."""

    order: str
    """The platform's id of the order."""
    shipment: Shipment
    failed: bool
    words: str


def clean_number(written: str) -> str:
    """A tracking number without the spaces people put into it; '' when it cannot be one."""
    number = "".join(written.split())
    return number if _NUMBER.fullmatch(number) and not _ROUNDED.fullmatch(number) else ""


def make_typed(carrier: str, number: str, link: str, shipped_at: datetime) -> Shipment:
    """A typed parcel. Raises `ValueError` when the number cannot be one."""
    cleaned = clean_number(number)
    if not cleaned:
        raise ValueError("This is no tracking number.")
    return Shipment(
        status=ShipmentStatus.in_transit, tracking_number=cleaned, tracking_url=link[:LONGEST_LINK],
        carrier=" ".join(carrier.split())[:LONGEST_CARRIER], shipped_at=shipped_at,
    )  # fmt: skip


def is_there(tx: Session, row: OrderRow, shipment: Shipment, wishes: Sequence[Wish]) -> bool:
    """Whether the order has a parcel with this number already, or (`wishes`, of the store) will have it."""
    wanted = set(identities(shipment))
    known = [parcel.shipment for parcel in list_parcels(tx, row)]
    known += [wish.shipment for wish in wishes if wish.order == row.external_id and not wish.failed]
    return any(wanted.intersection(identities(one)) for one in known)


def wish_shipment(tx: Session, row: OrderRow, shipment: Shipment, now: datetime) -> None:
    """Promises to write the parcel down at the platform; the same one twice is one wish. What it says is sealed, since
    an outbox row is readable."""
    vault = tx.get_bind().dialect.mostrador_vault  # type: ignore[attr-defined]
    payload = {"order": row.external_id, "sealed": vault.seal(pack(shipment).encode()).decode()}
    mark = vault.index("typed-shipment", f"{row.external_id}:{shipment.tracking_number.upper()}")
    put(tx, KIND, payload, due_at=now, store=row.store_id, key=f"shipment:{row.store_id}:{mark}")


def list_wishes(tx: Session, store_id: int, external_id: str = "") -> Sequence[Wish]:
    """What is not written down yet, of the store or of one order; oldest first."""
    vault = tx.get_bind().dialect.mostrador_vault  # type: ignore[attr-defined]
    return [
        Wish(job.payload["order"], _open(vault, job.payload["sealed"]), job.buried_at is not None, job.words or "")
        for job in list_promised(tx, KIND, store_id)
        if not external_id or job.payload["order"] == external_id
    ]


def forget_wishes(tx: Session, store_id: int, external_ids: Collection[str]) -> None:
    """Takes back what was typed for these orders and is not written down yet."""
    for job in list_promised(tx, KIND, store_id):
        if job.payload["order"] in external_ids:
            tx.delete(job)


def _open(vault: object, sealed: str) -> Shipment:
    opened: bytes = vault.open(sealed.encode())  # type: ignore[attr-defined]
    return unpack_shipment(opened.decode())


def add_shipment(db: Database, registry: Registry, clock: Clock, job: Claimed) -> None:
    """The job `orders.add_shipment`. Idempotent: the order is read first, and a parcel that is there is not added
    again. Raises what the adapter raises: the engine tries again, or buries it where the merchant sees its words; and
    `TryLater` while an earlier parcel of the same order is not written."""
    assert job.store is not None
    _wait_for_earlier(db, job, job.store, clock.now())
    external_id, shipment = job.payload["order"], _open(db.vault, job.payload["sealed"])

    def ask(adapter: StoreAdapter, store: Store) -> Order | None:
        readable = Capability.READ_ORDERS in adapter.capabilities
        if readable and _holds(order := adapter.get_order(store, external_id), shipment):
            return order
        adapter.add_shipment(store, external_id, shipment)
        return adapter.get_order(store, external_id) if readable else None

    order = ask_platform(db, registry, job.store, ask)
    with db.transaction(job.store) as tx:
        if order is not None:
            apply_order(tx, get_store(tx, job.store), order, clock.now(), asked=True)
            if not _holds(order, shipment):
                wish_refetch(tx, job.store, external_id, "a parcel was added", clock.now())
        finish(tx, job)


def _wait_for_earlier(db: Database, job: Claimed, store_id: int, now: datetime) -> None:
    """Platforms keep an order's parcels as one list: of two that are written at once, one would be lost."""
    with db.reading(store_id) as tx:
        due = [
            one.due_at
            for one in list_promised(tx, KIND, store_id)
            if one.id < job.id and one.buried_at is None and one.payload["order"] == job.payload["order"]
        ]
    if due:
        raise TryLater("Another parcel of this order is written first.", max(min(due) - now, ONE_AFTER_ANOTHER))


def _holds(order: Order, shipment: Shipment) -> bool:
    wanted = set(identities(shipment))
    return any(wanted.intersection(identities(one)) for one in order.shipments or ())


def find_rows(tx: Session, store_id: int, external_ids: Sequence[str]) -> dict[str, OrderRow]:
    """The orders with these platform ids."""
    which = (OrderRow.store_id == store_id, OrderRow.external_id.in_(external_ids), OrderRow.version != "")
    return {row.external_id: row for row in tx.scalars(select(OrderRow).where(*which))}
