"""What the desk teaches and what is counted: kept, moved, undone, and working at the next question."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

import plugin.care  # noqa: F401  (a lesson's row refers to its conversation)
from faq_links import EXAMPLE_ANSWERS
from plugin import help
from plugin.database import ALL, Database
from plugin.help import LearnedPhrasingRow, Unlearnable, catalogues, warming
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT, make_database, make_store

ODD = "mi primo dice que el bulto va en burro"
"""No article says anything like it."""


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    made = make_database(database_url)
    yield made
    made.close()


@pytest.fixture
def store(db: Database) -> StoreRow:
    return make_store(db, domain="a.example", answers=EXAMPLE_ANSWERS)


def teach(db: Database, store: StoreRow, text: str = ODD, article: str = "delivery-times", **given: Any) -> Any:
    values = {"locale": "es_CO", "how": "answered", "conversation_id": None, "agent_id": None, "now": MOMENT} | given
    with db.transaction(store.id) as tx:
        return help.teach(tx, store, article, values["locale"], text, values["how"], values["conversation_id"],
                          values["agent_id"], values["now"])  # fmt: skip


def ask(db: Database, store: StoreRow, question: str = ODD, locale: str = "es") -> help.Reply:
    with db.reading(store.id) as tx:
        learned = help.read_learned(tx, store.id)
    return help.answer(store, question, locale, learned)


def listed(db: Database, store: StoreRow, **given: Any) -> list[LearnedPhrasingRow]:
    with db.reading(store.id) as tx:
        return list(help.list_learned(tx, store.id, **given))


def test_what_was_taught_is_answered_at_the_next_question_and_undone_at_the_one_after(
    db: Database, store: StoreRow
) -> None:
    assert ask(db, store).article is None
    row = teach(db, store)
    reply = ask(db, store, "¡Mi primo dice que el bulto va en BURRO!")
    assert reply.article is not None and reply.article.article_id == "delivery-times"
    assert reply.confidence >= 0.97 and reply.candidates[0].article_id == "delivery-times"
    with db.transaction(store.id) as tx:
        assert help.undo(tx, store.id, row.public_id, MOMENT + timedelta(minutes=1))
    assert ask(db, store).article is None
    with db.transaction(store.id) as tx:
        assert help.redo(tx, store.id, row.public_id)
    assert ask(db, store).article is not None


def test_the_engine_reads_a_lesson_as_one_more_phrasing_of_its_article(db: Database, store: StoreRow) -> None:
    teach(db, store)
    ask(db, store)
    article = help.get_article(store, "delivery-times", "es")
    assert article is not None and article.learned == (ODD,) and ODD not in article.phrasings
    near = ask(db, store, "dice mi primo: el bulto en burro")
    assert near.candidates and near.candidates[0].article_id == "delivery-times"
    assert help.get_article(store, "delivery-times", "en").learned == ()


def test_a_phrasing_leads_to_one_article_and_a_new_lesson_moves_it(db: Database, store: StoreRow) -> None:
    first = teach(db, store)
    moved = teach(db, store, ODD.upper() + "?", "how-to-return", how="corrected", now=MOMENT + timedelta(hours=1))
    assert moved.public_id == first.public_id
    (row,) = listed(db, store)
    assert (row.article_id, row.how, row.created_at) == ("how-to-return", "corrected", MOMENT + timedelta(hours=1))
    assert ask(db, store).article.article_id == "how-to-return"


def test_the_same_lesson_again_changes_nothing_and_an_undone_one_comes_back_by_a_clear_word_alone(
    db: Database, store: StoreRow
) -> None:
    row = teach(db, store)
    again = teach(db, store, how="written", now=MOMENT + timedelta(hours=1))
    assert (again.how, again.created_at) == ("answered", MOMENT)
    with db.transaction(store.id) as tx:
        help.undo(tx, store.id, row.public_id, MOMENT)
    teach(db, store, now=MOMENT + timedelta(hours=2))
    (row,) = listed(db, store)
    assert (row.undone_at, row.created_at) == (MOMENT, MOMENT), "an answer alone does not bring it back"
    teach(db, store, how="corrected", now=MOMENT + timedelta(hours=3))
    (row,) = listed(db, store)
    assert (row.undone_at, row.created_at) == (None, MOMENT + timedelta(hours=3))


@pytest.mark.parametrize("text", ["no entiendo", "sigues ahí?", "Alma Rojas"])
def test_an_answer_alone_teaches_no_filler_and_no_name(db: Database, store: StoreRow, text: str) -> None:
    with pytest.raises(Unlearnable):
        teach(db, store, text)
    assert teach(db, store, text, how="corrected").text == text


def test_each_language_learns_for_itself(db: Database, store: StoreRow) -> None:
    teach(db, store, "burro burrito bonito", locale="es_MX")
    teach(db, store, "burro burrito bonito", "how-to-return", locale="pt_BR")
    assert {(row.locale, row.article_id) for row in listed(db, store)} == {
        ("es", "delivery-times"), ("pt", "how-to-return")}  # fmt: skip
    assert ask(db, store, "burro burrito bonito", "es_CO").article.article_id == "delivery-times"
    assert ask(db, store, "burro burrito bonito", "pt").article.article_id == "how-to-return"
    assert ask(db, store, "burro burrito bonito", "en").article is None


def test_readers_of_a_language_that_the_store_does_not_have_teach_the_one_they_are_served(
    db: Database, store: StoreRow
) -> None:
    assert teach(db, store, "où est mon âne", locale="fr_FR").locale == "es"
    assert ask(db, store, "Où est mon âne?", "fr").article is not None


@pytest.mark.parametrize(("text", "article", "why"), [
    (ODD, "no-such-article", "article"), ("", "delivery-times", "empty"), ("x", "delivery-times", "short"),
    ("palabra " * 50, "delivery-times", "long"), ("hola", "delivery-times", "talk"),
])  # fmt: skip
def test_what_teaches_nothing_leaves_no_row(
    db: Database, store: StoreRow, text: str, article: str, why: str
) -> None:
    with pytest.raises(Unlearnable) as refused:
        teach(db, store, text, article)
    assert refused.value.code == why
    with db.transaction(store.id) as tx:
        assert help.learn(tx, store, article, "es", text, "answered", None, None, MOMENT) is None
    assert listed(db, store) == []


def test_what_is_kept_is_masked_and_sealed(db: Database, store: StoreRow) -> None:
    teach(db, store, "soy ana@example.com y mi burro 30012345678 no llega")
    assert [row.text for row in listed(db, store)] == ["soy ••• y mi burro ••• no llega"]
    with db.reading(ALL, "the bytes as they lie there") as tx:
        raw = tx.connection().exec_driver_sql("select text from learned_phrasings").scalar_one()
    assert b"burro" not in bytes(raw)


def test_another_store_s_lessons_are_out_of_reach(db: Database, store: StoreRow) -> None:
    other = make_store(db, domain="b.example", answers=EXAMPLE_ANSWERS)
    row = teach(db, store)
    assert ask(db, other).article is None and listed(db, other) == []
    with db.transaction(other.id) as tx:
        assert not help.undo(tx, other.id, row.public_id, MOMENT) and not help.redo(tx, other.id, row.public_id)
    assert ask(db, store).article is not None


def test_an_article_that_is_no_longer_shown_is_not_answered_with(db: Database, store: StoreRow) -> None:
    teach(db, store)
    with db.transaction(store.id) as tx:
        tx.get(StoreRow, store.id).answers = {}
    with db.reading(store.id) as tx:
        bare = tx.get(StoreRow, store.id)
        learned = help.read_learned(tx, store.id)
    assert help.answer(bare, ODD, "es", learned).article is None


def test_the_list_is_turned_page_by_page_and_a_moved_lesson_stands_first(db: Database, store: StoreRow) -> None:
    for number in range(7):
        teach(db, store, f"un burro {'abcdefg'[number]}b", now=MOMENT + timedelta(minutes=number // 2))
    moved = teach(db, store, "un burro ab", "how-to-return", now=MOMENT + timedelta(hours=1))
    seen: list[LearnedPhrasingRow] = []
    while page := listed(db, store, before=seen[-1].id if seen else None, limit=3):
        seen += page
    assert len({row.id for row in seen}) == 7 == len(seen) and seen[0].public_id == moved.public_id
    assert [row.created_at for row in seen] == sorted((row.created_at for row in seen), reverse=True)
    with db.reading(store.id) as tx:
        assert help.count_learned(tx, store.id) == 7


def test_ten_who_teach_the_same_at_once_leave_one_phrasing(db: Database, store: StoreRow) -> None:
    catalogues.peek_catalogue(store)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            teach(db, store)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == [] and len(listed(db, store)) == 1


def test_a_rush_of_questions_reads_the_lessons_once(db: Database, store: StoreRow) -> None:
    teach(db, store)
    with db.reading(store.id) as tx:
        first = help.read_learned(tx, store.id)
        assert all(help.read_learned(tx, store.id) is first for _ in range(5))


def test_a_store_whose_index_takes_long_is_answered_from_the_one_before_while_it_is_built(
    db: Database, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(db, store, "¿Cuánto tarda el envío?").article is not None
    before = warming.ready_catalogue(store, "es")
    monkeypatch.setattr(warming, "PATIENCE", -1.0)
    gate, real = threading.Event(), warming.index_of
    monkeypatch.setattr(warming, "index_of", lambda *given: (gate.wait(30), real(*given))[1])
    teach(db, store)
    reply = ask(db, store)
    assert reply.article is not None and reply.article.article_id == "delivery-times", "its very words are known"
    assert warming.ready_catalogue(store, "es") is before is not catalogues.catalogue_of(store)
    gate.set()
    for _ in range(300):
        if warming.ready_catalogue(store, "es") is not before:
            break
        threading.Event().wait(0.05)
    assert warming.ready_catalogue(store, "es") is catalogues.catalogue_of(store)


def test_the_stores_are_made_ready_at_the_start(db: Database, store: StoreRow) -> None:
    help.warm_all(db)
    for _ in range(300):
        if all(warming._is_ready(catalogues.catalogue_of(store), locale) for locale in ("es", "en", "pt")):
            return
        threading.Event().wait(0.05)
    raise AssertionError("The store was not made ready.")


def count(db: Database, store: StoreRow, **given: Any) -> bool:
    values = {"article_id": "delivery-times", "locale": "es_CO", "step": "cart", "phase": "purchase", "kind": "clicked",
              "now": MOMENT} | given  # fmt: skip
    return help.count(db, store.id, **values)


def test_counts_add_up_over_days_and_languages(db: Database, store: StoreRow) -> None:
    for number in range(4):
        assert count(db, store, now=MOMENT - timedelta(days=10 * number))
    assert count(db, store, locale="pt") and count(db, store, kind="helped") and count(db, store, step="product")
    other = make_store(db, domain="b.example")
    count(db, other)
    with db.reading(store.id) as tx:
        found = help.read_counts(tx, store.id, MOMENT.date() - timedelta(days=20))
    assert {(one.step, one.kind): one.count for one in found} == {
        ("cart", "clicked"): 4, ("cart", "helped"): 1, ("product", "clicked"): 1}  # fmt: skip
    assert help.sum_counts(found) == {"cart": 4, "product": 1}
    assert help.sum_counts(found, ("helped", "not_helped")) == {"cart": 1}


def test_a_step_or_phase_that_nobody_knows_is_none_and_an_unknown_kind_is_not_counted(
    db: Database, store: StoreRow
) -> None:
    assert count(db, store, step="x" * 9000, phase="<b>")
    assert not count(db, store, kind="loved") and not count(db, store, article_id="") and not count(
        db, store, article_id=uuid.uuid4().hex * 10)  # fmt: skip
    with db.reading(store.id) as tx:
        (one,) = help.read_counts(tx, store.id, date.min)
    assert (one.step, one.phase, one.count) == ("", "", 1)


def test_clicks_at_the_same_moment_are_all_counted(db: Database, store: StoreRow) -> None:
    threads = [threading.Thread(target=count, args=(db, store)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with db.reading(store.id) as tx:
        assert [one.count for one in help.read_counts(tx, store.id, date.min)] == [20]
