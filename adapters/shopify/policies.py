"""Ready texts for the policies that Shopify links at the foot of every checkout, and what else the embedded home shows
a merchant.

No app can write a shop's policies without a scope of its own, and shoppers must be able to trust what their merchant
signed: so these are texts to copy, in the shop's languages, with the address of its help in them.
https://help.shopify.com/en/manual/checkout-settings/refund-privacy-tos (2026-11-21)
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.shopify.hooks import OWN_MAILS
from adapters.shopify.places import (
    CHECKOUT,
    CONFIRMED,
    EMBED,
    NOTIFICATIONS,
    ORDER_STATUS,
    POLICIES,
    find_admin,
    find_checkout_editor,
    find_theme_editor,
)
from adapters.shopify.settings import AppIdentity
from adapters.shopify.surfaces import BOTH, CANNOT_SEE, SWITCH_CHECKOUT, SWITCH_EMBED
from plugin.contract import HomeSection, Step, Store, Words

LANGUAGES = ("es", "en", "pt")
TEXTS = {
    "es": (
        (
            "Política de reembolso (español)",
            "¿Quieres cambiar o devolver algo, o algo no llegó como esperabas? En nuestra ayuda encuentras los pasos y "
            "puedes escribirnos: {address}",
        ),
        (
            "Política de envío (español)",
            "¿Dónde está tu pedido, cuánto tarda y cuánto cuesta el envío? Las respuestas están en nuestra ayuda, y "
            "desde ahí puedes escribirnos: {address}",
        ),
        (
            "Información de contacto (español)",
            "La forma más rápida de hablar con nosotros es nuestra ayuda: {address}",
        ),
    ),
    "en": (
        (
            "Refund policy (English)",
            "Would you like to exchange or return something, or did something arrive other than expected? Our help has "
            "the steps, and you can write to us there: {address}",
        ),
        (
            "Shipping policy (English)",
            "Where is your order, how long does it take and what does shipping cost? Our help has the answers, and you "
            "can write to us there: {address}",
        ),
        ("Contact information (English)", "The quickest way to talk to us is our help: {address}"),
    ),
    "pt": (
        (
            "Política de reembolso (português)",
            "Quer trocar ou devolver alguma coisa, ou algo não chegou como você esperava? Na nossa ajuda estão os "
            "passos e você pode falar com a gente: {address}",
        ),
        (
            "Política de frete (português)",
            "Onde está o seu pedido, quanto tempo leva e quanto custa o frete? As respostas estão na nossa ajuda, e "
            "por lá você pode falar com a gente: {address}",
        ),
        (
            "Informações de contato (português)",
            "O jeito mais rápido de falar com a gente é a nossa ajuda: {address}",
        ),
    ),
}
POLICY_LINKS = "policy_links"
OWN_MAILS_KEY = "own_mails"
TITLE = Words("A link to your help at the foot of the checkout")
STEPS = Words(
    "Shopify shows your policies at the foot of every checkout, on every plan. Copy these texts into them (Settings > "
    "Policies), save, and confirm it here: the help then counts as reachable from the checkout."
)
OPEN_POLICIES = Words("Open the policies in Shopify")
MAILS_TITLE = Words("Shopify's own mails")
OPEN_MAILS = Words("Open the notifications in Shopify")
IN_THEME = Words("The bubble in your theme")
IN_CHECKOUT = Words("Links in your checkout and on the thank-you page")
IN_ACCOUNTS = Words("The order's way on the order status page")
OPEN_THEME = Words("Open the theme editor")
OPEN_CHECKOUT = Words("Open the checkout editor")


def list_sections(store: Store, base_url: str) -> Sequence[HomeSection]:
    """What only Shopify needs on the embedded home. `base_url`: our public address."""
    address = f"{base_url.rstrip('/')}/help/{store.public_id}/"
    return (
        HomeSection(
            key=POLICY_LINKS,
            title=TITLE,
            words=STEPS,
            texts=list_texts(store, address),
            first=len(TEXTS["en"]),
            link=(OPEN_POLICIES, find_admin(store, POLICIES)),
            is_confirmed=bool(store.kept.get(POLICY_LINKS)),
        ),
        HomeSection(
            key=OWN_MAILS_KEY,
            title=MAILS_TITLE,
            words=OWN_MAILS,
            link=(OPEN_MAILS, find_admin(store, NOTIFICATIONS)),
        ),
    )


def list_own_parts(store: Store, identity: AppIdentity) -> Sequence[HomeSection]:
    """What the merchant of an app of their own switches on, and tells us: Shopify tells such an app nothing."""
    parts = (
        (EMBED, IN_THEME, SWITCH_EMBED, OPEN_THEME, find_theme_editor(store, identity, Step.home)),
        (CHECKOUT, IN_CHECKOUT, SWITCH_CHECKOUT, OPEN_CHECKOUT, find_checkout_editor(store, "thank-you")),
        (
            ORDER_STATUS,
            IN_ACCOUNTS,
            SWITCH_CHECKOUT,
            OPEN_CHECKOUT,
            find_checkout_editor(store, "order-status"),
        ),
    )
    return tuple(
        HomeSection(
            key=CONFIRMED[handle], title=title, words=Words(BOTH, first=words, second=CANNOT_SEE),
            link=(open_it, url), is_confirmed=bool(store.kept.get(CONFIRMED[handle])),
        )
        for handle, title, words, open_it, url in parts
    )  # fmt: skip


def list_texts(store: Store, address: str) -> tuple[tuple[str, str], ...]:
    """(which policy, the text to copy), the shop's own language first."""
    own = store.locale.partition("_")[0].lower()
    order = sorted(LANGUAGES, key=lambda language: language != own)
    return tuple(
        (title, text.format(address=address)) for language in order for title, text in TEXTS[language]
    )
