"""Instances to measure: a database of their own, one connected store, the server as it really runs."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from bench.deliveries import PLATFORM, SECRET
from plugin.contract import StoreAccess
from plugin.database import ALL, Database, Vault, migrate
from plugin.settings import PREFIX, fresh_keys
from plugin.stores import connect, get_store
from plugin.testing.processes import AppServer
from plugin.testing.servers import PostgreSQL

ENGINES = ("SQLite", "PostgreSQL")


class Databases:
    """Empty databases of either engine; a private PostgreSQL starts with the first one that is asked for."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mostrador-bench-")))
        self._count = 0

    @cached_property
    def _server(self) -> PostgreSQL:
        return self._stack.enter_context(PostgreSQL())

    def make(self, engine: str) -> str:
        """The address of a new empty database."""
        self._count += 1
        if engine == "SQLite":
            return f"sqlite:///{self._folder / f'{self._count}.db'}"
        return self._server.url(self._server.create_database())


class Instance:
    """Settings, a migrated database and one live store; `path` is where its webhooks arrive."""

    def __init__(self, url: str, **settings: str) -> None:
        keys = fresh_keys()
        self.values = keys | {PREFIX + "DATABASE_URL": url, PREFIX + "LOG_LEVEL": "WARNING"}
        self.values |= {PREFIX + name.upper(): value for name, value in settings.items()}
        migrate(url)
        self.db = Database(url, Vault([keys[PREFIX + "SECRET_KEYS"]], keys[PREFIX + "INDEX_KEY"]))
        self.store_id, self.public_id, self.path = self._connect()

    def set_settle(self, seconds: int) -> None:
        """How long the store waits for an order's state to settle."""
        with self.db.transaction(self.store_id) as tx:
            get_store(tx, self.store_id).settle_seconds = seconds

    def _connect(self) -> tuple[int, str, str]:
        access = StoreAccess(domain="shop.example", name="Bench", credentials={}, locale="es")
        began_at = datetime.now(UTC) - timedelta(days=1)
        with self.db.transaction(ALL, "the store of a bench") as tx:
            row = connect(tx, PLATFORM, access, began_at, webhook_secret=SECRET)
            row.live_at, row.mail_mode, row.settle_seconds = began_at, "all", 0
            tx.flush()
            return row.id, row.public_id, f"/hooks/{row.platform}/{row.hook_key}"


@contextmanager
def run_instance(url: str, **settings: str) -> Iterator[tuple[Instance, AppServer]]:
    """A fresh instance and its server, stopped and closed at the end."""
    instance = Instance(url, **settings)
    try:
        with AppServer(instance.values) as server:
            yield instance, server
    finally:
        instance.db.close()


class BareServer(AppServer):
    """The floor's server over a database of its own."""

    def __init__(self, url: str) -> None:
        super().__init__(fresh_keys() | {"BARE_URL": url})

    def command(self, port: int) -> Sequence[str]:
        return [sys.executable, "-m", "bench.bare"]
