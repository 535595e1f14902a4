"""Migrations with Alembic, without an ini file.

Trap: on SQLite Alembic's batch mode recreates a table, and with foreign keys switched on the drop of the
old parent deletes its children. The pragma does nothing inside a transaction, so it is switched off on the
raw connection before BEGIN, checked afterwards, and on again with the next connection.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate.api import RevisionContext
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, pool
from sqlalchemy.engine import make_url
from sqlalchemy.types import TypeDecorator

from plugin.database.tables import Base
from plugin.database.types import UTCDateTime

VERSIONS = Path(__file__).parent / "migrations"


class BrokenReferences(Exception):
    """A migration left rows that point nowhere; nothing was changed."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(VERSIONS))
    config.set_main_option("version_locations", str(VERSIONS))
    config.set_main_option("path_separator", "os")
    return config


def migrate(url: str, revision: str = "head") -> None:
    """Brings the database to `revision`, all or nothing. Idempotent. Raises `BrokenReferences`."""
    script = ScriptDirectory.from_config(_config())

    def steps(current: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs(revision, current)

    with _connect(url) as connection:
        with EnvironmentContext(_config(), script, fn=steps, destination_rev=revision) as environment:
            configure(environment, connection)
            with connection.begin():
                environment.run_migrations()
                _check_references(connection)


def configure(environment: EnvironmentContext, connection: Connection) -> None:
    """The one Alembic configuration, for upgrades and for comparing."""
    environment.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        render_item=_render_plainly,
    )


def _render_plainly(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name plain SQL types, so that they outlive our column types."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.DateTime(timezone=True)" if isinstance(item, UTCDateTime) else "sa.LargeBinary()"
    return False


def _connect(url: str) -> Connection:
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed,
        poolclass=pool.NullPool,
        connect_args={"isolation_level": None} if sqlite else {},
        hide_parameters=True,
    )
    if sqlite:
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=OFF"))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine.connect()


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise BrokenReferences(
            f"{len(broken)} rows of {broken[0][0]} would point nowhere after the migration."
        )


def check_migrated(url: str) -> str | None:
    """None when the database is at head, otherwise a sentence for the operator."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with _connect(url) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return None
    return f"The database is at {current or 'nothing'}, not at {head}: run `mostrador db upgrade`."


def write_revision(url: str, message: str, number: str) -> None:
    """For developers: writes the next migration file from the difference between database and tables."""
    config = _config()
    script = ScriptDirectory.from_config(config)
    revision = RevisionContext(
        config,
        script,
        {
            "message": message,
            "autogenerate": True,
            "sql": False,
            "head": "head",
            "splice": False,
            "branch_label": None,
            "version_path": None,
            "rev_id": number,
            "depends_on": None,
        },
    )

    def compare(current: Any, context: MigrationContext) -> list[Any]:
        revision.run_autogenerate(current, context)
        return []

    with _connect(url) as connection:
        with EnvironmentContext(
            config, script, fn=compare, template_args=revision.template_args
        ) as environment:
            configure(environment, connection)
            environment.run_migrations()
    list(revision.generate_scripts())
