"""WooCommerce behind the contract's door.

Start with `webhooks` (what a delivery means) and `orders` (what a body means); `mapping` holds every
platform word, `api` what we ask a shop, `plugin_link` the talk with our WordPress plugin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.woocommerce import (
    acting,
    doctor,
    facts,
    hooks,
    install,
    mails,
    parcel_entry,
    statuses,
    surfaces,
    webhooks,
)
from adapters.woocommerce import proof as proofs
from adapters.woocommerce.api import Shop
from adapters.woocommerce.mapping import PLATFORM_MAILS
from adapters.woocommerce.webhooks import sign
from plugin.contract import (
    Coupon,
    Event,
    Finding,
    Form,
    Handshake,
    HookRequest,
    InstallReport,
    MailLease,
    Merchant,
    Notice,
    Order,
    Proof,
    Redirect,
    Shipment,
    StatusWord,
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

__all__ = ["WooCommerceAdapter", "sign"]


class WooCommerceAdapter(StoreAdapter):
    """A WooCommerce shop (observed on 10.5.2), with or without API keys, with or without our WordPress plugin.

    Credentials: those of `api.Shop`, or none at all: then deliveries are understood, and every reading call
    raises `PlatformRefused`.
    """

    name = "woocommerce"
    label = "WooCommerce"
    asks_address = True
    takes_keys = True
    capabilities = hooks.READING | hooks.WRITING | hooks.WITH_PLUGIN
    catalogues = str(Path(__file__).parent / "locales")

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Redirect | Form:
        return install.begin_install(self.http, request, urls, state)

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        return install.finish_install(self.http, callback, self.clock)

    def read_state(self, callback: WebRequest) -> str:
        return install.read_state(callback)

    def list_staff(self, store: Store) -> Sequence[Merchant]:
        return install.list_staff(self.http, store, self.clock)

    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        if not has_keys(store):
            return hooks.report_without_keys(urls)
        return hooks.set_up(self._shop(store), store, urls)

    def tear_down(self, store: Store) -> None:
        if has_keys(store):
            hooks.tear_down(self._shop(store), store)

    def mend_webhooks(self, store: Store, urls: Urls) -> int:
        return hooks.mend_webhooks(self._shop(store), store, urls) if has_keys(store) else 0

    def examine(self, store: Store, urls: Urls) -> Sequence[Finding]:
        shop = self._shop(store) if has_keys(store) else None
        return doctor.examine(self.http, shop, store, urls, self.clock.now())

    def list_statuses(self, store: Store) -> Sequence[StatusWord]:
        return statuses.list_statuses(self._shop(store))

    def lease_mails(self, store: Store, lease: MailLease | None) -> None:
        mails.lease_mails(self._shop(store), store, lease)

    def surfaces(self, store: Store) -> Sequence[Surface]:
        return surfaces.list_surfaces(self._shop(store) if has_keys(store) else None, store)

    def platform_mails(self, store: Store) -> frozenset[Notice]:
        return mails.list_mails(self._shop(store)) if has_keys(store) else PLATFORM_MAILS

    def read_webhook(self, request: HookRequest) -> WebhookDelivery | Handshake:
        return webhooks.read_webhook(request)

    def verify_webhook(self, delivery: WebhookDelivery, store: Store | None) -> None:
        webhooks.verify_webhook(delivery, store)

    def parse_webhook(self, delivery: WebhookDelivery) -> Sequence[Event]:
        return webhooks.parse_webhook(delivery)

    def read_proof(self, token: str) -> Proof:
        return proofs.read_proof(token)

    def verify_proof(self, proof: Proof, store: Store) -> Visitor | Merchant | TrackingLink:
        return proofs.verify_proof(proof, store, self.clock.now())

    def get_order(self, store: Store, external_id: str) -> Order:
        return self._shop(store).get_order(external_id)

    def find_order(self, store: Store, number: str) -> Order | None:
        return self._shop(store).find_order(number)

    def changed_orders(self, store: Store, since: datetime) -> Iterable[Order]:
        return self._shop(store).list_changed(since)

    def check_orders(self, store: Store, external_ids: Sequence[str]) -> Iterable[Order]:
        return self._shop(store).check_orders(external_ids)

    def add_shipment(self, store: Store, order_external_id: str, shipment: Shipment) -> Shipment:
        shop = self._shop(store)
        return parcel_entry.add_shipment(shop, order_external_id, shipment, self.clock.now())

    def issue_coupon(self, store: Store, coupon: Coupon) -> Coupon:
        return acting.issue_coupon(self._shop(store), store, coupon)

    def add_order_note(
        self, store: Store, order_external_id: str, text: str, *, tell_shopper: bool = False
    ) -> None:
        acting.add_order_note(self._shop(store), order_external_id, text, tell_shopper=tell_shopper)

    def cancel_order(self, store: Store, order_external_id: str, reason: str) -> None:
        acting.cancel_order(self._shop(store), order_external_id, reason)

    def store_facts(self, store: Store) -> Mapping[str, Any]:
        return facts.read_facts(self._shop(store))

    def _shop(self, store: Store) -> Shop:
        return Shop(self.http, store, self.clock)


def has_keys(store: Store) -> bool:
    return bool(store.credentials.get("consumer_key") and store.credentials.get("consumer_secret"))
