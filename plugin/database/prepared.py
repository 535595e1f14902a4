"""Statements of the hot paths, made and compiled once: running one costs the driver's time and little more.

SQLAlchemy finds a compiled statement by a key that it makes anew each time, and that is most of the cost of a small
INSERT (measured on SQLite: 70 us against 22 us); loading an object costs several times what its row does. Values
still pass through their column types, so what is encrypted stays so. The guard holds here too: whatever names a
store's table must say which store.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import Insert

from plugin.database.guard import Unscoped, name_stores

Convert = Callable[[Any], Any] | None


class Connected(Protocol):
    """A session, or whatever else has a connection in a transaction."""

    @property
    def info(self) -> dict[Any, Any]: ...

    def connection(self) -> Connection: ...


@dataclass(frozen=True)
class _Ready:
    """A statement on one engine: its text, how each value is written, the values that are always the same, their
    order; how each column is read, and what a row is; which values name a store."""

    text: str
    writers: list[tuple[str, Convert]]
    constants: dict[str, Any]
    order: list[str] | None
    readers: list[Convert]
    row: Callable[..., Any]
    stores: tuple[str, ...]

    def bind(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver wants them."""
        bound = {name: values[name] if write is None else write(values[name]) for name, write in self.writers}
        bound |= self.constants
        return bound if self.order is None else tuple(bound[name] for name in self.order)


class Prepared:
    """One statement whose values are all `bindparam`s. `build(dialect's name)` gives it, once per engine."""

    def __init__(self, build: Callable[[str], Executable]) -> None:
        self._build = build
        self._ready: WeakKeyDictionary[Dialect, _Ready] = WeakKeyDictionary()

    def run(self, tx: Connected, values: Mapping[str, Any]) -> Any:
        """Writes. Gives the first value of the first row that comes back, as the driver has it, or None. Raises
        `Unscoped`."""
        connection = tx.connection()
        ready = self._get_ready(connection, tx, values)
        cursor = _run_raw(connection, ready.text, ready.bind(values))
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def run_later(self, tx: Connected, values: Mapping[str, Any], locks: str = "") -> None:
        """Writes what nobody in this transaction reads: just before its commit, together with all such statements,
        which across a network is one way there and back for all. `locks`: a name of the row that others write as
        well; such statements run last, in the order of these names. Raises `Unscoped`; what the database does not like
        is raised by the commit."""
        connection = tx.connection()
        ready = self._get_ready(connection, tx, values)
        write_later(tx, ready.text, ready.bind(values), locks)

    def read(self, tx: Connected, values: Mapping[str, Any]) -> Sequence[Any]:
        """Reads, or writes with RETURNING: named tuples, their columns opened. Raises `Unscoped`."""
        connection = tx.connection()
        ready = self._get_ready(connection, tx, values)
        cursor = _run_raw(connection, ready.text, ready.bind(values))
        make, readers = ready.row, ready.readers
        return [make(*map(_read, readers, row)) for row in cursor.fetchall()]

    def _get_ready(self, connection: Connection, tx: Connected, values: Mapping[str, Any]) -> _Ready:
        dialect = connection.dialect
        ready = self._ready.get(dialect)
        if ready is None:
            ready = self._ready[dialect] = _prepare(self._build(dialect.name), dialect)
        own = tx.info.get("store_id")
        if own is not None and any(values[name] != own for name in ready.stores):
            raise Unscoped("A prepared statement was given another store than its transaction's.")
        return ready


def write_later(tx: Connected, text: str, values: Any = None, locks: str = "") -> None:
    """A statement in the driver's own words, as `Prepared.run_later`. A file is no network, and has one writer: there
    it runs now."""
    connection = tx.connection()
    if connection.dialect.name == "sqlite":
        _run_raw(connection, text, values)
    else:
        tx.info.setdefault("later", []).append((locks, text, values))


def commit_what_waits(connection: Connection, info: Mapping[Any, Any]) -> None:
    """Runs what `run_later` put off and commits, all in one message: a pipeline would spare the ways too, and costs
    more processor time than they do (measured). Whoever locks the same rows locks them in one order, so that two never
    wait for each other. Raises SQLAlchemy's errors."""
    waiting: list[tuple[str, str, Any]] = sorted(info.get("later", []), key=itemgetter(0))
    raw: Any = connection.connection.driver_connection if waiting else None
    if raw is not None:
        write = connection.dialect.loaded_dbapi.ClientCursor(raw).mogrify
        _run_raw(connection, "; ".join([*(write(text, values) for _, text, values in waiting), "COMMIT"]), None)


def _run_raw(connection: Connection, text: str, values: Any) -> Any:
    """The driver's own `execute`; gives its cursor. Errors are SQLAlchemy's, and never show the values."""
    raw: Any = connection.connection.driver_connection
    driver = connection.dialect.loaded_dbapi
    try:
        return raw.execute(text) if values is None else raw.execute(text, values)
    except driver.Error as error:
        lost = connection.dialect.is_disconnect(error, raw, None)
        if lost:
            connection.invalidate(error)
        words = text if values is not None else "several statements"
        raise DBAPIError.instance(
            words, None, error, driver.Error, connection_invalidated=lost, dialect=connection.dialect
        ) from error


def _read(convert: Convert, value: Any) -> Any:
    return value if convert is None else convert(value)


def _prepare(statement: Executable, dialect: Dialect) -> _Ready:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    columns = list(getattr(statement, "exported_columns", ()))
    return _Ready(
        text=str(compiled),
        writers=[
            (name, _writer(bind.type, dialect)) for name, bind in compiled.binds.items() if bind.required
        ],
        constants={name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required},
        order=list(compiled.positiontup) if compiled.positiontup is not None else None,
        readers=[_reader(column.type, dialect) for column in columns],
        row=namedtuple("Row", [column.key for column in columns]),
        stores=_stores(statement),
    )


def _stores(statement: Executable) -> tuple[str, ...]:
    """The values that say which store. Raises `Unscoped` when a store's table is named without."""
    if isinstance(statement, Insert):
        return ("store_id",) if "store_id" in statement.table.c else ()
    return name_stores(statement)


def _writer(kind: Any, dialect: Dialect) -> Convert:
    write: Convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return write


def _reader(kind: Any, dialect: Dialect) -> Convert:
    read: Convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    return read
