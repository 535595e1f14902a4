"""Statements of the hot paths, compiled once: running one costs the driver's time and little more.

SQLAlchemy finds a compiled statement by a key that it makes anew each time, and that is most of the cost of a small
INSERT (measured on SQLite: 70 us against 22 us). Values still pass through their column types, so what is to be
encrypted is. Nobody checks the store of such a statement: it is for inserting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, CursorResult
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import Executable

Write = Callable[[Any], Any] | None
Ready = tuple[str, list[tuple[str, Write]], list[str] | None]


class Connected(Protocol):
    """A session, or whatever else has a connection in a transaction."""

    def connection(self) -> Connection: ...


class Prepared:
    """One statement whose values are all `bindparam`s. `build(dialect's name)` gives it, once per engine."""

    def __init__(self, build: Callable[[str], Executable]) -> None:
        self._build = build
        self._ready: WeakKeyDictionary[Dialect, Ready] = WeakKeyDictionary()

    def run(self, tx: Connected, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Runs it with `values` by name; what it returns comes as the driver gives it."""
        connection = tx.connection()
        dialect = connection.dialect
        ready = self._ready.get(dialect)
        if ready is None:
            ready = self._ready[dialect] = _prepare(self._build(dialect.name), dialect)
        text, writers, order = ready
        bound = {name: values[name] if write is None else write(values[name]) for name, write in writers}
        return connection.exec_driver_sql(
            text, bound if order is None else tuple(bound[name] for name in order)
        )


def _prepare(statement: Executable, dialect: Dialect) -> Ready:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    writers = [(name, _writer(bind.type, dialect)) for name, bind in compiled.binds.items()]
    order = list(compiled.positiontup) if compiled.positiontup is not None else None
    return str(compiled), writers, order


def _writer(kind: Any, dialect: Dialect) -> Write:
    write: Write = kind.dialect_impl(dialect).bind_processor(dialect)
    return write
