"""What one mail is about, and what follows from it: parcels, money still due, links and words that are safe.

Everything an order brings is somebody else's text. `clean` makes it one line of plain words of a bounded
length; `safe_link` lets only http and https through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from plugin.contract import Money, Notice, Order, OrderStatus, PaymentStatus, Refund, Shipment, ShipmentStatus
from plugin.mail.message import clean_words
from plugin.stores.contact_words import Way

_NAME = re.compile(r"[^\W\d_][^\W\d_'’-]{0,30}")
_LINK_SIGNS = re.compile(r"[\s\x00-\x20\x7f<>\"\\]")
# Until then the shopper has nothing in hand, so whoever pays at the door has not paid yet.
_BEFORE_DELIVERY = frozenset((
    Notice.order_received, Notice.payment_pending, Notice.payment_failed, Notice.on_hold, Notice.preparing,
    Notice.shipped, Notice.out_for_delivery, Notice.ready_for_pickup, Notice.attempted, Notice.delayed,
))
_ENDED = (OrderStatus.cancelled, OrderStatus.refunded, OrderStatus.failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMail:
    """One notice to one shopper, with all that its words need.

    `parcel` is the one it is about (None for the whole order), `parcels` all known ones in a lasting order,
    `refund` the one it is about, `told_together` what this mail also tells, `no_tracking` that the mail was held
    for a tracking number until the time-out. `locale` is the reader's (``es_CO``), `time_zone` the store's,
    `accent` the store's colour (``#0a7d5a``). Empty URLs are left out; `can_reply` says that an answer to this
    mail reaches somebody. `ways`: how this reader reaches the shop, told at the foot with the help pages at
    `help_url`.
    """

    notice: Notice
    order: Order
    parcel: Shipment | None = None
    parcels: tuple[Shipment, ...] = ()
    refund: Refund | None = None
    told_together: tuple[Notice, ...] = ()
    no_tracking: bool = False
    locale: str = "en"
    time_zone: str = "UTC"
    store_name: str = ""
    store_url: str = ""
    accent: str = ""
    tracking_url: str = ""
    unsubscribe_url: str = ""
    help_links: tuple[tuple[str, str], ...] = ()
    can_reply: bool = False
    ways: tuple[Way, ...] = ()
    help_url: str = ""


def clean(words: str, limit: int = 140) -> str:
    """Somebody else's words on one line, at most `limit` signs."""
    return clean_words(words, limit)


def safe_link(url: str) -> str:
    """The URL when it is a plain http or https address, else ``""``."""
    if len(url) > 2000 or _LINK_SIGNS.search(url):
        return ""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return ""
    return url if fine else ""


def greeting_name(customer_name: str) -> str:
    """The first name when it looks like one, else ``""``: whoever buys chooses it, and it reaches a mailbox."""
    first = clean(customer_name, 80).partition(" ")[0]
    return first if len(first) > 1 and _NAME.fullmatch(first) else ""


def same_parcel(one: Shipment, other: Shipment) -> bool:
    """Whether two records are the same parcel: equal platform ids, or equal tracking numbers."""
    if one.external_id and other.external_id:
        return one.external_id == other.external_id
    return bool(one.tracking_number) and one.tracking_number == other.tracking_number


def all_parcels(mail: NoticeMail) -> tuple[Shipment, ...]:
    """The known parcels, with the one this mail is about as the mail knows it."""
    parcel = mail.parcel
    if parcel is None:
        return mail.parcels
    if not any(same_parcel(parcel, known) for known in mail.parcels):
        return (*mail.parcels, parcel)
    return tuple(parcel if same_parcel(parcel, known) else known for known in mail.parcels)


def told_parcel(mail: NoticeMail) -> Shipment | None:
    """The parcel the words may speak of: the one the mail is about, or the only one there is."""
    parcels = all_parcels(mail)
    return mail.parcel or (parcels[0] if len(parcels) == 1 else None)


def parcel_place(mail: NoticeMail) -> tuple[int, int] | None:
    """(1, 2) for "parcel 1 of 2"; None when the mail is about the whole order or its only parcel."""
    parcels = all_parcels(mail)
    if mail.parcel is None or len(parcels) < 2:
        return None
    for place, known in enumerate(parcels, start=1):
        if same_parcel(mail.parcel, known):
            return place, len(parcels)
    return None


def is_arrived(parcel: Shipment) -> bool:
    """Whether this parcel is no longer to come."""
    return parcel.status in (ShipmentStatus.delivered, ShipmentStatus.returned, ShipmentStatus.failed)


def known_refunds(mail: NoticeMail) -> tuple[Refund, ...]:
    """The order's refunds, the one of this mail among them."""
    known = mail.order.refunds
    if mail.refund is None or any(one.external_id == mail.refund.external_id for one in known):
        return known
    return (*known, mail.refund)


def refunded_money(mail: NoticeMail) -> Money:
    """What has been given back so far, the refund of this mail included."""
    given = sum((refund.amount.amount for refund in known_refunds(mail)), Decimal(0))
    return Money(amount=given, currency=mail.order.total.currency)


def this_refund(mail: NoticeMail) -> Money:
    """The amount a refund mail speaks of: its refund, else all there are, else the whole order."""
    if mail.refund:
        return mail.refund.amount
    so_far = refunded_money(mail)
    return so_far if so_far.amount > 0 else mail.order.total


def money_due(mail: NoticeMail) -> Money:
    """The order's total less what was given back, never below nothing."""
    left = mail.order.total.amount - refunded_money(mail).amount
    return Money(amount=max(left, Decimal(0)), currency=mail.order.total.currency)


def is_paid_at_door(order: Order) -> bool:
    """Whether the shopper pays when the order arrives; then nobody may say that money was received."""
    return order.pay_on_delivery or order.payment_status == PaymentStatus.on_delivery


def is_unpaid_at_door(mail: NoticeMail) -> bool:
    """Whether the shopper is still to pay at the door, as far as this mail knows."""
    order = mail.order
    if not is_paid_at_door(order) or order.status in _ENDED:
        return False
    if mail.notice in _BEFORE_DELIVERY:
        return True
    refunding = mail.notice in (Notice.refunded, Notice.partly_refunded)
    return refunding and not has_left_the_shop(mail)


def has_left_the_shop(mail: NoticeMail) -> bool:
    """Whether the order may already be in the shopper's hands: completed, or a parcel delivered."""
    if mail.order.status == OrderStatus.completed or mail.order.completed_at:
        return True
    return any(parcel.status == ShipmentStatus.delivered for parcel in all_parcels(mail))
