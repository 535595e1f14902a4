"""The contract between Mostrador and a shop platform: everything an adapter author reads.

Subclass `StoreAdapter`, name the class in the entry point group ``mostrador.adapters``, and run
``mostrador adapters check NAME``. No file of Mostrador is edited. Standard library only.

Rules that hold everywhere: times are aware UTC; platform ids are strings called ``external_id``;
every normalised status travels with the platform's own word in ``raw_status``; *unknown* is a value,
never a crash; an adapter keeps no state per store, every call gets the store.

What the core does with an error depends on its class alone (`AdapterError` and below): not genuine → 401
and nothing kept; unreadable or refused → buried with its words, replayable; expired → refreshed once and
tried again; revoked → the store is parked and its merchant told; limited or down → tried again later.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Protocol, TypeVar, dataclass_transform

CONTRACT_VERSION = 1

OrderStatus = StrEnum("OrderStatus", "draft pending on_hold processing completed cancelled refunded failed unknown")
"""Where an order stands. `draft` is never shown to anybody and never mailed about."""

PaymentStatus = StrEnum("PaymentStatus", "unpaid on_delivery authorized paid partly_refunded refunded failed unknown")
"""Where the money stands. `on_delivery`: the shopper pays at the door."""

ShipmentStatus = StrEnum("ShipmentStatus", (
    "label_created in_transit out_for_delivery ready_for_pickup attempted delayed delivered failed returned unknown"
))
"""Where one parcel is."""

Notice = StrEnum("Notice", (
    "order_received payment_pending payment_received payment_failed on_hold preparing shipped "
    "out_for_delivery ready_for_pickup attempted delayed delivered returned cancelled refunded "
    "partly_refunded"
))
"""One thing a shopper should hear about an order."""

Capability = StrEnum("Capability", (
    "WEBHOOKS READ_ORDERS BACKFILL PROOFS ADD_SHIPMENT COUPONS ORDER_NOTES CANCEL_ORDER REPLACEMENTS STORE_FACTS "
    "MAIL_LEASE"
))
"""What an adapter can do at most; what a store really can is found by `StoreAdapter.set_up`."""

Meaning = StrEnum("Meaning", (
    "awaiting_payment on_hold preparing shipped out_for_delivery ready_for_pickup attempted delivered returned "
    "cancelled nothing"
))
"""What a status of the shop's own invention tells a shopper; `nothing`: the merchant wants no mail about it."""

Step = StrEnum("Step", (
    "home catalogue product cart checkout contact shipping payment review order_pay thank_you order_status account"
))
"""A page of the purchase; one page may stand for several."""

@dataclass_transform(frozen_default=True, kw_only_default=True)
class Record:
    """Base of all nouns and events: a frozen dataclass whose fields are given by keyword."""
    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)

class Words(str):
    """Words for a merchant: English as it reads, with what a translation needs beside it.

    ``Words("The shop answered {status}.", status=503)``. `message` is looked up in the adapter's `catalogues`;
    a value may be `Words` itself.
    """
    message: str
    values: Mapping[str, str | int]
    def __new__(cls, message: str, /, **values: str | int) -> Words:
        made = super().__new__(cls, message.format(**values) if values else message)
        made.message, made.values = message, values
        return made

class Money(Record):
    """An exact amount, e.g. ``Money(amount=Decimal("12.50"), currency="EUR")`` (ISO 4217)."""

    amount: Decimal
    currency: str
class OrderLine(Record):
    """One line of an order. `total` is what the line costs after discounts, without tax."""
    external_id: str
    name: str
    quantity: int
    total: Money
    product_id: str = ""
    sku: str = ""
    details: tuple[str, ...] = ()
    """What the shopper chose, in words: ``("Colour: Red",)``."""
class Refund(Record):
    """Money given back. `amount` is positive."""
    external_id: str
    amount: Money
    reason: str = ""
    created_at: datetime | None = None
class TrackingEvent(Record):
    """One dated report of a carrier about a shipment."""
    status: ShipmentStatus
    raw_status: str
    occurred_at: datetime
    message: str = ""
    location: str = ""

class Shipment(Record):
    """One parcel. At least one of `external_id` and `tracking_number` is given; both identify it."""
    status: ShipmentStatus
    raw_status: str = ""
    external_id: str = ""
    tracking_number: str = ""
    carrier: str = ""
    tracking_url: str = ""
    """Untrusted; shown only when it is http or https."""
    shipped_at: datetime | None = None
    expected_at: datetime | None = None
    events: tuple[TrackingEvent, ...] = ()
    items: tuple[tuple[str, int], ...] = ()
    """(order line's external_id, quantity) inside this parcel; empty when the platform does not say."""

class Order(Record):
    """One order as the platform tells it now: a whole snapshot, not a change."""
    external_id: str
    number: str
    status: OrderStatus
    raw_status: str
    payment_status: PaymentStatus
    created_at: datetime
    modified_at: datetime
    total: Money
    lines: tuple[OrderLine, ...] = ()
    refunds: tuple[Refund, ...] = ()
    shipments: tuple[Shipment, ...] | None = None
    """All parcels, or None when this snapshot says nothing about parcels."""
    needs_shipping: bool = True
    dispatched: bool = False
    """The platform says that everything to be shipped has left, parcels known or not."""
    whereabouts: ShipmentStatus = ShipmentStatus.unknown
    """Where everything to be shipped is, when the platform's own status tells more than `dispatched`."""
    untold: frozenset[Notice] = frozenset()
    """What `platform_mails` names and the platform will yet not mail about this order as it stands."""
    pay_on_delivery: bool = False
    payment_method: str = ""
    paid_at: datetime | None = None
    completed_at: datetime | None = None
    email: str = ""
    customer_name: str = ""
    customer_id: str = ""
    country: str = ""
    """ISO 3166 code of where the order goes, or '' when unknown."""
    locale: str = ""
    """The language the shopper bought in, when the platform knows it (``es``, ``pt_BR``)."""
    status_url: str = ""
    """A page of the shop about this order that asks for proof itself, or ''."""
class Coupon(Record):
    """A discount. Exactly one of `percent` and `amount` is given."""
    code: str
    percent: Decimal | None = None
    amount: Money | None = None
    expires_at: datetime | None = None
    single_use: bool = True
class StatusWord(Record):
    """One status a store's orders can have, as its merchant reads it. `known`: the adapter understands it itself."""
    raw_status: str
    name: str
    known: bool = False
class MailLease(Record):
    """Until `expires_at` the platform leaves its own mails of these notices to us, for orders placed since."""
    notices: frozenset[Notice]
    orders_since: datetime
    expires_at: datetime
class OrderChanged(Record):
    """A whole order as it was at `order.modified_at`."""
    order: Order
class ShipmentChanged(Record):
    """One parcel of an order as it was at `modified_at`."""
    order_external_id: str
    shipment: Shipment
    modified_at: datetime
class Refetch(Record):
    """Something about this order changed, but the delivery does not carry its state."""
    order_external_id: str
    reason: str
class OrderGone(Record):
    """The order no longer exists, as the platform says with a time."""
    order_external_id: str
    gone_at: datetime
class StoreUninstalled(Record):
    """The merchant removed the app."""
class AccessBroken(Record):
    """The platform no longer lets us see the store's orders; the merchant must act."""
    reason: str
class StoreChanged(Record):
    """The shop itself changed: its name, plan, addresses, or what we may do there. It is set up anew."""
    reason: str
class CustomerDataRequested(Record):
    """A customer asked for a copy of their data. They are named by any of the three."""
    customer_id: str
    email: str = ""
    order_external_ids: tuple[str, ...] = ()
class CustomerErasureRequested(Record):
    """A customer must be forgotten. They are named by any of the three."""
    customer_id: str
    email: str = ""
    order_external_ids: tuple[str, ...] = ()
class StoreErasureRequested(Record):
    """Everything about the store must be forgotten."""
class Ignored(Record):
    """Genuine, and nothing for us."""
    topic: str
    reason: str

Event = (
    OrderChanged | ShipmentChanged | Refetch | OrderGone | StoreUninstalled | StoreChanged | AccessBroken
    | CustomerDataRequested | CustomerErasureRequested | StoreErasureRequested | Ignored
)

class Setting(Record):
    """One setting of an adapter, read as ``MOSTRADOR_<ADAPTER>_<KEY>``."""
    key: str
    help: str
    secret: bool = False
    default: str = ""

class Store(Record):
    """A connected store as an adapter sees it. `webhook_secret` is ours, `credentials` the platform's."""
    public_id: str
    platform: str
    domain: str
    webhook_secret: str = field(default="", repr=False)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    currency: str = ""
    locale: str = ""
    time_zone: str = "UTC"
    name: str = ""
    accent: str = ""
    """The colour of its widget, ``#rrggbb``."""
    origins: tuple[str, ...] = ()
    """Where its pages stand: its domain's first, then what `set_up` found."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """What the adapter's own pages learnt of it (`PageDoors.keep`)."""
class HookRequest(Record):
    """A POST to ``/hooks/<platform>/<hook_key>``, or with the key '' to ``/hooks/<platform>``; header names are lower
    case, `body` as received."""
    hook_key: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
class WebhookDelivery(Record):
    """One webhook arrival, not yet believed."""
    topic: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    hook_key: str = field(default="", repr=False)
    claimed_domain: str = ""
    """Of an app-level delivery: whose it says it is. Its form was checked, and it is a hint: no signature covers it."""
class Handshake(Record):
    """A greeting that carries nothing: answered 200, nothing is kept."""
    reason: str
class WebRequest(Record):
    """A page's visit as an adapter sees it; header names are lower case."""
    method: str
    path: str
    query: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)
    """When an installation comes back: what `Redirect.keep` or the `Form` began with."""
class Urls(Record):
    """Our own public addresses for one store or installation."""
    webhook: str
    install_callback: str
    widget_loader: str
    desk: str
    help: str = ""
class Redirect(Record):
    """Send the merchant's browser there. `keep`: what `finish_install` needs to know again, kept on our side.
    `by_server`: the access is posted by the platform's server, without the browser's cookie."""
    url: str = field(repr=False)
    keep: Mapping[str, str] = field(default_factory=dict, repr=False)
    by_server: bool = False
class Form(Record):
    """Ask the merchant for these values."""
    fields: tuple[Setting, ...]
    words: str = ""
class StoreAccess(Record):
    """What an installation yields."""
    domain: str
    name: str
    credentials: Mapping[str, str] = field(repr=False)
    currency: str = ""
    locale: str = ""
    time_zone: str = "UTC"
    expires_at: datetime | None = None
    refresh_before: datetime | None = None
    """After which not even a refresh helps: the core refreshes long before, also for a store at rest."""
class InstallReport(Record):
    """What `set_up` found and made."""
    webhooks: int = 0
    capabilities: frozenset[Capability] = frozenset()
    warnings: tuple[str, ...] = ()
    repaired: int = 0
    """Webhooks that had been disabled or were missing and were made anew."""
    origins: tuple[str, ...] = ()
    """Where its pages stand besides ``https://<domain>``: they may call the widget's API."""

SurfaceState = StrEnum("SurfaceState", "live policy_link needs_step not_possible")
"""Whether the widget stands on a page; `policy_link`: a link to the help stands there, in the shop's own policies."""
class Surface(Record):
    """One page of the purchase in the coverage report; `words` say what to do or why not."""
    step: Step
    state: SurfaceState
    words: str = ""
    url: str = ""
FindingState = StrEnum("FindingState", "good trouble mended unknown")
class Finding(Record):
    """One answer of the connection doctor. `key` names the question; `words` say what is wrong and what to do."""
    key: str
    state: FindingState
    words: str = ""
    url: str = ""
class Proof(Record):
    """A claim that somebody owns an order or an account, not yet believed."""
    token: str = field(repr=False)
    claimed_store: str = ""
    claimed_domain: str = ""
    """For a platform whose proofs name the shop and know nothing of our ids."""
class Visitor(Record):
    """A shopper proven by the platform's signature."""
    order_external_id: str = ""
    customer_id: str = ""
class Merchant(Record):
    """A member of the store's staff proven by the platform's signature."""
    external_id: str
    email: str = ""
    name: str = ""
    is_owner: bool = True
    """Of the shop; others of its staff answer shoppers, and own nothing here."""
class TrackingLink(Record):
    """A link in one of the platform's own mails: opens the redacted tracking page, proves nothing."""
    order_external_id: str
class Answer(Record):
    """An HTTP answer from outside."""
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str = field(repr=False)
class Http(Protocol):
    """The one guarded way out: resolves, checks and pins the address, caps size and time."""
    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None,
                body: bytes | None = None, redirects: bool = True) -> Answer:
        """The answer, whatever its status. `redirects=False`: a redirect is an answer. Raises `PlatformDown`."""
T = TypeVar("T")
class WebResponse(Record):
    """A page's answer. No page is framed but by `frame_ancestors`; scripts come from us and from `script_origins`."""
    status: int = 200
    body: bytes = field(default=b"", repr=False)
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    frame_ancestors: tuple[str, ...] = ()
    script_origins: tuple[str, ...] = ()
class HomeSection(Record):
    """A part of the embedded home that only the platform needs: ready texts to copy, a link, a thing to confirm."""
    key: str
    title: str
    words: str
    texts: tuple[tuple[str, str], ...] = ()
    """(what it is for, the text to copy)."""
    first: int = 0
    """So many of the texts are shown at once, the others when asked for; 0: all of them."""
    link: tuple[str, str] = ("", "")
    """(words, address)."""
    is_confirmed: bool | None = None
    """None: there is nothing to confirm. Its form posts ``confirm=<key>`` or ``withdraw=<key>``."""
class HomeFrame(Record):
    """How the platform's back office frames the store's home. Scripts run in this order, before everything else."""
    meta: Mapping[str, str] = field(default_factory=dict)
    head_scripts: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    """Our own, at the end; they post a form's fields to ``<main data-act>`` and put the answer's main there."""
    act_url: str = ""
    frame_ancestors: tuple[str, ...] = ()
    script_origins: tuple[str, ...] = ()
    sections: tuple[HomeSection, ...] = ()
    warnings: tuple[str, ...] = ()
class PageDoors(Protocol):
    """What the core does for a page, among the stores of its own platform. Who may ask is for the page to prove."""
    @property
    def base_url(self) -> str:
        """Our public address, without a slash at its end."""
    def find_store(self, domain: str) -> Store | None:
        """The store here, unless it was taken off."""
    def admit(self, merchant: Proof) -> Store:
        """The store of a merchant whom the platform proved, with an access that works: `exchange_access` gives it one
        when it has none. Raises `InstallRejected`."""
    def ask(self, store: Store, question: Callable[[Store], T]) -> T:
        """Calls `question` with the store's access kept fresh. Raises what it raises."""
    def keep(self, store: Store, facts: Mapping[str, str]) -> Store:
        """Adds to `Store.kept`; '' takes a fact away. The coverage is asked for anew."""
    def hand_over(self, store: Store, merchant: Merchant) -> str:
        """A word that opens the desk to them, once and within five minutes: the field ``token`` of a POST to
        ``/desk/arrive``. Raises `InstallRejected`."""
    def show_home(self, store: Store, merchant: Merchant, frame: HomeFrame, locale: str) -> WebResponse:
        """The same checklist as at the desk, in the platform's frame."""
    def act(self, store: Store, merchant: Merchant, wish: Mapping[str, str]) -> None:
        """Does what one form of the home wishes. Raises `InstallRejected` for what nobody may or knows."""
    def list_links(self, store: Store, steps: Sequence[str], locale: str) -> Mapping[str, Any]:
        """``{"hub_url", "links": [{"article_id", "title", "url"}]}``, fitting the steps."""
    def show_order(self, store: Store, who: Visitor | TrackingLink, locale: str) -> Mapping[str, Any] | None:
        """The order as the widget shows it (its API's shape ``order``); for a `TrackingLink` how it stands, and its
        parcels. None: there is none to show."""
    def widget_file(self, name: str) -> str:
        """The address of a built file of the widget: ``document.js``."""
class Page(Record):
    """A platform-shaped page at ``/p/<name>/<path>``. `cors`: scripts of any origin may read its answers; no cookie is
    ever sent along or believed."""
    path: str
    handle: Callable[[WebRequest, PageDoors], WebResponse]
    methods: tuple[str, ...] = ("GET",)
    cors: bool = False
class Clock(Protocol):
    """Where the time comes from."""
    def now(self) -> datetime: ...
class SystemClock:
    """The real clock, in UTC."""
    def now(self) -> datetime:
        return datetime.now(UTC)

class AdapterError(Exception):
    """Something between us and the platform went wrong."""
    def __str__(self) -> str:
        return super().__str__() or (type(self).__doc__ or "").strip()
    @property
    def words(self) -> str:
        """What happened; `Words` where the one who raised it can tell it in several languages."""
        return self.args[0] if self.args and isinstance(self.args[0], Words) else str(self)

class WebhookRejected(AdapterError):
    """The delivery is not genuine."""
class InstallRejected(AdapterError):
    """The installation could not be completed."""
class PayloadUnreadable(AdapterError):
    """The delivery is genuine, but it could not be read."""
class AccessExpired(AdapterError):
    """The access to the store has expired."""
class AccessRevoked(AdapterError):
    """The store no longer lets us in; its merchant has to connect it again."""
class NotFound(AdapterError):
    """The platform does not have it (any more)."""
class RateLimited(AdapterError):
    """The platform asks us to slow down."""
    def __init__(self, words: str = "", *, retry_after: float = 60.0) -> None:
        super().__init__(words)
        self.retry_after = retry_after
class PlatformDown(AdapterError):
    """The platform does not answer properly just now."""
class PlatformRefused(AdapterError):
    """The platform understood and said no."""
class Unsupported(AdapterError):
    """This platform cannot do that."""
    def __init__(self, capability: Capability) -> None:
        super().__init__(f"This platform does not support {capability.value}.")
        self.capability = capability

class StoreAdapter(ABC):
    """One shop platform. Built once per process as ``Adapter(settings, http, clock)``."""

    name: ClassVar[str]
    label: ClassVar[str]
    contract_version: ClassVar[int] = CONTRACT_VERSION
    capabilities: ClassVar[frozenset[Capability]] = frozenset()
    settings: ClassVar[tuple[Setting, ...]] = ()
    catalogues: ClassVar[str] = ""
    """The folder with the adapter's own words, ``<language>/LC_MESSAGES/<name>.mo``; '' when it has none."""
    asks_address: bool = False
    """`begin_install` reads the posted field ``shop`` (its address), and ``keys=1``: the merchant wants the `Form`."""
    takes_keys: bool = False
    """Beside an approval at the platform, a merchant may paste keys: the `Form` of `begin_install`."""
    app_hooks: ClassVar[bool] = False
    """One secret of the app signs the deliveries of all stores, sent to ``/hooks/<name>``. A genuine one of a store not
    known yet makes it an announced one, whose deliveries wait for its access."""
    erase_after: ClassVar[timedelta | None] = None
    """How long after a store was taken off everything about it is forgotten, asked for or not; None: when asked."""
    picture_hosts: ClassVar[tuple[str, ...]] = ()
    """Beside a shop's own address: the hosts of what merchants upload at the platform. Help articles may show pictures
    from there."""
    def __init__(self, settings: Mapping[str, str], http: Http, clock: Clock) -> None:
        self.values = settings
        self.http = http
        self.clock = clock
    def list_faults(self) -> Sequence[str]:
        """What of its settings does not fit together, each as a sentence that says what to do."""
        return ()
    @abstractmethod
    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Redirect | Form:
        """The merchant asked to connect. `state` is minted and checked by the core."""
    @abstractmethod
    def finish_install(self, callback: WebRequest) -> StoreAccess:
        """The platform or the form came back. Raises `InstallRejected`. After `Redirect.by_server` it may also get the
        browser's GET: then it raises why nothing came, and what it gives is ignored."""
    def read_state(self, callback: WebRequest) -> str:
        """The `state` of `begin_install` in what came back; '' when it stands where a form keeps it."""
        return ""
    def list_staff(self, store: Store) -> Sequence[Merchant]:
        """Who, as the platform knows, may own the store here: each with an e-mail address."""
        return ()
    def refresh_access(self, store: Store) -> StoreAccess:
        """A new access for a store whose access expires; the core holds the lock, and asks again with the pair before
        when it is refused. Raises `AccessRevoked`."""
        raise AccessRevoked()
    def exchange_access(self, merchant_proof: Proof) -> StoreAccess:
        """An access in exchange for a merchant's genuine proof (it is verified here). Raises `InstallRejected`."""
        raise InstallRejected()
    @abstractmethod
    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        """Make what the platform needs; idempotent, also the repair button."""
    def tear_down(self, store: Store) -> None:
        """Remove what `set_up` made, as far as the platform still lets us."""
    def mend_webhooks(self, store: Store, urls: Urls) -> int:
        """Makes disabled or missing webhooks anew; cheap, asked every ten minutes. Gives how many."""
        return 0
    def examine(self, store: Store, urls: Urls) -> Sequence[Finding]:
        """The connection doctor: every question it asks, answered; what can be repaired is."""
        return ()
    def list_statuses(self, store: Store) -> Sequence[StatusWord]:
        """Every status an order of this store can have."""
        return ()
    def lease_mails(self, store: Store, lease: MailLease | None) -> None:
        """Hands the platform's own mails over to us for a while, or (None) back at once."""
        raise Unsupported(Capability.MAIL_LEASE)
    @abstractmethod
    def surfaces(self, store: Store) -> Sequence[Surface]:
        """Every page of the purchase, with the widget's state on it."""
    def platform_mails(self, store: Store) -> frozenset[Notice]:
        """The notices which the platform itself mails to shoppers. Raises `PlatformDown` rather than guess."""
        return frozenset()
    def read_webhook(self, request: HookRequest) -> WebhookDelivery | Handshake:
        """What arrived, believed in nothing. Raises `WebhookRejected` when it cannot be a delivery."""
        raise Unsupported(Capability.WEBHOOKS)
    def verify_webhook(self, delivery: WebhookDelivery, store: Store | None) -> None:
        """Raises `WebhookRejected` unless the platform signed exactly these bytes for this store."""
        raise Unsupported(Capability.WEBHOOKS)
    def parse_webhook(self, delivery: WebhookDelivery) -> Sequence[Event]:
        """What a genuine delivery means. Pure: no network, same in, same out. Raises `PayloadUnreadable`."""
        raise Unsupported(Capability.WEBHOOKS)
    def read_proof(self, token: str) -> Proof:
        """Which store a proof claims to speak for. Raises `WebhookRejected` when it is no proof."""
        raise Unsupported(Capability.PROOFS)
    def verify_proof(self, proof: Proof, store: Store) -> Visitor | Merchant | TrackingLink:
        """Who is proven. Raises `WebhookRejected` when forged, expired or of another store."""
        raise Unsupported(Capability.PROOFS)
    def pages(self) -> Sequence[Page]:
        """Platform-shaped pages, mounted under ``/p/<name>/``."""
        return ()
    def sections(self, store: Store, base_url: str) -> Sequence[HomeSection]:
        """What only this platform needs of its merchant, for the store's page at the desk. Asks nobody."""
        return ()
    def get_order(self, store: Store, external_id: str) -> Order:
        """The order now, parcels included. Raises `NotFound`."""
        raise Unsupported(Capability.READ_ORDERS)
    def find_order(self, store: Store, number: str) -> Order | None:
        """The order with this number; the core, not the adapter, compares the e-mail."""
        raise Unsupported(Capability.READ_ORDERS)
    def changed_orders(self, store: Store, since: datetime) -> Iterable[Order]:
        """Orders modified at or after `since`, oldest change first; drafts left out."""
        raise Unsupported(Capability.BACKFILL)
    def check_orders(self, store: Store, external_ids: Sequence[str]) -> Iterable[Order]:
        """Those of these orders that still exist, as they are now, in this order; which do not come are gone."""
        for external_id in external_ids:
            try:
                yield self.get_order(store, external_id)
            except NotFound:
                continue
    def add_shipment(self, store: Store, order_external_id: str, shipment: Shipment) -> Shipment:
        raise Unsupported(Capability.ADD_SHIPMENT)
    def issue_coupon(self, store: Store, coupon: Coupon) -> Coupon:
        """Idempotent by code."""
        raise Unsupported(Capability.COUPONS)
    def add_order_note(self, store: Store, order_external_id: str, text: str, *, tell_shopper: bool = False) -> None:
        """A note for the merchant's staff; the shopper is told only where that is wished."""
        raise Unsupported(Capability.ORDER_NOTES)
    def cancel_order(self, store: Store, order_external_id: str, reason: str) -> None:
        """Cancels; never moves money."""
        raise Unsupported(Capability.CANCEL_ORDER)
    def create_replacement(self, store: Store, order_external_id: str, lines: Mapping[str, int]) -> Order:
        raise Unsupported(Capability.REPLACEMENTS)
    def store_facts(self, store: Store) -> Mapping[str, Any]:
        """Currency, payment methods, shipping zones: what the help articles may say about the store.
        Of safety only what is sure: `https` (True: all pages), and of a payment method `typed`, where its details are
        typed ("form", "page", "account", "bank": see plugin/help/payment_safety.py), and `by`, whose that is."""
        raise Unsupported(Capability.STORE_FACTS)
