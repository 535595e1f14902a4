"""What the fake Shopify holds: the app, orders, parcels, subscriptions. Times are aware UTC, in whole seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

Body = dict[str, Any]
"""A JSON object."""

PROTECTED = frozenset({"name", "email", "phone", "address"})
"""The kinds of protected customer data, each approved separately (level 2), as the schema marks its fields."""
SCOPES = (
    "read_orders",
    "read_customers",
    "read_fulfillments",
    "read_shipping",
    "write_discounts",
    "write_orders",
    "write_merchant_managed_fulfillment_orders",
)
PLANS = {"basic": ("Basic", 100), "grow": ("Grow", 100), "advanced": ("Advanced", 200), "plus": ("Shopify Plus", 1000)}
"""Plan → (public name, points restored per second): shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits."""


@dataclass
class App:
    """The one app that this Shopify knows. `origin`: where its server is, like ``http://127.0.0.1:8080``."""

    client_id: str
    client_secret: str = field(repr=False)
    old_client_secret: str = field(default="", repr=False)
    """The secret before a rotation: still good for asking, and webhooks are signed with it until `signs_old_until`."""
    signs_old_until: datetime | None = None
    origin: str = ""
    scopes: tuple[str, ...] = SCOPES
    approved: frozenset[str] = PROTECTED
    """Which protected customer data Shopify lets it see."""
    distribution: str = "public"
    """`public`: embedded, Shopify-managed installation · `custom`: authorization-code grant."""

    def signing_secret(self, now: datetime) -> str:
        """What a webhook is signed with: up to an hour after a rotation still the old secret."""
        late = self.signs_old_until is not None and now < self.signs_old_until
        return self.old_client_secret if late and self.old_client_secret else self.client_secret

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.client_secret, self.old_client_secret)))


@dataclass
class Line:
    """One line of an order; `price` is for one piece."""

    id: int
    title: str
    variant: str
    sku: str
    price: Decimal
    quantity: int
    product_id: int
    ships: bool = True

    @property
    def name(self) -> str:
        return f"{self.title} - {self.variant}" if self.variant else self.title

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


@dataclass
class Tracking:
    number: str = ""
    company: str = ""
    url: str = ""


@dataclass
class Event:
    """One fulfillment event: `status` is a word of the schema's FulfillmentEventStatus, or one that is new."""

    id: int
    status: str
    happened_at: datetime
    created_at: datetime
    message: str = ""
    city: str = ""
    province: str = ""
    country: str = ""
    zip: str = ""
    estimated_at: datetime | None = None


@dataclass
class Fulfilment:
    """One fulfillment: what left together, under any number of tracking numbers. `items`: line id → pieces."""

    id: int
    name: str
    created_at: datetime
    updated_at: datetime
    items: dict[int, int]
    status: str = "SUCCESS"
    tracking: list[Tracking] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    estimated_at: datetime | None = None
    display: str = ""
    """Overrides what follows from the events."""
    notified: list[bool | None] = field(default_factory=list)
    """`notifyCustomer` of every write: anything but False mails the shopper."""

    @property
    def display_status(self) -> str:
        if self.display:
            return self.display
        if self.status == "CANCELLED":
            return "CANCELED"
        return self.events[-1].status if self.events else "FULFILLED"

    def find_time(self, status: str) -> datetime | None:
        return next((event.happened_at for event in self.events if event.status == status), None)


@dataclass
class Refund:
    id: int
    amount: Decimal
    note: str
    created_at: datetime
    items: dict[int, int] = field(default_factory=dict)


@dataclass
class Metafield:
    id: int
    owner: str
    namespace: str
    key: str
    value: str
    type: str
    updated_at: datetime


@dataclass
class Order:
    """One order. `serial` counts its saves: two states of one order never share it, though they may share a second."""

    id: int
    number: int
    created_at: datetime
    updated_at: datetime
    currency: str
    confirmation: str
    checkout_token: str
    lines: list[Line]
    email: str = ""
    first_name: str = "Ana"
    last_name: str = "Ruiz"
    phone: str = ""
    customer_id: int | None = None
    country: str = "CO"
    address: str = "Calle 26 # 13-19"
    city: str = "Bogotá"
    zip: str = "110311"
    locale: str = "es-CO"
    financial: str = "PENDING"
    gateway: str = "Cash on Delivery (COD)"
    source: str = "web"
    shipping: Decimal = Decimal(0)
    shipping_title: str = "Envío nacional"
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    closed_at: datetime | None = None
    paid_at: datetime | None = None
    note: str = ""
    test: bool = False
    holds: bool = False
    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    fulfilments: list[Fulfilment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    key: str = field(default="", repr=False)
    serial: int = 0

    @property
    def name(self) -> str:
        return f"#{self.number}"

    @property
    def subtotal(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.shipping

    @property
    def refunded(self) -> Decimal:
        return sum((refund.amount for refund in self.refunds), Decimal(0))

    @property
    def ships(self) -> bool:
        return any(line.ships for line in self.lines)

    def count_sent(self, line_id: int) -> int:
        """How many pieces of a line have left."""
        return sum(one.items.get(line_id, 0) for one in self.fulfilments if one.status == "SUCCESS")

    def list_open(self) -> dict[int, int]:
        """Line id → pieces that are still to be sent."""
        left = {line.id: line.quantity - self.count_sent(line.id) for line in self.lines if line.ships}
        return {line: count for line, count in left.items() if count > 0}

    @property
    def fulfillment_status(self) -> str:
        """displayFulfillmentStatus."""
        if self.holds:
            return "ON_HOLD"
        if not self.list_open():
            return "FULFILLED"
        return "PARTIALLY_FULFILLED" if any(one.status == "SUCCESS" for one in self.fulfilments) else "UNFULFILLED"


@dataclass
class Discount:
    id: int
    code: str
    created_at: datetime
    given: Body
    """The input it was made from, under the names of DiscountCodeBasicInput."""


@dataclass
class Subscription:
    """One webhook subscription. `id` None: declared in the app's TOML, so it lives forever."""

    topic: str
    """Like ``orders/updated``."""
    uri: str
    include: tuple[str, ...] = ()
    id: int | None = None
    created_at: datetime | None = None
    name: str = ""
    failures: int = 0
    """Deliveries in a row that failed for good or for now."""


@dataclass(frozen=True)
class Attempt:
    """One try of one delivery. `answer` 0: none came within the time. `number` 0 is the first try."""

    shop: str
    topic: str
    webhook_id: str
    event_id: str
    triggered_at: datetime
    at: datetime
    body: bytes
    url: str
    about: str = ""
    """The order it is about, as text."""
    serial: int = 0
    number: int = 0
    answer: int = 0
    lost: bool = False
    """The network swallowed it: it never arrived, and Shopify will not know."""

    @property
    def acknowledged(self) -> bool:
        """Only 2xx counts; a redirect is a failure."""
        return 200 <= self.answer < 300


@dataclass
class Manners:
    """How this Shopify behaves. Everything off: a healthy one."""

    eager: bool = False
    """Deliveries are tried every half second by themselves; else only by `run_hooks`."""
    shuffles: bool = True
    """No order between topics and orders (always so in the real one)."""
    duplicates: float = 0.0
    """The share of deliveries that arrive twice, under one webhook id."""
    lost: float = 0.0
    """The share of deliveries that are never made at all."""
    late: float = 0.0
    """The share of deliveries that are made up to a day late."""
    life: timedelta = timedelta(minutes=60)
    """Of an access token."""
    refresh_life: timedelta = timedelta(days=90)
    lose_answers: int = 0
    """So many of the next answers about tokens are cut off after the token was made."""
    oauth_retry_after: int = 0
    """Every question about tokens is answered 429, with this many seconds in Retry-After."""
    retry_after: int = 0
    """Every GraphQL question is answered 429, with this many seconds in Retry-After."""
    throttled: float = 0.0
    """The share of GraphQL questions that are THROTTLED whatever the bucket holds."""
    restore_rate: int = 0
    """Points per second; 0: what the shop's plan gives."""
    bucket: int = 0
    """Points at most; 0: twenty times the restore rate."""
    down: int = 0
    """Every answer is a page of HTML with this status."""
    frozen: int = 0
    """402 (unpaid), 403 or 423 (locked): what the shop's doors answer."""
    upgraded: str = ""
    """Ours has ended: every question is answered by this newer version, whose enums have words more (`NEW_WORDS`)."""
    gone: tuple[str, ...] = ()
    """The fields that the newer version has no more: ``("Order.note",)``."""
    real_seconds: bool = False
    """The buckets fill by the seconds that really pass too: for a caller that sleeps while the clock stands still."""
    patience: tuple[float, float] = (1.0, 5.0)
    """Seconds to connect and in all that a receiver gets."""
    all_orders: bool = True
    """False: orders older than 60 days need the scope read_all_orders."""
