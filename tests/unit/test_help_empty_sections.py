"""A section in which shoppers find nothing says so in each language, and why: answers, hidden articles, drafts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

import plugin.care  # noqa: F401  (the tables that learned rows refer to)
from faq_links import EXAMPLE_ANSWERS
from plugin import help
from plugin.database import Database
from plugin.help import EmptySection, Writer, Written, catalogue_of
from plugin.stores import StoreRow, get_store
from plugin.testing.factories import MOMENT, make_database, make_store

ANA = Writer(1, MOMENT)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    made = make_database(database_url)
    yield made
    made.close()


@pytest.fixture
def store(db: Database) -> StoreRow:
    return make_store(db, domain="barro.example", locale="es", answers={"es": dict(EXAMPLE_ANSWERS["es"])})


def list_empty(db: Database, store: StoreRow, reader: str = "en") -> dict[str, EmptySection]:
    return {one.id: one for one in list_warnings(db, store, reader)}


def list_warnings(db: Database, store: StoreRow, reader: str = "en") -> Sequence[EmptySection]:
    with db.reading(store.id) as tx:
        row, rows = get_store(tx, store.id), help.list_own(tx, store.id)
    return help.list_empty_sections(row, rows, reader)


def in_section(store: StoreRow, section: str) -> list[str]:
    catalogue = catalogue_of(store)
    every = (*catalogue.articles("es"), *catalogue.hidden("es"))
    return sorted(one.article_id for one in every if one.section == section)


def hide(db: Database, store: StoreRow, *ids: str) -> None:
    with db.transaction(store.id) as tx:
        assert all(help.hide(tx, store.id, one, ANA) for one in ids)


def draft(db: Database, store: StoreRow, locale: str, written: Written) -> int:
    """Gives the version that its writer saw."""
    with db.transaction(store.id) as tx:
        return help.save_draft(tx, store.id, "talleres", locale, written, 0, ANA).version


def test_a_section_whose_articles_are_all_hidden_warns_and_comes_back_with_the_first_one(
    db: Database, store: StoreRow
) -> None:
    ids = in_section(store, "payment")
    assert len(ids) > 2 and list_empty(db, store) == {}
    hide(db, store, *ids[1:])
    waiting = [one.article_id for one in catalogue_of(store).hidden("es") if one.section == "payment"]
    assert ids[0] in waiting or list_empty(db, store) == {}, "one of them is still shown"
    hide(db, store, ids[0])
    (empty,) = list_empty(db, store).values()
    assert (empty.id, empty.title, empty.locales) == ("payment", "Payment", ("es", "en", "pt"))
    assert sorted(empty.hidden) == ids and not (empty.waits or empty.missing or empty.drafts)
    shown = next(one for one in ids if one not in waiting)
    with db.transaction(store.id) as tx:
        help.bring_back(tx, store.id, shown, ANA)
    assert list_empty(db, store) == {}


def test_hidden_waiting_and_drafted_stand_together_with_their_reasons(db: Database) -> None:
    bare: Any = make_store(db, domain="bare.example", locale="es", answers={})
    catalogue = catalogue_of(bare)
    shown = [one.article_id for one in catalogue.articles("es") if one.section == "returns"]
    waiting = [one.article_id for one in catalogue.hidden("es") if one.section == "returns"]
    hide(db, bare, *shown)
    draft(db, bare, "es", Written("¿Cambian?", "returns", "Sí."))
    spanish = next(one for one in list_warnings(db, bare) if one.id == "returns" and "es" in one.locales)
    assert sorted(spanish.hidden) == sorted(shown) and sorted(spanish.waits) == sorted(waiting)
    assert spanish.drafts == ("talleres",) and spanish.locales == ("es",), "the others have no draft"
    assert spanish.missing and set(spanish.missing) <= {
        key for one in catalogue.hidden("es") for key in one.placeholders
    }  # fmt: skip


@pytest.mark.parametrize("locale", ("es", "pt"))
def test_a_section_of_ones_own_warns_where_it_is_only_drafted_and_where_the_shop_itself_has_nothing_of_it(
    db: Database, store: StoreRow, locale: str
) -> None:
    mine = Written("¿Hacen talleres?", "talleres", "Sí.", section_title="Talleres de barro")
    seen = draft(db, store, locale, mine)
    found = list_empty(db, store)
    assert found["talleres"].title == "Talleres de barro"
    assert found["talleres"].drafts == ("talleres",) and found["talleres"].locales == (locale,)
    with db.transaction(store.id) as tx:
        help.show(tx, store.id, "talleres", locale, mine, seen, ANA)
    found = list_empty(db, store)
    if locale == "es":
        assert found == {}, "whoever sells in Spanish misses no English"
    else:
        assert found["talleres"] == EmptySection("talleres", "Talleres de barro", ("es",)), "nothing is written in it"
