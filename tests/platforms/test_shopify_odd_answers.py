"""An answer that is not what Shopify documents is one of the contract's errors and never a crash; and nothing that was
kept from us, or came broken, is taken for gone."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from shopify_shop import (
    CUSTOM,
    NOW,
    Arranged,
    answer_data,
    make_method,
    make_order,
    make_paid_order,
    make_parcel,
    make_shop,
    make_shop_facts,
    make_store,
    make_zone,
    make_zones,
)

from adapters.shopify.acting import add_order_note, cancel_order, issue_coupon
from adapters.shopify.api import Shop, read_order_keys
from adapters.shopify.doctor import examine
from adapters.shopify.facts import list_hosts, list_staff, read_facts
from adapters.shopify.hooks import set_up, tear_down
from adapters.shopify.parcel_entry import add_shipment
from adapters.shopify.surfaces import list_surfaces
from plugin.contract import (
    AdapterError,
    Coupon,
    NotFound,
    PlatformDown,
    PlatformRefused,
    Shipment,
    ShipmentStatus,
)
from plugin.testing.fakes import URLS

ODD: tuple[Any, ...] = (None, "x", 5, 10**30, True, [], ["x"], [None], {})
"""What is put in the place of everything in an answer, one at a time."""
STORE = make_store()
ORDER_GID = "gid://shopify/Order/5001"
PAGE = {"hasNextPage": False, "endCursor": None}
EVENT = {
    "status": "IN_TRANSIT",
    "happenedAt": "2026-11-20T16:00:00Z",
    "message": "m",
    "province": "p",
    "country": "c",
}
LONG = make_order(
    refunds=[{"id": "gid://shopify/Refund/1", "createdAt": "2026-11-20T16:00:00Z", "note": "n",
              "totalRefundedSet": {"presentmentMoney": {"amount": "1.0", "currencyCode": "COP"}}}] * 3,
    fulfillments=[make_parcel(events={"nodes": [EVENT], "pageInfo": {"hasNextPage": True}})],
)  # fmt: skip
LONG["lineItems"]["pageInfo"] = {"hasNextPage": True, "endCursor": "l1"}
FULL: dict[str, Any] = {
    "order": {"order": LONG},
    "order_lines": {"order": {"id": ORDER_GID, "lineItems": {"nodes": LONG["lineItems"]["nodes"], "pageInfo": PAGE}}},
    "order_refunds": {"order": {"id": ORDER_GID, "refunds": LONG["refunds"]}},
    "order_parcel_ids": {"order": {"id": ORDER_GID, "fulfillments": [{"id": "gid://shopify/Fulfillment/901"}]}},
    "parcels_by_ids": {"nodes": LONG["fulfillments"]},
    "oldest_order": {"orders": {"nodes": [{"id": "gid://shopify/Order/1"}]}},
    "orders_by_name": {"orders": {"nodes": [{"id": ORDER_GID, "name": "#1001", "number": 1001}]}},
    "orders_changed": {"orders": {"nodes": [{"id": ORDER_GID, "updatedAt": "2026-11-20T15:30:00Z"}], "pageInfo": PAGE}},
    "orders_by_ids": {"nodes": [make_order()]},
    "order_keys": {"order": {"id": ORDER_GID, "createdAt": "2026-11-20T15:30:00Z", "confirmationNumber": "X",
                             "checkoutToken": "t", "customer": {"id": "gid://shopify/Customer/42"}}},
    "shop_facts": make_shop_facts(),
    "recent_payments": {"orders": {"nodes": [make_paid_order("shopify_payments")]}},
    "shipping_profiles": {"deliveryProfiles": {"nodes": [
        {"id": "gid://shopify/DeliveryProfile/1", "default": True, "activeMethodDefinitionsCount": 1}],
        "pageInfo": PAGE}},
    "shipping_zones": make_zones([make_zone("Colombia", ["CO"], [make_method("Nacional", "12000.0")])]),
    "shop_domains": {"shop": {"domains": [{"host": "www.x.example", "sslEnabled": True}]}},
    "app_installation": {"currentAppInstallation": {
        "id": "gid://shopify/AppInstallation/1", "accessScopes": [{"handle": "write_orders"}],
        "store": {"value": "st_1"}, "service": {"value": "https://care.example"}}},
    "app_metafields_set": {"metafieldsSet": {"metafields": [], "userErrors": []}},
    "app_metafields_delete": {"metafieldsDelete": {"deletedMetafields": [], "userErrors": []}},
    "protected_fields": {"orders": {"nodes": [{"id": ORDER_GID, "email": "a@b.c"}]}},
    "webhooks_list": {"webhookSubscriptions": {"nodes": [
        {"id": "gid://shopify/W/1", "topic": "ORDERS_CREATE", "uri": "https://x.example/hooks/shopify/k",
         "includeFields": ["id"]}], "pageInfo": PAGE}},
    "webhook_create": {"webhookSubscriptionCreate": {"webhookSubscription": {"id": "x"}, "userErrors": []}},
    "webhook_delete": {"webhookSubscriptionDelete": {"deletedWebhookSubscriptionId": "x", "userErrors": []}},
    "coupon_by_code": {"codeDiscountNodeByCode": {"id": "x", "codeDiscount": {
        "status": "ACTIVE", "usageLimit": 1, "endsAt": "2026-12-01T05:00:00Z", "codes": {"nodes": [{"code": "AB"}]},
        "customerGets": {"value": {"amount": {"amount": "5.0", "currencyCode": "COP"}}, "items": {}}}}},
    "order_changing": {"order": {"id": ORDER_GID, "note": "n", "tags": ["a"], "cancelledAt": None,
                                 "fulfillmentsCount": {"count": 1}}},
    "note_set": {"orderUpdate": {"order": {"id": ORDER_GID, "note": "n\nhello"}, "userErrors": []}},
    "tags_add": {"tagsAdd": {"node": {"id": ORDER_GID}, "userErrors": []}},
    "tags_remove": {"tagsRemove": {"node": {"id": ORDER_GID}, "userErrors": []}},
    "order_cancel": {"orderCancel": {"job": {"id": "x", "done": False}, "orderCancelUserErrors": []}},
    "order_packing": {"order": {"id": ORDER_GID, "fulfillmentOrders": {"pageInfo": PAGE, "nodes": [
        {"id": "gid://shopify/FulfillmentOrder/1", "status": "OPEN",
         "supportedActions": [{"action": "CREATE_FULFILLMENT"}],
         "lineItems": {"pageInfo": PAGE, "nodes": [
             {"id": "gid://shopify/FulfillmentOrderLineItem/1", "remainingQuantity": 2,
              "lineItem": {"id": "gid://shopify/LineItem/701"}}]}}]}}},
    "fulfillment_create": {"fulfillmentCreate": {"fulfillment": {"id": "gid://shopify/Fulfillment/902"},
                                                 "userErrors": []}},
}  # fmt: skip
FULL["coupon_create"] = {"discountCodeBasicCreate": {
    "codeDiscountNode": FULL["coupon_by_code"]["codeDiscountNodeByCode"], "userErrors": []}}  # fmt: skip
COUPON = Coupon(code="AB", percent=Decimal(10), expires_at=datetime(2026, 12, 1, 5, tzinfo=UTC))
PARCEL = Shipment(status=ShipmentStatus.in_transit, tracking_number="SV-9", items=(("701", 1),))
ACTS: dict[str, Callable[[Shop], Any]] = {
    "get_order": lambda shop: shop.get_order("5001"),
    "find_order": lambda shop: shop.find_order("1001"),
    "list_changed": lambda shop: list(shop.list_changed(datetime(2026, 11, 1, tzinfo=UTC))),
    "check_orders": lambda shop: list(shop.check_orders(["5001"])),
    "read_order_keys": lambda shop: read_order_keys(shop.http, shop.identity, shop.store, shop.clock, ORDER_GID),
    "read_facts": read_facts, "list_hosts": list_hosts, "list_staff": list_staff,
    "surfaces": lambda shop: list_surfaces(shop, STORE, shop.identity),
    "set_up": lambda shop: set_up(shop, STORE, URLS), "tear_down": lambda shop: tear_down(shop, STORE),
    "examine": lambda shop: examine(shop, STORE, URLS),
    "issue_coupon": lambda shop: issue_coupon(shop, STORE, COUPON, NOW),
    "add_order_note": lambda shop: add_order_note(shop, "5001", "hello", tell_shopper=False),
    "cancel_order": lambda shop: cancel_order(shop, "5001", "hello"),
    "add_shipment": lambda shop: add_shipment(shop, "5001", PARCEL),
}  # fmt: skip


def list_places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in an answer."""
    if here:
        yield here
    rows = (
        value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    )
    for key, inner in rows:
        yield from list_places(inner, (*here, key))


def put(answer: Any, place: tuple[Any, ...], odd: Any) -> Any:
    made = copy.deepcopy(answer)
    inner = made
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = odd
    return made


def arrange(changed: str = "", answer: Any = None) -> Arranged:
    return Arranged(**(FULL | ({changed: answer} if changed else {})))


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_whatever_stands_in_the_place_of_anything_there_is_no_crash(act: Callable[[Shop], Any]) -> None:
    used = arrange()
    try:
        act(make_shop(used, identity=CUSTOM)[0])
    except AdapterError:
        pass
    assert used.names
    for name in dict.fromkeys(used.names):
        for place in list_places(FULL[name]):
            for odd in ODD:
                try:
                    act(make_shop(arrange(name, put(FULL[name], place, odd)), identity=CUSTOM)[0])
                except AdapterError:
                    continue
                except Exception as error:
                    pytest.fail(f"{name} {place} = {odd!r}: {error!r}")


def denied(*path: str | int) -> dict[str, Any]:
    return {"message": "Not approved.", "path": list(path), "extensions": {"code": "ACCESS_DENIED"}}


@pytest.mark.parametrize("path", [("nodes", 0), ("nodes", 0, "createdAt"), ("nodes",)])
def test_of_a_list_an_order_that_is_kept_from_us_is_not_gone(path: tuple[str | int, ...]) -> None:
    shop, _ = make_shop(answer_data({"nodes": None if len(path) == 1 else [None]}, errors=[denied(*path)]))
    with pytest.raises(PlatformRefused):
        list(shop.check_orders(["5001"]))


def test_of_a_list_a_person_who_is_kept_from_us_leaves_the_order_as_it_is() -> None:
    kept = make_order(email=None, customer=None, shippingAddress=None)
    errors = [denied("nodes", 0, "email"), denied("nodes", 0, "customer", "id"),
              denied("nodes", 0, "shippingAddress", "name")]  # fmt: skip
    shop, _ = make_shop(answer_data({"nodes": [kept]}, errors=errors))
    (order,) = shop.check_orders(["5001"])
    assert (order.external_id, order.email, order.customer_id, order.customer_name) == ("5001", "", "", "")


@pytest.mark.parametrize("errors", [["boom"], [None], {"order": "boom"}, 5, "boom", [5], [[]]])
def test_errors_that_cannot_be_read_are_not_passed_over(errors: Any) -> None:
    shop, _ = make_shop(answer_data({"order": None}, errors=errors), answer_data({"orders": {"nodes": []}}))
    with pytest.raises((PlatformRefused, PlatformDown)) as met:
        shop.get_order("5001")
    assert not isinstance(met.value, NotFound)


def test_no_errors_at_all_are_none() -> None:
    for errors in (None, [], {}, "", 0):
        shop, _ = make_shop(answer_data({"order": make_order()}, errors=errors))
        assert shop.get_order("5001").external_id == "5001"
