"""A WooCommerce order in the contract's terms. Pure: the same body always gives an equal `Order`.

What does not belong to an `Order` (other meta, the spelling of an amount, the shop's time zone) never
changes it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from adapters.woocommerce.mapping import (
    DISPATCHED_STATUS,
    FULFILLED,
    FULFILLMENT_STATUS_KEY,
    FULFILLMENTS_WITH_PARCELS,
    GONE_STATUS,
    KNOWN_META,
    LEFT_KEY,
    LOCALE_KEYS,
    MAIL_NOTICES,
    ORDER_STATUS,
    PAY_LATER,
    PAY_ON_DELIVERY,
    PICKED_UP,
    TRACKING_ITEMS_KEY,
    UNPAID_STATUS,
    WHEREABOUTS_STATUS,
    read_slug,
)
from adapters.woocommerce.places import link_parcels, read_meta_parcels, unite
from adapters.woocommerce.schemas import (
    ANYTHING,
    AddressBody,
    LineBody,
    MetaBody,
    OrderBody,
    decode,
    list_rows,
)
from adapters.woocommerce.shipments import list_tracking_items, read_tracking_items
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
    Notice,
    Order,
    OrderLine,
    OrderStatus,
    PayloadUnreadable,
    PaymentStatus,
    Refund,
    Shipment,
    ShipmentStatus,
)

NOBODY = AddressBody()
LONG_AFTER = timedelta(hours=1)


def read_order(
    body: OrderBody, parcels: tuple[Shipment, ...] | None = None, meta: Mapping[str, Any] | None = None
) -> Order:
    """The order as `body` tells it. `parcels` are those fetched beside it, merged with those in its meta;
    None when none were asked for. `meta`: that of `read_known_meta`, when it was read already.

    Raises `PayloadUnreadable` when its id, number, money or times make no sense.
    """
    meta = read_known_meta(body.meta_data) if meta is None else meta
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
        whereabouts=WHEREABOUTS_STATUS.get(slug, ShipmentStatus.unknown)
        if needs_shipping
        else ShipmentStatus.unknown,
        untold=read_untold(meta, slug, body),
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


def has_fulfillments(body: OrderBody, meta: Mapping[str, Any]) -> bool:
    """Whether the shop keeps parcels of this order as core's fulfillments, which no body carries."""
    return read_fulfillment_word(meta) in FULFILLMENTS_WITH_PARCELS and is_sent_by_carrier(body)


def lacks_links(meta: Mapping[str, Any]) -> bool:
    """Whether a parcel of a tracking plugin goes with one of that plugin's own carriers, whose link the plugin
    makes itself and nobody else knows."""
    rows = list_tracking_items(meta[TRACKING_ITEMS_KEY]) if TRACKING_ITEMS_KEY in meta else None
    if not rows:
        return False
    parcels = link_parcels(read_meta_parcels(meta) or ())
    unlinked = {parcel.external_id for parcel in parcels if parcel.tracking_number and not parcel.tracking_url}
    return any(
        clean_text(row.get("tracking_id")) in unlinked
        and clean_text(row.get("tracking_provider"))
        and not clean_text(row.get("custom_tracking_provider"))
        for row in rows
    )


def may_be_elsewhere(body: OrderBody) -> bool:
    """Whether everything seems to have left: then a parcel without a number in the meta may be elsewhere.

    True for the finished statuses and for those of the shop's own invention.
    """
    slug = read_slug(body.status)
    return is_sent_by_carrier(body) and (slug in DISPATCHED_STATUS or slug not in ORDER_STATUS)


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
    """Those fetched and those in the meta, each once. A body whose fulfillments were not fetched says nothing:
    half a list would make the other half disappear."""
    listed = read_meta_parcels(meta)
    if parcels is not None:
        return link_parcels(unite(parcels, listed or ()))
    if listed is None or read_fulfillment_word(meta) in FULFILLMENTS_WITH_PARCELS:
        return None
    return link_parcels(listed)


def read_untold(meta: Mapping[str, Any], slug: str, body: OrderBody) -> frozenset[Notice]:
    """What core tells in other cases and does not tell about this order: mails which our WordPress plugin left
    to us, and *shipped* before `completed` (core has no mail for a parcel or a status of the shop's own) and of
    a number that was typed long after it."""
    left = meta.get(LEFT_KEY)
    rows = list(left.values()) if isinstance(left, Mapping) else left if isinstance(left, list) else []
    told = [MAIL_NOTICES[row] for row in rows if isinstance(row, str) and row in MAIL_NOTICES]
    silent = slug != "completed" or is_typed_later(meta, body)
    return frozenset((Notice.shipped,) if silent else ()).union(*told)


def is_typed_later(meta: Mapping[str, Any], body: OrderBody) -> bool:
    """Whether a parcel was typed into the order when its mail of `completed` had long gone out: core sends that
    one once, and no other for a number."""
    completed_at = read_optional_time(body.date_completed_gmt, "order's date_completed_gmt")
    if completed_at is None or TRACKING_ITEMS_KEY not in meta:
        return False
    typed = (parcel.shipped_at for parcel in read_tracking_items(meta[TRACKING_ITEMS_KEY]) or ())
    return any(at is not None and at > completed_at + LONG_AFTER for at in typed)


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
