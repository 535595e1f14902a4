"""The talk with our WordPress plugin, over the shop's own REST API (namespace ``wc-mostrador/v1``).

The namespace begins with ``wc-`` because WooCommerce accepts its API keys only there
(``rest_api_init`` authentication, https://woocommerce.github.io/code-reference/, 2026-11-21). A shop
without the plugin answers `NoRoute`.
"""

from __future__ import annotations

from adapters.woocommerce.api import NoRoute, Shop
from adapters.woocommerce.bodies import PLUGIN_STATUS, PLUGIN_VERSION, PluginStatus
from adapters.woocommerce.proof import derive_secret
from adapters.woocommerce.schemas import decode
from adapters.woocommerce.values import clean_text
from plugin.contract import Store, Urls

ROOT = "wc-mostrador/v1"


def find_service(urls: Urls) -> str:
    """Our own public address, as the plugin keeps it: without a slash at the end."""
    return urls.webhook.partition("/hooks/")[0].rstrip("/")


def connect_plugin(shop: Shop, store: Store, urls: Urls) -> str:
    """Tells the plugin whom it belongs to; the same again changes nothing. Gives its version, '' when the shop
    does not have it. Raises `PlatformRefused` when it was made for another service."""
    told = {
        "service": find_service(urls),
        "store": store.public_id,
        "secret": derive_secret(store),
        "name": store.name or store.domain,
        "locale": (store.locale or "en")[:2],
        "accent": store.accent,
    }
    try:
        answer = shop.send("PUT", "connection", told, root=ROOT)
    except NoRoute:
        return ""
    return clean_text(decode(PLUGIN_VERSION, answer, "plugin's answer").version) or "?"


def forget_plugin(shop: Shop) -> None:
    """The plugin forgets us and gives core its mails back. Raises `NoRoute` without the plugin."""
    shop.send("DELETE", "connection", root=ROOT)


def ask_plugin(shop: Shop) -> PluginStatus | None:
    """What the plugin says of itself, or None when the shop does not have it."""
    try:
        return decode(PLUGIN_STATUS, shop.get("status", root=ROOT), "plugin's status")
    except NoRoute:
        return None


def is_connected(status: PluginStatus | None, store: Store) -> bool:
    return status is not None and status.connected and status.store == store.public_id


def list_words(rows: list[str] | dict[str, str] | None) -> list[str]:
    """A list of names which PHP may have sent as an object."""
    values = rows.values() if isinstance(rows, dict) else rows or ()
    return [text for value in values if (text := clean_text(value))]


def find_wp_admin(store: Store, path: str = "") -> str:
    """The address of a screen in the shop's back office, or '' for a store without a known address."""
    base = store.credentials.get("url") or store.credentials.get("home") or ""
    return f"{base.rstrip('/')}/wp-admin/{path}" if base.startswith(("https://", "http://")) else ""
