"""Where a shopper stands in their purchase: before it, in it until everything is delivered, or after it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from plugin.contract import OrderStatus, ShipmentStatus
from plugin.language import translator
from plugin.orders import OrderView

PRE_PURCHASE, PURCHASE, POST_SALE = "pre_purchase", "purchase", "post_sale"
PHASES = (PRE_PURCHASE, PURCHASE, POST_SALE)

BUYING = frozenset(("cart", "checkout", "contact", "shipping", "payment", "review", "order_pay"))
"""Steps on which somebody is buying now, whatever they bought before."""
BOUGHT = frozenset(("thank_you", "order_status"))

ARRIVED_AFTER = timedelta(days=14)
"""A completed order whose parcels nobody tells of counts as arrived from then on: many shops complete an order when it
leaves, and no word of its arrival ever comes."""

_ARRIVED = (ShipmentStatus.delivered, ShipmentStatus.returned)
_SILENT = (ShipmentStatus.unknown, ShipmentStatus.label_created)


def find_phase(steps: Iterable[str], basket: bool, order: OrderView | None, now: datetime) -> str:
    """The phase of a shopper on a page that stands for `steps`, with something in the `basket` or not. `order`: their
    own, proven. Whether it is paid says nothing: a paid order is under way until it is delivered."""
    here = set(steps)
    if here & BUYING:
        return PURCHASE
    if order is not None:
        return POST_SALE if is_over(order, now) else PURCHASE
    return PURCHASE if basket or here & BOUGHT else PRE_PURCHASE


def is_over(view: OrderView, now: datetime) -> bool:
    """Whether nothing of the order is still to come. Its parcels tell more than "completed" does; without news of them
    a completed order that needs shipping is over `ARRIVED_AFTER` it was completed."""
    order = view.order
    if order.status in (OrderStatus.cancelled, OrderStatus.refunded):
        return True
    told = [parcel.shipment.status for parcel in view.parcels]
    if any(status not in _SILENT for status in told):
        return all(status in _ARRIVED for status in told)
    if order.whereabouts not in _SILENT:
        return order.whereabouts in _ARRIVED
    if order.status is not OrderStatus.completed:
        return False
    # A platform that tells no time of completing tells when the parcels left; `modified_at` moves with any touch.
    left = max((parcel.shipment.shipped_at for parcel in view.parcels if parcel.shipment.shipped_at), default=None)
    return not order.needs_shipping or now - (order.completed_at or left or order.modified_at) >= ARRIVED_AFTER


def greeting_words(store_name: str, phase: str, locale: str, *, person: bool = False) -> str:
    """How a shopper is greeted in this phase: by the bot, which says what it is and what it can help with now. Where a
    `person` comes first the bot says nothing, so it does not speak of itself either."""
    _ = translator(locale, "care").gettext
    if person:
        hello = _("Hello! A person from {store} answers you here.").format(store=store_name)
        what = {
            PRE_PURCHASE: _("Ask us about products, delivery, payment or returns before you decide."),
            PURCHASE: _("We can help you to finish your purchase, or tell you how your order stands."),
            POST_SALE: _("We can help you with returns, exchanges, the warranty or your invoice."),
        }[phase]
        return f"{hello} {what}"
    hello = _("Hello! I am the automatic assistant of {store}.").format(store=store_name)
    what = {
        PRE_PURCHASE: _("Ask me about products, delivery, payment or returns before you decide."),
        PURCHASE: _("I can help you to finish your purchase, or tell you how your order stands."),
        POST_SALE: _("I can help you with returns, exchanges, the warranty or your invoice."),
    }[phase]
    return f"{hello} {what}"
