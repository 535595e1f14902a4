"""What the help articles and the bot may say about a shop: how it is paid, where it ships and for how much.

Read-only, of the shop's own settings; nothing about a shopper. Sources: the REST documentation of
``payment_gateways``, ``shipping/zones`` and ``system_status``
(https://woocommerce.github.io/woocommerce-rest-api-docs/, 2026-11-21) and our recordings.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from adapters.woocommerce.api import Shop
from adapters.woocommerce.bodies import (
    GATEWAYS,
    SITE,
    ZONE_METHODS,
    ZONE_PLACES,
    ZONES,
    SiteBody,
    ZoneBody,
    ZoneMethodBody,
)
from adapters.woocommerce.gateways import TYPED
from adapters.woocommerce.mapping import PICKED_UP
from adapters.woocommerce.plugin_link import ask_plugin
from adapters.woocommerce.schemas import decode, list_rows
from adapters.woocommerce.values import clean_markup, clean_text, read_amount, read_locale
from plugin.contract import PayloadUnreadable

MOST_ZONES = 20
GATEWAY_FIELDS = {"_fields": "id,title,enabled"}
"""And no more: a payment method's settings hold the shop's secrets."""
MOST_PLACES = 200
MAILERS = {
    "woo-advanced-shipment-tracking": "Advanced Shipment Tracking",
    "advanced-shipment-tracking-pro": "Advanced Shipment Tracking",
    "ast-pro": "Advanced Shipment Tracking",
    "trackship-for-woocommerce": "TrackShip",
    "woocommerce-shipment-tracking": "Shipment Tracking",
    "aftership-woocommerce-tracking": "AfterShip",
    "parcelpanel": "ParcelPanel",
    "woo-orders-tracking": "Orders Tracking",
    "woocommerce-orders-tracking": "Orders Tracking",
    "yith-woocommerce-order-tracking": "YITH Order Tracking",
    "shiptastic-for-woocommerce": "Shiptastic",
    "woocommerce-germanized-shipments": "Shiptastic",
    "woocommerce-shipstation-integration": "ShipStation",
    "sendcloud-shipping": "Sendcloud",
}
"""Plugins that mail shoppers about their parcels, by the folder they are installed in."""
TRANSLATORS = {
    "sitepress-multilingual-cms": "WPML",
    "polylang": "Polylang",
    "polylang-pro": "Polylang",
    "translatepress-multilingual": "TranslatePress",
    "weglot": "Weglot",
}


def read_facts(shop: Shop) -> Mapping[str, Any]:
    """``{"currency", "languages": [..], "translated_by": [..], "tracking_mailers": [..], "https": bool,
    "payment_methods": [{"id", "title"} and of those in `gateways` "typed" and "by"], "shipping_zones": [{"name",
    "places": [..], "methods": [{"title", "price": "12000.00" or "", "pick_up": bool}]}], "privacy_url"}``.

    A price that is a formula, or made by a carrier's extension, is ''; so is the privacy page without our WordPress
    plugin, which tells it. Raises the contract's errors.
    """
    site = read_site(shop)
    language = read_locale(site.environment.language if site.environment else "")
    folders = list_plugins(site)
    gateways = decode(GATEWAYS, shop.get("payment_gateways", GATEWAY_FIELDS), "list of payment methods")
    zones = decode(ZONES, shop.get("shipping/zones"), "list of shipping zones")
    status = ask_plugin(shop)
    return {
        "currency": clean_text(site.settings.currency if site.settings else "").upper(),
        "languages": [language] if language else [],
        "translated_by": sorted({TRANSLATORS[folder] for folder in folders if folder in TRANSLATORS}),
        "tracking_mailers": list_mailers(site),
        "https": is_encrypted(shop, site),
        "payment_methods": [
            {"id": name, "title": clean_markup(row.title) or name} | dict(TYPED.get(name, {}))
            for row in gateways
            if row.enabled is True and (name := clean_text(row.id))
        ],
        "shipping_zones": [read_zone(shop, zone) for zone in zones[:MOST_ZONES]],
        "privacy_url": clean_text(status.privacy_page) if status is not None else "",
    }


def read_site(shop: Shop) -> SiteBody:
    """Language, currency and plugins. A list must be asked for whole (recorded)."""
    fields = "environment,settings,active_plugins"
    return decode(SITE, shop.get("system_status", {"_fields": fields}), "system status")


def is_encrypted(shop: Shop, site: SiteBody) -> bool:
    """Whether we reach the shop over https and it gives its own address so, from which it makes all its links."""
    own = clean_text(site.environment.home_url if site.environment else "")
    return shop.base.startswith("https://") and own.startswith("https://")


def list_plugins(site: SiteBody) -> set[str]:
    """The folders of the active plugins."""
    return {clean_text(row.plugin).partition("/")[0] for row in list_rows(site.active_plugins)}


def list_mailers(site: SiteBody) -> list[str]:
    """Which other plugins of the shop mail about parcels."""
    return sorted({MAILERS[folder] for folder in list_plugins(site) if folder in MAILERS})


def read_zone(shop: Shop, zone: ZoneBody) -> dict[str, Any]:
    methods = decode(ZONE_METHODS, shop.get(f"shipping/zones/{zone.id}/methods"), "list of shipping methods")
    places = (
        decode(ZONE_PLACES, shop.get(f"shipping/zones/{zone.id}/locations"), "list of places") if zone.id else []
    )
    return {
        "name": clean_text(zone.name),
        "places": [code for row in places[:MOST_PLACES] if (code := clean_text(row.code))],
        "methods": [read_method(row) for row in methods if row.enabled is True],
    }


def read_method(row: ZoneMethodBody) -> dict[str, Any]:
    kind = clean_text(row.method_id)
    settings = row.settings if isinstance(row.settings, dict) else {}
    cost = settings.get("cost")
    price = read_price(clean_text(cost.value)) if cost is not None else None
    if kind == "free_shipping":
        price = read_price("0")
    return {
        "title": clean_markup(row.title) or kind,
        "price": "" if price is None else str(price),
        "pick_up": kind in PICKED_UP,
    }

def read_price(text: str) -> Decimal | None:
    """A price somebody typed in the shop's settings, or None for a formula or nothing."""
    try:
        return read_amount(text.strip().replace(",", "."), "price")
    except PayloadUnreadable:
        return None
