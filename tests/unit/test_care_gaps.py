"""What nobody answered is marked, listed masked and together, put aside and gone with its conversation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import Counter, open_counter, statements

from faq_links import EXAMPLE_ANSWERS
from plugin import care
from plugin.care import ConversationRow, MessageRow, gap_groups
from plugin.database import ALL
from plugin.privacy import erase_customer
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT
from plugin.work import Claimed, claim_at_once, list_promised

ODD = "mi primo dice que el bulto va en burro"


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with open_counter(tmp_path) as made:
        yield made


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})


def listed(counter: Counter, store: StoreRow, state: str = "open") -> list[care.Gap]:
    with counter.db.reading(store.id) as tx:
        return [gap for group in care.list_gap_groups(tx, store.id, state) for gap in group.gaps]


def put_together(counter: Counter) -> None:
    """What was asked is put together, as a little later."""
    counter.clock.advance(10)
    counter.run_jobs()


def settle(counter: Counter, store: StoreRow, places: list[tuple[str, int]], state: str) -> int:
    with counter.db.transaction(store.id) as tx:
        return care.settle_gaps(tx, store.id, places, state)


def test_only_what_the_bot_could_not_answer_is_a_gap(counter: Counter, store: StoreRow) -> None:
    talk = counter.write(store, ODD, "¿Cuánto tarda en llegar mi pedido?", "hola", "quiero hablar con una persona")
    assert [one.place for one in listed(counter, store)] == [(talk, 1)]
    counter.write(store, "quiero una persona", ODD)  # a person is on the way: the bot does not speak
    assert len(listed(counter, store)) == 1


def test_words_are_masked_and_the_newest_come_first(counter: Counter, store: StoreRow) -> None:
    counter.write(store, f"{ODD} eva@correo.example +34 600 123 456")
    counter.clock.advance(60)
    counter.write(store, "tienen horno de leña?")
    assert [one.words for one in listed(counter, store)] == [
        "tienen horno de leña?", f"{ODD} •••",
    ]  # fmt: skip


def test_groups_come_by_how_often_they_were_asked(counter: Counter, store: StoreRow) -> None:
    for question in ("grabas nombres en la taza?", "puedo poner mi nombre grabado en una taza", ODD):
        counter.clock.advance(60)
        counter.write(store, question)
    put_together(counter)
    with counter.db.reading(store.id) as tx:
        groups = care.list_gap_groups(tx, store.id)
        assert care.list_gap_groups(tx, store.id, most=1) == groups[:1]
        assert care.count_gaps(tx, store.id)["open"] == 2, "what is counted is what is listed"
    assert [(one.count, len(one.places), one.newest.words) for one in groups] == [
        (2, 2, "puedo poner mi nombre grabado en una taza"), (1, 1, ODD),
    ]  # fmt: skip


def test_a_gap_is_put_aside_and_taken_back_and_nothing_else_becomes_one(counter: Counter, store: StoreRow) -> None:
    talk = counter.write(store, ODD, "¿Cuánto tarda en llegar mi pedido?")
    places = [(talk, 1), (talk, 3), (talk, 2), (talk, 99), ("cv_nothing-here", 1)]
    assert settle(counter, store, places, "dismissed") == 1
    assert listed(counter, store) == [] and [one.place for one in listed(counter, store, "dismissed")] == [(talk, 1)]
    with counter.db.reading(store.id) as tx:
        assert care.count_gaps(tx, store.id) == {"open": 0, "article": 0, "dismissed": 1}
    with counter.db.transaction(store.id) as tx:
        mine = (MessageRow.store_id == store.id, MessageRow.position == 1)
        care.note_gap(tx, tx.query(MessageRow).filter(*mine).one(), MOMENT)
    assert listed(counter, store) == [], "what was put aside is not opened by asking the bot again"
    assert settle(counter, store, [(talk, 1)], "open") == 1
    with pytest.raises(ValueError, match="never 'gone'"):
        settle(counter, store, [(talk, 1)], "gone")


def test_what_is_not_for_the_shop_stays_so_when_the_next_shopper_asks_it(counter: Counter, store: StoreRow) -> None:
    first = counter.write(store, "grabas nombres en la taza?")
    other = counter.write(store, ODD)
    with counter.db.transaction(store.id) as tx:
        assert care.settle_group(tx, store.id, (first, 1), "dismissed", was="open") == 1
    again = counter.write(store, "Hola! Grabas nombres en la taza?")
    put_together(counter)
    with counter.db.reading(store.id) as tx:
        assert care.count_gaps(tx, store.id) == {"open": 1, "article": 0, "dismissed": 1}
        [aside] = care.list_gap_groups(tx, store.id, "dismissed")
    assert (aside.count, aside.places) == (2, [(again, 1), (first, 1)])
    assert [one.place for one in listed(counter, store)] == [(other, 1)]
    with counter.db.transaction(store.id) as tx:
        assert care.settle_group(tx, store.id, (first, 1), "open", was="dismissed") == 2
        with pytest.raises(ValueError, match="never 'gone'"):
            care.settle_group(tx, store.id, (first, 1), "gone", was="open")
        assert care.settle_group(tx, store.id, (other, 2), "dismissed", was="open") == 0
    newest = counter.write(store, "me graban mi nombre en la taza?")
    put_together(counter)
    assert listed(counter, store)[0].place == (newest, 1), "what is open again stays open"


def test_a_question_that_is_only_like_one_put_aside_is_seen(counter: Counter, store: StoreRow) -> None:
    asked = ("venden bicicletas?", "venden patines?", "hola, venden bicicletas")
    first = counter.write(store, asked[0])
    put_together(counter)
    settle(counter, store, [(first, 1)], "dismissed")
    for question in asked[1:]:
        counter.write(store, question)
    put_together(counter)
    assert {one.words for one in listed(counter, store)} == {asked[1]}
    assert {one.words for one in listed(counter, store, "dismissed")} == {asked[0], asked[2]}


def test_a_question_is_a_group_by_itself_until_it_is_put_together(counter: Counter, store: StoreRow) -> None:
    first, second = (counter.write(store, "grabas nombres en la taza?") for _ in range(2))
    with statements(counter) as asked, counter.db.reading(store.id) as tx:
        assert care.count_gaps(tx, store.id) == {"open": 2, "article": 0, "dismissed": 0}
    assert len([one for one in asked if one.startswith("SELECT")]) == 1
    with counter.db.transaction(store.id) as tx:
        assert [one.places for one in care.list_gap_groups(tx, store.id)] == [[(second, 1)], [(first, 1)]]
        assert [one.place for one in care.list_alike(tx, store.id, (first, 1))] == [(first, 1)]
        assert care.settle_group(tx, store.id, (first, 1), "dismissed", was="open") == 1
        assert care.count_gaps(tx, store.id) == {"open": 1, "article": 0, "dismissed": 1}
    put_together(counter)
    with counter.db.reading(store.id) as tx:
        assert care.count_gaps(tx, store.id) == {"open": 0, "article": 0, "dismissed": 1}


def test_nothing_is_compared_while_a_shopper_waits_for_the_bot(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    monkeypatch.setattr(gap_groups, "find_groups", lambda new, *_: compared.append(len(new)) or list(range(len(new))))
    for _ in range(3):
        counter.write(store, ODD)
    counter.run_jobs()
    assert compared == []
    put_together(counter)
    assert compared == [3], "one job of the store looks after all of them"


def test_more_than_one_job_takes_are_put_together_by_the_next(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gap_groups, "AT_A_TIME", 2)
    for _ in range(5):
        counter.write(store, ODD)
    put_together(counter)
    with counter.db.reading(store.id) as tx:
        assert [one.count for one in care.list_gap_groups(tx, store.id)] == [5]
        assert not list_promised(tx, "care.group_gaps", store.id)


def test_two_who_ask_the_same_new_thing_at_once_are_one_group(counter: Counter, store: StoreRow) -> None:
    """Also where two jobs of the store run at once, and where somebody decides meanwhile."""
    for _ in range(2):
        counter.write(store, ODD)
    find, talks = gap_groups.find_groups, list[str]()

    def overtaken(*given: Any) -> list[int]:
        if not talks:
            talks.append(counter.write(store, ODD))
            counter.house.engine.run(claim(counter, store))
        return find(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gap_groups, "find_groups", overtaken)
        counter.house.engine.run(claim(counter, store))
    with counter.db.reading(store.id) as tx:
        [one] = care.list_gap_groups(tx, store.id)
        assert one.count == 3 and len(list_promised(tx, "care.group_gaps", store.id)) == 1, "the first looks again"
    put_together(counter)
    with counter.db.reading(store.id) as tx:
        assert care.list_gap_groups(tx, store.id) == [one]


def test_what_is_put_aside_while_it_is_compared_is_not_opened_by_it(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = counter.write(store, ODD), counter.write(store, ODD)
    find = gap_groups.find_groups

    def decided(*given: Any) -> list[int]:
        settle(counter, store, [(first, 1)], "dismissed")
        return find(*given)

    monkeypatch.setattr(gap_groups, "find_groups", decided)
    counter.house.engine.run(claim(counter, store))
    assert [one.place for one in listed(counter, store)] == [(other, 1)]
    monkeypatch.setattr(gap_groups, "find_groups", find)
    put_together(counter)
    assert listed(counter, store) == [] and len(listed(counter, store, "dismissed")) == 2


@pytest.mark.parametrize("engine", ["sqlite_url", "postgresql_url"])
def test_two_jobs_that_have_read_the_same_make_one_group_on_each_database(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, both = gap_groups.find_groups, Barrier(2, timeout=30)

    def find_together(*given: Any) -> list[int]:
        both.wait()
        return find(*given)

    with open_counter(tmp_path, request.getfixturevalue(engine)) as counter:
        store = counter.add_store("a.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})
        first, other, second = (counter.write(store, words) for words in (ODD, "venden patines?", ODD))
        monkeypatch.setattr(gap_groups, "find_groups", find_together)
        jobs = [claim(counter, store), claim(counter, store)]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(counter.house.engine.run, jobs))
        monkeypatch.setattr(gap_groups, "find_groups", find)
        put_together(counter)
        with counter.db.reading(store.id) as tx:
            assert care.count_gaps(tx, store.id)["open"] == 2
            groups = care.list_gap_groups(tx, store.id)
        assert [one.places for one in groups] == [[(second, 1), (first, 1)], [(other, 1)]]


def claim(counter: Counter, store: StoreRow) -> Claimed:
    """One more job of the store than are in other hands."""
    with counter.db.transaction(store.id) as tx:
        care.gaps.promise_grouping(tx, store.id, counter.clock.now())
    with counter.db.transaction(store.id) as tx:
        job = claim_at_once(tx, "care.group_gaps", store.id, counter.clock.now())
    assert job is not None
    return job


def test_a_question_that_an_article_was_made_of_opens_again_when_the_bot_cannot_answer_it(
    counter: Counter, store: StoreRow
) -> None:
    settle(counter, store, [(counter.write(store, ODD), 1)], "article")
    again = counter.write(store, ODD)
    put_together(counter)
    assert [one.place for one in listed(counter, store)] == [(again, 1)]


def test_a_group_outlives_the_conversation_that_began_it(counter: Counter, store: StoreRow) -> None:
    first, second = counter.write(store, ODD), counter.write(store, ODD)
    put_together(counter)
    with counter.db.transaction(store.id) as tx:
        began = (ConversationRow.store_id == store.id, ConversationRow.public_id == first)
        tx.execute(delete(ConversationRow).where(*began))
    third = counter.write(store, ODD)
    put_together(counter)
    with counter.db.reading(store.id) as tx:
        [group] = care.list_gap_groups(tx, store.id)
        assert [one.place for one in care.list_alike(tx, store.id, (second, 1))] == group.places
    assert group.places == [(third, 1), (second, 1)]


def test_another_store_s_gaps_are_not_seen_and_not_changed(counter: Counter, store: StoreRow) -> None:
    other = counter.add_store("b.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})
    talk = counter.write(other, ODD)
    assert listed(counter, store) == [] and settle(counter, store, [(talk, 1)], "dismissed") == 0
    with counter.db.reading(store.id) as tx:
        assert care.read_question(tx, store.id, talk, 1) is None
    assert len(listed(counter, other)) == 1


def test_a_gap_goes_with_its_conversation_and_an_article_forgets_the_address(counter: Counter, store: StoreRow) -> None:
    from plugin import help

    counter.write(store, ODD)
    written = help.Written("¿Y eva@correo.example?", "shop", "Pregunta a EVA@correo.example o a neva@correo.example.")
    with counter.db.transaction(store.id) as tx:
        seen = help.show(tx, store.id, "eva", "es", written, 0, help.Writer(1, counter.clock.now())).version
    erase_customer(counter.db, store.id, "eva@correo.example")
    with counter.db.reading(store.id) as tx:
        row = help.get_own(tx, store.id, "eva", "es")
    assert (row.title, row.text) == ("¿Y •••?", "Pregunta a ••• o a neva@correo.example.")
    assert row.version == seen + 1
    with counter.db.transaction(ALL, "the conversation goes") as tx:
        tx.execute(delete(ConversationRow))
    assert listed(counter, store) == []


def test_an_erased_customer_s_name_and_question_leave_the_article_that_was_made_of_it(
    counter: Counter, store: StoreRow
) -> None:
    from plugin import help
    from plugin.care.macros import add_macro, list_macros

    order = counter.add_order(store, external_id="7", email="alma@correo.example", customer_name="Alma Ruiz Cantero")
    talk = counter.write(store, ODD)
    other = counter.write(store, ODD)
    with counter.db.transaction(store.id) as tx:
        mine = (ConversationRow.store_id == store.id, ConversationRow.public_id == talk)
        row = tx.query(ConversationRow).filter(*mine).one()
        row.order_id, row.order_proof = order.id, "code"
        writer = help.Writer(1, counter.clock.now())
        written = help.Written(
            "¿Y la taza de alma ruiz cantero?", "shop", "Pregunta a Alma.",
            phrasings=("soy Alma Ruiz, de los Cantero, y graban?", "graban el alma de la taza?"),
        )  # fmt: skip
        help.save_draft(tx, store.id, "graban", "es", written, 0, writer, [(talk, 1), (other, 1)])
        add_macro(tx, store.id, "Para Alma Ruiz Cantero", {"es": "Hola, alma@correo.example"}, counter.clock.now())
    erase_customer(counter.db, store.id, "alma@correo.example")
    with counter.db.reading(store.id) as tx:
        kept = help.get_own(tx, store.id, "graban", "es")
        draft = help.read_draft(kept, "graban", "es")
        [macro] = list_macros(tx, store.id)
    assert (draft.title, draft.text) == ("¿Y la taza de •••?", "Pregunta a Alma.")
    assert draft.phrasings == ("graban el alma de la taza?",)
    assert help.list_asked(kept) == [(other, 1)]
    assert (macro.title, macro.texts) == ("Para Alma Ruiz Cantero", {"es": "Hola, •••"})
