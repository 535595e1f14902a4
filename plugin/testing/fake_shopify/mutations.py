"""What apps do in a shop. Refusals come as the schema's user errors; nothing here ever moves money."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from plugin.testing.fake_shopify.bodies import make_gid
from plugin.testing.fake_shopify.nouns import Body, Discount, Metafield, Subscription, Tracking
from plugin.testing.fake_shopify.queries import Queries, read_number
from plugin.testing.fake_shopify.reading import FULFILLMENT_ORDER
from plugin.testing.fake_shopify.schemas import is_open
from plugin.testing.fake_shopify.topics import needed_scope, read_topic

if TYPE_CHECKING:
    from plugin.testing.fake_shopify.shop import FakeShop

LONGEST_NOTE = 5_000
MOST_TAGS, LONGEST_TAG = 250, 40


def refuse(message: str, *path: str, code: str | None = None, key: str = "userErrors", **nulls: None) -> Body:
    return {**nulls, key: [{"field": list(path) or None, "message": message, "code": code}]}


class Mutations:
    """The fields of Mutation, by name."""

    def __init__(self, shop: FakeShop, queries: Queries) -> None:
        self.shop, self.queries = shop, queries

    def write_root(self) -> Body:
        return {
            "tagsAdd": lambda _info, id, tags: self.tag(id, add=tags),
            "tagsRemove": lambda _info, id, tags: self.tag(id, remove=tags),
            "orderUpdate": lambda _info, input: self.update_order(input),
            "orderCancel": self.cancel_order,
            "discountCodeBasicCreate": lambda _info, basicCodeDiscount: self.create_discount(basicCodeDiscount),
            "fulfillmentCreate": lambda _info, fulfillment, message="": self.create_fulfilment(fulfillment),
            "fulfillmentTrackingInfoUpdate": self.update_tracking,
            "fulfillmentEventCreate": lambda _info, fulfillmentEvent: self.create_event(fulfillmentEvent),
            "metafieldsSet": lambda _info, metafields: self.set_metafields(metafields),
            "metafieldsDelete": lambda _info, metafields: self.delete_metafields(metafields),
            "webhookSubscriptionCreate": self.create_subscription,
            "webhookSubscriptionUpdate": self.update_subscription,
            "webhookSubscriptionDelete": lambda _info, id: self.delete_subscription(id),
        }

    def tag(self, gid: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Body:
        order = self.queries.find_order(gid)
        # The door's own type has no @access: what is tagged decides.
        if not is_open(("write_orders",), self.shop.granted):
            raise GraphQLError("Access denied. Required access: `write_orders` access scope.",
                               extensions={"code": "ACCESS_DENIED"})  # fmt: skip
        if order is None:
            return refuse("Order does not exist", "id", node=None)
        if any(len(word) > LONGEST_TAG for word in add) or len({*order.tags, *add}) > MOST_TAGS:
            return refuse(
                f"Tags may have {LONGEST_TAG} characters, and an order {MOST_TAGS} of them", "tags", node=None
            )
        self.shop.tag(order, add, remove)
        return {"node": self.queries.read.order(order), "userErrors": []}

    def update_order(self, given: Body) -> Body:
        order = self.queries.find_order(given["id"])
        if order is None:
            return refuse("Order does not exist", "id", order=None)
        if len(given.get("note") or "") > LONGEST_NOTE:
            return refuse(f"Note is too long (maximum is {LONGEST_NOTE} characters)", "note", order=None)
        if "note" in given:
            order.note = given["note"] or ""
        if given.get("tags") is not None:
            order.tags = list(given["tags"])
        if given.get("customAttributes") is not None:
            order.attributes = [(one["key"], one["value"]) for one in given["customAttributes"]]
        self.shop.save(order)
        return {"order": self.queries.read.order(order), "userErrors": []}

    def cancel_order(self, _info: Any, orderId: str, reason: str, **given: Any) -> Body:
        order = self.queries.find_order(orderId)
        empty: Body = {"job": None, "userErrors": []}
        if order is None:
            return empty | refuse("Order does not exist", "orderId", code="NOT_FOUND", key="orderCancelUserErrors")
        if order.cancelled_at is not None or any(one.status == "SUCCESS" for one in order.fulfilments):
            return empty | refuse("Cannot cancel this order", "orderId", code="INVALID", key="orderCancelUserErrors")
        refunds = bool(given.get("refund") or (given.get("refundMethod") or {}).get("originalPaymentMethodsRefund"))
        self.shop.cancel(order, reason, refunds=refunds)
        job = {"id": f"gid://shopify/Job/{self.shop.make_event_id()}", "done": False}
        return {"job": job, "orderCancelUserErrors": [], "userErrors": []}

    def create_discount(self, given: Body) -> Body:
        at, value = ("basicCodeDiscount",), given.get("customerGets", {}).get("value", {})
        code = given.get("code") or ""
        wrong: tuple[str, str, str] | None = None
        if not code:
            wrong = ("Code can't be blank", "code", "BLANK")
        elif not given.get("title"):
            wrong = ("Title can't be blank", "title", "BLANK")
        elif self.queries.discount(code) is not None:
            wrong = ("Code must be unique. Please try a different code.", "code", "TAKEN")
        elif not given.get("startsAt"):
            wrong = ("Starts at can't be blank", "startsAt", "BLANK")
        elif not (given.get("context") or given.get("customerSelection")):
            wrong = ("Context can't be blank", "context", "BLANK")
        elif value.get("percentage") is not None and not 0 < value["percentage"] <= 1:
            wrong = ("Value must be between 0.0 and 1.0", "customerGets", "VALUE_OUTSIDE_RANGE")
        elif not (value.get("percentage") or value.get("discountAmount")):
            wrong = ("Value can't be blank", "customerGets", "BLANK")
        if wrong is not None:
            return refuse(wrong[0], *at, wrong[1], code=wrong[2], codeDiscountNode=None)
        one = Discount(self.shop.platform.next_id(), code, self.shop.platform.now(), given)
        self.shop.discounts[one.id] = one
        return {"codeDiscountNode": self.queries.make_discount(one), "userErrors": []}

    def create_fulfilment(self, given: Body) -> Body:
        parts = given["lineItemsByFulfillmentOrder"]
        numbers = {read_number(part["fulfillmentOrderId"], "FulfillmentOrder") - FULFILLMENT_ORDER for part in parts}
        order = self.shop.orders.get(next(iter(numbers), 0))
        if order is None or len(numbers) != 1:
            return refuse("Fulfillment order does not exist.", "fulfillment", fulfillment=None)
        left = order.list_open() if order.cancelled_at is None and not order.holds else {}
        items: dict[int, int] = {}
        for part in parts:
            for one in part.get("fulfillmentOrderLineItems") or ():
                items[read_number(one["id"]) - FULFILLMENT_ORDER] = one["quantity"]
        items = items or left
        if not items or any(count < 1 or count > left.get(line, 0) for line, count in items.items()):
            return refuse("The fulfillment order is not in an open state.", "fulfillment", fulfillment=None)
        one = self.shop.fulfil(order, items, notify=given.get("notifyCustomer"))
        one.tracking = read_tracking(given.get("trackingInfo") or {})
        return {"fulfillment": self.queries.read.fulfilment(one, order), "userErrors": []}

    def update_tracking(
        self, _info: Any, fulfillmentId: str, trackingInfoInput: Body, notifyCustomer: bool | None = None
    ) -> Body:
        found = self.queries.find_fulfilment(fulfillmentId)
        if found is None or found[1].status != "SUCCESS":
            return refuse("Fulfillment does not exist.", "fulfillmentId", fulfillment=None)
        order, one = found
        self.shop.change_tracking(order, one, read_tracking(trackingInfoInput), notifyCustomer)
        return {"fulfillment": self.queries.read.fulfilment(one, order), "userErrors": []}

    def create_event(self, given: Body) -> Body:
        found = self.queries.find_fulfilment(given["fulfillmentId"])
        if found is None:
            return refuse("Fulfillment does not exist.", "fulfillmentEvent", "fulfillmentId", fulfillmentEvent=None)
        at = given.get("happenedAt")
        when = datetime.fromisoformat(at.replace("Z", "+00:00")) if at else None
        event = self.shop.add_event(*found, given["status"], message=given.get("message") or "",
                                    city=given.get("city") or "", at=when)  # fmt: skip
        return {"fulfillmentEvent": self.queries.read.event(event), "userErrors": []}

    def set_metafields(self, given: list[Body]) -> Body:
        owners = (self.queries.installation_gid, make_gid("Shop", self.shop.id))
        for number, one in enumerate(given):
            if one["ownerId"] not in owners:
                return refuse(
                    "Owner does not exist", "metafields", str(number), "ownerId", code="INVALID", metafields=None
                )
            if not one.get("type"):
                return refuse("Type can't be blank", "metafields", str(number), "type", code="BLANK", metafields=None)
        made = []
        for one in given:
            where = (one["ownerId"], one.get("namespace") or "app", one["key"])
            self.shop.metafields = [old for old in self.shop.metafields if (old.owner, old.namespace, old.key) != where]
            made.append(
                Metafield(self.shop.platform.next_id(), *where, one["value"], one["type"], self.shop.platform.now())
            )
        self.shop.metafields += made
        return {"metafields": [self.queries.make_metafield(one) for one in made], "userErrors": []}

    def delete_metafields(self, given: list[Body]) -> Body:
        wanted = {(one["ownerId"], one["namespace"], one["key"]) for one in given}
        gone = [one for one in self.shop.metafields if (one.owner, one.namespace, one.key) in wanted]
        self.shop.metafields = [one for one in self.shop.metafields if one not in gone]
        named = [{"ownerId": one.owner, "namespace": one.namespace, "key": one.key} for one in gone]
        return {"deletedMetafields": named, "userErrors": []}

    def create_subscription(self, _info: Any, topic: str, webhookSubscription: Body) -> Body:
        uri, known = webhookSubscription.get("uri") or webhookSubscription.get("callbackUrl") or "", read_topic(topic)
        at, scope = ("webhookSubscription", "uri"), needed_scope(known)
        if not known or (scope and not is_open((scope,), self.shop.granted)):
            return refuse(
                "You do not have permission to create or update webhooks with this topic",
                "topic",
                webhookSubscription=None,
            )
        # Kinder than the real one, which wants https: a developer's counter on loopback is taken.
        if not uri.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            return refuse("Address is invalid", *at, webhookSubscription=None)
        if any((one.topic, one.uri) == (known, uri) for one in self.shop.subscriptions):
            return refuse("Address for this topic has already been taken", *at, webhookSubscription=None)
        include = tuple(webhookSubscription.get("includeFields") or ())
        one = Subscription(known, uri, include, self.shop.platform.next_id(),
                           self.shop.platform.now(), webhookSubscription.get("name") or "")  # fmt: skip
        self.shop.subscriptions.append(one)
        return {"webhookSubscription": self.queries.make_subscription(one), "userErrors": []}

    def update_subscription(self, _info: Any, id: str, webhookSubscription: Body) -> Body:
        one = self.find_subscription(id)
        if one is None:
            return refuse("Webhook subscription does not exist", "id", webhookSubscription=None)
        one.uri = webhookSubscription.get("uri") or one.uri
        if webhookSubscription.get("includeFields") is not None:
            one.include = tuple(webhookSubscription["includeFields"])
        return {"webhookSubscription": self.queries.make_subscription(one), "userErrors": []}

    def delete_subscription(self, gid: str) -> Body:
        one = self.find_subscription(gid)
        if one is None:
            return refuse("Webhook subscription does not exist", "id", deletedWebhookSubscriptionId=None)
        self.shop.subscriptions.remove(one)
        return {"deletedWebhookSubscriptionId": gid, "userErrors": []}

    def find_subscription(self, gid: str) -> Subscription | None:
        number = read_number(gid, "WebhookSubscription")
        return next((one for one in self.shop.subscriptions if one.id == number), None)


def read_tracking(given: Body) -> list[Tracking]:
    """One number or several, each with the address at its place."""
    numbers = given.get("numbers") or ([given["number"]] if given.get("number") else [])
    urls = given.get("urls") or ([given["url"]] if given.get("url") else [])
    longest = max(len(numbers), len(urls))
    return [
        Tracking(
            numbers[place] if place < len(numbers) else "",
            given.get("company") or "",
            urls[place] if place < len(urls) else "",
        )
        for place in range(longest)
    ]
