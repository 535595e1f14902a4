"""What is true about an order and worth hearing, and which of it makes other news old. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from plugin.contract import Notice, Order, OrderStatus, PaymentStatus, ShipmentStatus
from plugin.orders import Parcel, has_left, place_parcel

PROGRESS = (
    Notice.order_received,
    Notice.payment_pending,
    Notice.on_hold,
    Notice.payment_failed,
    Notice.payment_received,
    Notice.preparing,
)
PARCEL = (
    Notice.shipped,
    Notice.delayed,
    Notice.out_for_delivery,
    Notice.ready_for_pickup,
    Notice.attempted,
    Notice.returned,
    Notice.delivered,
)
CLOSING = (Notice.cancelled, Notice.refunded)
ARRIVED = (Notice.delivered, Notice.returned)
RANK = {notice: rank for rank, notice in enumerate((*PROGRESS, *PARCEL, Notice.partly_refunded, *CLOSING))}

OF_SHIPMENT = {
    ShipmentStatus.in_transit: (Notice.shipped,),
    ShipmentStatus.delayed: (Notice.shipped, Notice.delayed),
    ShipmentStatus.out_for_delivery: (Notice.shipped, Notice.out_for_delivery),
    ShipmentStatus.ready_for_pickup: (Notice.shipped, Notice.ready_for_pickup),
    ShipmentStatus.attempted: (Notice.shipped, Notice.attempted),
    ShipmentStatus.failed: (Notice.shipped,),
    ShipmentStatus.returned: (Notice.shipped, Notice.returned),
    ShipmentStatus.delivered: (Notice.shipped, Notice.delivered),
}

Key = tuple[Notice, str]
LONG_AFTER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something true about an order that a shopper should hear once. It became true between `earliest`
    and `at`: platforms date some facts exactly, some to the day, some not at all."""

    notice: Notice
    about: str = ""
    at: datetime
    earliest: datetime
    lacks_number: bool = False
    """Nobody knows yet how to follow it."""

    @property
    def key(self) -> Key:
        return self.notice, self.about


def list_facts(order: Order, parcels: Sequence[Parcel]) -> tuple[Fact, ...]:
    """What is true now and worth hearing, least advanced first. A draft or unknown state tells nothing."""
    if order.status in (OrderStatus.draft, OrderStatus.unknown):
        return ()
    facts = [_fact(order, Notice.order_received, at=order.created_at)]
    facts += _money_facts(order)
    if order.status is OrderStatus.cancelled:
        facts.append(_fact(order, Notice.cancelled))
    elif not _fully_refunded(order):
        facts += _progress_facts(order, parcels) + _parcel_facts(order, parcels)
    return tuple(sorted(facts, key=lambda fact: (RANK[fact.notice], fact.about)))


def _fact(
    order: Order, notice: Notice, about: str = "", at: datetime | None = None, lacks_number: bool = False
) -> Fact:
    """A fact dated exactly, or (without `at`) some time between the order's making and its last change."""
    earliest, latest = (at, at) if at is not None else (order.created_at, order.modified_at)
    return Fact(notice=notice, about=about, at=latest, earliest=earliest, lacks_number=lacks_number)


def _fully_refunded(order: Order) -> bool:
    return order.status is OrderStatus.refunded or order.payment_status is PaymentStatus.refunded


def _money_facts(order: Order) -> list[Fact]:
    if _fully_refunded(order):
        dated = [refund.created_at for refund in order.refunds if refund.created_at]
        return [_fact(order, Notice.refunded, at=max(dated) if dated else None)]
    facts = [
        _fact(order, Notice.partly_refunded, refund.external_id, refund.created_at)
        for refund in order.refunds
    ]
    received = order.payment_status in (PaymentStatus.paid, PaymentStatus.partly_refunded)
    if received and not order.pay_on_delivery and order.status is not OrderStatus.failed:
        facts.append(_fact(order, Notice.payment_received, at=order.paid_at))
    return facts


def _progress_facts(order: Order, parcels: Sequence[Parcel]) -> list[Fact]:
    unpaid = order.payment_status is PaymentStatus.unpaid and not order.pay_on_delivery
    if order.status is OrderStatus.pending and unpaid:
        return [_fact(order, Notice.payment_pending)]
    if order.status is OrderStatus.failed or order.payment_status is PaymentStatus.failed:
        return [_fact(order, Notice.payment_failed)]
    if order.status is OrderStatus.on_hold:
        return [_fact(order, Notice.on_hold)]
    moving = has_left(order) or any(parcel.shipment.status in OF_SHIPMENT for parcel in parcels)
    if order.status is OrderStatus.processing and order.needs_shipping and not moving:
        return [_fact(order, Notice.preparing)]
    return []


def _parcel_facts(order: Order, parcels: Sequence[Parcel]) -> list[Fact]:
    if parcels:
        return [
            _parcel_fact(order, parcel, notice)
            for parcel in parcels
            for notice in OF_SHIPMENT.get(place_parcel(order, parcel.shipment), ())
        ]
    if not has_left(order) or not order.needs_shipping:
        return []
    told = OF_SHIPMENT.get(order.whereabouts, (Notice.shipped,))
    facts = [_fact(order, Notice.shipped, at=order.completed_at, lacks_number=len(told) == 1)]
    return facts + [_fact(order, notice) for notice in told if notice is not Notice.shipped]


def _parcel_fact(order: Order, parcel: Parcel, notice: Notice) -> Fact:
    shipment, status = parcel.shipment, place_parcel(order, parcel.shipment)
    if notice is not Notice.shipped:
        dated = [event.occurred_at for event in shipment.events if event.status is status]
        return _fact(order, notice, parcel.key, max(dated) if dated else None)
    lacks = status is ShipmentStatus.in_transit and not shipment.tracking_number
    fact = _fact(order, notice, parcel.key, lacks_number=lacks)
    if shipment.shipped_at is None:
        return fact
    # Shops type the day of shipping, sometimes tomorrow's: it dates the fact to the day and no better.
    earliest = max(min(shipment.shipped_at, order.modified_at), order.created_at)
    latest = max(min(shipment.shipped_at + timedelta(days=1), order.modified_at), order.created_at)
    return replace(fact, earliest=earliest, at=latest)


def is_late(fact: Fact, order: Order) -> bool:
    """Whether a parcel left when the order as a whole had been called completed for an hour."""
    left = fact.notice is Notice.shipped and bool(fact.about)
    return left and order.completed_at is not None and fact.earliest > order.completed_at + LONG_AFTER


def overtakes(one: Fact, other: Fact) -> bool:
    """Whether hearing `one` makes `other` old news.

    Progress is one line; each parcel is a line of its own that ends all progress; the end of an order ends
    everything; a partial refund stands beside the rest.
    """
    if one.notice is Notice.refunded:
        return RANK[other.notice] < RANK[one.notice]
    if Notice.partly_refunded in (one.notice, other.notice):
        return False
    if one.notice is Notice.cancelled:
        return RANK[other.notice] < RANK[one.notice]
    if one.notice in PARCEL and other.notice in PARCEL:
        return one.about == other.about and RANK[other.notice] < RANK[one.notice]
    return RANK[other.notice] < RANK[one.notice] and other.notice in PROGRESS


def is_told_past(fact: Fact, told: Iterable[Key]) -> bool:
    """Whether a mail that went out already makes this a step backwards, even where it is no longer true: after a
    parcel's first mail nobody hears of preparing, and a parcel once delivered or returned has arrived for good."""
    for notice, about in told:
        if notice in PARCEL and fact.notice in PROGRESS and fact.notice is not Notice.payment_received:
            return True
        if notice not in PARCEL or fact.notice not in PARCEL:
            continue
        if about == fact.about:
            if notice in ARRIVED and RANK[fact.notice] < RANK[notice]:
                return True
        elif not fact.about or (not about and notice is not Notice.shipped):
            # Of the whole order and of a parcel of it the same is told once; only the number of one that was
            # told to have left without is news.
            if RANK[fact.notice] <= RANK[notice]:
                return True
    return False
