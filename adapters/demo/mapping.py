"""The demo shop's words for orders and parcels, and ours.

A word we do not know becomes ``unknown`` and travels on in ``raw_status``; only a body that is not an
order at all is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, TypeVar

import msgspec

from plugin.contract import (
    Money,
    Order,
    OrderLine,
    OrderStatus,
    PayloadUnreadable,
    PaymentStatus,
    Refund,
    Shipment,
    ShipmentStatus,
    TrackingEvent,
)

ORDER_STATUSES = {
    "placed": OrderStatus.pending,
    "preparing": OrderStatus.processing,
    "shipped": OrderStatus.completed,
    "completed": OrderStatus.completed,
    "on_hold": OrderStatus.on_hold,
    "cancelled": OrderStatus.cancelled,
    "refunded": OrderStatus.refunded,
    "failed": OrderStatus.failed,
}

PAYMENT_STATUSES = {
    "waiting": PaymentStatus.unpaid,
    "at_the_door": PaymentStatus.on_delivery,
    "paid": PaymentStatus.paid,
    "declined": PaymentStatus.failed,
    "partly_refunded": PaymentStatus.partly_refunded,
    "refunded": PaymentStatus.refunded,
}

PARCEL_STATUSES = {
    "registered": ShipmentStatus.label_created,
    "on_the_way": ShipmentStatus.in_transit,
    "out_for_delivery": ShipmentStatus.out_for_delivery,
    "at_pickup_point": ShipmentStatus.ready_for_pickup,
    "nobody_home": ShipmentStatus.attempted,
    "delayed": ShipmentStatus.delayed,
    "delivered": ShipmentStatus.delivered,
    "lost": ShipmentStatus.failed,
    "sent_back": ShipmentStatus.returned,
}

Amount = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_CURRENCY = re.compile(r"[A-Z]{3}")
_Kind = TypeVar("_Kind")


class _Line(msgspec.Struct):
    id: str
    name: str
    quantity: int
    total: Amount
    product_id: str = ""
    sku: str = ""
    ships: bool = True
    options: list[str] = []


class _Refund(msgspec.Struct):
    id: str
    amount: Amount
    created_at: Moment
    reason: str = ""


class _Event(msgspec.Struct):
    status: str
    at: Moment
    message: str = ""
    place: str = ""


class _Parcel(msgspec.Struct):
    id: str
    status: str
    carrier: str = ""
    number: str = ""
    url: str = ""
    shipped_at: Moment | None = None
    expected_at: Moment | None = None
    items: list[tuple[str, int]] = []
    events: list[_Event] = []


class _Customer(msgspec.Struct):
    id: str = ""
    name: str = ""
    email: str = ""


class _Order(msgspec.Struct):
    id: str
    number: str
    status: str
    payment: str
    currency: str
    total: Amount
    created_at: Moment
    modified_at: Moment
    customer: _Customer
    payment_method: str = ""
    paid_at: Moment | None = None
    completed_at: Moment | None = None
    country: str = ""
    locale: str = ""
    status_url: str = ""
    dispatched: bool = False
    lines: list[_Line] = []
    refunds: list[_Refund] = []
    parcels: list[_Parcel] = []


class _DeletedOrder(msgspec.Struct):
    id: str


class _Page(msgspec.Struct):
    orders: list[_Order]
    next: str | None = None


def read_order(body: bytes) -> Order:
    """One order as the shop writes it (webhook body and REST answer alike). Raises `PayloadUnreadable`."""
    return _map_order(_decode(body, _Order))


def read_deleted(body: bytes) -> str:
    """The id of an order that was deleted. Raises `PayloadUnreadable`."""
    return _decode(body, _DeletedOrder).id


def read_page(body: bytes) -> tuple[Sequence[Order], str]:
    """A page of orders and where the next begins ('' at the end). Raises `PayloadUnreadable`."""
    page = _decode(body, _Page)
    return tuple(_map_order(order) for order in page.orders), page.next or ""


def read_shipment(body: bytes, known: frozenset[str]) -> Shipment | None:
    """The last parcel of an order which is not among the `known` ids. Raises `PayloadUnreadable`."""
    fresh = [shipment for shipment in read_order(body).shipments or () if shipment.external_id not in known]
    return fresh[-1] if fresh else None


def _decode(body: bytes, kind: type[_Kind]) -> _Kind:
    if b"\\u0000" in body:
        # Databases refuse NUL in a text; better unreadable here than half kept there.
        raise PayloadUnreadable("What the demo shop sent holds a NUL character.")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise PayloadUnreadable(f"What the demo shop sent could not be read: {error}") from error


def _map_order(order: _Order) -> Order:
    if not _CURRENCY.fullmatch(order.currency):
        raise PayloadUnreadable("The demo shop's order has no currency.")
    return Order(
        external_id=order.id,
        number=order.number,
        status=ORDER_STATUSES.get(order.status, OrderStatus.unknown),
        raw_status=order.status,
        payment_status=PAYMENT_STATUSES.get(order.payment, PaymentStatus.unknown),
        created_at=_in_utc(order.created_at),
        modified_at=_in_utc(order.modified_at),
        total=_money(order.total, order.currency),
        lines=tuple(_map_line(line, order.currency) for line in order.lines),
        refunds=tuple(_map_refund(refund, order.currency) for refund in order.refunds),
        shipments=tuple(_map_parcel(parcel) for parcel in order.parcels),
        needs_shipping=any(line.ships for line in order.lines),
        dispatched=order.dispatched,
        pay_on_delivery=order.payment_method == "on_delivery",
        payment_method=order.payment_method,
        paid_at=_maybe_utc(order.paid_at),
        completed_at=_maybe_utc(order.completed_at),
        email=order.customer.email,
        customer_name=order.customer.name,
        customer_id=order.customer.id,
        country=order.country,
        locale=order.locale,
        status_url=order.status_url,
    )


def _map_line(line: _Line, currency: str) -> OrderLine:
    return OrderLine(
        external_id=line.id,
        name=line.name,
        quantity=line.quantity,
        total=_money(line.total, currency),
        product_id=line.product_id,
        sku=line.sku,
        details=tuple(line.options),
    )


def _map_refund(refund: _Refund, currency: str) -> Refund:
    return Refund(
        external_id=refund.id,
        amount=_money(refund.amount, currency),
        reason=refund.reason,
        created_at=_in_utc(refund.created_at),
    )


def _map_parcel(parcel: _Parcel) -> Shipment:
    return Shipment(
        status=PARCEL_STATUSES.get(parcel.status, ShipmentStatus.unknown),
        raw_status=parcel.status,
        external_id=parcel.id,
        tracking_number=parcel.number,
        carrier=parcel.carrier,
        tracking_url=parcel.url,
        shipped_at=_maybe_utc(parcel.shipped_at),
        expected_at=_maybe_utc(parcel.expected_at),
        events=tuple(_map_event(event) for event in parcel.events),
        items=tuple(parcel.items),
    )


def _map_event(event: _Event) -> TrackingEvent:
    return TrackingEvent(
        status=PARCEL_STATUSES.get(event.status, ShipmentStatus.unknown),
        raw_status=event.status,
        occurred_at=_in_utc(event.at),
        message=event.message,
        location=event.place,
    )


def _money(amount: str, currency: str) -> Money:
    return Money(amount=Decimal(amount), currency=currency)


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise PayloadUnreadable("A time in the demo shop's order lies outside the calendar.") from error


def _maybe_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else _in_utc(moment)
