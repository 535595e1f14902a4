"""An order as its shopper reads it: status words, money and story in their language. Nothing about who they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from plugin.care.shapes import write_time
from plugin.contract import Order, OrderStatus, PaymentStatus, Shipment, ShipmentStatus, TrackingEvent
from plugin.language import Translator, format_money, language_of, translator
from plugin.notices.mail_facts import clean, is_paid_at_door, safe_link
from plugin.orders import OrderView, TimelineEntry, has_left


class ShownMoney(TypedDict):
    """`amount` exact, as a decimal number in text; `text` as the reader writes it."""

    amount: str
    currency: str
    text: str


class ShownLine(TypedDict):
    """One line of the order."""

    name: str
    quantity: int


class ShownTrackingEvent(TypedDict):
    """One report of the carrier."""

    occurred_at: str
    label: str
    location: str | None


class ShownShipment(TypedDict):
    """One parcel; `tracking_url` only http or https."""

    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    status: str
    status_label: str
    events: list[ShownTrackingEvent]


class ShownFact(TypedDict):
    """One dated fact of the order's story."""

    at: str
    label: str


class ShownOrder(TypedDict):
    """Everything the widget shows of one order."""

    number: str
    status: str
    status_label: str
    payment_label: str
    placed_at: str
    total: ShownMoney
    lines: list[ShownLine]
    shipments: list[ShownShipment]
    timeline: list[ShownFact]


class RedactedOrder(TypedDict):
    """The same keys with nothing in them but how the order and its parcels stand."""

    number: str
    status: str
    status_label: str
    payment_label: str
    placed_at: str | None
    total: None
    lines: list[ShownLine]
    shipments: list[ShownShipment]
    timeline: list[ShownFact]


_UNDER_WAY = (OrderStatus.processing, OrderStatus.completed, OrderStatus.unknown)
"""Statuses beside which the parcels tell more."""


def show_order(view: OrderView, locale: str) -> ShownOrder:
    """The order in the reader's words; `locale` as asked for, or the region the order knows of that language."""
    order, locale = view.order, reader_locale(view, locale)
    words = translator(locale, "care")
    shipments = [parcel.shipment for parcel in view.parcels]
    total = order.total
    return ShownOrder(
        number=clean(order.number, 60), status=order.status.value, status_label=status_label(view, words),
        payment_label=payment_label(order, words), placed_at=write_time(order.created_at),
        total=ShownMoney(amount=str(total.amount), currency=total.currency, text=format_money(total, locale)),
        lines=[ShownLine(name=clean(line.name, 200), quantity=line.quantity) for line in order.lines],
        shipments=[_show_shipment(shipment, words) for shipment in shipments],
        timeline=_show_story(view, words),
    )  # fmt: skip


def show_redacted(view: OrderView, locale: str) -> RedactedOrder:
    """For who holds a link and proved nothing: no line, no money, no tracking number, no place, and none of the
    carrier's own words (they name who took the parcel in)."""
    words = translator(reader_locale(view, locale), "care")
    return RedactedOrder(
        number=clean(view.order.number, 60), status=view.order.status.value, status_label=status_label(view, words),
        payment_label="", placed_at=None, total=None, lines=[], timeline=[],
        shipments=[_redact_shipment(parcel.shipment, words) for parcel in view.parcels],
    )  # fmt: skip


def _redact_shipment(shipment: Shipment, words: Translator) -> ShownShipment:
    events = sorted(shipment.events, key=lambda one: one.occurred_at)
    return ShownShipment(
        carrier=None, tracking_number=None, tracking_url=None, status=shipment.status.value,
        status_label=shipment_label(shipment.status, words),
        events=[
            ShownTrackingEvent(
                occurred_at=write_time(one.occurred_at), label=shipment_label(one.status, words), location=None
            )
            for one in events
        ],
    )  # fmt: skip


def reader_locale(view: OrderView, asked: str) -> str:
    """``es`` becomes ``es_CO`` for an order that was placed in it; a region that was asked for stays."""
    own = view.row.locale
    same = own and "_" not in asked and "-" not in asked and language_of(own) == language_of(asked)
    return own if same else asked


def status_label(view: OrderView, words: Translator) -> str:
    """How the whole order stands, in a few words; its parcels tell more than "completed" does."""
    order, _ = view.order, words.gettext
    statuses = [parcel.shipment.status for parcel in view.parcels]
    told = [one for one in statuses if one not in (ShipmentStatus.unknown, ShipmentStatus.label_created)]
    if order.status in _UNDER_WAY and told:
        if all(one == ShipmentStatus.delivered for one in statuses):
            return shipment_label(ShipmentStatus.delivered, words)
        if ShipmentStatus.delivered in told:
            return _("Partly delivered")
        return shipment_label(told[0], words) if len(set(statuses)) == 1 else _("On its way")
    if order.status in _UNDER_WAY and not statuses and order.needs_shipping and has_left(order):
        known = order.whereabouts not in (ShipmentStatus.unknown, ShipmentStatus.label_created)
        if known or order.status != OrderStatus.completed:
            return shipment_label(order.whereabouts if known else ShipmentStatus.in_transit, words)
    if order.status == OrderStatus.pending and _is_settled(order):
        return _("Received")
    return order_label(order.status, words)


_SETTLED = (
    PaymentStatus.authorized, PaymentStatus.paid, PaymentStatus.partly_refunded, PaymentStatus.refunded,
)  # fmt: skip


def _is_settled(order: Order) -> bool:
    """Whether no payment is waited for: it came, or is for the door."""
    return is_paid_at_door(order) or order.payment_status in _SETTLED


def order_label(status: OrderStatus, words: Translator) -> str:
    """One order status in the reader's words."""
    _ = words.gettext
    return {
        OrderStatus.draft: _("Not placed yet"),
        OrderStatus.pending: _("Waiting for payment"),
        OrderStatus.on_hold: _("On hold"),
        OrderStatus.processing: _("Being prepared"),
        OrderStatus.completed: _("Completed"),
        OrderStatus.cancelled: _("Cancelled"),
        OrderStatus.refunded: _("Refunded"),
        OrderStatus.failed: _("The payment did not go through"),
        OrderStatus.unknown: _("In progress"),
    }[status]


def payment_label(order: Order, words: Translator) -> str:
    """How the money stands. Who pays at the door never reads that a payment arrived."""
    _, status = words.gettext, order.payment_status
    refunded = status in (PaymentStatus.refunded, PaymentStatus.partly_refunded)
    if is_paid_at_door(order) and not refunded:
        return _("Payment on delivery")
    return _payment_words(status, words)


def _payment_words(status: PaymentStatus, words: Translator) -> str:
    _ = words.gettext
    return {
        PaymentStatus.unpaid: _("Not paid yet"),
        PaymentStatus.on_delivery: _("Payment on delivery"),
        PaymentStatus.authorized: _("Payment authorised"),
        PaymentStatus.paid: _("Paid"),
        PaymentStatus.partly_refunded: _("Partly refunded"),
        PaymentStatus.refunded: _("Refunded"),
        PaymentStatus.failed: _("The payment did not go through"),
        PaymentStatus.unknown: _("No details yet"),
    }[status]


def shipment_label(status: ShipmentStatus, words: Translator) -> str:
    """One parcel's status in the reader's words."""
    _ = words.gettext
    return {
        ShipmentStatus.label_created: _("Ready to leave"),
        ShipmentStatus.in_transit: _("On its way"),
        ShipmentStatus.out_for_delivery: _("Out for delivery"),
        ShipmentStatus.ready_for_pickup: _("Ready to be picked up"),
        ShipmentStatus.attempted: _("Delivery attempted"),
        ShipmentStatus.delayed: _("Delayed"),
        ShipmentStatus.delivered: _("Delivered"),
        ShipmentStatus.failed: _("Could not be delivered"),
        ShipmentStatus.returned: _("Returned to the store"),
        ShipmentStatus.unknown: _("No news from the carrier yet"),
    }[status]


def _show_shipment(shipment: Shipment, words: Translator) -> ShownShipment:
    return ShownShipment(
        carrier=clean(shipment.carrier, 80) or None, tracking_number=clean(shipment.tracking_number, 80) or None,
        tracking_url=safe_link(shipment.tracking_url) or None, status=shipment.status.value,
        status_label=shipment_label(shipment.status, words),
        events=[_show_event(event, words) for event in sorted(shipment.events, key=lambda one: one.occurred_at)],
    )  # fmt: skip


def _show_event(event: TrackingEvent, words: Translator) -> ShownTrackingEvent:
    # The carrier's own words say more than "on its way" five times, but in the carrier's language.
    known = shipment_label(event.status, words) if event.status != ShipmentStatus.unknown else ""
    label = " · ".join(part for part in (known, clean(event.message, 140)) if part)
    return ShownTrackingEvent(
        occurred_at=write_time(event.occurred_at), label=label or shipment_label(event.status, words),
        location=clean(event.location, 80) or None,
    )  # fmt: skip


def _show_story(view: OrderView, words: Translator) -> list[ShownFact]:
    keys = [parcel.key for parcel in view.parcels]
    told = (
        (entry, _show_entry(entry, view.order, keys, words)) for entry in sorted(view.timeline, key=_place)
    )
    return [ShownFact(at=write_time(entry.at), label=label) for entry, label in told if label]


def _place(entry: TimelineEntry) -> tuple[datetime, int]:
    """Facts of one moment stand in the order in which they make sense."""
    kinds = ("status", "payment", "refund", "shipment")
    return entry.at, kinds.index(entry.kind) if entry.kind in kinds else len(kinds)


def _show_entry(entry: TimelineEntry, order: Order, keys: Sequence[str], words: Translator) -> str:
    """One fact of the story, or '' for what tells a shopper nothing."""
    if entry.kind == "status":
        status = OrderStatus(entry.value)
        if status in (OrderStatus.draft, OrderStatus.unknown):
            return ""
        received = status == OrderStatus.pending and _is_settled(order)
        return words.gettext("Received") if received else order_label(status, words)
    if entry.kind == "payment":
        payment = PaymentStatus(entry.value)
        quiet = (PaymentStatus.unknown, PaymentStatus.unpaid, PaymentStatus.on_delivery)
        at_door = is_paid_at_door(order) and payment in (PaymentStatus.paid, PaymentStatus.authorized)
        return "" if payment in quiet or at_door else _payment_words(payment, words)
    if entry.kind == "whereabouts":
        return shipment_label(ShipmentStatus(entry.value), words)
    if entry.kind == "shipment" and entry.about in keys:
        label = shipment_label(ShipmentStatus(entry.value), words)
        if len(keys) == 1:
            return label
        place = words.gettext("Parcel {place}").format(place=keys.index(entry.about) + 1)
        return f"{place}: {label}"
    return ""
