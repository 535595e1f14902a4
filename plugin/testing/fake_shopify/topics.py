"""Webhook topics as a header writes them (``orders/updated``) and as the schema does (``ORDERS_UPDATED``)."""

from __future__ import annotations

TOPICS = (
    "orders/create", "orders/updated", "orders/cancelled", "orders/fulfilled", "orders/partially_fulfilled",
    "orders/edited", "orders/paid", "orders/delete", "fulfillments/create", "fulfillments/update",
    "fulfillment_events/create", "fulfillment_events/delete", "refunds/create", "returns/request", "returns/approve",
    "returns/decline", "returns/cancel",
    "returns/close", "returns/reopen", "returns/process", "returns/update", "checkouts/create", "checkouts/update",
    "app/uninstalled", "app/scopes_update", "shop/update", "customers/merge",
)  # fmt: skip
NEEDS = {
    "orders": "read_orders", "fulfillments": "read_fulfillments", "fulfillment_events": "read_fulfillments",
    "refunds": "read_orders", "returns": "read_returns", "checkouts": "read_orders", "customers": "read_customers",
}  # fmt: skip
"""The scope a topic needs, by what stands before its slash."""
BY_ENUM = {topic.upper().replace("/", "_"): topic for topic in TOPICS}


def write_topic(topic: str) -> str:
    return topic.upper().replace("/", "_")


def read_topic(word: str) -> str:
    """'' for one the fake does not fire."""
    return BY_ENUM.get(word, "")


def needed_scope(topic: str) -> str:
    """'' when it needs none."""
    return NEEDS.get(topic.partition("/")[0], "")
