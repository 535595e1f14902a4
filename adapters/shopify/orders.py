"""A Shopify order in the contract's terms. Pure: the same body always gives an equal `Order`.

The money is what the shopper saw (``presentmentMoney``). A field that Shopify keeps from an app without approval for
protected customer data is null, and then empty here; the order is as good as ever without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from adapters.shopify.bodies import AddressBody, LineBody, OrderBody, RefundBody
from adapters.shopify.mapping import (
    FULFILLED,
    KNOWN_FULFILLMENT,
    NOT_YET_COLLECTED,
    ORDER_STATUS,
    PAYMENT_STATUS,
    TAGS,
    is_paid_at_door,
)
from adapters.shopify.shipments import read_parcels
from adapters.shopify.values import (
    clean_text,
    read_count,
    read_country,
    read_email,
    read_gid,
    read_id,
    read_locale,
    read_money,
    read_optional_time,
    read_time,
)
from plugin.contract import Notice, Order, OrderLine, OrderStatus, PaymentStatus, Refund

NOBODY = AddressBody()
AT_ONCE = timedelta(minutes=5)
"""A payment within this time belongs to the checkout, whose mail tells it."""


def read_order(body: OrderBody) -> Order:
    """The order as `body` tells it. Raises `PayloadUnreadable` when its id, money or times make no sense."""
    at_door = is_paid_at_door(body.payment_gateway_names)
    payment = read_payment_status(body, at_door)
    parcels = read_parcels(body.fulfillments or ())
    needs_shipping = bool(parcels) or body.requires_shipping is not False
    shipping, billing = body.shipping_address or NOBODY, body.billing_address or NOBODY
    cancelled = bool(body.cancelled_at)
    paid_at = read_paid_at(body)
    return Order(
        external_id=read_id(body.id, "order"),
        number=clean_text(body.name),
        status=read_status(body, payment, at_door),
        raw_status=read_raw_status(body),
        payment_status=payment,
        created_at=read_time(body.created_at, "order's createdAt"),
        modified_at=read_time(body.updated_at, "order's updatedAt"),
        total=read_money(body.total_price_set, "order's total"),
        lines=tuple(read_line(line) for line in body.line_items.nodes),
        refunds=read_refunds(body.refunds or ()),
        shipments=parcels,
        needs_shipping=needs_shipping,
        dispatched=needs_shipping and not cancelled and body.display_fulfillment_status == FULFILLED,
        untold=read_untold(body),
        pay_on_delivery=at_door,
        payment_method=", ".join(filter(None, map(clean_text, body.payment_gateway_names or ())))[:200],
        paid_at=None if payment in (PaymentStatus.unpaid, PaymentStatus.on_delivery) else paid_at,
        email=read_email(body.email),
        customer_name=clean_text(shipping.name) or clean_text(billing.name),
        customer_id=read_gid(body.customer.id, "Customer") if body.customer is not None else "",
        country=read_country(shipping.country_code_v2) or read_country(billing.country_code_v2),
        locale=read_locale(body.customer_locale),
    )


def read_raw_status(body: OrderBody) -> str:
    """Shopify's own words, the money's first: ``PAID UNFULFILLED``, ``REFUNDED RESTOCKED CANCELLED``."""
    words = [clean_text(body.display_financial_status) or "-", clean_text(body.display_fulfillment_status)]
    return " ".join([*words, *(["CANCELLED"] if body.cancelled_at else [])])


def read_status(body: OrderBody, payment: PaymentStatus, at_door: bool) -> OrderStatus:
    """Where the order stands: cancelled, or given back, or all of it gone, or where its money stands.

    Shopify has no word for an order without a status of its own, so a word we do not know is *unknown*.
    """
    if body.cancelled_at:
        return OrderStatus.cancelled
    if payment is PaymentStatus.refunded:
        return OrderStatus.refunded
    if body.display_fulfillment_status == FULFILLED:
        return OrderStatus.completed
    if body.display_fulfillment_status not in KNOWN_FULFILLMENT:
        return OrderStatus.unknown
    if at_door and payment is PaymentStatus.on_delivery:
        return OrderStatus.processing
    return ORDER_STATUS.get(body.display_financial_status or "", OrderStatus.unknown)


def read_payment_status(body: OrderBody, at_door: bool) -> PaymentStatus:
    """Where the money stands; at the door, until Shopify says that it was taken."""
    word = body.display_financial_status or ""
    if at_door and word in NOT_YET_COLLECTED:
        return PaymentStatus.on_delivery
    return PAYMENT_STATUS.get(word, PaymentStatus.unknown)


def read_paid_at(body: OrderBody) -> datetime | None:
    """When the last of the money came, of those transactions that succeeded; None when none is told."""
    moments = [
        read_optional_time(row.processed_at, "transaction's processedAt")
        for row in body.transactions or ()
        if row.kind in ("SALE", "CAPTURE") and row.status == "SUCCESS"
    ]
    dated = [moment for moment in moments if moment is not None]
    return max(dated) if dated else None


def read_untold(body: OrderBody) -> frozenset[Notice]:
    """What Shopify mails in other cases and not about this order: what we did ourselves, without its mail, and a
    payment that came after the order confirmation had gone out."""
    done = {
        notice
        for tag, notice in TAGS.items()
        if tag in {clean_text(word).lower() for word in body.tags or ()}
    }
    paid_at = read_paid_at(body)
    placed_at = read_time(body.created_at, "order's createdAt")
    if paid_at is not None and paid_at > placed_at + AT_ONCE:
        done.add(Notice.payment_received)
    return frozenset(done)


def read_line(body: LineBody) -> OrderLine:
    """One line. What the shopper chose stands in the variant's title (``Red / M``)."""
    variant = clean_text(body.variant_title)
    return OrderLine(
        external_id=read_id(body.id, "order line"),
        name=clean_text(body.title) or clean_text(body.name),
        quantity=read_count(body.quantity),
        total=read_money(body.discounted_total_set, "order line's total"),
        sku=clean_text(body.sku),
        details=(variant,) if variant and variant != "Default Title" else (),
    )


def read_refunds(bodies: Sequence[RefundBody]) -> tuple[Refund, ...]:
    """The refunds, oldest first; one of nothing only puts goods back into stock."""
    found = []
    for body in bodies:
        amount = read_money(body.total_refunded_set, "refund's total")
        if amount.amount > 0:
            found.append(
                Refund(
                    external_id=read_id(body.id, "refund"),
                    amount=amount,
                    reason=clean_text(body.note)[:500],
                    created_at=read_optional_time(body.created_at, "refund's createdAt"),
                )
            )
    return tuple(sorted(found, key=lambda refund: int(refund.external_id)))
