"""What the link in an order's mails shows: where the order is. Nothing about who ordered, what, or to where.

A mail is forwarded and its links are opened by machines, so the view is redacted, changes nothing, is kept by no
cache, and tells the next page nothing. Whatever is not a good link gets the same answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response
from limits import RateLimitItemPerHour

from plugin.care import ShownOrder, show_order
from plugin.contract import AdapterError, Notice, OrderStatus, Shipment, ShipmentStatus, TrackingLink
from plugin.database import ALL
from plugin.language import format_day, format_money, format_time
from plugin.notices import TRACKING, read_token
from plugin.notices.mail_facts import NoticeMail, has_left_the_shop, is_paid_at_door, money_due
from plugin.orders import OrderView, find_order, get_order, has_left, is_known_gone, view_order, wish_refetch
from plugin.registry import UnknownAdapter
from plugin.stores import StoreRow, as_contract, find_by_public_id, get_store, has_access
from plugin.web.doors import doors
from plugin.web.shopper_pages import hub_path, show, show_missing
from plugin.web.widget_limits import count_hit

_ENDED = (OrderStatus.cancelled, OrderStatus.refunded, OrderStatus.failed)
_MOVING = (
    ShipmentStatus.in_transit, ShipmentStatus.out_for_delivery, ShipmentStatus.ready_for_pickup,
    ShipmentStatus.attempted, ShipmentStatus.delayed,
)  # fmt: skip

LONGEST_TOKEN = 4096
FIRST_LOOKS = RateLimitItemPerHour(6)
"""How often one order that we do not know yet is asked for."""

tracking = Blueprint("tracking", __name__)


@tracking.get("/t/<token>")
def show_tracking(token: str) -> Response:
    """The redacted view of one order, in its language and the store's time zone."""
    found = _find(token)
    page = _show(*found) if found is not None else show_missing("link")
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


@tracking.get("/t/<platform>/<token>")
def show_platform_tracking(platform: str, token: str) -> Response:
    """The same view through a link which the platform put into a mail of its own, signed by it."""
    found = _find_signed(platform, token)
    page = show_missing("link") if found is None else _show_signed(*found)
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


def _find_signed(platform: str, token: str) -> tuple[StoreRow, str] | None:
    """The store and the platform's id of the order for which it signed this link."""
    here = doors()
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        adapter = here.registry.get(platform)
        proof = adapter.read_proof(token)
        with here.db.reading(ALL, "the store a tracking link names") as tx:
            store = find_by_public_id(tx, proof.claimed_store)
        if store is None or store.platform != platform:
            return None
        proven = adapter.verify_proof(proof, as_contract(store))
    except (AdapterError, UnknownAdapter):
        return None
    return (store, proven.order_external_id) if isinstance(proven, TrackingLink) else None


def _show_signed(store: StoreRow, external_id: str) -> Response:
    here = doors()
    with here.db.reading(store.id) as tx:
        row = find_order(tx, store.id, external_id)
        gone = is_known_gone(tx, store.id, external_id)
        view = view_order(tx, row) if row is not None else None
    if gone or (view is not None and view.order.status is OrderStatus.draft):
        return show_missing("link")
    if view is not None:
        return _show(store, view)
    if has_access(store) and not count_hit(FIRST_LOOKS, "tracking-link", store.public_id, external_id):
        with here.db.transaction(store.id) as tx:
            wish_refetch(tx, store.id, external_id, "asked for by a tracking link", here.clock.now())
    page = show("tracking_soon.html", store.locale, store=store, hub=hub_path(store, store.locale))
    page.headers["Refresh"] = "15"
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
    if has_left(order) or any(parcel.status in _MOVING for parcel in parcels):
        at = 2
    arrived = [parcel.status == ShipmentStatus.delivered for parcel in parcels]
    if not parcels and order.whereabouts is not ShipmentStatus.unknown:
        arrived = [order.whereabouts is ShipmentStatus.delivered]
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
