"""One shop's REST API over answers that are arranged, for the tests of the client and of its lists."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from woo_gate import KEY, SECRET, recorded

from adapters.woocommerce.api import Shop
from plugin.contract import Store
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import RecordingHttp

NOW = datetime(2026, 11, 21, 22, 0, 0, tzinfo=UTC)
HTTPS = "https://shop.example.com"
ORDER = recorded("order_classic_completed") | {"status": "processing"}


def make_store(url: str = HTTPS, **credentials: str) -> Store:
    keys = {"url": url, "consumer_key": KEY, "consumer_secret": SECRET}
    return Store(
        public_id="st_1", platform="woocommerce", domain="shop.example.com", credentials=keys | credentials
    )


def make_shop(*replies: Any, clock: Any = None, **credentials: str) -> tuple[Shop, RecordingHttp]:
    http = RecordingHttp(*replies)
    return Shop(http, make_store(**credentials), clock or FrozenClock(NOW)), http
