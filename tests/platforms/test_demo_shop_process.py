"""The demo shop as a real process: it starts, says where it is, remembers, and leaves nothing behind.

`OpenShop` and `Receiver` are what the other tests of the demo shop use.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from adapters.demo import DemoAdapter
from plugin.contract import HookRequest, Order, OrderChanged, Store, SystemClock, Urls, WebhookDelivery
from plugin.http import GuardedHttp

TOKEN = "the-token-of-this-test"
SECRET = "the-webhook-secret-of-this-test"
PATIENCE_SECONDS = 20.0


class OpenShop:
    """A running shop and the ways into it: JSON API, forms, adapter. `process`: where it has one of its own."""

    def __init__(self, addresses: dict[str, Any], process: subprocess.Popen[str] | None = None) -> None:
        self.url, self.addresses, self.process = addresses["shop"], addresses, process
        self.session = requests.Session()
        self.session.trust_env = False
        self.adapter = DemoAdapter({"SHOP_URL": self.url}, GuardedHttp(allow_private_hosts=True), SystemClock())
        self.store = Store(
            public_id="st_test", platform="demo", domain=urlsplit(self.url).netloc, webhook_secret=SECRET,
            credentials={"url": self.url, "token": TOKEN},
        )

    def call(self, method: str, path: str, payload: Any = None, token: str = TOKEN) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.session.request(method, self.url + path, json=payload, headers=headers, timeout=10)

    def ask(self, method: str, path: str, payload: Any = None) -> Any:
        answer = self.call(method, path, payload)
        assert answer.ok, answer.text
        return answer.json()

    def place(self, **wish: Any) -> Any:
        return self.ask("POST", "/api/orders", {
            "lines": [{"product": "taza-sol", "quantity": 2}], "email": "ana@example.com", **wish,
        })

    def act(self, order: Any, action: str, **params: Any) -> Any:
        return self.ask("POST", f"/api/orders/{order['id']}/{action}", params)

    def urls(self, receiver: Receiver) -> Urls:
        return Urls(webhook=receiver.url, install_callback=f"{receiver.origin}/install/demo/callback",
                    widget_loader=f"{receiver.origin}/widget/loader.js", desk=f"{receiver.origin}/desk")

    def connect(self, receiver: Receiver) -> None:
        """Connected by the adapter itself; the greeting is waited for and forgotten."""
        self.adapter.set_up(self.store, self.urls(receiver))
        receiver.wait_for(1)
        receiver.clear()

    def rest(self) -> dict[str, Any]:
        """Waits until no webhook waits; the counts."""
        return wait_until(lambda: counts if (counts := self.ask("GET", "/api/idle"))["idle"] else None)


class Receiver:
    """Takes webhooks over HTTP and keeps them as they came; `answers` are the statuses given first."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(owner.answers.pop(0) if owner.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.url = f"{self.origin}/hooks/demo/key"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def wait_for(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        wait_until(lambda: len(self.requests) >= count or None)
        return self.requests

    def clear(self) -> None:
        self.requests.clear()

    def deliveries(self, shop: OpenShop) -> list[WebhookDelivery]:
        """What came, verified by the adapter, in order."""
        found = []
        for headers, body in self.requests:
            delivery = shop.adapter.read_webhook(HookRequest(hook_key="key", headers=headers, body=body))
            assert isinstance(delivery, WebhookDelivery)
            shop.adapter.verify_webhook(delivery, shop.store)
            found.append(delivery)
        return found

    def orders(self, shop: OpenShop) -> list[Order]:
        """The orders which the deliveries carried, in order."""
        events = [event for one in self.deliveries(shop) for event in shop.adapter.parse_webhook(one)]
        return [event.order for event in events if isinstance(event, OrderChanged)]


def wait_until(look: Callable[[], Any]) -> Any:
    """What `look` gives once it gives something; a test that waits too long fails."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        found = look()
        if found is not None:
            return found
        time.sleep(0.02)
    raise AssertionError("Nothing happened in time.")


@contextmanager
def open_shop(*words: str) -> Iterator[OpenShop]:
    process = subprocess.Popen(
        [sys.executable, "-m", "adapters.demo.shop", "--token", TOKEN, *words], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield OpenShop(json.loads(process.stdout.readline()), process)
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def shop() -> Iterator[OpenShop]:
    with open_shop("--no-mailbox") as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


def is_gone(pid: int) -> bool:
    """Whether the process has ended; one that ended and is not yet collected counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_it_says_where_it_is_in_one_line_and_listens_on_this_machine_only():
    with open_shop() as shop:
        assert set(shop.addresses) == {"shop", "admin", "mailbox", "smtp"}
        assert {urlsplit(address).hostname for address in shop.addresses.values()} == {"127.0.0.1"}
        assert len({urlsplit(address).port for address in shop.addresses.values()}) == 3
        for name in ("shop", "mailbox"):
            assert shop.session.get(shop.addresses[name], timeout=10).status_code == 200
        assert TOKEN not in json.dumps(shop.addresses)


def test_without_a_mailbox_it_opens_none(shop):
    assert (shop.addresses["mailbox"], shop.addresses["smtp"]) == (None, None)


def test_it_ends_cleanly_on_sigterm(shop):
    shop.process.send_signal(signal.SIGTERM)
    assert shop.process.wait(PATIENCE_SECONDS) == 0
    assert shop.process.stdout.read() == ""


def test_it_ends_when_its_parent_dies(tmp_path):
    script = (
        "import subprocess, sys, time\n"
        f"shop = subprocess.Popen([sys.executable, '-m', 'adapters.demo.shop', '--token', 't',"
        f" '--data', {str(tmp_path)!r}], stdout=subprocess.PIPE, text=True)\n"
        "print(shop.pid, shop.stdout.readline(), flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid_word, _, line = parent.stdout.readline().partition(" ")
    assert not is_gone(int(pid_word))
    assert json.loads(line)["shop"]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: is_gone(int(pid_word)) or None)


def test_a_second_start_finds_orders_connection_and_address_again(tmp_path, receiver):
    with open_shop("--data", str(tmp_path)) as shop:
        shop.connect(receiver)
        first, order = shop.addresses, shop.place()
    with open_shop("--data", str(tmp_path)) as shop:
        assert {**shop.addresses, "admin": ""} == {**first, "admin": ""}
        assert shop.ask("GET", f"/api/orders/{order['id']}") == order
        assert shop.ask("GET", "/api/connection")["hook_url"] == receiver.url
        assert shop.place()["number"] == "BS-1002"


def test_a_webhook_that_waits_is_sent_after_a_restart(tmp_path, receiver):
    with open_shop("--data", str(tmp_path), "--no-mailbox") as shop:
        shop.connect(receiver)
        shop.ask("POST", "/api/misbehave", {"delay_seconds": 3600})
        order = shop.place()
        assert shop.ask("GET", "/api/idle")["waiting"] == 1
        os.kill(shop.process.pid, signal.SIGKILL)
        shop.process.wait()
    make_due(tmp_path)
    with open_shop("--data", str(tmp_path), "--no-mailbox") as shop:
        shop.rest()
        assert [one.external_id for one in receiver.orders(shop)] == [order["id"]]


def make_due(folder: Path) -> None:
    """The hour has passed, as far as the shop's database is concerned."""
    with sqlite3.connect(folder / "shop.db") as rows:
        assert rows.execute("update deliveries set due_at = 0 where state = 'waiting'").rowcount == 1
    rows.close()


def test_it_refuses_to_start_without_a_token():
    run = subprocess.run([sys.executable, "-m", "adapters.demo.shop"], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "--token" in run.stderr
