"""Refuses statements that could reach another store's rows.

Every SELECT, UPDATE or DELETE inside ``transaction(store)`` must compare ``store_id`` of each store-owned
table it names with the transaction's own store: by its value, or by a `bindparam` that gets it with each run.
Inserting is kept in bounds by NOT NULL and composite keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Column, Table
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter
from sqlalchemy.sql.expression import Insert

Compared = tuple[Table, BindParameter[Any]]

_KNOWN: WeakKeyDictionary[Any, tuple[set[Table], list[Compared]]] = WeakKeyDictionary()
"""What was found in statements made once and run often. Looking through one costs half as much as running it."""


class Unscoped(Exception):
    """A statement inside one store's transaction does not say which store it is about."""


def refuse_unscoped(state: ORMExecuteState) -> None:
    """Hook for `do_orm_execute`. Raises `Unscoped`."""
    store_id = state.session.info.get("store_id")
    statement = state.statement
    if store_id is None or isinstance(statement, Insert):
        return
    named, compared = _KNOWN.get(statement) or _look_through(statement)
    given: Mapping[str, Any] = state.parameters if isinstance(state.parameters, Mapping) else {}
    scoped = {table for table, bind in compared if _value(bind, given) == store_id}
    missing = {table.name for table in named - scoped}
    if missing:
        raise Unscoped(
            f"A query on {', '.join(sorted(missing))} does not compare store_id with its own store."
        )


def name_stores(statement: Any) -> tuple[str, ...]:
    """The names of the values by which a statement made once says its store, for each table that has one.
    Raises `Unscoped`."""
    named, compared = _look_through(statement)
    by_value = [(table, bind.key) for table, bind in compared if bind.required]
    missing = named - {table for table, _ in by_value}
    if missing:
        raise Unscoped(
            f"A prepared statement on {', '.join(sorted(table.name for table in missing))} names no store."
        )
    return tuple(dict.fromkeys(key for _, key in by_value))


def _value(bind: BindParameter[Any], given: Mapping[str, Any]) -> Any:
    return given[bind.key] if bind.key in given else bind.effective_value


def _look_through(statement: Any) -> tuple[set[Table], list[Compared]]:
    """The store-owned tables a statement names, and what their store is compared with."""
    named: set[Table] = set()
    compared: list[Compared] = []
    for element in visitors.iterate(statement):
        if isinstance(element, Table) and "store_id" in element.c:
            named.add(element)
        elif isinstance(element, BinaryExpression) and element.operator is operators.eq:
            compared += _comparisons(element)
    entity = getattr(statement, "table", None)
    if isinstance(entity, Table) and "store_id" in entity.c:
        named.add(entity)
    if any(bind.required for _, bind in compared):
        _KNOWN[statement] = named, compared
    return named, compared


def _comparisons(element: BinaryExpression[Any]) -> list[Compared]:
    return [
        (side.table, other)
        for side, other in ((element.left, element.right), (element.right, element.left))
        if isinstance(side, Column)
        and side.name == "store_id"
        and isinstance(side.table, Table)
        and isinstance(other, BindParameter)
    ]
