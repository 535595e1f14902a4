"""Every page of the purchase, and whether the chat stands on it, as our WordPress plugin tells it."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.woocommerce.api import Shop
from adapters.woocommerce.bodies import PluginStatus
from adapters.woocommerce.plugin_link import ask_plugin, find_wp_admin, is_connected
from plugin.contract import AdapterError, Step, Store, Surface, SurfaceState, Words

UPLOAD = "plugin-install.php?tab=upload"
OUR_SCREEN = "admin.php?page=mostrador"
PAGE_SETTINGS = "admin.php?page=wc-settings&tab=advanced"
ON_THE_CHECKOUT = frozenset({Step.contact, Step.shipping, Step.payment, Step.review})
"""What WooCommerce asks on one page, the checkout: the chat there stands for them all."""
NEEDS_CHECKOUT = ON_THE_CHECKOUT | {Step.checkout, Step.order_pay, Step.thank_you}
INSTALL = Words(
    "Install the Mostrador plugin in WordPress: Plugins > Add New > Upload Plugin, choose the file mostrador.zip, "
    "press Install Now, then Activate. Whoever runs your Mostrador has the file."
)


def list_surfaces(shop: Shop | None, store: Store) -> tuple[Surface, ...]:
    """Each `Step` once. A shop that does not answer is told so, page by page: this is a report, it never raises."""
    if shop is None:
        return ask_for(store, INSTALL, UPLOAD)
    try:
        status = ask_plugin(shop)
    except AdapterError as error:
        return ask_for(
            store,
            Words("The shop did not tell whether the chat is on this page. {reason}", reason=error.words),
            "",
        )
    if status is None:
        return ask_for(store, INSTALL, UPLOAD)
    if not is_connected(status, store):
        words = Words(
            "The Mostrador plugin is installed but not connected to this store. Open WooCommerce > Mostrador in "
            "WordPress and press Connect."
        )
        return ask_for(store, words, OUR_SCREEN)
    return tuple(describe_step(step, status, store) for step in Step)


def ask_for(store: Store, words: str, screen: str) -> tuple[Surface, ...]:
    """The same step left on every page."""
    url = find_wp_admin(store, screen) if screen else ""
    return tuple(Surface(step=step, state=SurfaceState.needs_step, words=words, url=url) for step in Step)


def describe_step(step: Step, status: PluginStatus, store: Store) -> Surface:
    pages: Mapping[str, object] = status.pages if isinstance(status.pages, Mapping) else {}
    found = pages.get(step.value, pages.get("checkout") if step in ON_THE_CHECKOUT else None)
    if is_without_page(step, status):
        return missing_page(step, store)
    if found is True:
        return Surface(step=step, state=SurfaceState.live)
    if found is False:
        words = Words("The chat is switched off on this page. Open WooCommerce > Mostrador and switch it on.")
        return Surface(
            step=step, state=SurfaceState.needs_step, words=words, url=find_wp_admin(store, OUR_SCREEN)
        )
    return missing_page(step, store)


def is_without_page(step: Step, status: PluginStatus) -> bool:
    return (step is Step.cart and status.cart == "none") or (step in NEEDS_CHECKOUT and status.checkout == "none")


def missing_page(step: Step, store: Store) -> Surface:
    """The shop has no such page: on a checkout made elsewhere nothing of ours can stand."""
    if step in (Step.home, Step.catalogue, Step.product):
        words = Words("The shop has no such page. Once it has one, the chat stands on it by itself.")
        return Surface(step=step, state=SurfaceState.not_possible, words=words)
    words = Words(
        "WooCommerce has no page for this step, or it holds neither WooCommerce's block nor its shortcode. Choose the "
        "page under WooCommerce > Settings > Advanced."
    )
    return Surface(
        step=step, state=SurfaceState.needs_step, words=words, url=find_wp_admin(store, PAGE_SETTINGS)
    )
