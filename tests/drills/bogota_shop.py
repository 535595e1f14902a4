"""One day of a shop in Bogotá: pay on delivery, statuses of its own, numbers pasted from a spreadsheet at the desk.

The house is the real one, over HTTP and SMTP; only the clock is the day's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from flask.testing import FlaskClient

from plugin.agents import add_membership, create_agent, mint_sign_in_link
from plugin.database import ALL
from plugin.notices import LedgerLine, read_ledger
from plugin.orders import find_order, list_orders
from plugin.stores import StoreRow, get_store
from plugin.stores.status_words import list_status_words
from plugin.stores.wishes import go_live, set_mail_mode
from plugin.testing.clock import FrozenClock
from plugin.testing.fake_woocommerce import FakeShop, Manners, Order, serve_shop
from plugin.testing.smtp import Mailbox, open_mailbox
from plugin.testing.woocommerce_hour.counter import Counter
from plugin.testing.woocommerce_hour.passes import PassWatch

MIDNIGHT = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
"""In Bogotá, which is five hours behind UTC."""
STEP = timedelta(minutes=40)
"""Shorter than the life of a lease on the shop's mails."""
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Day:
    """A shop that is connected and live since 8:00. `now` is Bogotá's time."""

    shop: FakeShop
    counter: Counter
    mailbox: Mailbox
    desk: FlaskClient
    url: str
    orders: list[Order] = field(default_factory=list)

    def at(self, hour: int, minute: int = 0) -> None:
        """On to that time, with our rounds and the shop's cron on the way."""
        moment = MIDNIGHT + timedelta(hours=hour, minutes=minute)
        while self.counter.clock.now() < moment:
            self.tick()
            self.counter.move_to(min(self.counter.clock.now() + STEP, moment))
        self.tick()

    def tick(self) -> None:
        """The shop's cron delivers what waits, and what is decided about it is sent."""
        while self.shop.webhooks.queue:
            self.shop.webhooks.run_cron()
        self.counter.settle()
        self.counter.move_to(self.counter.clock.now() + timedelta(seconds=21))

    def buy(self, name: str, **values: object) -> Order:
        """A plugin numbers the orders, so the number is not the id."""
        number = f"BOG-{1001 + len(self.orders)}"
        order = self.shop.place_order(f"{name}@example.com", number=number, **values)
        self.orders.append(order)
        return order

    def set_status(self, status: str, *orders: Order) -> None:
        for order in orders:
            self.shop.change_status(order, status)

    def paste(self, lines: str) -> str:
        """What the desk says about the list that it wrote down."""
        shown = self.desk.post(f"{self.url}/shipments", data={"lines": lines}, headers=OURS).text
        kept = re.search(r'name="lines" value="([^"]*)"', shown)
        assert kept is not None, shown
        told = {"lines": html.unescape(kept[1]), "confirm": "1"}
        page = self.desk.post(f"{self.url}/shipments", data=told, headers=OURS).text
        self.counter.settle()
        return page

    def confirm_guesses(self) -> dict[str, str]:
        """The owner says that every guess is right. Gives the status → what it means now."""
        page = self.desk.get(f"{self.url}/statuses").text
        seen = re.findall(r'name="guess" value="([^"]+)"', page)
        self.desk.post(f"{self.url}/statuses", data={"guess": seen}, headers=OURS)
        self.counter.settle()
        with self.counter.db.reading(self.counter.store_id) as tx:
            words = list_status_words(tx, self.counter.store_id)
        return {word.raw_status: word.meaning or "" for word in words if not word.known}

    def read_mails(self, order: Order) -> list[EmailMessage]:
        """What we sent about it, in order."""
        return [mail for mail in self.mailbox.mails if mail["To"] == order.billing["email"]]

    def read_subjects(self, order: Order) -> list[str]:
        return [str(mail["Subject"]) for mail in self.read_mails(order)]

    def read_core(self, order: Order) -> list[str]:
        """What the shop itself mailed about it."""
        return [mail.mail_id for mail in self.shop.mails.sent if mail.order_id == order.id and not mail.left]

    def read_lines(self, order: Order) -> list[LedgerLine]:
        with self.counter.db.reading(self.counter.store_id) as tx:
            row = find_order(tx, self.counter.store_id, str(order.id))
            return read_ledger(tx, row) if row is not None else []

    def count_known(self) -> int:
        with self.counter.db.reading(self.counter.store_id) as tx:
            return len(list_orders(tx, self.counter.store_id, 1000))

    def read_store(self) -> StoreRow:
        return self.counter.read_store(self.counter.store_id)


@contextmanager
def open_day(folder: Path, *, plugin: bool, mode: str, older: int = 2) -> Iterator[Day]:
    """The shop with its `older` orders of last evening, connected at 8:00. `plugin`: whether WordPress has ours."""
    with ExitStack() as stack:
        mailbox = stack.enter_context(open_mailbox())
        clock = FrozenClock(MIDNIGHT - timedelta(hours=3))
        manners = Manners(decimals=0, plugin_installed=plugin, shuffles=True)
        server = stack.enter_context(serve_shop(clock=clock, seed=7, manners=manners))
        shop = server.shop
        counter = Counter(folder, clock, mailbox.url, watch=PassWatch(shop))
        stack.callback(counter.stop)
        early = [shop.place_order(f"ayer{n}@example.com", number=f"BOG-{1001 + n}") for n in range(older)]
        clock.move_to(MIDNIGHT + timedelta(hours=8))
        counter.start()
        key = shop.add_key(description="Mostrador")
        counter.connect(server.url, key.consumer_key, key.consumer_secret, {})
        with counter.db.transaction(counter.store_id) as tx:
            row = get_store(tx, counter.store_id)
            row.live_at, row.mail_mode, row.hold_seconds = None, "extra_only", 4 * 3600
        desk = sign_in(counter)
        open_the_mails(counter, mode)
        yield Day(shop, counter, mailbox, desk, f"/desk/{row.public_id}", early)


def open_the_mails(counter: Counter, mode: str) -> None:
    """The owner chooses who mails what, and goes live."""
    now = counter.clock.now()
    with counter.db.transaction(counter.store_id) as tx:
        row = get_store(tx, counter.store_id)
        set_mail_mode(row, mode, now)
        go_live(row, now)
    counter.settle()


def sign_in(counter: Counter) -> FlaskClient:
    assert counter.house is not None
    now = counter.clock.now()
    with counter.db.transaction(ALL, "the owner of the shop") as tx:
        agent = create_agent(tx, "olga@example.com", "Olga", "es", now)
        add_membership(tx, counter.store_id, agent.id, "owner", now)
        link = mint_sign_in_link(tx, agent.id, now)
    browser = counter.house.web().test_client()
    assert browser.post("/sign-in/enter", data={"token": link}, headers=OURS).status_code == 303
    return browser
