"""`kill -9` of the real server while jobs are in hands: what was answered 200 is there, and is worked off at once."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller

from plugin.app import build_house
from plugin.orders import count_receipts, list_orders
from plugin.settings import PREFIX, fresh_keys
from plugin.testing.factories import make_store
from plugin.testing.processes import AppServer
from plugin.testing.servers import find_free_port

DELIVERIES = Path(__file__).parents[1] / "data" / "woocommerce" / "deliveries"
SECRET = "the-secret-of-this-shop"
ORDERS = 60
HANDS = 4


class SlowMailbox:
    """Takes its time over every mail, so that mails are in hands whenever somebody looks."""

    def __init__(self) -> None:
        self.message_ids: list[str] = []
        self.in_hands = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.in_hands += 1
        try:
            head = envelope.content.decode("utf-8", "replace").partition("\r\n\r\n")[0]
            (found,) = [line for line in head.splitlines() if line.startswith("Message-ID:")]
            self.message_ids.append(found.partition(": ")[2])
            await asyncio.sleep(
                0.1
            )  # accepted, and the answer not given yet: here a death makes a second copy
        finally:
            self.in_hands -= 1
        return "250 taken"


@pytest.fixture
def mailbox() -> Iterator[tuple[SlowMailbox, str]]:
    taker = SlowMailbox()
    controller = Controller(taker, hostname="127.0.0.1", port=find_free_port())
    controller.start()
    yield taker, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


def make_orders() -> list[bytes]:
    """Orders never seen before, placed now, each to an address of its own."""
    (path,) = DELIVERIES.glob("005_*.body")
    placed, now = json.loads(path.read_bytes()), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    dates = dict.fromkeys(("date_created", "date_modified", "date_created_gmt", "date_modified_gmt"), now)
    return [
        json.dumps(
            placed
            | dates
            | {"id": n, "number": str(n), "billing": placed["billing"] | {"email": f"s{n}@example.com"}}
        ).encode()
        for n in range(5000, 5000 + ORDERS)
    ]


def post_all(server: AppServer, path: str, bodies: list[bytes], answered: list[str]) -> None:
    """Posts until the server is gone; notes the orders that were answered 200."""
    sign = import_module("adapters.woocommerce").sign
    with requests.Session() as session:
        for body in bodies:
            headers = {"X-WC-Webhook-Signature": sign(body, SECRET), "X-WC-Webhook-Topic": "order.created"}
            try:
                answer = session.post(f"{server.url}{path}", data=body, headers=headers, timeout=10)
            except requests.RequestException:
                return
            if answer.status_code == 200:
                answered.append(str(json.loads(body)["id"]))


def wait_for(true: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def ask(url: str, question: str) -> int:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=5)) as file:
        return int(file.execute(question).fetchone()[0])


@pytest.mark.parametrize("mails_before", [1, 9])
def test_what_was_answered_is_told_once_though_the_server_died(
    sqlite_url: str, mailbox: tuple[SlowMailbox, str], mails_before: int
) -> None:
    taker, smtp = mailbox
    values = fresh_keys() | {PREFIX + "DATABASE_URL": sqlite_url, PREFIX + "SMTP_URL": smtp}
    server, bodies, answered = AppServer(values).start(), make_orders(), []
    try:
        house = build_house(server.settings)
        began_at = datetime.now(UTC) - timedelta(hours=1)
        store = make_store(house.db, connected_at=began_at, webhook_secret=SECRET, settle_seconds=0)
        path = f"/hooks/woocommerce/{store.hook_key}"
        sender = threading.Thread(target=post_all, args=(server, path, bodies, answered))
        sender.start()
        wait_for(lambda: len(taker.message_ids) >= mails_before and taker.in_hands > 0)
        server.kill()
        sender.join()
        assert ask(sqlite_url, "SELECT count(*) FROM outbox WHERE leased_until IS NOT NULL") > 0
        server.start()
        left = bodies[len(answered) :]
        post_all(server, path, left, answered)
        assert len(answered) == ORDERS
        # Leases last 90 seconds: whoever waited for them would not be done by then.
        wait_for(lambda: ask(sqlite_url, "SELECT count(*) FROM notices WHERE sent_at IS NOT NULL") >= ORDERS)
        wait_for(lambda: taker.in_hands == 0)
    finally:
        server.stop()
    with house.db.reading(store.id) as tx:
        assert {row.external_id for row in list_orders(tx, store.id, 1000)} == set(answered)
        counts = count_receipts(tx, store.id)
    assert "unapplied" not in counts and sum(counts.values()) >= ORDERS
    house.db.close()
    mails = Counter(taker.message_ids)
    assert len(mails) == ORDERS
    assert sum(mails.values()) - ORDERS <= HANDS
    assert (
        ask(sqlite_url, "SELECT count(DISTINCT message_id) FROM notices WHERE sent_at IS NOT NULL") == ORDERS
    )
    assert (
        ask(sqlite_url, "SELECT count(*) FROM outbox WHERE leased_until IS NOT NULL OR buried_at IS NOT NULL")
        == 0
    )
