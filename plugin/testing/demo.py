"""The demo: the counter as it is really served, beside a demo shop with a mailbox, each in its own process.

`open_demo` starts both, connects the shop through its own install page and switches the store live; what it
yields says where everything is. `run_demo` is `mostrador demo`; `plugin.testing.story` plays on top of it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

import requests

from plugin.agents import add_membership, create_agent, find_agent, mint_sign_in_link
from plugin.app import House, build_house
from plugin.contract import WebRequest
from plugin.database import ALL, migrate
from plugin.language import find_zone
from plugin.settings import FILE_NAME, PREFIX, Settings, fresh_keys, load_settings, write_settings
from plugin.stores import StoreRow, as_contract, connect, get_store, note_set_up, store_urls
from plugin.stores.contact import set_contact
from plugin.stores.hours import is_told, read_week, set_hours
from plugin.testing.demo_answers import ACCENT, ANSWERS, CONTACT, WEEK, list_days
from plugin.testing.servers import find_free_port

ADAPTER = "demo"
START_SECONDS = 30.0
OWNER = ("ana@example.com", "Ana", "es")


class DemoError(Exception):
    """The demo could not be started; the message says why."""


@dataclass(frozen=True)
class Demo:
    """Where everything is. `token` opens the shop's own interface; `store_id` is the row id."""

    counter: str
    shop: str
    admin: str
    mailbox: str
    token: str
    store: str
    store_id: int
    sign_in: str
    settings: Settings

    @property
    def help_hub(self) -> str:
        return f"{self.counter}/help/{self.store}/es/"

    @property
    def desk(self) -> str:
        return f"{self.counter}/desk/{self.store}/"


@contextmanager
def open_demo(data: Path, port: int = 0, **pace: int) -> Iterator[Demo]:
    """Starts everything in `data` (kept for the next time); ends it on leaving. `pace`: store columns such as
    `settle_seconds` and `hold_seconds`. Raises `DemoError`."""
    data.mkdir(parents=True, exist_ok=True)
    port = port or find_free_port()
    base_url = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        if not (data / FILE_NAME).exists():
            write_settings(data, fresh_keys() | {PREFIX + "DEMO_TOKEN": fresh_keys()[PREFIX + "INDEX_KEY"]})
        token = load_settings(data, {}).adapter_values(ADAPTER)["token"]
        shop = _start_shop(stack, data, token)
        settings = load_settings(data, _environment(data, base_url, port, shop))
        migrate(settings.database_url)
        _start_counter(stack, data, settings)
        house = build_house(settings)
        stack.callback(house.db.close)
        store_id = _connect(house, shop["shop"], token)
        store, sign_in = _prepare(house, store_id, pace)
        yield Demo(
            counter=base_url,
            shop=shop["shop"],
            admin=shop["admin"],
            mailbox=shop["mailbox"],
            token=token,
            store=store.public_id,
            store_id=store_id,
            sign_in=f"{base_url}/sign-in/{sign_in}",
            settings=settings,
        )


def _environment(data: Path, base_url: str, port: int, shop: dict[str, str]) -> dict[str, str]:
    return {
        PREFIX + "DATABASE_URL": f"sqlite:///{(data / 'mostrador.db').resolve()}",
        PREFIX + "BASE_URL": base_url,
        PREFIX + "PORT": str(port),
        PREFIX + "SMTP_URL": shop["smtp"],
        PREFIX + "MAIL_FROM": "counter@barro-y-sol.example",
        PREFIX + "ALLOW_PRIVATE_HOSTS": "yes",
        PREFIX + "DEMO_SHOP_URL": shop["shop"],
        PREFIX + "SETTINGS": str((data / FILE_NAME).resolve()),
        PREFIX + "LOG_LEVEL": "WARNING",
    }


def _start_shop(stack: ExitStack, data: Path, token: str) -> dict[str, str]:
    """The shop's process; it ends with ours."""
    command = [
        sys.executable,
        "-m",
        "adapters.demo.shop",
        "--port",
        "0",
        "--data",
        str((data / "shop").resolve()),
    ]
    environment = {**os.environ, "DEMO_SHOP_TOKEN": token}
    log = stack.enter_context((data / "shop.log").open("w"))
    process = _start(stack, command, environment, subprocess.PIPE, log)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise DemoError(f"The demo shop did not start: {_tail(data / 'shop.log')}")
    where: dict[str, str] = json.loads(line)
    return where


def _start_counter(stack: ExitStack, data: Path, settings: Settings) -> None:
    """The server's process, with the settings as its environment."""
    environment = {**os.environ, **settings.environment}
    log = stack.enter_context((data / "counter.log").open("w"))
    process = _start(stack, [sys.executable, "-m", "plugin.serve"], environment, log, log)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise DemoError(f"The counter did not start: {_tail(data / 'counter.log')}")
        try:
            if requests.get(f"{settings.base_url}/readyz", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.05)
    raise DemoError(f"The counter did not answer in {START_SECONDS:.0f} s: {_tail(data / 'counter.log')}")


def _start(
    stack: ExitStack, command: list[str], environment: dict[str, str], out: int | IO[str], err: IO[str]
) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        command, env=environment, stdout=out, stderr=err, text=True, start_new_session=True
    )
    stack.callback(_end, process)
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(25)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def _tail(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")[-1500:].strip() or "it said nothing"


def _connect(house: House, shop: str, token: str) -> int:
    """What a merchant does: open the shop's page, agree, come back with a one-time code."""
    adapter, here = house.doors.registry.get(ADAPTER), house.doors.settings.base_url
    agreed = requests.post(
        f"{shop}/connect",
        data={"state": "demo", "callback": f"{here}/install/{ADAPTER}/callback"},
        headers={"Authorization": f"Bearer {token}"},
        allow_redirects=False,
        timeout=10,
    )
    query = dict(parse_qsl(urlsplit(agreed.headers.get("Location", "")).query))
    access = adapter.finish_install(WebRequest(method="GET", path="", query=query, headers={}))
    with house.db.transaction(ALL, "connect the demo shop") as tx:
        row = connect(tx, ADAPTER, access, house.doors.clock.now())
        store, urls = as_contract(row), store_urls(row, here)
    report = adapter.set_up(store, urls)
    with house.db.transaction(row.id) as tx:
        note_set_up(get_store(tx, row.id), report.capabilities, adapter.platform_mails(store))
    return row.id


def _prepare(house: House, store_id: int, pace: dict[str, int]) -> tuple[StoreRow, str]:
    """Live, with answers in the articles and an owner who can sign in once."""
    now = house.doors.clock.now()
    with house.db.transaction(ALL, "prepare the demo store") as tx:
        row = get_store(tx, store_id)
        row.live_at, row.mail_mode = row.live_at or now, "all"
        if not row.answers:
            row.answers, row.accent = {locale: dict(words) for locale, words in ANSWERS.items()}, ACCENT
        if not row.contact:
            set_contact(row, **CONTACT)
        if not is_told(row) or read_week(row) == WEEK:
            # Told anew at each start, unless somebody changed the week: the days that are open all day move on.
            set_hours(row, WEEK, list_days(now.astimezone(find_zone(row.time_zone)).date()))
        for column, seconds in pace.items():
            setattr(row, column, seconds)
        agent = find_agent(tx, OWNER[0]) or create_agent(tx, *OWNER)
        add_membership(tx, store_id, agent.id, "owner")
        return row, mint_sign_in_link(tx, agent.id, now)


def run_demo(data: Path, port: int, echo: Callable[[str], Any]) -> None:
    """`mostrador demo`: starts, prints the addresses, waits for Ctrl-C."""
    if not _is_free(port):
        taken, port = port, find_free_port()
        echo(f"Port {taken} is taken; the counter uses {port}.")
    echo("Starting the counter and the demo shop …")
    # From the first moment: whoever ends us while we start must not leave our processes behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with open_demo(data, port, settle_seconds=3, hold_seconds=60) as demo:
            for label, url in (
                ("Shop", f"{demo.shop}/es/"),
                ("Shop's back room", demo.admin),
                ("Mailbox", demo.mailbox),
                ("Help hub", demo.help_hub),
                ("Desk", demo.desk),
                ("Sign in once", demo.sign_in),
            ):
                echo(f"  {label:17} {url}")
            echo("Buy something, then look at the mailbox. Ctrl-C ends it.")
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        echo("Closed.")
    except DemoError as error:
        raise SystemExit(f"Error: {error}") from None


def _is_free(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
