"""The total order of snapshots: which of two facts about an order is newer. Pure.

Webhooks repeat, overtake each other and share timestamps (some platforms date to the second, and the body
can change within it). A snapshot's version sorts by modified time, then status rank, then number of
refunds, then a hash of everything: whatever the order of arrival, the same snapshot wins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec

from plugin.contract import Order, OrderStatus, Shipment, ShipmentStatus

ORDER_RANK = {
    OrderStatus.draft: 0,
    OrderStatus.unknown: 1,
    OrderStatus.pending: 2,
    OrderStatus.on_hold: 3,
    OrderStatus.failed: 4,
    OrderStatus.processing: 5,
    OrderStatus.completed: 6,
    OrderStatus.cancelled: 7,
    OrderStatus.refunded: 8,
}

SHIPMENT_RANK = {
    ShipmentStatus.unknown: 0,
    ShipmentStatus.label_created: 1,
    ShipmentStatus.in_transit: 2,
    ShipmentStatus.delayed: 3,
    ShipmentStatus.out_for_delivery: 4,
    ShipmentStatus.ready_for_pickup: 5,
    ShipmentStatus.attempted: 6,
    ShipmentStatus.failed: 7,
    ShipmentStatus.returned: 8,
    ShipmentStatus.delivered: 9,
}


def order_version(order: Order) -> str:
    """A string that sorts as the plan says: newer snapshots after older ones."""
    stamp = _stamp(order.modified_at)
    return f"{stamp}|{ORDER_RANK[order.status]}|{len(order.refunds):04d}|{_digest(order)}"


def shipment_version(shipment: Shipment, modified_at: datetime) -> str:
    """The same for one parcel."""
    return f"{_stamp(modified_at)}|{SHIPMENT_RANK[shipment.status]:02d}|{_digest(shipment)}"


def same_moment(one: str, other: str) -> bool:
    """Whether two versions have the same time but tell different facts: worth asking the platform."""
    return one != other and one.partition("|")[0] == other.partition("|")[0]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _digest(fact: Order | Shipment) -> str:
    return hashlib.sha256(msgspec.json.encode(fact, order="deterministic")).hexdigest()[:16]


@dataclass(frozen=True)
class Parcel:
    """One shipment as decisions and pages see it: its stable key beside its newest state."""

    key: str
    shipment: Shipment


ENDED = frozenset((ShipmentStatus.delivered, ShipmentStatus.returned, ShipmentStatus.failed))
UNDER_WAY = frozenset(ShipmentStatus) - {ShipmentStatus.unknown, ShipmentStatus.label_created}


def has_left(order: Order) -> bool:
    """Whether the platform's own status says that everything to be shipped has left the shop."""
    return order.dispatched or order.whereabouts in UNDER_WAY


def place_parcel(order: Order, shipment: Shipment) -> ShipmentStatus:
    """Where a parcel is: what is known of it, or what the order's own status says of everything, if that is more. A
    parcel that has come to an end is where it is."""
    if shipment.status in ENDED:
        return shipment.status
    if order.whereabouts in UNDER_WAY and order.whereabouts is not ShipmentStatus.in_transit:
        return order.whereabouts
    has_begun = shipment.status in UNDER_WAY
    return shipment.status if has_begun or not has_left(order) else ShipmentStatus.in_transit


def place_parcels(order: Order, parcels: Iterable[Parcel]) -> tuple[Parcel, ...]:
    """The parcels as people should see them: each with the status of `place_parcel`."""
    return tuple(
        Parcel(parcel.key, replace(parcel.shipment, status=place_parcel(order, parcel.shipment)))
        for parcel in parcels
    )


def identities(shipment: Shipment) -> list[str]:
    """Everything a parcel can be recognised by, best first. A number also without its signs: one place writes
    ``AB-123``, another ``AB123``."""
    number = "".join(shipment.tracking_number.split()).upper()
    bare = "".join(sign for sign in number if sign.isalnum())
    named = (shipment.external_id and f"id:{shipment.external_id}", number and f"nr:{number}", bare and f"nr:{bare}")
    return list(dict.fromkeys(name for name in named if name))


def first_key(shipment: Shipment) -> str:
    """The key of a parcel seen for the first time: the platform's id, else one made from the number."""
    if shipment.external_id:
        return shipment.external_id
    return "nr-" + hashlib.sha256(identities(shipment)[0].encode()).hexdigest()[:16]


def distinct(shipments: Iterable[Shipment]) -> list[Shipment]:
    """The parcels of one snapshot, each once; the same parcel listed twice is one."""
    seen: set[str] = set()
    unique = []
    for shipment in shipments:
        names = identities(shipment)
        if names and not seen.intersection(names):
            seen.update(names)
            unique.append(shipment)
    return unique


def pack(fact: Order | Shipment) -> str:
    """JSON for an encrypted column."""
    if isinstance(fact, Order):
        fact = replace(fact, shipments=None)
    return msgspec.json.encode(fact, order="deterministic").decode()


def unpack_order(packed: str) -> Order:
    """The order in an encrypted column."""
    return msgspec.json.decode(packed, type=Order)


def unpack_shipment(packed: str) -> Shipment:
    """The parcel in an encrypted column."""
    return msgspec.json.decode(packed, type=Shipment)
