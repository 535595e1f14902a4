"""A real counter beside the WordPress: the app in a process of its own, with the shop connected as a store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from wordpress_bed import Key, WordPress

from adapters.woocommerce.proof import derive_secret, sign_token
from faq_links import EXAMPLE_ANSWERS
from plugin.app import House, build_house
from plugin.contract import (
    Merchant,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
    StoreAccess,
    TrackingLink,
    Visitor,
)
from plugin.database import ALL, migrate
from plugin.orders import apply_order
from plugin.settings import PREFIX, fresh_keys
from plugin.stores import StoreRow, as_contract, connect, get_store
from plugin.testing.processes import AppServer

ROUTES = "/wp-json/wc-mostrador/v1/"
SECRET = "the-webhook-secret-of-a-test"


class BaseServer(AppServer):
    """Knows its own address, as behind a real name."""

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {PREFIX + "BASE_URL": self.url}


class Counter:
    """`store` is the shop's row here."""

    def __init__(self, server: AppServer, house: House, store: StoreRow) -> None:
        self.server, self.house, self.store = server, house, store

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def secret(self) -> str:
        """What the WordPress plugin and the adapter share."""
        return derive_secret(as_contract(self.store))

    def connect(self, shop: WordPress, **told: str) -> Key:
        """Tells the shop's plugin where we are; gives the key that was used."""
        key = shop.make_key()
        answer = call(shop, "PUT", "connection", key, self.connection() | told)
        assert answer.status_code == 200, answer.text
        return key

    def connection(self) -> dict[str, str]:
        """The body of `PUT connection`."""
        return {
            "service": self.url,
            "store": self.store.public_id,
            "secret": self.secret,
            "name": "Barro y Sol",
            "locale": "es",
            "accent": "#0b57d0",
        }

    def verify(self, token: str) -> Visitor | Merchant | TrackingLink:
        """Whom the adapter believes this token to prove."""
        adapter = self.house.doors.registry.get("woocommerce")
        proof = adapter.read_proof(token)
        assert proof.claimed_store == self.store.public_id
        return adapter.verify_proof(proof, as_contract(self.store))

    def lease(self, mails: Sequence[str], *, since: float, until: float, secret: str = "") -> str:
        """A lease as the adapter signs it; times are Unix seconds."""
        payload = {"s": self.store.public_id, "mails": list(mails), "since": int(since), "e": int(until)}
        return sign_token("lease", payload, secret or self.secret)

    def add_order(self, external_id: str) -> None:
        """The counter knows this order, as a webhook would have told it."""
        now = datetime.now(UTC)
        order = Order(
            external_id=external_id, number=external_id, status=OrderStatus.processing, raw_status="processing",
            payment_status=PaymentStatus.on_delivery, created_at=now, modified_at=now, email="alma@example.com",
            total=Money(amount=Decimal("125800"), currency="COP"), country="CO",
            lines=(OrderLine(external_id="1", name="Taza Sol", quantity=2,
                             total=Money(amount=Decimal("117800"), currency="COP")),),
        )  # fmt: skip
        with self.house.db.transaction(self.store.id) as tx:
            apply_order(tx, get_store(tx, self.store.id), order, now)


def call(
    shop: WordPress, method: str, route: str, key: Key | None, body: Any = None, **given: Any
) -> requests.Response:
    """One request to our plugin's routes."""
    return requests.request(
        method, shop.url + ROUTES + route, json=body, auth=key.auth if key else None, timeout=30, **given
    )


@contextmanager
def open_counter(folder: Path, shop: str) -> Iterator[Counter]:
    """Starts the app over an empty database and makes the shop at this address one of its stores."""
    database_url = f"sqlite:///{folder / 'mostrador.db'}"
    migrate(database_url)
    values = fresh_keys() | {
        PREFIX + "DATABASE_URL": database_url, PREFIX + "ALLOW_PRIVATE_HOSTS": "yes", PREFIX + "LOG_LEVEL": "WARNING",
        PREFIX + "INSTALLS": "open",
    }  # fmt: skip
    with BaseServer(values) as server:
        house = build_house(server.settings)
        with house.db.transaction(ALL, "the shop of a test") as tx:
            access = StoreAccess(
                domain=urlsplit(shop).netloc, name="Barro y Sol", credentials={}, locale="es", currency="COP",
                time_zone="America/Bogota",
            )  # fmt: skip
            row = connect(
                tx, "woocommerce", access, datetime.now(UTC) - timedelta(days=1), webhook_secret=SECRET
            )
            row.live_at, row.origins, row.answers = datetime.now(UTC), [shop], EXAMPLE_ANSWERS
            row.accent = "#0b57d0"
            tx.flush()
        try:
            yield Counter(server, house, row)
        finally:
            house.db.close()
