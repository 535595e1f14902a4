"""A house with a store and the widget's API over it, for the flows of the widget."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from adapters.demo import sign_proof
from faq_links import EXAMPLE_ANSWERS
from plugin.app import House, build_house
from plugin.care import Agent, consent_words
from plugin.contract import Clock, Order, StoreAccess
from plugin.database import ALL
from plugin.orders import apply_order
from plugin.stores import StoreRow, connect, get_store
from plugin.testing.factories import make_settings

ROOT = "/api/widget/v1"
ORIGIN = "https://shop.example"
SECRET = "a-webhook-secret"
ANA, BEA = Agent(1, "Ana"), Agent(2, "Bea")


class Shop:
    """One house; `store` is connected, its articles are filled."""

    def __init__(self, url: str, clock: Clock | None = None, **settings: Any) -> None:
        self.house: House = build_house(make_settings(url, **settings), clock)
        self.care = self.house.doors.care
        self.store = self.connect("shop.example")
        self.app: Flask = self.house.web()

    def connect(self, domain: str, **values: Any) -> StoreRow:
        now = self.house.doors.clock.now()
        with self.house.db.transaction(ALL, "a store for a test") as tx:
            access = StoreAccess(
                domain=domain, name=f"Tienda {domain}", credentials={}, locale="es", currency="EUR"
            )
            row = connect(tx, "demo", access, now - timedelta(days=1), webhook_secret=SECRET + domain)
            row.answers, row.origins = EXAMPLE_ANSWERS, [f"https://{domain}"]
            for name, value in values.items():
                setattr(row, name, value)
            tx.flush()
            return row

    def change_store(self, **values: Any) -> None:
        with self.house.db.transaction(self.store.id) as tx:
            row = get_store(tx, self.store.id)
            for name, value in values.items():
                setattr(row, name, value)

    def add_order(self, order: Order, store: StoreRow | None = None) -> None:
        chosen = store or self.store
        with self.house.db.transaction(chosen.id) as tx:
            apply_order(tx, get_store(tx, chosen.id), order, self.house.doors.clock.now())

    def prove(self, store: StoreRow | None = None, *, until: datetime | None = None, **claim: str) -> str:
        chosen = store or self.store
        expires_at = until or self.house.doors.clock.now() + timedelta(hours=1)
        return sign_proof(chosen.public_id, chosen.webhook_secret, expires_at=expires_at, **claim)

    def page(self, store: StoreRow | None = None) -> Page:
        return Page(self, store or self.store)

    def close(self) -> None:
        self.house.stop()


class Page:
    """The widget on one page of one shopper, as `widget/src/api.ts` speaks."""

    def __init__(self, shop: Shop, store: StoreRow, token: str = "", address: str = "203.0.113.7") -> None:
        self.shop, self.store, self.token = shop, store, token
        self.client: FlaskClient = shop.app.test_client()
        self.address = address
        self.headers: dict[str, str] = {}

    def call(self, method: str, path: str, token: str | None = None, **given: Any) -> TestResponse:
        """`path` below the API's root; ``{store}`` in it is this store."""
        token = self.token if token is None else token
        headers = self.headers | dict(given.pop("headers", {}))
        if token:
            headers["Authorization"] = f"Bearer {token}"
        url = ROOT + path.replace("{store}", self.store.public_id)
        given.setdefault("environ_base", {"REMOTE_ADDR": self.address})
        return self.client.open(url, method=method, headers=headers, **given)

    def get(self, path: str, **given: Any) -> TestResponse:
        return self.call("GET", path, **given)

    def post(self, path: str, body: Any, **given: Any) -> TestResponse:
        return self.call("POST", path, json=body, **given)

    def say(self, text: str, client_id: str = "", **given: Any) -> TestResponse:
        """A message; a token that comes back is kept."""
        headers = given.pop("headers", {})
        answer = self.post("/stores/{store}/messages", message(text, client_id, **given), headers=headers)
        if answer.status_code in (200, 201) and answer.json is not None and answer.json["token"]:
            self.token = answer.json["token"]
        return answer

    def read(self, after: int = 0) -> Any:
        answer = self.get(f"/conversation?after={after}")
        assert answer.status_code == 200, answer.text
        return answer.json

    def lines(self) -> list[tuple[str, str]]:
        """(author, text) of the whole conversation."""
        return [(one["author"], one["text"]) for one in self.read()["messages"]]


def message(text: str, client_id: str = "", **values: Any) -> dict[str, Any]:
    """A message as the widget sends it."""
    defaults = {"locale": "es", "steps": ["cart"], "page": "https://shop.example/cart", "proof": None}
    return {"client_id": client_id or str(uuid.uuid4()), "text": text, **defaults, **values}


def form_body(
    store: StoreRow, text: str = "¿Hacen envíos a Leticia?", client_id: str = "", **values: Any
) -> dict[str, Any]:
    """The message form as the widget sends it."""
    locale = values.get("locale", "es")
    defaults = {
        "email": "alma@example.com", "name": None, "order_number": None, "locale": locale, "page": None, "steps": [],
        "basket": None, "website": "", "consent": consent_words(store, locale),
    }  # fmt: skip
    return {"client_id": client_id or str(uuid.uuid4()), "text": text, **defaults, **values}


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """A real threaded server on a free port; gives its origin."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
