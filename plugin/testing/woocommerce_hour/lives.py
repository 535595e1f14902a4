"""What happens in the shop within the hour: each order's life as dated acts, by seed.

A life only goes forward, as a careful merchant's orders do, so what its shopper must have heard last can be read from
where it ends (`tally`). The acts of one order are never in the same second: stamps have no finer one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from plugin.testing.fake_woocommerce import FakeShop, Order

HOUR = 3600
LAST_ORDER = 3000
"""Seconds into the hour after which nobody buys any more, so that most lives come to their end."""
PAUSES = (45, 700)
LAST_DRAFT = HOUR - 2 * PAUSES[1] - 1
"""A draft that is to be placed has an e-mail typed first: both fit into the hour."""
MEANINGS = {"despachado": "shipped", "en-reparto": "out_for_delivery", "entregado": "delivered"}
"""The shop's own statuses and what the merchant confirmed them to mean."""
UNMAPPED = "en-empaque"
"""A status whose meaning nobody confirmed: nothing is sent about it."""
CARRIERS = ("servientrega", "coordinadora", "interrapidisimo")


@dataclass
class Life:
    """One order from its placing on. `order` is None until it is placed."""

    number: int
    kind: str
    acts: Sequence[str]
    order: Order | None = None

    @property
    def email(self) -> str:
        return f"shopper{self.number}@example.com"


@dataclass(frozen=True, order=True)
class Act:
    """Something done at `second` of the hour."""

    second: int
    number: int
    what: str = field(compare=False)
    life: Life = field(compare=False)


KINDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "at the door": (22, ("place cod", "status despachado", "track", "status en-reparto", "status entregado")),
    "card with a number": (16, ("place card", "track", "status completed")),
    "card without a number": (8, ("place card", "status completed")),
    "card that failed": (6, ("place pending", "status failed")),
    "card at the second try": (
        5,
        ("place pending", "status failed", "status processing", "status completed"),
    ),
    "bank transfer": (7, ("place bacs", "status processing", "track", "status completed")),
    "cancelled": (5, ("place cod", "status cancelled")),
    "refunded": (5, ("place card", "status completed", "refund")),
    "partly refunded": (4, ("place card", "track", "status completed", "refund part")),
    "gift card": (3, ("place virtual", "status completed")),
    "core's parcel": (4, ("place card", "fulfill", "status completed")),
    "two parcels": (3, ("place cod", "track", "track", "status completed")),
    "block checkout": (5, ("draft", "type", "status processing", "track")),
    "touched for nothing": (2, ("place cod", "touch", "touch")),
    "unmapped status": (2, ("place cod", f"status {UNMAPPED}")),
    "to the bin": (1, ("place cod", "trash")),
    "to the bin and back": (1, ("place cod", "trash", "restore")),
    "deleted": (1, ("place cod", "delete")),
}
"""Kind → (how many of a hundred, what happens)."""


def plan_hour(orders: int, drafts: int, seed: int) -> tuple[list[Life], list[Act]]:
    """`orders` that are placed and `drafts` that never are, with everything that happens to them, in order of time."""
    chance = random.Random(seed)
    kinds = list(KINDS)
    weights = [KINDS[kind][0] for kind in kinds]
    chosen = kinds + chance.choices(kinds, weights, k=orders - len(kinds))
    chance.shuffle(chosen)
    lives = [Life(number, kind, KINDS[kind][1]) for number, kind in enumerate(chosen)]
    lives += [Life(orders + number, "abandoned", ("draft", "type")) for number in range(drafts)]
    acts = []
    for life in lives:
        second = chance.randint(1, LAST_DRAFT if life.acts[0] == "draft" else LAST_ORDER)
        for what in life.acts:
            if second < HOUR:
                acts.append(Act(second, life.number, what, life))
            second += chance.randint(*PAUSES)
    return lives, sorted(acts)


def perform(shop: FakeShop, act: Act) -> None:
    """Does it, by the shop's clock."""
    life, (verb, _, rest) = act.life, act.what.partition(" ")
    if verb in PLACING:
        life.order = PLACING[verb](shop, life, rest)
        return
    order = life.order
    assert order is not None
    match verb:
        case "status":
            shop.change_status(order, rest)
        case "track":
            number = f"{9_000_000 + life.number}{len(order.read_meta('_wc_shipment_tracking_items') or [])}"
            shop.add_tracking(order, number, CARRIERS[life.number % len(CARRIERS)])
        case "fulfill":
            shop.fulfill(order, f"1Z{life.number:010}")
        case "refund":
            shop.refund(order, Decimal(5000) if rest else None)
        case "type":
            shop.type_email(order, life.email)
        case "touch":
            with shop.lock:
                shop.save(order)
        case "trash" | "restore" | "delete":
            getattr(shop, verb)(order)


def _place(shop: FakeShop, life: Life, how: str) -> Order:
    name = {"first_name": "Prueba", "last_name": f"Número {life.number}"}
    if how == "virtual":
        return shop.place_order(life.email, payment="card", lines=[(13, 1)], **name)
    status = "pending" if how == "pending" else ""
    payment = "card" if how == "pending" else how
    return shop.place_order(life.email, payment=payment, status=status, lines=[(10, 1), (12, 2)], **name)


def _open_draft(shop: FakeShop, life: Life, _how: str) -> Order:
    return shop.open_draft()


PLACING: dict[str, Callable[[FakeShop, Life, str], Order]] = {"place": _place, "draft": _open_draft}
