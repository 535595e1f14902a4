"""Parcels: from order meta (Shipment Tracking, Advanced Shipment Tracking) and from core's fulfillments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from adapters.woocommerce.schemas import ANYTHING, FulfillmentBody, MetaBody, decode, list_rows
from adapters.woocommerce.values import clean_text, read_link, read_optional_id, read_unix_time
from plugin.contract import PayloadUnreadable, Shipment, ShipmentStatus

MOST_PARCELS = 200
"""More parcels than any real order has; the rest of a hostile list is not read."""


def read_tracking_items(value: Any) -> tuple[Shipment, ...] | None:
    """The parcels in `_wc_shipment_tracking_items`, or None when the value cannot be understood."""
    rows = list_tracking_items(value)
    if rows is None:
        return None
    return merge_parcels(parcel for row in rows if (parcel := read_tracking_item(row)) is not None)


def list_tracking_items(value: Any) -> list[Mapping[str, Any]] | None:
    """The rows of `_wc_shipment_tracking_items`, or None when the value cannot be understood.

    The value is a list of objects, an object of objects (PHP, after the first entry was removed), or either
    of them as JSON inside a string. For a carrier from the plugin's own list there is no link in the meta.
    Source: https://woocommerce.com/document/shipment-tracking/ (2026-11-21); recorded with both shapes.
    """
    if isinstance(value, str):
        if not value.strip():
            return []
        try:
            value = decode(ANYTHING, value, "tracking list")
        except PayloadUnreadable:
            return None
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list):
        return None
    return [item for item in value[:MOST_PARCELS] if isinstance(item, Mapping)]


def read_tracking_item(item: Mapping[str, Any]) -> Shipment | None:
    """One parcel, or None when neither an id nor a number identifies it."""
    external_id = clean_text(item.get("tracking_id"))
    number = clean_text(item.get("tracking_number"))
    if not (external_id or number):
        return None
    shipped_at = read_unix_time(item.get("date_shipped"))
    return Shipment(
        status=ShipmentStatus.in_transit if number or shipped_at else ShipmentStatus.unknown,
        external_id=external_id,
        tracking_number=number,
        carrier=clean_text(item.get("custom_tracking_provider")) or clean_text(item.get("tracking_provider")),
        tracking_url=read_link(item.get("custom_tracking_link")),
        shipped_at=shipped_at,
        items=read_items(item.get("products_list")),
    )


def read_fulfillments(bodies: Iterable[FulfillmentBody]) -> tuple[Shipment, ...]:
    """The parcels in ``GET orders/{id}/fulfillments``.

    One that is not fulfilled and has no number is a note of the merchant's to pack something: no parcel yet.
    `_date_fulfilled` is the shop's local time without a zone, so it is not read.
    Source: recorded on WooCommerce 10.5.2; `_shipping_provider` is the documentation's spelling of the same
    key.
    """
    found = (parcel for body in bodies if (parcel := read_fulfillment(body)) is not None)
    return merge_parcels(found)


def read_fulfillment(body: FulfillmentBody) -> Shipment | None:
    meta = {str(row.key): row for row in list_rows(body.meta_data)}
    number = clean_text(read_meta(meta, "_tracking_number"))
    fulfilled = body.is_fulfilled in (True, 1, "1", "true")
    external_id = read_optional_id(body.id)
    if not (fulfilled or number) or not (external_id or number):
        return None
    carrier = clean_text(read_meta(meta, "_shipment_provider")) or clean_text(
        read_meta(meta, "_shipping_provider")
    )
    own_name = clean_text(read_meta(meta, "_provider_name"))
    return Shipment(
        status=ShipmentStatus.in_transit if fulfilled else ShipmentStatus.label_created,
        raw_status=clean_text(body.status),
        external_id=f"fulfillment:{external_id}" if external_id else "",
        tracking_number=number,
        carrier=own_name if own_name and carrier in ("", "other") else carrier,
        tracking_url=read_link(read_meta(meta, "_tracking_url")),
        items=read_items(read_meta(meta, "_items")),
    )


def read_meta(meta: Mapping[str, MetaBody], key: str) -> Any:
    row = meta.get(key)
    return decode(ANYTHING, row.value, "meta value") if row is not None else None


def read_items(value: Any) -> tuple[tuple[str, int], ...]:
    """(order line's id, quantity) of each line in a parcel; what cannot be understood is left out."""
    if isinstance(value, Mapping):
        value = list(value.values())
    rows = value[:MOST_PARCELS] if isinstance(value, list) else []
    found: dict[str, int] = {}
    for row in rows:
        if not isinstance(row, Mapping):
            continue
        line_id, count = row.get("item_id"), read_count(row.get("qty"))
        if isinstance(line_id, (int, str)) and not isinstance(line_id, bool):
            known = read_optional_id(line_id)
            if known and count > 0:
                found[known] = found.get(known, 0) + count
    return tuple(found.items())


def read_count(value: Any) -> int:
    text = clean_text(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def merge_parcels(parcels: Iterable[Shipment]) -> tuple[Shipment, ...]:
    """One parcel per tracking number, in the platform's order: some plugins write a row per order line."""
    merged: dict[str, Shipment] = {}
    for parcel in parcels:
        key = parcel.tracking_number.upper() or f"id {parcel.external_id}"
        first = merged.get(key)
        if first is None:
            merged[key] = parcel
        elif first.items and parcel.items:
            merged[key] = replace(first, items=first.items + parcel.items)
    return tuple(merged.values())
