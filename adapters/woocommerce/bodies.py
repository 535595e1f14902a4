"""The shapes of everything but orders: what the shop and our WordPress plugin answer about themselves.

Source: https://woocommerce.github.io/woocommerce-rest-api-docs/ and our recordings (2026-11-21). Read as
loosely as `schemas`; what is missing is None or empty, never an error.
"""

from __future__ import annotations

from typing import Any

import msgspec

from adapters.woocommerce.schemas import MetaBody


class CouponBody(msgspec.Struct, gc=False):
    """One entry of ``GET coupons``."""

    id: int | str
    code: str
    discount_type: str = ""
    amount: str | int | float = "0"
    usage_limit: int | None = None
    date_expires_gmt: str | None = None
    email_restrictions: list[Any] | dict[str, Any] | None = None


class StatusBody(msgspec.Struct, gc=False):
    """One entry of ``GET reports/orders/totals``."""

    slug: str = ""
    name: str | None = None


class SettingBody(msgspec.Struct, gc=False):
    """``GET settings/<group>/<id>``."""

    value: Any = None


class MethodSetting(msgspec.Struct, gc=False):
    value: Any = None


class GatewayBody(msgspec.Struct, gc=False):
    """One entry of ``GET payment_gateways``."""

    id: str = ""
    title: str | None = None
    enabled: bool | str | None = None


class ZoneBody(msgspec.Struct, gc=False):
    """One entry of ``GET shipping/zones``; 0 is "everywhere else"."""

    id: int
    name: str | None = None


class ZonePlaceBody(msgspec.Struct, gc=False):
    code: str | None = None
    type: str | None = None


class ZoneMethodBody(msgspec.Struct, gc=False):
    """One entry of ``GET shipping/zones/<id>/methods``."""

    title: str | None = None
    method_id: str | None = None
    enabled: bool | str | None = None
    settings: dict[str, MethodSetting] | list[Any] | None = None


class PluginRow(msgspec.Struct, gc=False):
    plugin: str | None = None
    name: str | None = None


class SiteEnvironment(msgspec.Struct, gc=False):
    version: str | None = None
    wp_version: str | None = None
    home_url: str | None = None
    language: str | None = None


class SiteSettings(msgspec.Struct, gc=False):
    currency: str | None = None
    number_of_decimals: int | str | None = None


class SiteBody(msgspec.Struct, gc=False):
    """``GET system_status?_fields=environment,settings,active_plugins``."""

    environment: SiteEnvironment | None = None
    settings: SiteSettings | None = None
    active_plugins: list[PluginRow] | dict[str, PluginRow] | None = None


class ChangingOrder(msgspec.Struct, gc=False):
    """What is read of an order before something in it is changed."""

    id: int | str
    status: str
    meta_data: list[MetaBody] | dict[str, MetaBody] | None = None
    line_items: list[dict[str, Any]] | dict[str, dict[str, Any]] | None = None


class CronReport(msgspec.Struct, gc=False):
    disabled: bool = False
    last_run_gmt: str | None = None
    overdue: int = 0
    pending: int = 0


class LeaseReport(msgspec.Struct, gc=False):
    fresh: bool = False
    expires_gmt: str | None = None


class PluginStatus(msgspec.Struct, gc=False):
    """What our WordPress plugin says of itself and of the site (``GET wc-mostrador/v1/status``)."""

    version: str = ""
    connected: bool = False
    service: str | None = None
    store: str | None = None
    pages: dict[str, bool] | list[Any] | None = None
    cart: str = ""
    checkout: str = ""
    theme: str = ""
    cron: CronReport | None = None
    time_gmt: str | None = None
    https: bool = True
    permalinks: str = ""
    caching: list[str] | dict[str, str] | None = None
    delays_scripts: bool = False
    mailers: list[str] | dict[str, str] | None = None
    lease: LeaseReport | None = None
    authorization: bool = True
    hooks_failing: int = 0
    privacy_page: str | None = None


class PluginVersion(msgspec.Struct, gc=False):
    version: str = ""


COUPONS = msgspec.json.Decoder(list[CouponBody])
COUPON = msgspec.json.Decoder(CouponBody)
STATUSES = msgspec.json.Decoder(list[StatusBody])
SETTING = msgspec.json.Decoder(SettingBody)
GATEWAYS = msgspec.json.Decoder(list[GatewayBody])
ZONES = msgspec.json.Decoder(list[ZoneBody])
ZONE_PLACES = msgspec.json.Decoder(list[ZonePlaceBody])
ZONE_METHODS = msgspec.json.Decoder(list[ZoneMethodBody])
SITE = msgspec.json.Decoder(SiteBody)
CHANGING_ORDER = msgspec.json.Decoder(ChangingOrder)
PLUGIN_STATUS = msgspec.json.Decoder(PluginStatus)
PLUGIN_VERSION = msgspec.json.Decoder(PluginVersion)
