"""Addresses in a merchant's Shopify admin, and the handles of what we install there.

The forms: https://shopify.dev/docs/apps/build/online-store/theme-app-extensions/configuration#deep-linking (app embed:
``activateAppId={client_id}/{file name of the block}``) and
https://shopify.dev/docs/apps/build/customer-accounts/editor-extension-collections/editor-extension-collections-ux-guidelines
(checkout editor), read 2026-11-21. All of them begin with the shop's permanent domain, which leads every one of its
staff to their own admin.
"""

from __future__ import annotations

from urllib.parse import quote

from adapters.shopify.client import check_shop
from adapters.shopify.settings import AppIdentity
from plugin.contract import Step, Store

EMBED = "mostrador-embed"
CHAT = "mostrador-chat"
CHECKOUT = "mostrador-checkout"
ORDER_STATUS = "mostrador-order-status"
HANDLES = (EMBED, CHAT, CHECKOUT, ORDER_STATUS)
CONFIRMED = {EMBED: "own_embed", CHECKOUT: "own_checkout", ORDER_STATUS: "own_order_status"}
"""Where the merchant of an app of their own told us that they switched it on (`Store.kept`): Shopify tells nobody."""

TEMPLATES = {Step.home: "index", Step.catalogue: "collection", Step.product: "product", Step.cart: "cart"}
POLICIES = "settings/legal"
NOTIFICATIONS = "settings/notifications/customer"
ACCOUNTS = "settings/customer_accounts"


def find_admin(store: Store, screen: str) -> str:
    """A screen of the merchant's admin."""
    return f"https://{check_shop(store.domain)}/admin/{screen}"


def find_theme_editor(store: Store, identity: AppIdentity, step: Step) -> str:
    """The theme editor at the page of `step`, with our block ready to be switched on and saved."""
    block = f"{quote(identity.client_id, safe='')}/{EMBED}"
    template = TEMPLATES.get(step, "index")
    return find_admin(store, f"themes/current/editor?context=apps&template={template}&activateAppId={block}")


def find_checkout_editor(store: Store, page: str) -> str:
    """The checkout and accounts editor at ``checkout``, ``thank-you`` or ``order-status``, with its apps open."""
    return find_admin(store, f"settings/checkout/editor?page={page}&context=apps")
