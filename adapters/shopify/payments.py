"""How shoppers pay in the shop: the ways that its orders were paid lately, and the wallets that its checkout supports.

Shopify has no list of a shop's ways to pay. It tells the wallets (``PaymentSettings.supportedDigitalWallets``) and, of
each order, by which gateways it was paid (``Order.paymentGatewayNames``): Shopify's own word for its gateways, and what
the merchant typed for a manual way. Source: the schema of Admin API 2026-10, read 2026-11-22.

Where the details of a payment are typed (``typed``, ``by``, see `StoreAdapter.store_facts`) is told of the gateways
that leave no doubt: with Shopify Payments in Shopify's own checkout, with Mercado Pago on its page, to which the
checkout leads (https://shopify.dev/docs/apps/payments/implementation/process-a-payment/credit-card,
https://www.mercadopago.com.mx/developers/pt/support/35671, 2026-11-23).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from adapters.shopify.bodies import PaidOrderBody, PaidOrdersBody, read_shape
from adapters.shopify.values import clean_text, read_optional_time
from plugin.contract import NotFound, PlatformRefused

if TYPE_CHECKING:
    from adapters.shopify.api import Shop

LATELY = timedelta(days=30)
MOST_WAYS = 30
ONLINE_STORE = "web"
"""``Order.sourceName`` of what was bought in the online store: not at a till, by a draft or through another market."""
OUTSIDE_WORD = re.compile(r"[\W_]+")
HANDLE = re.compile(r"[a-z0-9]+(?:[_-]+[a-z0-9]+)+", re.ASCII)
"""Shopify's or an app's inner word for a gateway, which no shopper knows: ``klarna_pay_later``."""
WALLETS = {
    "AMAZON_PAY": "Amazon Pay",
    "ANDROID_PAY": "Google Pay",
    "APPLE_PAY": "Apple Pay",
    "FACEBOOK_PAY": "Meta Pay",
    "GOOGLE_PAY": "Google Pay",
    "SHOPIFY_PAY": "Shop Pay",
}
CARD = {
    "id": "card",
    "label": {"es": "Tarjeta de crédito o débito", "en": "Credit or debit card", "pt": "Cartão de crédito ou débito"},
    "typed": "form",
    "by": "Shopify",
}
ON_DELIVERY = {
    "id": "cash_on_delivery",
    "label": {"es": "Pago contra entrega", "en": "Cash on delivery", "pt": "Pagamento na entrega"},
}
BANK_DEPOSIT = {
    "id": "bank_deposit",
    "label": {"es": "Depósito bancario", "en": "Bank deposit", "pt": "Depósito bancário"},
}
MONEY_ORDER = {"id": "money_order", "label": {"es": "Giro postal", "en": "Money order", "pt": "Vale postal"}}
PAYPAL = {"id": "paypal", "title": "PayPal", "typed": "account", "by": "PayPal"}
KNOWN: dict[str, dict[str, Any]] = {
    "shopify_payments": CARD,
    "paypal": PAYPAL,
    "paypal_express_checkout": PAYPAL,
    "mercado_pago": {"id": "mercado_pago", "title": "Mercado Pago", "typed": "account", "by": "Mercado Pago"},
    "amazon_payments": {"id": "amazon_pay", "title": "Amazon Pay"},
    "cash_on_delivery_cod": ON_DELIVERY,
    "cash_on_delivery": ON_DELIVERY,
    "bank_deposit": BANK_DEPOSIT,
    "money_order": MONEY_ORDER,
}
"""Gateways by their name in lower case with ``_`` between words; the manual ways are those that Shopify proposes."""
NO_WAY = frozenset(
    {"", "bogus", "cash", "custom", "exchange_credit", "external", "free", "gift_card", "manual", "other",
     "shopify_store_credit", "store_credit"}
)  # fmt: skip
"""Names that tell a shopper no way to pay: tests, tills, what was marked as paid by hand, and credit with the shop."""


def list_payment_methods(shop: Shop, wallets: Sequence[str]) -> list[dict[str, Any]]:
    """``[{"id", "title"} or {"id", "label": {"es", "en", "pt"}}]``, some with ``typed`` and ``by``: gateways, then
    `wallets` (words of the enum ``DigitalWallet``); nothing when no order tells a gateway, for wallets alone would read
    as if that were all. Raises the contract's errors."""
    rows = [row for name in list_gateways(shop) if (row := describe_gateway(name)) is not None]
    if not rows:
        return []
    rows += [{"id": fold(title), "title": title} for word in wallets if (title := WALLETS.get(word, ""))]
    methods: dict[str, dict[str, Any]] = {}
    for row in rows:
        methods.setdefault(row["id"], row)
    return list(methods.values())[:MOST_WAYS]


def list_gateways(shop: Shop) -> list[str]:
    """The gateways of the newest orders by name, known ones first; [] when we may see no orders."""
    since = shop.clock.now().astimezone(UTC) - LATELY
    query = f"created_at:>='{since:%Y-%m-%dT%H:%M:%SZ}' AND test:false"
    try:
        rows = shop.run("recent_payments", {"query": query}).get("orders")
    except (NotFound, PlatformRefused):
        return []
    orders = read_shape(rows, PaidOrdersBody, "list of orders").nodes
    names = {name for order in orders if is_meant(order, since) for name in order.payment_gateway_names or ()}
    places = {name: place for place, name in enumerate(KNOWN)}
    return sorted(names, key=lambda name: (places.get(fold(name), len(places)), fold(name), name))


def is_meant(order: PaidOrderBody, since: datetime) -> bool:
    """Whether a shopper bought it in the online store lately; a search brings more than what is meant."""
    bought_at = read_optional_time(order.created_at, "order's createdAt")
    stands = not order.test and order.cancelled_at is None and order.source_name == ONLINE_STORE
    return stands and bought_at is not None and bought_at >= since


def describe_gateway(name: str) -> dict[str, Any] | None:
    """One way to pay as shoppers read it; None when the name tells them none."""
    word = fold(name)
    if word in KNOWN:
        return KNOWN[word]
    title = clean_text(name)
    if word in NO_WAY or "bogus" in word or HANDLE.fullmatch(title):
        return None
    return {"id": word, "title": title}


def fold(name: str) -> str:
    """``cash_on_delivery_cod`` of ``Cash on Delivery (COD)``."""
    return OUTSIDE_WORD.sub("_", clean_text(name).casefold()).strip("_")
