"""The shopper's mailbox for codes, and a platform that knows orders which nobody told us about."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, ClassVar

from widget_shop import Page, Shop

from plugin.care import Post, send_code
from plugin.care.codes import ASIDE
from plugin.contract import (
    Capability,
    Form,
    InstallRejected,
    InstallReport,
    Order,
    PlatformDown,
    Store,
    StoreAccess,
    StoreAdapter,
    Surface,
    Urls,
    WebRequest,
)
from plugin.database import ALL
from plugin.mail import MailDelayed
from plugin.stores import StoreRow
from plugin.work import claim

CODE = re.compile(r"^(\d{6})$", re.MULTILINE)


GONE = {"code": 422, "status": "Unprocessable Content", "left": 0}
"""What is told of a code that opens nothing any more, beside the words."""


def wrong(code: str) -> str:
    """Six digits that are not the code."""
    return f"{(int(code) + 1) % 10**6:06d}"


class Mailbox:
    """Takes the mails of a shop's codes. `away`: its server does not answer."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.away = shop, False
        self.taken: list[tuple[str, EmailMessage]] = []
        post = Post(self, "Counter <counter@mostrador.example>")
        kinds: Any = shop.house.kinds
        kinds["care.code"] = lambda job: send_code(shop.care, post, job)

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        assert sender == "counter@mostrador.example"
        if self.away:
            raise MailDelayed("the mail server is away")
        mail = message_from_bytes(message, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append((recipient, mail))

    def work(self) -> None:
        """A moment later, does what is due."""
        clock: Any = self.shop.house.doors.clock
        clock.advance(ASIDE)
        for _ in range(20):
            with self.shop.house.db.transaction(ALL, "due jobs") as tx:
                jobs = claim(tx, self.shop.house.doors.clock.now(), 50)
            for job in jobs:
                self.shop.house.engine.run(job)
            if not jobs:
                return

    def text(self, place: int = -1) -> str:
        body = self.taken[place][1].get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")

    def code(self, place: int = -1) -> str:
        (found,) = CODE.findall(self.text(place))
        return str(found)


def ask(page: Page, number: str = "1001", email: str = "alma@example.com", **more: Any) -> Any:
    """Asks for a code; gives the answer."""
    return page.post("/stores/{store}/order/code", {"number": number, "email": email, "locale": "es", **more})


def check(page: Page, handle: str, code: str, **more: Any) -> Any:
    """Brings a code; a token that comes back is kept."""
    body = {
        "handle": handle,
        "code": code,
        "locale": "es",
        "client_id": "00000000-0000-4000-8000-000000000001",
    }
    answer = page.post("/stores/{store}/order/code/check", body | more)
    if answer.status_code == 200 and answer.json["token"]:
        page.token = answer.json["token"]
    return answer


class Ledger(StoreAdapter):
    """A platform with orders by number. What it was asked is in `asked`; `down`: it does not answer."""

    name = "ledger"
    label = "Ledger"
    capabilities = frozenset({Capability.READ_ORDERS})
    orders: ClassVar[dict[str, Order]] = {}
    asked: ClassVar[list[str]] = []
    down: ClassVar[bool] = False

    def begin_install(self, request: WebRequest, urls: Urls, state: str) -> Form:
        return Form(fields=())

    def finish_install(self, callback: WebRequest) -> StoreAccess:
        raise InstallRejected()

    def set_up(self, store: Store, urls: Urls) -> InstallReport:
        return InstallReport()

    def surfaces(self, store: Store) -> tuple[Surface, ...]:
        return ()

    def find_order(self, store: Store, number: str) -> Order | None:
        Ledger.asked.append(number)
        if Ledger.down:
            raise PlatformDown()
        return Ledger.orders.get(number)


LEDGER = "ledger=code_mailbox:Ledger"
"""What the setting `adapters` says to have it."""


def open_ledger(shop: Shop) -> StoreRow:
    """A connected store of that platform."""
    Ledger.orders, Ledger.asked, Ledger.down = {}, [], False
    return shop.connect("ledger.example", platform="ledger", credentials='{"key": "x"}')
