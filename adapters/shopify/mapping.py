"""Shopify's words and ours, one table per platform word. A word that is in no table is *unknown*.

Enums of Admin API 2026-10: https://shopify.dev/docs/api/admin-graphql/2026-10/enums/OrderDisplayFinancialStatus,
``OrderDisplayFulfillmentStatus``, ``FulfillmentDisplayStatus``, ``FulfillmentEventStatus``, ``FulfillmentStatus``
(read 2026-11-21).
"""

from __future__ import annotations

from plugin.contract import Notice, OrderStatus, PaymentStatus, ShipmentStatus

PAYMENT_STATUS = {
    "AUTHORIZED": PaymentStatus.authorized,
    "EXPIRED": PaymentStatus.failed,
    "PAID": PaymentStatus.paid,
    "PARTIALLY_REFUNDED": PaymentStatus.partly_refunded,
    "PENDING": PaymentStatus.unpaid,
    "REFUNDED": PaymentStatus.refunded,
    "VOIDED": PaymentStatus.unpaid,
}
"""`PARTIALLY_PAID` is left out: some of the money is there and some is not, and no word of ours says so."""

NOT_YET_COLLECTED = frozenset({"PENDING", "AUTHORIZED", "PARTIALLY_PAID", "EXPIRED"})
"""With a payment at the door, none of these says that anything went wrong or was paid."""

ORDER_STATUS = {
    "PENDING": OrderStatus.pending,
    "AUTHORIZED": OrderStatus.processing,
    "PAID": OrderStatus.processing,
    "PARTIALLY_PAID": OrderStatus.processing,
    "PARTIALLY_REFUNDED": OrderStatus.processing,
    "REFUNDED": OrderStatus.refunded,
    "EXPIRED": OrderStatus.pending,
}
"""Where an order stands by its money, while not everything of it has left. `VOIDED` without a cancellation is left
out: Shopify does not say whether the merchant still means to send it."""

FULFILLED = "FULFILLED"
KNOWN_FULFILLMENT = frozenset(
    {
        "FULFILLED",
        "FULFILLMENT_NOT_REQUIRED",
        "IN_PROGRESS",
        "ON_HOLD",
        "OPEN",
        "PARTIALLY_FULFILLED",
        "PENDING_FULFILLMENT",
        "REQUEST_DECLINED",
        "RESTOCKED",
        "SCHEDULED",
        "UNFULFILLED",
    }
)
"""`ON_HOLD` says nothing to a shopper: apps that offer something after the purchase hold every order for an hour."""

PAY_ON_DELIVERY = (
    "cash on delivery",
    "cash_on_delivery",
    "(cod)",
    "contra entrega",
    "contraentrega",
    "contra reembolso",
    "contrareembolso",
    "pago al recibir",
    "pago en la entrega",
    "pagamento na entrega",
)
"""Parts of the names of manual payments that are made at the door, in lower case. Shopify names its own
``Cash on Delivery (COD)`` and lets merchants call theirs what they like; in an order only this name stands.

https://help.shopify.com/en/manual/payments/manual-payments (2026-11-21)
"""

NO_PARCEL = frozenset({"CANCELLED", "ERROR", "FAILURE"})
"""States of a fulfillment that never left, or was taken back."""

PARCEL_STATUS = {
    "ATTEMPTED_DELIVERY": ShipmentStatus.attempted,
    "CARRIER_PICKED_UP": ShipmentStatus.in_transit,
    "CONFIRMED": ShipmentStatus.label_created,
    "DELAYED": ShipmentStatus.delayed,
    "DELIVERED": ShipmentStatus.delivered,
    "FAILURE": ShipmentStatus.failed,
    "FULFILLED": ShipmentStatus.in_transit,
    "IN_TRANSIT": ShipmentStatus.in_transit,
    "LABEL_PRINTED": ShipmentStatus.label_created,
    "LABEL_PURCHASED": ShipmentStatus.label_created,
    "MARKED_AS_FULFILLED": ShipmentStatus.in_transit,
    "NOT_DELIVERED": ShipmentStatus.failed,
    "OUT_FOR_DELIVERY": ShipmentStatus.out_for_delivery,
    "PICKED_UP": ShipmentStatus.delivered,
    "READY_FOR_PICKUP": ShipmentStatus.ready_for_pickup,
    "SUBMITTED": ShipmentStatus.label_created,
}
"""`FulfillmentDisplayStatus` and `FulfillmentEventStatus` share their words. Left out on purpose: `LABEL_VOIDED` (a
label was taken back; where the parcel is, it does not say) and `CANCELED` (see `NO_PARCEL`).

`CONFIRMED`: the carrier knows of the parcel and has not scanned it yet. `PICKED_UP`: by the shopper, at the shop.
"""

VOIDED_LABEL = "LABEL_VOIDED"
TAKEN_BACK = "CANCELED"
"""Display statuses that tell nothing about where a parcel is."""

SHIPPED_TAG = "mostrador-shipped"
CANCELLED_TAG = "mostrador-cancelled"
TAGS = {SHIPPED_TAG: Notice.shipped, CANCELLED_TAG: Notice.cancelled}
"""What we did ourselves and asked Shopify not to mail about (``notifyCustomer: false``): noted on the order, because
nothing else at Shopify says so, and a shopper must hear it from one of us."""

PLATFORM_MAILS = frozenset(
    {
        Notice.order_received,
        Notice.payment_pending,
        Notice.payment_received,
        Notice.payment_failed,
        Notice.preparing,
        Notice.shipped,
        Notice.out_for_delivery,
        Notice.ready_for_pickup,
        Notice.delivered,
        Notice.cancelled,
        Notice.refunded,
        Notice.partly_refunded,
    }
)
"""What Shopify mails to shoppers by itself, so that we do not say it twice. No API tells which of its mails a merchant
switched off, and none switches them off (searched 2026-11-21): all of them count.

- *order_received*, *preparing*, *payment_pending*, *payment_received*: the order confirmation, which tells how to pay
  where that is still to be done. It goes out once, when the order is placed: a payment that comes later is told by us
  (`orders.read_untold`).
- *payment_failed*: "payment error". *shipped*: shipping confirmation, and shipping update for a number typed later.
- *out_for_delivery*, *delivered*: for parcels with tracking. *ready_for_pickup*: local pickup.
- *cancelled*, *refunded*, *partly_refunded*: unless the merchant unticks it, which nobody can see.

Not here: *on_hold*, *delayed*, *attempted*, *returned*: Shopify has no mail for them.
https://help.shopify.com/en/manual/fulfillment/setup/notifications (2026-11-21)
"""


def is_paid_at_door(gateways: list[str] | None) -> bool:
    """Whether one of an order's payment gateways collects at the door."""
    names = [name.lower() for name in gateways or () if isinstance(name, str)]
    return any(part in name for name in names for part in PAY_ON_DELIVERY)
