"""Webhook bodies in the fixed REST shape of a version, and the part of them that a subscription includes.

Shapes: Shopify's public client libraries' fixtures; values are the fake's own. Ids are big integers, times carry the
shop's offset, tags are one comma-separated string.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from plugin.testing.fake_shopify.nouns import Body, Event, Fulfilment, Line, Order, Refund

if TYPE_CHECKING:
    from plugin.testing.fake_shopify.shop import FakeShop

COMPLIANCE = ("customers/data_request", "customers/redact", "shop/redact")


def write_json(body: object) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def make_gid(kind: str, number: int | str) -> str:
    return f"gid://shopify/{kind}/{number}"


def lower(word: str) -> str | None:
    return word.lower() or None


class Bodies:
    """Writes the bodies of one shop."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop

    def time(self, at: datetime | None) -> str | None:
        return at.astimezone(self.shop.zone).isoformat(timespec="seconds") if at else None

    def amount(self, amount: Decimal) -> str:
        return f"{amount:.2f}"

    def money(self, amount: Decimal, currency: str) -> Body:
        one = {"amount": self.amount(amount), "currency_code": currency}
        return {"shop_money": one, "presentment_money": dict(one)}

    def line(self, line: Line, order: Order) -> Body:
        sent = order.count_sent(line.id)
        return {
            "id": line.id,
            "admin_graphql_api_id": make_gid("LineItem", line.id),
            "current_quantity": line.quantity,
            "fulfillable_quantity": line.quantity - sent,
            "fulfillment_service": "manual",
            "fulfillment_status": None if not sent else "fulfilled" if sent >= line.quantity else "partial",
            "gift_card": False,
            "grams": 200,
            "name": line.name,
            "price": self.amount(line.price),
            "price_set": self.money(line.price, order.currency),
            "product_exists": True,
            "product_id": line.product_id,
            "properties": [],
            "quantity": line.quantity,
            "requires_shipping": line.ships,
            "sku": line.sku,
            "taxable": False,
            "title": line.title,
            "total_discount": "0.00",
            "variant_id": line.product_id + 1,
            "variant_title": line.variant or None,
            "vendor": self.shop.name,
            "tax_lines": [],
            "discount_allocations": [],
        }

    def address(self, order: Order) -> Body:
        return {
            "first_name": order.first_name,
            "last_name": order.last_name,
            "name": f"{order.first_name} {order.last_name}".strip(),
            "address1": order.address,
            "address2": None,
            "phone": order.phone or None,
            "city": order.city,
            "zip": order.zip,
            "province": None,
            "country": order.country,
            "country_code": order.country,
            "company": None,
            "latitude": None,
            "longitude": None,
        }

    def order(self, order: Order) -> Body:
        paid = order.financial in ("PAID", "PARTIALLY_REFUNDED", "REFUNDED")
        due = Decimal(0) if paid or order.financial == "VOIDED" else order.total
        status = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial"}.get(order.fulfillment_status)
        return {
            "id": order.id,
            "admin_graphql_api_id": make_gid("Order", order.id),
            "app_id": 580111,
            "buyer_accepts_marketing": False,
            "cancel_reason": lower(order.cancel_reason),
            "cancelled_at": self.time(order.cancelled_at),
            "checkout_token": order.checkout_token,
            "closed_at": self.time(order.closed_at),
            "confirmation_number": order.confirmation,
            "confirmed": True,
            "contact_email": order.email or None,
            "created_at": self.time(order.created_at),
            "currency": order.currency,
            "current_subtotal_price": self.amount(order.subtotal),
            "current_total_price": self.amount(order.total - order.refunded),
            "customer_locale": order.locale,
            "discount_codes": [],
            "email": order.email,
            "financial_status": lower(order.financial),
            "fulfillment_status": status,
            "landing_site": "/",
            "name": order.name,
            "note": order.note or None,
            "note_attributes": [{"name": name, "value": value} for name, value in order.attributes],
            "number": order.number - 1000,
            "order_number": order.number,
            "order_status_url": f"https://{self.shop.domain}/{self.shop.id}/orders/{order.key}/authenticate?key={order.key}",
            "payment_gateway_names": [order.gateway],
            "phone": order.phone or None,
            "presentment_currency": order.currency,
            "processed_at": self.time(order.created_at),
            "source_name": order.source,
            "subtotal_price": self.amount(order.subtotal),
            "tags": ", ".join(order.tags),
            "taxes_included": True,
            "test": order.test,
            "token": order.key,
            "total_discounts": "0.00",
            "total_line_items_price": self.amount(order.subtotal),
            "total_outstanding": self.amount(due),
            "total_price": self.amount(order.total),
            "total_price_set": self.money(order.total, order.currency),
            "total_shipping_price_set": self.money(order.shipping, order.currency),
            "total_tax": "0.00",
            "updated_at": self.time(order.updated_at),
            "customer": self.customer(order),
            "billing_address": self.address(order),
            "shipping_address": self.address(order) if order.ships else None,
            "fulfillments": [self.fulfilment(one, order) for one in order.fulfilments],
            "line_items": [self.line(line, order) for line in order.lines],
            "refunds": [self.refund(one, order) for one in order.refunds],
            "shipping_lines": [{"title": order.shipping_title, "price": self.amount(order.shipping)}] * order.ships,
            "tax_lines": [],
        }

    def customer(self, order: Order) -> Body | None:
        if order.customer_id is None:
            return None
        return {
            "id": order.customer_id,
            "admin_graphql_api_id": make_gid("Customer", order.customer_id),
            "email": order.email or None,
            "first_name": order.first_name,
            "last_name": order.last_name,
            "phone": order.phone or None,
            "state": "disabled",
        }

    def fulfilment(self, one: Fulfilment, order: Order) -> Body:
        first = one.tracking[0] if one.tracking else None
        lines = [
            {**self.line(line, order), "quantity": one.items[line.id]} for line in order.lines if line.id in one.items
        ]
        return {
            "id": one.id,
            "admin_graphql_api_id": make_gid("Fulfillment", one.id),
            "created_at": self.time(one.created_at),
            "location_id": 1,
            "name": one.name,
            "order_id": order.id,
            "origin_address": {},
            "receipt": {},
            "service": "manual",
            "shipment_status": lower(one.events[-1].status) if one.events else None,
            "status": one.status.lower(),
            "tracking_company": first.company if first else None,
            "tracking_number": first.number if first else None,
            "tracking_numbers": [track.number for track in one.tracking if track.number],
            "tracking_url": first.url if first else None,
            "tracking_urls": [track.url for track in one.tracking if track.url],
            "updated_at": self.time(one.updated_at),
            "line_items": lines,
        }

    def event(self, event: Event, one: Fulfilment, order: Order) -> Body:
        return {
            "id": event.id,
            "admin_graphql_api_id": make_gid("FulfillmentEvent", event.id),
            "fulfillment_id": one.id,
            "order_id": order.id,
            "shop_id": self.shop.id,
            "status": event.status.lower(),
            "message": event.message or None,
            "happened_at": self.time(event.happened_at),
            "estimated_delivery_at": self.time(event.estimated_at),
            "city": event.city or None,
            "province": event.province or None,
            "country": event.country or None,
            "zip": event.zip or None,
            "address1": None,
            "latitude": None,
            "longitude": None,
            "created_at": self.time(event.created_at),
            "updated_at": self.time(event.created_at),
        }

    def refund(self, refund: Refund, order: Order) -> Body:
        return {
            "id": refund.id,
            "admin_graphql_api_id": make_gid("Refund", refund.id),
            "order_id": order.id,
            "created_at": self.time(refund.created_at),
            "processed_at": self.time(refund.created_at),
            "note": refund.note or None,
            "user_id": 1,
            "restock": False,
            "duties": [],
            "order_adjustments": [],
            "refund_line_items": [
                {"line_item_id": line, "quantity": count, "restock_type": "no_restock"}
                for line, count in refund.items.items()
            ],
            "transactions": [
                {
                    "kind": "refund",
                    "status": "success",
                    "amount": self.amount(refund.amount),
                    "currency": order.currency,
                }
            ],
        }

    def shop_itself(self) -> Body:
        return {
            "id": self.shop.id,
            "name": self.shop.name,
            "email": self.shop.email,
            "domain": self.shop.primary_domain,
            "myshopify_domain": self.shop.domain,
            "country_code": "CO",
            "currency": self.shop.currency,
            "iana_timezone": self.shop.zone.key,
            "primary_locale": self.shop.locale,
            "plan_name": self.shop.plan,
            "plan_display_name": self.shop.plan_name,
            "created_at": self.time(self.shop.opened_at),
            "updated_at": self.time(self.shop.updated_at),
        }


def trim(body: Mapping[str, Any], include: Iterable[str]) -> Body:
    """Only the included fields: dot paths, through lists too. Without any, everything."""
    paths = [path.split(".") for path in include]
    return _pick(body, paths) if paths else dict(body)


def _pick(value: Any, paths: list[list[str]]) -> Any:
    if isinstance(value, list):
        return [_pick(item, paths) for item in value]
    if not isinstance(value, Mapping):
        return value
    picked: Body = {}
    for name in dict.fromkeys(path[0] for path in paths):
        if name in value:
            deeper = [path[1:] for path in paths if path[0] == name]
            picked[name] = value[name] if [] in deeper else _pick(value[name], deeper)
    return picked
