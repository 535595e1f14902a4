"""What the link in an order's mails shows: where the order is. Nothing about who ordered, what, or to where.

A mail is forwarded and its links are opened by machines, so the view is redacted, changes nothing, is kept by no
cache, and tells the next page nothing. Whatever is not a good link gets the same answer.
"""

from __future__ import annotations

from flask import Blueprint, Response
from limits import RateLimitItemPerHour

from plugin.care import show_order
from plugin.contract import AdapterError, OrderStatus, TrackingLink
from plugin.database import ALL
from plugin.language import format_day
from plugin.notices import TRACKING, read_token
from plugin.orders import OrderView, find_order, get_order, is_known_gone, view_order, wish_refetch
from plugin.registry import UnknownAdapter
from plugin.stores import StoreRow, as_contract, find_by_public_id, get_store, has_access
from plugin.web.doors import doors
from plugin.web.order_facts import tell_due, tell_parcels, tell_steps, tell_story
from plugin.web.shopper_pages import hub_path, show, show_missing
from plugin.web.widget_limits import count_hit

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
        "tracking.html", locale, store=store, shown=shown, hub=hub_path(store, locale), steps=tell_steps(view),
        placed_on=format_day(view.order.created_at, locale, zone), due=tell_due(view),
        parcels=tell_parcels(view, shown, locale, zone), story=tell_story(shown, locale, zone),
    )  # fmt: skip
