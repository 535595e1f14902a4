"""A shop in memory behind a real `StoreAdapter`, and a store connected to it, driven job by job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from plugin.contract import (
    AdapterError,
    Capability,
    Event,
    Form,
    InstallReport,
    MailLease,
    NotFound,
    Order,
    RateLimited,
    Shipment,
    Store,
    StoreAccess,
    StoreAdapter,
    Surface,
    Urls,
    WebhookDelivery,
    WebRequest,
)
from plugin.database import ALL, Database
from plugin.notices import decide_order
from plugin.orders import (
    OrderRow,
    add_shipment,
    apply_receipt,
    check_open_orders,
    count_receipts,
    decide_meant_orders,
    find_order,
    keep,
    reconcile_store,
    refetch_order,
    view_order,
)
from plugin.stores import StoreRow, get_store
from plugin.stores.mail_lease import lease_mails
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_database, make_store
from plugin.work import Claimed, Engine, claim, list_promised

ABLE = frozenset({
    Capability.WEBHOOKS, Capability.READ_ORDERS, Capability.BACKFILL, Capability.ADD_SHIPMENT, Capability.MAIL_LEASE,
})  # fmt: skip


class MemoryShop(StoreAdapter):
    """`orders` is what the shop holds, `asked` what it was asked, `troubles` what it raises at the next calls."""

    name = "memory"
    label = "Memory"
    capabilities = ABLE

    def __init__(self, clock: FrozenClock) -> None:
        super().__init__({}, None, clock)
        self.orders: dict[str, Order] = {}
        self.asked: list[str] = []
        self.troubles: dict[str, list[AdapterError]] = {}
        self.hidden: set[str] = set()
        self.pauses_after = 0
        """Of a list, this many orders come before the shop asks for a pause; 0: all of them."""
        self.disabled_hooks = 0
        self.leases: list[MailLease | None] = []
        self.events: dict[bytes, list[Event]] = {}

    def _meet(self, call: str) -> None:
        self.asked.append(call)
        waiting = self.troubles.get(call.partition(" ")[0], [])
        if waiting:
            raise waiting.pop(0)

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Form:
        return Form(fields=())

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        return StoreAccess(domain="shop.example", name="Shop", credentials={"key": "k"})

    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        return InstallReport(capabilities=ABLE)

    def surfaces(self, store: Store) -> Sequence[Surface]:
        return ()

    def parse_webhook(self, delivery: WebhookDelivery) -> Sequence[Event]:
        return self.events[delivery.body]

    def mend_webhooks(self, store: Store, urls: Urls) -> int:
        self._meet("mend")
        mended, self.disabled_hooks = self.disabled_hooks, 0
        return mended

    def get_order(self, store: Store, external_id: str) -> Order:
        self._meet(f"get {external_id}")
        if external_id not in self.orders:
            raise NotFound()
        return self.orders[external_id]

    def changed_orders(self, store: Store, since: datetime) -> Iterable[Order]:
        self._meet("changed")
        changed = [order for order in self.orders.values() if order.modified_at >= since]
        return self._hand_out(sorted(changed, key=lambda order: order.modified_at))

    def check_orders(self, store: Store, external_ids: Sequence[str]) -> Iterable[Order]:
        self._meet(f"check {len(external_ids)}")
        known = [self.orders[one] for one in external_ids if one in self.orders]
        return self._hand_out([order for order in known if order.external_id not in self.hidden])

    def _hand_out(self, orders: Sequence[Order]) -> Iterable[Order]:
        for place, order in enumerate(orders):
            if self.pauses_after and place >= self.pauses_after:
                raise RateLimited(retry_after=20)
            yield order

    def add_shipment(self, store: Store, order_external_id: str, shipment: Shipment) -> Shipment:
        order = self.orders[order_external_id]
        parcels = (*(order.shipments or ()), shipment)
        self.orders[order_external_id] = replace(
            order, shipments=parcels, modified_at=order.modified_at + timedelta(seconds=1)
        )
        self._meet(f"add {shipment.tracking_number}")  # a shop that fails after it has written
        return shipment

    def lease_mails(self, store: Store, lease: MailLease | None) -> None:
        self._meet("lease")
        self.leases.append(lease)


class Room:
    """The orders room with one store of a `MemoryShop`."""

    def __init__(self, database_url: str, **store: Any) -> None:
        self.db: Database = make_database(database_url)
        self.clock = FrozenClock(MOMENT)
        self.shop = MemoryShop(self.clock)
        given = {
            "platform": "memory", "credentials": {"key": "k"}, "capabilities": sorted(one.value for one in ABLE),
        } | store  # fmt: skip
        self.store_id: int = make_store(self.db, **given).id
        kinds: dict[str, Callable[[Claimed], None]] = {
            "orders.apply": lambda job: apply_receipt(self.db, self.registry, self.clock, job),
            "orders.refetch": lambda job: refetch_order(self.db, self.registry, self.clock, job),
            "orders.reconcile": lambda job: reconcile_store(
                self.db, self.registry, self.clock, "https://care.example", job
            ),
            "orders.check_open": lambda job: check_open_orders(self.db, self.registry, self.clock, job),
            "orders.add_shipment": lambda job: add_shipment(self.db, self.registry, self.clock, job),
            "orders.meaning": lambda job: decide_meant_orders(self.db, self.clock, job),
            "stores.lease": lambda job: lease_mails(self.db, self.registry, self.clock, job),
            "notices.decide": lambda job: decide_order(self.db, self.clock, job),
        }
        self.engine = Engine(self.db, self.clock, kinds, 1)

    @property
    def registry(self) -> Any:
        """The room is its own registry."""
        return self

    def get(self, _name: str) -> MemoryShop:
        return self.shop

    def run(self, most: int = 1000) -> list[str]:
        """Runs what is due until nothing is; gives the kinds."""
        done: list[str] = []
        while len(done) < most:
            with self.db.transaction(ALL, "claim what is due") as tx:
                jobs = claim(tx, self.clock.now(), 10)
            if not jobs:
                return done
            for job in jobs:
                done.append(job.kind)
                if job.kind in self.engine.kinds:
                    self.engine.run(job)
        raise AssertionError("The jobs do not end.")

    def deliver(self, *events: Event) -> None:
        """One delivery arrives and is kept; a job applies it."""
        body = str(len(self.shop.events)).encode()
        self.shop.events[body] = list(events)
        with self.db.transaction(self.store_id) as tx:
            keep(tx, self.store_id, WebhookDelivery(topic="t", headers={}, body=body), self.clock.now())

    def store(self) -> StoreRow:
        with self.db.reading(self.store_id) as tx:
            return get_store(tx, self.store_id)

    def row(self, external_id: str = "1001") -> OrderRow:
        with self.db.reading(self.store_id) as tx:
            row = find_order(tx, self.store_id, external_id)
        assert row is not None
        return row

    def view(self, external_id: str = "1001") -> Any:
        with self.db.reading(self.store_id) as tx:
            row = find_order(tx, self.store_id, external_id)
            return view_order(tx, row) if row is not None else None

    def receipts(self) -> dict[str, int]:
        with self.db.reading(self.store_id) as tx:
            return count_receipts(tx, self.store_id)

    def jobs(self, kind: str) -> Sequence[Any]:
        with self.db.reading(self.store_id) as tx:
            return list_promised(tx, kind, self.store_id)
