"""A platform that signs every shop's deliveries with one secret of the app, and shops on it that live in memory."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from plugin.agents.ownership import Hand, settle_store
from plugin.app import House, build_house
from plugin.contract import (
    AdapterError,
    Capability,
    CustomerDataRequested,
    CustomerErasureRequested,
    Event,
    Form,
    Handshake,
    HookRequest,
    InstallReport,
    NotFound,
    Order,
    PayloadUnreadable,
    Refetch,
    Setting,
    Store,
    StoreAccess,
    StoreAdapter,
    StoreErasureRequested,
    StoreUninstalled,
    Surface,
    Urls,
    WebhookDelivery,
    WebhookRejected,
    WebRequest,
)
from plugin.database import ALL
from plugin.orders import OrderRow, count_receipts
from plugin.stores import StoreRow, list_stores
from plugin.stores.set_up import promise_set_up
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_settings
from plugin.work import claim, list_promised
from plugin.work.models import Job

SECRET = "the-secret-of-the-app"
SHOP, OTHER = "one.mall.example", "two.mall.example"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INSTALLED = "mall=app_hook_shop:Mall,woocommerce=adapters.woocommerce:WooCommerceAdapter"
ABLE = frozenset({Capability.WEBHOOKS, Capability.READ_ORDERS, Capability.BACKFILL})


def sign(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Mall(StoreAdapter):
    """A delivery's body: ``{"topic": ..., "order": ..., "shop": named by what is signed}``. `orders`: shop → what it
    holds; `asked`: what it was asked for."""

    name = "mall"
    label = "Mall"
    capabilities = ABLE
    app_hooks = True
    settings = (Setting(key="SECRET", help="The app's own secret.", secret=True, default=SECRET),)

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.orders: dict[str, dict[str, Order]] = {}
        self.asked: list[tuple[str, str]] = []
        self.origins: tuple[str, ...] = ()
        self.able = ABLE
        self.pairs = 0
        self.troubles: dict[str, AdapterError] = {}

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Form:
        return Form(fields=())

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        raise NotImplementedError

    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        return InstallReport(capabilities=self.able, origins=self.origins)

    def surfaces(self, store: Store) -> Sequence[Surface]:
        self._meet("surfaces")
        return ()

    def refresh_access(self, store: Store) -> StoreAccess:
        self._meet("refresh")
        return self.grant(store.domain)

    def grant(self, domain: str) -> StoreAccess:
        """An access for an hour."""
        self.pairs += 1
        return StoreAccess(
            domain=domain, name="Shop", credentials={"token": f"t{self.pairs}"}, expires_at=self.clock.now() + HOUR
        )

    def _meet(self, call: str) -> None:
        if call in self.troubles:
            raise self.troubles[call]

    def read_webhook(self, request: HookRequest) -> WebhookDelivery | Handshake:
        if request.headers.get("x-mall-topic") == "hello":
            return Handshake(reason="hello")
        kept = {name: value for name, value in request.headers.items() if name.startswith("x-mall-")}
        return WebhookDelivery(
            topic=request.headers.get("x-mall-topic", ""), headers=kept, body=request.body, hook_key=request.hook_key,
            claimed_domain=request.headers.get("x-mall-shop", ""),
        )  # fmt: skip

    def verify_webhook(self, delivery: WebhookDelivery, store: Store | None) -> None:
        given = delivery.headers.get("x-mall-signature", "")
        if not hmac.compare_digest(given.encode(), sign(delivery.body, self.values["SECRET"]).encode()):
            raise WebhookRejected()
        named = _read(delivery.body).get("shop")
        if store is not None and (delivery.claimed_domain.lower() != store.domain or named not in (None, store.domain)):
            raise WebhookRejected()

    def parse_webhook(self, delivery: WebhookDelivery) -> Sequence[Event]:
        told = _read(delivery.body)
        if told["topic"] in ("uninstalled", "erase_shop") and not delivery.claimed_domain:
            raise PayloadUnreadable("It does not say whose it is.")
        if told["topic"] == "uninstalled":
            return [StoreUninstalled()]
        if told["topic"] == "erase_shop":
            return [StoreErasureRequested()]
        if told["topic"] in ("copy", "erase"):
            kind = CustomerDataRequested if told["topic"] == "copy" else CustomerErasureRequested
            return [kind(customer_id="", order_external_ids=tuple(told["orders"]))]
        return [Refetch(order_external_id=told["order"], reason=told["topic"])]

    def get_order(self, store: Store, external_id: str) -> Order:
        self.asked.append((store.domain, external_id))
        if external_id not in self.orders.get(store.domain, {}):
            raise NotFound()
        return self.orders[store.domain][external_id]

    def changed_orders(self, store: Store, since: datetime) -> Iterable[Order]:
        self.asked.append((store.domain, "changed"))
        self._meet("changed")
        return [one for one in self.orders.get(store.domain, {}).values() if one.modified_at >= since]


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        told: Mapping[str, Any] = json.loads(body)
    except ValueError:
        raise PayloadUnreadable() from None
    return told


class Door:
    """The app-level address of a running app."""

    def __init__(self, database_url: str) -> None:
        self.clock = FrozenClock(MOMENT)
        self.house: House = build_house(make_settings(database_url, adapters=INSTALLED), self.clock)
        self.db, self.web = self.house.db, self.house.web()
        mall = self.house.doors.registry.get("mall")
        assert isinstance(mall, Mall)
        self.mall = mall

    def post(self, topic: str = "updated", shop: str = SHOP, path: str = "/hooks/mall", **told: Any) -> int:
        body = json.dumps({"topic": topic, "order": "1001"} | told).encode()
        return self.send(body, shop=shop, topic=topic, path=path)

    def send(
        self, body: bytes, *, shop: str = SHOP, topic: str = "updated", signature: str | None = None,
        path: str = "/hooks/mall",
    ) -> int:  # fmt: skip
        given = sign(body) if signature is None else signature
        headers = {"X-Mall-Topic": topic, "X-Mall-Shop": shop, "X-Mall-Signature": given}
        return self.web.test_client().post(path, data=body, headers=headers).status_code

    def stores(self) -> Sequence[StoreRow]:
        with self.db.reading(ALL, "all stores") as tx:
            return list_stores(tx)

    def store(self, shop: str = SHOP) -> StoreRow:
        return next(row for row in self.stores() if row.domain == shop)

    def receipts(self, shop: str = SHOP) -> dict[str, int]:
        store = self.store(shop)
        with self.db.reading(store.id) as tx:
            return count_receipts(tx, store.id)

    def orders(self, shop: str = SHOP) -> dict[str, OrderRow]:
        store = self.store(shop)
        with self.db.reading(store.id) as tx:
            rows = tx.scalars(select(OrderRow).where(OrderRow.store_id == store.id))
            return {row.external_id: row for row in rows}

    def jobs(self, kind: str, shop: str = SHOP) -> Sequence[Job]:
        store = self.store(shop)
        with self.db.reading(store.id) as tx:
            return list_promised(tx, kind, store.id)

    def work(self) -> list[str]:
        """Does what is due until nothing is; gives the kinds."""
        done: list[str] = []
        while len(done) < 500:
            with self.db.transaction(ALL, "claim what is due") as tx:
                jobs = claim(tx, self.clock.now(), 20)
            if not jobs:
                return done
            for job in jobs:
                done.append(job.kind)
                self.house.engine.run(job)
        raise AssertionError("The jobs do not end.")

    def apply(self) -> None:
        """Applies what was delivered, and does nothing that follows from it."""
        with self.db.transaction(ALL, "claim what is due") as tx:
            jobs = [job for job in claim(tx, self.clock.now(), 20) if job.kind == "orders.apply"]
        for job in jobs:
            self.house.engine.run(job)

    def settle(self, access: StoreAccess) -> None:
        """The merchant connects the shop; what follows is promised."""
        with self.db.transaction(ALL, "a merchant connects") as tx:
            row = settle_store(tx, "mall", access, Hand(invited=True, vouched=True), "invite", self.clock.now())
            promise_set_up(tx, row, self.clock.now())

    def connect(self, shop: str = SHOP, *, ending: bool = False) -> StoreRow:
        """The merchant connects the shop, and it is set up with everything that follows within a minute. `ending`: with
        an access for an hour."""
        access = StoreAccess(domain=shop, name="Barro y Sol", credentials={"token": "t"})
        access = self.mall.grant(shop) if ending else access
        self.settle(access)
        for _ in range(3):
            self.work()
            self.clock.advance(timedelta(minutes=1))
        return self.store(shop)
