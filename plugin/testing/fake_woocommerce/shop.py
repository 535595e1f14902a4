"""A WooCommerce shop in memory, as observed on 10.5.2: what its people do to orders, and what it fires and mails.

Everything that touches the shop holds `lock`; nothing is sent anywhere while it is held.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from plugin.contract import Clock, SystemClock
from plugin.testing.fake_woocommerce.bodies import Writer
from plugin.testing.fake_woocommerce.core_mails import CoreMails
from plugin.testing.fake_woocommerce.nouns import (
    CORE_STATUSES,
    Coupon,
    Fulfillment,
    Key,
    Line,
    Manners,
    Meta,
    Note,
    Order,
    Product,
    Refund,
    User,
)
from plugin.testing.fake_woocommerce.plugin_side import PluginSide
from plugin.testing.fake_woocommerce.webhooks import Webhooks

OWN_STATUSES = {"despachado": "Despachado", "en-reparto": "En reparto", "entregado": "Entregado"}
"""What a shop in Bogotá adds to core's words."""
PAID_STATUSES = ("processing", "completed", *OWN_STATUSES)
GATEWAYS = {"cod": "Pago contra entrega", "bacs": "Transferencia bancaria", "card": "Tarjeta"}
TRACKING_ITEMS = "_wc_shipment_tracking_items"
GOODS = (
    ("Taza azul", "taza-azul", "MUG-BLUE", "38900", False),
    ("Cobija de lana", "cobija-de-lana", "BLANKET-1", "189000", False),
    ("Playera “Ñandú”", "playera-nandu", "SHIRT-M", "74900", False),
    ("Tarjeta de regalo", "tarjeta-de-regalo", "GIFT-25", "50000", True),
)


class FakeShop:
    """One shop. `home` is its address without a slash at the end; `random` makes keys and ids, by seed."""

    def __init__(
        self,
        home: str = "http://shop.example",
        *,
        clock: Clock | None = None,
        seed: int = 0,
        manners: Manners | None = None,
        site_url: str = "",
    ) -> None:
        self.home, self.site_url = home, site_url or home
        self.clock = clock or SystemClock()
        self.random = random.Random(seed)
        self.manners = manners or Manners()
        self.lock = threading.RLock()
        self.name, self.currency, self.language = "Barro y Lana", "COP", "es_CO"
        self.zone = ZoneInfo("America/Bogota")
        self.ids = {"order": 57, "user": 0, "key": 0, "meta": 300, "line": 60, "webhook": 0, "note": 100}
        self.users: dict[int, User] = {}
        self.keys: list[Key] = []
        self.orders: dict[int, Order] = {}
        self.coupons: dict[int, Coupon] = {}
        self.statuses = CORE_STATUSES | OWN_STATUSES
        self.opened_at = self.now()
        self.products = {
            number: Product(number, name, slug, sku, Decimal(price), virtual)
            for number, (name, slug, sku, price, virtual) in enumerate(GOODS, 10)
        }
        self.write = Writer(self)
        self.webhooks = Webhooks(self)
        self.mails = CoreMails(self)
        self.plugin = PluginSide(self)
        self.add_user("admin", "owner@example.com", "administrator", first_name="Olga", last_name="Dueña")

    def now(self) -> datetime:
        return self.clock.now().replace(microsecond=0)

    def next_id(self, kind: str) -> int:
        self.ids[kind] = self.ids.get(kind, 0) + 1
        return self.ids[kind]

    def make_word(self, length: int, alphabet: str = "0123456789abcdef") -> str:
        return "".join(self.random.choices(alphabet, k=length))

    # People and keys

    def add_user(self, login: str, email: str, role: str = "customer", **names: str) -> User:
        """Signs in on the shop's pages with the password ``password``."""
        with self.lock:
            user = User(self.next_id("user"), login, "password", email, role, **names)
            self.users[user.id] = user
            return user

    def add_key(self, user_id: int = 1, permissions: str = "read_write", description: str = "Key") -> Key:
        with self.lock:
            key = Key(
                self.next_id("key"),
                user_id,
                description,
                permissions,
                "ck_" + self.make_word(40),
                "cs_" + self.make_word(40),
            )
            self.keys.append(key)
            return key

    # What shoppers and the merchant do

    def place_order(
        self,
        email: str = "ursula@example.com",
        *,
        payment: str = "cod",
        status: str = "",
        lines: Iterable[tuple[int, int]] = ((10, 1),),
        via: str = "checkout",
        **values: Any,
    ) -> Order:
        """A new order: processing for pay on delivery and cards, on-hold for a bank transfer, or `status`.

        `lines`: (product id, quantity). Fires order.created once it is placed, and order.updated.
        """
        with self.lock:
            now = self.now()
            names = {
                "first_name": values.pop("first_name", "Úrsula"),
                "last_name": values.pop("last_name", "Ñáñez"),
            }
            address = {
                "company": "",
                "address_1": "Carrera 7 # 00-00",
                "address_2": "Chapinero",
                "city": "Bogotá D.C.",
                "state": "CO-DC",
                "postcode": "110231",
                "country": values.pop("country", "CO"),
            }
            order_id = self.next_id("order")
            bought = [Line(self.next_id("line"), self.products[number], count) for number, count in lines]
            travels = any(not line.product.virtual for line in bought)
            order = Order(
                id=order_id,
                number=str(order_id),
                status=status or ("on-hold" if payment == "bacs" else "processing"),
                currency=self.currency,
                created_at=now,
                modified_at=now,
                order_key="wc_order_"
                + self.make_word(13, "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"),
                billing={**names, **address, "email": email, "phone": "+57 300 000 0002"},
                shipping={**names, **address, "phone": ""},
                lines=bought,
                payment_method=payment,
                payment_title=GATEWAYS.get(payment, payment),
                shipping_method="flat_rate" if travels else "",
                shipping_total=Decimal(12000 if travels else 0),
                created_via=via,
            )
            for name, value in values.items():
                setattr(order, name, value)
            order.meta.append(Meta(self.next_id("meta"), "is_vat_exempt", "no"))
            self.orders[order.id] = order
            self.enter_status(order, "")
            self.save(order)
            return order

    def change_status(self, order: Order, status: str) -> None:
        """As the merchant does it in the back office; also takes an order out of the bin."""
        with self.lock:
            self.move(order, status)
            self.save(order)

    def move(self, order: Order, status: str) -> None:
        """Without saving. Core mails at once; the same status again does nothing."""
        before, order.status = order.status, status
        if before != status:
            self.enter_status(order, before)

    def enter_status(self, order: Order, before: str) -> None:
        now = self.now()
        if order.status in PAID_STATUSES and order.paid_at is None:
            # Pay on delivery is stamped as paid when the order is completed, not before (recorded).
            if order.payment_method != "cod" or order.status == "completed":
                order.paid_at = now
        if order.status == "completed":
            order.completed_at = now
        if before:
            was, becomes = (self.statuses.get(slug, slug) for slug in (before, order.status))
            self.note(order, f"Order status changed from {was} to {becomes}.")
        if order.status not in ("checkout-draft", "auto-draft", "trash"):
            self.webhooks.fire("action.woocommerce_order_status_changed", order.id)
        self.mails.tell_status(order)

    def save(self, order: Order, *, quietly: bool = False) -> None:
        """Stamps the order and fires what a save fires: also when nothing changed."""
        order.modified_at = self.now()
        order.serial += 1
        if quietly:
            return
        if not order.announced and order.status not in ("checkout-draft", "auto-draft"):
            order.announced = True
            self.webhooks.fire("order.created", order.id)
        self.webhooks.fire("order.updated", order.id)

    def set_meta(self, order: Order, key: str, value: Any) -> None:
        """In place when the key is there; None takes it away. Without saving."""
        found = next((meta for meta in order.meta if meta.key == key), None)
        if value is None:
            order.meta = [meta for meta in order.meta if meta.key != key]
        elif found is not None:
            found.value = value
        else:
            order.meta.append(Meta(self.next_id("meta"), key, value))

    def add_tracking(
        self, order: Order, number: str, carrier: str = "servientrega", *, custom: str = "", link: str = ""
    ) -> None:
        """A parcel as Shipment Tracking writes it: into order meta, and no link for a carrier it knows."""
        with self.lock:
            item = {
                "tracking_provider": "" if custom else carrier,
                "custom_tracking_provider": custom,
                "custom_tracking_link": link,
                "tracking_number": number,
                "date_shipped": str(int(self.now().timestamp())),
                "tracking_id": self.make_word(32),
            }
            self.set_meta(order, TRACKING_ITEMS, [*(order.read_meta(TRACKING_ITEMS) or []), item])
            self.save(order)

    def fulfill(
        self, order: Order, number: str = "", carrier: str = "ups", items: Mapping[int, int] | None = None
    ) -> Fulfillment:
        """A parcel as core keeps it: order.updated then shows nothing but `_fulfillment_status`."""
        values: dict[str, Any] = {
            "_items": [{"item_id": item, "qty": count} for item, count in (items or {}).items()]
            or [{"item_id": line.id, "qty": line.quantity} for line in order.lines]
        }
        if number:
            values |= {
                "_tracking_number": number,
                "_shipment_provider": carrier,
                "_tracking_url": f"https://tracking.example.com/{number}",
                "_date_fulfilled": str(self.write.local(self.now())).replace("T", " "),
            }
        with self.lock:
            meta = [Meta(self.next_id("meta"), key, value) for key, value in values.items()]
            one = Fulfillment(self.next_id("fulfillment"), bool(number), self.now(), meta)
            order.fulfillments.append(one)
            self.note_fulfillments(order)
            return one

    def ship_apart(self, order: Order, number: str, carrier: str = "dhl") -> None:
        """A parcel as Shiptastic keeps it: beside the order, of which it changes nothing."""
        with self.lock:
            order.shiptastic.append({
                "id": self.next_id("shiptastic"), "order_id": order.id, "type": "simple", "status": "shipped",
                "tracking_id": number, "tracking_url": f"https://tracking.example.com/{number}",
                "shipping_provider": carrier, "date_sent_gmt": self.write.gmt(self.now()),
                "est_delivery_date_gmt": None,
                "items": [{"order_item_id": line.id, "quantity": line.quantity} for line in order.lines],
            })  # fmt: skip

    def note_fulfillments(self, order: Order) -> None:
        """Counts what is fulfilled, writes the one word of it into order meta, and saves."""
        wanted = sum(line.quantity for line in order.lines)
        sent = sum(
            item["qty"]
            for one in order.fulfillments
            if one.is_fulfilled
            for meta in one.meta
            if meta.key == "_items"
            for item in meta.value
        )
        word = "fulfilled" if sent >= wanted else "partially_fulfilled" if sent else "unfulfilled"
        self.set_meta(order, "_fulfillment_status", word if order.fulfillments else "no_fulfillments")
        self.save(order)

    def refund(self, order: Order, amount: Decimal | None = None, reason: str = "") -> Refund:
        """Records money given back. Total and status stay, unless everything is given back."""
        with self.lock:
            one = Refund(
                self.next_id("order"),
                order.total - order.refunded if amount is None else amount,
                reason,
                self.now(),
            )
            order.refunds.append(one)
            full = order.refunded >= order.total
            self.mails.tell(order, "customer_refunded_order" if full else "customer_partially_refunded_order")
            if full:
                self.move(order, "refunded")
            self.save(order)
            return one

    def trash(self, order: Order) -> None:
        """Into the bin: order.deleted with a bare id, and no order.updated."""
        with self.lock:
            order.status_before_trash, order.status = order.status, "trash"
            self.save(order, quietly=True)
            self.webhooks.fire("order.deleted", order.id)

    def restore(self, order: Order) -> None:
        """Out of the bin: order.restored only. A cash on delivery order is then stamped as paid (recorded)."""
        with self.lock:
            order.status, order.status_before_trash = order.status_before_trash or "pending", ""
            order.paid_at = order.paid_at or self.now()
            self.save(order, quietly=True)
            self.webhooks.fire("order.restored", order.id)

    def delete(self, order: Order) -> None:
        """For ever. Nothing is fired."""
        with self.lock:
            del self.orders[order.id]

    def note(self, order: Order, text: str, *, customer_note: bool = False) -> Note:
        """No order webhook; a note for the customer is mailed, and fires its own action."""
        with self.lock:
            one = Note(self.next_id("note"), text, self.now(), customer_note)
            order.notes.append(one)
            if customer_note:
                self.mails.tell(order, "customer_note")
                told = {"order_id": order.id, "customer_note": text}
                self.webhooks.fire("action.woocommerce_new_customer_note", told)
            return one

    def open_draft(self, email: str = "") -> Order:
        """A block checkout that was opened: a checkout-draft, which fires order.updated."""
        return self.place_order(email, status="checkout-draft", via="store-api")

    def type_email(self, order: Order, email: str) -> None:
        """The guest filled in the e-mail field: it is in the draft at once."""
        with self.lock:
            order.billing["email"] = email
            self.save(order)

    def sweep_drafts(self) -> None:
        """Drafts untouched for a day are deleted without a word."""
        with self.lock:
            ends = self.now() - timedelta(days=1)
            for order in [*self.orders.values()]:
                if order.status == "checkout-draft" and order.modified_at < ends:
                    self.delete(order)

    def list_orders(self, keep: Callable[[Order], bool] = lambda _: True) -> list[Order]:
        with self.lock:
            return [order for order in self.orders.values() if keep(order)]
