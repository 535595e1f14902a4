"""One shop on the fake: what its merchant, its shoppers and its carriers do to it."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from plugin.testing.fake_shopify.bodies import Bodies
from plugin.testing.fake_shopify.nouns import (
    PLANS,
    Body,
    Discount,
    Event,
    Fulfilment,
    Line,
    Metafield,
    Order,
    Refund,
    Subscription,
    Tracking,
)
from plugin.testing.fake_shopify.shipping import SHIPPING, make_default_profile
from plugin.testing.fake_shopify.tokens import TokenBook

if TYPE_CHECKING:
    from plugin.testing.fake_shopify.platform import FakeShopify

GOODS = (
    ("Café de Huila", "500 g", "CAF-500", Decimal("42900.00"), True),
    ("Taza de barro", "", "TAZ-1", Decimal("28000.00"), True),
    ("Molino manual", "Negro", "MOL-N", Decimal("159000.00"), True),
    ("Curso de barismo", "", "CUR-1", Decimal("80000.00"), False),
)


class FakeShop:
    """A shop. `orders` by id; every act saves the order, moves its `updated_at` on and fires what Shopify fires."""

    def __init__(
        self,
        platform: FakeShopify,
        name: str,
        plan: str = "basic",
        *,
        title: str = "",
        currency: str = "COP",
        zone: str = "America/Bogota",
        locale: str = "es",
        domain: str = "",
        new_accounts: bool = True,
    ) -> None:
        self.platform = platform
        self.id = platform.next_id()
        self.domain = f"{name}.myshopify.com"
        self.name = title or name.replace("-", " ").title()
        self.primary_domain = domain or self.domain
        self.email = f"owner@{name}.example"
        self.owner = {"id": 1, "first_name": "Olga", "last_name": "Mora", "email": self.email}
        self.plan = plan
        self.currency, self.zone, self.locale, self.new_accounts = currency, ZoneInfo(zone), locale, new_accounts
        self.opened_at = self.updated_at = platform.now()
        self.installed = False
        self.granted: tuple[str, ...] = ()
        self.tokens = TokenBook(self)
        self.orders: dict[int, Order] = {}
        self.discounts: dict[int, Discount] = {}
        self.subscriptions: list[Subscription] = []
        self.metafields: list[Metafield] = []
        self.policies: dict[str, str] = {}
        self.wallets = ["APPLE_PAY", "GOOGLE_PAY", "SHOPIFY_PAY"]
        self.ships_by_market = False
        self.profiles = [make_default_profile(platform.next_id(), currency)]
        self.write = Bodies(self)
        self.random = random.Random(f"{platform.seed} {self.domain}")
        self._last_number = 1000

    @property
    def plan_name(self) -> str:
        return PLANS[self.plan][0]

    @property
    def is_plus(self) -> bool:
        return self.plan == "plus"

    def find_order(self, number: int | str) -> Order | None:
        return self.orders.get(int(number)) if str(number).isdigit() else None

    def fire(self, topic: str, body: Body, event_id: str = "", order: Order | None = None) -> None:
        about, serial = (str(order.id), order.serial) if order is not None else ("", 0)
        self.platform.webhooks.fire(self, topic, body, event_id or self.make_event_id(), about, serial)

    def make_event_id(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    # What shoppers and the merchant do with orders

    def place_order(
        self,
        email: str = "ana@example.com",
        *,
        paid: bool = False,
        items: Mapping[int, int] | None = None,
        **values: object,
    ) -> Order:
        """A new order. `items`: index into `GOODS` → pieces; one coffee when left out. `values` go onto the order."""
        with self.platform.lock:
            now, next_id = self.platform.now(), self.platform.next_id
            self._last_number += 1
            lines = []
            for index, count in (items or {0: 1}).items():
                title, variant, sku, price, ships = GOODS[index]
                lines.append(Line(next_id(), title, variant, sku, price, count, 7000 + index * 10, ships))
            letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
            order = Order(
                next_id(),
                self._last_number,
                now,
                now,
                self.currency,
                "".join(self.random.choices(letters, k=9)),
                f"{self.random.getrandbits(128):032x}",
                lines,
                email=email,
                shipping=SHIPPING if any(line.ships for line in lines) else Decimal(0),
                key=f"{self.random.getrandbits(128):032x}",
            )
            if paid:
                order.financial, order.gateway, order.paid_at = "PAID", "shopify_payments", now
            for name, value in values.items():
                setattr(order, name, value)
            self.orders[order.id] = order
            event_id = self.save(order, fires=False)
            self.fire("orders/create", self.write.order(order), event_id, order)
            if paid:
                self.fire("orders/paid", self.write.order(order), event_id, order)
            return order

    def save(self, order: Order, event_id: str = "", *, fires: bool = True) -> str:
        """Stamps the order anew and tells who listens. Gives the id of the event."""
        order.serial += 1
        order.updated_at = self.platform.now()
        event_id = event_id or self.make_event_id()
        if fires:
            self.fire("orders/updated", self.write.order(order), event_id, order)
        return event_id

    def pay(self, order: Order) -> None:
        with self.platform.lock:
            order.financial, order.paid_at = "PAID", self.platform.now()
            event_id = self.save(order)
            self.fire("orders/paid", self.write.order(order), event_id, order)

    def hold(self, order: Order, holds: bool = True) -> None:
        with self.platform.lock:
            order.holds = holds
            self.save(order)

    def cancel(self, order: Order, reason: str = "CUSTOMER", *, refunds: bool = False) -> None:
        """`reason`: a word of OrderCancelReason."""
        with self.platform.lock:
            order.cancelled_at, order.cancel_reason = self.platform.now(), reason
            order.closed_at = order.cancelled_at
            if refunds and order.total > order.refunded:
                self._add_refund(order, order.total - order.refunded, "")
            elif order.financial in ("PENDING", "AUTHORIZED"):
                order.financial = "VOIDED"
            event_id = self.save(order)
            self.fire("orders/cancelled", self.write.order(order), event_id, order)

    def refund(self, order: Order, amount: Decimal | None = None, note: str = "") -> Refund:
        with self.platform.lock:
            refund = self._add_refund(order, amount or order.total - order.refunded, note)
            event_id = self.save(order)
            self.fire("refunds/create", self.write.refund(refund, order), event_id, order)
            return refund

    def _add_refund(self, order: Order, amount: Decimal, note: str) -> Refund:
        refund = Refund(self.platform.next_id(), amount, note, self.platform.now())
        order.refunds.append(refund)
        order.financial = "REFUNDED" if order.refunded >= order.total else "PARTIALLY_REFUNDED"
        return refund

    def delete(self, order: Order) -> None:
        with self.platform.lock:
            del self.orders[order.id]
            order.serial += 1
            self.fire("orders/delete", {"id": order.id}, order=order)

    def tag(self, order: Order, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        with self.platform.lock:
            gone = {word.casefold() for word in remove}
            kept = [word for word in order.tags if word.casefold() not in gone]
            order.tags = sorted({word.casefold(): word for word in [*kept, *add]}.values())
            self.save(order)

    # Parcels

    def fulfil(
        self,
        order: Order,
        items: Mapping[int, int] | None = None,
        numbers: Iterable[str] = (),
        *,
        company: str = "Servientrega",
        url: str = "",
        notify: bool | None = False,
    ) -> Fulfilment:
        """Sends what is left, or `items` (line id → pieces), under these numbers."""
        with self.platform.lock:
            now = self.platform.now()
            tracking = [Tracking(number, company, url.format(number=number)) for number in numbers]
            one = Fulfilment(
                self.platform.next_id(),
                f"{order.name}.{len(order.fulfilments) + 1}",
                now,
                now,
                dict(items) if items is not None else order.list_open(),
                tracking=tracking,
                notified=[notify],
            )
            order.fulfilments.append(one)
            event_id = self.save(order)
            self.fire("fulfillments/create", self.write.fulfilment(one, order), event_id, order)
            if not order.list_open():
                self.fire("orders/fulfilled", self.write.order(order), event_id, order)
            return one

    def change_tracking(
        self, order: Order, one: Fulfilment, tracking: list[Tracking], notify: bool | None = False
    ) -> None:
        with self.platform.lock:
            one.tracking, one.updated_at = tracking, self.platform.now()
            one.notified.append(notify)
            event_id = self.save(order)
            self.fire("fulfillments/update", self.write.fulfilment(one, order), event_id, order)

    def cancel_fulfilment(self, order: Order, one: Fulfilment) -> None:
        with self.platform.lock:
            one.status, one.updated_at = "CANCELLED", self.platform.now()
            event_id = self.save(order)
            self.fire("fulfillments/update", self.write.fulfilment(one, order), event_id, order)

    def add_event(
        self,
        order: Order,
        one: Fulfilment,
        status: str,
        *,
        message: str = "",
        city: str = "",
        at: datetime | None = None,
        estimated_at: datetime | None = None,
    ) -> Event:
        """What a carrier reports: a word of FulfillmentEventStatus, or one that is new."""
        with self.platform.lock:
            now = self.platform.now()
            event = Event(self.platform.next_id(), status, at or now, now, message, city, estimated_at=estimated_at)
            one.events.append(event)
            one.events.sort(key=lambda event: event.happened_at)
            one.updated_at, one.estimated_at = now, estimated_at or one.estimated_at
            event_id = self.save(order)
            self.fire("fulfillment_events/create", self.write.event(event, one, order), event_id, order)
            self.fire("fulfillments/update", self.write.fulfilment(one, order), event_id, order)
            return event

    # The app in the shop

    def install(self, scopes: Iterable[str] | None = None) -> None:
        """Shopify-managed installation: the app's server is not called."""
        with self.platform.lock:
            self.installed, self.granted = True, tuple(scopes if scopes is not None else self.platform.app.scopes)

    def uninstall(self) -> None:
        """Takes every token back at once, and asks for everything to be forgotten two days later."""
        with self.platform.lock:
            self.fire("app/uninstalled", self.write.shop_itself())
            self.installed, self.subscriptions = False, []
            self.tokens.revoke()
            self.metafields = [one for one in self.metafields if "AppInstallation" not in one.owner]
            self.platform.redactions.append((self.platform.now() + timedelta(hours=48), self.domain))

    def change_scopes(self, scopes: Iterable[str]) -> None:
        with self.platform.lock:
            before, self.granted = self.granted, tuple(scopes)
            for token in self.tokens.given.values():
                token.scopes = self.granted
            body = {
                "id": self.id,
                "previous": list(before),
                "current": list(self.granted),
                "updated_at": self.write.time(self.platform.now()),
            }
            self.fire("app/scopes_update", body)

    def change_plan(self, plan: str) -> None:
        with self.platform.lock:
            self.plan, self.updated_at = plan, self.platform.now()
            self.fire("shop/update", self.write.shop_itself())

    def request_data(self, order: Order) -> None:
        """A customer asks for a copy of their data."""
        body = self._name_customer(order)
        self.fire(
            "customers/data_request",
            body | {"orders_requested": [order.id], "data_request": {"id": self.platform.next_id()}},
        )

    def redact_customer(self, order: Order) -> None:
        self.fire("customers/redact", self._name_customer(order) | {"orders_to_redact": [order.id]})

    def _name_customer(self, order: Order) -> Body:
        customer = {"id": order.customer_id, "email": order.email, "phone": order.phone}
        return {"shop_id": self.id, "shop_domain": self.domain, "customer": customer}
