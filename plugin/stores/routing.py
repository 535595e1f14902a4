"""Who answers whom when: the merchant's table, and when the bot gives up by itself.

The table has a cell for each phase of the purchase, with or without something in the basket, for new and for returning
customers, within the hours and outside of them. A cell says who comes first: the bot, a person, or the message form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from plugin.stores.models import StoreRow
from plugin.stores.wishes import Unwanted

BOT, PERSON, FORM = "bot", "person", "form"
ROUTES = (BOT, PERSON, FORM)
ROUTED_PHASES = ("pre_purchase", "purchase", "post_sale")
"""As `plugin.care.phases` names them."""
BASKETS, CUSTOMERS, HOURS = ("basket", "empty"), ("new", "returning"), ("open", "closed")
FAILURES = (1, 5)
SILENT_MINUTES = (2, 60)
USUAL_FAILURES, USUAL_SILENT_MINUTES = 2, 5


class UnwantedRouting(Unwanted):
    """A table that cannot be; `field` is the one at fault: a cell as ``purchase/basket/new/open``, ``failures`` or
    ``silent_minutes``."""

    def __init__(self, field: str) -> None:
        super().__init__("routing")
        self.field = field


@dataclass(frozen=True)
class Routing:
    """`table`: cell → route, all of them. `anger`: words of anger bring a person. `failures`: how often in a row the
    bot may be of no help before it hands over by itself; `silent_minutes`: after which a conversation is taken back
    from an agent who lets a shopper wait."""

    table: Mapping[str, str]
    anger: bool = True
    failures: int = USUAL_FAILURES
    silent_minutes: int = USUAL_SILENT_MINUTES


def name_cell(phase: str, *, basket: bool, returning: bool, is_open: bool) -> str:
    """The cell of one situation."""
    return "/".join((phase, BASKETS[not basket], CUSTOMERS[returning], HOURS[not is_open]))


CELLS = tuple("/".join(cell) for cell in product(ROUTED_PHASES, BASKETS, CUSTOMERS, HOURS))
USUAL: Mapping[str, str] = {
    cell: PERSON if cell.startswith("purchase/basket/") and cell.endswith("/open") else BOT for cell in CELLS
}
"""Who is about to buy gets a person when one is there; everybody else the bot."""


def list_routes(cell: str) -> tuple[str, ...]:
    """What a cell may say. Outside the hours nobody is there who could come first."""
    return (BOT, FORM) if cell.endswith("/closed") else ROUTES


def find_route(
    routing: Routing, phase: str, *, basket: bool, returning: bool, is_open: bool, staffed: bool
) -> str:
    """Who comes first now: ``bot``, ``person`` or ``form``. A person only while one is there (`staffed`), else the
    bot."""
    route = routing.table.get(name_cell(phase, basket=basket, returning=returning, is_open=is_open), BOT)
    return BOT if route == PERSON and not staffed else route


def read_routing(row: StoreRow) -> Routing:
    """As the merchant wants it; where they said nothing, or what no version knows any more, the usual."""
    kept, said = row.routing, row.routing.get("table") or {}
    table = {cell: said[cell] if said.get(cell) in list_routes(cell) else usual for cell, usual in USUAL.items()}
    return Routing(
        table, bool(kept.get("anger", True)), kept.get("failures", USUAL_FAILURES),
        kept.get("silent_minutes", USUAL_SILENT_MINUTES),
    )  # fmt: skip


def set_routing(
    row: StoreRow,
    table: Mapping[str, str],
    *,
    anger: bool = True,
    failures: int = USUAL_FAILURES,
    silent_minutes: int = USUAL_SILENT_MINUTES,
) -> None:
    """Keeps what differs from the usual; cells that `table` does not name are the usual again. Raises
    `UnwantedRouting`."""
    for cell, route in table.items():
        if cell not in USUAL or route not in list_routes(cell):
            raise UnwantedRouting(cell)
    if not FAILURES[0] <= failures <= FAILURES[1]:
        raise UnwantedRouting("failures")
    if not SILENT_MINUTES[0] <= silent_minutes <= SILENT_MINUTES[1]:
        raise UnwantedRouting("silent_minutes")
    own = {cell: route for cell, route in table.items() if route != USUAL[cell]}
    said = {"table": own, "anger": anger, "failures": failures, "silent_minutes": silent_minutes}
    usual = {"table": {}, "anger": True, "failures": USUAL_FAILURES, "silent_minutes": USUAL_SILENT_MINUTES}
    row.routing = {name: value for name, value in said.items() if value != usual[name]}
