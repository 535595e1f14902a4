"""Keeps what platforms deliver and applies it once: orders, parcels, timeline."""

from plugin.orders.apply import apply_order, apply_receipt, keep, promise_decision
from plugin.orders.brief import OrderBrief, read_order_brief
from plugin.orders.find import (
    OrderView,
    count_receipts,
    find_by_number,
    find_order,
    get_order,
    list_buried,
    list_orders,
    view_order,
)
from plugin.orders.models import OrderRow, Receipt, ShipmentRow, TimelineEntry
from plugin.orders.refetch import RECONCILE_EVERY, reconcile_all, reconcile_store, refetch_order
from plugin.orders.retain import forget_old_receipts, replay_buried_receipts
from plugin.orders.state import Parcel

__all__ = [
    "RECONCILE_EVERY",
    "OrderBrief",
    "OrderRow",
    "OrderView",
    "Parcel",
    "Receipt",
    "ShipmentRow",
    "TimelineEntry",
    "apply_order",
    "apply_receipt",
    "count_receipts",
    "find_by_number",
    "find_order",
    "forget_old_receipts",
    "get_order",
    "keep",
    "list_buried",
    "list_orders",
    "promise_decision",
    "read_order_brief",
    "reconcile_all",
    "reconcile_store",
    "refetch_order",
    "replay_buried_receipts",
    "view_order",
]
