"""What the tests of the fake Shopify share: raw calls as an app makes them, and a receiver of webhooks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from plugin.testing.clock import FrozenClock
from plugin.testing.fake_shopify import FakeServer, FakeShop, Manners, serve_shopify
from plugin.testing.local_server import run_server, write_answer

ROOT = Path(__file__).parents[2]
TOML = ROOT / "adapters/shopify/app/shopify.app.toml"
DOCUMENTS = ROOT / "adapters/shopify/documents"
SPREAD = re.compile(r"\.\.\.\s*(?!on\b)([A-Za-z]\w*)")
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


@dataclass
class Arrived:
    """One POST at the receiver; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)

    @property
    def topic(self) -> str:
        return self.headers["x-shopify-topic"]


def read_arrived(raw: bytes) -> Arrived:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    pairs = [line.partition(": ") for line in rest]
    return Arrived(first.split(" ")[1], {name.lower(): value for name, _, value in pairs}, body)


@dataclass
class Receiver:
    """Our side of webhooks: answers `status`, remembers what came. `while_asked` runs before the answer."""

    url: str = ""
    status: str = "200 OK"
    while_asked: Callable[[], None] = lambda: None
    arrived: list[Arrived] = field(default_factory=list)

    def talk(self, request: bytes):
        self.arrived.append(read_arrived(request))
        self.while_asked()
        return [write_answer(b"ok", self.status, location="https://elsewhere.example/")]

    def list_topics(self) -> list[str]:
        return sorted(one.topic for one in self.arrived)


@dataclass
class Bench:
    """A served Shopify with its clock, one shop and the receiver of its webhooks."""

    server: FakeServer
    clock: FrozenClock
    shop: FakeShop
    receiver: Receiver

    @property
    def platform(self):
        return self.server.platform

    def ask_token(self, shop: FakeShop | None = None, **given) -> requests.Response:
        app = self.server.app
        body = {"client_id": app.client_id, "client_secret": app.client_secret, **given}
        url = f"{self.server.url}/shops/{(shop or self.shop).domain}/admin/oauth/access_token"
        return requests.post(url, json=body, timeout=10)

    def exchange(self, shop: FakeShop | None = None, id_token: str = "", kind: str = "offline", **given):
        domain = (shop or self.shop).domain
        return self.ask_token(
            shop,
            grant_type=EXCHANGE,
            subject_token=id_token or self.platform.mint_id_token(domain),
            subject_token_type="urn:ietf:params:oauth:token-type:id_token",
            requested_token_type=f"urn:shopify:params:oauth:token-type:{kind}-access-token",
            **{"expiring": 1, **given},
        )

    def refresh(self, refresh_token: str) -> requests.Response:
        return self.ask_token(grant_type="refresh_token", refresh_token=refresh_token)

    def ask(
        self, query: str, variables=None, *, token: str = "", version: str = "2026-10", shop: FakeShop | None = None
    ):
        access = token or self.exchange(shop).json()["access_token"]
        url = f"{self.server.url}/shops/{(shop or self.shop).domain}/admin/api/{version}/graphql.json"
        return requests.post(
            url,
            json={"query": query, "variables": variables or {}},
            headers={"X-Shopify-Access-Token": access},
            timeout=10,
        )

    def run_hooks(self) -> list[Arrived]:
        """What arrived by this run."""
        before = len(self.receiver.arrived)
        self.platform.run_hooks()
        return self.receiver.arrived[before:]


def read_document(name: str) -> str:
    """An operation of the adapter with every fragment that it spreads."""
    texts, wanted = {}, [name]
    while wanted:
        file = wanted.pop(0)
        if file not in texts:
            texts[file] = (DOCUMENTS / f"{file}.graphql").read_text("utf-8")
            wanted += [re.sub(r"(?<!^)(?=[A-Z])", "_", one).lower() for one in SPREAD.findall(texts[file])]
    return "\n".join(texts.values())


@contextmanager
def open_bench(plan: str = "basic", toml: Path | None = None, **manners) -> Iterator[Bench]:
    clock, receiver = FrozenClock(), Receiver()
    with run_server(receiver.talk) as home:
        receiver.url = f"http://127.0.0.1:{home.port}"
        with serve_shopify(clock=clock, manners=Manners(**manners), app_origin=receiver.url, toml=toml) as server:
            yield Bench(server, clock, server.add_shop("cafe", plan), receiver)
