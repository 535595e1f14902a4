"""Parcels, of Shopify's fulfillments. Pure.

One fulfillment may carry several numbers, and each of them is a parcel. Where a fulfillment has one number or none the
parcel has the fulfillment's id; where it has several, each has that id with its number, so that no parcel changes its
name when another number is put before it.
"""

from __future__ import annotations

from collections.abc import Iterable

from adapters.shopify.bodies import EventBody, ParcelBody, TrackingBody
from adapters.shopify.mapping import NO_PARCEL, PARCEL_STATUS, TAKEN_BACK
from adapters.shopify.values import (
    clean_text,
    read_count,
    read_gid,
    read_id,
    read_link,
    read_optional_time,
    read_time,
)
from plugin.contract import PayloadUnreadable, Shipment, ShipmentStatus, TrackingEvent

MOST_NUMBERS = 50
NOT_LEFT = frozenset({ShipmentStatus.label_created, ShipmentStatus.unknown})


def read_parcels(bodies: Iterable[ParcelBody]) -> tuple[Shipment, ...]:
    """The parcels of an order, in the platform's order, each number once."""
    found: dict[str, Shipment] = {}
    for body in bodies:
        if is_parcel(body):
            for parcel in read_fulfillment(body):
                found.setdefault(parcel.tracking_number.upper() or f"id {parcel.external_id}", parcel)
    return tuple(found.values())


def is_parcel(body: ParcelBody) -> bool:
    """Whether something travels: not one that was taken back, and not a download or a gift card."""
    if body.status in NO_PARCEL or body.display_status == TAKEN_BACK:
        return False
    return body.requires_shipping is not False or bool(list_numbers(body))


def list_numbers(body: ParcelBody) -> list[TrackingBody]:
    """What is known of each number, each once. A row without a number counts only when there is none with one."""
    rows = list(body.tracking_info or ())[:MOST_NUMBERS]
    numbered = {clean_text(row.number).upper(): row for row in reversed(rows) if clean_text(row.number)}
    return [row for row in rows if numbered.get(clean_text(row.number).upper()) is row]


def read_fulfillment(body: ParcelBody) -> tuple[Shipment, ...]:
    external_id = read_id(body.id, "fulfillment")
    rows = list_numbers(body)
    if len(rows) < 2:
        row = rows[0] if rows else next(iter(body.tracking_info or ()), TrackingBody())
        return (read_parcel(body, row, external_id),)
    return tuple(read_parcel(body, row, f"{external_id}/{clean_text(row.number)}"[:200]) for row in rows)


def read_parcel(body: ParcelBody, row: TrackingBody, external_id: str) -> Shipment:
    status = read_parcel_status(body)
    return Shipment(
        status=status,
        raw_status=clean_text(body.display_status or body.status),
        external_id=external_id,
        tracking_number=clean_text(row.number),
        carrier=clean_text(row.company),
        tracking_url=read_link(row.url),
        shipped_at=None
        if status in NOT_LEFT
        else read_optional_time(body.created_at, "fulfillment's createdAt"),
        expected_at=read_optional_time(body.estimated_delivery_at, "fulfillment's estimatedDeliveryAt"),
        events=read_events(body.events.nodes if body.events else ()),
        items=read_items(body),
    )


def read_parcel_status(body: ParcelBody) -> ShipmentStatus:
    """Where the parcel is. Without a display status (a service still works on it) the fulfillment's own word counts."""
    if body.display_status:
        return PARCEL_STATUS.get(body.display_status, ShipmentStatus.unknown)
    if body.status == "SUCCESS":
        return ShipmentStatus.in_transit
    return ShipmentStatus.label_created if body.status in ("OPEN", "PENDING") else ShipmentStatus.unknown


def read_events(bodies: Iterable[EventBody | None]) -> tuple[TrackingEvent, ...]:
    """The carrier's reports, oldest first. What has no time is left out. Only the region and the country are told: the
    city is a shopper's address, which we do not ask for."""
    found = [event for body in bodies if body is not None and (event := read_event(body)) is not None]
    return tuple(sorted(found, key=lambda event: (event.occurred_at, event.raw_status)))


def read_event(body: EventBody) -> TrackingEvent | None:
    try:
        occurred_at = read_time(body.happened_at, "event's happenedAt")
    except PayloadUnreadable:
        return None
    places = [clean_text(body.province), clean_text(body.country)]
    raw_status = clean_text(body.status)
    return TrackingEvent(
        status=PARCEL_STATUS.get(raw_status, ShipmentStatus.unknown),
        raw_status=raw_status,
        occurred_at=occurred_at,
        message=clean_text(body.message)[:500],
        location=", ".join(place for place in places if place)[:200],
    )


def read_items(body: ParcelBody) -> tuple[tuple[str, int], ...]:
    """(order line's id, quantity) inside; empty when one fulfillment has several numbers: nobody says what is where."""
    if len(list_numbers(body)) > 1 or body.fulfillment_line_items is None:
        return ()
    found: dict[str, int] = {}
    for row in body.fulfillment_line_items.nodes:
        line_id = (
            read_gid(row.line_item.id, "LineItem") if row is not None and row.line_item is not None else ""
        )
        count = read_count(row.quantity) if row is not None else 0
        if line_id and count:
            found[line_id] = found.get(line_id, 0) + count
    return tuple(found.items())
