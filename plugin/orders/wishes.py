"""What this room promises: one pending job per thing, however often it is wished."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy.orm import Session

from plugin.contract import CustomerDataRequested, CustomerErasureRequested, StoreErasureRequested
from plugin.database import Transaction
from plugin.orders.models import OrderRow
from plugin.stores import StoreBrief, StoreRow
from plugin.work import put


def promise_decision(tx: Session, store: StoreRow | StoreBrief, row: OrderRow, now: datetime) -> None:
    """One pending decision per order, due when the state has settled."""
    due_at = now + timedelta(seconds=store.settle_seconds)
    put(tx, "notices.decide", {"order": row.id}, due_at=due_at, store=store.id, key=f"decide:{row.id}")


def wish_privacy(
    tx: Session,
    store: StoreRow | StoreBrief,
    event: CustomerDataRequested | CustomerErasureRequested | StoreErasureRequested,
    now: datetime,
) -> str:
    """Promises what the privacy room does; the payload is sealed, since an outbox row is readable."""
    if isinstance(event, StoreErasureRequested):
        put(tx, "privacy.erase_store", {}, due_at=now, store=store.id, key=f"erase-store:{store.id}")
        return "applied"
    orders = [one for one in event.order_external_ids if one]
    if not event.email.strip() and not event.customer_id and not orders:
        return "ignored"
    vault = tx.get_bind().dialect.mostrador_vault  # type: ignore[attr-defined]
    named = msgspec.json.encode({"email": event.email, "customer_id": event.customer_id, "orders": orders})
    copy = isinstance(event, CustomerDataRequested)
    kind = "privacy.export_customer" if copy else "privacy.erase_customer"
    # A delivery that comes twice is one request: each looks through everything of the store.
    key = f"{kind}:{store.id}:{vault.index('privacy-request', named.decode())}"
    put(tx, kind, {"sealed": vault.seal(named).decode()}, due_at=now, store=store.id, key=key)
    return "applied"


def wish_reconcile(tx: Transaction, store: StoreRow | StoreBrief, now: datetime) -> None:
    """One pending question per store: what has changed since the last round?"""
    put(tx, "orders.reconcile", {}, due_at=now, store=store.id, key=f"reconcile:{store.id}")


def wish_refetch(tx: Session, store_id: int, external_id: str, reason: str, now: datetime) -> None:
    """One pending question to the platform per order."""
    payload = {"order": external_id, "reason": reason}
    put(tx, "orders.refetch", payload, due_at=now, store=store_id, key=f"refetch:{store_id}:{external_id}")
