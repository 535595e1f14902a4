"""Where a shopper stands in their purchase: before it, in it until everything is delivered, or after it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.contract import OrderStatus, ShipmentStatus
from plugin.language import translator
from plugin.orders import OrderView

PRE_PURCHASE, PURCHASE, POST_SALE = "pre_purchase", "purchase", "post_sale"
PHASES = (PRE_PURCHASE, PURCHASE, POST_SALE)

BUYING = frozenset(("cart", "checkout", "contact", "shipping", "payment", "review", "order_pay"))
"""Steps on which somebody is buying now, whatever they bought before."""
BOUGHT = frozenset(("thank_you", "order_status"))

_OVER = (OrderStatus.completed, OrderStatus.cancelled, OrderStatus.refunded)
_ARRIVED = (ShipmentStatus.delivered, ShipmentStatus.returned)
_SILENT = (ShipmentStatus.unknown, ShipmentStatus.label_created)


def find_phase(steps: Iterable[str], basket: bool, order: OrderView | None) -> str:
    """The phase of a shopper on a page that stands for `steps`, with something in the `basket` or not. `order`: their
    own, proven. Whether it is paid says nothing: a paid order is under way until it is delivered."""
    here = set(steps)
    if here & BUYING:
        return PURCHASE
    if order is not None:
        return POST_SALE if is_over(order) else PURCHASE
    return PURCHASE if basket or here & BOUGHT else PRE_PURCHASE


def is_over(view: OrderView) -> bool:
    """Whether nothing of the order is still to come. Its parcels tell more than "completed" does: many shops complete
    an order when it leaves."""
    order = view.order
    if order.status in (OrderStatus.cancelled, OrderStatus.refunded):
        return True
    told = [parcel.shipment.status for parcel in view.parcels]
    if any(status not in _SILENT for status in told):
        return all(status in _ARRIVED for status in told)
    if order.whereabouts not in _SILENT:
        return order.whereabouts in _ARRIVED
    return order.status in _OVER


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
