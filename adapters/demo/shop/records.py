"""The shop's database: one small SQLite file, one connection, one lock."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
create table if not exists facts (key text primary key, value text not null);
create table if not exists orders (
    id integer primary key autoincrement, number text not null unique, request_key text unique,
    modified_us integer not null, gone integer not null default 0, body blob not null);
create index if not exists orders_by_change on orders (gone, modified_us, id);
create table if not exists notes (
    id integer primary key, order_id integer not null, at text not null, words text not null);
create table if not exists deliveries (
    id integer primary key autoincrement, delivery_id text not null, topic text not null,
    order_id text not null,
    body blob not null, state text not null, shuffled integer not null default 0, due_at real not null,
    attempts integer not null default 0, answer text not null default '', made_at real not null);
create index if not exists deliveries_waiting on deliveries (state, due_at);
create table if not exists mails (
    id integer primary key autoincrement, received_at text not null, sender text not null,
    recipients text not null, body blob not null);
"""


class Records:
    """Rows by SQL, for the modules that own them: `orders`, `deliveries`, `mailbox`."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._rows = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._rows.execute("pragma journal_mode=wal")
        self._rows.execute("pragma synchronous=normal")
        self._rows.executescript(_TABLES)
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing; an inner one joins the outer."""
        with self._lock:
            if self._depth:
                yield self._rows
                return
            self._rows.execute("begin immediate")
            self._depth += 1
            try:
                yield self._rows
            except BaseException:
                self._rows.execute("rollback")
                raise
            else:
                self._rows.execute("commit")
            finally:
                self._depth -= 1

    def fetch(self, sql: str, *values: object) -> list[Any]:
        """All rows of a query."""
        with self._lock:
            return self._rows.execute(sql, values).fetchall()

    def get_fact(self, key: str, default: Any = None) -> Any:
        """One remembered JSON value."""
        found = self.fetch("select value from facts where key = ?", key)
        return json.loads(found[0][0]) if found else default

    def set_fact(self, key: str, value: Any) -> None:
        """Remember a JSON value."""
        with self.transaction() as rows:
            rows.execute(
                "insert into facts values (?, ?) on conflict (key) do update set value = excluded.value",
                (key, json.dumps(value)),
            )

    def close(self) -> None:
        """Nothing may be asked after this."""
        with self._lock:
            self._rows.close()
