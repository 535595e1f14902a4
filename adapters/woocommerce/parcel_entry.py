"""Typing a parcel into a shop's order: the order meta which tracking plugins share, and nothing else of it.

Only `meta_data` is sent, never a status: a change of status mails the shopper. Writing an existing key
replaces its value in place (recorded), so what is there already is read first and written back with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.woocommerce.api import Shop
from adapters.woocommerce.bodies import CHANGING_ORDER, ChangingOrder
from adapters.woocommerce.carriers import build_link
from adapters.woocommerce.mapping import GONE_STATUS, ORDER_STATUS, TRACKING_ITEMS_KEY, read_slug
from adapters.woocommerce.orders import read_known_meta
from adapters.woocommerce.places import normalise
from adapters.woocommerce.schemas import decode, list_rows
from adapters.woocommerce.shipments import list_tracking_items, read_tracking_item
from adapters.woocommerce.values import clean_text, read_id, read_link, read_optional_id
from plugin.contract import NotFound, OrderStatus, PlatformRefused, Shipment, Words

FIELDS = "id,status,meta_data,line_items"


def add_shipment(shop: Shop, external_id: str, shipment: Shipment, now: datetime) -> Shipment:
    """The parcel as the shop keeps it now; a number the order already has is not written twice.

    Raises `NotFound` for an order in the bin, `PlatformRefused` without a number, or when the list there cannot
    be understood or did not keep it.
    """
    number = clean_text(shipment.tracking_number)[:100]
    if not normalise(number):
        raise PlatformRefused(Words("A parcel needs a tracking number. Type it as the carrier gave it."))
    body = read_changing(shop, external_id)
    rows = read_items_to_keep(body)
    if (known := find_row(rows, number)) is not None:
        return known
    written = [*rows, write_item(shipment, number, body, now)]
    path = f"orders/{read_id(body.id, 'order')}"
    shop.send("PUT", path, {"meta_data": [{"key": TRACKING_ITEMS_KEY, "value": written}]})
    kept = find_row(read_items_to_keep(read_changing(shop, external_id)), number)
    if kept is None:
        raise PlatformRefused(
            Words("The shop did not keep the tracking number. A plugin may have taken it out again: look at the order.")
        )
    return kept


def read_changing(shop: Shop, external_id: str) -> ChangingOrder:
    """What is needed of an order before something in it is changed. Raises `NotFound` for one in the bin and
    for a draft: a change would bring those back to life."""
    path = f"orders/{read_id(external_id, 'order')}"
    body = decode(CHANGING_ORDER, shop.get(path, {"_fields": FIELDS}), "order")
    slug = read_slug(body.status)
    if read_id(body.id, "order") != read_id(external_id, "order"):
        raise PlatformRefused(Words("The shop answered about another order. Take /wp-json/ out of its page cache."))
    if slug in GONE_STATUS or ORDER_STATUS.get(slug) is OrderStatus.draft:
        raise NotFound(Words("Order {order} lies in the shop's bin or was never placed.", order=external_id))
    return body


def read_items_to_keep(body: ChangingOrder) -> list[Mapping[str, Any]]:
    """The rows there now, untouched. Raises `PlatformRefused` rather than write over what it cannot read."""
    meta = read_known_meta(body.meta_data)
    rows = list_tracking_items(meta.get(TRACKING_ITEMS_KEY, []))
    if rows is None:
        raise PlatformRefused(
            Words("The order's list of parcels is in a form we do not know. Add the number in WooCommerce itself.")
        )
    return rows


def find_row(rows: list[Mapping[str, Any]], number: str) -> Shipment | None:
    for row in rows:
        parcel = read_tracking_item(row)
        if parcel is not None and normalise(parcel.tracking_number) == normalise(number):
            return parcel
    return None


def write_item(shipment: Shipment, number: str, body: ChangingOrder, now: datetime) -> dict[str, Any]:
    """One row in the shape Shipment Tracking and AST share; the carrier is free text there (`custom_*`).

    Source: https://woocommerce.com/document/shipment-tracking/ (2026-11-21).
    """
    carrier = clean_text(shipment.carrier)[:100]
    item: dict[str, Any] = {
        "tracking_provider": "",
        "custom_tracking_provider": carrier,
        "custom_tracking_link": read_link(shipment.tracking_url) or build_link(carrier, number),
        "tracking_number": number,
        "date_shipped": str(int((shipment.shipped_at or now).timestamp())),
        "tracking_id": secrets.token_hex(16),
    }
    lines = {read_optional_id(row.get("id")): row for row in list_rows(body.line_items)}
    inside = [
        {"product": lines[line].get("product_id", 0), "item_id": int(line), "qty": count}
        for line, count in shipment.items
        if line in lines and count > 0
    ]
    return item | {"products_list": inside} if inside else item
