"""The one door to rows: transactions, reading, the guard, encrypted columns."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from plugin.contract import WebhookDelivery
from plugin.database import ALL, Database, Prepared, Unscoped, Vault, WrongKey, after_commit
from plugin.orders import OrderRow, Receipt, ShipmentRow, count_receipts, keep
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT, make_database, make_store
from plugin.work import count_due, put


@pytest.fixture
def db(database_url: str):
    database = make_database(database_url)
    yield database
    database.close()


def add_order(db: Database, store: StoreRow, external_id: str = "7") -> int:
    with db.transaction(store.id) as tx:
        row = OrderRow(store_id=store.id, external_id=external_id, snapshot="{}", first_seen_at=MOMENT)
        tx.add(row)
        tx.flush()
        return row.id


def test_an_error_rolls_everything_back_and_nothing_is_announced(db: Database) -> None:
    store, announced = make_store(db), []
    with pytest.raises(RuntimeError, match="halfway"), db.transaction(store.id) as tx:
        tx.add(OrderRow(store_id=store.id, external_id="7", snapshot="", first_seen_at=MOMENT))
        after_commit(tx, lambda: announced.append("order"))
        tx.flush()
        raise RuntimeError("halfway")
    with db.reading(store.id) as tx:
        assert tx.scalars(select(OrderRow).where(OrderRow.store_id == store.id)).all() == []
    assert announced == []


def test_a_transaction_inside_a_transaction_is_refused(db: Database) -> None:
    store = make_store(db)
    with (
        db.transaction(store.id),
        pytest.raises(RuntimeError, match="inside a transaction"),
        db.transaction(store.id),
    ):
        pass
    with db.transaction(store.id):
        pass


def test_reading_refuses_to_write(db: Database) -> None:
    store = make_store(db)
    with pytest.raises(DBAPIError), db.reading(store.id) as tx:
        tx.execute(update(StoreRow).values(name="changed"))


def test_crossing_stores_needs_a_reason(db: Database) -> None:
    with pytest.raises(ValueError, match="say why"), db.reading(ALL):
        pass


def test_statements_that_do_not_name_their_store_are_refused(db: Database) -> None:
    mine, other = make_store(db), make_store(db, domain="other.example")
    unscoped = (
        select(Receipt),
        select(Receipt).where(Receipt.id == 1),
        select(Receipt).where(Receipt.store_id == other.id),
        select(Receipt).where(Receipt.store_id != mine.id),
        select(OrderRow.id)
        .join(ShipmentRow, ShipmentRow.order_id == OrderRow.id)
        .where(OrderRow.store_id == mine.id),
        select(StoreRow).where(StoreRow.id.in_(select(Receipt.store_id))),
        update(OrderRow).values(status="x"),
        delete(OrderRow),
        delete(OrderRow).where(OrderRow.store_id == other.id),
    )
    with db.transaction(mine.id) as tx:
        for statement in unscoped:
            with pytest.raises(Unscoped):
                tx.execute(statement)
        assert tx.scalars(select(Receipt).where(Receipt.store_id == mine.id)).all() == []


def test_a_statement_made_once_is_looked_at_with_each_of_its_values(db: Database) -> None:
    mine, other = make_store(db), make_store(db, domain="other.example")
    once = select(Receipt.id).where(Receipt.store_id == bindparam("store"))
    with db.transaction(mine.id) as tx:
        assert tx.scalars(once, {"store": mine.id}).all() == []
        for values in ({"store": other.id}, {"store": None}):
            with pytest.raises(Unscoped):
                tx.scalars(once, values)
        assert tx.scalars(once, {"store": mine.id}).all() == []


def test_a_prepared_statement_names_its_store_and_reaches_no_other(db: Database) -> None:
    mine, other = make_store(db), make_store(db, domain="other.example")
    add_order(db, mine), add_order(db, other)
    table = OrderRow.__table__.c
    read = Prepared(lambda _: select(table.id, table.first_seen_at).where(table.store_id == bindparam("store")))
    with db.plain_reading(mine.id) as tx:
        (row,) = read.read(tx, {"store": mine.id})
        assert row.first_seen_at == MOMENT
        with pytest.raises(Unscoped):
            read.read(tx, {"store": other.id})
    for statement in (
        select(table.id),
        select(table.id).where(table.store_id == mine.id),
        update(OrderRow).values(status=bindparam("words")),
        delete(OrderRow).where(table.id == bindparam("row")),
    ):
        with db.plain_transaction(mine.id) as tx, pytest.raises(Unscoped):
            Prepared(lambda _, statement=statement: statement).run(tx, {"words": "x", "row": 1})


def test_a_plain_transaction_is_all_or_nothing_and_announces_after_its_commit(db: Database) -> None:
    store, announced = make_store(db), []
    delivery = WebhookDelivery(topic="t", headers={}, body=b"{}")
    with pytest.raises(RuntimeError, match="halfway"), db.plain_transaction(store.id) as tx:
        keep(tx, store.id, delivery, MOMENT)
        after_commit(tx, lambda: announced.append("kept"))
        raise RuntimeError("halfway")
    with db.reading(ALL, "test") as tx:
        assert (count_receipts(tx, store.id), count_due(tx, MOMENT), announced) == ({}, 0, [])
    with db.plain_transaction(store.id) as tx:
        keep(tx, store.id, delivery, MOMENT)
        after_commit(tx, lambda: announced.append("kept"))
    with db.reading(ALL, "test") as tx:
        assert (count_receipts(tx, store.id), count_due(tx, MOMENT), announced) == ({"unapplied": 1}, 1, ["kept"])


def test_what_is_written_late_and_refused_takes_everything_with_it(db: Database) -> None:
    """PostgreSQL hears of it with the commit only; the error is SQLAlchemy's and shows no values."""
    store = make_store(db)
    with pytest.raises(SQLAlchemyError) as caught, db.plain_transaction(store.id) as tx:
        keep(tx, store.id, WebhookDelivery(topic="t", headers={}, body=b"{}"), MOMENT)
        put(tx, "test", {"n": "planted"}, due_at=MOMENT, store=store.id + 1000)
    assert "planted" not in str(caught.value)
    with db.reading(ALL, "test") as tx:
        assert (count_receipts(tx, store.id), count_due(tx, MOMENT)) == ({}, 0)
    with db.plain_transaction(store.id) as tx:
        keep(tx, store.id, WebhookDelivery(topic="t", headers={}, body=b"{}"), MOMENT)


def test_a_row_cannot_hang_below_another_stores_parent(db: Database) -> None:
    mine, other = make_store(db), make_store(db, domain="other.example")
    order_id = add_order(db, other)
    with pytest.raises(IntegrityError), db.transaction(mine.id) as tx:
        tx.add(
            ShipmentRow(store_id=mine.id, order_id=order_id, key="k", status="x", snapshot="", aliases="[]")
        )


def test_eight_threads_lose_no_update(db: Database) -> None:
    store = make_store(db)

    def count_up() -> None:
        for _ in range(20):
            with db.transaction(store.id) as tx:
                row = tx.scalars(select(StoreRow).where(StoreRow.id == store.id).with_for_update()).one()
                row.recovered += 1

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.reading(store.id) as tx:
        assert tx.scalar(select(StoreRow.recovered).where(StoreRow.id == store.id)) == 160


def test_times_come_back_aware_and_in_utc_and_need_a_zone(db: Database) -> None:
    bogota = datetime(2026, 11, 21, 13, 0, tzinfo=timezone(timedelta(hours=-5)))
    store = make_store(db, live_at=bogota)
    with db.reading(store.id) as tx:
        row = tx.get(StoreRow, store.id)
        assert row is not None and row.live_at == datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
        assert row.live_at.utcoffset() == timedelta(0)
    with pytest.raises(Exception, match="without zone"):
        make_store(db, domain="b.example", live_at=MOMENT.replace(tzinfo=None))


def test_secrets_are_not_readable_in_the_file(sqlite_url: str) -> None:
    db = make_database(sqlite_url)
    make_store(db, webhook_secret="planted-secret-4711", credentials={"consumer_secret": "planted-key-4712"})
    db.close()
    path = sqlite_url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(path, "rb") as file:
        everything = file.read()
    assert b"planted" not in everything


def test_another_key_opens_nothing_and_a_newer_key_beside_the_old_one_does() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = Vault([old], "i" * 32).seal(b"words " * 200)
    assert len(sealed) < 400
    assert Vault([new, old], "i" * 32).open(sealed) == b"words " * 200
    with pytest.raises(WrongKey, match="MOSTRADOR_SECRET_KEYS"):
        Vault([new], "i" * 32).open(sealed)


@pytest.mark.parametrize("plain", [b"", b"\x00", b"\x78", b"short", b"\x78" * 300, b"long" * 1000])
def test_whatever_is_sealed_opens_again(plain: bytes) -> None:
    vault = Vault([Fernet.generate_key().decode()], "i" * 32)
    assert vault.open(vault.seal(plain)) == plain


def test_no_greenlet_runs_while_a_transaction_is_open(sqlite_url: str) -> None:
    """A switch inside a write transaction would stall every other writer of the process."""
    import subprocess
    import sys

    script = """
from gevent import monkey; monkey.patch_all()
import gevent, greenlet, sys, threading
from sqlalchemy import select
from plugin.testing.factories import make_database, make_store, MOMENT
from plugin.contract import WebhookDelivery
from plugin.orders import keep
db = make_database(sys.argv[1]); store = make_store(db)
inside, switches = [False], []
greenlet.settrace(lambda event, args: switches.append(event) if inside[0] else None)
def work(n):
    for _ in range(20):
        with db.plain_transaction(store.id) as tx:
            inside[0] = True
            keep(tx, store.id, WebhookDelivery(topic="t", headers={}, body=b"x" * 5000), MOMENT)
            inside[0] = False
        gevent.sleep(0)
gevent.joinall([gevent.spawn(work, n) for n in range(8)], raise_error=True)
print(len(switches))
"""
    run = subprocess.run(
        [sys.executable, "-c", script, sqlite_url], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "0"
