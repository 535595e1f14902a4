"""Every page of the purchase, and whether the chat stands on it.

What a shop allows comes from its plan and its kind of customer accounts; what is switched on is what App Bridge told
the embedded home last (``store.kept["extensions"]``). A merchant's own app has no such home: there
the merchant tells us at the desk, and the words say so.

Sources, read 2026-11-21: https://shopify.dev/docs/apps/build/checkout/chat (Plus for the checkout, public apps alone),
https://shopify.dev/docs/api/checkout-ui-extensions (thank-you page on all plans but Starter),
https://shopify.dev/docs/api/customer-account-ui-extensions (new customer accounts).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.shopify.api import Shop
from adapters.shopify.facts import ShopFacts
from adapters.shopify.places import (
    ACCOUNTS,
    CHAT,
    CHECKOUT,
    CONFIRMED,
    EMBED,
    ORDER_STATUS,
    POLICIES,
    TEMPLATES,
    find_admin,
    find_checkout_editor,
    find_theme_editor,
)
from adapters.shopify.settings import AppIdentity
from plugin.contract import AdapterError, Step, Store, Surface, SurfaceState, Words

IN_CHECKOUT = frozenset(
    {Step.checkout, Step.contact, Step.shipping, Step.payment, Step.review, Step.order_pay}
)
"""Shopify's checkout is one, whatever is asked in it; an order that is paid later is paid there as well."""
ACTIVE = "active"

SILENT = Words("Shopify did not tell whether the chat can stand on this page. {reason}")
SWITCH_EMBED = Words(
    "Switch the chat on in your theme: the link opens the theme editor with Mostrador under App embeds. Press "
    "Save there."
)
SWITCH_CHECKOUT = Words(
    "Add Mostrador in the checkout editor: the link opens it at this page. Press Save there."
)
CANNOT_SEE = Words(
    "Shopify does not tell your own app whether it is switched on: once it is, confirm it on the store's page at the "
    "desk."
)
AS_YOU_SAID = Words("You told us that it is switched on; Shopify does not tell your own app.")
BOTH = Words("{first} {second}")
ONLY_LINKS = Words(
    "Links to your answers stand here. The chat itself may stand in the checkout only with an app from the App Store."
)
LINKS_NO_CHAT = Words(
    "Links to your answers stand here. The chat is not switched on: add it in the checkout editor."
)
PLUS_ONLY = Words(
    "Shopify lets apps into the checkout on the Plus plan alone; yours is {plan}. What every plan can have is a link "
    "to your help in the policies that Shopify shows at the foot of the checkout: copy our texts into them, then "
    "confirm it."
)
BY_POLICIES = Words(
    "Shopify lets apps into the checkout on the Plus plan alone. A link to your help stands in the policies at its "
    "foot."
)
STARTER = Words("On the Starter plan Shopify shows nothing of apps on this page.")
OLD_ACCOUNTS = Words(
    "Apps can stand on the order status page only with Shopify's new customer accounts. Switch to them in the settings."
)
NOT_ON_ACCOUNT = Words(
    "On the new account pages apps can show no chat. From there shoppers reach the order status page, where we stand."
)


@dataclass(frozen=True)
class Look:
    """One look at a shop: what it allows, and what is switched on."""

    facts: ShopFacts
    store: Store
    identity: AppIdentity
    extensions: Mapping[str, str]

    def is_on(self, handle: str) -> bool:
        return self.extensions.get(handle) == ACTIVE or self.is_said(handle)

    def is_said(self, handle: str) -> bool:
        """Whether only the merchant's word stands for it."""
        said = not self.identity.is_public and bool(self.store.kept.get(CONFIRMED.get(handle, "")))
        return said and self.extensions.get(handle) != ACTIVE

    def stands(self, step: Step, handle: str, words: str = "") -> Surface:
        """It stands there; where that is the merchant's word alone, that is said as well."""
        if self.is_said(handle):
            words = Words(BOTH, first=words, second=AS_YOU_SAID) if words else AS_YOU_SAID
        return Surface(step=step, state=SurfaceState.live, words=words)

    def needs(self, step: Step, words: Words, url: str) -> Surface:
        """Something for the merchant to do; where Shopify does not tell us that it was done, that is said as well."""
        if not self.identity.is_public and not self.extensions:
            words = Words(BOTH, first=words, second=CANNOT_SEE)
        return Surface(step=step, state=SurfaceState.needs_step, words=words, url=url)


def list_surfaces(shop: Shop, store: Store, identity: AppIdentity) -> tuple[Surface, ...]:
    """Each `Step` once. A shop that does not answer is told so, page by page: this is a report, it never raises."""
    try:
        facts = shop.read_facts()
    except AdapterError as error:
        words = Words(SILENT, reason=error.words)
        return tuple(Surface(step=step, state=SurfaceState.needs_step, words=words) for step in Step)
    return describe_surfaces(facts, store, identity)


def describe_surfaces(facts: ShopFacts, store: Store, identity: AppIdentity) -> tuple[Surface, ...]:
    """The same of facts already read. Pure."""
    look = Look(facts, store, identity, read_extensions(store))
    return tuple(describe_step(look, step) for step in Step)


def read_extensions(store: Store) -> Mapping[str, str]:
    """``{"mostrador-embed": "active"}`` as it was last reported, or nothing."""
    try:
        found = json.loads(store.kept.get("extensions", "") or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def describe_step(look: Look, step: Step) -> Surface:
    if step in TEMPLATES:
        return describe_storefront(look, step)
    if step in IN_CHECKOUT:
        return describe_checkout(look, step)
    if step is Step.thank_you:
        return describe_thank_you(look)
    if step is Step.order_status:
        return describe_order_status(look)
    if look.facts.has_new_accounts:
        return Surface(step=step, state=SurfaceState.not_possible, words=NOT_ON_ACCOUNT)
    return describe_storefront(look, step)


def describe_storefront(look: Look, step: Step) -> Surface:
    """Pages of the theme: one block for all of them. Old customer accounts are pages of the theme, too."""
    if look.is_on(EMBED):
        return look.stands(step, EMBED)
    return look.needs(step, SWITCH_EMBED, find_theme_editor(look.store, look.identity, step))


def describe_checkout(look: Look, step: Step) -> Surface:
    if not look.facts.is_plus:
        if look.store.kept.get("policy_links"):
            return Surface(step=step, state=SurfaceState.policy_link, words=BY_POLICIES)
        words = Words(PLUS_ONLY, plan=look.facts.plan_name or "?")
        return Surface(
            step=step, state=SurfaceState.needs_step, words=words, url=find_admin(look.store, POLICIES)
        )
    return describe_extension(look, step, "checkout")


def describe_thank_you(look: Look) -> Surface:
    if "starter" in look.facts.plan_name.lower():
        return Surface(step=Step.thank_you, state=SurfaceState.not_possible, words=STARTER)
    return describe_extension(look, Step.thank_you, "thank-you")


def describe_extension(look: Look, step: Step, page: str) -> Surface:
    """A page on which both the chat and the links may stand: the chat with a public app alone."""
    url = find_checkout_editor(look.store, page)
    if look.identity.is_public and look.is_on(CHAT):
        return Surface(step=step, state=SurfaceState.live)
    if look.is_on(CHECKOUT) and look.identity.is_public:
        return Surface(step=step, state=SurfaceState.live, words=LINKS_NO_CHAT, url=url)
    if look.is_on(CHECKOUT):
        return look.stands(step, CHECKOUT, ONLY_LINKS)
    return look.needs(step, SWITCH_CHECKOUT, url)


def describe_order_status(look: Look) -> Surface:
    if look.is_on(ORDER_STATUS):
        return look.stands(Step.order_status, ORDER_STATUS)
    if not look.facts.has_new_accounts:
        url = find_admin(look.store, ACCOUNTS)
        return Surface(step=Step.order_status, state=SurfaceState.needs_step, words=OLD_ACCOUNTS, url=url)
    return look.needs(Step.order_status, SWITCH_CHECKOUT, find_checkout_editor(look.store, "order-status"))
