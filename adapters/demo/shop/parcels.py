"""Shipping an order in parcels, and what the carrier then reports about each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from adapters.demo.shop.nouns import LEFT_FOR_GOOD, ActionRefused, Order, Parcel, TrackingEvent
from adapters.demo.shop.words import say

Params = Mapping[str, Any]
Action = Callable[[Order, Params, datetime], None]

USUAL_JOURNEY = timedelta(days=3)
MOST_PARCELS = 10

# What people (and Mostrador's words) call it → the shop's word.
_REPORTS = {
    "in_transit": "on_the_way",
    "delay": "delayed",
    "attempt": "nobody_home",
    "pickup_point": "at_pickup_point",
    "deliver": "delivered",
    "send_back": "sent_back",
    "lose": "lost",
    "out_for_delivery": "out_for_delivery",
}


def ship(order: Order, params: Params, now: datetime) -> None:
    """Parcels leave: ``{"parcels": [{"carrier", "number", "url", "items": [[line id, quantity]]}]}``.

    Everything may be left out: no parcels is one parcel, a parcel without items shares what is still here.
    """
    if order.status not in ("placed", "preparing", "on_hold", "shipped"):
        raise ActionRefused(f"An order which is {order.status} cannot be shipped.")
    wishes = params.get("parcels") or [{}]
    if (
        not isinstance(wishes, list)
        or len(wishes) > MOST_PARCELS
        or not all(isinstance(w, dict) for w in wishes)
    ):
        raise ActionRefused(f"`parcels` is a list of at most {MOST_PARCELS} objects.")
    for wish, items in zip(wishes, _divide(order, wishes), strict=True):
        order.parcels.append(_pack(order, wish, items, now))
    if order.dispatched:
        order.status = "shipped"
        order.completed_at = order.completed_at or now
    else:
        order.status = "preparing"


def add_number(order: Order, params: Params, now: datetime) -> None:
    """A parcel gets its tracking number later: ``{"parcel", "number", "carrier"?, "url"?}``."""
    number = _text(params, "number")
    if not number:
        raise ActionRefused("Say the tracking number.")
    chosen = (
        _choose(order, params) if params.get("parcel") else [p for p in order.parcels if not p.number][:1]
    )
    if not chosen:
        raise ActionRefused("No parcel waits for a number.")
    for parcel in chosen:
        parcel.number = number
        parcel.carrier = _text(params, "carrier") or parcel.carrier
        parcel.url = _web_address(params) or parcel.url


def track(order: Order, params: Params, now: datetime) -> None:
    """The carrier reports: ``{"status", "parcel"?, "message"?, "place"?, "expected_at"?}``; all parcels
    which are still travelling when none is named."""
    status = _REPORTS.get(str(params.get("status")), str(params.get("status")))
    if status not in _REPORTS.values():
        raise ActionRefused(f"`status` is one of {', '.join(_REPORTS)}.")
    moving = [parcel for parcel in _choose(order, params) if parcel.status not in LEFT_FOR_GOOD]
    if not moving:
        raise ActionRefused("No parcel of this order is on its way.")
    for parcel in moving:
        _report(parcel, status, order.locale, params, now)
    if order.dispatched and all(parcel.status == "delivered" for parcel in order.parcels):
        order.status = "completed"
        order.completed_at = order.completed_at or now
        if order.payment == "at_the_door":
            order.payment, order.paid_at = "paid", now


def _report(parcel: Parcel, status: str, locale: str, params: Params, now: datetime) -> None:
    parcel.status = status
    message = _text(params, "message") or say(locale, f"event.{status}")
    parcel.events.append(TrackingEvent(status=status, at=now, message=message, place=_text(params, "place")))
    if status == "delayed":
        parcel.expected_at = _moment(params) or (parcel.expected_at or now) + USUAL_JOURNEY
    elif _moment(params):
        parcel.expected_at = _moment(params)


def _divide(order: Order, wishes: list[dict[str, Any]]) -> list[list[tuple[str, int]]]:
    """Which pieces go into which parcel; nothing may be shipped twice."""
    left = order.still_here()
    named = [_named_items(wish, left) for wish in wishes]
    pieces = [line_id for line_id, quantity in left.items() for _ in range(quantity)]
    open_parcels = [index for index, items in enumerate(named) if items is None]
    if len(pieces) < len(open_parcels):
        raise ActionRefused(f"Only {len(pieces)} pieces are left to ship.")
    shares: list[list[tuple[str, int]]] = [items or [] for items in named]
    for place, index in enumerate(open_parcels):
        start, end = (len(pieces) * step // len(open_parcels) for step in (place, place + 1))
        mine = pieces[start:end]
        shares[index] = [(line_id, mine.count(line_id)) for line_id in dict.fromkeys(mine)]
    return shares


def _named_items(wish: dict[str, Any], left: dict[str, int]) -> list[tuple[str, int]] | None:
    if not wish.get("items"):
        return None
    try:
        items = [(str(line_id), int(quantity)) for line_id, quantity in wish["items"]]
    except (TypeError, ValueError):
        raise ActionRefused("`items` is a list of [line id, quantity].") from None
    for line_id, quantity in items:
        if not 0 < quantity <= left.get(line_id, 0):
            raise ActionRefused(f"Of line {line_id}, {left.get(line_id, 0)} pieces are left to ship.")
        left[line_id] -= quantity
    return items


def _pack(order: Order, wish: Params, items: list[tuple[str, int]], now: datetime) -> Parcel:
    message = say(order.locale, "event.shipped")
    return Parcel(
        id=f"P{order.id}-{len(order.parcels) + 1}",
        status="on_the_way",
        carrier=_text(wish, "carrier"),
        number=_text(wish, "number"),
        url=_web_address(wish),
        shipped_at=now,
        expected_at=now + USUAL_JOURNEY,
        items=items,
        events=[TrackingEvent(status="on_the_way", at=now, message=message)],
    )


def _choose(order: Order, params: Params) -> list[Parcel]:
    wanted = str(params.get("parcel") or "")
    if not wanted:
        return order.parcels
    # People count parcels from 1; programs name them.
    chosen = [p for place, p in enumerate(order.parcels, 1) if wanted in (p.id, p.number, str(place))]
    if not chosen:
        raise ActionRefused(f"This order has no parcel {wanted}.")
    return chosen


def _text(params: Params, key: str) -> str:
    return str(params.get(key) or "").strip()[:300]


def _web_address(params: Params) -> str:
    url = _text(params, "url")
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise ActionRefused("`url` must begin with http:// or https://.")
    return url


def _moment(params: Params) -> datetime | None:
    given = _text(params, "expected_at")
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ActionRefused("`expected_at` is a time with a zone, like 2026-11-21T18:00:00Z.")
    return moment


def _as_action(report: str) -> Action:
    def act(order: Order, params: Params, now: datetime) -> None:
        track(order, {**params, "status": report}, now)

    return act


PARCEL_ACTIONS: Mapping[str, Action] = {
    "ship": ship,
    "add_number": add_number,
    "track": track,
    **{report: _as_action(report) for report in _REPORTS},
}
