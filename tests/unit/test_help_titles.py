"""Two articles of one title in one language: told to who writes, refused to who shows, also at the same moment."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from test_help_own_articles import ANA, WORKSHOP, db, show, store

from plugin import help
from plugin.database import Database
from plugin.help import catalogues
from plugin.stores import StoreRow
from plugin.testing.factories import make_store

__all__ = ["db", "store"]  # the fixtures


def test_two_articles_that_shoppers_read_are_not_called_the_same(db: Database, store: StoreRow) -> None:
    mine = show(db, store, "talleres", WORKSHOP)
    same = replace(WORKSHOP, title="hacen TALLERES de ceramica")
    with pytest.raises(help.SameTitle) as refused:
        show(db, store, "otros", same)
    assert refused.value.namesake == help.Namesake("talleres", WORKSHOP.title)
    with db.reading(store.id) as tx:
        assert help.get_own(tx, store.id, "otros", "es") is None
    show(db, store, "otros", same, locale="en")
    assert show(db, store, "talleres", same, mine.version).title == same.title, "it may be called as it is"
    starter = catalogues.starter_article("how-to-return", "es")
    assert starter is not None
    with pytest.raises(help.SameTitle):
        show(db, store, "devolver", replace(WORKSHOP, title=starter.title))
    with db.transaction(store.id) as tx:
        for hidden in ("talleres", "how-to-return"):
            assert help.hide(tx, store.id, hidden, ANA)
    show(db, store, "otros", same)
    show(db, store, "devolver", replace(WORKSHOP, title=starter.title))


def test_who_writes_hears_of_a_draft_of_the_same_title_and_of_no_other_store_s(db: Database, store: StoreRow) -> None:
    other = make_store(db, domain="b.example")
    show(db, other, "talleres", WORKSHOP)
    with db.transaction(store.id) as tx:
        help.save_draft(tx, store.id, "talleres", "es", WORKSHOP, 0, ANA)
        asked = (tx, store.id, "", "es", WORKSHOP.title)
        assert help.find_namesake(*asked) is None
        assert help.find_namesake(*asked, drafts=True) == help.Namesake("talleres", WORKSHOP.title)
        assert help.find_namesake(tx, store.id, "talleres", "es", WORKSHOP.title, drafts=True) is None
        for nothing in ("", "¿?", "Talleres"):
            assert help.find_namesake(tx, store.id, "", "es", nothing, drafts=True) is None, nothing
    show(db, store, "otros", WORKSHOP)


def test_of_two_who_show_one_title_at_the_same_moment_the_second_is_told(db: Database, store: StoreRow) -> None:
    began, told = threading.Event(), []

    def show_too() -> None:
        began.set()
        try:
            show(db, store, "otros", WORKSHOP)
        except help.SameTitle as error:
            told.append(error.namesake.article_id)

    other = threading.Thread(target=show_too, daemon=True)
    with db.transaction(store.id) as tx:
        help.show(tx, store.id, "talleres", "es", WORKSHOP, 0, ANA)
        other.start()
        assert began.wait(10)
        time.sleep(0.2)  # time for it to read what it must not yet read
    other.join(30)
    assert told == ["talleres"]
