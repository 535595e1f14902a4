"""The demo shop's adapter: the smallest complete one, and the one to read first.

Every method is one hop: `webhooks` (pure) for what the shop delivers, `proof` for who visits, `api` for
what we ask it, `mapping` for its words. The adapter keeps nothing; every call gets the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from adapters.demo import proof as proofs
from adapters.demo import webhooks
from adapters.demo.api import Shop
from adapters.demo.proof import sign_proof
from adapters.demo.webhooks import sign
from plugin.contract import (
    AccessRevoked,
    AdapterError,
    Capability,
    Event,
    Form,
    Handshake,
    HookRequest,
    InstallRejected,
    InstallReport,
    Merchant,
    NotFound,
    Order,
    PlatformRefused,
    Proof,
    Redirect,
    Setting,
    Shipment,
    Step,
    Store,
    StoreAccess,
    StoreAdapter,
    Surface,
    SurfaceState,
    Urls,
    Visitor,
    WebhookDelivery,
    WebRequest,
    Words,
)

__all__ = ["DemoAdapter", "sign", "sign_proof"]

SHOP_URL = Setting(
    key="SHOP_URL", help="Origin of the demo shop to connect, for example http://127.0.0.1:5050."
)

# '' stands for a page which exists only for one order.
_PATHS = {
    Step.home: "/",
    Step.catalogue: "/",
    Step.product: "/",
    Step.cart: "/cart",
    Step.checkout: "/checkout/contact",
    Step.contact: "/checkout/contact",
    Step.shipping: "/checkout/shipping",
    Step.payment: "/checkout/payment",
    Step.review: "/checkout/review",
    Step.order_pay: "",
    Step.thank_you: "",
    Step.order_status: "/order-status",
    Step.account: "/account",
}


class DemoAdapter(StoreAdapter):
    """The demo shop of ``adapters/demo/shop``. A store's credentials are ``{"url", "token"}``."""

    name = "demo"
    label = "Demo shop"
    capabilities = frozenset(
        {
            Capability.WEBHOOKS,
            Capability.READ_ORDERS,
            Capability.BACKFILL,
            Capability.PROOFS,
            Capability.ADD_SHIPMENT,
            Capability.CANCEL_ORDER,
            Capability.ORDER_NOTES,
            Capability.STORE_FACTS,
        }
    )
    settings = (SHOP_URL,)
    catalogues = str(Path(__file__).parent / "locales")

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Redirect | Form:
        """To the shop's page where its merchant agrees. Raises `InstallRejected` without a `SHOP_URL`."""
        query = urlencode({"state": state, "callback": urls.install_callback})
        return Redirect(url=f"{self._shop_url()}/connect?{query}")

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        """Trade the one-time code for the shop's token. Raises `InstallRejected`."""
        code = callback.query.get("code", "")
        if not code:
            raise InstallRejected(Words("The demo shop sent no code: its merchant did not agree."))
        url = self._shop_url()
        try:
            answer = Shop(self.http, url, "").exchange_code(code)
        except AdapterError as error:
            words = Words("The demo shop did not accept the code. {words}", words=error.words)
            raise InstallRejected(words) from error
        if not answer.get("token"):
            raise InstallRejected(Words("The demo shop gave no token."))
        return StoreAccess(
            domain=urlsplit(url).netloc,
            name=answer.get("name", self.label),
            credentials={"url": url, "token": answer["token"]},
            currency=answer.get("currency", ""),
            locale=answer.get("locale", ""),
            time_zone=answer.get("time_zone", "UTC"),
        )

    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        """One call tells the shop everything; a second one changes nothing."""
        loader = urlsplit(urls.widget_loader)
        widget = {
            "loader": urls.widget_loader,
            "store": store.public_id,
            "api": f"{loader.scheme}://{loader.netloc}",
        }
        self._shop(store).connect(urls.webhook, store.webhook_secret, widget)
        return InstallReport(webhooks=1, capabilities=self.capabilities)

    def tear_down(self, store: Store) -> None:
        """The shop forgets us; a shop that no longer lets us in already has."""
        try:
            self._shop(store).disconnect()
        except (AccessRevoked, NotFound):
            return

    def surfaces(self, store: Store) -> Sequence[Surface]:
        """Every step is live: a connected demo shop puts the widget's tag on all its pages."""
        base = f"{store.credentials.get('url', '')}/{(store.locale or 'es')[:2]}"
        return tuple(
            Surface(step=step, state=SurfaceState.live, url=base + path if path else "")
            for step, path in _PATHS.items()
        )

    def read_webhook(self, request: HookRequest) -> WebhookDelivery | Handshake:
        return webhooks.read(request)

    def verify_webhook(self, delivery: WebhookDelivery, store: Store | None) -> None:
        webhooks.verify(delivery, store)

    def parse_webhook(self, delivery: WebhookDelivery) -> Sequence[Event]:
        return webhooks.parse(delivery)

    def read_proof(self, token: str) -> Proof:
        return proofs.read_proof(token)

    def verify_proof(self, proof: Proof, store: Store) -> Visitor | Merchant:
        return proofs.verify_proof(proof, store, self.clock.now())

    def get_order(self, store: Store, external_id: str) -> Order:
        return self._shop(store).get_order(external_id)

    def find_order(self, store: Store, number: str) -> Order | None:
        return self._shop(store).find_order(number)

    def changed_orders(self, store: Store, since: datetime) -> Iterable[Order]:
        return self._shop(store).changed_orders(since)

    def add_shipment(self, store: Store, order_external_id: str, shipment: Shipment) -> Shipment:
        """A parcel with a number the order already has is not made twice."""
        return self._shop(store).ship(order_external_id, shipment)

    def add_order_note(
        self, store: Store, order_external_id: str, text: str, *, tell_shopper: bool = False
    ) -> None:
        """For the shop's staff alone. Raises `PlatformRefused` where the shopper is to be told: this shop cannot."""
        if tell_shopper:
            raise PlatformRefused(Words("The demo shop has no notes for shoppers."))
        self._shop(store).add_note(order_external_id, text)

    def cancel_order(self, store: Store, order_external_id: str, reason: str) -> None:
        """Refused (`PlatformRefused`) once a parcel has left."""
        self._shop(store).cancel(order_external_id, reason)

    def store_facts(self, store: Store) -> Mapping[str, Any]:
        return self._shop(store).facts()

    def _shop(self, store: Store) -> Shop:
        url, token = store.credentials.get("url", ""), store.credentials.get("token", "")
        if not url or not token:
            raise AccessRevoked(Words("This demo shop was never connected."))
        return Shop(self.http, url, token)

    def _shop_url(self) -> str:
        url = self.values.get(SHOP_URL.key, "").rstrip("/")
        if urlsplit(url).scheme not in ("http", "https"):
            raise InstallRejected(Words("Set MOSTRADOR_DEMO_SHOP_URL to the origin of the demo shop."))
        return url
