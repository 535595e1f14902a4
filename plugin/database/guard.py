"""Refuses statements that could reach another store's rows.

Every SELECT, UPDATE or DELETE inside ``transaction(store)`` must compare ``store_id`` of each store-owned
table it names with the transaction's own store. Inserting is kept in bounds by NOT NULL and composite keys.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter
from sqlalchemy.sql.expression import Insert


class Unscoped(Exception):
    """A statement inside one store's transaction does not say which store it is about."""


def refuse_unscoped(state: ORMExecuteState) -> None:
    """Hook for `do_orm_execute`. Raises `Unscoped`."""
    store_id = state.session.info.get("store_id")
    if store_id is None or isinstance(state.statement, Insert):
        return
    named, scoped = _tables(state.statement, store_id)
    missing = {table.name for table in named - scoped}
    if missing:
        raise Unscoped(
            f"A query on {', '.join(sorted(missing))} does not compare store_id with its own store."
        )


def _tables(statement: Any, store_id: int) -> tuple[set[Table], set[Table]]:
    named: set[Table] = set()
    scoped: set[Table] = set()
    for element in visitors.iterate(statement):
        if isinstance(element, Table) and "store_id" in element.c:
            named.add(element)
        elif isinstance(element, BinaryExpression) and element.operator is operators.eq:
            scoped.update(_compared(element, store_id))
    entity = getattr(statement, "table", None)
    if isinstance(entity, Table) and "store_id" in entity.c:
        named.add(entity)
    return named, scoped


def _compared(element: BinaryExpression[Any], store_id: int) -> set[Table]:
    for side, other in ((element.left, element.right), (element.right, element.left)):
        if isinstance(side, Column) and side.name == "store_id" and isinstance(side.table, Table):
            if isinstance(other, BindParameter) and other.effective_value == store_id:
                return {side.table}
    return set()
