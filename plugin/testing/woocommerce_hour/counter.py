"""The counter of the drill, and what its merchant does with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from plugin.contract import Meaning, WebRequest
from plugin.database import ALL
from plugin.stores import StoreRow, connect, get_store
from plugin.stores.set_up import promise_set_up
from plugin.stores.status_words import confirm_meaning, list_status_words
from plugin.testing.drill_counter import DrillCounter, DrillError
from plugin.testing.woocommerce_hour.passes import PassWatch

__all__ = ["Counter", "DrillError"]

PLATFORM = "woocommerce"


@dataclass(kw_only=True)
class Counter(DrillCounter):
    """The counter of one shop. `watch` sees its passes."""

    watch: PassWatch
    store_id: int = 0

    def __post_init__(self) -> None:
        self.wrap = self.watch.wrap
        super().__post_init__()

    def connect(self, shop_url: str, key: str, secret: str, meanings: Mapping[str, str]) -> None:
        """What a merchant does: pastes the keys, waits for the set-up, confirms the statuses, goes live."""
        assert self.house is not None
        adapter = self.house.doors.registry.get(PLATFORM)
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
