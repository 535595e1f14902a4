"""The counter as it runs in a drill: the real house, its web server and a mailbox, all by the drill's clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from plugin.app import House, build_house
from plugin.database import ALL, Database, migrate
from plugin.orders import Receipt
from plugin.settings import PREFIX, Settings, fresh_keys, load_settings
from plugin.stores import StoreRow, get_store
from plugin.testing.clock import FrozenClock
from plugin.testing.servers import find_free_port
from plugin.work import Handler, count_due

LONGEST_WAIT = 90.0
UNAPPLIED = select(func.count()).select_from(Receipt).where(Receipt.outcome.is_(None))

Wrap = Callable[[Mapping[str, Handler], Database], Mapping[str, Handler]]
"""Puts something around the handlers of the house: a watch, or what makes a drill fail on purpose."""


class DrillError(Exception):
    """The drill could not be run to its end; the message says where it stood."""


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """The drill's output is its result."""


@dataclass
class DrillCounter:
    """`start` and `stop` as often as the drill wants, on one port and one database. While it is stopped connections are
    refused. `own`: settings without their prefix."""

    folder: Path
    clock: FrozenClock
    smtp_url: str
    own: Mapping[str, str] = field(default_factory=dict)
    wrap: Wrap = lambda kinds, _db: kinds
    port: int = field(default_factory=find_free_port)
    house: House | None = None
    _server: BaseWSGIServer | None = None
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self.settings = self._settings()
        migrate(self.settings.database_url)

    def _settings(self) -> Settings:
        common = {
            "DATABASE_URL": f"sqlite:///{self.folder / 'mostrador.db'}",
            "BASE_URL": self.url,
            "SMTP_URL": self.smtp_url,
            "MAIL_FROM": "counter@example.com",
            "ALLOW_PRIVATE_HOSTS": "yes",
            "LOG_LEVEL": "ERROR",
        }
        values = {PREFIX + name: value for name, value in (common | dict(self.own)).items()}
        return load_settings(self.folder, fresh_keys() | values)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def db(self) -> Database:
        assert self.house is not None
        return self.house.db

    def start(self) -> None:
        """Listens first: what the engine does at once may make the platform greet us."""
        house = build_house(self.settings, self.clock)
        house.engine.kinds = dict(self.wrap(house.kinds, house.db))
        self._server = make_server("127.0.0.1", self.port, house.web(), threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        self.house = house
        house.start()

    def stop(self) -> None:
        """What is in hands is finished; nobody listens any more."""
        server, thread, house = self._server, self._thread, self.house
        self._server = self._thread = self.house = None
        if server is not None and thread is not None:
            server.shutdown()
            server.server_close()
            thread.join(10)
        if house is not None:
            house.stop()

    def settle(self) -> None:
        """Until nothing is due and no receipt waits. Raises `DrillError` when it takes too long."""
        assert self.house is not None
        deadline = time.monotonic() + LONGEST_WAIT
        self.house.engine.wake()
        while True:
            with self.db.reading(ALL, "is everything done") as tx:
                left = count_due(tx, self.clock.now()), tx.scalar(UNAPPLIED)
            if not any(left):
                return
            if time.monotonic() > deadline:
                raise DrillError(
                    f"After {LONGEST_WAIT:.0f} s there were still {left[0]} jobs, {left[1]} receipts."
                )
            time.sleep(0.004)

    def move_to(self, moment: datetime) -> None:
        """On to a moment, and everything that is due by then done."""
        if moment > self.clock.now():
            self.clock.move_to(moment)
        if self.house is not None:
            self.settle()

    def read_store(self, store_id: int) -> StoreRow:
        with self.db.reading(store_id) as tx:
            return get_store(tx, store_id)
