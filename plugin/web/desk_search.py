"""Finding conversations at the desk, by whatever somebody remembers of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, request
from limits import RateLimitItemPerMinute

from plugin.care.search import LONGEST_TYPED, Find, search_talks
from plugin.orders import get_order
from plugin.privacy import name_order
from plugin.web.access import here_store, visit
from plugin.web.desk_frame import desk, render
from plugin.web.desk_looks import note_look
from plugin.web.desk_writers import Writer, name_writers
from plugin.web.doors import doors
from plugin.web.widget_limits import count_hit_of

SEARCHES = RateLimitItemPerMinute(30)
"""Of one agent in one store: each opens many sealed messages."""


@dataclass(frozen=True)
class FoundOrder:
    """An order with the typed number."""

    id: int
    number: str


@desk.get("/<store>/search")
def search() -> Response:
    """``?q=``: words, an e-mail address, an order number or a reference. Whatever is typed is words: nothing in it is
    an operator. A link on somebody else's page only fills in the field: whoever follows it has not
    looked for anybody."""
    store, here = here_store(), doors()
    typed = " ".join(request.args.get("q", "").replace("\0", " ").split())[:LONGEST_TYPED]
    led_here = request.headers.get("Sec-Fetch-Site", "") in ("cross-site", "same-site")
    found = None
    if typed and not led_here:
        if count_hit_of(SEARCHES, "desk-search", str(store.id), str(visit().agent.id)):
            abort(429)
        found = search_talks(here.db, store.id, typed)
    orders: list[FoundOrder] = []
    writers: dict[str, Writer] = {}
    if found is not None:
        note_look("search", typed)
        with here.db.reading(store.id) as tx:
            rows = [get_order(tx, store.id, one) for one in found.orders]
            writers = name_writers(tx, [one.row for one in found.talks])
        orders = [FoundOrder(row.id, name_order(row)) for row in rows if row is not None]
        note_look("order", *(one.number for one in orders))
    talks: list[Find] = list(found.talks) if found is not None else []
    return render(
        "search.html", typed=typed, found=found, talks=talks, orders=orders, writers=writers,
        is_nothing=found is not None and not found.words and not talks and not orders,
    )  # fmt: skip
