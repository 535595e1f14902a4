"""Migrations lead from nothing to exactly the tables of the code, and lose no row on the way."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import JSON, Column, DateTime, MetaData, String, create_engine, insert, select, text

import plugin.app  # noqa: F401 - every room's tables
from plugin.database import Base, check_migrated, migrate
from plugin.database.migrate import _connect
from plugin.testing.factories import make_database, make_store


def test_the_migrated_database_has_exactly_the_tables_of_the_code(empty_database_url: str) -> None:
    migrate(empty_database_url)
    with _connect(empty_database_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_migrating_twice_changes_nothing_and_an_old_database_says_what_to_do(empty_database_url: str) -> None:
    assert "mostrador db upgrade" in (check_migrated(empty_database_url) or "")
    migrate(empty_database_url)
    migrate(empty_database_url)
    assert check_migrated(empty_database_url) is None


def test_every_name_of_a_constraint_is_given() -> None:
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"


def test_rebuilding_a_parent_table_keeps_its_children(tmp_path: Path) -> None:
    """On SQLite a batch migration drops the old parent; with foreign keys on, its children go with it."""
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    migrate(url)
    db = make_database(url)
    store = make_store(db)
    from plugin.testing.factories import fill_every_table

    fill_every_table(db, store.id)
    db.close()
    before = count_rows(url)
    assert min(before.values()) >= 1
    with _connect(url) as connection, connection.begin():
        operations = Operations(MigrationContext.configure(connection))
        for parent in ("stores", "orders"):
            with operations.batch_alter_table(parent, recreate="always") as batch:
                batch.add_column(Column("added_later", String()))
    assert count_rows(url) == before


@pytest.mark.parametrize("revision", ["0006", "0007", "0008"])
def test_a_database_in_use_keeps_every_row(empty_database_url: str, revision: str) -> None:
    migrate(empty_database_url, revision)
    with _connect(empty_database_url) as connection, connection.begin():
        tables = MetaData()
        tables.reflect(connection)
        given: dict[str, Any] = {}
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                values = {column.name: _example(column, given) for column in table.columns if column.name != "id"}
                made: Any = connection.execute(insert(table).values(values)).inserted_primary_key
                given[table.name] = made[0]
        kept = {name: connection.execute(select(tables.tables[name])).all() for name in given}
    migrate(empty_database_url)
    with _connect(empty_database_url) as connection:
        assert {name: connection.execute(select(tables.tables[name])).all() for name in given} == kept
        assert connection.execute(text("SELECT count(*) FROM macros WHERE phases IS NULL")).scalar() == 0


def _example(column: Column[Any], given: dict[str, Any]) -> Any:
    if column.name in ("store_id", "store"):
        return given["stores"]
    for key in column.foreign_keys:
        if key.column.table is not column.table:
            return given[key.column.table.name]
    if column.nullable:
        return None
    if isinstance(column.type, DateTime):
        return datetime(2026, 11, 1, tzinfo=UTC)
    plain = {str: f"x{column.name}", bytes: b"x"}
    return {} if isinstance(column.type, JSON) else plain.get(column.type.python_type, 1)


def count_rows(url: str) -> dict[str, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        counts = {
            name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0
            for name in Base.metadata.tables
        }
    engine.dispose()
    return counts


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_every_row_of_a_store_goes_with_it_and_points_to_one(table: str) -> None:
    columns = Base.metadata.tables[table].c
    if table in ("stores",):
        return
    owner = columns.get("store_id") if "store_id" in columns else columns.get("store")
    if owner is None:
        assert table in (
            "agents", "sign_in_links", "agent_sessions", "hand_overs", "install_states", "erasure_receipts",
        ), f"{table} belongs to no store"
        return
    keys = [key for key in owner.foreign_keys if key.column.table.name == "stores"]
    assert [key.ondelete for key in keys] == ["CASCADE"]
    assert table == "outbox" or not owner.nullable
