"""How many orders stand in each of the platform's own statuses."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plugin.orders.models import OrderRow


def count_by_raw_status(tx: Session, store_id: int) -> dict[str, int]:
    """The platform's word → number of the store's orders that stand in it now."""
    which = (OrderRow.store_id == store_id, OrderRow.version != "", OrderRow.gone_at.is_(None))
    rows = tx.execute(select(OrderRow.raw_status, func.count()).where(*which).group_by(OrderRow.raw_status))
    return {row.raw_status: int(row[1]) for row in rows}
