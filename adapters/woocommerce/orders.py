"""A WooCommerce order in the contract's terms. Pure: the same body always gives an equal `Order`.

What does not belong to an `Order` (other meta, the spelling of an amount, the shop's time zone) never
changes it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from adapters.woocommerce.mapping import (
    DISPATCHED_STATUS,
    FULFILLED,
    FULFILLMENT_STATUS_KEY,
    FULFILLMENTS_WITH_PARCELS,
    GONE_STATUS,
    KNOWN_META,
    LOCALE_KEYS,
    ORDER_STATUS,
    PAY_LATER,
    PAY_ON_DELIVERY,
    PICKED_UP,
    TRACKING_ITEMS_KEY,
    UNPAID_STATUS,
    read_slug,
)
from adapters.woocommerce.schemas import (
    ANYTHING,
    AddressBody,
    LineBody,
    MetaBody,
    OrderBody,
    decode,
    list_rows,
)
from adapters.woocommerce.shipments import read_tracking_items
from adapters.woocommerce.values import (
    clean_markup,
    clean_text,
    read_country,
    read_currency,
    read_email,
    read_id,
    read_locale,
    read_money,
    read_optional_id,
    read_optional_time,
    read_time,
)
from plugin.contract import (
    Order,
    OrderLine,
    OrderStatus,
    PayloadUnreadable,
    PaymentStatus,
    Refund,
    Shipment,
)

NOBODY = AddressBody()


def read_order(body: OrderBody, parcels: tuple[Shipment, ...] | None = None) -> Order:
    """The order as `body` tells it. `parcels` are those fetched beside it, used when its meta names none.

    Raises `PayloadUnreadable` when its id, number, money or times make no sense.
    """
    meta = read_known_meta(body.meta_data)
    slug = read_slug(body.status)
    external_id = read_id(body.id, "order")
    currency = read_currency(body.currency)
    total = read_money(body.total, currency, "order's total")
    refunds = read_refunds(body, currency)
    on_delivery = (body.payment_method or "").strip() in PAY_ON_DELIVERY
    shipments = read_shipments(meta, parcels)
    needs_shipping = bool(shipments) or is_sent_by_carrier(body)
    billing = body.billing if isinstance(body.billing, AddressBody) else NOBODY
    shipping = body.shipping if isinstance(body.shipping, AddressBody) else NOBODY
    return Order(
        external_id=external_id,
        number=clean_text(body.number) or external_id,
        status=ORDER_STATUS.get(slug, OrderStatus.unknown),
        raw_status=clean_text(body.status),
        payment_status=read_payment_status(body, slug, on_delivery, total.amount, refunds),
        created_at=read_time(body.date_created_gmt, "order's date_created_gmt"),
        modified_at=read_time(body.date_modified_gmt, "order's date_modified_gmt"),
        total=total,
        lines=tuple(read_line(line, currency) for line in list_rows(body.line_items)),
        refunds=refunds,
        shipments=shipments,
        needs_shipping=needs_shipping,
        dispatched=needs_shipping and (slug in DISPATCHED_STATUS or read_fulfillment_word(meta) == FULFILLED),
        pay_on_delivery=on_delivery,
        payment_method=clean_markup(body.payment_method_title) or clean_text(body.payment_method),
        # Core stamps a payment date on a cash on delivery order when it is completed, and even when it is
        # taken out of the bin (both recorded): no sign that the shopper has paid.
        paid_at=None if on_delivery else read_optional_time(body.date_paid_gmt, "order's date_paid_gmt"),
        completed_at=read_optional_time(body.date_completed_gmt, "order's date_completed_gmt"),
        email=read_email(billing.email),
        customer_name=read_name(billing) or read_name(shipping),
        customer_id=read_optional_id(body.customer_id),
        country=read_country(shipping.country) or read_country(billing.country),
        locale=next((found for key in LOCALE_KEYS if (found := read_locale(meta.get(key)))), ""),
    )


def hides_parcels(body: OrderBody) -> bool:
    """Whether the shop knows parcels of this order which `body` does not carry (core's fulfillments)."""
    meta = read_known_meta(body.meta_data)
    if read_fulfillment_word(meta) not in FULFILLMENTS_WITH_PARCELS:
        return False
    return is_sent_by_carrier(body) and not read_tracking_items(meta.get(TRACKING_ITEMS_KEY))


def is_gone(body: OrderBody) -> bool:
    """Whether the order lies in the bin."""
    return read_slug(body.status) in GONE_STATUS


def is_sent_by_carrier(body: OrderBody) -> bool:
    """Whether something of the order travels: it has a shipping line that is not a pick-up at the shop.

    WooCommerce gives an order a shipping line exactly when its cart has something to ship. An order typed
    in by hand without one counts as not shipped: we then say less, never something untrue.
    """
    methods = [(line.method_id or "").partition(":")[0] for line in list_rows(body.shipping_lines)]
    return any(method not in PICKED_UP for method in methods)


def read_known_meta(rows: Sequence[MetaBody] | Mapping[str, MetaBody] | None) -> dict[str, Any]:
    """The order meta we know by key; the newest wins when a key stands there twice."""
    return {
        str(row.key): decode(ANYTHING, row.value, "order's meta")
        for row in list_rows(rows)
        if row.key in KNOWN_META
    }


def read_fulfillment_word(meta: Mapping[str, Any]) -> str:
    return clean_text(meta.get(FULFILLMENT_STATUS_KEY))


def read_shipments(
    meta: Mapping[str, Any], parcels: tuple[Shipment, ...] | None
) -> tuple[Shipment, ...] | None:
    """A shipment plugin's list is the answer when it names parcels; else what core's fulfillments gave.

    An empty list beside fulfillments which were not fetched says nothing.
    """
    listed = read_tracking_items(meta[TRACKING_ITEMS_KEY]) if TRACKING_ITEMS_KEY in meta else None
    if listed or parcels is None:
        hidden = not listed and read_fulfillment_word(meta) in FULFILLMENTS_WITH_PARCELS
        return None if hidden else listed
    return parcels


def read_payment_status(
    body: OrderBody, slug: str, on_delivery: bool, total: Decimal, refunds: tuple[Refund, ...]
) -> PaymentStatus:
    """Where the money stands. A refund leaves the total as it was; what came back is their sum."""
    returned = sum((refund.amount.amount for refund in refunds), Decimal(0))
    if slug == "refunded" or (returned and returned >= total):
        return PaymentStatus.refunded
    if returned:
        return PaymentStatus.partly_refunded
    if slug == "failed":
        return PaymentStatus.failed
    if on_delivery:
        return PaymentStatus.on_delivery
    if body.date_paid_gmt:
        return PaymentStatus.paid
    if slug == "on-hold" and (body.payment_method or "").strip() in PAY_LATER:
        return PaymentStatus.unpaid
    return UNPAID_STATUS.get(slug, PaymentStatus.unknown)


def read_refunds(body: OrderBody, currency: str) -> tuple[Refund, ...]:
    """The refunds, oldest id first. WooCommerce lists the newest first and writes their totals negative
    (recorded); one of zero only puts goods back into stock."""
    found = []
    for row in list_rows(body.refunds):
        money = read_money(row.total, currency, "refund's total")
        if money.amount:
            positive = read_money(str(abs(money.amount)), currency, "refund's total")
            found.append(
                Refund(external_id=read_id(row.id, "refund"), amount=positive, reason=clean_text(row.reason))
            )
    return tuple(sorted(found, key=lambda refund: int(refund.external_id)))


def read_line(line: LineBody, currency: str) -> OrderLine:
    """One line. A quantity with decimals (sold by weight) is rounded up, as the contract counts pieces."""
    return OrderLine(
        external_id=read_id(line.id, "order line"),
        name=clean_markup(line.name),
        quantity=read_quantity(line.quantity),
        total=read_money(line.total, currency, "order line's total"),
        product_id=read_optional_id(line.product_id),
        sku=clean_text(line.sku),
        details=tuple(text for row in list_rows(line.meta_data) if (text := read_detail(row))),
    )


def read_quantity(value: int | float | str) -> int:
    try:
        quantity = math.ceil(float(value))
    except (ValueError, OverflowError):
        raise PayloadUnreadable("An order line's quantity is not a number.") from None
    if abs(quantity) > 10**9:
        raise PayloadUnreadable("An order line's quantity is out of range.")
    return quantity


def read_detail(row: MetaBody) -> str:
    """What the shopper chose, as ``Talla: M``; '' for meta WooCommerce itself hides (leading underscore)."""
    if not isinstance(row.key, str) or not row.key or row.key.startswith("_"):
        return ""
    name = clean_markup(row.display_key) or clean_text(row.key)
    value = clean_markup(row.display_value)
    return f"{name}: {value}" if value and not name.startswith("_") else ""


def read_name(address: AddressBody) -> str:
    return clean_text(f"{address.first_name or ''} {address.last_name or ''}") or clean_text(address.company)
