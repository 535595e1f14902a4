"""A platform whose access ends after an hour and is renewed with a pair that rotates: kept in a file, so that several
processes ask the same one."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from memory_shop import MemoryShop

from plugin.contract import (
    AccessExpired,
    AccessRevoked,
    AdapterError,
    PlatformDown,
    Store,
    StoreAccess,
)
from plugin.database import ALL, Database, Vault
from plugin.settings import Settings
from plugin.stores import StoreRow, as_contract, ask_platform, get_store
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_store
from plugin.work import list_promised

HOUR, QUARTER = timedelta(hours=1), timedelta(days=90)
FIRST = {"access": "a1", "refresh": "r1"}


class TokenPlatform:
    """What the platform knows. A refresh token stays good until the one that came of it is used for the first time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "platform.json"
        if not self.file.exists():
            self.file.write_text(json.dumps({"number": 1, "access": "a1", "refresh": ["r1"], "log": []}))

    @contextmanager
    def opened(self) -> Iterator[dict[str, Any]]:
        with open(self.folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            state = json.loads(self.file.read_text())
            try:
                yield state
            finally:
                self.file.write_text(json.dumps(state))

    def renew(self, token: str) -> dict[str, str]:
        with self.opened() as state:
            state["log"].append(token)
            if token not in state["refresh"]:
                raise AccessRevoked(f"{token} is not good.")
            state["number"] += 1
            fresh = {"access": f"a{state['number']}", "refresh": f"r{state['number']}"}
            state["access"], state["refresh"] = fresh["access"], [token, fresh["refresh"]]
        return fresh

    def answer(self, token: str) -> str:
        with self.opened() as state:
            if token != state["access"]:
                raise AccessExpired(f"{token} has ended.")
        return token

    def end_access(self) -> None:
        """Whatever anybody holds is expired, as the platform sees it."""
        with self.opened() as state:
            state["access"] = ""

    def forget(self, *tokens: str) -> None:
        with self.opened() as state:
            state["refresh"] = [one for one in state["refresh"] if one not in tokens]

    @property
    def log(self) -> list[str]:
        """The refresh tokens that were used, in order."""
        with self.opened() as state:
            return list(state["log"])


class TokenShop(MemoryShop):
    """`takes`: seconds of a renewal. `fails`: raised before one, at the next. `loses`: how many answers get lost on
    their way back. `meanwhile`: what happens elsewhere between a renewal over there and its answer here."""

    name = "token"

    def __init__(self, clock: FrozenClock, platform: TokenPlatform, takes: float = 0) -> None:
        super().__init__(clock)
        self.platform, self.takes = platform, takes
        self.fails: list[AdapterError] = []
        self.loses = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def get(self, _name: str) -> TokenShop:
        """The shop is its own registry."""
        return self

    def refresh_access(self, store: Store) -> StoreAccess:
        if self.fails:
            raise self.fails.pop(0)
        fresh = self.platform.renew(store.credentials["refresh"])
        time.sleep(self.takes)
        self.meanwhile()
        if self.loses:
            self.loses -= 1
            raise PlatformDown("The answer was lost.")
        return make_access(self.clock.now(), fresh)

    def look(self, store: Store) -> str:
        """Any question; gives the token it was asked with."""
        self.asked.append(store.credentials["access"])
        return self.platform.answer(store.credentials["access"])


def make_access(now: Any, credentials: Mapping[str, str]) -> StoreAccess:
    return StoreAccess(
        domain="shop.example", name="Shop", credentials=credentials, expires_at=now + HOUR, refresh_before=now + QUARTER
    )


def ask(adapter: Any, store: Store) -> str:
    answer: str = adapter.look(store)
    return answer


class Place:
    """One store of the platform, its access given a moment ago and good for an hour."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.db = settings, open_database(settings)
        self.clock, self.platform = FrozenClock(MOMENT), TokenPlatform(folder)
        self.shop = TokenShop(self.clock, self.platform)
        self.store_id: int = make_store(
            self.db, platform="token", credentials=FIRST, access_expires_at=MOMENT + HOUR,
            refresh_before=MOMENT + QUARTER,
        ).id  # fmt: skip

    def ask(self) -> str:
        return ask_platform(self.db, self.shop, self.store_id, ask)

    @property
    def row(self) -> StoreRow:
        with self.db.reading(self.store_id) as tx:
            return get_store(tx, self.store_id)

    @property
    def pair(self) -> dict[str, str]:
        return dict(as_contract(self.row).credentials)

    @property
    def pair_before(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.row.previous_credentials or "{}")
        return found

    def count(self, kind: str) -> int:
        with self.db.reading(ALL, "count jobs") as tx:
            return len(list_promised(tx, kind, self.store_id))

    def expire(self) -> None:
        self.clock.advance(HOUR)
        self.platform.end_access()


def open_database(settings: Settings) -> Database:
    return Database(settings.database_url, Vault(settings.secret_keys, settings.index_key))
