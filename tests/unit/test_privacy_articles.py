"""What an erasure takes out of articles and ready answers, which are the merchant's own words, and what it leaves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from privacy_scene import EMAIL, NAME, add_order, open_house, talk
from sqlalchemy import select, text

from plugin import help
from plugin.agents import add_membership, create_agent
from plugin.app import House
from plugin.care.macros import UnwantedMacro, add_macro, change_macro, find_macro
from plugin.database import ALL
from plugin.help import ArticleRow, Writer, Written
from plugin.privacy import erase_customer
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT, make_database, make_store

FREE = "Envío gratis"
ANA = Writer(1, MOMENT)


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = open_house(database_url)
    yield opened
    opened.db.close()


@pytest.fixture
def store(house: House) -> StoreRow:
    return make_store(house.db, platform="demo", name="Barro y Sol")


def show(
    house: House, store: StoreRow, article_id: str, written: Written, *asked: tuple[str, int], locale: str = "es"
) -> ArticleRow:
    with house.db.transaction(store.id) as tx:
        return help.show(tx, store.id, article_id, locale, written, 0, ANA, asked)


def read(house: House, store: StoreRow, article_id: str, locale: str = "es") -> ArticleRow:
    with house.db.reading(store.id) as tx:
        row = help.get_own(tx, store.id, article_id, locale)
    assert row is not None
    return row


def test_a_name_of_the_shop_s_own_words_goes_only_where_its_customer_asked(house: House, store: StoreRow) -> None:
    asked = talk(house, store, "¿y a Canarias?", add_order(house, store, "1", email=EMAIL, customer_name=FREE).id)
    ours = Written("¿Hay envío gratis?", "shop", "Envío gratis desde 50 €.", phrasings=("tienen envío gratis?",))
    before = show(house, store, "envio", ours)
    show(house, store, "canarias", Written("¿Canarias?", "shop", "Envío gratis no."), (asked, 1))
    show(house, store, "canarias", Written("Canárias?", "shop", "ENVÍO  GRATIS não."), locale="pt")
    with house.db.transaction(store.id) as tx:
        help.save_draft(tx, store.id, "torno", "es", Written("Envío gratis", "shop", "…"), 0, ANA, [(asked, 1)])
        macro = add_macro(tx, store.id, FREE, {"es": f"{FREE}: escribe a {EMAIL}"}, MOMENT)
    erase_customer(house.db, store.id, EMAIL)
    kept = read(house, store, "envio")
    assert (kept.title, kept.text, kept.meta, kept.version) == (
        before.title, before.text, before.meta, before.version,
    )  # fmt: skip
    assert [read(house, store, "canarias", one).text for one in ("es", "pt")] == ["••• no.", "••• não."]
    assert help.read_draft(read(house, store, "torno"), "torno", "es").title == "•••"
    assert help.list_asked(read(house, store, "canarias")) == help.list_asked(read(house, store, "torno")) == []
    with house.db.reading(store.id) as tx:
        left = find_macro(tx, store.id, macro.public_id)
    assert left is not None and (left.title, left.texts) == (FREE, {"es": f"{FREE}: escribe a •••"})


def test_an_address_goes_wherever_it_stands(house: House, store: StoreRow) -> None:
    add_order(house, store, "1", email=EMAIL)
    show(house, store, "a", Written("¿A?", "shop", f"{NAME}: {EMAIL}", phrasings=(f"soy {NAME}",)))
    erase_customer(house.db, store.id, EMAIL)
    row = read(house, store, "a")
    assert row.text == f"{NAME}: •••" and row.meta["phrasings"] == [f"soy {NAME}"]


@pytest.mark.parametrize("name", ["barro  y sol", "Ana Gómez"])
def test_who_is_called_like_the_shop_or_its_people_takes_their_names_nowhere(
    house: House, store: StoreRow, name: str
) -> None:
    with house.db.transaction(ALL, "a person of the shop") as tx:
        agent = create_agent(tx, "ana@counter.example", "Ana Gomez", "es", MOMENT)
        add_membership(tx, store.id, agent.id, "agent", MOMENT)
    asked = talk(house, store, "¿quién?", add_order(house, store, "1", email=EMAIL, customer_name=name).id)
    words = "Somos Barro y Sol; el torno es de Ana Gómez."
    show(house, store, "quien", Written("¿Quién?", "shop", words, phrasings=("quién es ana gómez de barro y sol",)),
         (asked, 1))  # fmt: skip
    erase_customer(house.db, store.id, EMAIL)
    row = read(house, store, "quien")
    assert row.text == words and len(row.meta["phrasings"]) == 1 and help.list_asked(row) == []


def test_a_ready_answer_that_was_open_is_not_saved_over_what_was_taken_out(house: House, store: StoreRow) -> None:
    add_order(house, store, "1", email=EMAIL)
    with house.db.transaction(store.id) as tx:
        seen = add_macro(tx, store.id, "Estado", {"es": f"Escribe a {EMAIL}"}, MOMENT)
        other = add_macro(tx, store.id, "Hola", {"es": "Hola"}, MOMENT)
    erase_customer(house.db, store.id, EMAIL)
    with house.db.transaction(store.id) as tx:
        rows = [find_macro(tx, store.id, one.public_id) for one in (seen, other)]
        assert rows[0] is not None and rows[1] is not None and rows[1].changed_at == MOMENT
        with pytest.raises(UnwantedMacro, match="changed"):
            change_macro(tx, rows[0], "Estado", seen.texts, seen.changed_at.isoformat(), MOMENT)


def test_hiding_an_article_never_waits_for_an_erasure_that_waits_for_it(postgresql_url: str) -> None:
    """Its languages were written in another order than the one in which they are listed."""
    db = make_database(postgresql_url)
    try:
        store = make_store(db)
        for locale in ("pt", "en", "es"):
            with db.transaction(store.id) as tx:
                help.show(tx, store.id, "torno", locale, Written("¿Torno?", "shop", "Sí."), 0, ANA)

        def hide() -> None:
            with db.transaction(store.id) as tx:
                help.hide(tx, store.id, "torno", ANA)

        other = threading.Thread(target=hide)
        with db.transaction(store.id) as tx:
            mine = select(ArticleRow).where(ArticleRow.store_id == store.id).order_by(ArticleRow.id).with_for_update()
            assert [row.locale for row in tx.scalars(mine.limit(1))] == ["pt"]
            other.start()
            deadline = time.monotonic() + 20
            with db.reading(ALL, "who waits") as looking:
                waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
                while not looking.scalar(waits):
                    assert time.monotonic() < deadline, "it does not wait"
                    time.sleep(0.02)
            assert len(tx.scalars(mine).all()) == 3, "or the two would wait for each other"
        other.join(20)
        with db.reading(store.id) as tx:
            assert {row.state for row in help.list_own(tx, store.id)} == {"hidden"}
    finally:
        db.close()
