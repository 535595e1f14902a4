"""What the shop keeps: orders with their lines, parcels and refunds, as plain records.

Amounts are decimal strings in the order's currency; times are aware UTC; every word is the shop's own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LEFT_FOR_GOOD = ("delivered", "sent_back", "lost")


class Line(msgspec.Struct):
    """One line of an order; `total` is quantity times price."""

    id: str
    product_id: str
    sku: str
    name: str
    quantity: int
    total: str
    ships: bool = True
    options: list[str] = []


class TrackingEvent(msgspec.Struct):
    """One report of the carrier."""

    status: str
    at: datetime
    message: str = ""
    place: str = ""


class Parcel(msgspec.Struct):
    """One parcel; `items` are (line id, quantity)."""

    id: str
    status: str
    carrier: str = ""
    number: str = ""
    url: str = ""
    shipped_at: datetime | None = None
    expected_at: datetime | None = None
    items: list[tuple[str, int]] = []
    events: list[TrackingEvent] = []


class Refund(msgspec.Struct):
    """Money given back."""

    id: str
    amount: str
    reason: str
    created_at: datetime


class Customer(msgspec.Struct):
    """Who bought; `id` is the same for the same e-mail."""

    id: str
    name: str
    email: str


class Address(msgspec.Struct):
    """Where the order goes; empty for what is downloaded."""

    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""


class Order(msgspec.Struct):
    """One order. `status`: placed, preparing, shipped, completed, on_hold, cancelled, refunded, failed.
    `payment`: waiting, at_the_door, paid, declined, partly_refunded, refunded."""

    id: str
    number: str
    status: str
    payment: str
    payment_method: str
    currency: str
    total: str
    shipping: str
    created_at: datetime
    modified_at: datetime
    customer: Customer
    address: Address
    locale: str
    lines: list[Line]
    delivery: str = "standard"
    paid_at: datetime | None = None
    completed_at: datetime | None = None
    cancel_reason: str = ""
    refunds: list[Refund] = []
    parcels: list[Parcel] = []

    @property
    def needs_shipping(self) -> bool:
        return any(line.ships for line in self.lines)

    @property
    def dispatched(self) -> bool:
        """Everything there is to ship has left."""
        return self.needs_shipping and not self.still_here()

    def still_here(self) -> dict[str, int]:
        """Line id → pieces which are in no parcel yet."""
        pieces = {line.id: line.quantity for line in self.lines if line.ships}
        for parcel in self.parcels:
            for line_id, quantity in parcel.items:
                pieces[line_id] = pieces.get(line_id, 0) - quantity
        return {line_id: quantity for line_id, quantity in pieces.items() if quantity > 0}

    @property
    def refunded(self) -> Decimal:
        return sum((Decimal(refund.amount) for refund in self.refunds), Decimal(0))

    @property
    def refundable(self) -> Decimal:
        """What was paid and not given back yet."""
        if self.payment not in ("paid", "partly_refunded"):
            return Decimal(0)
        return Decimal(self.total) - self.refunded


class ActionRefused(Exception):
    """The shop understood and says no; the words say why and what to do."""


def as_wire(order: Order, origin: str) -> dict[str, Any]:
    """The order as webhooks and the JSON API tell it."""
    wire: dict[str, Any] = msgspec.to_builtins(order)
    wire["country"] = order.address.country
    wire["dispatched"] = order.dispatched
    wire["needs_shipping"] = order.needs_shipping
    wire["status_url"] = f"{origin}/{order.locale}/order-status?order={order.number}"
    return wire


def to_micros(moment: datetime) -> int:
    """Whole microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """The aware UTC time of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)
