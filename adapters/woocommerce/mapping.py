"""WooCommerce's words and ours, one table per platform word. A word that is in no table is *unknown*.

Statuses: https://woocommerce.com/document/managing-orders/order-statuses/ (2026-11-21), and observed on
WooCommerce 10.5.2 (slugs come without the prefix ``wc-``).
"""

from __future__ import annotations

from plugin.contract import Notice, OrderStatus, PaymentStatus, ShipmentStatus

ORDER_STATUS = {
    "auto-draft": OrderStatus.draft,
    "checkout-draft": OrderStatus.draft,
    "pending": OrderStatus.pending,
    "on-hold": OrderStatus.on_hold,
    "processing": OrderStatus.processing,
    "completed": OrderStatus.completed,
    "shipped": OrderStatus.completed,
    "delivered": OrderStatus.completed,
    "cancelled": OrderStatus.cancelled,
    "refunded": OrderStatus.refunded,
    "failed": OrderStatus.failed,
}
"""`auto-draft`: begun by hand in the back office. `checkout-draft`: a checkout in progress. `shipped` and
`delivered` are a shipment plugin's words for a finished order (see `DISPATCHED_STATUS`)."""

CORE_STATUS = frozenset(ORDER_STATUS)
"""The slugs we understand without the merchant's help."""

GONE_STATUS = frozenset({"trash"})
"""In the bin. A delivery built after the order was binned carries this status and the time of it."""

DISPATCHED_STATUS = frozenset({"completed", "shipped", "delivered"})
"""Everything has left. Core has no word for it: `completed` means "fulfilled and complete" by convention.

`shipped` and `delivered` are added by shipment plugins (read in the public sources of Advanced Shipment
Tracking and ParcelPanel, 2026-11-21); their `partial-shipped` is not here, as some of the order is still
with the shop.
"""

WHEREABOUTS_STATUS = {"delivered": ShipmentStatus.delivered}
"""Statuses that say where everything is, and not only that it has left."""

PAY_ON_DELIVERY = frozenset({"cod"})
"""Core's gateway id: https://woocommerce.com/document/cash-on-delivery/ (2026-11-21)."""

PAY_LATER = frozenset({"", "bacs", "cheque"})
"""Ways of paying in which *on hold* means that the money has not come: bank transfer, cheque, or none
chosen yet.

With a card gateway *on hold* may as well be an authorised charge, so there the payment is unknown.
https://woocommerce.com/document/bacs/ and https://woocommerce.com/document/cheque/ (2026-11-21)
"""

UNPAID_STATUS = {
    "failed": PaymentStatus.failed,
    "pending": PaymentStatus.unpaid,
    "cancelled": PaymentStatus.unpaid,
    "checkout-draft": PaymentStatus.unpaid,
    "auto-draft": PaymentStatus.unpaid,
}
"""What no payment date means, where the order's status says so."""

PICKED_UP = frozenset({"local_pickup", "pickup_location", "local_pickup_plus", "legacy_local_pickup"})
"""Shipping methods which ship nothing: the classic one, the block checkout's, and the paid extension's.

https://woocommerce.com/document/woocommerce-blocks-local-pickup/ (2026-11-21)
"""

FULFILLMENT_STATUS_KEY = "_fulfillment_status"
FULFILLED = "fulfilled"
FULFILLMENTS_WITH_PARCELS = frozenset({"fulfilled", "partially_fulfilled"})
"""Order meta of core's fulfillments (WooCommerce 10.1 and later): only this word, never a number."""

TRACKING_ITEMS_KEY = "_wc_shipment_tracking_items"
"""Order meta shared by Shipment Tracking and Advanced Shipment Tracking.

https://woocommerce.com/document/shipment-tracking/ (2026-11-21)
"""

LEFT_KEY = "_mostrador_left"
"""Order meta of our WordPress plugin: ids of core's mails about this order which it left to us."""

TRACKSHIP_KEY = "shipment_status"
LABEL_KEYS = ("wcshipping_labels", "wc_connect_labels")
AFTERSHIP_KEY = "_aftership_tracking_items"
NUMBER_KEYS = ("_aftership_tracking_number", "ywot_tracking_code", "_tracking_number", "tracking_number")
"""Order meta of other shipment plugins: TrackShip's states, WooCommerce Shipping's labels (a list, or JSON
in a string), AfterShip's list, and keys that hold one bare number (AfterShip, YITH, and hand-written ones).

Sources: the plugins' public code and documentation, as listed in our facts (2026-11-21).
"""

TRACKSHIP_STATUS = {
    "pre_transit": ShipmentStatus.label_created,
    "in_transit": ShipmentStatus.in_transit,
    "out_for_delivery": ShipmentStatus.out_for_delivery,
    "available_for_pickup": ShipmentStatus.ready_for_pickup,
    "failure": ShipmentStatus.attempted,
    "delivered": ShipmentStatus.delivered,
    "return_to_sender": ShipmentStatus.returned,
}
"""TrackShip's states of a parcel; `exception` and `on_hold` say nothing a shopper can use.

https://docs.trackship.com/ (2026-11-21)
"""

SHIPTASTIC_STATUS = {
    "draft": ShipmentStatus.label_created,
    "processing": ShipmentStatus.label_created,
    "ready-for-shipping": ShipmentStatus.label_created,
    "shipped": ShipmentStatus.in_transit,
    "delivered": ShipmentStatus.delivered,
}
"""States of a shipment in Shiptastic (the former Germanized Shipments), read in its public source."""

LOCALE_KEYS = ("wpml_language", "weglot_language", "trp_language", "_locale")
"""Order meta in which translation plugins (WPML, Weglot, TranslatePress, ...) note the language."""

PARCEL_KEYS = (TRACKING_ITEMS_KEY, *LABEL_KEYS, AFTERSHIP_KEY, *NUMBER_KEYS)
"""Order meta that names parcels, the most trusted first."""

KNOWN_META = frozenset({FULFILLMENT_STATUS_KEY, TRACKSHIP_KEY, LEFT_KEY, *PARCEL_KEYS, *LOCALE_KEYS})
"""The only order meta ever read; all else (such as `_debug_log_source_pending_deletion`) changes nothing."""

ACCESS_BROKEN_CODES = frozenset({"woocommerce_rest_cannot_view", "woocommerce_rest_authentication_error"})
"""Signed error bodies which say that the webhook's owner may no longer see orders (recorded)."""

ORDER_ACTIONS = frozenset(
    {
        "woocommerce_new_order",
        "woocommerce_update_order",
        "woocommerce_payment_complete",
        "woocommerce_thankyou",
        "woocommerce_checkout_order_processed",
        "woocommerce_order_refunded",
        "woocommerce_order_fully_refunded",
        "woocommerce_order_partially_refunded",
        "woocommerce_order_edit_status",
        "woocommerce_restore_order",
        "woocommerce_trash_order",
        "woocommerce_untrash_order",
    }
)
ORDER_ACTION_PREFIXES = ("woocommerce_order_status_", "woocommerce_fulfillment_")
"""Custom topics whose first argument is an order's id; elsewhere a bare number may be a product or a refund.

https://woocommerce.github.io/code-reference/hooks/hooks.html (2026-11-21); recorded: `..._status_changed`.
"""

MAIL_NOTICES = {
    "customer_processing_order": frozenset(
        {Notice.order_received, Notice.preparing, Notice.payment_received}
    ),
    "customer_on_hold_order": frozenset({Notice.order_received, Notice.on_hold}),
    "customer_completed_order": frozenset({Notice.shipped}),
    "customer_refunded_order": frozenset({Notice.refunded}),
    "customer_partially_refunded_order": frozenset({Notice.partly_refunded}),
    "customer_failed_order": frozenset({Notice.payment_failed}),
    "customer_fulfillment_created": frozenset({Notice.shipped}),
}
"""Core's mails to shoppers by id, and what each tells."""

PLATFORM_MAILS = frozenset().union(*MAIL_NOTICES.values())
"""What a shop of default settings mails to shoppers, so that we do not say it twice.

- *order_received*, *preparing*, *payment_received*: the mail of ``processing`` ("has been received"), which
  a shop sends when an order is paid or, for pay on delivery, placed; one moment, one mail.
- *on_hold*: the mail of ``on-hold``, with the bank's details for a transfer.
- *shipped*: the mail of ``completed`` ("is on its way" or "is now complete"). It carries no tracking number
  by itself, but the shipment plugins put theirs into it.
- *refunded*, *partly_refunded*: sent at each refund (observed).
- *payment_failed*: the mail of ``failed``, switched on by default.

Not here: *cancelled* (the shopper's mail exists since 2025 but is switched off by default),
*payment_pending* and everything a carrier knows. Observed on 10.5.2, and read in core's
`class-wc-email-customer-*-order.php` (https://woocommerce.github.io/code-reference/, 2026-11-21).
"""


def read_slug(status: str) -> str:
    """A status slug without the prefix which some plugins leave on it."""
    return status.strip().lower().removeprefix("wc-")
