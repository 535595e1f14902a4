"""No table is forgotten when somebody must be: the register names them all, and what it says is done.

The strings planted here are found again by opening every encrypted column, so it does not matter that the file
itself shows none of them; that it shows none, nor what once was them, is asked of the file's bytes besides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, String, Table, UniqueConstraint, cast, func, select, update

import plugin.app  # every room with its tables
from plugin.database import ALL, Base, Database, EncryptedBytes, EncryptedText
from plugin.orders import find_order
from plugin.orders.state import pack
from plugin.privacy import erase_customer, erase_store
from plugin.privacy.register import ERASED, MERCHANT, REGISTER, STAFF
from plugin.testing.factories import (
    MOMENT,
    fill_every_table,
    make_database,
    make_order,
    make_refund,
    make_shipment,
    make_store,
)

assert plugin.app
TABLES = {table.name: table for table in Base.metadata.sorted_tables}
EMAIL = "planted@example.com"


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    opened = make_database(database_url)
    yield opened
    opened.close()


def encrypted(table: Table) -> set[str]:
    return {column.name for column in table.columns if isinstance(column.type, EncryptedText | EncryptedBytes)}


def test_every_table_is_registered_with_all_its_encrypted_columns() -> None:
    assert set(REGISTER) == set(TABLES), "say in plugin/privacy/register.py how each table is forgotten"
    wrong = {
        name: encrypted(TABLES[name]) ^ {*treatment.columns, *treatment.words, *treatment.masked}
        for name, treatment in REGISTER.items()
        if not set(treatment.columns) <= encrypted(TABLES[name])
        or not encrypted(TABLES[name]) <= {*treatment.columns, *treatment.words, *treatment.masked}
    }
    assert wrong == {}
    assert {how for one in REGISTER.values() for how in one.columns.values()} <= {ERASED, MERCHANT, STAFF}


def test_a_table_that_nobody_registered_would_be_seen() -> None:
    from sqlalchemy import Column, Integer, MetaData

    stranger = Table("stranger", MetaData(), Column("id", Integer), Column("diary", EncryptedText))
    assert encrypted(stranger) == {"diary"} and "stranger" not in REGISTER


def test_every_row_goes_with_its_store_or_with_its_agent() -> None:
    def leads_to(table: Table, goal: str) -> bool:
        deleting = [key for key in table.foreign_keys if key.ondelete == "CASCADE" and key.column.table is not table]
        return any(
            key.column.table.name == goal or leads_to(key.column.table, goal) for key in deleting
        )

    for name, treatment in REGISTER.items():
        if treatment.goes_with == "nothing":
            assert not encrypted(TABLES[name]) and not TABLES[name].foreign_keys
            continue
        goal = {"store": "stores", "agent": "agents"}[treatment.goes_with]
        assert name == goal or leads_to(TABLES[name], goal), name


@dataclass
class Planted:
    """What stands where: (table, column) → the planted word."""

    store_id: int
    words: dict[tuple[str, str], str]


def plant(db: Database, store_id: int, mark: str, email: str = EMAIL) -> Planted:
    """A row in every table, all of one customer, with a word of its own in each column that may hold one."""
    fill_every_table(db, store_id)
    words: dict[tuple[str, str], str] = {}
    with db.transaction(ALL, "plant a word in every column") as tx:
        for name, treatment in REGISTER.items():
            table = TABLES[name]
            mine = _of_store(table, store_id)
            for column in (*treatment.columns, *treatment.words):
                word = f"{mark}-{name}-{column}"
                words[name, column] = word
                value: Any = _value(name, column, word, email)
                tx.execute(update(table).where(mine).values({column: value}))
            for column in treatment.masked:
                said: Any = f"Write to {email}."
                said = said if isinstance(table.c[column].type, String) else {"es": said, "meta": {"asked": [said]}}
                tx.execute(update(table).where(mine).values({column: said}))
            for column in _unique_texts(table):
                tx.execute(update(table).where(mine).values({column: f"{mark}+{name}+{column}"}))
        orders = TABLES["orders"]
        tx.execute(
            update(orders).where(orders.c.store_id == store_id)
            .values(email_index=db.vault.index("email", email), version="1", locale="es", modified_at=MOMENT)
        )  # fmt: skip
        requests = TABLES["privacy_requests"]
        index = db.vault.index("email", email)
        tx.execute(update(requests).where(requests.c.store_id == store_id).values(email_index=index))
        receipts = TABLES["receipts"]
        named = {"order_external_id": "xexternal_id"}
        tx.execute(update(receipts).where(receipts.c.store_id == store_id).values(named))
    return Planted(store_id, words)


def _unique_texts(table: Table) -> list[str]:
    """Plain columns in which two rows may not say the same, whatever their stores: so that a second store fits in."""
    if table.name == "stores":
        return []
    alone = [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    return [one[0].name for one in alone if len(one) == 1 and isinstance(one[0].type, String)]


def _of_store(table: Table, store_id: int) -> Any:
    """This store's rows; of an agent's tables, the newest row."""
    if table.name == "stores":
        return table.c.id == store_id
    for name in ("store_id", "store"):
        if name in table.c:
            return table.c[name] == store_id
    return table.c.id == select(func.max(table.c.id)).scalar_subquery()


def _value(table: str, column: str, word: str, email: str) -> Any:
    if (table, column) == ("orders", "snapshot"):
        line = make_order().lines[0]
        return pack(
            make_order(
                external_id="xexternal_id", email=email, customer_name=word, customer_id=word, status_url=f"https://x/{word}",
                lines=(type(line)(external_id="1", name="Taza", quantity=1, total=line.total, details=(word,)),),
                refunds=(make_refund(reason=word),),
            )
        )  # fmt: skip
    if (table, column) == ("shipments", "snapshot"):
        return pack(make_shipment(tracking_number=word))
    if column in ("aliases", "context"):
        return json.dumps([word])
    if (table, column) in (("outbox", "words"), ("accesses", "subject")):
        return f"{word} 550 <{email}> is unknown"
    return word.encode() if isinstance(TABLES[table].c[column].type, EncryptedBytes) else word


def everything(db: Database) -> str:
    """Every value of every row, opened, as one text."""
    with db.reading(ALL, "everything, opened") as tx:
        rows = [tuple(row) for table in TABLES.values() for row in tx.execute(select(table))]
    return repr(rows)


def still_there(db: Database, planted: Planted) -> set[tuple[str, str]]:
    text = everything(db)
    return {place for place, word in planted.words.items() if word in text}


def plan(how: str) -> set[tuple[str, str]]:
    return {(name, column) for name, one in REGISTER.items() for column, said in one.columns.items() if said == how}


WORDS = {(name, column) for name, one in REGISTER.items() for column in one.words}


def test_erasing_a_customer_does_to_every_column_what_the_register_says(db: Database) -> None:
    mine, other = make_store(db), make_store(db, domain="other.example")
    planted, foreign = plant(db, mine.id, "mine"), plant(db, other.id, "theirs")
    assert still_there(db, planted) | plan(STAFF) == set(planted.words)
    counts = erase_customer(db, mine.id, EMAIL)
    assert counts == {"orders": 1, "receipts": 1, "mentions": 0, "conversations": 1, "shipments": 1}
    left = still_there(db, planted)
    assert left & (plan(ERASED) | WORDS) == set()
    assert plan(MERCHANT) <= left
    # The same address at another store is another store's customer.
    assert still_there(db, foreign) == set(foreign.words)
    assert EMAIL in everything(db)
    erase_customer(db, other.id, EMAIL)
    assert EMAIL not in everything(db)


def test_erasing_twice_finds_nothing_more(db: Database) -> None:
    store = make_store(db)
    plant(db, store.id, "mine")
    erase_customer(db, store.id, EMAIL)
    before = everything(db)
    assert set(erase_customer(db, store.id, EMAIL).values()) == {0}
    assert everything(db) == before


def test_a_customer_is_found_by_the_platform_s_id_too(db: Database) -> None:
    store = make_store(db)
    planted = plant(db, store.id, "mine")
    erase_customer(db, store.id, customer_id="mine-orders-snapshot")
    assert still_there(db, planted) & plan(ERASED) == set() and EMAIL not in everything(db)


def test_the_order_s_books_are_left(db: Database) -> None:
    from plugin.orders import view_order

    store = make_store(db)
    plant(db, store.id, "mine")
    erase_customer(db, store.id, EMAIL)
    with db.reading(store.id) as tx:
        row = find_order(tx, store.id, "xexternal_id")
        assert row is not None
        order = view_order(tx, row).order
    assert (order.number, order.total, order.lines[0].name) == ("1001", make_order().total, "Taza")
    assert (order.email, order.customer_name, order.customer_id, order.status_url) == ("", "", "", "")


def test_erasing_a_store_leaves_no_row_of_it_and_all_of_the_others(db: Database) -> None:
    mine, other = make_store(db), make_store(db, domain="other.example")
    planted, foreign = plant(db, mine.id, "mine"), plant(db, other.id, "theirs")
    counts = erase_store(db, mine.id)
    scoped = {name for name, table in TABLES.items() if "store_id" in table.c}
    assert set(counts) == scoped | {"agents", "stores"} and set(counts.values()) == {1}
    assert still_there(db, planted) == set() and still_there(db, foreign) == set(foreign.words)
    with db.reading(ALL, "count the rows") as tx:
        left = {name: tx.scalar(select(func.count()).select_from(table)) for name, table in TABLES.items()}
    # One receipt was planted with each store, and the erasure wrote its own.
    assert left == dict.fromkeys(TABLES, 1) | {"erasure_receipts": 3}


def test_the_last_owner_of_an_instance_stays(db: Database) -> None:
    store = make_store(db)
    plant(db, store.id, "mine")
    erase_store(db, store.id)
    with db.reading(ALL, "who is left") as tx:
        left = {name: tx.scalar(select(func.count()).select_from(table)) for name, table in TABLES.items()}
    # The session is bound to the store, and goes with it.
    there = {name for name, count in left.items() if count}
    assert there == {"agents", "hand_overs", "sign_in_links", "erasure_receipts"}


def sealed_values(db: Database, places: set[tuple[str, str]]) -> list[bytes]:
    """The bytes of these columns as they lie in the database."""
    found: list[bytes] = []
    with db.reading(ALL, "sealed values as they are") as tx:
        for name, column in sorted(places):
            plain = cast(TABLES[name].c[column], LargeBinary)
            found += [bytes(value) for value in tx.scalars(select(plain)) if value]
    return found


def file_bytes(url: str) -> bytes:
    path = Path(url.removeprefix("sqlite:///"))
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(path.name + "*")))


def test_nothing_personal_lies_open_in_the_file_and_what_was_erased_is_overwritten(sqlite_url: str) -> None:
    db = make_database(sqlite_url)
    store = make_store(db)
    planted = plant(db, store.id, "mine")
    sealed = sealed_values(db, plan(ERASED))
    assert len(sealed) == len(plan(ERASED))
    raw = file_bytes(sqlite_url)
    assert all(value[:60] in raw for value in sealed), "the test would not see them"
    hidden = [word for place, word in planted.words.items() if place not in WORDS]
    assert [word for word in hidden if word.encode() in raw] == []
    erase_customer(db, store.id, EMAIL)
    raw = file_bytes(sqlite_url)
    assert [value for value in sealed if value[:60] in raw] == []
    assert EMAIL.encode() not in raw and not any(planted.words[place].encode() in raw for place in WORDS)
    db.close()


def test_an_erased_store_is_overwritten_in_the_file(sqlite_url: str) -> None:
    db = make_database(sqlite_url)
    store = make_store(db)
    plant(db, store.id, "mine")
    sealed = sealed_values(db, plan(ERASED) | plan(MERCHANT))
    erase_store(db, store.id)
    raw = file_bytes(sqlite_url)
    assert [value for value in sealed if value[:60] in raw] == []
    assert b"Barro y Sol" not in raw and raw.count(b"shop.example") == 1, "only the receipt names the shop"
    db.close()
