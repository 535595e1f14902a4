"""A WooCommerce shop that no longer lets us in: the store is parked, and each owner hears of it once."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_house import Counter, open_counter

from plugin.contract import Capability
from plugin.database import ALL
from plugin.orders import list_orders, reconcile_all
from plugin.stores import StoreRow, get_store
from plugin.testing.fake_woocommerce import FakeServer, serve_shop


@pytest.fixture
def counter(tmp_path: Path, database_url: str) -> Iterator[Counter]:
    with open_counter(tmp_path, database_url, allow_private_hosts=True) as opened:
        yield opened


def connect(counter: Counter, server: FakeServer) -> StoreRow:
    server.application.access.wall = lambda: counter.clock.now().timestamp()
    key = server.shop.add_key()
    return counter.add_store(
        server.url.partition("://")[2], platform="woocommerce",
        capabilities=[Capability.READ_ORDERS.value, Capability.BACKFILL.value, Capability.WEBHOOKS.value],
        credentials={
            "url": server.url, "home": server.url, "auth": "oauth", "consumer_key": key.consumer_key,
            "consumer_secret": key.consumer_secret,
        },
    )  # fmt: skip


def pass_by(counter: Counter, times: int = 1) -> None:
    for _ in range(times):
        counter.clock.advance(600)
        reconcile_all(counter.db, counter.clock)
        counter.run_jobs()


def test_woocommerce_rest_cannot_view_parks_the_store_with_one_alert(counter: Counter) -> None:
    with serve_shop(clock=counter.clock) as server:
        store = connect(counter, server)
        counter.add_agent("Ana", store, locale="es")
        server.shop.open_draft("draft@example.com")
        order = server.shop.place_order()
        pass_by(counter)
        with counter.db.reading(store.id) as tx:
            assert [row.external_id for row in list_orders(tx, store.id, 9)] == [str(order.id)], "no draft is taken"
        server.shop.users[1].role = "customer"
        pass_by(counter, times=4)
    with counter.db.reading(ALL, "the store") as tx:
        row = get_store(tx, store.id)
    assert row.status == "parked" and row.trouble_told_at is not None
    [alert] = [raw for raw, _, to in counter.taken.mails if to == "ana@example.com"]
    mail = email.message_from_bytes(alert, policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    told = " ".join(body.get_content().split())
    assert "Hazlo de nuevo administrador o gestor de la tienda" in told and "woocommerce_rest_cannot_view" in told
