"""The places in an order's own meta where shipment plugins write parcels, merged. Pure.

`shipments` reads the list most plugins share; here are the others, and what makes one parcel of two rows.
Asking the shop for what no meta carries is `parcel_search`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from adapters.woocommerce.carriers import build_link
from adapters.woocommerce.mapping import (
    AFTERSHIP_KEY,
    LABEL_KEYS,
    NUMBER_KEYS,
    PARCEL_KEYS,
    TRACKING_ITEMS_KEY,
    TRACKSHIP_KEY,
    TRACKSHIP_STATUS,
)
from adapters.woocommerce.schemas import ANYTHING, decode
from adapters.woocommerce.shipments import MOST_PARCELS, merge_parcels, read_items, read_tracking_items
from adapters.woocommerce.values import clean_text, read_link
from plugin.contract import PayloadUnreadable, Shipment, ShipmentStatus

BARE_NUMBER = re.compile(r"(?=(?:[^0-9]*[0-9]){4})[A-Za-z0-9][A-Za-z0-9._/-]{4,39}", re.ASCII)
"""What may be a tracking number where anybody may have typed anything: one word with at least four digits."""
RANK = {
    ShipmentStatus.unknown: 0,
    ShipmentStatus.label_created: 1,
    ShipmentStatus.in_transit: 2,
}


def read_meta_parcels(meta: Mapping[str, Any]) -> tuple[Shipment, ...] | None:
    """Every parcel the order's meta names, or None when it says nothing about parcels."""
    if meta.keys().isdisjoint(PARCEL_KEYS):
        return None
    listed = read_tracking_items(meta[TRACKING_ITEMS_KEY]) if TRACKING_ITEMS_KEY in meta else None
    if listed is not None:
        listed = follow_trackship(listed, meta.get(TRACKSHIP_KEY))
    others = unite(*(read_labels(meta.get(key)) for key in LABEL_KEYS), read_aftership(meta.get(AFTERSHIP_KEY)))
    bare = unite(*(read_bare_number(meta.get(key)) for key in NUMBER_KEYS))
    found = unite(listed or (), others, bare)
    return found if found or listed is not None else None


def read_rows(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list, of an object of objects, or of either as JSON inside a string."""
    if isinstance(value, str):
        try:
            value = decode(ANYTHING, value, "list") if value.strip()[:1] in ("[", "{") else None
        except PayloadUnreadable:
            return []
    rows = list(value.values()) if isinstance(value, Mapping) else value
    return [row for row in rows[:MOST_PARCELS] if isinstance(row, Mapping)] if isinstance(rows, list) else []


def read_labels(value: Any) -> tuple[Shipment, ...]:
    """Labels bought with WooCommerce Shipping. A label is no departure; a refunded one is no parcel."""
    return merge_parcels(
        Shipment(
            status=ShipmentStatus.label_created,
            tracking_number=number,
            carrier=clean_text(row.get("carrier_id")),
        )
        for row in read_rows(value)
        if (number := clean_text(row.get("tracking"))) and not row.get("refund")
    )


def read_aftership(value: Any) -> tuple[Shipment, ...]:
    return merge_parcels(
        Shipment(
            status=ShipmentStatus.in_transit,
            external_id=clean_text(row.get("tracking_id")),
            tracking_number=number,
            carrier=clean_text(row.get("slug")),
            items=read_items(
                [
                    {"item_id": line.get("id"), "qty": line.get("quantity")}
                    for line in read_rows(row.get("line_items"))
                ]
            ),
        )
        for row in read_rows(value)
        if (number := clean_text(row.get("tracking_number")))
    )


def read_bare_number(value: Any) -> tuple[Shipment, ...]:
    """Meta that holds nothing but a number, or several with commas between."""
    words = clean_text(value).replace(";", ",").split(",")
    numbers = (word.strip() for word in words[:MOST_PARCELS])
    return merge_parcels(
        Shipment(status=ShipmentStatus.in_transit, tracking_number=number)
        for number in numbers
        if BARE_NUMBER.fullmatch(number)
    )


def follow_trackship(parcels: tuple[Shipment, ...], value: Any) -> tuple[Shipment, ...]:
    """The parcels with what TrackShip last heard of each; its rows stand in the order of the list."""
    if isinstance(value, Mapping):
        rows = {str(key): row for key, row in value.items()}
    else:
        rows = {str(place): row for place, row in enumerate(value)} if isinstance(value, list) else {}
    followed = []
    for place, parcel in enumerate(parcels):
        row = rows.get(str(place))
        word = clean_text(row.get("status") or row.get("pending_status")) if isinstance(row, Mapping) else ""
        status = TRACKSHIP_STATUS.get(word, parcel.status)
        followed.append(replace(parcel, status=status, raw_status=word or parcel.raw_status))
    return tuple(followed)


def unite(*places: Iterable[Shipment]) -> tuple[Shipment, ...]:
    """One parcel per number over all places, the most trusted place first; the best of each fact wins."""
    united: dict[str, Shipment] = {}
    for parcels in places:
        for parcel in parcels:
            key = normalise(parcel.tracking_number) or f"id {parcel.external_id}"
            first = united.get(key)
            united[key] = parcel if first is None else join(first, parcel)
    return tuple(united.values())


def link_parcels(parcels: Iterable[Shipment]) -> tuple[Shipment, ...]:
    """The parcels, those without a link with their carrier's own page where that is certain. Comes last, after
    `unite`: a link that some place tells is better than one made here."""
    return tuple(
        replace(parcel, tracking_url=parcel.tracking_url or build_link(parcel.carrier, parcel.tracking_number))
        for parcel in parcels
    )


def join(first: Shipment, other: Shipment) -> Shipment:
    """Two tellings of one parcel; `first` is the more trusted."""
    further = RANK.get(other.status, 3) > RANK.get(first.status, 3)
    return replace(
        first,
        status=other.status if further else first.status,
        raw_status=(other.raw_status if further else first.raw_status) or other.raw_status,
        external_id=first.external_id or other.external_id,
        carrier=other.carrier if first.carrier in ("", "other") and other.carrier else first.carrier,
        tracking_url=read_link(first.tracking_url) or read_link(other.tracking_url),
        shipped_at=first.shipped_at or other.shipped_at,
        expected_at=first.expected_at or other.expected_at,
        items=first.items or other.items,
    )


def normalise(number: str) -> str:
    """A tracking number without spaces and signs, in capitals: how two spellings of one are compared."""
    return "".join(letter for letter in number.upper() if letter.isalnum())
