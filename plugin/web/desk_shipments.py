"""Tracking numbers typed at the desk: one by one on an order's page, or many pasted at once. All written by jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, request

from plugin.contract import Capability
from plugin.notices.mail_facts import clean, safe_link
from plugin.orders import OrderRow, get_order, wish_shipment
from plugin.orders.carriers import guess_country, list_carriers
from plugin.orders.pasted import MOST_LINES, Checked, check_pasted
from plugin.orders.shipments import (
    LONGEST_CARRIER,
    LONGEST_LINK,
    Wish,
    find_rows,
    is_there,
    list_wishes,
    make_typed,
)
from plugin.orders.state import unpack_order
from plugin.registry import UnknownAdapter
from plugin.stores import StoreRow, has_access
from plugin.web.access import here_store
from plugin.web.desk_frame import back_to, desk, page_locale, render
from plugin.web.desk_looks import note_look
from plugin.web.desk_words import tell_shipment_fate, tell_shipping_trouble
from plugin.web.doors import doors

MOST_TEXT = 200_000


@dataclass(frozen=True)
class ToldWish:
    """One parcel that is still to be written down at the platform. `words`: the platform's, why it failed."""

    order_id: int | None
    number: str
    carrier: str
    tracking_number: str
    failed: bool
    words: str


@dataclass(frozen=True)
class ToldLine:
    """One pasted line. `state`: ok, known or bad."""

    place: int
    order_id: int | None
    order: str
    carrier: str
    number: str
    link: str
    state: str
    words: str


def why_not_shipping(store: StoreRow) -> str:
    """Why no tracking number can be typed here, as a code of `tell_shipping_trouble`; '' when it can."""
    try:
        able = Capability.ADD_SHIPMENT in doors().registry.get(store.platform).capabilities
    except UnknownAdapter:
        able = False
    if not able:
        return "platform"
    if not has_access(store):
        return "access"
    return "" if Capability.ADD_SHIPMENT.value in store.capabilities else "store"


def suggest_carriers(store: StoreRow, country: str = "") -> list[str]:
    """Those of the shop's country first, then those of where the order goes."""
    return list_carriers(guess_country(store.locale, store.currency, store.time_zone), country)


def tell_wishes(wishes: Sequence[Wish], rows: dict[str, OrderRow]) -> list[ToldWish]:
    """The parcels that wait or failed, for a page."""
    told = []
    for wish in wishes:
        row = rows.get(wish.order)
        number = unpack_order(row.snapshot).number if row is not None else wish.order
        # The job keeps the error's class before its words.
        words = wish.words.partition(": ")[2] or wish.words
        told.append(ToldWish(row.id if row else None, clean(number, 60), clean(wish.shipment.carrier, 80),
                             wish.shipment.tracking_number, wish.failed, clean(words, 300)))  # fmt: skip
    return told


@desk.post("/<store>/orders/<int:order>/shipments")
def add_typed_shipment(order: int) -> Response:
    """Promises to write one typed parcel down at the platform."""
    store, here = here_store(), doors()
    with here.db.reading(store.id) as tx:
        known = get_order(tx, store.id, order)
    if known is None or known.gone_at is not None:
        abort(404)
    if why_not_shipping(store):
        abort(403)
    form, now = request.form, here.clock.now()
    link = form.get("link", "").strip()
    try:
        shipment = make_typed(form.get("carrier", ""), form.get("number", ""), safe_link(link), now)
    except ValueError:
        shipment = None
    bad = "wrong_link" if link and not safe_link(link) else ""
    with here.db.transaction(store.id) as tx:
        row = get_order(tx, store.id, order)
        if row is None or row.gone_at is not None:
            abort(404)
        if shipment is None:
            bad = "wrong_number"
        elif not bad and is_there(tx, row, shipment, list_wishes(tx, store.id, row.external_id)):
            bad = "there"
        if shipment is not None and not bad:
            wish_shipment(tx, row, shipment, now)
    return back_to("desk.order", bad or "shipment", order=order, anchor="parcels")


@desk.get("/<store>/shipments")
def shipments() -> Response:
    """Where many tracking numbers are pasted at once, and what is still under way."""
    return _show("")


@desk.post("/<store>/shipments")
def paste_shipments() -> Response:
    """First what would become of each line; with ``confirm`` it is done, for those that are right."""
    store, here = here_store(), doors()
    if why_not_shipping(store):
        abort(403)
    text, now = request.form.get("lines", "")[:MOST_TEXT], here.clock.now()
    confirmed = bool(request.form.get("confirm"))
    with here.db.reading(store.id) as tx:
        checked = check_pasted(tx, store.id, text, now)
    with here.db.transaction(store.id) as tx:
        for one in checked if confirmed else ():
            if one.fate == "ok" and one.row is not None and one.shipment is not None:
                wish_shipment(tx, one.row, one.shipment, now)
    return _show("" if confirmed else text, checked, confirmed=confirmed)


def _show(text: str, checked: Sequence[Checked] | None = None, *, confirmed: bool = False) -> Response:
    store, here = here_store(), doors()
    with here.db.reading(store.id) as tx:
        wishes = list_wishes(tx, store.id)
        rows = find_rows(tx, store.id, [wish.order for wish in wishes])
    if wishes or any(one.row is not None for one in checked or ()):
        note_look("list", "shipments")
    locale, trouble = page_locale(), why_not_shipping(store)
    lines = [_tell_line(one, locale, confirmed) for one in checked or ()]
    return render(
        "shipments.html", trouble=tell_shipping_trouble(trouble, locale), lines=lines, text=text, confirmed=confirmed,
        asked=checked is not None, good=sum(line.state == "ok" for line in lines), most=MOST_LINES,
        wishes=tell_wishes(wishes, rows), limits=(LONGEST_CARRIER, LONGEST_LINK), done=request.args.get("done", ""),
        example=suggest_carriers(store)[:2],
    )  # fmt: skip


def _tell_line(one: Checked, locale: str, confirmed: bool) -> ToldLine:
    line = one.line
    fate = "promised" if confirmed and one.fate == "ok" else one.fate
    state = "ok" if one.fate == "ok" else "known" if one.fate == "there" else "bad"
    return ToldLine(
        place=line.place, order_id=one.row.id if one.row is not None else None, order=clean(line.order, 60),
        carrier=clean(line.carrier, 80), number=clean(line.number, 80), link=safe_link(line.link),
        state=state, words=tell_shipment_fate(fate, locale),
    )  # fmt: skip
