"""What the plain pages tell of an order: how far it is, what is due at the door, its parcels and its story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from plugin.care import ShownOrder
from plugin.contract import Notice, OrderStatus, Shipment, ShipmentStatus
from plugin.language import format_day, format_money, format_time
from plugin.notices.mail_facts import NoticeMail, has_left_the_shop, is_paid_at_door, money_due
from plugin.orders import OrderView, has_left

_ENDED = (OrderStatus.cancelled, OrderStatus.refunded, OrderStatus.failed)
_MOVING = (
    ShipmentStatus.in_transit, ShipmentStatus.out_for_delivery, ShipmentStatus.ready_for_pickup,
    ShipmentStatus.attempted, ShipmentStatus.delayed,
)  # fmt: skip


def tell_steps(view: OrderView) -> tuple[str, ...] | None:
    """``done``, ``now`` or ``next`` for received, preparing, on its way, delivered; None where they say nothing."""
    order, parcels = view.order, [parcel.shipment for parcel in view.parcels]
    if not order.needs_shipping or order.status in _ENDED:
        return None
    at = 1 if order.status in (OrderStatus.processing, OrderStatus.completed) else 0
    if has_left(order) or any(parcel.status in _MOVING for parcel in parcels):
        at = 2
    arrived = [parcel.status == ShipmentStatus.delivered for parcel in parcels]
    if not parcels and order.whereabouts is not ShipmentStatus.unknown:
        arrived = [order.whereabouts is ShipmentStatus.delivered]
    if any(arrived):
        at = 3 if all(arrived) else 2
    if at == 3:
        return ("done",) * 4
    return tuple("done" if place < at else "now" if place == at else "next" for place in range(4))


def tell_due(view: OrderView) -> str:
    """What is still paid at the door, '' when nothing is, or when it may have been paid there already."""
    order = view.order
    mail = NoticeMail(
        notice=Notice.shipped, order=order, parcels=tuple(parcel.shipment for parcel in view.parcels)
    )
    if not is_paid_at_door(order) or order.status in _ENDED or has_left_the_shop(mail):
        return ""
    left = money_due(mail)
    return format_money(left, view.row.locale) if left.amount > 0 else ""


def tell_parcels(view: OrderView, shown: ShownOrder, locale: str, zone: str) -> list[dict[str, Any]]:
    return [
        {**told, "expected": _expected(parcel.shipment, locale, zone)}
        for told, parcel in zip(shown["shipments"], view.parcels, strict=True)
    ]


def _expected(parcel: Shipment, locale: str, zone: str) -> str:
    coming = parcel.status in _MOVING and parcel.expected_at is not None
    return format_day(parcel.expected_at, locale, zone) if coming and parcel.expected_at else ""


def tell_story(shown: ShownOrder, locale: str, zone: str) -> list[dict[str, str]]:
    """Newest first; only the first time names its zone, the others have the same."""
    story = []
    for place, fact in enumerate(reversed(shown["timeline"])):
        at = datetime.fromisoformat(fact["at"])
        clock = format_time(at, locale, zone, reader_zone=zone if place else "")
        story.append({"label": fact["label"], "at": fact["at"], "when": f"{format_day(at, locale, zone)}, {clock}"})
    return story
