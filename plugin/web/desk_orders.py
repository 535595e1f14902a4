"""Orders at the desk: the newest, one by its number, and one whole with the reasons of its mails; and what rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, redirect, request, url_for

from plugin.care import ShownOrder, show_order
from plugin.contract import Meaning, OrderStatus
from plugin.language import format_money
from plugin.notices.kept_mails import read_mails
from plugin.notices.ledger import read_rows
from plugin.notices.mail_facts import clean, safe_link
from plugin.orders import (
    OrderRow,
    OrderView,
    find_by_number,
    get_order,
    list_buried,
    list_orders,
    replay_buried_receipts,
    view_order,
)
from plugin.orders.shipments import list_wishes
from plugin.orders.state import unpack_order
from plugin.orders.wishes import wish_refetch
from plugin.privacy import name_order
from plugin.stores.status_words import read_meanings, translate
from plugin.web.access import here_store
from plugin.web.desk_frame import back_to, desk, page_locale, render
from plugin.web.desk_ledger import tell_ledger
from plugin.web.desk_looks import note_look
from plugin.web.desk_shipments import suggest_carriers, tell_wishes, why_not_shipping
from plugin.web.desk_times import Times
from plugin.web.desk_words import tell_order_state, tell_payment, tell_shipping_trouble
from plugin.web.doors import doors
from plugin.work import buried, replay_buried

MOST_ORDERS = 100


@dataclass(frozen=True)
class Listed:
    """One order in a list."""

    row: OrderRow
    number: str
    name: str
    status: str
    payment: str
    total: str


@desk.get("/<store>/orders")
def orders() -> Response:
    """The newest orders; ``?number=`` goes straight to one, by its exact number."""
    store, here = here_store(), doors()
    asked = " ".join(request.args.get("number", "").split())[:80]
    with here.db.reading(store.id) as tx:
        found = _find(tx, store.id, asked) if asked else None
        rows = [] if asked else list_orders(tx, store.id, MOST_ORDERS)
        meanings = read_meanings(tx, store.id)
    if found is not None:
        return redirect(url_for("desk.order", order=found.id), 303)  # type: ignore[return-value]
    if rows:
        note_look("list", "orders")
    return render("orders.html", orders=[tell_line(row, meanings) for row in rows], asked=asked, most=MOST_ORDERS)


def _find(tx: Any, store_id: int, asked: str) -> OrderRow | None:
    """People type a number with and without its sign."""
    for number in dict.fromkeys((asked, asked.lstrip("#"), f"#{asked.lstrip('#')}")):
        row = find_by_number(tx, doors().db.vault, store_id, number)
        if row is not None:
            return row
    return None


def tell_line(row: OrderRow, meanings: Mapping[str, Meaning]) -> Listed:
    """An order as a line of a list, in the reader's words."""
    told, locale = unpack_order(row.snapshot), page_locale()
    order = translate(told, meanings)
    own = clean(order.raw_status, 40) if told.status is OrderStatus.unknown else ""
    return Listed(
        row=row, number=clean(order.number or order.external_id, 60), name=clean(order.customer_name, 80),
        status=tell_order_state(order, own, locale), payment=tell_payment(order, locale),
        total=format_money(order.total, row.locale if row.locale[:2] == locale else locale),
    )  # fmt: skip


def sum_up(view: OrderView) -> dict[str, Any]:
    """What stands beside a conversation: the proven order in a few lines."""
    note_look("order", name_order(view.row))
    shown: ShownOrder = show_order(view, page_locale())
    return {"id": view.row.id, "shown": shown}


@desk.get("/<store>/orders/<int:order>")
def order(order: int) -> Response:
    """One order: how it stands, its parcels and story, and every mail about it, sent or not, with the reason."""
    store, here = here_store(), doors()
    with here.db.reading(store.id) as tx:
        row = get_order(tx, store.id, order)
        if row is None:
            abort(404)
        view, lines, mails = view_order(tx, row), read_rows(tx, row), read_mails(tx, row)
        wishes = tell_wishes(list_wishes(tx, store.id, row.external_id), {row.external_id: row})
    note_look("order", name_order(row))
    shown = show_order(view, page_locale())
    facts = {
        "name": clean(view.order.customer_name, 120), "email": clean(view.order.email, 254),
        "country": clean(view.order.country, 10), "raw_status": clean(view.order.raw_status, 60),
        "payment_method": clean(view.order.payment_method, 80), "external_id": clean(view.order.external_id, 120),
        "status_url": safe_link(view.order.status_url),
    }  # fmt: skip
    ledger = tell_ledger(lines, mails, view, Times(page_locale(), store.time_zone, here.clock.now()))
    return render(
        "order.html", row=row, shown=shown, facts=facts, ledger=ledger, order=view.order, store=store, wishes=wishes,
        no_shipping=tell_shipping_trouble(why_not_shipping(store), page_locale()),
        carriers=suggest_carriers(store, view.order.country), done=request.args.get("done", ""),
    )  # fmt: skip


@desk.post("/<store>/orders/<int:order>/refetch")
def refetch(order: int) -> Response:
    """Asks the platform about this order once more; a job does."""
    store, here = here_store(), doors()
    with here.db.transaction(store.id) as tx:
        row = get_order(tx, store.id, order)
        if row is None:
            abort(404)
        wish_refetch(tx, store.id, row.external_id, "asked for at the desk", here.clock.now())
    return back_to("desk.order", "refetch", order=order)


@desk.get("/<store>/deliveries")
def deliveries() -> Response:
    """What was given up: deliveries nobody could read, and work that failed too long."""
    store = here_store()
    with doors().db.reading(store.id) as tx:
        receipts, jobs = list_buried(tx, store.id), buried(tx, store.id)
    return render("deliveries.html", receipts=receipts, jobs=jobs, done=request.args.get("done", ""))


@desk.post("/<store>/deliveries/replay")
def replay_deliveries() -> Response:
    """Plays everything that rests once more."""
    store, here = here_store(), doors()
    with here.db.transaction(store.id) as tx:
        count = replay_buried_receipts(tx, store.id, here.clock) + replay_buried(
            tx, here.clock.now(), store.id
        )
    return back_to("desk.deliveries", "replayed" if count else "")
