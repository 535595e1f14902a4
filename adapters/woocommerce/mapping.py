"""WooCommerce's words and ours, one table per platform word. A word that is in no table is *unknown*.

Statuses: https://woocommerce.com/document/managing-orders/order-statuses/ (2026-11-21), and observed on
WooCommerce 10.5.2 (slugs come without the prefix ``wc-``).
"""

from __future__ import annotations

from plugin.contract import Notice, OrderStatus, PaymentStatus

ORDER_STATUS = {
    "auto-draft": OrderStatus.draft,
    "checkout-draft": OrderStatus.draft,
    "pending": OrderStatus.pending,
    "on-hold": OrderStatus.on_hold,
    "processing": OrderStatus.processing,
    "completed": OrderStatus.completed,
    "cancelled": OrderStatus.cancelled,
    "refunded": OrderStatus.refunded,
    "failed": OrderStatus.failed,
}
"""`auto-draft`: begun by hand in the back office. `checkout-draft`: a checkout in progress."""

GONE_STATUS = frozenset({"trash"})
"""In the bin. A delivery built after the order was binned carries this status and the time of it."""

DISPATCHED_STATUS = frozenset({"completed", "shipped", "delivered"})
"""Everything has left. Core has no word for it: `completed` means "fulfilled and complete" by convention.

`shipped` and `delivered` are added by shipment plugins (read in the public sources of Advanced Shipment
Tracking and ParcelPanel, 2026-11-21); their `partial-shipped` is not here, as some of the order is still
with the shop.
"""

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

LOCALE_KEYS = ("wpml_language", "weglot_language", "trp_language", "_locale")
"""Order meta in which translation plugins (WPML, Weglot, TranslatePress, ...) note the language."""

KNOWN_META = frozenset({FULFILLMENT_STATUS_KEY, TRACKING_ITEMS_KEY, *LOCALE_KEYS})
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

PLATFORM_MAILS = frozenset(
    {
        Notice.order_received,
        Notice.preparing,
        Notice.payment_received,
        Notice.on_hold,
        Notice.payment_failed,
        Notice.shipped,
        Notice.refunded,
        Notice.partly_refunded,
    }
)
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
