"""The database: `transaction(store)` writes, `reading(store)` reads. There is no other door to rows.

On SQLite a write transaction starts with ``BEGIN IMMEDIATE`` behind a process-wide lock: without it a
read-then-write loses updates or fails at once with "database is locked" (measured), and a greenlet that
yields inside one would stall the whole process for the busy time-out. Inside a transaction: no network, no
push, no sleep. What must happen after the commit is handed to `after_commit`.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session

from plugin.database.guard import refuse_unscoped
from plugin.database.prepared import commit_what_waits
from plugin.database.types import Vault, attach_vault


class All:
    """Says that a transaction spans stores; `reason` for the reader of the call."""


ALL: Final = All()

POSTGRESQL_POOL, POSTGRESQL_OVERFLOW = 16, 4
"""Connections for writing, and as many for reading. What overflows is opened and closed each time."""
IDLE_SECONDS = 2.0

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
)


class GuardedSession(Session):
    """A session whose statements must name their store. Listening once for all saves a tenth of a transaction."""


event.listen(GuardedSession, "do_orm_execute", refuse_unscoped)


class Transaction(Protocol):
    """What `Prepared` statements and promises need: a session, or a transaction without the ORM."""

    @property
    def info(self) -> dict[Any, Any]: ...

    def connection(self) -> Connection: ...


class PlainTransaction:
    """A transaction without the ORM: for `Prepared` statements alone."""

    def __init__(self, connection: Connection, info: dict[Any, Any]) -> None:
        self.info = info
        self._connection = connection

    def connection(self) -> Connection:
        return self._connection


class Database:
    """One database. `url` as SQLAlchemy writes it; ``postgresql://`` means psycopg 3."""

    def __init__(self, url: str, vault: Vault) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.url = url
        self.vault = vault
        self._local = threading.local()
        self._lock = threading.Lock() if self.is_sqlite else None
        self.writer = self._engine(parsed, read_only=False)
        self.reader = self._engine(parsed, read_only=True)
        self.plain_reader = self.reader
        if not self.is_sqlite:
            self.plain_reader = self.reader.execution_options(isolation_level="AUTOCOMMIT")

    def _engine(self, url: URL, *, read_only: bool) -> Engine:
        engine = _sqlite(url, read_only) if self.is_sqlite else _postgresql(url, read_only)
        attach_vault(engine.dialect, self.vault)
        return engine

    @contextmanager
    def transaction(self, store: int | All, reason: str = "") -> Iterator[Session]:
        """Writes, all or nothing. `store`: the row id of the store, or `ALL` with a `reason`."""
        with self._writing(), self._session(self.writer, store, reason) as session:
            yield session
            session.flush()
            info = session.info
            if "later" in info:
                commit_what_waits(session.connection(), info)
            session.commit()
        for wish in info["after_commit"]:
            wish()

    @contextmanager
    def plain_transaction(self, store: int | All, reason: str = "") -> Iterator[PlainTransaction]:
        """Writes with `Prepared` statements, all or nothing: the hot paths, where a session costs as much again."""
        info = _start_info(store, reason)
        with self._writing(), self.writer.begin() as connection:
            yield PlainTransaction(connection, info)
            commit_what_waits(connection, info)
        for wish in info["after_commit"]:
            wish()

    @contextmanager
    def plain_reading(self, store: int | All, reason: str = "") -> Iterator[PlainTransaction]:
        """Reads with `Prepared` statements; writing fails. On PostgreSQL each statement sees what is committed when
        it runs, as in `reading`, and needs no transaction for it."""
        info = _start_info(store, reason)
        with self.plain_reader.connect() as connection:
            yield PlainTransaction(connection, info)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if getattr(self._local, "inside", False):
            raise RuntimeError("A transaction was opened inside a transaction.")
        with self._lock or nullcontext():
            self._local.inside = True
            try:
                yield
            finally:
                self._local.inside = False

    @contextmanager
    def reading(self, store: int | All, reason: str = "") -> Iterator[Session]:
        """Reads one consistent state; writing fails."""
        with self._session(self.reader, store, reason) as session:
            yield session

    @contextmanager
    def _session(self, engine: Engine, store: int | All, reason: str) -> Iterator[Session]:
        info = _start_info(store, reason) | {"database": self}
        with GuardedSession(engine, info=info, expire_on_commit=False, autoflush=True) as session:
            yield session

    def close(self) -> None:
        """Closes every connection."""
        self.writer.dispose()
        self.reader.dispose()


def _start_info(store: int | All, reason: str) -> dict[Any, Any]:
    if isinstance(store, All) and not reason:
        raise ValueError("A transaction over all stores must say why.")
    return {"store_id": None if isinstance(store, All) else store, "after_commit": []}


def after_commit(tx: Transaction, wish: Callable[[], None]) -> None:
    """Calls `wish` once the transaction is committed; never when it is rolled back."""
    tx.info["after_commit"].append(wish)


def _sqlite(url: URL, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "isolation_level": None},
        pool_size=8,
        max_overflow=24,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    words = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    def begin(connection: Any) -> None:
        connection.execute(words)

    # Where SQLAlchemy trusts the driver to begin: later, and deferred. An event would cost a statement's worth.
    engine.dialect.do_begin = begin  # type: ignore[method-assign,assignment]

    return engine


def _postgresql(url: URL, read_only: bool) -> Engine:
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    # One state for all statements of a reading, or an order could be seen with the parcels of its next snapshot.
    reading = "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
    options = reading if read_only else ""
    engine = create_engine(
        url,
        connect_args={"options": options},
        pool_size=POSTGRESQL_POOL,
        max_overflow=POSTGRESQL_OVERFLOW,
        hide_parameters=True,
    )

    @event.listens_for(engine, "checkin")
    def note_time(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ping_if_idle(connection: Any, record: Any, _proxy: Any) -> None:
        # A question before every use costs a round trip each; a busy line that broke says so by itself.
        if time.monotonic() - record.info.get("idle_since", math.inf) > IDLE_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError("The line was closed while nobody used it.") from error

    return engine
