"""The order book: placing, finding and changing orders. Each change is one transaction with its webhook."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from adapters.demo.shop.actions import ACTIONS, Action
from adapters.demo.shop.deliveries import Deliveries, encode
from adapters.demo.shop.nouns import (
    ActionRefused,
    Address,
    Customer,
    Line,
    Order,
    as_wire,
    from_micros,
    to_micros,
)
from adapters.demo.shop.products import CURRENCIES, DELIVERIES, MOST_PIECES, PRODUCTS
from adapters.demo.shop.records import Records
from adapters.demo.shop.words import LOCALES, say

FIRST_ID = 1001
PAGE_SIZE = 100
_EMAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,190}\.[^@\s<>,;.]{2,}")
_READ = msgspec.json.Decoder(Order)


class Purchase(msgspec.Struct):
    """What somebody buys. `payment`: card, card_declined, transfer or on_delivery."""

    lines: list[PurchaseLine]
    email: str
    name: str = "Lucía Torres"
    locale: str = "es"
    currency: str = "EUR"
    payment: str = "card"
    delivery: str = "standard"
    street: str = "Calle Feria 12, 3.º B"
    city: str = "Sevilla"
    postcode: str = "41003"
    country: str = "ES"
    request_key: str = ""
    """The same key again gives the same order: a shopper who presses twice buys once."""


class PurchaseLine(msgspec.Struct):
    """One product, by its slug."""

    product: str
    quantity: int = 1
    glaze: str = ""


class OrderBook:
    """All orders of the shop. `origin` gives the shop's own address for ``status_url``."""

    def __init__(self, records: Records, deliveries: Deliveries, origin: Callable[[], str]) -> None:
        self._records = records
        self._deliveries = deliveries
        self._origin = origin

    def place(self, purchase: Purchase) -> Order:
        """A new order. Raises `ActionRefused` when the purchase makes no sense."""
        _check(purchase)
        with self._records.transaction() as rows:
            if purchase.request_key:
                found = self._records.fetch(
                    "select body from orders where request_key = ?", purchase.request_key
                )
                if found:
                    return _READ.decode(found[0][0])
            last = self._records.fetch(
                "select coalesce(max(seq), ?) from sqlite_sequence where name = 'orders'", FIRST_ID - 1
            )[0][0]
            order = _build(purchase, last + 1, datetime.now(UTC))
            rows.execute(
                "insert into orders (id, number, request_key, modified_us, body) values (?, ?, ?, ?, ?)",
                (
                    last + 1,
                    order.number,
                    purchase.request_key or None,
                    to_micros(order.modified_at),
                    msgspec.json.encode(order),
                ),
            )
            self._announce("order.created", order)
        return order

    def get(self, order_id: str) -> Order | None:
        found = self._records.fetch("select body from orders where id = ? and not gone", _row_id(order_id))
        return _READ.decode(found[0][0]) if found else None

    def find(self, number: str) -> Order | None:
        """By its number as people type it: case, spaces and a leading # do not matter."""
        wanted = number.strip().lstrip("#").strip().upper()
        found = self._records.fetch(
            "select body from orders where number in (?, ?) and not gone", wanted, f"BS-{wanted}"
        )
        return _READ.decode(found[0][0]) if found else None

    def newest(self, limit: int = 100) -> list[Order]:
        found = self._records.fetch("select body from orders where not gone order by id desc limit ?", limit)
        return [_READ.decode(row[0]) for row in found]

    def changed_since(self, since: datetime, after: str = "") -> tuple[list[Order], str | None]:
        """A page of orders changed at or after `since`, oldest change first, and the next page's cursor."""
        micros, order_id = (int(part) for part in after.split("-")) if after else (to_micros(since), 0)
        found = self._records.fetch(
            "select modified_us, id, body from orders where not gone and (modified_us, id) > (?, ?)"
            " and modified_us >= ? order by modified_us, id limit ?",
            micros,
            order_id,
            to_micros(since),
            PAGE_SIZE,
        )
        cursor = f"{found[-1][0]}-{found[-1][1]}" if len(found) == PAGE_SIZE else None
        return [_READ.decode(row[2]) for row in found], cursor

    def act(self, order_id: str, name: str, params: Mapping[str, Any]) -> Order:
        """Do one of `ACTIONS`. Raises `LookupError` without such an order, `ActionRefused` with words."""
        action: Action = ACTIONS[name]
        with self._records.transaction() as rows:
            order = self._require(order_id)
            before = msgspec.json.encode(order)
            action(order, params, datetime.now(UTC))
            if msgspec.json.encode(order) == before:
                return order
            _touch(order)
            rows.execute(
                "update orders set modified_us = ?, body = ? where id = ?",
                (to_micros(order.modified_at), msgspec.json.encode(order), int(order.id)),
            )
            self._announce("order.updated", order)
        return order

    def delete(self, order_id: str) -> None:
        """The order is gone from the shop. Raises `LookupError`."""
        with self._records.transaction() as rows:
            order = self._require(order_id)
            rows.execute("update orders set gone = 1 where id = ?", (int(order.id),))
            self._deliveries.put("order.deleted", order.id, encode({"id": order.id}))

    def send_again(self, order_id: str) -> Order:
        """Deliver the order once more as it is; nothing about it changes. Raises `LookupError`."""
        with self._records.transaction():
            order = self._require(order_id)
            self._announce("order.updated", order)
        return order

    def add_note(self, order_id: str, words: str) -> None:
        """For the staff; no change of the order. Raises `LookupError` and `ActionRefused`."""
        if not words.strip():
            raise ActionRefused("Write something into the note.")
        with self._records.transaction() as rows:
            order = self._require(order_id)
            rows.execute(
                "insert into notes (order_id, at, words) values (?, ?, ?)",
                (int(order.id), datetime.now(UTC).isoformat(), words.strip()[:4000]),
            )

    def notes(self, order_id: str) -> list[dict[str, str]]:
        """Notes of an order, oldest first."""
        found = self._records.fetch(
            "select at, words from notes where order_id = ? order by id", _row_id(order_id)
        )
        return [{"at": at, "text": words} for at, words in found]

    def wire(self, order: Order) -> dict[str, Any]:
        """The order as webhooks and the JSON API tell it."""
        return as_wire(order, self._origin())

    def _require(self, order_id: str) -> Order:
        order = self.get(order_id)
        if order is None:
            raise LookupError(f"There is no order {order_id}.")
        return order

    def _announce(self, topic: str, order: Order) -> None:
        self._deliveries.put(topic, order.id, encode(self.wire(order)))


def is_email(text: str) -> bool:
    """Whether it looks like an address a mail could reach."""
    return _EMAIL.fullmatch(text) is not None


def _check(purchase: Purchase) -> None:
    if not purchase.lines:
        raise ActionRefused("Name at least one product.")
    for line in purchase.lines:
        product = PRODUCTS.get(line.product)
        if product is None or not 1 <= line.quantity <= MOST_PIECES:
            raise ActionRefused(
                f"Each line names a product ({', '.join(PRODUCTS)}) and 1 to {MOST_PIECES} pieces."
            )
        if line.glaze and line.glaze not in product.glazes:
            raise ActionRefused(f"{line.product} does not come in {line.glaze}.")
    if not is_email(purchase.email):
        raise ActionRefused("The e-mail address is not complete.")
    for given, allowed in (
        (purchase.locale, LOCALES),
        (purchase.currency, CURRENCIES),
        (purchase.delivery, tuple(DELIVERIES)),
        (purchase.payment, ("card", "card_declined", "transfer", "on_delivery")),
    ):
        if given not in allowed:
            raise ActionRefused(f"{given!r} is not one of {', '.join(allowed)}.")
    if purchase.payment == "on_delivery" and not any(PRODUCTS[line.product].ships for line in purchase.lines):
        raise ActionRefused("What is downloaded cannot be paid at the door.")


def _build(purchase: Purchase, row_id: int, now: datetime) -> Order:
    lines = [_build_line(purchase, line, f"{row_id}-{place}") for place, line in enumerate(purchase.lines, 1)]
    ships = any(line.ships for line in lines)
    shipping = DELIVERIES[purchase.delivery].prices[purchase.currency] if ships else Decimal(0)
    order = Order(
        id=str(row_id),
        number=f"BS-{row_id}",
        status="placed",
        payment="waiting",
        payment_method="card" if purchase.payment == "card_declined" else purchase.payment,
        currency=purchase.currency,
        total=str(sum((Decimal(line.total) for line in lines), shipping)),
        shipping=str(shipping),
        created_at=now,
        modified_at=now,
        locale=purchase.locale,
        lines=lines,
        customer=Customer(id=_customer_id(purchase.email), name=purchase.name, email=purchase.email),
        address=Address(purchase.street, purchase.city, purchase.postcode, purchase.country)
        if ships
        else Address(),
        delivery=purchase.delivery if ships else "download",
    )
    if purchase.payment == "on_delivery":
        order.payment = "at_the_door"
    elif purchase.payment == "card":
        ACTIONS["pay"](order, {}, now)
    elif purchase.payment == "card_declined":
        ACTIONS["decline"](order, {}, now)
    return order


def _build_line(purchase: Purchase, line: PurchaseLine, line_id: str) -> Line:
    product = PRODUCTS[line.product]
    glaze = line.glaze or (product.glazes[0] if product.glazes else "")
    options = []
    if glaze:
        options = [f"{say(purchase.locale, 'product.glaze')}: {say(purchase.locale, f'glaze.{glaze}')}"]
    return Line(
        id=line_id,
        product_id=product.slug,
        sku=product.sku + (f"-{glaze.upper()}" if glaze else ""),
        name=say(purchase.locale, f"product.{product.slug}.name"),
        quantity=line.quantity,
        total=str(product.price(purchase.currency) * line.quantity),
        ships=product.ships,
        options=options,
    )


def _customer_id(email: str) -> str:
    return "C" + hashlib.sha256(email.strip().lower().encode()).hexdigest()[:12]


def _touch(order: Order) -> None:
    # Two changes inside one tick of the clock must still be tellable apart.
    order.modified_at = from_micros(max(to_micros(datetime.now(UTC)), to_micros(order.modified_at) + 1))


def _row_id(order_id: str) -> int:
    return int(order_id) if order_id.isascii() and order_id.isdigit() and len(order_id) < 19 else -1
