"""Tracking numbers typed at the desk, entered into the shop without a mail of Shopify's."""

from __future__ import annotations

from typing import Any

import pytest
from shopify_shop import TAGGED, Arranged, make_order, make_parcel, make_shop

from adapters.shopify.parcel_entry import add_shipment
from plugin.contract import PlatformDown, PlatformRefused, Shipment, ShipmentStatus

PARCEL = Shipment(status=ShipmentStatus.in_transit, tracking_number="SV-200", carrier="Servientrega")


def packing(
    number: int = 1, status: str = "OPEN", action: str = "CREATE_FULFILLMENT", left: int = 2
) -> dict[str, Any]:
    line = {
        "id": f"gid://shopify/FulfillmentOrderLineItem/{number}",
        "remainingQuantity": left,
        "lineItem": {"id": f"gid://shopify/LineItem/{700 + number}"},
    }
    return {
        "id": f"gid://shopify/FulfillmentOrder/{number}",
        "status": status,
        "supportedActions": [{"action": action}],
        "lineItems": {"nodes": [line], "pageInfo": {"hasNextPage": False}},
    }


def packings(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"order": {"fulfillmentOrders": {"nodes": list(rows), "pageInfo": {"hasNextPage": False}}}}


def sent_parcel(**changes: Any) -> dict[str, Any]:
    return make_parcel(
        2, trackingInfo=[{"company": "Servientrega", "number": "SV-200", "url": None}], **changes
    )


def entry(order: list[dict[str, Any]], *rows: dict[str, Any]) -> Arranged:
    payload = {"fulfillment": {"id": "gid://shopify/Fulfillment/902"}, "userErrors": []}
    return Arranged(
        order=[{"order": each} for each in order],
        order_packing=packings(*rows),
        tags_add={"tagsAdd": TAGGED},
        tags_remove={"tagsRemove": TAGGED},
        fulfillment_create={"fulfillmentCreate": payload},
        tracking_update={"fulfillmentTrackingInfoUpdate": payload},
    )


def test_a_parcel_is_made_of_everything_that_is_still_to_be_sent() -> None:
    arranged = entry(
        [make_order(), make_order(fulfillments=[sent_parcel()])],
        packing(1),
        packing(2, "CLOSED"),
        packing(3, action="EXTERNAL"),
    )
    parcel = add_shipment(make_shop(arranged)[0], "5001", PARCEL)
    assert (parcel.tracking_number, parcel.external_id) == ("SV-200", "902")
    assert arranged.names == ["order", "order_packing", "tags_add", "fulfillment_create", "order"]
    assert arranged.asked[2][1]["tags"] == ["mostrador-shipped"]
    assert arranged.asked[3][1] == {
        "lines": [{"fulfillmentOrderId": "gid://shopify/FulfillmentOrder/1"}],
        "tracking": {"company": "Servientrega", "number": "SV-200"},
    }


def test_a_parcel_of_some_goods_takes_exactly_those() -> None:
    arranged = entry([make_order(), make_order(fulfillments=[sent_parcel()])], packing(1), packing(2))
    add_shipment(
        make_shop(arranged)[0],
        "5001",
        Shipment(status=ShipmentStatus.in_transit, tracking_number="SV200", items=(("702", 1),)),
    )
    line = {"id": "gid://shopify/FulfillmentOrderLineItem/2", "quantity": 1}
    assert arranged.asked[3][1]["lines"] == [
        {"fulfillmentOrderId": "gid://shopify/FulfillmentOrder/2", "fulfillmentOrderLineItems": [line]}
    ]
    arranged = entry([make_order()], packing(1))
    with pytest.raises(PlatformRefused):
        add_shipment(
            make_shop(arranged)[0],
            "5001",
            Shipment(status=ShipmentStatus.in_transit, tracking_number="X1", items=(("701", 9),)),
        )
    assert "fulfillment_create" not in arranged.names


def test_a_number_that_the_shop_has_already_is_not_entered_twice() -> None:
    arranged = entry([make_order(fulfillments=[sent_parcel()])])
    parcel = add_shipment(
        make_shop(arranged)[0], "5001", Shipment(status=ShipmentStatus.in_transit, tracking_number="sv 200")
    )
    assert parcel.external_id == "902" and arranged.names == ["order"]


def test_when_all_has_left_the_number_goes_to_the_parcel_that_has_none() -> None:
    bare = make_parcel(2, trackingInfo=[])
    arranged = entry([make_order(fulfillments=[bare]), make_order(fulfillments=[sent_parcel()])])
    add_shipment(make_shop(arranged)[0], "5001", PARCEL)
    assert arranged.asked[3] == (
        "tracking_update",
        {"id": "gid://shopify/Fulfillment/902", "tracking": {"company": "Servientrega", "number": "SV-200"}},
    )


def test_a_number_too_many_is_refused_in_words() -> None:
    arranged = entry([make_order(fulfillments=[make_parcel()])])
    with pytest.raises(PlatformRefused):
        add_shipment(make_shop(arranged)[0], "5001", PARCEL)
    with pytest.raises(PlatformRefused):
        add_shipment(
            make_shop(Arranged())[0], "5001", Shipment(status=ShipmentStatus.in_transit, external_id="1")
        )


def test_a_number_that_did_not_arrive_is_not_said_to_have() -> None:
    arranged = entry([make_order(), make_order()], packing(1))
    with pytest.raises(PlatformDown):
        add_shipment(make_shop(arranged)[0], "5001", PARCEL)
