"""What we ask a Shopify shop: orders, whole, with all of their lines and parcels; and the shop itself.

How it is asked stands in `client`, what its answers mean in `answers`, the questions in ``documents/``. Documented
(https://shopify.dev/docs/api/admin-graphql/2026-10/queries/orders, read 2026-11-21):

- A search (``query:``) matches more than what is meant and is read from an index a moment behind, so what it finds is
  compared here and read anew by id.
- An app without ``read_all_orders`` sees the last 60 days alone: an older order is null, as a deleted one is.
- A question costs what it may bring at most: lists stand in it short, and what does not fit is fetched beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.shopify.bodies import (
    KeysBody,
    LinesBody,
    OrderBody,
    OrderRowBody,
    OrderRowsBody,
    ParcelBody,
    RefundBody,
    read_shape,
)
from adapters.shopify.client import LONGEST_LIST_WAIT, AdminClient
from adapters.shopify.facts import ShopFacts, read_shop_facts
from adapters.shopify.orders import read_order
from adapters.shopify.settings import AppIdentity
from adapters.shopify.values import clean_text, make_gid, read_gid, read_id, read_optional_time
from plugin.contract import Clock, Http, NotFound, Order, PlatformRefused, Store, Words

PAGE = 50
MOST_PAGES = 500
"""At most 25 000 orders in one go; Shopify gives no more of one list, and the next pass goes on from there."""
ORDERS_AT_ONCE = 8
PARCELS_AT_ONCE = 8
MOST_LINE_PAGES = 20
SHORT_REFUNDS = 3
SHORT_NUMBERS = 3
NUMBER = re.compile(r"[\w .#/-]{1,60}")
A_SECOND = timedelta(seconds=1)

NOT_THERE = Words("The shop does not have this order any more.")
TOO_OLD = Words("The order is older than what Shopify shows us: the last 60 days.")


@dataclass(frozen=True)
class OrderKeys:
    """What joins an order to a checkout and to a customer; '' where Shopify does not say."""

    customer_id: str
    checkout_token: str
    confirmation_number: str
    order_id: str = ""
    created_at: datetime | None = None


class Shop(AdminClient):
    """One shop's Admin API in the contract's nouns. Raises what `AdminClient.run` raises."""

    def get_order(self, external_id: str) -> Order:
        """The order now, whole. Raises `NotFound`, and `PlatformRefused` for one too old for us to see."""
        wanted = read_id(external_id, "order")
        body = self.run("order", {"id": make_gid("Order", wanted)}).get("order")
        if body is None:
            raise self.describe_absence(wanted)
        return self.complete_order(body)

    def describe_absence(self, wanted: str) -> NotFound | PlatformRefused:
        """Why an order did not come. Ids rise with time: one below the oldest we may see is not known to be gone."""
        rows = read_shape(self.run("oldest_order").get("orders"), OrderRowsBody, "list of orders").nodes
        oldest = read_gid(rows[0].id, "Order") if rows else ""
        if oldest and int(wanted) < int(oldest):
            return PlatformRefused(TOO_OLD)
        return NotFound(NOT_THERE)

    def find_order(self, number: str) -> Order | None:
        """The order whose number is exactly `number` (a leading ``#`` and the case do not matter), or None."""
        wanted = normalise_number(number)
        if not NUMBER.fullmatch(wanted):
            return None
        for query in (f'name:"#{wanted}" OR name:"{wanted}"', f'"{wanted}"'):
            found = self.run("orders_by_name", {"query": query})
            rows = read_shape(found.get("orders"), OrderRowsBody, "list of orders").nodes
            match = pick_number(rows, wanted)
            if match is not None:
                try:
                    return self.get_order(read_id(match.id, "order"))
                except NotFound:
                    return None
        return None

    def list_changed(self, since: datetime) -> Iterator[Order]:
        """Orders modified at or after `since` (down to its whole second), oldest change first.

        A draft is no order at Shopify, and never comes. An order that changes meanwhile comes again, at the end.
        """
        at = (since.astimezone(UTC).replace(microsecond=0) - A_SECOND).strftime("%Y-%m-%dT%H:%M:%SZ")
        variables: dict[str, Any] = {"query": f"updated_at:>='{at}'", "first": PAGE, "after": None}
        seen: set[tuple[str, str]] = set()
        for _ in range(MOST_PAGES):
            page = read_shape(
                self.run("orders_changed", variables).get("orders"), OrderRowsBody, "list of orders"
            )
            fresh = [row for row in page.nodes if (row.id, row.updated_at) not in seen]
            seen |= {(row.id, row.updated_at) for row in fresh}
            for order in self.read_some([read_id(row.id, "order") for row in fresh]):
                if order.modified_at >= since.replace(microsecond=0):
                    yield order
            if not page.page_info.has_next_page or not page.page_info.end_cursor or not fresh:
                return
            variables["after"] = page.page_info.end_cursor

    def check_orders(self, external_ids: Sequence[str]) -> Iterator[Order]:
        """Those of these orders that Shopify still shows, as they are now."""
        yield from self.read_some([read_id(external_id, "order") for external_id in external_ids])

    def read_some(self, external_ids: Sequence[str]) -> Iterator[Order]:
        """In their order; waits for the bucket, so that a long list comes to its end."""
        self.longest_wait = LONGEST_LIST_WAIT
        wanted = list(dict.fromkeys(external_ids))
        for begin in range(0, len(wanted), ORDERS_AT_ONCE):
            chunk = wanted[begin : begin + ORDERS_AT_ONCE]
            nodes = self.run("orders_by_ids", {"ids": [make_gid("Order", each) for each in chunk]}).get(
                "nodes"
            )
            for node in read_shape(nodes, list[dict[str, Any] | None], "list of orders"):
                # What is gone is null; a node of another kind answers an empty object.
                if node and node.get("id"):
                    yield self.complete_order(node)

    def complete_order(self, answer: Any) -> Order:
        """An order's answer as an order, with the lines, parcels and refunds that did not fit into it."""
        body = read_shape(answer, OrderBody, "order")
        if body.line_items.page_info.has_next_page:
            body.line_items.nodes = [*body.line_items.nodes, *self.list_lines(body)]
        if len(body.refunds or ()) >= SHORT_REFUNDS:
            rows = self.run("order_refunds", {"id": body.id}).find("order", "refunds")
            body.refunds = read_shape(rows, list[RefundBody], "list of refunds")
        if lacks_parcels(body):
            body.fulfillments = self.list_parcels(body.id)
        return read_order(body)

    def list_lines(self, body: OrderBody) -> list[Any]:
        """The lines after those in `body`, to the last one."""
        after, found = body.line_items.page_info.end_cursor, []
        for _ in range(MOST_LINE_PAGES):
            answer = self.run("order_lines", {"id": body.id, "after": after})
            page = read_shape(answer.find("order", "lineItems"), LinesBody, "list of order lines")
            found += page.nodes
            after = page.page_info.end_cursor
            if not page.page_info.has_next_page or not after:
                break
        return found

    def list_parcels(self, order_gid: str) -> list[ParcelBody]:
        """All fulfillments of an order, each whole. One list of them has no pages, so their ids are asked for first."""
        answer = self.run("order_parcel_ids", {"id": order_gid}).find("order", "fulfillments")
        rows = read_shape(answer, list[OrderRowBody], "list of fulfillments")
        found: list[ParcelBody] = []
        for begin in range(0, len(rows), PARCELS_AT_ONCE):
            ids = [row.id for row in rows[begin : begin + PARCELS_AT_ONCE]]
            nodes = read_shape(
                self.run("parcels_by_ids", {"ids": ids}).get("nodes"), list[Any], "list of parcels"
            )
            found += [read_shape(node, ParcelBody, "parcel") for node in nodes if node]
        return found

    def read_facts(self) -> ShopFacts:
        """The shop itself: name, addresses, money, time zone, plan and what it has switched on."""
        return read_shop_facts(self.run("shop_facts").get("shop"))


def lacks_parcels(body: OrderBody) -> bool:
    """Whether some list of the order's parcels was too short for all there is."""
    parcels = body.fulfillments or []
    if body.fulfillments_count is not None and body.fulfillments_count.count > len(parcels):
        return True
    return any(
        len(parcel.tracking_info or ()) >= SHORT_NUMBERS
        or (parcel.events is not None and parcel.events.page_info.has_next_page)
        or (
            parcel.fulfillment_line_items is not None
            and parcel.fulfillment_line_items.page_info.has_next_page
        )
        for parcel in parcels
    )


def normalise_number(number: str) -> str:
    return clean_text(number).lstrip("#").strip()


def pick_number(rows: Sequence[OrderRowBody], wanted: str) -> OrderRowBody | None:
    """The row that is meant: by its name as the shopper reads it, else by the bare number in it."""
    for row in rows:
        if normalise_number(row.name).casefold() == wanted.casefold():
            return row
    return next((row for row in rows if row.number is not None and str(row.number) == wanted), None)


def read_shop(http: Http, identity: AppIdentity, store: Store, clock: Clock) -> ShopFacts:
    """The facts of a shop that is being connected. Raises what `AdminClient.run` raises."""
    return Shop(http, identity, store, clock).read_facts()


def read_order_keys(
    http: Http, identity: AppIdentity, store: Store, clock: Clock, order_id: str
) -> OrderKeys:
    """The keys of an order, given by its GID or its number. Raises `NotFound`."""
    gid = make_gid("Order", read_gid(order_id, "Order") or read_gid(order_id, "OrderIdentity") or order_id)
    answer = Shop(http, identity, store, clock).run("order_keys", {"id": gid}).get("order")
    if answer is None:
        raise NotFound(NOT_THERE)
    body = read_shape(answer, KeysBody, "order")
    return OrderKeys(
        customer_id=read_gid(body.customer.id, "Customer") if body.customer is not None else "",
        checkout_token=clean_text(body.checkout_token),
        confirmation_number=clean_text(body.confirmation_number),
        order_id=read_gid(body.id, "Order"),
        created_at=read_optional_time(body.created_at, "order's createdAt"),
    )
