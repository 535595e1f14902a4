"""The counter as it runs in the drill: the real house, its web server and a mailbox, all by the drill's clock."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import select
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from plugin.app import House, build_house
from plugin.database import ALL, Database, migrate
from plugin.orders import count_receipts
from plugin.settings import PREFIX, Settings, fresh_keys, load_settings
from plugin.stores import StoreRow, get_store
from plugin.testing.clock import FrozenClock
from plugin.testing.fake_shopify import FakeServer
from plugin.work import count_due

LONGEST_WAIT = 90.0


class DrillError(Exception):
    """The drill could not be run to its end; the message says where it stood."""


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """The drill's output is its result."""


@dataclass
class Counter:
    """One house for all shops. `stores`: shop's domain → store id, once it was connected."""

    folder: Path
    clock: FrozenClock
    smtp_url: str
    port: int
    shopify: FakeServer
    stores: dict[str, int] = field(default_factory=dict)
    house: House | None = None
    _server: BaseWSGIServer | None = None
    _thread: threading.Thread | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def db(self) -> Database:
        assert self.house is not None
        return self.house.db

    def _settings(self) -> Settings:
        app = self.shopify.app
        own = {
            "DATABASE_URL": f"sqlite:///{self.folder / 'mostrador.db'}",
            "BASE_URL": self.origin,
            "SMTP_URL": self.smtp_url,
            "MAIL_FROM": "counter@example.com",
            "ALLOW_PRIVATE_HOSTS": "yes",
            "INSTALLS": "open",
            "LOG_LEVEL": "ERROR",
            "SHOPIFY_FAKE_URL": self.shopify.url,
            "SHOPIFY_CLIENT_ID": app.client_id,
            "SHOPIFY_CLIENT_SECRET": app.client_secret,
        }
        return load_settings(self.folder, fresh_keys() | {PREFIX + name: value for name, value in own.items()})

    def start(self) -> None:
        settings = self._settings()
        migrate(settings.database_url)
        house = build_house(settings, self.clock)
        self._server = make_server("127.0.0.1", self.port, house.web(), threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
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

    def open_home(self, domain: str) -> None:
        """What a merchant does: opens the app in the admin, waits for the set-up, goes live."""
        shop = self.shopify.platform.shops[domain]
        answer = requests.get(self.shopify.application.pages.write_home_address(shop), timeout=30, allow_redirects=False)
        if answer.status_code != 200:
            raise DrillError(f"The app's home answered {answer.status_code}: {answer.text[:200]}")
        with self.db.reading(ALL, "the store that the home connected") as tx:
            row = tx.scalars(select(StoreRow).where(StoreRow.domain == domain)).one()
        self.stores[domain] = row.id
        self.settle()
        with self.db.transaction(row.id) as tx:
            row = get_store(tx, row.id)
            row.live_at, row.mail_mode, row.hold_seconds = self.clock.now(), "all", 600
        self.settle()

    def settle(self) -> None:
        """Until nothing is due and no receipt waits."""
        assert self.house is not None
        deadline = time.monotonic() + LONGEST_WAIT
        self.house.engine.wake()
        while True:
            with self.db.reading(ALL, "is everything done") as tx:
                waiting = sum(count_receipts(tx, store).get("unapplied", 0) for store in self.stores.values())
                left = count_due(tx, self.clock.now()), waiting
            if not left[0]:
                return
            if time.monotonic() > deadline:
                raise DrillError(f"After {LONGEST_WAIT:.0f} s there were still {left[0]} jobs, {left[1]} receipts.")
            time.sleep(0.004)

    def move_to(self, moment: datetime) -> None:
        """On to a moment, and everything that is due by then done."""
        if moment > self.clock.now():
            self.clock.move_to(moment)
        self.settle()
