"""The database: `transaction(store)` writes, `reading(store)` reads. There is no other door to rows.

On SQLite a write transaction starts with ``BEGIN IMMEDIATE`` behind a process-wide lock: without it a
read-then-write loses updates or fails at once with "database is locked" (measured), and a greenlet that
yields inside one would stall the whole process for the busy time-out. Inside a transaction: no network, no
push, no sleep. What must happen after the commit is handed to `after_commit`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from plugin.database.guard import refuse_unscoped
from plugin.database.types import Vault, attach_vault


class All:
    """Says that a transaction spans stores; `reason` for the reader of the call."""


ALL: Final = All()

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
)


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

    def _engine(self, url: URL, *, read_only: bool) -> Engine:
        engine = _sqlite(url, read_only) if self.is_sqlite else _postgresql(url, read_only)
        attach_vault(engine.dialect, self.vault)
        return engine

    @contextmanager
    def transaction(self, store: int | All, reason: str = "") -> Iterator[Session]:
        """Writes, all or nothing. `store`: the row id of the store, or `ALL` with a `reason`."""
        if getattr(self._local, "inside", False):
            raise RuntimeError("A transaction was opened inside a transaction.")
        with self._lock or nullcontext():
            self._local.inside = True
            try:
                with self._session(self.writer, store, reason) as session:
                    yield session
                    session.commit()
                    wishes: list[Callable[[], None]] = session.info["after_commit"]
            finally:
                self._local.inside = False
        for wish in wishes:
            wish()

    @contextmanager
    def reading(self, store: int | All, reason: str = "") -> Iterator[Session]:
        """Reads one consistent state; writing fails."""
        with self._session(self.reader, store, reason) as session:
            yield session

    @contextmanager
    def _session(self, engine: Engine, store: int | All, reason: str) -> Iterator[Session]:
        if isinstance(store, All) and not reason:
            raise ValueError("A transaction over all stores must say why.")
        info: dict[str, Any] = {"store_id": None if isinstance(store, All) else store, "after_commit": []}
        with Session(engine, info=info, expire_on_commit=False, autoflush=True) as session:
            event.listen(session, "do_orm_execute", refuse_unscoped)
            yield session

    def close(self) -> None:
        """Closes every connection."""
        self.writer.dispose()
        self.reader.dispose()


def after_commit(session: Session, wish: Callable[[], None]) -> None:
    """Calls `wish` once the transaction is committed; never when it is rolled back."""
    session.info["after_commit"].append(wish)


def _sqlite(url: URL, read_only: bool) -> Engine:
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "isolation_level": None}, pool_size=8, max_overflow=24
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL, read_only: bool) -> Engine:
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    options = "-c default_transaction_read_only=on" if read_only else ""
    return create_engine(
        url, connect_args={"options": options}, pool_size=8, max_overflow=24, pool_pre_ping=True
    )
