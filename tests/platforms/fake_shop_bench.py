"""What the tests of the fake shop share: the official client over real HTTP, and a receiver of deliveries."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import requests
from woocommerce import API

from plugin.testing.clock import FrozenClock
from plugin.testing.fake_woocommerce import FakeServer, FakeShop, Manners, serve_shop
from plugin.testing.local_server import LocalServer, run_server, write_answer


@dataclass
class Arrived:
    """One POST at the receiver; header names in lower case."""

    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)


def read_arrived(raw: bytes) -> Arrived:
    head, _, body = raw.partition(b"\r\n\r\n")
    pairs = [line.partition(": ") for line in head.decode().split("\r\n")[1:]]
    return Arrived({name.lower(): value for name, _, value in pairs}, body)


@dataclass
class Receiver:
    """Our side of webhooks: answers `status`, remembers what came. `while_asked` runs before the answer."""

    url: str = ""
    status: str = "200 OK"
    while_asked: Callable[[], None] = lambda: None
    server: LocalServer | None = None
    location: str = ""
    arrived: list[Arrived] = field(default_factory=list)

    @property
    def deliveries(self) -> list[Arrived]:
        return [one for one in self.arrived if "x-wc-webhook-topic" in one.headers]

    @property
    def greetings(self) -> list[Arrived]:
        return [one for one in self.arrived if "x-wc-webhook-topic" not in one.headers]

    def talk(self, request: bytes):
        self.arrived.append(read_arrived(request))
        self.while_asked()
        extra = {"location": self.location} if self.location else {}
        return [write_answer(b"ok", self.status, **extra)]


@contextmanager
def open_receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    with run_server(receiver.talk) as server:
        receiver.server = server
        receiver.url = f"http://127.0.0.1:{server.port}/hooks/woocommerce/tienda"
        yield receiver


@dataclass
class Bench:
    """A served shop with its clock, and the official client with full rights."""

    server: FakeServer
    clock: FrozenClock
    api: API

    @property
    def shop(self) -> FakeShop:
        return self.server.shop

    def get(self, path: str, **query):
        return self.api.get(path, params=query)

    def hook(self, url: str, topic: str = "order.updated", **values):
        body = {"topic": topic, "delivery_url": url, "secret": "the-shop-s-secret", "name": "ours", **values}
        answer = self.api.post("webhooks", body)
        assert answer.status_code == 201, answer.text
        return self.shop.webhooks.hooks[answer.json()["id"]]

    def run_cron(self, times: int = 1) -> int:
        """Each run a minute after the other, as the shop's cron does."""
        count = 0
        for _ in range(times):
            self.clock.advance(60)
            count += self.shop.webhooks.run_cron()
        return count

    def page(self, path: str, method: str = "GET", **values):
        return requests.request(
            method, f"{self.server.url}{path}", allow_redirects=False, timeout=10, verify=False, **values
        )


def make_api(server: FakeServer, key, **values) -> API:
    given = {"version": "wc/v3", "timeout": 10, "verify_ssl": False, **values}
    return API(server.url, key.consumer_key, key.consumer_secret, **given)


@contextmanager
def open_bench(**values) -> Iterator[Bench]:
    clock = FrozenClock()
    with serve_shop(clock=clock, https=values.pop("https", False), folder=values.pop("folder", ""),
                    manners=Manners(**values)) as server:  # fmt: skip
        server.application.access.wall = time.time  # the official client signs by the real clock
        yield Bench(server, clock, make_api(server, server.shop.add_key()))
