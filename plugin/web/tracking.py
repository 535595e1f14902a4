"""What the link in an order's mails shows: where the order is. Nothing about who ordered, what, or to where.

A mail is forwarded and its links are opened by machines, so the view is redacted, changes nothing, is kept by no
cache, and tells the next page nothing. Whatever is not a good link gets the same answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from plugin.care import ShownOrder, show_order
from plugin.contract import Notice, OrderStatus, Shipment, ShipmentStatus
from plugin.language import format_day, format_money, format_time
from plugin.notices import TRACKING, read_token
from plugin.notices.mail_facts import NoticeMail, has_left_the_shop, is_paid_at_door, money_due
from plugin.orders import OrderView, get_order, view_order
from plugin.stores import StoreRow, get_store
from plugin.web.doors import doors
from plugin.web.shopper_pages import hub_path, show, show_missing

_ENDED = (OrderStatus.cancelled, OrderStatus.refunded, OrderStatus.failed)
_MOVING = (
    ShipmentStatus.in_transit, ShipmentStatus.out_for_delivery, ShipmentStatus.ready_for_pickup,
    ShipmentStatus.attempted, ShipmentStatus.delayed,
)  # fmt: skip

tracking = Blueprint("tracking", __name__)


@tracking.get("/t/<token>")
def show_tracking(token: str) -> Response:
    """The redacted view of one order, in its language and the store's time zone."""
    found = _find(token)
    page = _show(*found) if found is not None else show_missing("link")
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


def _find(token: str) -> tuple[StoreRow, OrderView] | None:
    here = doors()
    ids = read_token(here.settings.index_key, TRACKING, token)
    if ids is None:
        return None
    store_id, order_id = ids
    with here.db.reading(store_id) as tx:
        row = get_order(tx, store_id, order_id)
        if row is None or row.gone_at is not None:
            return None
        store, view = get_store(tx, store_id), view_order(tx, row)
    shown = store.status != "uninstalled" and view.order.status is not OrderStatus.draft
    return (store, view) if shown else None


def _show(store: StoreRow, view: OrderView) -> Response:
    locale, zone = view.row.locale, store.time_zone
    shown = show_order(view, locale)
    return show(
        "tracking.html", locale, store=store, shown=shown, hub=hub_path(store, locale), steps=_steps(view),
        placed_on=format_day(view.order.created_at, locale, zone), due=_due(view),
        parcels=_parcels(view, shown, locale, zone), story=_story(shown, locale, zone),
    )  # fmt: skip


def _steps(view: OrderView) -> tuple[str, ...] | None:
    """``done``, ``now`` or ``next`` for received, preparing, on its way, delivered; None where they say nothing."""
    order, parcels = view.order, [parcel.shipment for parcel in view.parcels]
    if not order.needs_shipping or order.status in _ENDED:
        return None
    at = 1 if order.status in (OrderStatus.processing, OrderStatus.completed) else 0
    if order.dispatched or any(parcel.status in _MOVING for parcel in parcels):
        at = 2
    arrived = [parcel.status == ShipmentStatus.delivered for parcel in parcels]
    if any(arrived):
        at = 3 if all(arrived) else 2
    if at == 3:
        return ("done",) * 4
    return tuple("done" if place < at else "now" if place == at else "next" for place in range(4))


def _due(view: OrderView) -> str:
    """What is still paid at the door, '' when nothing is, or when it may have been paid there already."""
    order = view.order
    mail = NoticeMail(
        notice=Notice.shipped, order=order, parcels=tuple(parcel.shipment for parcel in view.parcels)
    )
    if not is_paid_at_door(order) or order.status in _ENDED or has_left_the_shop(mail):
        return ""
    left = money_due(mail)
    return format_money(left, view.row.locale) if left.amount > 0 else ""


def _parcels(view: OrderView, shown: ShownOrder, locale: str, zone: str) -> list[dict[str, Any]]:
    return [
        {**told, "expected": _expected(parcel.shipment, locale, zone)}
        for told, parcel in zip(shown["shipments"], view.parcels, strict=True)
    ]


def _expected(parcel: Shipment, locale: str, zone: str) -> str:
    coming = parcel.status in _MOVING and parcel.expected_at is not None
    return format_day(parcel.expected_at, locale, zone) if coming and parcel.expected_at else ""


def _story(shown: ShownOrder, locale: str, zone: str) -> list[dict[str, str]]:
    """Newest first; only the first time names its zone, the others have the same."""
    story = []
    for place, fact in enumerate(reversed(shown["timeline"])):
        at = datetime.fromisoformat(fact["at"])
        clock = format_time(at, locale, zone, reader_zone=zone if place else "")
        story.append({"label": fact["label"], "at": fact["at"], "when": f"{format_day(at, locale, zone)}, {clock}"})
    return story
