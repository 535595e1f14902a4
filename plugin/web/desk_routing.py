"""Who answers whom: the page with the table, and how soon the bot and an agent give a conversation up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Response, request

from plugin.stores import StoreRow, get_store
from plugin.stores.routing import (
    BASKETS,
    BOT,
    CELLS,
    CUSTOMERS,
    FAILURES,
    FORM,
    HOURS,
    PERSON,
    ROUTED_PHASES,
    SILENT_MINUTES,
    UnwantedRouting,
    list_routes,
    read_routing,
    set_routing,
)
from plugin.web.access import here_store, owners_only
from plugin.web.desk_frame import _, back_to, desk, page_locale, render
from plugin.web.desk_words import name_phase, tell_done
from plugin.web.doors import doors

LONGEST_TYPED = 20


@dataclass(frozen=True)
class TypedRouting:
    """What the form says: `table` cell → route; numbers as typed."""

    table: Mapping[str, str]
    anger: bool
    failures: str
    silent_minutes: str


@dataclass(frozen=True)
class Cell:
    """One select: its name in the form, what it is spoken as, and what can be chosen (value, words)."""

    name: str
    column: str
    spoken: str
    choices: tuple[tuple[str, str], ...]


@desk.get("/<store>/routing")
def routing() -> Response:
    """The table; owners change it here."""
    return _show(_read_kept(here_store()))


@desk.post("/<store>/routing")
@owners_only
def save_routing() -> Response:
    """Keeps the whole form, or shows it again with what cannot be (422)."""
    row = here_store()
    typed = _read_typed(row)
    try:
        with doors().db.transaction(row.id) as tx:
            set_routing(
                get_store(tx, row.id), typed.table, anger=typed.anger, failures=_number(typed.failures),
                silent_minutes=_number(typed.silent_minutes),
            )  # fmt: skip
    except UnwantedRouting as error:
        return _show(typed, 422, error.field)
    return back_to("desk.routing", "saved")


@desk.post("/<store>/routing/usual")
@owners_only
def reset_routing() -> Response:
    """Everything as it is from the start."""
    row = here_store()
    with doors().db.transaction(row.id) as tx:
        set_routing(get_store(tx, row.id), {})
    return back_to("desk.routing", "saved")


def _read_kept(row: StoreRow) -> TypedRouting:
    kept = read_routing(row)
    return TypedRouting(kept.table, kept.anger, str(kept.failures), str(kept.silent_minutes))


def _read_typed(row: StoreRow) -> TypedRouting:
    """What was typed; what the form left out stays as it is kept."""
    kept, form = _read_kept(row), request.form
    return replace(
        kept, table={cell: form.get(cell, route)[:LONGEST_TYPED] for cell, route in kept.table.items()},
        anger=form.get("anger", "1" if kept.anger else "0") == "1",
        failures=form.get("failures", kept.failures).strip()[:LONGEST_TYPED],
        silent_minutes=form.get("silent_minutes", kept.silent_minutes).strip()[:LONGEST_TYPED],
    )  # fmt: skip


def _number(written: str) -> int:
    """A whole number; -1, which no wish takes, for anything else."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 5 else -1


def _show(typed: TypedRouting, status: int = 200, fault: str = "") -> Response:
    row, locale = here_store(), page_locale()
    return render(
        "routing.html", status, store=row, typed=typed, fault=fault, fault_words=_tell_fault(fault, locale),
        rows=_list_rows(locale), columns=[_name_column(customer, hours) for hours in HOURS for customer in CUSTOMERS],
        failures=FAILURES, silent_minutes=SILENT_MINUTES, done=tell_done(request.args.get("done", ""), locale),
    )  # fmt: skip


def _list_rows(locale: str) -> list[tuple[str, list[Cell]]]:
    """A row for each phase with and without a basket: its name and its four cells."""
    rows = []
    for phase in ROUTED_PHASES:
        for basket in reversed(BASKETS):
            name = f"{name_phase(phase, locale)} · {_name_basket(basket)}"
            cells = [
                _make_cell("/".join((phase, basket, customer, hours)), name, _name_column(customer, hours))
                for hours in HOURS
                for customer in CUSTOMERS
            ]
            rows.append((name, cells))
    return rows


def _make_cell(name: str, row: str, column: str) -> Cell:
    choices = tuple((route, _name_route(route)) for route in list_routes(name))
    return Cell(name, column, f"{row}, {column}", choices)


def _name_basket(basket: str) -> str:
    return _("something in the basket") if basket == "basket" else _("empty basket")


def _name_column(customer: str, hours: str) -> str:
    who = _("Knows the shop") if customer == "returning" else _("New here")
    when = _("within hours") if hours == "open" else _("outside hours")
    return f"{who}, {when}"


def _name_route(route: str) -> str:
    return {BOT: _("The bot"), PERSON: _("A person"), FORM: _("The form")}[route]


def _tell_fault(fault: str, locale: str) -> str:
    if fault in CELLS:
        phase, basket, customer, hours = fault.split("/")
        cell = f"{name_phase(phase, locale)} · {_name_basket(basket)}, {_name_column(customer, hours)}"
        return _("{cell}: choose one of the ways in the list.").format(cell=cell)
    return {
        "failures": _("Write a whole number between 1 and 5."),
        "silent_minutes": _("Write a whole number of minutes between 2 and 60."),
    }.get(fault, "")
