"""The merchant's table of who answers whom: every cell of it, what is kept, and what is refused."""

from __future__ import annotations

from itertools import product

import pytest

from plugin.care import PHASES
from plugin.stores import StoreRow
from plugin.stores.routing import (
    CELLS,
    ROUTED_PHASES,
    ROUTES,
    USUAL,
    Routing,
    UnwantedRouting,
    find_route,
    list_routes,
    name_cell,
    read_routing,
    set_routing,
)

SITUATIONS = list(product(ROUTED_PHASES, (True, False), (True, False), (True, False), (True, False)))
"""(phase, basket, returning, open, staffed): all there are."""


def make_row() -> StoreRow:
    return StoreRow(routing={})


def ask(routing: Routing, situation: tuple[str, bool, bool, bool, bool]) -> str:
    phase, basket, returning, is_open, staffed = situation
    return find_route(
        routing, phase, basket=basket, returning=returning, is_open=is_open, staffed=staffed
    )


def cell_of(situation: tuple[str, bool, bool, bool, bool]) -> str:
    phase, basket, returning, is_open, _ = situation
    return name_cell(phase, basket=basket, returning=returning, is_open=is_open)


def test_the_table_speaks_of_every_phase_and_has_a_cell_for_every_situation() -> None:
    assert ROUTED_PHASES == PHASES
    assert len(CELLS) == len(set(CELLS)) == 24 and {cell_of(one) for one in SITUATIONS} == set(CELLS)
    assert len(SITUATIONS) == 48


@pytest.mark.parametrize("situation", SITUATIONS)
def test_usually_only_who_is_about_to_buy_gets_a_person_and_only_one_who_is_there(
    situation: tuple[str, bool, bool, bool, bool],
) -> None:
    phase, basket, _, is_open, staffed = situation
    buying = phase == "purchase" and basket and is_open and staffed
    assert ask(read_routing(make_row()), situation) == ("person" if buying else "bot")


@pytest.mark.parametrize("cell", CELLS)
def test_each_cell_says_what_happens_in_its_situation_and_in_no_other(cell: str) -> None:
    for route in list_routes(cell):
        row = make_row()
        set_routing(row, dict.fromkeys(CELLS, "bot") | {cell: route})
        for situation in SITUATIONS:
            staffed, mine = situation[-1], cell_of(situation) == cell
            expected = "bot" if not mine or (route == "person" and not staffed) else route
            assert ask(read_routing(row), situation) == expected, situation


def test_outside_the_hours_nobody_can_come_first() -> None:
    for cell in CELLS:
        assert list_routes(cell) == (("bot", "form") if cell.endswith("/closed") else ROUTES)
    with pytest.raises(UnwantedRouting):
        set_routing(make_row(), {"purchase/basket/new/closed": "person"})


def test_only_what_differs_from_the_usual_is_kept() -> None:
    row = make_row()
    set_routing(row, dict(USUAL))
    assert row.routing == {} and read_routing(row) == Routing(USUAL)
    other = "post_sale/empty/returning/closed"
    set_routing(row, dict(USUAL) | {other: "form"}, anger=False, failures=1, silent_minutes=60)
    assert row.routing == {"table": {other: "form"}, "anger": False, "failures": 1, "silent_minutes": 60}
    assert read_routing(row) == Routing(dict(USUAL) | {other: "form"}, False, 1, 60)
    set_routing(row, {})
    assert row.routing == {}


def test_what_no_version_knows_any_more_is_the_usual() -> None:
    row = StoreRow(routing={"table": {"purchase/basket/new/open": "robot", "was/there/once": "form"}})
    assert read_routing(row) == Routing(USUAL)


@pytest.mark.parametrize(
    ("table", "others", "field"),
    [
        ({"purchase/basket/new/open": "robot"}, {}, "purchase/basket/new/open"),
        ({"purchase/basket/new/open": ""}, {}, "purchase/basket/new/open"),
        ({"<script>": "bot"}, {}, "<script>"),
        ({"purchase": "bot"}, {}, "purchase"),
        ({}, {"failures": 0}, "failures"),
        ({}, {"failures": 6}, "failures"),
        ({}, {"silent_minutes": 1}, "silent_minutes"),
        ({}, {"silent_minutes": 61}, "silent_minutes"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name_and_changes_nothing(
    table: dict[str, str], others: dict[str, int], field: str
) -> None:
    row = StoreRow(routing={"failures": 3})
    with pytest.raises(UnwantedRouting) as caught:
        set_routing(row, table, **others)
    assert (caught.value.field, caught.value.code, row.routing) == (field, "routing", {"failures": 3})
