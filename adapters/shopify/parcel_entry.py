"""A tracking number that somebody at the desk typed, entered into the shop. Shopify never mails about it.

A number belongs to a fulfillment. While something is still to be sent a new one is made of it, at the shop's own
places; once all has left, the number goes to the newest fulfillment that has none.
https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/fulfillmentCreate and ``fulfillmentTrackingInfoUpdate``
(read 2026-11-21): without an explicit ``notifyCustomer: false`` Shopify mails about this and every later change.
"""

from __future__ import annotations

from typing import Any

from adapters.shopify.acting import with_tag
from adapters.shopify.api import NOT_THERE, Shop
from adapters.shopify.bodies import PackingBody, PackingsBody, read_shape
from adapters.shopify.mapping import SHIPPED_TAG
from adapters.shopify.values import clean_text, make_gid, read_gid, read_link
from plugin.contract import NotFound, PlatformDown, PlatformRefused, Shipment, Words

CREATE = "CREATE_FULFILLMENT"
SENDABLE = frozenset({"OPEN", "IN_PROGRESS"})
NO_NUMBER = Words("A parcel needs its tracking number.")
ALL_SENT = Words(
    "Everything of this order has been sent with a number already. Change the number in Shopify, on the order's page."
)
NOT_ALL = Words("Not all of these goods can be sent from here any more. Look at the order in Shopify.")
NOT_TAKEN = Words("Shopify did not say whether it took the number. Look at the order in Shopify.")


def add_shipment(shop: Shop, external_id: str, shipment: Shipment) -> Shipment:
    """The parcel as the shop has it; a number that it already has is not entered twice. Raises `PlatformRefused`."""
    number = clean_text(shipment.tracking_number)
    if not number:
        raise PlatformRefused(NO_NUMBER)
    known = shop.get_order(external_id).shipments or ()
    if (same := find_number(known, number)) is not None:
        return same
    tracking = write_tracking(shipment, number)
    gid = make_gid("Order", external_id)
    packings = list_packings(shop, gid)
    if packings:
        wish: dict[str, Any] = {"lines": choose_lines(packings, dict(shipment.items)), "tracking": tracking}
        with_tag(shop, gid, SHIPPED_TAG, "fulfillment_create", wish)
    else:
        bare = [parcel for parcel in known if not parcel.tracking_number and parcel.external_id.isdigit()]
        if not bare:
            raise PlatformRefused(ALL_SENT)
        wish = {"id": make_gid("Fulfillment", bare[-1].external_id), "tracking": tracking}
        with_tag(shop, gid, SHIPPED_TAG, "tracking_update", wish)
    made = find_number(shop.get_order(external_id).shipments or (), number)
    if made is None:
        raise PlatformDown(NOT_TAKEN)
    return made


def find_number(parcels: tuple[Shipment, ...], number: str) -> Shipment | None:
    wanted = bare_number(number)
    return next((parcel for parcel in parcels if bare_number(parcel.tracking_number) == wanted), None)


def bare_number(number: str) -> str:
    return "".join(sign for sign in number.upper() if sign.isalnum())


def write_tracking(shipment: Shipment, number: str) -> dict[str, Any]:
    """``FulfillmentTrackingInput``. Shopify makes the link itself for carriers it knows."""
    told = {
        "company": clean_text(shipment.carrier),
        "number": number,
        "url": read_link(shipment.tracking_url),
    }
    return {name: value for name, value in told.items() if value}


def list_packings(shop: Shop, gid: str) -> list[PackingBody]:
    """What the shop's places still have to send of the order, and we may. Raises `NotFound`."""
    answer = shop.run("order_packing", {"id": gid})
    if answer.get("order") is None:
        raise NotFound(NOT_THERE)
    rows = answer.find("order", "fulfillmentOrders")
    found = read_shape(rows, PackingsBody, "list of fulfillment orders").nodes
    return [packing for packing in found if packing.status in SENDABLE and may_send(packing)]


def may_send(packing: PackingBody) -> bool:
    return any(row.action == CREATE for row in packing.supported_actions or ())


def choose_lines(packings: list[PackingBody], items: dict[str, int]) -> list[dict[str, Any]]:
    """``[FulfillmentOrderLineItemsInput]``: everything, or exactly `items` (order line's id to quantity).

    Raises `PlatformRefused` when not all of them are there.
    """
    if not items:
        return [{"fulfillmentOrderId": packing.id} for packing in packings]
    left, chosen = dict(items), []
    for packing in packings:
        lines = []
        for row in packing.line_items.nodes:
            line_id = read_gid(row.line_item.id, "LineItem") if row.line_item is not None else ""
            count = min(left.get(line_id, 0), row.remaining_quantity)
            if count > 0:
                lines.append({"id": row.id, "quantity": count})
                left[line_id] -= count
        if lines:
            chosen.append({"fulfillmentOrderId": packing.id, "fulfillmentOrderLineItems": lines})
    if any(left.values()):
        raise PlatformRefused(NOT_ALL)
    return chosen
