"""What an order's answer means: where it stands, where its money stands, and what of it may be missing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from shopify_shop import make_line, make_money, make_order, make_parcel

from adapters.shopify.bodies import OrderBody, read_shape
from adapters.shopify.mapping import PLATFORM_MAILS
from adapters.shopify.orders import read_order
from plugin.contract import (
    Money,
    Notice,
    Order,
    OrderStatus,
    PayloadUnreadable,
    PaymentStatus,
    PlatformDown,
    ShipmentStatus,
)
from plugin.testing.event_checks import find_faults


def read(**changes: Any) -> Order:
    order = read_order(read_shape(make_order(**changes), OrderBody, "order"))
    assert not find_faults(order)
    return order


def test_a_paid_order_is_read_whole() -> None:
    order = read()
    assert (order.external_id, order.number, order.raw_status) == ("5001", "#1001", "PAID UNFULFILLED")
    assert order.status is OrderStatus.processing and order.payment_status is PaymentStatus.paid
    assert order.total == Money(amount=Decimal("58900.00"), currency="COP")
    assert (order.email, order.customer_name, order.customer_id) == ("ana@example.com", "Ana Ruiz", "42")
    assert (order.country, order.locale, order.needs_shipping, order.dispatched) == (
        "CO",
        "es_CO",
        True,
        False,
    )
    assert order.paid_at is not None and order.shipments == () and order.status_url == ""
    line = order.lines[0]
    assert (line.external_id, line.quantity, line.details) == ("701", 2, ("500 g",))
    assert line.total == Money(amount=Decimal("50000.00"), currency="COP")


@pytest.mark.parametrize(
    ("money", "parcels", "status", "payment"),
    [
        ("PAID", "UNFULFILLED", OrderStatus.processing, PaymentStatus.paid),
        ("PAID", "ON_HOLD", OrderStatus.processing, PaymentStatus.paid),
        ("PAID", "SCHEDULED", OrderStatus.processing, PaymentStatus.paid),
        ("PAID", "PARTIALLY_FULFILLED", OrderStatus.processing, PaymentStatus.paid),
        ("PAID", "FULFILLED", OrderStatus.completed, PaymentStatus.paid),
        ("AUTHORIZED", "UNFULFILLED", OrderStatus.processing, PaymentStatus.authorized),
        ("PENDING", "UNFULFILLED", OrderStatus.pending, PaymentStatus.unpaid),
        ("PENDING", "FULFILLED", OrderStatus.completed, PaymentStatus.unpaid),
        ("EXPIRED", "UNFULFILLED", OrderStatus.pending, PaymentStatus.failed),
        ("PARTIALLY_PAID", "UNFULFILLED", OrderStatus.processing, PaymentStatus.unknown),
        ("PARTIALLY_REFUNDED", "FULFILLED", OrderStatus.completed, PaymentStatus.partly_refunded),
        ("REFUNDED", "RESTOCKED", OrderStatus.refunded, PaymentStatus.refunded),
        ("VOIDED", "UNFULFILLED", OrderStatus.unknown, PaymentStatus.unpaid),
        ("IN_ESCROW", "UNFULFILLED", OrderStatus.unknown, PaymentStatus.unknown),
        ("PAID", "TELEPORTED", OrderStatus.unknown, PaymentStatus.paid),
        (None, "UNFULFILLED", OrderStatus.unknown, PaymentStatus.unknown),
    ],
)
def test_where_an_order_stands(money: str, parcels: str, status: OrderStatus, payment: PaymentStatus) -> None:
    order = read(displayFinancialStatus=money, displayFulfillmentStatus=parcels)
    assert (order.status, order.payment_status) == (status, payment)
    assert order.raw_status == f"{money or '-'} {parcels}"


def test_a_cancelled_order_is_cancelled_whatever_its_money_says() -> None:
    order = read(
        cancelledAt="2026-11-20T15:30:00Z",
        displayFinancialStatus="REFUNDED",
        displayFulfillmentStatus="FULFILLED",
    )
    assert order.status is OrderStatus.cancelled and not order.dispatched
    assert order.raw_status == "REFUNDED FULFILLED CANCELLED"


@pytest.mark.parametrize(
    "gateway",
    [
        "Cash on Delivery (COD)",
        "cash_on_delivery",
        "Pago contra entrega",
        "Contrareembolso",
        "Pagamento na Entrega",
    ],
)
@pytest.mark.parametrize("money", ["PENDING", "AUTHORIZED", "PARTIALLY_PAID", "EXPIRED"])
def test_what_is_paid_at_the_door_is_not_paid_before_it_was_taken(gateway: str, money: str) -> None:
    order = read(paymentGatewayNames=[gateway], displayFinancialStatus=money, transactions=[])
    assert order.pay_on_delivery and order.payment_status is PaymentStatus.on_delivery
    assert order.status is not OrderStatus.pending and order.paid_at is None
    taken = read(paymentGatewayNames=[gateway], displayFinancialStatus="PAID")
    assert taken.payment_status is PaymentStatus.paid and taken.pay_on_delivery


def test_a_bank_transfer_is_not_paid_at_the_door() -> None:
    order = read(paymentGatewayNames=["Bank Deposit"], displayFinancialStatus="PENDING", transactions=[])
    assert not order.pay_on_delivery and order.payment_status is PaymentStatus.unpaid


def test_fields_that_shopify_keeps_from_us_are_empty_and_the_order_is_usable() -> None:
    order = read(
        email=None, customer=None, shippingAddress={"name": None, "countryCodeV2": "CO"}, billingAddress=None
    )
    assert (order.email, order.customer_name, order.customer_id, order.country) == ("", "", "", "CO")
    order = read(shippingAddress=None, billingAddress={"name": "Luis Vera", "countryCodeV2": "ES"})
    assert (order.customer_name, order.country) == ("Luis Vera", "ES")


def test_what_is_downloaded_needs_no_shipping() -> None:
    card = make_parcel(requiresShipping=False, trackingInfo=[], displayStatus="FULFILLED")
    order = read(requiresShipping=False, displayFulfillmentStatus="FULFILLED", fulfillments=[card])
    assert not order.needs_shipping and not order.dispatched and order.shipments == ()


def test_everything_has_left_when_shopify_says_so() -> None:
    order = read(displayFulfillmentStatus="FULFILLED", fulfillments=[make_parcel()])
    assert order.dispatched and order.shipments is not None and len(order.shipments) == 1
    part = read(displayFulfillmentStatus="PARTIALLY_FULFILLED", fulfillments=[make_parcel()])
    assert not part.dispatched and part.shipments is not None
    assert part.shipments[0].status is ShipmentStatus.in_transit


def test_refunds_are_told_oldest_first_and_restocking_is_none() -> None:
    rows = [
        {
            "id": "gid://shopify/Refund/12",
            "createdAt": "2026-11-20T10:00:00Z",
            "note": "Talla\nequivocada",
            "totalRefundedSet": make_money("5000.5"),
        },
        {
            "id": "gid://shopify/Refund/9",
            "createdAt": "2026-11-19T10:00:00Z",
            "note": None,
            "totalRefundedSet": make_money("100"),
        },
        {
            "id": "gid://shopify/Refund/13",
            "createdAt": None,
            "note": None,
            "totalRefundedSet": make_money("0.0"),
        },
    ]
    order = read(displayFinancialStatus="PARTIALLY_REFUNDED", refunds=rows)
    assert [(row.external_id, str(row.amount.amount)) for row in order.refunds] == [
        ("9", "100.00"),
        ("12", "5000.50"),
    ]
    assert order.refunds[1].reason == "Talla equivocada"


def test_a_payment_long_after_the_order_is_for_us_to_tell() -> None:
    late = [{"kind": "CAPTURE", "status": "SUCCESS", "processedAt": "2026-11-20T09:00:00Z"}]
    assert Notice.payment_received in PLATFORM_MAILS
    assert read().untold == frozenset()
    assert read(transactions=late).untold == {Notice.payment_received}
    failed = [{"kind": "SALE", "status": "FAILURE", "processedAt": "2026-11-20T09:00:00Z"}]
    assert read(transactions=failed).untold == frozenset() and read(transactions=failed).paid_at is None


def test_what_we_did_without_shopifys_mail_is_for_us_to_tell() -> None:
    assert read(tags=["vip", "Mostrador-Shipped"]).untold == {Notice.shipped}
    assert read(tags=["mostrador-cancelled", "mostrador-shipped"]).untold == {
        Notice.shipped,
        Notice.cancelled,
    }
    assert read(tags=["shipped"]).untold == frozenset()


def test_the_money_is_what_the_shopper_saw() -> None:
    order = read(
        totalPriceSet=make_money("12.3", "USD"),
        lineItems={"nodes": [make_line(discountedTotalSet=make_money("10", "USD"))], "pageInfo": {}},
    )
    assert order.total == Money(amount=Decimal("12.30"), currency="USD")
    assert order.lines[0].total == Money(amount=Decimal("10.00"), currency="USD")


@pytest.mark.parametrize(
    "changes",
    [
        {"updatedAt": "yesterday"},
        {"updatedAt": "2026-11-20T15:30:00"},
        {"id": "gid://shopify/Order/x"},
        {"totalPriceSet": {"presentmentMoney": {"amount": "NaN", "currencyCode": "COP"}}},
        {"totalPriceSet": {"presentmentMoney": {"amount": "1e400", "currencyCode": "COP"}}},
        {"totalPriceSet": {"presentmentMoney": {"amount": "5", "currencyCode": ""}}},
        {"totalPriceSet": {}},
    ],
)
def test_an_order_that_makes_no_sense_is_unreadable(changes: dict[str, Any]) -> None:
    with pytest.raises(PayloadUnreadable):
        read(**changes)


@pytest.mark.parametrize(
    "changes",
    [{"updatedAt": 5}, {"lineItems": []}, {"fulfillments": {"a": 1}}, {"email": {}}, {"totalPriceSet": None}],
)
def test_an_answer_of_another_shape_is_asked_for_again(changes: dict[str, Any]) -> None:
    with pytest.raises(PlatformDown):
        read(**changes)
