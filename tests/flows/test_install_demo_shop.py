"""A merchant connects a real shop process: agrees there, comes back, and the first order arrives."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from werkzeug.serving import WSGIRequestHandler, make_server

from plugin.agents import create_agent, get_role
from plugin.app import House, build_house
from plugin.contract import Capability, SystemClock
from plugin.database import ALL
from plugin.notices import read_ledger
from plugin.orders import count_receipts, list_orders
from plugin.stores import StoreRow, list_stores
from plugin.stores.install import install_link, mint_install_ticket
from plugin.testing.factories import make_settings

TOKEN = "the-token-of-this-shop"
PATIENCE_SECONDS = 30.0


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


@contextmanager
def open_shop(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "adapters.demo.shop", "--token", TOKEN, "--data", str(folder), "--no-mailbox"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["shop"]
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def open_counter(database_url: str, shop: str) -> Iterator[House]:
    """The counter on a port of its own, its jobs running."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings = make_settings(
            database_url, base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", allow_private_hosts="yes",
            demo_shop_url=shop,
        )  # fmt: skip
        house = build_house(settings, SystemClock())
        server = make_server(
            "127.0.0.1", 0, house.web(), threaded=True, request_handler=Quiet, fd=listening.fileno()
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        house.start()
        try:
            yield house
        finally:
            server.shutdown()
            thread.join(10)
            house.stop()


@pytest.fixture
def places(database_url: str, tmp_path: Path) -> Iterator[tuple[House, str]]:
    with ExitStack() as stack:
        shop = stack.enter_context(open_shop(tmp_path / "shop"))
        yield stack.enter_context(open_counter(database_url, shop)), shop


def wait_until(happened: Callable[[], Any]) -> Any:
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not (found := happened()):
        assert time.monotonic() < ends_at, "It did not happen."
        time.sleep(0.05)
    return found


def stores(house: House) -> list[StoreRow]:
    with house.db.reading(ALL, "look at the stores") as tx:
        return list(list_stores(tx))


def agree(browser: requests.Session, sent: requests.Response) -> str:
    """What the merchant does at the shop; gives where the shop sends them back to."""
    assert sent.status_code == 303
    page = browser.get(sent.headers["Location"], timeout=10)
    form = dict(re.findall(r'name="(state|callback)" value="([^"]+)"', page.text))
    agreed = browser.post(
        sent.headers["Location"].partition("?")[0], data={**form, "token": TOKEN}, timeout=10, allow_redirects=False
    )
    assert agreed.status_code == 303
    return agreed.headers["Location"]


def begin(browser: requests.Session, house: House, agent_id: int | None = None) -> requests.Response:
    settings = house.doors.settings
    ticket = mint_install_ticket(settings, agent_id=agent_id)
    page = browser.get(install_link(settings, "demo", ticket), timeout=10)
    assert page.status_code == 200 and "Conecta tu tienda Demo shop" in page.text
    assert f'name="ticket" value="{ticket}"' in page.text
    return browser.post(
        f"{settings.base_url}/install/demo", data={"ticket": ticket}, timeout=10, allow_redirects=False
    )


def test_a_shop_is_connected_set_up_and_its_first_order_arrives(places: tuple[House, str]) -> None:
    house, shop = places
    browser = requests.Session()
    browser.trust_env = False
    with house.db.transaction(ALL, "an owner") as tx:
        owner = create_agent(tx, "ana@example.com", "Ana", "es").id
    callback = agree(browser, begin(browser, house, owner))
    assert callback.startswith(f"{house.doors.settings.base_url}/install/demo/callback?")
    done = browser.get(callback, timeout=20)
    assert done.status_code == 200 and done.url.endswith("/install/demo/connected")
    assert "Barro y Sol está conectada" in done.text and "state=" not in done.url
    [store] = stores(house)
    assert f'href="{house.doors.settings.base_url}/desk/{store.public_id}/"' in done.text
    assert (store.status, store.live_at) == ("connected", None)
    with house.db.reading(ALL, "who owns it") as tx:
        assert get_role(tx, store.id, owner) == "owner"

    def ask(path: str) -> Any:
        return requests.get(shop + path, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10).json()

    connection = wait_until(lambda: (told := ask("/api/connection"))["connected"] and told)
    base = house.doors.settings.base_url
    assert connection["hook_url"] == f"{base}/hooks/demo/{store.hook_key}"
    assert connection["widget"] == {"loader": f"{base}/widget/loader.js", "store": store.public_id, "api": base}
    front = requests.get(f"{shop}/es/", timeout=10).text
    assert f'src="{base}/widget/loader.js"' in front and f'data-store="{store.public_id}"' in front
    found = wait_until(lambda: stores(house)[0].capabilities)
    assert found == sorted(one.value for one in house.doors.registry.get("demo").capabilities)
    assert stores(house)[0].trouble is None and Capability.WEBHOOKS.value in found

    placed = requests.post(
        f"{shop}/api/orders", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10,
        json={"lines": [{"product": "taza-sol", "quantity": 1}], "email": "alma@example.com"},
    ).json()  # fmt: skip

    def applied() -> bool:
        with house.db.reading(store.id) as tx:
            return bool(list_orders(tx, store.id)) and not count_receipts(tx, store.id).get("unapplied")

    wait_until(applied)
    with house.db.reading(store.id) as tx:
        [order] = list_orders(tx, store.id)
        assert order.external_id == placed["id"] and count_receipts(tx, store.id)["applied"] >= 1
        assert [line for line in read_ledger(tx, order) if line.sent] == []


def test_a_state_is_good_once_and_a_ticket_for_one_shop(places: tuple[House, str]) -> None:
    house, _ = places
    browser = requests.Session()
    browser.trust_env = False
    sent = begin(browser, house)
    callback = agree(browser, sent)
    assert browser.get(callback, timeout=20).status_code == 200
    again = browser.get(callback, timeout=20)
    assert again.status_code == 400 and "Esta conexión ya terminó" in again.text
    assert len(stores(house)) == 1
    # The same ticket begins nothing any more.
    assert sent.request.body is not None
    spent = browser.post(f"{house.doors.settings.base_url}/install/demo", data=sent.request.body, timeout=10,
                         headers={"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert spent.status_code == 403 and "mostrador stores connect demo" in spent.text


def test_connecting_again_keeps_the_store_and_its_address(places: tuple[House, str]) -> None:
    house, _ = places
    for _round in range(2):
        browser = requests.Session()
        browser.trust_env = False
        assert browser.get(agree(browser, begin(browser, house)), timeout=20).status_code == 200
    [store] = stores(house)
    assert store.status == "connected" and store.live_at is None


def test_another_browser_cannot_end_what_this_one_began(places: tuple[House, str]) -> None:
    house, _ = places
    mine, foreign = requests.Session(), requests.Session()
    mine.trust_env = foreign.trust_env = False
    callback = agree(mine, begin(mine, house))
    assert foreign.get(callback, timeout=20).status_code == 400
    assert stores(house) == []
    # Nor is the state used up by the stranger.
    assert mine.get(callback, timeout=20).status_code == 200


def test_a_code_the_shop_does_not_know_connects_nothing_and_says_why(places: tuple[House, str]) -> None:
    house, _ = places
    browser = requests.Session()
    browser.trust_env = False
    callback = agree(browser, begin(browser, house))
    refused = browser.get(re.sub(r"code=[^&]+", "code=wrong", callback), timeout=20)
    assert refused.status_code == 422 and "no aceptó el código" in refused.text
    assert TOKEN not in refused.text and stores(house) == []
