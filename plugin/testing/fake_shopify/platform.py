"""The whole of Shopify as the app sees it: one app, several shops, webhooks, one clock."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from plugin.contract import Clock, SystemClock
from plugin.testing.fake_shopify.declared import read_declared, read_scopes
from plugin.testing.fake_shopify.identity import mint_id_token
from plugin.testing.fake_shopify.nouns import SCOPES, App, Manners
from plugin.testing.fake_shopify.shop import FakeShop
from plugin.testing.fake_shopify.webhooks import Delivery, Webhooks

REDACT_AFTER = timedelta(hours=48)
"""From an uninstall to shop/redact."""
ROTATION = timedelta(hours=1)
"""How long webhooks may still be signed with the old secret."""


class FakeShopify:
    """`asked` keeps (method, path) of every request, `foreign` each call that came with another shop's token."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        seed: int = 0,
        manners: Manners | None = None,
        app_origin: str = "",
        toml: Path | None = None,
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.seed = seed
        self.manners = manners or Manners()
        self.random = random.Random(f"{seed} shopify")
        self.lock = threading.RLock()
        self.url = ""
        self.shops: dict[str, FakeShop] = {}
        self.app = App(
            f"{self.random.getrandbits(128):032x}",
            f"shpss_{self.random.getrandbits(128):032x}",
            origin=app_origin,
            scopes=read_scopes(toml) or SCOPES,
        )
        self.webhooks = Webhooks(self)
        self.webhooks.declared = read_declared(toml)
        self.redactions: list[tuple[datetime, str]] = []
        self.asked: list[tuple[str, str]] = []
        self.foreign: list[tuple[str, str]] = []
        self._began = time.monotonic()
        self._last_id = 5_000_000_000_000

    def now(self) -> datetime:
        return self.clock.now().replace(microsecond=0)

    def bucket_now(self) -> datetime:
        """The time that buckets fill by."""
        passed = time.monotonic() - self._began if self.manners.real_seconds else 0.0
        return self.clock.now() + timedelta(seconds=passed)

    def next_id(self) -> int:
        """Ids beyond 32 bits, as the real ones."""
        with self.lock:
            self._last_id += self.random.randint(1, 40_000)
            return self._last_id

    def add_shop(self, name: str, plan: str = "basic", *, installed: bool = True, **values: Any) -> FakeShop:
        """A shop named like its address: ``add_shop("cafe")`` is ``cafe.myshopify.com``. An `installed` one has the app
        without that the app was ever called: only webhooks tell of it."""
        with self.lock:
            shop = FakeShop(self, name, plan, **values)
            self.shops[shop.domain] = shop
        if installed:
            shop.install()
        return shop

    def find_shop(self, domain: str) -> FakeShop | None:
        return self.shops.get(domain)

    def run_hooks(self, about: Callable[[Delivery], bool] = lambda _one: True) -> int:
        """Delivers what is due, compliance webhooks too. Gives how many were tried."""
        with self.lock:
            due = [shop for at, shop in self.redactions if at <= self.now()]
            self.redactions = [(at, shop) for at, shop in self.redactions if at > self.now()]
        for domain in due:
            shop = self.shops[domain]
            if not shop.installed:
                shop.fire("shop/redact", {"shop_id": shop.id, "shop_domain": domain})
        return self.webhooks.run(about)

    def rotate_secret(self) -> str:
        """A new client secret; the old one stays good beside it. Gives the new one."""
        with self.lock:
            self.app.old_client_secret = self.app.client_secret
            self.app.client_secret = f"shpss_{self.random.getrandbits(128):032x}"
            self.app.signs_old_until = self.now() + ROTATION
            return self.app.client_secret

    def drop_old_secret(self) -> None:
        with self.lock:
            self.app.old_client_secret, self.app.signs_old_until = "", None

    def mint_id_token(self, shop: str, kind: str = "admin", sub: str = "", **claims: Any) -> str:
        """A session token of this app, by this clock; see `identity.mint_id_token`."""
        return mint_id_token(self.app, shop, self.clock.now(), kind, sub, **claims)
