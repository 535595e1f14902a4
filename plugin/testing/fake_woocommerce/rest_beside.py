"""What stands beside an order in wc/v3: notes, refunds, fulfillments, mail actions, parcels of tracking plugins."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from plugin.testing.fake_woocommerce.bodies import write_error
from plugin.testing.fake_woocommerce.nouns import Fulfillment, Meta, Order
from plugin.testing.fake_woocommerce.rest import NO_ROUTE, Ask, Refused, Reply, Routes, list_page
from plugin.testing.fake_woocommerce.rest_orders import find_order
from plugin.testing.fake_woocommerce.shop import GATEWAYS

routes = Routes()
TEMPLATES = {
    "customer_completed_order": "Completed order",
    "customer_processing_order": "Processing order",
    "customer_invoice": "Order details",
}


@routes("GET", "wc/v3/orders/{order_id}/notes")
def list_notes(ask: Ask, order_id: str) -> Reply:
    """Newest first; private ones are staff's words."""
    order = find_order(ask, order_id)
    kind = ask.query.get("type", "any")
    rows = [
        note for note in reversed(order.notes) if kind == "any" or (kind == "customer") == note.customer_note
    ]
    return Reply([ask.shop.write.note(order, note) for note in rows])


@routes("POST", "wc/v3/orders/{order_id}/notes")
def add_note(ask: Ask, order_id: str) -> Reply:
    """Fires no order webhook and does not touch the order."""
    order, text = find_order(ask, order_id), str(ask.body.get("note", ""))
    if not text:
        raise Refused(
            write_error("rest_missing_callback_param", "Missing parameter(s): note", 400, params=["note"])
        )
    note = ask.shop.note(order, text, customer_note=ask.says_yes("customer_note"))
    return Reply(ask.shop.write.note(order, note), 201)


@routes("GET", "wc/v3/orders/{order_id}/refunds")
def list_refunds(ask: Ask, order_id: str) -> Reply:
    order = find_order(ask, order_id)
    return list_page(ask, order.refunds[::-1], lambda refund: ask.shop.write.refund(order, refund))


@routes("POST", "wc/v3/orders/{order_id}/refunds")
def create_refund(ask: Ask, order_id: str) -> Reply:
    """`api_refund` is true unless said otherwise, and asks the gateway to move money."""
    order, code = find_order(ask, order_id), "woocommerce_rest_cannot_create_order_refund"
    try:
        amount = Decimal(str(ask.body.get("amount", order.total)))
    except InvalidOperation:
        amount = Decimal(-1)
    if not 0 < amount <= order.total - order.refunded:
        raise Refused({"code": code, "message": "Invalid refund amount.", "data": 500})
    if ask.says_yes("api_refund", True):
        known = order.payment_method in GATEWAYS
        words = "does not support automatic refunds" if known else "does not exist"
        raise Refused({"code": code, "message": f"The payment gateway for this order {words}.", "data": 500})
    refund = ask.shop.refund(order, amount, str(ask.body.get("reason", "")))
    return Reply(ask.shop.write.refund(order, refund), 201)


@routes("GET", "wc/v3/refunds")
def list_all_refunds(ask: Ask) -> Reply:
    pairs = [(order, refund) for order in ask.shop.orders.values() for refund in order.refunds]
    pairs.sort(key=lambda pair: -pair[1].id)
    return list_page(ask, pairs, lambda pair: {**ask.shop.write.refund(*pair), "parent_id": pair[0].id})


@routes("GET", "wc/v3/orders/{order_id}/fulfillments")
def list_fulfillments(ask: Ask, order_id: str) -> Reply:
    order = find_fulfilled(ask, order_id)
    return Reply([ask.shop.write.fulfillment(order, one) for one in order.fulfillments])


@routes("POST", "wc/v3/orders/{order_id}/fulfillments")
def create_fulfillment(ask: Ask, order_id: str) -> Reply:
    """Each meta needs an `id` (0 for a new one) or it is dropped without a word."""
    order = find_fulfilled(ask, order_id)
    one = Fulfillment(ask.shop.next_id("fulfillment"), False, ask.shop.now())
    fill_fulfillment(ask, order, one)
    order.fulfillments.append(one)
    ask.shop.note_fulfillments(order)
    return Reply(ask.shop.write.fulfillment(order, one), 201)


@routes("PUT PATCH", "wc/v3/orders/{order_id}/fulfillments/{number}")
def change_fulfillment(ask: Ask, order_id: str, number: str) -> Reply:
    """Replaces the whole set of metas."""
    order = find_fulfilled(ask, order_id)
    one = find_fulfillment(order, number)
    fill_fulfillment(ask, order, one)
    one.updated_at = ask.shop.now()
    ask.shop.note_fulfillments(order)
    return Reply(ask.shop.write.fulfillment(order, one))


@routes("DELETE", "wc/v3/orders/{order_id}/fulfillments/{number}")
def delete_fulfillment(ask: Ask, order_id: str, number: str) -> Reply:
    order = find_fulfilled(ask, order_id)
    one = find_fulfillment(order, number)
    order.fulfillments.remove(one)
    ask.shop.note_fulfillments(order)
    return Reply(ask.shop.write.fulfillment(order, one))


def find_fulfilled(ask: Ask, order_id: str) -> Order:
    """The feature is off by default: then there is no such route. The status of its 404 is a string (recorded)."""
    if not ask.shop.manners.fulfillments:
        raise Refused(NO_ROUTE)
    order = ask.shop.orders.get(int(order_id)) if order_id.isdigit() else None
    if order is None:
        raise Refused(
            write_error("woocommerce_rest_order_invalid_id", "Invalid order ID.", 404)
            | {"data": {"status": "404"}}
        )
    return order


def find_fulfillment(order: Order, number: str) -> Fulfillment:
    found = next((one for one in order.fulfillments if str(one.id) == number), None)
    if found is None:
        raise Refused(write_error("woocommerce_rest_fulfillment_invalid_id", "Invalid fulfillment ID.", 404))
    return found


def fill_fulfillment(ask: Ask, order: Order, one: Fulfillment) -> None:
    if not isinstance(ask.body.get("notify_customer", False), bool) or "notify_customer" in ask.query:
        raise Refused(write_error("rest_invalid_param", "Invalid parameter(s): notify_customer", 400))
    kept = [row for row in ask.body.get("meta_data", ()) if "id" in row]
    if not any(row.get("key") == "_items" and row.get("value") for row in kept):
        words = "The fulfillment should contain at least one item."
        raise Refused(write_error("woocommerce_fulfillment_error", words, 400))
    one.meta = [
        Meta(row["id"] or ask.shop.next_id("meta"), str(row["key"]), row.get("value")) for row in kept
    ]
    one.is_fulfilled = bool(ask.body.get("is_fulfilled") or ask.body.get("status") == "fulfilled")
    if ask.body.get("notify_customer") and one.is_fulfilled:
        ask.shop.mails.tell(order, "customer_fulfillment_created")


@routes("GET", "wc/v3/orders/{order_id}/actions/email_templates")
def list_mail_templates(ask: Ask, order_id: str) -> Reply:
    find_order(ask, order_id)
    return Reply([{"id": name, "title": title, "description": title} for name, title in TEMPLATES.items()])


@routes("POST", "wc/v3/orders/{order_id}/actions/{action}")
def send_mail(ask: Ask, order_id: str, action: str) -> Reply:
    """Sends one of core's mails again, without touching the order."""
    order = find_order(ask, order_id)
    template = str(ask.body.get("template_id", "")) if action == "send_email" else "customer_invoice"
    if action not in ("send_email", "send_order_details") or template not in TEMPLATES:
        raise Refused(NO_ROUTE)
    ask.shop.mails.tell(order, template)
    return Reply(
        {"message": f"Email template &quot;{TEMPLATES[template]}&quot; sent to {order.billing['email']}."}
    )
