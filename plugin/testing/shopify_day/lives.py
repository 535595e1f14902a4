"""What happens in the shops within the day: each order's life as dated acts, by seed.

A life only goes forward, so what its shopper must have heard last can be read from where it ends (`tally`). The acts of
one order are never in the same second: stamps have no finer one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from plugin.testing.fake_shopify import FakeShop, Order
from plugin.testing.fake_shopify.nouns import Tracking

DAY = 24 * 3600
LAST_ORDER = 15 * 3600
"""Seconds into the day after which nobody buys any more, so that most lives come to their end."""
PAUSES = (900, 7200)
CARRIERS = ("Servientrega", "Coordinadora", "Interrapidísimo")
GOODS = {0: 2, 2: 1}
"""Coffee and a grinder: two lines that can travel apart."""
DIGITAL = {3: 1}


@dataclass
class Life:
    """One order from its placing on. `order` is None until it is placed."""

    number: int
    shop: FakeShop
    kind: str
    acts: Sequence[str]
    order: Order | None = None

    @property
    def email(self) -> str:
        return f"shopper{self.number}@example.com"


@dataclass(frozen=True, order=True)
class Act:
    """Something done at `second` of the day."""

    second: int
    number: int
    what: str = field(compare=False)
    life: Life = field(compare=False)


KINDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "at the door": (18, ("place", "fulfil", "event IN_TRANSIT", "event OUT_FOR_DELIVERY", "event DELIVERED")),
    "card, brought home": (16, ("place paid", "fulfil", "event IN_TRANSIT", "event DELIVERED")),
    "card, no events": (12, ("place paid", "fulfil")),
    "several numbers": (8, ("place paid", "fulfil several", "event IN_TRANSIT")),
    "two parcels": (8, ("place paid", "fulfil first", "fulfil", "event DELIVERED")),
    "nobody at home": (5, ("place", "fulfil", "event ATTEMPTED_DELIVERY", "event DELIVERED")),
    "paid later": (6, ("place bank", "pay", "fulfil", "event IN_TRANSIT")),
    "not paid": (3, ("place bank",)),
    "cancelled": (5, ("place", "cancel")),
    "refunded": (5, ("place paid", "fulfil", "refund")),
    "partly refunded": (4, ("place paid", "fulfil", "refund part")),
    "digital": (3, ("place digital",)),
    "touched for nothing": (3, ("place", "touch", "touch")),
    "number corrected": (3, ("place paid", "fulfil", "correct")),
    "deleted": (1, ("place", "delete")),
}
"""Kind → (how many of a hundred, what happens)."""


def plan_day(shops: Sequence[FakeShop], orders: int, seed: int) -> tuple[list[Life], list[Act]]:
    """`orders` in turn at the shops, with everything that happens to them, in order of time."""
    chance = random.Random(seed)
    kinds = list(KINDS)
    chosen = kinds + chance.choices(kinds, [KINDS[kind][0] for kind in kinds], k=orders - len(kinds))
    chance.shuffle(chosen)
    lives = [Life(number, shops[number % len(shops)], kind, KINDS[kind][1]) for number, kind in enumerate(chosen)]
    acts = []
    for life in lives:
        second = chance.randint(1, LAST_ORDER)
        for what in life.acts:
            if second < DAY:
                acts.append(Act(second, life.number, what, life))
            second += chance.randint(*PAUSES)
    return lives, sorted(acts)


def perform(act: Act) -> None:
    """Does it, by the shop's clock."""
    life, shop, (verb, _, rest) = act.life, act.life.shop, act.what.partition(" ")
    if verb == "place":
        life.order = place(life, rest)
        return
    order = life.order
    assert order is not None
    match verb:
        case "fulfil":
            fulfil(life, order, rest)
        case "event":
            shop.add_event(order, order.fulfilments[-1], rest, city="Bogotá")
            if rest == "DELIVERED" and len(order.fulfilments) > 1:
                shop.add_event(order, order.fulfilments[0], rest, city="Bogotá")
        case "correct":
            number = f"{order.fulfilments[0].tracking[0].number}-B"
            shop.change_tracking(order, order.fulfilments[0], [Tracking(number, CARRIERS[0])])
        case "refund":
            shop.refund(order, Decimal(5000) if rest else None)
        case "touch":
            shop.tag(order, [f"seen{order.serial}"])
        case "pay" | "cancel" | "delete":
            getattr(shop, verb)(order)


def place(life: Life, how: str) -> Order:
    name: dict[str, Any] = {"first_name": "Prueba", "last_name": f"Número {life.number}"}
    if how == "bank":
        return life.shop.place_order(life.email, items=GOODS, gateway="Transferencia bancaria", **name)
    return life.shop.place_order(
        life.email, paid=how in ("paid", "digital"), items=DIGITAL if how == "digital" else GOODS, **name
    )


def fulfil(life: Life, order: Order, how: str) -> None:
    stem = f"{9_000_000 + life.number}{len(order.fulfilments)}"
    numbers = [f"{stem}A", f"{stem}B"] if how == "several" else [stem]
    items = {order.lines[0].id: 2} if how == "first" else None
    life.shop.fulfil(order, items, numbers, company=CARRIERS[life.number % len(CARRIERS)])
