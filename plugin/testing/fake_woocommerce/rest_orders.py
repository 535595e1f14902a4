"""``orders`` of wc/v3: reading with all its traps, writing with all it fires."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from plugin.testing.fake_woocommerce.bodies import refuse_parameter, write_error
from plugin.testing.fake_woocommerce.nouns import Meta, Order
from plugin.testing.fake_woocommerce.rest import Ask, Refused, Reply, Routes, list_page

routes = Routes()
HIDDEN = ("trash", "auto-draft")
"""What `any` leaves out; a `checkout-draft` is in."""
ORDER_BY = ("date", "id", "include", "title", "slug", "modified")
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")


def find_order(ask: Ask, text: str) -> Order:
    """Also one in the bin."""
    order = ask.shop.orders.get(int(text)) if text.isdigit() else None
    if order is None:
        raise Refused(write_error("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404))
    return order


@routes("GET", "wc/v3/orders")
def list_orders(ask: Ask) -> Reply:
    """Filters it does not know (`billing_email`, `email`, `number`) are ignored: everything comes."""
    wanted = read_statuses(ask)
    rows = [
        order
        for order in ask.shop.orders.values()
        if (order.status in wanted if wanted is not None else order.status not in HIDDEN)
    ]
    if text := ask.query.get("search"):
        rows = [order for order in rows if matches(order, text)]
    if customer := ask.query.get("customer"):
        rows = [order for order in rows if str(order.customer_id) == customer]
    if include := ask.query.get("include"):
        ids = {part.strip() for part in include.split(",")}
        rows = [order for order in rows if str(order.id) in ids]
    for name in ("modified_after", "modified_before", "after", "before"):
        if text := ask.query.get(name):
            rows = [order for order in rows if is_beyond(ask, order, name, text)]
    return list_page(ask, sort_orders(ask, rows), ask.shop.write.order)


def read_statuses(ask: Ask) -> set[str] | None:
    """None: any."""
    named = [part.strip() for part in ask.query.get("status", "any").split(",") if part.strip()]
    known = {"any", "trash", "auto-draft", *ask.shop.statuses}
    for slug in named:
        if slug not in known:
            words = f"status[0] is not one of {', '.join(sorted(known))}."
            raise Refused(refuse_parameter("status", "rest_not_in_enum", words))
    # Read in the real one: `any` ends the list, so `any,trash` leaves the bin out as well.
    return None if "any" in named else set(named)


def matches(order: Order, text: str) -> bool:
    """A substring of any of many fields, and never an exact match."""
    fields = (str(order.id), order.number, order.order_key, *order.billing.values(), *order.shipping.values())
    return any(text.lower() in value.lower() for value in fields)


def is_beyond(ask: Ask, order: Order, name: str, text: str) -> bool:
    """Strictly: an order of that very second is left out."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        words = f"Invalid date for {name}."
        raise Refused(refuse_parameter(name, "rest_invalid_date", words)) from None
    if moment.tzinfo is None:
        # A naive time is the shop's own, unless it is said to be GMT.
        moment = moment.replace(tzinfo=UTC if ask.says_yes("dates_are_gmt") else ask.shop.zone)
    stamp = order.modified_at if name.startswith("modified") else order.created_at
    return stamp > moment if name.endswith("after") else stamp < moment


def sort_orders(ask: Ask, rows: list[Order]) -> list[Order]:
    by = ask.query.get("orderby", "date")
    if by not in ORDER_BY:
        words = f"orderby is not one of {', '.join(ORDER_BY)}."
        raise Refused(refuse_parameter("orderby", "rest_not_in_enum", words))
    backwards = ask.query.get("order", "desc") != "asc"

    def rank(order: Order) -> tuple[Any, int]:
        stamp = order.modified_at if by == "modified" else order.created_at
        return (stamp if by in ("date", "modified") else order.id), order.id

    return sorted(rows, key=rank, reverse=backwards)


@routes("GET", "wc/v3/orders/{order_id}")
def get_order(ask: Ask, order_id: str) -> Reply:
    return Reply(ask.shop.write.order(find_order(ask, order_id)))


@routes("POST", "wc/v3/orders")
def create_order(ask: Ask) -> Reply:
    billing = ask.body.get("billing") or {}
    check_email(billing)
    status = read_status(ask) or "pending"
    shop = ask.shop
    lines = [(int(row["product_id"]), int(row.get("quantity", 1))) for row in ask.body.get("line_items", ())]
    for product_id, _ in lines:
        if product_id not in shop.products:
            raise Refused(write_error("woocommerce_rest_invalid_product_id", "Invalid product.", 400))
    method = str(ask.body.get("payment_method", ""))
    order = shop.place_order(
        str(billing.get("email", "")), payment=method, status=status, lines=lines, via="rest-api"
    )
    if ask.body.get("meta_data"):
        write_meta(ask, order, ask.body["meta_data"])
    return Reply(shop.write.order(order), 201, {"Location": shop.write.rest(f"orders/{order.id}")})


@routes("PUT PATCH POST", "wc/v3/orders/{order_id}")
def change_order(ask: Ask, order_id: str) -> Reply:
    """Bumps `date_modified` and fires order.updated even when nothing changes. A status revives an order in the bin."""
    order = find_order(ask, order_id)
    billing = ask.body.get("billing") or {}
    check_email(billing)
    status = read_status(ask)
    order.billing.update({name: str(value) for name, value in billing.items()})
    if "customer_note" in ask.body:
        order.customer_note = str(ask.body["customer_note"])
    if ask.body.get("meta_data"):
        write_meta(ask, order, ask.body["meta_data"])
    if status:
        ask.shop.move(order, status)
    ask.shop.save(order)
    return Reply(ask.shop.write.order(order))


def read_status(ask: Ask) -> str:
    """A slug without ``wc-``; 400 with it, and for a word that nobody registered."""
    status = str(ask.body.get("status", ""))
    if status and status not in ask.shop.statuses and status != "auto-draft":
        known = ["auto-draft", *ask.shop.statuses]
        words = f"status is not one of {', '.join(known[:-1])}, and {known[-1]}."
        raise Refused(refuse_parameter("status", "rest_not_in_enum", words))
    return status


def check_email(billing: dict[str, Any]) -> None:
    email = str(billing.get("email", ""))
    if email and not EMAIL.fullmatch(email):
        raise Refused(refuse_parameter("billing", "rest_invalid_email", "Invalid email address."))


def write_meta(ask: Ask, order: Order, rows: list[dict[str, Any]]) -> None:
    """A known key (or id) in place; an id with the value null is taken away."""
    for row in rows:
        found = next((meta for meta in order.meta if meta.id == row.get("id")), None)
        found = found or next((meta for meta in order.meta if meta.key == row.get("key")), None)
        if found is not None and row.get("value") is None:
            order.meta.remove(found)
        elif found is not None:
            found.value = row["value"]
        elif row.get("value") is not None:
            order.meta.append(Meta(ask.shop.next_id("meta"), str(row["key"]), row["value"]))


@routes("DELETE", "wc/v3/orders/{order_id}")
def delete_order(ask: Ask, order_id: str) -> Reply:
    """Into the bin; with ``force=true`` for ever, which fires nothing."""
    order = find_order(ask, order_id)
    if ask.says_yes("force"):
        body = ask.shop.write.order(order)
        ask.shop.delete(order)
        return Reply(body)
    if order.status == "trash":
        raise Refused(
            write_error("woocommerce_rest_already_trashed", "The shop_order has already been deleted.", 410)
        )
    ask.shop.trash(order)
    return Reply(ask.shop.write.order(order))


@routes("GET", "wc/v3/reports/orders/totals")
def count_orders(ask: Ask) -> Reply:
    """Every status an order can have, with its name, the shop's own among them."""
    counts = [order.status for order in ask.shop.orders.values()]
    return Reply(
        [
            {"slug": slug, "name": name, "total": counts.count(slug)}
            for slug, name in ask.shop.statuses.items()
        ]
    )
