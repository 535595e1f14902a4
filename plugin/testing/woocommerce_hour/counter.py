"""The counter as it runs in the drill: the real house, its web server and a mailbox, all by the drill's clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from plugin.app import House, build_house
from plugin.contract import Meaning, WebRequest
from plugin.database import ALL, Database, migrate
from plugin.orders import count_receipts
from plugin.settings import PREFIX, Settings, fresh_keys, load_settings
from plugin.stores import StoreRow, connect, get_store
from plugin.stores.set_up import promise_set_up
from plugin.stores.status_words import confirm_meaning, list_status_words
from plugin.testing.clock import FrozenClock
from plugin.testing.smtp import free_port
from plugin.testing.woocommerce_hour.passes import PassWatch
from plugin.work import count_due

PLATFORM = "woocommerce"
LONGEST_WAIT = 90.0


class DrillError(Exception):
    """The drill could not be run to its end; the message says where it stood."""


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """The drill's output is its result."""


@dataclass
class Counter:
    """`start` and `stop` as often as the drill wants, on one port and one database. While it is stopped connections are
    refused."""

    folder: Path
    clock: FrozenClock
    smtp_url: str
    watch: PassWatch
    port: int = field(default_factory=free_port)
    store_id: int = 0
    house: House | None = None
    _server: BaseWSGIServer | None = None
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self.settings = self._settings()
        migrate(self.settings.database_url)

    def _settings(self) -> Settings:
        own = {
            "DATABASE_URL": f"sqlite:///{self.folder / 'mostrador.db'}",
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "SMTP_URL": self.smtp_url,
            "MAIL_FROM": "counter@example.com",
            "ALLOW_PRIVATE_HOSTS": "yes",
            "LOG_LEVEL": "ERROR",
        }
        return load_settings(
            self.folder, fresh_keys() | {PREFIX + name: value for name, value in own.items()}
        )

    @property
    def db(self) -> Database:
        assert self.house is not None
        return self.house.db

    def start(self) -> None:
        """Listens first: what the engine does at once may make the shop greet us."""
        house = build_house(self.settings, self.clock)
        house.engine.kinds = self.watch.wrap(house.kinds, house.db)
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

    def connect(self, shop_url: str, key: str, secret: str, meanings: Mapping[str, str]) -> None:
        """What a merchant does: pastes the keys, waits for the set-up, confirms the statuses, goes live."""
        assert self.house is not None
        adapter = self.house.doors.registry.get(PLATFORM)
        from urllib.parse import urlencode

        body = urlencode({"url": shop_url, "consumer_key": key, "consumer_secret": secret}).encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        access = adapter.finish_install(
            WebRequest(method="POST", path="", query={}, headers=headers, body=body)
        )
        now = self.clock.now()
        with self.db.transaction(ALL, "connect the shop of the drill") as tx:
            row: StoreRow = connect(tx, PLATFORM, access, now)
            promise_set_up(tx, row, now)
        self.store_id = self.watch.store_id = row.id
        self.settle()
        with self.db.transaction(row.id) as tx:
            row = get_store(tx, row.id)
            row.live_at, row.mail_mode, row.hold_seconds = now, "all", 600
            for word in list_status_words(tx, row.id):
                if word.raw_status in meanings:
                    confirm_meaning(word, Meaning(meanings[word.raw_status]), now)
        self.settle()

    def settle(self) -> None:
        """Until nothing is due and no receipt waits."""
        assert self.house is not None
        deadline = time.monotonic() + LONGEST_WAIT
        self.house.engine.wake()
        while True:
            with self.db.reading(ALL, "is everything done") as tx:
                left = count_due(tx, self.clock.now()), count_receipts(tx, self.store_id).get("unapplied", 0)
            if not any(left):
                return
            if time.monotonic() > deadline:
                raise DrillError(
                    f"After {LONGEST_WAIT:.0f} s there were still {left[0]} jobs, {left[1]} receipts."
                )
            time.sleep(0.004)

    def move_to(self, moment: Any) -> None:
        """On to a moment, and everything that is due by then done."""
        if moment > self.clock.now():
            self.clock.move_to(moment)
        if self.house is not None:
            self.settle()

    def read_store(self) -> StoreRow:
        with self.db.reading(self.store_id) as tx:
            return get_store(tx, self.store_id)
