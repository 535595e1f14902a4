"""Shopify behind the contract's door.

Start with `webhooks` (what a delivery means) and `orders` (what an answer means); `client` is the only way to a shop,
`tokens` the only place that shows our secret, `proof` says who stands there, `pages` what Shopify frames of us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.shopify import acting, doctor, facts, hooks, install, pages, parcel_entry, surfaces, webhooks
from adapters.shopify import proof as proofs
from adapters.shopify.api import Shop
from adapters.shopify.mapping import PLATFORM_MAILS
from adapters.shopify.policies import list_own_parts, list_sections
from adapters.shopify.settings import SETTINGS, App, list_faults, read_identity
from adapters.shopify.webhooks import sign
from plugin.contract import (
    Clock,
    Coupon,
    Event,
    Finding,
    Form,
    Handshake,
    HomeSection,
    HookRequest,
    Http,
    InstallReport,
    Merchant,
    Notice,
    Order,
    Page,
    Proof,
    Redirect,
    Shipment,
    Store,
    StoreAccess,
    StoreAdapter,
    Surface,
    TrackingLink,
    Urls,
    Visitor,
    WebhookDelivery,
    WebRequest,
)

__all__ = ["ShopifyAdapter", "sign"]


class ShopifyAdapter(StoreAdapter):
    """A shop at Shopify (Admin API 2026-10), through an operator's public app or a merchant's own one.

    Credentials: those of `tokens.TokenSet.credentials`. A store's domain is ``<name>.myshopify.com``.
    """

    name = "shopify"
    label = "Shopify"
    app_hooks = True
    erase_after = timedelta(days=30)
    # Where the admin's Files lie: https://shopify.dev/docs/api/admin-graphql/latest/objects/MediaImage (2026-11-22)
    picture_hosts = ("cdn.shopify.com",)
    capabilities = hooks.CAPABILITIES
    settings = SETTINGS
    catalogues = str(Path(__file__).parent / "locales")

    def __init__(self, settings: Mapping[str, str], http: Http, clock: Clock) -> None:
        super().__init__(settings, http, clock)
        self.identity = read_identity(settings)
        self.asks_address = self.identity.asks_address

    def sections(self, store: Store, base_url: str) -> Sequence[HomeSection]:
        own = () if self.identity.is_public else list_own_parts(store, self.identity)
        return (*own, *list_sections(store, base_url))

    def list_faults(self) -> Sequence[str]:
        return list_faults(self.identity)

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Redirect | Form:
        return install.begin_install(self.identity, request, urls, state)

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        return install.finish_install(self.identity, self.http, self.clock, callback)

    def refresh_access(self, store: Store) -> StoreAccess:
        return install.refresh_access(self.identity, self.http, self.clock, store)

    def exchange_access(self, merchant_proof: Proof) -> StoreAccess:
        return install.exchange_access(self.identity, self.http, self.clock, merchant_proof)

    def list_staff(self, store: Store) -> Sequence[Merchant]:
        return facts.list_staff(self._shop(store))

    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        return hooks.set_up(self._shop(store), store, urls)

    def tear_down(self, store: Store) -> None:
        hooks.tear_down(self._shop(store), store)

    def mend_webhooks(self, store: Store, urls: Urls) -> int:
        return hooks.mend_webhooks(self._shop(store), store, urls)

    def examine(self, store: Store, urls: Urls) -> Sequence[Finding]:
        return doctor.examine(self._shop(store), store, urls)

    def surfaces(self, store: Store) -> Sequence[Surface]:
        return surfaces.list_surfaces(self._shop(store), store, self.identity)

    def platform_mails(self, store: Store) -> frozenset[Notice]:
        return PLATFORM_MAILS

    def read_webhook(self, request: HookRequest) -> WebhookDelivery | Handshake:
        return webhooks.read_webhook(request)

    def verify_webhook(self, delivery: WebhookDelivery, store: Store | None) -> None:
        webhooks.verify_webhook(delivery, store, self.identity)

    def parse_webhook(self, delivery: WebhookDelivery) -> Sequence[Event]:
        return webhooks.parse_webhook(delivery)

    def read_proof(self, token: str) -> Proof:
        return proofs.read_proof(token)

    def verify_proof(self, proof: Proof, store: Store) -> Visitor | Merchant | TrackingLink:
        return proofs.verify_proof(proof, store, self.identity, self.clock.now())

    def pages(self) -> Sequence[Page]:
        return pages.list_pages(App(self.identity, self.http, self.clock))

    def get_order(self, store: Store, external_id: str) -> Order:
        return self._shop(store).get_order(external_id)

    def find_order(self, store: Store, number: str) -> Order | None:
        return self._shop(store).find_order(number)

    def changed_orders(self, store: Store, since: datetime) -> Iterable[Order]:
        return self._shop(store).list_changed(since)

    def check_orders(self, store: Store, external_ids: Sequence[str]) -> Iterable[Order]:
        return self._shop(store).check_orders(external_ids)

    def add_shipment(self, store: Store, order_external_id: str, shipment: Shipment) -> Shipment:
        return parcel_entry.add_shipment(self._shop(store), order_external_id, shipment)

    def issue_coupon(self, store: Store, coupon: Coupon) -> Coupon:
        return acting.issue_coupon(self._shop(store), store, coupon, self.clock.now())

    def add_order_note(
        self, store: Store, order_external_id: str, text: str, *, tell_shopper: bool = False
    ) -> None:
        acting.add_order_note(self._shop(store), order_external_id, text, tell_shopper=tell_shopper)

    def cancel_order(self, store: Store, order_external_id: str, reason: str) -> None:
        acting.cancel_order(self._shop(store), order_external_id, reason)

    def store_facts(self, store: Store) -> Mapping[str, Any]:
        return facts.read_facts(self._shop(store))

    def _shop(self, store: Store) -> Shop:
        return Shop(self.http, self.identity, store, self.clock)
