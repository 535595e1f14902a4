"""A shop that is connected as merchants do it: the fake WooCommerce and a whole counter, both over https, a mail server
and a browser between them. The shop is ``localhost`` and the counter ``127.0.0.1``: two sites, as in life."""

from __future__ import annotations

import logging
import re
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from plugin.app import House, build_house
from plugin.database import ALL
from plugin.stores import StoreRow, list_stores
from plugin.testing.factories import make_settings
from plugin.testing.fake_woocommerce import FakeServer, FakeShop, Manners, serve_shop
from plugin.testing.fake_woocommerce.server import make_certificate
from plugin.testing.servers import find_free_port
from plugin.testing.smtp import Mailbox, open_mailbox

PATIENCE = 20.0
"""Seconds that anything may take before it is missed."""
WIDE: dict[str, Any] = {"viewport": {"width": 1200, "height": 900}, "locale": "es-CO", "ignore_https_errors": True}
WORDPRESS_FIELDS = {"log": "admin", "pwd": "password"}


@dataclass
class Scene:
    """`faults`: whatever a page of ours complained about."""

    shop: FakeShop
    counter: House
    base: str
    url: str
    mailbox: Mailbox
    asked: list[tuple[str, str]]
    faults: list[str] = field(default_factory=list)

    @property
    def stores(self) -> list[StoreRow]:
        with self.counter.db.reading(ALL, "look at the stores") as tx:
            return list(list_stores(tx))

    def open(self, browser: Browser) -> BrowserContext:
        """A merchant's browser that trusts these throw-away certificates."""
        context = browser.new_context(**WIDE)
        context.set_default_timeout(PATIENCE * 1000)
        context.on("console", lambda said: self._note(said.page, said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: self._note(error.page, str(error.error)))
        return context

    def _note(self, page: Page | None, words: str) -> None:
        # The browser calls every answer from 400 on an error, also those that are a page with words.
        if page is not None and page.url.startswith(self.base) and "status of 4" not in words:
            self.faults.append(words)

    def begin(self, page: Page) -> str:
        """What the WordPress plugin's Connect opens, and the button there: on to the shop. Gives the state."""
        page.goto(f"{self.base}/install/woocommerce?shop={self.url}")
        expect(page.get_by_label("La dirección de tu tienda")).to_have_value(self.url)
        page.get_by_role("button", name="Conectar", exact=True).click()
        page.wait_for_url(f"{self.url}/wc-auth/**")
        return parse_qs(urlsplit(page.url).query)["user_id"][0]

    def log_in(self, page: Page) -> None:
        """The shop asks who is there."""
        page.get_by_label("Username or email address").fill(WORDPRESS_FIELDS["log"])
        page.get_by_label("Password").fill(WORDPRESS_FIELDS["pwd"])
        page.get_by_role("button", name="Login").click()
        expect(page.get_by_role("link", name="Approve")).to_be_visible()

    def connect(self, page: Page) -> None:
        """All of it, up to the desk of the connected shop."""
        self.begin(page)
        self.log_in(page)
        page.get_by_role("link", name="Approve").click()
        page.wait_for_url(f"{self.base}/install/woocommerce/connected")
        self.pick(page)
        self.sign_in(page)
        self.settle()

    def pick(self, page: Page) -> None:
        """The link is to go to the first of the shop's staff."""
        page.get_by_role("button", name="Enviar el enlace").click()
        page.wait_for_url("**/connected?mailed=1")

    def sign_in(self, page: Page) -> None:
        """By the link in the newest mail."""
        page.goto(self.read_link())
        page.get_by_role("button").first.click()
        page.wait_for_url(f"{self.base}/desk/{self.stores[0].public_id}/")

    def read_link(self) -> str:
        """The sign-in link in the newest mail, as it came over SMTP."""
        wait(lambda: bool(self.mailbox.mails), "a mail")
        text = self.mailbox.mails[-1].get_body(("plain",))
        assert text is not None
        [link] = re.findall(rf"{re.escape(self.base)}/sign-in/\S+", str(text.get_content()))
        return str(link)

    def settle(self) -> None:
        """Until the jobs of a new shop are done: hooks, first reconcile, the doctor."""
        wait(lambda: self.stores[0].reconciled_at is not None and self.stores[0].examined_at is not None, "a set-up")

    def post_keys(self, state: str, **values: str) -> int:
        """What anybody may post who knows a state."""
        body = {"user_id": state, "consumer_key": "ck_" + "0" * 40, "consumer_secret": "cs_" + "0" * 40,
                "key_id": 9, "key_permissions": "read_write"} | values  # fmt: skip
        return requests.post(
            f"{self.base}/install/woocommerce/callback", json=body, verify=False, timeout=PATIENCE
        ).status_code


def wait(done: Any, what: str) -> None:
    """Until `done` is true."""
    ends_at = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < ends_at, f"{what} did not come"
        time.sleep(0.05)


@contextmanager
def open_scene(folder: Path, database_url: str) -> Iterator[Scene]:
    """Nothing in it is faked but the shop."""
    port, manners = find_free_port(), Manners(plugin_installed=True)
    base = f"https://127.0.0.1:{port}"
    with serve_shop(https=True, host="localhost", manners=manners) as served, open_mailbox() as mailbox:
        house = _build(database_url, base, mailbox, served)
        house.start()
        try:
            with _serve(house, port, make_certificate(folder)):
                yield Scene(served.shop, house, base, served.url, mailbox, served.application.requests)
        finally:
            house.stop()


def _build(database_url: str, base: str, mailbox: Mailbox, served: FakeServer) -> House:
    settings = make_settings(
        database_url, base_url=base, smtp_url=mailbox.url, allow_private_hosts="yes", mail_from="counter@care.example",
        ca_bundle=served.certificate,
    )  # fmt: skip
    return build_house(settings)


@contextmanager
def _serve(house: House, port: int, certificate: Path) -> Iterator[None]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    server = make_server("127.0.0.1", port, house.web(), threaded=True, ssl_context=tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        house.doors.hub.close()
        server.shutdown()
        server.server_close()
        thread.join(10)
