"""Talks are found by the words in them, whatever is typed; and what is forgotten is found no more."""

from __future__ import annotations

import random
import sqlite3
import uuid
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from plugin.care import (
    Agent,
    Arrived,
    Care,
    MessageRow,
    MessageWordRow,
    WholeConversation,
    get_conversation,
    open_care,
    post_message,
    reply,
)
from plugin.care import search as searching
from plugin.care.search import index_words, mark_line, read_typed, search_talks, split_words
from plugin.care.search_round import KIND, index_all
from plugin.database import ALL
from plugin.database.migrate import migrate
from plugin.orders import apply_order, find_order
from plugin.privacy import erase_customer
from plugin.push import open_hub
from plugin.registry import Registry
from plugin.stores import StoreRow, get_store
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_database, make_order, make_store
from plugin.work import Claimed, claim

ANA = Agent(1, "Ana")


class Talks:
    """The care room with talks in it."""

    def __init__(self, url: str) -> None:
        self.clock, self.db = FrozenClock(), make_database(url)
        self.care: Care = open_care(self.db, self.clock, open_hub(), Registry({}))
        self.store: StoreRow = make_store(self.db)

    def write(self, *texts: str, store: StoreRow | None = None, **given: Any) -> str:
        """A new talk with these messages of its shopper; gives its public id."""
        store, visitor, posted = store or self.store, None, None
        for text in texts:
            arrived = Arrived(text, str(uuid.uuid4()), "es", ("cart",), **given)
            posted = post_message(self.care, store, visitor, arrived)
            with self.db.reading(ALL, "the visitor of a test") as tx:
                from plugin.care import VisitorRow

                visitor = tx.get(VisitorRow, posted.conversation.visitor_id)
            self.clock.advance(1)
        assert posted is not None
        return posted.conversation.public_id

    def read(self, public_id: str) -> WholeConversation:
        """One of the store, with all its messages."""
        with self.db.reading(self.store.id) as tx:
            whole = get_conversation(tx, self.store.id, public_id)
        assert whole is not None
        return whole

    def find(self, typed: str, store: StoreRow | None = None) -> list[str]:
        return [one.row.public_id for one in search_talks(self.db, (store or self.store).id, typed).talks]

    def count_words(self) -> int:
        with self.db.reading(ALL, "count the words") as tx:
            return tx.scalar(select(func.count()).select_from(MessageWordRow)) or 0


@pytest.fixture
def talks(database_url: str) -> Any:
    made = Talks(database_url)
    yield made
    made.db.close()


def test_words_are_found_with_or_without_accents_and_case(talks: Talks) -> None:
    jug = talks.write("Me llegó rota la JARRA azul del señor Muñoz")
    talks.write("una taza verde")
    for typed in ("jarra", "JARRA", "llego", "llegó", "munoz", "MUÑOZ", "jarra azul", "azul jarra", "rota  senor"):
        assert talks.find(typed) == [jug], typed
    assert talks.find("jarra verde") == [] and talks.find("jarron") == []


def test_a_word_of_four_letters_is_found_by_its_beginning_and_a_shorter_one_as_it_is(talks: Talks) -> None:
    refund = talks.write("quiero la devolución del pie de lámpara")
    assert talks.find("devol") == [refund] and talks.find("devolucionista") == []
    assert talks.find("pie") == [refund] and talks.find("pi") == []
    assert talks.find("evolucion") == []


def test_all_words_must_be_in_one_talk_but_not_in_one_message(talks: Talks) -> None:
    both = talks.write("compré la jarra", "y también la bandeja")
    talks.write("la jarra")
    talks.write("la bandeja")
    assert talks.find("jarra bandeja") == [both]


def test_the_newest_comes_first_and_the_line_shows_the_words_as_text(talks: Talks) -> None:
    old = talks.write("la <b>bandeja</b> & la Bandejita")
    new = talks.write("otra bandeja")
    found = search_talks(talks.db, talks.store.id, "bandeja")
    assert [one.row.public_id for one in found.talks] == [new, old] and not found.cut
    line = found.talks[1].line
    assert [piece.text for piece in line if piece.marked] == ["bandeja"]
    assert "".join(piece.text for piece in line) == "la <b>bandeja</b> & la Bandejita"


def test_a_long_message_shows_the_surroundings_of_the_word() -> None:
    text = "palabra " * 100 + "jarrón " + "cosa " * 100
    line = mark_line(text, ("jarron",))
    shown = "".join(piece.text for piece in line)
    assert [piece.text for piece in line if piece.marked] == ["jarrón"]
    assert shown.startswith("…") and shown.endswith("…") and len(shown) <= searching.LINE + 2


def test_what_an_agent_wrote_is_found_and_what_the_house_says_is_not(talks: Talks) -> None:
    talk = talks.write("hola")
    reply(talks.care, talks.store.id, talk, ANA, "Le mando otra sopera", str(uuid.uuid4()))
    assert talks.find("sopera") == [talk]
    assert talks.find("unido conversación") == [], "Ana has joined the conversation"


def test_another_store_finds_nothing_of_it_and_has_other_indexes(talks: Talks) -> None:
    other = make_store(talks.db, domain="other.example")
    mine, theirs = talks.write("la jarra"), talks.write("la jarra", store=other)
    assert talks.find("jarra") == [mine] and talks.find("jarra", other) == [theirs]
    with talks.db.reading(ALL, "the indexes") as tx:
        rows = tx.execute(select(MessageWordRow.store_id, MessageWordRow.word_index)).all()
    indexes = {one: {index for store, index in rows if store == one} for one in (talks.store.id, other.id)}
    assert len(indexes[talks.store.id] & indexes[other.id]) == 0


def test_an_address_an_order_and_a_reference_find_their_talk(talks: Talks) -> None:
    with talks.db.transaction(talks.store.id) as tx:
        order = make_order(external_id="77", number="#1077", email="Alma@example.com")
        apply_order(tx, get_store(tx, talks.store.id), order, MOMENT)
        row = find_order(tx, talks.store.id, "77")
    assert row is not None
    proven = talks.write("hola", order_id=row.id, order_proof="order")
    left, form = talks.write("buenas"), talks.write("qué tal")
    with talks.db.transaction(talks.store.id) as tx:
        from plugin.care import ConversationRow

        for public_id, values in ((left, {"email_index": talks.db.vault.index("email", "alma@example.com")}),
                                  (form, {"reference": "M-ABC234"})):  # fmt: skip
            talk = tx.scalar(select(ConversationRow).where(
                ConversationRow.store_id == talks.store.id, ConversationRow.public_id == public_id
            ))  # fmt: skip
            assert talk is not None
            for name, value in values.items():
                setattr(talk, name, value)
    assert set(talks.find("ALMA@example.com")) == {proven, left}
    for typed in ("1077", "#1077", " #1077 "):
        found = search_talks(talks.db, talks.store.id, typed)
        assert [one.row.public_id for one in found.talks] == [proven] and list(found.orders) == [row.id], typed
    assert talks.find("m-abc234") == [form] and talks.find("M-ABC23") == []


HOSTILE = [
    '"', "'", "''", "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE messages; --", "\" OR \"\"=\"",
    "1) OR (1=1", "admin'--", "' UNION SELECT store_id, text FROM messages --",
    "x' AND (SELECT pg_sleep(5)) IS NULL --", "'||(SELECT 1)||'", "1; SELECT randomblob(1000000000)", "*",
    "**", "jarra*", "*jarra", "NEAR", "NEAR(jarra taza)", "jarra NEAR/2 taza", "col:jarra", "text:jarra",
    "store_id:2", "-jarra", "+jarra", "^jarra", "jarra AND", "AND", "OR", "NOT", "NOT jarra",
    "jarra OR taza", "(jarra", "jarra)", "((((", "{jarra}", "[jarra]", "jarra~2", "jarra^9", "/jarra/",
    "jarra?", "%", "%%", "_", "__", "jar%", "j_rra", "\\", "\\\\", "\\'", "\\x00", "\x00", "jarra\x00",
    "\x00jarra", "\r\n", "\t", "\u200b", "\u202e", "\ufeff", "\u2028", "%00", "%27", "&quot;",
    "<script>alert(1)</script>", "${7*7}", "{{7*7}}", "#{7*7}", "$(id)", "`id`", "../../etc/passwd", "M-",
    "M-'OR'1", "M-%", "#", "##", "#'", "@", "a@", "@b", "a@b'--", "'@'.'", "a@b\x00", "😀", "😀😀 🎉",
    "\U0001f468\u200d\U0001f469", "ﬁ", "ß", "İ", "ı", "ǆ", "Ⅷ", "½", "١٢٣", "数字", "ا", "\u0301", "e\u0301",
    "\u0301" * 300, "a" * 100_000, "a " * 50_000, "jarra " * 10_000,
    "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "null", "None", "undefined",
    "NaN", "0", "-1", "9" * 400, "1e999", "true", "[]", "{}", '{"$gt": ""}', "' waitfor delay '0:0:5'--",
    "benchmark(10000000,md5(1))",
]  # fmt: skip


@pytest.mark.parametrize("place", range(0, len(HOSTILE), 12))
def test_whatever_is_typed_is_words(talks: Talks, place: int) -> None:
    jug = talks.write("la jarra y la taza")
    for typed in HOSTILE[place : place + 12]:
        found = search_talks(talks.db, talks.store.id, typed)
        words = [word for word, _, _ in split_words(searching.compose(typed[: searching.LONGEST_TYPED]))]
        expected = bool(words) and set(words) <= {"jarra", "la", "taza"}
        assert [one.row.public_id for one in found.talks] == ([jug] if expected else []), typed[:80]
    assert talks.find("jarra") == [jug], "and everything is still there"


def test_operators_mean_nothing(talks: Talks) -> None:
    one, other = talks.write("una jarra"), talks.write("una taza")
    assert talks.find('"jarra"') == talks.find("+jarra*") == talks.find("(jarra)") == [one]
    assert talks.find("jarra OR taza") == [] and talks.find("-jarra") == [one]
    assert set(talks.find("una")) == {one, other}


def test_random_signs_find_what_has_their_words_and_never_fail(talks: Talks) -> None:
    talks.write("aa bb cc dd 12 34")
    dice = random.Random(7)
    signs = "ab1'\"*%_():;-~^@#\\/\x00 \n\u0301é😀NEARORM"
    for _ in range(300):
        typed = "".join(dice.choice(signs) for _ in range(dice.randrange(1, 30)))
        found = search_talks(talks.db, talks.store.id, typed)
        assert len(found.words) <= searching.MOST_WORDS_TYPED and (not found.talks or found.words)


def test_words_typed_are_different_and_few() -> None:
    assert read_typed("La la LA jarra, a") == ("la", "jarra")
    assert len(read_typed(" ".join(f"w{n}" for n in range(99)))) == searching.MOST_WORDS_TYPED


def test_the_index_holds_80_words_of_a_message_at_most_and_no_letter_of_them(talks: Talks) -> None:
    talks.write(" ".join(f"{n:04d}palabra" for n in range(300)))
    with talks.db.reading(ALL, "the words of the shopper's message") as tx:
        row = tx.scalars(select(MessageRow).where(MessageRow.author == "shopper")).one()
        indexes = list(tx.scalars(select(MessageWordRow.word_index).where(MessageWordRow.message_id == row.id)))
    assert len(indexes) == searching.MOST_WORDS_KEPT == len(set(indexes))
    assert all(len(one) == 32 and set(one) <= set("0123456789abcdef") for one in indexes)


def test_a_search_that_stops_says_so(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [talks.write("la jarra") for _ in range(6)]
    monkeypatch.setattr(searching, "MOST_FOUND", 4)
    found = search_talks(talks.db, talks.store.id, "jarra")
    assert [one.row.public_id for one in found.talks] == ids[:1:-1] and found.cut
    monkeypatch.setattr(searching, "MOST_FOUND", 50)
    monkeypatch.setattr(searching, "MOST_LOOKED_AT", 3)
    found = search_talks(talks.db, talks.store.id, "jarra")
    assert found.cut and len(found.talks) <= 4
    monkeypatch.setattr(searching, "MOST_LOOKED_AT", 2000)
    assert len(talks.find("jarra")) == 6


def test_what_begins_alike_but_is_another_word_is_no_find(talks: Talks) -> None:
    talks.write("pedicura y pediatra")
    assert talks.find("pedido") == []


def run_round(talks: Talks) -> int:
    """Runs the slices until no next one is promised; gives how many there were."""
    payload, slices = {"after": 0}, 0
    while True:
        index_all(talks.db, talks.clock, Claimed(0, KIND, None, payload, 1, talks.clock.now()))
        slices += 1
        talks.clock.advance(5)
        with talks.db.transaction(ALL, "the next slice") as tx:
            jobs = [job for job in claim(tx, talks.clock.now(), 20) if job.kind == KIND]
        if not jobs:
            return slices
        payload = jobs[0].payload


def test_messages_from_before_the_index_are_indexed_in_slices(
    talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [talks.write(f"jarra numero{n}") for n in range(5)]
    before = talks.count_words()
    with talks.db.transaction(ALL, "as it was before") as tx:
        tx.execute(delete(MessageWordRow))
    assert talks.find("jarra") == []
    monkeypatch.setattr("plugin.care.search_round.SLICE", 3)
    assert run_round(talks) >= 3
    assert talks.find("jarra") == ids[::-1] and talks.count_words() == before
    run_round(talks)
    assert talks.count_words() == before, "again adds nothing"


def test_erasing_a_customer_leaves_no_word_of_theirs(talks: Talks) -> None:
    with talks.db.transaction(talks.store.id) as tx:
        order = make_order(external_id="9", number="9", email="alma@example.com")
        apply_order(tx, get_store(tx, talks.store.id), order, MOMENT)
        row = find_order(tx, talks.store.id, "9")
    assert row is not None
    hers = talks.write("mi jarra preciosa", order_id=row.id, order_proof="order")
    other = talks.write("escriban a alma@example.com sobre la vajilla")
    assert talks.find("preciosa") == [hers] and talks.find("alma") == [other]
    erase_customer(talks.db, talks.store.id, "alma@example.com")
    assert talks.find("preciosa") == talks.find("alma") == talks.find("alma@example.com") == []
    assert talks.find("vajilla") == [other]
    with talks.db.reading(ALL, "what is left of the words") as tx:
        left = set(tx.scalars(select(MessageWordRow.message_id)))
        assert left <= set(tx.scalars(select(MessageRow.id)))
        stems = set(tx.scalars(select(MessageWordRow.word_index)))
    assert searching._index(talks.db.vault, talks.store.id, "alma") not in stems


def test_indexing_a_message_without_words_keeps_nothing(talks: Talks) -> None:
    talks.write("😀 !!! ?")
    with talks.db.transaction(ALL, "index it again") as tx:
        row = tx.scalars(select(MessageRow).where(MessageRow.author == "shopper")).one()
        index_words(tx, row)
        assert tx.scalar(select(func.count()).select_from(MessageWordRow).where(
            MessageWordRow.message_id == row.id, MessageWordRow.store_id == row.store_id)) == 0  # fmt: skip


@pytest.mark.parametrize("said", [False, True])
def test_migrating_promises_the_round_only_where_something_was_said(tmp_path: Path, said: bool) -> None:
    url, file = f"sqlite:///{tmp_path / 'old.db'}", tmp_path / "old.db"
    migrate(url, "0005")
    if said:
        with closing(sqlite3.connect(file)) as old:
            names = [row[1] for row in old.execute("PRAGMA table_info(messages)") if row[3] and not row[5]]
            old.execute(f"INSERT INTO messages ({', '.join(names)}) VALUES ({', '.join('1' for _ in names)})")
            old.execute("PRAGMA ignore_check_constraints=ON")
            for table in ("conversations", "visitors", "stores"):
                needed = [row[1] for row in old.execute(f"PRAGMA table_info({table})") if row[3]]
                old.execute(f"INSERT INTO {table} ({', '.join(needed)}) VALUES ({', '.join('1' for _ in needed)})")
            old.commit()
    migrate(url)
    with closing(sqlite3.connect(file)) as new:
        jobs = new.execute("SELECT kind, key, payload, tries FROM outbox").fetchall()
    assert jobs == ([(KIND, KIND, '{"after": 0}', 0)] if said else [])
    db = make_database(url)
    with db.transaction(ALL, "a worker takes it") as tx:
        assert [job.payload for job in claim(tx, datetime.now(UTC), 5)] == [{"after": 0}] * said
    db.close()
