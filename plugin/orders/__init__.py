"""Keeps what platforms deliver and applies it once: orders, parcels, timeline."""

from plugin.orders.apply import apply_order, apply_receipt, keep
from plugin.orders.brief import OrderBrief, read_order_brief
from plugin.orders.customer_names import name_customers
from plugin.orders.find import (
    OrderView,
    count_receipts,
    find_by_number,
    find_order,
    get_order,
    is_known_gone,
    list_buried,
    list_orders,
    list_orders_of,
    view_order,
)
from plugin.orders.meanings import decide_meant_orders
from plugin.orders.models import OrderRow, Receipt, ShipmentRow, TimelineEntry
from plugin.orders.reconcile import (
    CHECK_ROUND,
    RECONCILE_EVERY,
    check_all,
    check_open_orders,
    reconcile_all,
    reconcile_store,
)
from plugin.orders.refetch import ask_rested, refetch_order
from plugin.orders.retain import forget_old_receipts, replay_buried_receipts
from plugin.orders.shipments import add_shipment, wish_shipment
from plugin.orders.state import Parcel, has_left, place_parcel
from plugin.orders.wishes import promise_decision, wish_reconcile, wish_refetch

__all__ = [
    "CHECK_ROUND",
    "RECONCILE_EVERY",
    "OrderBrief",
    "OrderRow",
    "OrderView",
    "Parcel",
    "Receipt",
    "ShipmentRow",
    "TimelineEntry",
    "add_shipment",
    "apply_order",
    "apply_receipt",
    "ask_rested",
    "check_all",
    "check_open_orders",
    "count_receipts",
    "decide_meant_orders",
    "find_by_number",
    "find_order",
    "forget_old_receipts",
    "get_order",
    "has_left",
    "is_known_gone",
    "keep",
    "list_buried",
    "list_orders",
    "list_orders_of",
    "name_customers",
    "place_parcel",
    "promise_decision",
    "read_order_brief",
    "reconcile_all",
    "reconcile_store",
    "refetch_order",
    "replay_buried_receipts",
    "view_order",
    "wish_reconcile",
    "wish_refetch",
    "wish_shipment",
]
