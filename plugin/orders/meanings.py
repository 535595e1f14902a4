"""Orders in a status whose meaning the merchant has just said are decided anew."""

from __future__ import annotations

from sqlalchemy import select

from plugin.contract import Clock, OrderStatus
from plugin.database import Database
from plugin.orders.models import OrderRow
from plugin.orders.wishes import promise_decision
from plugin.stores import read_store_brief
from plugin.work import Claimed, finish


def decide_meant_orders(db: Database, clock: Clock, job: Claimed) -> None:
    """The job `orders.meaning`: one promised decision for each order that stands in the status. Whatever became true
    too long ago is written down and not sent, as always."""
    assert job.store is not None
    with db.transaction(job.store) as tx:
        store = read_store_brief(tx, job.store)
        which = (
            OrderRow.store_id == job.store, OrderRow.raw_status == job.payload["raw_status"],
            OrderRow.status == OrderStatus.unknown.value, OrderRow.gone_at.is_(None),
        )  # fmt: skip
        for row in tx.scalars(select(OrderRow).where(*which).order_by(OrderRow.id)):
            promise_decision(tx, store, row, clock.now())
        finish(tx, job)
