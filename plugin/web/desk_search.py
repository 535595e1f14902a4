"""Finding conversations at the desk, by whatever somebody remembers of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request

from plugin.care.search import LONGEST_TYPED, Find, search_talks
from plugin.orders import get_order
from plugin.privacy import name_order
from plugin.web.access import here_store
from plugin.web.desk_frame import desk, render
from plugin.web.desk_looks import note_look
from plugin.web.doors import doors


@dataclass(frozen=True)
class FoundOrder:
    """An order with the typed number."""

    id: int
    number: str


@desk.get("/<store>/search")
def search() -> Response:
    """``?q=``: words, an e-mail address, an order number or a reference. Whatever is typed is words: nothing in it is
    an operator."""
    store, here = here_store(), doors()
    typed = " ".join(request.args.get("q", "").replace("\0", " ").split())[:LONGEST_TYPED]
    found = search_talks(here.db, store.id, typed) if typed else None
    orders: list[FoundOrder] = []
    if found is not None:
        note_look("search", typed)
        with here.db.reading(store.id) as tx:
            rows = [get_order(tx, store.id, one) for one in found.orders]
        orders = [FoundOrder(row.id, name_order(row)) for row in rows if row is not None]
    talks: list[Find] = list(found.talks) if found is not None else []
    return render(
        "search.html", typed=typed, found=found, talks=talks, orders=orders,
        is_nothing=found is not None and not found.words and not talks and not orders,
    )  # fmt: skip
