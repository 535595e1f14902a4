"""Encrypted at rest: after a store's whole little life neither the database, nor a copy of it, says who bought what.

Looked at are the bytes of the files and, on both engines, every value as a thief with the database would read it. That
the words are there to be found is asked as well, through the keys.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from desk_house import OURS, Counter, open_counter
from sqlalchemy import create_engine, select, text

from plugin.care import Agent, reply
from plugin.contract import OrderStatus, PaymentStatus, ShipmentStatus, TrackingEvent, WebhookDelivery
from plugin.database import ALL, Base, Database, Vault, WrongKey
from plugin.notices import LedgerRow
from plugin.orders import keep
from plugin.privacy import PrivacyRequest, note_access
from plugin.settings import PREFIX, fresh_keys
from plugin.testing.factories import MOMENT, make_shipment
from plugin.testing.servers import find_postgresql
from plugin.work import put

NAME, EMAIL, NUMBER = "Almudena Zorrilla", "almudena.zorrilla@example.com", "#PEDIDO-77431"
TRACKING, PLACE = "CO7743155ZZ", "Entregado en portería Quimbaya"
QUESTION, ANSWER, TYPED = "¿Cuándo llega mi jarrón turquesa?", "Sale mañana de Ráquira.", "buscando a Zorrilla"
TOKEN, SECRET, NOTE = "token-778899-of-the-platform", "a-webhook-secret-to-keep", "Calle del Roble 77431 bis"


@dataclass
class Life:
    """A counter after it, and the words that nobody may read without its keys."""

    counter: Counter
    words: list[str]


def live(counter: Counter) -> Life:
    """Connected, an order that arrived and was mailed about, a talk, an agent at work, a copy; what just came."""
    store = counter.add_store(
        "barro.example", credentials={"url": "http://127.0.0.1:9", "token": TOKEN}, webhook_secret=SECRET,
        reply_to="duena@barro.example",
    )  # fmt: skip
    agent = counter.add_agent("Casilda", store)
    event = TrackingEvent(status=ShipmentStatus.in_transit, raw_status="t", occurred_at=MOMENT, message=PLACE)
    order = counter.add_order(
        store, make_shipment(tracking_number=TRACKING, events=(event,)), external_id="5001", number=NUMBER, email=EMAIL,
        customer_name=NAME, customer_id="c77431", status=OrderStatus.processing, payment_status=PaymentStatus.paid,
        paid_at=MOMENT,
    )  # fmt: skip
    counter.clock.advance(30)
    counter.run_jobs()
    talk = counter.write(store, QUESTION, person=True, order_id=order.id)
    reply(counter.house.doors.care, store.id, talk, Agent(agent.id, "Casilda"), ANSWER, "c-1")
    browser = counter.sign_in(agent)
    link = counter.mint_link(agent)
    for path in (f"orders/{order.id}", f"conversations/{talk}", "orders"):
        assert browser.get(f"/desk/{store.public_id}/{path}").status_code == 200
    with counter.db.transaction(store.id) as tx:
        note_access(tx, store.id, agent, "search", TYPED, counter.clock.now())
    browser.post(f"/desk/{store.public_id}/privacy/ask", headers=OURS,
                 data={"wish": "copy", "email": EMAIL, "sure": "yes"})  # fmt: skip
    counter.run_jobs()
    with counter.db.transaction(store.id) as tx:
        sealed = counter.db.vault.seal(json.dumps({"email": EMAIL}).encode()).decode()
        put(tx, "privacy.erase_customer", {"sealed": sealed}, due_at=counter.clock.now(), store=store.id)
        body = json.dumps({"email": EMAIL, "name": NAME, "number": NUMBER, "address": NOTE}).encode()
        keep(tx, store.id, WebhookDelivery(topic="x", headers={"x-token": TOKEN}, body=body), counter.clock.now())
    cookie = browser.get_cookie("mostrador-desk")
    assert cookie is not None
    return Life(counter, [NAME, EMAIL, NUMBER, TRACKING, PLACE, QUESTION, ANSWER, TYPED, TOKEN, SECRET, NOTE, link,
                          cookie.value, "casilda@example.com", "duena@barro.example", "c77431"])  # fmt: skip


@pytest.fixture
def life(database_url: str, tmp_path: Path) -> Iterator[Life]:
    with open_counter(tmp_path, database_url) as counter:
        yield live(counter)


def forms(word: str) -> set[bytes]:
    """The ways in which a word may lie in a file: as text, as JSON, as UTF-16; and its telling half."""
    half = word[len(word) // 4 : -(len(word) // 4)] if len(word) > 15 else word
    plain = {word, half, json.dumps(word)[1:-1], word.lower(), word.upper()}
    return {one.encode() for one in plain} | {word.encode("utf-16-le")}


def list_seen(data: bytes, words: list[str]) -> list[str]:
    return [word for word in words if any(form in data for form in forms(word))]


def test_the_words_are_really_there_for_whoever_has_the_keys(life: Life) -> None:
    with life.counter.db.reading(ALL, "everything, opened") as tx:
        opened = repr([tuple(row) for table in Base.metadata.sorted_tables for row in tx.execute(select(table))])
        assert [row.mail for row in tx.scalars(select(LedgerRow)) if row.mail], "a mail was kept"
        assert [row.copy for row in tx.scalars(select(PrivacyRequest)) if row.copy], "a copy is waiting"
    # Tokens of people are kept as hashes, so nobody finds them again.
    hashed = {life.words[11], life.words[12]}
    missing = [word for word in life.words if word not in opened and word not in hashed]
    assert missing == []


def test_no_value_of_the_database_can_be_read_without_the_keys(life: Life) -> None:
    engine = create_engine(life.counter.db.writer.url)
    with engine.connect() as connection:
        values = [
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for table in Base.metadata.tables
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
            for value in row
        ]
    engine.dispose()
    assert len(values) > 300
    assert list_seen(b"\n".join(values), life.words) == []


def test_neither_the_file_nor_its_log_nor_a_copy_of_them_says_a_word(sqlite_url: str, tmp_path: Path) -> None:
    path, folder = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backup"
    folder.mkdir()
    with open_counter(tmp_path, sqlite_url) as counter:
        words = live(counter).words
        files = sorted(path.parent.glob(path.name + "*"))
        assert [one.name for one in files][:2] == [path.name, path.name + "-shm"] and len(files) == 3
        raw = b"".join(one.read_bytes() for one in files)
        assert b"barro.example" in raw and b"privacy.erase_customer" in raw, "the test would not see them"
        assert list_seen(raw, words) == []
        for one in files:
            shutil.copy(one, folder / one.name)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(folder / "online.db")) as copy:
            source.backup(copy)
    backup = b"".join(one.read_bytes() for one in sorted(folder.iterdir()))
    assert b"barro.example" in backup and list_seen(backup, words) == []
    assert list_seen((folder / "online.db").read_bytes(), words) == []


def test_a_dump_of_postgresql_is_as_silent(postgresql_url: str, tmp_path: Path) -> None:
    with open_counter(tmp_path, postgresql_url) as counter:
        words = live(counter).words
        command = [str(find_postgresql() / "pg_dump"), "--inserts", postgresql_url.replace("+psycopg", "")]
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert b"barro.example" in done.stdout and b"privacy.erase_customer" in done.stdout
    # Sealed values are dumped as hexadecimal digits.
    hexed = [word.encode().hex().encode() for word in words]
    assert list_seen(done.stdout, words) == [] and [one for one in hexed if one in done.stdout] == []


def test_a_copy_with_other_keys_opens_nothing(sqlite_url: str, tmp_path: Path) -> None:
    with open_counter(tmp_path, sqlite_url) as counter:
        live(counter)
    keys = fresh_keys()
    thief = Database(sqlite_url, Vault([keys[PREFIX + "SECRET_KEYS"]], keys[PREFIX + "INDEX_KEY"]))
    with thief.reading(ALL, "with other keys") as tx, pytest.raises(WrongKey):
        tx.execute(select(Base.metadata.tables["orders"])).all()
    thief.close()
