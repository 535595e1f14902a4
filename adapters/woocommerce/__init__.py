"""WooCommerce behind the contract's door: the reading half.

Start with `webhooks` (what a delivery means) and `orders` (what a body means); `mapping` holds every
platform word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from adapters.woocommerce import install, webhooks
from adapters.woocommerce.api import Shop
from adapters.woocommerce.mapping import PLATFORM_MAILS
from adapters.woocommerce.webhooks import sign
from plugin.contract import (
    Capability,
    Event,
    Form,
    Handshake,
    HookRequest,
    InstallReport,
    Notice,
    Order,
    Redirect,
    Store,
    StoreAccess,
    StoreAdapter,
    Surface,
    Urls,
    WebhookDelivery,
    WebRequest,
)

__all__ = ["WooCommerceAdapter", "sign"]


class WooCommerceAdapter(StoreAdapter):
    """A WooCommerce shop (observed on 10.5.2), with or without API keys.

    Credentials: ``url`` (https, no slash at the end), ``consumer_key``, ``consumer_secret``; or none at
    all: then deliveries are understood, and every reading call raises `PlatformRefused`.
    """

    name = "woocommerce"
    label = "WooCommerce"
    capabilities = frozenset({Capability.WEBHOOKS, Capability.READ_ORDERS, Capability.BACKFILL})

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Redirect | Form:
        return install.ask_for_keys()

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        return install.connect(self.http, callback)

    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        return install.report(self.http, store, urls)

    def surfaces(self, store: Store) -> Sequence[Surface]:
        return install.list_surfaces(store)

    def platform_mails(self, store: Store) -> frozenset[Notice]:
        return PLATFORM_MAILS

    def read_webhook(self, request: HookRequest) -> WebhookDelivery | Handshake:
        return webhooks.read_webhook(request)

    def verify_webhook(self, delivery: WebhookDelivery, store: Store | None) -> None:
        webhooks.verify_webhook(delivery, store)

    def parse_webhook(self, delivery: WebhookDelivery) -> Sequence[Event]:
        return webhooks.parse_webhook(delivery)

    def get_order(self, store: Store, external_id: str) -> Order:
        return Shop(self.http, store).get_order(external_id)

    def find_order(self, store: Store, number: str) -> Order | None:
        return Shop(self.http, store).find_order(number)

    def changed_orders(self, store: Store, since: datetime) -> Iterable[Order]:
        return Shop(self.http, store).list_changed(since)
