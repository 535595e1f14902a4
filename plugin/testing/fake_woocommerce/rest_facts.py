"""What wc/v3 tells of the shop itself: system status, ways to pay, shipping, settings."""

from __future__ import annotations

from typing import Any

from plugin.testing.fake_woocommerce.bodies import SYMBOLS, VERSION, WORDPRESS, write_error
from plugin.testing.fake_woocommerce.nouns import Body
from plugin.testing.fake_woocommerce.rest import Ask, Refused, Reply, Routes
from plugin.testing.fake_woocommerce.shop import GATEWAYS

routes = Routes()


@routes("GET", "wc/v3/system_status")
def read_system(ask: Ask) -> Reply:
    shop = ask.shop
    names = ["analytics", "custom_order_tables", *(["fulfillments"] if shop.manners.fulfillments else [])]
    plugins = [("woocommerce/woocommerce.php", "WooCommerce", VERSION)]
    if shop.plugin.installed:
        plugins.append(("mostrador/mostrador.php", "Mostrador", "1.0.0"))
    if shop.manners.shipment_tracking:
        plugins.append(
            (
                "woocommerce-shipment-tracking/woocommerce-shipment-tracking.php",
                "WooCommerce Shipment Tracking",
                "2.5.0",
            )
        )
    return Reply(
        {
            "environment": {
                "home_url": shop.home,
                "site_url": shop.site_url,
                "version": VERSION,
                "wp_version": WORDPRESS,
                "wp_multisite": False,
                "wp_cron": True,
                "language": shop.language,
                "php_version": "8.2.36",
                "external_object_cache": False,
            },
            "settings": {
                "api_enabled": False,
                "force_ssl": False,
                "currency": shop.currency,
                "currency_symbol": SYMBOLS.get(shop.currency, shop.currency),
                "currency_position": "left",
                "thousand_separator": ".",
                "decimal_separator": ",",
                "number_of_decimals": shop.manners.decimals,
                "HPOS_enabled": True,
                "enabled_features": names,
            },
            "security": {"secure_connection": ask.secure, "hide_errors": True},
            "theme": {"name": "Twenty Twenty-One", "version": "2.3", "is_block_theme": False},
            "active_plugins": [
                {
                    "plugin": path,
                    "name": name,
                    "version": version,
                    "version_latest": version,
                    "url": "",
                    "author_name": "",
                    "author_url": "",
                    "network_activated": False,
                }
                for path, name, version in plugins
            ],
            "pages": [],
        }
    )


@routes("GET", "wc/v3/payment_gateways")
def list_gateways(ask: Ask) -> Reply:
    return Reply(
        [
            {
                "id": name,
                "title": title,
                "description": "",
                "order": place,
                "enabled": True,
                "method_title": title,
                "method_description": "",
                "method_supports": ["products"],
                "settings": {},
            }
            for place, (name, title) in enumerate(GATEWAYS.items())
        ]
    )


@routes("GET", "wc/v3/shipping/zones")
def list_zones(ask: Ask) -> Reply:
    rows = ((1, "Colombia", 0), (0, "Locations not covered by your other zones", 0))
    return Reply([{"id": number, "name": name, "order": place} for number, name, place in rows])


@routes("GET", "wc/v3/shipping/zones/{zone}/methods")
def list_methods(ask: Ask, zone: str) -> Reply:
    if zone != "1":
        return Reply([])
    cost = {"id": "cost", "label": "Cost", "type": "text", "value": "12000", "default": "", "tip": ""}
    return Reply(
        [
            {
                "id": 1,
                "instance_id": 1,
                "title": "Envío nacional",
                "order": 1,
                "enabled": True,
                "method_id": "flat_rate",
                "method_title": "Flat rate",
                "method_description": "",
                "settings": {"cost": cost},
            }
        ]
    )


@routes("GET", "wc/v3/shipping/zones/{zone}/locations")
def list_locations(ask: Ask, zone: str) -> Reply:
    return Reply([{"code": "CO", "type": "country"}] if zone == "1" else [])


@routes("GET", "wc/v3/settings/{group}")
def list_settings(ask: Ask, group: str) -> Reply:
    return Reply([write_setting(ask, group, name) for name in setting_names(ask, group)])


@routes("GET PUT PATCH POST", "wc/v3/settings/{group}/{name}")
def use_setting(ask: Ask, group: str, name: str) -> Reply:
    if name not in setting_names(ask, group):
        raise Refused(write_error("rest_setting_setting_invalid", "Invalid setting.", 404))
    if ask.method != "GET":
        if not group.startswith("email_") or str(ask.body.get("value")) not in ("yes", "no"):
            words = "An invalid setting value was passed."
            raise Refused(write_error("rest_setting_value_invalid", words, 400))
        ask.shop.mails.switches[group.removeprefix("email_")] = str(ask.body["value"])
    return Reply(write_setting(ask, group, name))


def setting_names(ask: Ask, group: str) -> tuple[str, ...]:
    if group == "general":
        return "woocommerce_currency", "woocommerce_enable_coupons"
    if group.removeprefix("email_") in ask.shop.mails.switches and group.startswith("email_"):
        return ("enabled",)
    raise Refused(write_error("rest_setting_setting_group_invalid", "Invalid setting group.", 404))


def write_setting(ask: Ask, group: str, name: str) -> Body:
    values: dict[str, tuple[str, Any]] = {
        "woocommerce_currency": ("select", ask.shop.currency),
        "woocommerce_enable_coupons": ("checkbox", "yes" if ask.shop.manners.coupons else "no"),
        "enabled": ("checkbox", ask.shop.mails.switches.get(group.removeprefix("email_"), "no")),
    }
    kind, value = values[name]
    return {
        "id": name,
        "label": name,
        "description": "",
        "type": kind,
        "default": "yes",
        "value": value,
        "group_id": group,
    }
