"""Ready answers below HTTP: filled from what is proven, refused when they cannot be, counted, saved by two at once."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import select
from test_care_search import Talks, talks

from plugin.care import Agent, MacroRow, reply
from plugin.care.macros import (
    UnwantedMacro,
    add_macro,
    change_macro,
    check_macro,
    choose_macros,
    count_sent,
    fill_macro,
    find_left,
    find_macro,
    list_macros,
    lock_macro,
    part_macros,
    remove_macro,
)
from plugin.contract import OrderStatus
from plugin.orders import apply_order, find_order, view_order
from plugin.stores import get_store
from plugin.testing.factories import MOMENT, make_order, make_shipment

__all__ = ["talks"]  # the fixture
ANA = Agent(1, "Ana")


def test_a_macro_is_filled_from_what_is_proven_and_says_what_is_missing(talks: Talks) -> None:
    order = make_order(
        external_id="5", number="#5", status=OrderStatus.processing, customer_name="Alma {order} Ruiz",
        shipments=(make_shipment(tracking_url="https://correos.example/ES123"),),
    )  # fmt: skip
    texts = {"es": "Hola {name}: {order}, {status}, {date}. {tracking}\n{agent}, {store}", "en": "Hi {name}"}
    with talks.db.transaction(talks.store.id) as tx:
        apply_order(tx, get_store(tx, talks.store.id), order, MOMENT)
        row = find_order(tx, talks.store.id, "5")
        assert row is not None
        macro, view = add_macro(tx, talks.store.id, " Estado ", texts, MOMENT), view_order(tx, row)
    talk = talks.read(talks.write("hola")).row
    draft = fill_macro(macro, talks.store, talk, view, ANA)
    assert draft.missing == () and draft.text == (
        "Hola Alma: #5, En camino, sábado, 21 de noviembre. Correos ES123: https://correos.example/ES123\n"
        "Ana, Barro y Sol"
    )
    nothing = fill_macro(macro, talks.store, talk, None, ANA)
    assert nothing.missing == ("name", "order", "status", "date", "tracking") and "{tracking}" in nothing.text
    assert find_left(nothing.text) == ("{name}", "{order}", "{status}", "{date}", "{tracking}")
    talk.locale = "pt"
    assert fill_macro(macro, talks.store, talk, view, ANA).text.startswith("Hola"), "the store's own language"


def test_a_value_is_never_read_as_a_placeholder(talks: Talks) -> None:
    talk = talks.read(talks.write("hola")).row
    macro = MacroRow(texts={"es": "{agent}{store}"}, title="x")
    draft = fill_macro(macro, talks.store, talk, None, Agent(1, "{store}{tracking}"))
    assert draft.text == "{store}{tracking}Barro y Sol"


@pytest.mark.parametrize(("title", "text", "code", "detail"), [
    ("", "hola", "title", ""), (" \x00\n", "hola", "title", ""), ("t" * 81, "hola", "long_title", ""),
    ("t", " ", "text", ""), ("t", "x" * 3501, "long_text", ""), ("t", "{nombre}", "placeholder", "{nombre}"),
    ("t", "{name} {Name}", "placeholder", "{Name}"), ("t", "{{name}}{}", "placeholder", "{}"),
    ("t", "{name.__class__}", "placeholder", "{name.__class__}"), ("t", "{0}", "placeholder", "{0}"),
])  # fmt: skip
def test_a_macro_that_cannot_be_filled_is_refused(title: str, text: str, code: str, detail: str) -> None:
    with pytest.raises(UnwantedMacro) as refused:
        check_macro(title, {"es": text})
    assert (refused.value.code, refused.value.detail) == (code, detail)


def test_a_lone_brace_stays_and_an_unknown_language_goes() -> None:
    assert check_macro("t", {"es": "50 % {", "en": "", "xx": "no"}) == ("t", {"es": "50 % {"})


def test_what_is_for_the_shoppers_phase_comes_first_and_what_is_for_others_alone_stands_apart(talks: Talks) -> None:
    wanted: dict[str, tuple[str, ...]] = {
        "Alta": (), "Antes": ("pre_purchase",), "Camino": ("purchase",), "Cambio": ("post_sale", "purchase", "x"),
    }  # fmt: skip
    with talks.db.transaction(talks.store.id) as tx:
        for title, phases in wanted.items():
            add_macro(tx, talks.store.id, title, {"es": "a"}, MOMENT, phases)
    with talks.db.reading(talks.store.id) as tx:
        macros = list_macros(tx, talks.store.id)
    assert {one.title: tuple(one.phases) for one in macros} == wanted | {"Cambio": ("purchase", "post_sale")}

    def part(phase: str) -> list[list[str]]:
        return [[one.title for one in some] for some in part_macros(macros, phase)]

    assert part("pre_purchase") == [["Antes", "Alta"], ["Cambio", "Camino"]]
    assert part("purchase") == [["Cambio", "Camino", "Alta"], ["Antes"]]
    assert part("post_sale") == [["Cambio", "Alta"], ["Antes", "Camino"]]
    assert {one.title for one in choose_macros(macros, "ca")} == {"Cambio", "Camino"}, "looked for in all phases"


def test_a_change_names_the_phases_anew(talks: Talks) -> None:
    with talks.db.transaction(talks.store.id) as tx:
        row = add_macro(tx, talks.store.id, "a", {"es": "uno"}, MOMENT, ["purchase"])
        change_macro(tx, row, "a", {"es": "uno"}, row.changed_at.isoformat(), MOMENT, ["post_sale"])
        assert row.phases == ["post_sale"]
        change_macro(tx, row, "a", {"es": "uno"}, row.changed_at.isoformat(), MOMENT)
        assert row.phases == []


def test_two_who_change_a_macro_at_once_do_not_write_over_each_other(talks: Talks) -> None:
    with talks.db.transaction(talks.store.id) as tx:
        row = add_macro(tx, talks.store.id, "a", {"es": "uno"}, MOMENT)
        seen = row.changed_at.isoformat()
        change_macro(tx, row, "a", {"es": "dos"}, seen, talks.clock.now())
        with pytest.raises(UnwantedMacro, match="changed"):
            change_macro(tx, row, "a", {"es": "tres"}, seen, talks.clock.now())
        assert row.texts == {"es": "dos"}
        assert remove_macro(tx, talks.store.id, row.public_id) and not remove_macro(tx, talks.store.id, row.public_id)


def test_of_two_owners_who_save_at_the_same_moment_the_second_is_told(talks: Talks) -> None:
    with talks.db.transaction(talks.store.id) as tx:
        first = add_macro(tx, talks.store.id, "a", {"es": "uno"}, MOMENT)
    seen, began, told = first.changed_at.isoformat(), threading.Event(), []

    def save_too() -> None:
        began.set()
        with talks.db.transaction(talks.store.id) as tx:
            row = lock_macro(tx, talks.store.id, first.public_id)
            assert row is not None
            try:
                change_macro(tx, row, "a", {"es": "tres"}, seen, talks.clock.now())
            except UnwantedMacro as error:
                told.append(error.code)

    other = threading.Thread(target=save_too, daemon=True)
    with talks.db.transaction(talks.store.id) as tx:
        row = lock_macro(tx, talks.store.id, first.public_id)
        assert row is not None
        other.start()
        assert began.wait(10)
        time.sleep(0.2)  # time for it to read what it must not yet read
        change_macro(tx, row, "a", {"es": "dos"}, seen, talks.clock.now())
    other.join(30)
    with talks.db.reading(talks.store.id) as tx:
        kept = find_macro(tx, talks.store.id, first.public_id)
    assert told == ["changed"] and kept is not None and kept.texts == {"es": "dos"}


def test_two_ready_answers_are_not_called_the_same(talks: Talks) -> None:
    with talks.db.transaction(talks.store.id) as tx:
        first, other = (add_macro(tx, talks.store.id, one, {"es": "uno"}, MOMENT) for one in ("Envío", "Pago"))
        for title in ("Envío", " ENVIO "):
            with pytest.raises(UnwantedMacro) as refused:
                add_macro(tx, talks.store.id, title, {"es": "dos"}, MOMENT)
            assert (refused.value.code, refused.value.detail) == ("same_title", first.public_id)
        with pytest.raises(UnwantedMacro, match="same_title"):
            change_macro(tx, other, "envio", {"es": "dos"}, other.changed_at.isoformat(), MOMENT)
        change_macro(tx, first, "ENVÍO", {"es": "dos"}, first.changed_at.isoformat(), MOMENT)
        assert [(one.title, one.texts["es"]) for one in list_macros(tx, talks.store.id)] == [
            ("ENVÍO", "dos"), ("Pago", "uno"),
        ]  # fmt: skip


def test_of_two_who_give_one_name_at_the_same_moment_the_second_is_told(talks: Talks) -> None:
    began, told = threading.Event(), []

    def add_too() -> None:
        began.set()
        try:
            with talks.db.transaction(talks.store.id) as tx:
                add_macro(tx, talks.store.id, "Envío", {"es": "dos"}, MOMENT)
        except UnwantedMacro as error:
            told.append(error.code)

    other = threading.Thread(target=add_too, daemon=True)
    with talks.db.transaction(talks.store.id) as tx:
        add_macro(tx, talks.store.id, "Envío", {"es": "uno"}, MOMENT)
        other.start()
        assert began.wait(10)
        time.sleep(0.2)  # time for it to read what it must not yet read
    other.join(30)
    assert told == ["same_title"]


def test_ready_answers_are_sorted_as_people_sort(talks: Talks) -> None:
    with talks.db.transaction(talks.store.id) as tx:
        for title in ("Zapatos", "ámbar", "Barro", "Ábaco"):
            add_macro(tx, talks.store.id, title, {"es": "uno"}, MOMENT)
        assert [one.title for one in list_macros(tx, talks.store.id)] == ["Ábaco", "ámbar", "Barro", "Zapatos"]


def test_an_answer_counts_once_for_its_macro(talks: Talks) -> None:
    talk = talks.write("hola")
    with talks.db.transaction(talks.store.id) as tx:
        macro = add_macro(tx, talks.store.id, "a", {"es": "uno"}, MOMENT)
    first = reply(talks.care, talks.store.id, talk, ANA, "uno", "c-1")
    for _ in range(2):
        count_sent(talks.care, first, macro, unchanged=True)
    count_sent(talks.care, reply(talks.care, talks.store.id, talk, ANA, "uno y dos", "c-2"), macro, unchanged=False)
    with talks.db.reading(talks.store.id) as tx:
        row = tx.scalars(select(MacroRow).where(MacroRow.store_id == talks.store.id)).one()
    assert (row.sent, row.sent_unchanged) == (2, 1)
    assert [one.macro_id for one in talks.read(talk).messages if one.author == "agent"] == [macro.id, macro.id]
