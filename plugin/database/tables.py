"""What all tables share: one metadata with named constraints, and rows that belong to a store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, MetaData, Table, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table. No id is ever given twice: SQLite would hand a deleted row's id to the next one,
    and whoever still holds the old id would change a stranger's row."""

    metadata = MetaData(naming_convention=NAMING)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if isinstance(table := cls.__dict__.get("__table__"), Table):
            table.dialect_options["sqlite"]["autoincrement"] = True


class Scoped:
    """A row of one store. `store_id` is never NULL, and reads without it are refused (see `guard`).

    It needs no index of its own: nearly every table has one that begins with it and goes on with what tells its
    rows apart, and each index is written with every row.
    """

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"))


def own_key() -> UniqueConstraint:
    """Lets children refer to (store_id, id), so that a row never hangs below another store's parent.

    The id comes first: an index that begins with the store tempts SQLite to walk through all of a store's rows
    whenever they are wanted in the order of their ids.
    """
    return UniqueConstraint("id", "store_id")


def parent(column: str, table: str) -> ForeignKeyConstraint:
    """A composite foreign key (store_id, `column`) to `table`; children go with their parent."""
    return ForeignKeyConstraint(
        ["store_id", column], [f"{table}.store_id", f"{table}.id"], ondelete="CASCADE"
    )
