"""Parcels the shop keeps beside an order: asked for only where the order gives a reason to.

Nothing tells which shipment plugins a shop has except asking. To keep that cheap, core's fulfillments are
asked for when the order's meta speaks of them, a tracking plugin's links when one of its parcels lacks one,
and Shiptastic and the order's notes only for an order that has left without any number. A route the shop
does not have is not asked for again by the same `ParcelSearch`, which lives as long as one `Shop`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

import msgspec

from adapters.woocommerce.mapping import SHIPTASTIC_STATUS
from adapters.woocommerce.order_notes import read_notes
from adapters.woocommerce.orders import (
    has_fulfillments,
    lacks_links,
    may_be_elsewhere,
    read_known_meta,
    read_order,
)
from adapters.woocommerce.places import read_meta_parcels, unite
from adapters.woocommerce.schemas import (
    FULFILLMENTS,
    NOTES,
    SHIPTASTIC_ROWS,
    TRACKING_ROWS,
    OrderBody,
    ShiptasticBody,
    decode,
    list_rows,
)
from adapters.woocommerce.shipments import read_fulfillments, read_items
from adapters.woocommerce.values import clean_text, read_id, read_link, read_optional_id, read_optional_time
from plugin.contract import (
    AccessRevoked,
    NotFound,
    Order,
    PayloadUnreadable,
    PlatformRefused,
    Shipment,
    ShipmentStatus,
)

Row = TypeVar("Row")
MOST_SEARCHES = 50
"""In how many orders one `Shop` looks for notes and shipments: a first reading of years of orders must not
ask for each; an order that changes later is asked for by itself."""
TRACKING_ROOTS = ("wc-shipment-tracking/v3", "wc-ast/v3")


class Asks(Protocol):
    """What of a `Shop` is needed here."""

    def get(self, path: str, query: Mapping[str, str | int] | None = None, root: str = "wc/v3") -> bytes: ...


class ParcelSearch:
    """Completes orders for one `Shop`. Not for two threads at once, like the `Shop` itself."""

    def __init__(self, shop: Asks) -> None:
        self.shop = shop
        self.absent: set[str] = set()
        self.searches = 0

    def complete_order(self, body: OrderBody) -> Order:
        """`body` as an order, with the parcels it does not carry itself."""
        meta = read_known_meta(body.meta_data)
        listed = read_meta_parcels(meta)
        external_id = read_id(body.id, "order")
        kept = self.list_fulfillments(external_id) if has_fulfillments(body, meta) else None
        linked = self.list_links(external_id) if lacks_links(meta) else ()
        found = unite(kept or (), linked)
        if may_be_elsewhere(body) and not any(parcel.tracking_number for parcel in (*found, *(listed or ()))):
            found = unite(found, self.search(external_id))
        return read_order(body, found if found or listed or kept is not None else None, meta)

    def list_fulfillments(self, external_id: str) -> tuple[Shipment, ...] | None:
        """Core's fulfillments, or None when the shop has switched the feature off."""
        answer = self.ask(f"orders/{external_id}/fulfillments", always=True)
        if answer is None:
            return None
        rows = decode(FULFILLMENTS, answer, "list of fulfillments")
        return read_fulfillments(rows)

    def list_links(self, external_id: str) -> tuple[Shipment, ...]:
        """The links which a tracking plugin makes of its own carriers: they stand in no meta."""
        for root in TRACKING_ROOTS:
            answer = self.ask(f"orders/{external_id}/shipment-trackings", root)
            if answer is not None:
                rows = read_leniently(TRACKING_ROWS, answer)
                return tuple(
                    Shipment(
                        status=ShipmentStatus.unknown,
                        external_id=clean_text(row.tracking_id),
                        tracking_number=clean_text(row.tracking_number),
                        tracking_url=read_link(row.tracking_link),
                        carrier=clean_text(row.tracking_provider),
                    )
                    for row in rows
                    if clean_text(row.tracking_number)
                )
        return ()

    def search(self, external_id: str) -> tuple[Shipment, ...]:
        """Shiptastic's shipments, else what the order's notes say."""
        self.searches += 1
        if self.searches > MOST_SEARCHES:
            return ()
        answer = self.ask("shipments", query={"order_id": external_id}, known_as="shipments")
        rows = read_leniently(SHIPTASTIC_ROWS, answer) if answer is not None else []
        # A filter WooCommerce does not know is ignored, so the order's id is compared here.
        found = [read_shiptastic(row) for row in rows if read_optional_id(row.order_id) == external_id]
        parcels = tuple(parcel for parcel in found if parcel is not None)
        if parcels:
            return unite(parcels)
        notes = self.ask(f"orders/{external_id}/notes", known_as="notes")
        return read_notes(read_leniently(NOTES, notes)) if notes is not None else ()

    def ask(
        self,
        path: str,
        root: str = "wc/v3",
        query: Mapping[str, str | int] | None = None,
        known_as: str = "",
        always: bool = False,
    ) -> bytes | None:
        """The answer of a route the shop may lack, or None. Only trouble of the whole shop is raised."""
        name = known_as or root
        if name in self.absent:
            return None
        try:
            return self.shop.get(path, query, root=root)
        except (PlatformRefused, NotFound, AccessRevoked):
            # That the keys work at all is known from the order itself; a plugin's own route may want more rights.
            if not always:
                self.absent.add(name)
            return None


def read_leniently(decoder: msgspec.json.Decoder[list[Row]], answer: bytes) -> list[Row]:
    """The rows of a plugin's answer; none when it is not what its documentation says."""
    try:
        return decode(decoder, answer, "list of parcels")
    except PayloadUnreadable:
        return []


def read_shiptastic(row: ShiptasticBody) -> Shipment | None:
    """One shipment of Shiptastic, or None for a return and for one without a number that has not left."""
    word = clean_text(row.status)
    number = clean_text(row.tracking_id)
    status = SHIPTASTIC_STATUS.get(word, ShipmentStatus.unknown)
    shipment_id = read_optional_id(row.id)
    if row.type == "return" or not (number or (shipment_id and status is not ShipmentStatus.label_created)):
        return None
    items = [{"item_id": line.order_item_id, "qty": line.quantity} for line in list_rows(row.items)]
    try:
        sent_at = read_optional_time(row.date_sent_gmt, "shipment's date_sent_gmt")
        expected_at = read_optional_time(row.est_delivery_date_gmt, "shipment's est_delivery_date_gmt")
    except PayloadUnreadable:
        sent_at = expected_at = None
    return Shipment(
        status=status,
        raw_status=word,
        external_id=f"shiptastic:{shipment_id}" if shipment_id else "",
        tracking_number=number,
        carrier=clean_text(row.shipping_provider),
        tracking_url=read_link(row.tracking_url),
        shipped_at=sent_at,
        expected_at=expected_at,
        items=read_items(items),
    )
