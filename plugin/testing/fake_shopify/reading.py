"""The nouns of a shop as its GraphQL objects. A value that is a function is asked when its field is."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from plugin.testing.fake_shopify.bodies import make_gid
from plugin.testing.fake_shopify.lists import cut, list_all
from plugin.testing.fake_shopify.nouns import (
    Body,
    Event,
    Fulfilment,
    Line,
    Order,
    Refund,
    Tracking,
)

if TYPE_CHECKING:
    from plugin.testing.fake_shopify.shop import FakeShop

FULFILLMENT_ORDER = 1_000_000_000_000
"""Added to an order's id: its fulfillment order; to a line's: its line there."""


def write_time(at: datetime | None) -> str | None:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None


def write_amount(amount: Decimal) -> str:
    """As Shopify writes Decimals: without needless zeros, one digit after the point at least."""
    plain = f"{amount.normalize():f}"
    return plain if "." in plain else f"{plain}.0"


class OrderReading:
    """Orders and what is in them, for one shop."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop

    def money(self, amount: Decimal, currency: str = "") -> Body:
        one = {"amount": write_amount(amount), "currencyCode": currency or self.shop.currency}
        return {"shopMoney": one, "presentmentMoney": one}

    def order(self, order: Order) -> Body:
        money = partial(self.money, currency=order.currency)
        given = {
            "__typename": "Order",
            "id": make_gid("Order", order.id),
            "legacyResourceId": str(order.id),
            "name": order.name,
            "number": order.number,
            "confirmationNumber": order.confirmation,
            "checkoutToken": order.checkout_token,
            "cartToken": None,
            "createdAt": write_time(order.created_at),
            "processedAt": write_time(order.created_at),
            "updatedAt": write_time(order.updated_at),
            "cancelledAt": write_time(order.cancelled_at),
            "cancelReason": order.cancel_reason or None,
            "cancellation": {"staffNote": None} if order.cancelled_at else None,
            "closed": order.closed_at is not None,
            "closedAt": write_time(order.closed_at),
            "confirmed": True,
            "currencyCode": order.currency,
            "presentmentCurrencyCode": order.currency,
            "customAttributes": [{"key": name, "value": value} for name, value in order.attributes],
            "customerLocale": order.locale or None,
            "displayFinancialStatus": order.financial or None,
            "displayFulfillmentStatus": order.fulfillment_status,
            "returnStatus": "NO_RETURN",
            "email": order.email or None,
            "phone": order.phone or None,
            "fullyPaid": order.financial in ("PAID", "PARTIALLY_REFUNDED", "REFUNDED"),
            "unpaid": order.financial in ("PENDING", "AUTHORIZED", "EXPIRED"),
            "fulfillable": bool(order.list_open()) and order.cancelled_at is None,
            "note": order.note or None,
            "paymentGatewayNames": [order.gateway] if order.gateway else [],
            "paymentCollectionDetails": {"additionalPaymentCollectionUrl": None},
            "requiresShipping": order.ships,
            "sourceName": order.source,
            "tags": list(order.tags),
            "test": order.test,
            "discountCodes": [],
            "discountCode": None,
            "subtotalPriceSet": money(order.subtotal),
            "currentSubtotalPriceSet": money(order.subtotal),
            "totalPriceSet": money(order.total),
            "originalTotalPriceSet": money(order.total),
            "currentTotalPriceSet": money(order.total - order.refunded),
            "totalRefundedSet": money(order.refunded),
            "totalShippingPriceSet": money(order.shipping),
            "totalTaxSet": money(Decimal(0)),
            "totalDiscountsSet": money(Decimal(0)),
            "netPaymentSet": money(self.read_received(order) - order.refunded),
            "totalReceivedSet": money(self.read_received(order)),
            "totalOutstandingSet": money(order.total - self.read_received(order)),
            "customer": lambda _info: self.customer(order),
            "billingAddress": self.address(order),
            "shippingAddress": self.address(order) if order.ships else None,
            "displayAddress": self.address(order),
            "shippingLine": {"title": order.shipping_title, "code": order.shipping_title} if order.ships else None,
            "statusPageUrl": lambda _info, **_given: self.write_status_url(order),
            "lineItems": list_all(partial(self.line, order=order), by_id, lambda: order.lines),
            "fulfillments": cut(partial(self.fulfilment, order=order), lambda: order.fulfilments),
            "fulfillmentsCount": {"count": len(order.fulfilments), "precision": "EXACT"},
            "fulfillmentOrders": list_all(self.fulfillment_order, by_id, lambda: [order] * order.ships),
            "refunds": cut(partial(self.refund, order=order), lambda: order.refunds),
            "refundable": self.read_received(order) > order.refunded,
            "transactions": cut(lambda one: one, lambda: self.list_payments(order)),
            "transactionsCount": {"count": len(self.list_payments(order)), "precision": "EXACT"},
        }
        return given | {"metafield": lambda _info, **_given: None}

    def read_received(self, order: Order) -> Decimal:
        return order.total if order.paid_at is not None else Decimal(0)

    def write_status_url(self, order: Order) -> str:
        return f"https://{self.shop.primary_domain}/{self.shop.id}/orders/{order.key}/authenticate?key={order.key}"

    def list_payments(self, order: Order) -> list[Body]:
        cash = "Cash" in order.gateway
        kind = "AUTHORIZATION" if order.financial == "AUTHORIZED" else "SALE"
        first = {
            "__typename": "OrderTransaction",
            "id": make_gid("OrderTransaction", order.id + 1),
            "kind": kind,
            "status": "SUCCESS" if order.paid_at or kind == "AUTHORIZATION" else "PENDING",
            "gateway": order.gateway,
            "formattedGateway": order.gateway,
            "manualPaymentGateway": cash,
            "test": order.test,
            "errorCode": None,
            "amountSet": self.money(order.total, order.currency),
            "createdAt": write_time(order.created_at),
            "processedAt": write_time(order.paid_at or order.created_at),
        }
        return [first] if order.gateway else []

    def customer(self, order: Order) -> Body | None:
        if order.customer_id is None:
            return None
        return {
            "__typename": "Customer",
            "id": make_gid("Customer", order.customer_id),
            "legacyResourceId": str(order.customer_id),
            "displayName": f"{order.first_name} {order.last_name}".strip(),
            "firstName": order.first_name,
            "lastName": order.last_name,
            "email": order.email or None,
            "phone": order.phone or None,
            "defaultEmailAddress": {"emailAddress": order.email} if order.email else None,
            "defaultPhoneNumber": {"phoneNumber": order.phone} if order.phone else None,
            "locale": order.locale,
        }

    def address(self, order: Order) -> Body:
        return {
            "__typename": "MailingAddress",
            "id": make_gid("MailingAddress", order.id + 2),
            "name": f"{order.first_name} {order.last_name}".strip(),
            "firstName": order.first_name,
            "lastName": order.last_name,
            "company": None,
            "address1": order.address,
            "address2": None,
            "city": order.city,
            "zip": order.zip,
            "province": None,
            "provinceCode": None,
            "country": order.country,
            "countryCode": order.country,
            "countryCodeV2": order.country or None,
            "phone": order.phone or None,
        }

    def line(self, line: Line, order: Order) -> Body:
        sent, money = order.count_sent(line.id), partial(self.money, currency=order.currency)
        return {
            "__typename": "LineItem",
            "id": make_gid("LineItem", line.id),
            "name": line.name,
            "title": line.title,
            "variantTitle": line.variant or None,
            "vendor": self.shop.name,
            "sku": line.sku or None,
            "quantity": line.quantity,
            "currentQuantity": line.quantity,
            "refundableQuantity": line.quantity,
            "unfulfilledQuantity": line.quantity - sent,
            "nonFulfillableQuantity": 0,
            "requiresShipping": line.ships,
            "isGiftCard": False,
            "customAttributes": [],
            "discountedTotalSet": lambda _info, **_given: money(line.total),
            "originalTotalSet": money(line.total),
            "originalUnitPriceSet": money(line.price),
            "discountedUnitPriceSet": money(line.price),
            "totalDiscountSet": money(Decimal(0)),
            "image": lambda _info, **_given: None,
            "product": {"__typename": "Product", "id": make_gid("Product", line.product_id), "title": line.title},
            "variant": {"__typename": "ProductVariant", "id": make_gid("ProductVariant", line.product_id + 1)},
        }

    def fulfilment(self, one: Fulfilment, order: Order) -> Body:
        estimated = one.estimated_at
        sent = [line for line in order.lines if line.id in one.items]
        return {
            "__typename": "Fulfillment",
            "id": make_gid("Fulfillment", one.id),
            "legacyResourceId": str(one.id),
            "name": one.name,
            "status": one.status,
            "displayStatus": one.display_status,
            "createdAt": write_time(one.created_at),
            "updatedAt": write_time(one.updated_at),
            "estimatedDeliveryAt": write_time(estimated),
            "deliveredAt": write_time(one.find_time("DELIVERED")),
            "inTransitAt": write_time(one.find_time("IN_TRANSIT")),
            "requiresShipping": True,
            "totalQuantity": sum(one.items.values()),
            "trackingInfo": cut(self.tracking, lambda: one.tracking),
            "events": list_all(self.event, by_happening, lambda: one.events),
            "order": lambda _info: self.order(order),
            "fulfillmentLineItems": list_all(
                lambda line: {
                    "__typename": "FulfillmentLineItem",
                    "id": make_gid("FulfillmentLineItem", line.id),
                    "quantity": one.items[line.id],
                    "lineItem": self.line(line, order),
                },
                by_id,
                lambda: sent,
            ),
        }

    def tracking(self, one: Tracking) -> Body:
        return {"company": one.company or None, "number": one.number or None, "url": one.url or None}

    def event(self, event: Event) -> Body:
        return {
            "__typename": "FulfillmentEvent",
            "id": make_gid("FulfillmentEvent", event.id),
            "status": event.status,
            "happenedAt": write_time(event.happened_at),
            "createdAt": write_time(event.created_at),
            "estimatedDeliveryAt": write_time(event.estimated_at),
            "message": event.message or None,
            "address1": None,
            "city": event.city or None,
            "province": event.province or None,
            "country": event.country or None,
            "zip": event.zip or None,
            "latitude": None,
            "longitude": None,
        }

    def fulfillment_order(self, order: Order) -> Body:
        """The one that an order has here: everything that is shipped."""
        left = order.list_open()
        done = "CANCELLED" if order.cancelled_at else "CLOSED"
        part = "IN_PROGRESS" if any(order.count_sent(line.id) for line in order.lines) else "OPEN"
        status = "ON_HOLD" if order.holds else part if left and not order.cancelled_at else done
        return {
            "__typename": "FulfillmentOrder",
            "id": make_gid("FulfillmentOrder", order.id + FULFILLMENT_ORDER),
            "status": status,
            "requestStatus": "UNSUBMITTED",
            "orderId": make_gid("Order", order.id),
            "orderName": order.name,
            "createdAt": write_time(order.created_at),
            "updatedAt": write_time(order.updated_at),
            "supportedActions": [{"action": "CREATE_FULFILLMENT", "externalUrl": None}] if left else [],
            "order": lambda _info: self.order(order),
            "lineItems": list_all(
                lambda line: {
                    "__typename": "FulfillmentOrderLineItem",
                    "id": make_gid("FulfillmentOrderLineItem", line.id + FULFILLMENT_ORDER),
                    "totalQuantity": line.quantity,
                    "remainingQuantity": left.get(line.id, 0),
                    "requiresShipping": True,
                    "sku": line.sku,
                    "productTitle": line.title,
                    "lineItem": self.line(line, order),
                },
                by_id,
                lambda: [line for line in order.lines if line.ships],
            ),
        }

    def refund(self, refund: Refund, order: Order) -> Body:
        money = self.money(refund.amount, order.currency)
        return {
            "__typename": "Refund",
            "id": make_gid("Refund", refund.id),
            "legacyResourceId": str(refund.id),
            "createdAt": write_time(refund.created_at),
            "processedAt": write_time(refund.created_at),
            "updatedAt": write_time(refund.created_at),
            "note": refund.note or None,
            "totalRefundedSet": money,
            "totalRefunded": money["shopMoney"],
            "order": lambda _info: self.order(order),
        }


def by_id(one: Any) -> tuple[int]:
    return (one.id,)


def by_happening(event: Event) -> tuple[datetime, int]:
    return (event.happened_at, event.id)
