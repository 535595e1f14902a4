"""The counter of the drill, and what its merchants do with it."""

from __future__ import annotations

from dataclasses import dataclass, field

import requests
from sqlalchemy import select

from plugin.database import ALL
from plugin.stores import StoreRow, get_store
from plugin.testing.drill_counter import DrillCounter, DrillError
from plugin.testing.fake_shopify import FakeServer

__all__ = ["Counter", "DrillError"]


@dataclass(kw_only=True)
class Counter(DrillCounter):
    """One counter for all shops. `stores`: shop's domain → store id, once it was opened."""

    shopify: FakeServer
    stores: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        app = self.shopify.app
        self.own = dict(self.own) | {
            "INSTALLS": "open",
            "SHOPIFY_FAKE_URL": self.shopify.url,
            "SHOPIFY_CLIENT_ID": app.client_id,
            "SHOPIFY_CLIENT_SECRET": app.client_secret,
        }
        super().__post_init__()

    def open_home(self, domain: str) -> None:
        """What a merchant does: opens the app in the admin, waits for the set-up, goes live."""
        shop = self.shopify.platform.shops[domain]
        address = self.shopify.application.pages.write_home_address(shop)
        answer = requests.get(address, timeout=30, allow_redirects=False)
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
