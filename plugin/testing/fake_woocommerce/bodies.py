"""Bodies as the shop's REST interface writes them: keys and types of the recorded ones (2026-11-21, 10.5.2)."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from plugin.testing.fake_woocommerce.nouns import (
    Body,
    Coupon,
    Fulfillment,
    Line,
    Note,
    Order,
    Product,
    Refund,
    User,
    Webhook,
)

if TYPE_CHECKING:
    from plugin.testing.fake_woocommerce.shop import FakeShop

VERSION = "10.5.2"
WORDPRESS = "7.1"
SYMBOLS = {"COP": "$", "MXN": "$", "USD": "$", "EUR": "€", "BRL": "R$"}
ALL_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
HOOKS = {
    "order.created": ["woocommerce_new_order"],
    "order.updated": ["woocommerce_update_order", "woocommerce_order_refunded"],
    "order.deleted": ["wp_trash_post", "woocommerce_trash_order"],
    "order.restored": ["untrashed_post", "woocommerce_untrash_order"],
}


def write_json(value: Any) -> bytes:
    """JSON as PHP's `json_encode` writes it: no spaces, ``\\/`` and ``\\u00fc``."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode("ascii")


class Writer:
    """Writes one shop's things as bodies; amounts and local times follow its settings of the moment."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop

    def amount(self, value: Decimal) -> str:
        """A decimal string with as many decimals as the shop shows now."""
        return str(value.quantize(Decimal(1).scaleb(-self.shop.manners.decimals), ROUND_HALF_UP))

    def local(self, at: datetime | None) -> str | None:
        """Site-local, without a zone."""
        return None if at is None else at.astimezone(self.shop.zone).strftime("%Y-%m-%dT%H:%M:%S")

    def gmt(self, at: datetime | None) -> str | None:
        """UTC, without saying so."""
        return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%S")

    def dates(self, name: str, at: datetime | None) -> Body:
        return {name: self.local(at), f"{name}_gmt": self.gmt(at)}

    def links(self, path: str, collection: str, allow: list[str] | None = None, up: str = "") -> Body:
        links: Body = {
            "self": [{"href": self.rest(path), "targetHints": {"allow": allow or ALL_METHODS}}],
            "collection": [{"href": self.rest(collection)}],
        }
        return links | ({"up": [{"href": self.rest(up)}]} if up else {})

    def rest(self, path: str) -> str:
        return f"{self.shop.home}/wp-json/wc/v3/{path}"

    def order(self, order: Order) -> Body:
        """``GET orders/{id}``, and the body of order.created, order.updated and order.restored."""
        nothing = self.amount(Decimal(0))
        links = self.links(f"orders/{order.id}", "orders")
        links["email_templates"] = [
            {"embeddable": True, "href": self.rest(f"orders/{order.id}/actions/email_templates")}
        ]
        unpaid = order.status in ("pending", "failed")
        return {
            "id": order.id,
            "parent_id": 0,
            "status": order.status,
            "currency": order.currency,
            "version": VERSION,
            "prices_include_tax": True,
            "date_created": self.local(order.created_at),
            "date_modified": self.local(order.modified_at),
            "discount_total": nothing,
            "discount_tax": nothing,
            "shipping_total": self.amount(order.shipping_total),
            "shipping_tax": nothing,
            "cart_tax": nothing,
            "total": self.amount(order.total),
            "total_tax": nothing,
            "customer_id": order.customer_id,
            "order_key": order.order_key,
            "billing": order.billing,
            "shipping": order.shipping,
            "payment_method": order.payment_method,
            "payment_method_title": order.payment_title,
            "transaction_id": "",
            "customer_ip_address": "127.0.0.1",
            "customer_user_agent": "python-requests/2.34.2",
            "created_via": order.created_via,
            "customer_note": order.customer_note,
            "date_completed": self.local(order.completed_at),
            "date_paid": self.local(order.paid_at),
            "cart_hash": hashlib.md5(order.order_key.encode(), usedforsecurity=False).hexdigest(),
            "number": order.number,
            "meta_data": [meta.body() for meta in order.meta],
            "line_items": [self.line(line) for line in order.lines],
            "tax_lines": [],
            "shipping_lines": self.shipping_lines(order),
            "fee_lines": [],
            "coupon_lines": [],
            "refunds": [
                {"id": refund.id, "reason": refund.reason, "total": self.amount(-refund.amount)}
                for refund in reversed(order.refunds)
            ],
            "payment_url": f"{self.shop.home}/checkout/order-pay/{order.id}/?pay_for_order=true&key={order.order_key}",
            "is_editable": order.status in ("pending", "on-hold", "auto-draft"),
            "needs_payment": unpaid,
            "needs_processing": order.travels,
            "date_created_gmt": self.gmt(order.created_at),
            "date_modified_gmt": self.gmt(order.modified_at),
            "date_completed_gmt": self.gmt(order.completed_at),
            "date_paid_gmt": self.gmt(order.paid_at),
            "currency_symbol": SYMBOLS.get(order.currency, order.currency),
            "_links": links,
        }

    def line(self, line: Line, factor: int = 1) -> Body:
        nothing, total = self.amount(Decimal(0)), self.amount(line.total * factor)
        price = line.product.price
        return {
            "id": line.id,
            "name": line.product.name,
            "product_id": line.product.id,
            "variation_id": 0,
            "quantity": line.quantity * factor,
            "tax_class": "",
            "subtotal": total,
            "subtotal_tax": nothing,
            "total": total,
            "total_tax": nothing,
            "taxes": [],
            "meta_data": [],
            "sku": line.product.sku,
            "global_unique_id": "",
            "price": int(price) if price == int(price) else float(price),
            "image": {"id": "54", "src": f"{self.shop.home}/wp-content/uploads/{line.product.slug}.png"},
            "parent_name": None,
        }

    def shipping_lines(self, order: Order) -> list[Body]:
        if not order.shipping_method:
            return []
        items = ", ".join(f"{line.product.name} &times; {line.quantity}" for line in order.lines)
        meta = {
            "id": order.id * 10 + 1,
            "key": "Items",
            "value": items,
            "display_key": "Items",
            "display_value": items,
        }
        return [
            {
                "id": order.id * 10,
                "method_title": order.shipping_title,
                "method_id": order.shipping_method,
                "instance_id": "1",
                "total": self.amount(order.shipping_total),
                "total_tax": self.amount(Decimal(0)),
                "taxes": [],
                "tax_status": "taxable",
                "meta_data": [meta],
            }
        ]

    def refund(self, order: Order, refund: Refund) -> Body:
        full = order.refunded >= order.total
        kind = {"id": refund.id * 10, "key": "_refund_type", "value": "full" if full else "partial"}
        return {
            "id": refund.id,
            **self.dates("date_created", refund.created_at),
            "amount": self.amount(refund.amount),
            "reason": refund.reason,
            "refunded_by": refund.refunded_by,
            "refunded_payment": False,
            "meta_data": [kind],
            "line_items": [],
            "shipping_lines": [],
            "tax_lines": [],
            "fee_lines": [],
            "_links": self.links(
                f"orders/{order.id}/refunds/{refund.id}",
                f"orders/{order.id}/refunds",
                ["GET", "DELETE"],
                f"orders/{order.id}",
            ),
        }

    def note(self, order: Order, note: Note) -> Body:
        return {
            "id": note.id,
            "author": note.author,
            **self.dates("date_created", note.created_at),
            "note": note.text,
            "customer_note": note.customer_note,
            "_links": self.links(
                f"orders/{order.id}/notes/{note.id}",
                f"orders/{order.id}/notes",
                ["GET", "DELETE"],
                f"orders/{order.id}",
            ),
        }

    def fulfillment(self, order: Order, one: Fulfillment) -> Body:
        """`entity_id` is a string and `date_updated` site-local with a space, both as recorded."""
        return {
            "id": one.id,
            "entity_type": "WC_Order",
            "entity_id": str(order.id),
            "is_fulfilled": one.is_fulfilled,
            "status": "fulfilled" if one.is_fulfilled else "unfulfilled",
            "date_updated": str(self.local(one.updated_at)).replace("T", " "),
            "meta_data": [meta.body() for meta in one.meta],
        }

    def coupon(self, coupon: Coupon) -> Body:
        body: Body = {
            "id": coupon.id,
            "code": "",
            "amount": "0.00",
            "status": "publish",
            **self.dates("date_created", coupon.created_at),
            **self.dates("date_modified", coupon.modified_at),
            "discount_type": "fixed_cart",
            "description": "",
            "date_expires": None,
            "date_expires_gmt": None,
            "usage_count": 0,
            "individual_use": False,
            "product_ids": [],
            "excluded_product_ids": [],
            "usage_limit": None,
            "usage_limit_per_user": None,
            "limit_usage_to_x_items": None,
            "free_shipping": False,
            "product_categories": [],
            "excluded_product_categories": [],
            "exclude_sale_items": False,
            "minimum_amount": "0.00",
            "maximum_amount": "0.00",
            "email_restrictions": [],
            "used_by": [],
            "meta_data": [],
        }
        return body | coupon.fields | {"_links": self.links(f"coupons/{coupon.id}", "coupons")}

    def webhook(self, hook: Webhook) -> Body:
        """Neither the secret nor the count of failures is ever told."""
        return {
            "id": hook.id,
            "name": hook.name,
            "status": hook.status,
            "topic": hook.topic,
            "resource": hook.resource,
            "event": hook.event,
            "hooks": HOOKS.get(hook.topic, [hook.event]),
            "delivery_url": hook.delivery_url,
            **self.dates("date_created", hook.created_at),
            **self.dates("date_modified", hook.modified_at),
            "_links": self.links(f"webhooks/{hook.id}", "webhooks"),
        }

    def customer(self, user: User) -> Body:
        name = {"first_name": user.first_name, "last_name": user.last_name}
        address = dict.fromkeys(
            ("company", "address_1", "address_2", "city", "postcode", "country", "state"), ""
        )
        return {
            "id": user.id,
            **self.dates("date_created", self.shop.opened_at),
            **self.dates("date_modified", self.shop.opened_at),
            "email": user.email,
            **name,
            "role": user.role,
            "username": user.login,
            "billing": {**name, **address, "email": user.email, "phone": ""},
            "shipping": {**name, **address, "phone": ""},
            "is_paying_customer": False,
            "avatar_url": "",
            "meta_data": [],
            "_links": self.links(f"customers/{user.id}", "customers", ["GET", "POST", "PUT", "PATCH"]),
        }

    def product(self, product: Product) -> Body:
        return {
            "id": product.id,
            "name": product.name,
            "slug": product.slug,
            "permalink": f"{self.shop.home}/product/{product.slug}/",
            "type": "simple",
            "status": "publish",
            "sku": product.sku,
            "price": self.amount(product.price),
            "regular_price": self.amount(product.price),
            "virtual": product.virtual,
            "shipping_required": not product.virtual,
            "stock_status": "instock",
            "_links": self.links(f"products/{product.id}", "products"),
        }


def write_error(code: str, message: str, status: int, **data: Any) -> Body:
    """A WP_Error as the REST interface writes it."""
    return {"code": code, "message": message, "data": {"status": status, **data}}


def refuse_parameter(name: str, code: str, words: str) -> Body:
    """400 `rest_invalid_param` about one parameter."""
    detail = {"code": code, "message": words, "data": None}
    return write_error(
        "rest_invalid_param",
        f"Invalid parameter(s): {name}",
        400,
        params={name: words},
        details={name: detail},
    )
