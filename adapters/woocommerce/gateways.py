"""Who takes the payment, and where its details are typed, by the id of a payment gateway.

Only what holds however the gateway is set up; of a gateway that is not here nothing is said. Left out on purpose: ids
that several plugins share (``payu``), and gateways whose card fields are the shop's own.
"""

from __future__ import annotations

from collections.abc import Mapping

TYPED: Mapping[str, Mapping[str, str]] = {
    # https://woocommerce.com/document/bacs/
    "bacs": {"typed": "bank"},
    # Stripe's Payment Element, whose details never touch the shop's server: https://stripe.com/docs/custom-form,
    # https://github.com/woocommerce/woocommerce-gateway-stripe and https://github.com/Automattic/woocommerce-payments
    # (client/**/payment-processing.js)
    "stripe": {"typed": "form", "by": "Stripe"},
    "woocommerce_payments": {"typed": "form", "by": "Stripe"},
    # https://woocommerce.com/document/woocommerce-paypal-payments/advanced-card-processing ("hosted fields")
    "ppcp-gateway": {"typed": "account", "by": "PayPal"},
    "ppcp-credit-card-gateway": {"typed": "form", "by": "PayPal"},
    "ppcp-card-button-gateway": {"typed": "form", "by": "PayPal"},
    # Core's PayPal Standard "redirects customers to PayPal to enter their payment information":
    # https://github.com/woocommerce/woocommerce (class-wc-gateway-paypal.php)
    "paypal": {"typed": "account", "by": "PayPal"},
    # Hosted fields: https://woocommerce.com/products/braintree/
    "braintree_credit_card": {"typed": "form", "by": "Braintree"},
    # Checkout Pro sends the shopper there: https://www.mercadopago.cl/developers/en/docs/checkout-pro/overview; of the
    # other the card's fields are frames of theirs: https://github.com/mercadopago/cart-woocommerce (card-form.js)
    "woo-mercado-pago-basic": {"typed": "page", "by": "Mercado Pago"},
    "woo-mercado-pago-custom": {"typed": "form", "by": "Mercado Pago"},
    # "works redirecting customers to Redsys": https://github.com/joseconti/woo-redsys-gateway-light
    "redsys": {"typed": "page", "by": "Redsys"},
    # Wompi's own widget: https://github.com/vlipco/woocommerce-wompi-plugin
    "wompi": {"typed": "form", "by": "Wompi"},
}
"""As `StoreAdapter.store_facts` has it. Read 2026-11-23."""
