"""What the adapter's tests over the fake shop share: a served shop, and the adapter with keys for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from fake_shop_bench import Bench, open_bench

from adapters.woocommerce import WooCommerceAdapter
from plugin.contract import Answer, Store, Urls
from plugin.http import GuardedHttp

HOOK = "https://care.example/hooks/woocommerce/k1"
URLS = Urls(webhook=HOOK, install_callback="https://care.example/install/woocommerce/callback",
            widget_loader="https://care.example/widget/loader.js", desk="https://care.example/desk/st_1/")


@dataclass
class CountingHttp:
    """The guarded client, which notes every question as ``METHOD path``."""

    http: GuardedHttp
    asked: list[str] = field(default_factory=list)

    def request(self, method: str, url: str, **values) -> Answer:
        self.asked.append(f"{method} {url.partition('/wp-json/')[2]}")
        return self.http.request(method, url, **values)


@dataclass
class Connected:
    """A shop, and the adapter connected to it."""

    bench: Bench
    http: CountingHttp
    adapter: WooCommerceAdapter
    store: Store

    @property
    def shop(self):
        return self.bench.shop

    @property
    def hooks(self):
        return list(self.shop.webhooks.hooks.values())

    @property
    def asked(self) -> list[str]:
        """What was asked since this was last read."""
        found = list(self.http.asked)
        self.http.asked.clear()
        return found

    def with_key(self, **values) -> Store:
        """The store with another key."""
        return replace(self.store, credentials=write_credentials(self.bench, self.shop.add_key(**values)))


def write_credentials(bench: Bench, key) -> dict[str, str]:
    home = bench.shop.home
    return {"url": home, "home": home, "auth": "basic", "consumer_key": key.consumer_key,
            "consumer_secret": key.consumer_secret}


@contextmanager
def open_connected(**manners) -> Iterator[Connected]:
    with open_bench(https=True, **manners) as bench:
        http = CountingHttp(GuardedHttp(allow_private_hosts=True, ca_bundle=str(bench.server.certificate)))
        store = Store(public_id="st_1", platform="woocommerce", domain=bench.shop.home.partition("://")[2],
                      webhook_secret="the-webhook-secret-of-st-1", currency="COP", locale="es",
                      credentials=write_credentials(bench, bench.shop.add_key()))
        yield Connected(bench, http, WooCommerceAdapter({}, http, bench.clock), store)
