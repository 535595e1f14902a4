"""What a fake shop holds: orders, people, keys, webhooks. Times are aware UTC, in whole seconds as stamped."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

Body = dict[str, Any]
"""A JSON object as the shop's REST interface gives or takes it."""

STAFF = ("administrator", "shop_manager")
"""Roles with the capability `manage_woocommerce`."""
CORE_STATUSES = {
    "pending": "Pending payment",
    "processing": "Processing",
    "on-hold": "On hold",
    "completed": "Completed",
    "cancelled": "Cancelled",
    "refunded": "Refunded",
    "failed": "Failed",
    "checkout-draft": "Draft",
}
"""Slug → name, in the order of ``reports/orders/totals`` (recorded)."""


@dataclass
class User:
    """An account of the shop's WordPress."""

    id: int
    login: str
    password: str = field(repr=False)
    email: str
    role: str = "customer"
    first_name: str = ""
    last_name: str = ""

    @property
    def manages(self) -> bool:
        return self.role in STAFF


@dataclass
class Key:
    """One pair of REST keys; it has its user's rights, cut down by `permissions` (read, write, read_write)."""

    id: int
    user_id: int
    description: str
    permissions: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)


@dataclass
class Product:
    id: int
    name: str
    slug: str
    sku: str
    price: Decimal
    virtual: bool = False


@dataclass
class Line:
    """One `line_items` entry; `price` is for one piece."""

    id: int
    product: Product
    quantity: int

    @property
    def total(self) -> Decimal:
        return self.product.price * self.quantity


@dataclass
class Meta:
    id: int
    key: str
    value: Any

    def body(self) -> Body:
        return {"id": self.id, "key": self.key, "value": self.value}


@dataclass
class Refund:
    id: int
    amount: Decimal
    reason: str
    created_at: datetime
    refunded_by: int = 1


@dataclass
class Fulfillment:
    """One of core's fulfillments; `meta` as the REST interface shows it."""

    id: int
    is_fulfilled: bool
    updated_at: datetime
    meta: list[Meta] = field(default_factory=list)


@dataclass
class Note:
    id: int
    text: str
    created_at: datetime
    customer_note: bool = False
    author: str = "WooCommerce"


@dataclass
class Order:
    """One order. `serial` counts its saves: two states of one order never share it, though they may share a second."""

    id: int
    number: str
    status: str
    currency: str
    created_at: datetime
    modified_at: datetime
    order_key: str = field(repr=False)
    billing: dict[str, str]
    shipping: dict[str, str]
    lines: list[Line]
    payment_method: str = "cod"
    payment_title: str = "Pago contra entrega"
    shipping_method: str = "flat_rate"
    shipping_title: str = "Envío nacional"
    shipping_total: Decimal = Decimal(0)
    customer_id: int = 0
    customer_note: str = ""
    created_via: str = "checkout"
    completed_at: datetime | None = None
    paid_at: datetime | None = None
    meta: list[Meta] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    fulfillments: list[Fulfillment] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    shiptastic: list[Body] = field(default_factory=list)
    """Shiptastic's parcels of it, as its own route gives them."""
    status_before_trash: str = ""
    announced: bool = False
    """Whether order.created was fired."""
    serial: int = 0

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0)) + self.shipping_total

    @property
    def refunded(self) -> Decimal:
        return sum((refund.amount for refund in self.refunds), Decimal(0))

    @property
    def travels(self) -> bool:
        """Whether something of it is sent: any product that is not virtual, by anything but a pick-up."""
        sent = any(not line.product.virtual for line in self.lines)
        return sent and self.shipping_method not in ("", "local_pickup", "pickup_location")

    def read_meta(self, key: str) -> Any:
        return next((meta.value for meta in self.meta if meta.key == key), None)


@dataclass
class Coupon:
    id: int
    created_at: datetime
    modified_at: datetime
    fields: Body
    """What the merchant chose, under the names of the REST interface."""


@dataclass
class Webhook:
    """One webhook. `failures` is never shown to anybody; only deleting the webhook, or a success, resets it."""

    id: int
    user_id: int
    name: str
    topic: str
    delivery_url: str
    secret: str = field(repr=False)
    status: str
    created_at: datetime
    modified_at: datetime | None = None
    failures: int = 0

    @property
    def resource(self) -> str:
        return self.topic.partition(".")[0]

    @property
    def event(self) -> str:
        return self.topic.partition(".")[2]


@dataclass(frozen=True)
class Attempt:
    """One delivery on its way: what was sent, and what the shop saw of it. `answer` 0: none came."""

    webhook_id: int
    topic: str
    delivery_id: str
    at: datetime
    order_id: int | None
    serial: int
    body: bytes
    answer: int = 0
    lost: bool = False
    """The network swallowed it: it never arrived."""

    @property
    def acknowledged(self) -> bool:
        """Success in the shop's eyes: 200 to 302."""
        return 200 <= self.answer <= 302


@dataclass(frozen=True)
class CoreMail:
    """One mail that the shop itself sent, or left to the counter (`left`)."""

    mail_id: str
    order_id: int
    to: str
    at: datetime
    left: bool = False


@dataclass
class Manners:
    """How the shop behaves. Everything off: a healthy shop of 10.5.2 with default settings."""

    https: bool = False
    """The server itself speaks TLS."""
    hides_https: bool = False
    """A proxy in front ends TLS and does not tell PHP: `is_ssl()` is false."""
    plain_permalinks: bool = False
    redirect_loop: bool = False
    one_host: bool = False
    """Every request to another host than home's is redirected there (www)."""
    maintenance: int = 0
    """Every answer is a page of HTML with this status."""
    retry_after: int = 0
    """Every REST answer is 429, with this many seconds in Retry-After."""
    strips_authorization: bool = False
    fulfillments: bool = False
    shipment_tracking: str = ""
    """'' or the REST namespace of a tracking plugin: ``wc-shipment-tracking/v3`` or ``wc-ast/v3``."""
    shiptastic: bool = False
    """The shop has Shiptastic, which keeps its parcels to itself."""
    plugin_installed: bool = False
    """The shop has the counter's own WordPress plugin."""
    plugin_service: str = ""
    """The only service that plugin was built for; '' takes any."""
    public_receivers_only: bool = False
    """As `wp_safe_remote_post`: nothing is sent to loopback and private hosts."""
    plain_callbacks: bool = False
    """Kinder than the real one: an http callback on loopback is taken, for clicking through on one machine."""
    cron: str = "ticked"
    """`ticked`: only when told · `visited`: on a visit, a minute after the last run · `eager`: every second."""
    shuffles: bool = False
    """One run of the queue keeps no order between topics and orders (always so in a real shop)."""
    decimals: int = 2
    coupons: bool = True
