"""One shopper's purchase and one agent, played against the real thing: `mostrador demo --story`.

No browser: the shopper's part speaks HTTP as the widget and the shop's forms do, the agent's part as the desk
does. Everything that should happen is written down here; the story is good when exactly that happened.
"""

from __future__ import annotations

import re
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from plugin.app import build_house
from plugin.contract import Money
from plugin.database import ALL, Database
from plugin.language import format_money
from plugin.notices import LedgerLine, read_ledger
from plugin.orders import list_orders, view_order
from plugin.testing.demo import Demo, DemoError, open_demo
from plugin.testing.desk_visit import DeskVisit
from plugin.work import buried, count_due

PATIENCE = 20.0
QUESTION = "¿Cuánto tarda el envío?"
PERSON = "Quiero hablar con una persona, por favor"
AGENT_WORDS = "Hola, soy Ana. Tu pedido sale hoy mismo; cualquier cosa, me dices."

Expected = Counter[tuple[str, str]]
"""(order number, notice) → how many mails."""


@dataclass
class Story:
    """The story so far."""

    demo: Demo
    db: Database
    faults: list[str] = field(default_factory=list)
    expected: Expected = field(default_factory=Counter)
    faq: dict[str, Any] = field(default_factory=dict)
    conversation: dict[str, Any] = field(default_factory=dict)

    def check(self, true: object, words: str) -> None:
        """Writes a fault down when something is not as it should be."""
        if not true:
            self.faults.append(words)

    def expect(self, number: str, *notices: str) -> None:
        """These mails are due for the order; waits for them."""
        for notice in notices:
            self.expected[number, notice] += 1
        self.wait(lambda: not self.expected - self.told(), f"order {number}: {', '.join(notices)} by mail")

    def told(self) -> Expected:
        """What the ledger says was sent."""
        return Counter((number, line.notice) for number, line in self.lines() if line.sent)

    def lines(self) -> list[tuple[str, LedgerLine]]:
        """(order number, line) of the whole ledger."""
        with self.db.reading(self.demo.store_id) as tx:
            rows = list_orders(tx, self.demo.store_id)
            return [(view_order(tx, row).order.number, line) for row in rows for line in read_ledger(tx, row)]

    def wait(self, true: Callable[[], object], words: str) -> None:
        """Until `true`, or a fault after `PATIENCE` seconds."""
        deadline = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > deadline:
                self.faults.append(f"It did not happen in {PATIENCE:.0f} s: {words}")
                return
            time.sleep(0.05)

    def act(self, order: dict[str, Any], action: str, **values: Any) -> dict[str, Any]:
        """One act of the shop's staff; gives the order afterwards."""
        return self.ask("POST", f"{self.demo.shop}/api/orders/{order['id']}/{action}", values)

    def ask(self, method: str, url: str, values: dict[str, Any] | None = None) -> dict[str, Any]:
        """The shop's own interface."""
        headers = {"Authorization": f"Bearer {self.demo.token}"}
        answer = requests.request(method, url, json=values, headers=headers, timeout=10)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result


def play_story() -> dict[str, Any]:
    """Plays it on free ports in a folder of its own. `faults` is empty when all went as it should."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mostrador-story-") as folder:
        try:
            with open_demo(Path(folder), settle_seconds=1, hold_seconds=3) as demo:
                result = _play(demo)
        except DemoError as error:
            result = {"mails": [], "conversation": {}, "faq": {}, "orders": {}, "faults": [str(error)]}
    result["seconds"] = round(time.monotonic() - started, 2)
    return result


def _play(demo: Demo) -> dict[str, Any]:
    house = build_house(demo.settings)
    story = Story(demo, house.db)
    try:
        _ask_and_talk(story)
        _buy_and_receive(story)
        _two_parcels(story)
        _pay_at_the_door(story)
        _cancel_and_refund(story)
        _nothing_else(story)
        return _tell(story)
    except (requests.RequestException, LookupError) as error:
        story.faults.append(f"{type(error).__name__}: {error}")
        return _tell(story)
    finally:
        house.db.close()


class Widget:
    """The shopper's side of the widget: the API, without the pixels."""

    def __init__(self, demo: Demo) -> None:
        self.store = f"{demo.counter}/api/widget/v1/stores/{demo.store}"
        self.root = f"{demo.counter}/api/widget/v1"
        self.origin = {"Origin": demo.shop}
        self.token = ""

    def get(self, path: str, **query: str) -> dict[str, Any]:
        answer = requests.get(f"{self.store}/{path}", params=query, headers=self.origin, timeout=10)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result

    def say(self, text: str, steps: list[str]) -> list[dict[str, Any]]:
        """Posts a message; gives the new messages the answer carries."""
        body = {
            "client_id": str(uuid.uuid4()),
            "text": text,
            "locale": "es",
            "steps": steps,
            "page": None,
            "proof": None,
        }
        answer = requests.post(f"{self.store}/messages", json=body, headers=self._headers(), timeout=10)
        answer.raise_for_status()
        self.token = answer.json().get("token") or self.token
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def read(self) -> dict[str, Any]:
        answer = requests.get(
            f"{self.root}/conversation", params={"after": 0}, headers=self._headers(), timeout=10
        )
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result

    def order(self, proof: str) -> dict[str, Any]:
        answer = requests.post(f"{self.store}/order", json={"proof": proof}, headers=self.origin, timeout=10)
        answer.raise_for_status()
        order: dict[str, Any] = answer.json()["order"]
        return order

    def _headers(self) -> dict[str, str]:
        return self.origin | ({"Authorization": f"Bearer {self.token}"} if self.token else {})


def _ask_and_talk(story: Story) -> None:
    """The FAQ answers, then a person does."""
    widget = Widget(story.demo)
    boot = widget.get("boot", locale="es", steps="product")
    story.check(boot["links"], "the widget has FAQ links on a product page")
    answered = widget.say(QUESTION, ["product"])
    bot = next((message for message in answered if message["author"] == "bot"), None)
    story.check(bot and bot["source"], "the bot answers a delivery question from an article")
    story.faq = {
        "question": QUESTION,
        "answered": bool(bot and bot["source"]),
        "links": len(boot["links"]),
        "article": bot["source"]["article_id"] if bot and bot["source"] else None,
    }
    widget.say(PERSON, ["product"])
    conversation = widget.read()["conversation"]
    story.check(conversation["status"] == "open", "asking for a person opens the conversation for people")
    desk = DeskVisit(story.demo)
    desk.sign_in()
    desk.answer(conversation["id"], AGENT_WORDS)

    def heard() -> bool:
        return any(message["author"] == "agent" for message in widget.read()["messages"])

    story.wait(heard, "the agent's answer reaches the shopper")
    whole = widget.read()
    authors = [message["author"] for message in whole["messages"]]
    story.check(authors.count("agent") == 1, "the agent answered exactly once")
    story.check(
        any(AGENT_WORDS in message["text"] for message in whole["messages"]), "in the agent's own words"
    )
    story.conversation = whole


def _buy_and_receive(story: Story) -> None:
    """Through the shop's pages, by card; then the parcel's way to the door."""
    shop, browser = story.demo.shop, requests.Session()
    forms: list[tuple[str, dict[str, str]]] = [
        ("cart/add", {"product": "taza-sol", "quantity": "2"}),
        ("checkout/contact", {"email": "alma@example.com", "name": "Alma Ruiz"}),
        (
            "checkout/shipping",
            {
                "street": "Calle Mayor 1",
                "city": "Madrid",
                "postcode": "28013",
                "country": "ES",
                "delivery": "standard",
            },
        ),
        (
            "checkout/payment",
            {"payment": "card", "number": "4242 4242 4242 4242", "expiry": "12/30", "cvc": "123"},
        ),
        ("checkout/review", {}),
    ]
    page = browser.get(f"{shop}/es/product/taza-sol", timeout=10)
    story.check("/widget/loader.js" in page.text, "the widget's tag is on the product page")
    for path, values in forms:
        page = browser.post(f"{shop}/es/{path}", data=values, timeout=10)
        page.raise_for_status()
        story.check("/widget/loader.js" in page.text, f"the widget's tag is on the page after {path}")
    number = page.url.rstrip("/").split("/")[-2]
    order = story.ask("GET", f"{shop}/api/orders?number={number}")["orders"][0]
    story.expect(number, "payment_received")
    found = re.search(r'data-proof="([^"]+)"', page.text)
    shown = Widget(story.demo).order(found[1] if found else "")
    story.check(shown["number"] == number, "the widget shows the proven order")
    story.act(order, "prepare")
    story.expect(number, "preparing")
    story.act(order, "ship", parcels=[{"carrier": "Correos", "number": "PQ4F6P0704104480181750T"}])
    story.expect(number, "shipped")
    story.act(order, "out_for_delivery")
    story.expect(number, "out_for_delivery")
    story.act(order, "deliver")
    story.expect(number, "delivered")


def _place(story: Story, email: str, locale: str, payment: str) -> dict[str, Any]:
    values = {
        "lines": [{"product": "taza-sol", "quantity": 2}],
        "email": email,
        "name": "Test",
        "locale": locale,
        "payment": payment,
    }
    return story.ask("POST", f"{story.demo.shop}/api/orders", values)


def _two_parcels(story: Story) -> None:
    order = _place(story, "bruno@example.com", "pt", "card")
    story.expect(order["number"], "payment_received")
    order = story.act(
        order,
        "ship",
        parcels=[
            {"carrier": "Correios", "number": "NX123456785BR", "items": [[order["lines"][0]["id"], 1]]},
            {"carrier": "Correios", "number": "NX987654321BR", "items": [[order["lines"][0]["id"], 1]]},
        ],
    )
    story.expect(order["number"], "shipped", "shipped")
    story.act(order, "deliver", parcel=1)
    story.expect(order["number"], "delivered")
    story.act(order, "deliver", parcel=2)
    story.expect(order["number"], "delivered")


def _pay_at_the_door(story: Story) -> None:
    order = _place(story, "carla@example.com", "es", "on_delivery")
    story.expect(order["number"], "order_received")
    story.act(order, "ship", parcels=[{"carrier": "Servientrega"}])
    story.expect(order["number"], "shipped")
    story.act(order, "deliver")
    story.expect(order["number"], "delivered")
    due = format_money(Money(amount=Decimal(order["total"]), currency=order["currency"]), "es")
    said = [
        _tell_words(f"Pagas {due} al recibirlo.") in text for text in _read_texts(story, "carla@example.com")
    ]
    story.check(said == [True, True, False], "what is paid at the door is said until the parcel is there")


def _read_texts(story: Story, email: str) -> list[str]:
    """The texts of the mails that an address got, oldest first."""
    box = f"{story.demo.mailbox}/api/mails"
    listed = requests.get(box, timeout=10).json()["mails"]
    mine = [mail["id"] for mail in reversed(listed) if email in mail["to"]]
    return [_tell_words(requests.get(f"{box}/{place}", timeout=10).json()["text"]) for place in mine]


def _tell_words(text: str) -> str:
    """Lines and kinds of spaces do not matter."""
    return " ".join(text.split())


def _cancel_and_refund(story: Story) -> None:
    order = _place(story, "dana@example.com", "en", "card")
    story.expect(order["number"], "payment_received")
    story.act(order, "cancel", reason="changed my mind")
    story.expect(order["number"], "cancelled")
    story.act(order, "refund")
    story.expect(order["number"], "refunded")


def _nothing_else(story: Story) -> None:
    """Calm everywhere, and not one mail more than expected, by the ledger and by the mailbox."""

    def calm() -> bool:
        shop = story.ask("GET", f"{story.demo.shop}/api/idle")["idle"]
        with story.db.reading(ALL, "is everything done") as tx:
            return bool(shop) and count_due(tx, datetime.now(UTC)) == 0

    story.wait(calm, "everything comes to rest")
    time.sleep(1.5)
    story.wait(calm, "everything stays at rest")
    surplus = story.told() - story.expected
    story.check(not surplus, f"no mail beyond the expected ones, but there were {dict(surplus)}")
    with story.db.reading(ALL, "is anything buried") as tx:
        story.check(not buried(tx), "no job was given up")


def _mails(story: Story) -> list[dict[str, Any]]:
    """Every mail of the mailbox, told apart by the ledger."""
    listed = requests.get(f"{story.demo.mailbox}/api/mails", timeout=10).json()["mails"]
    ledger = {line.message_id: (number, line) for number, line in story.lines() if line.message_id}
    mails = []
    for mail in reversed(listed):
        number, line = ledger.get(mail["message_id"], ("", None))
        story.check(line, f"a mail nobody decided: {mail['subject']}")
        mails.append(
            {
                "order": number,
                "notice": line.notice if line else None,
                "about": line.about if line else None,
                "to": mail["to"],
                "subject": mail["subject"],
                "message_id": mail["message_id"],
            }
        )
    doubles = [
        message_id for message_id, times in Counter(mail["message_id"] for mail in mails).items() if times > 1
    ]
    story.check(not doubles, f"{len(doubles)} mails came twice")
    in_box = Counter((mail["order"], mail["notice"]) for mail in mails)
    story.check(in_box == story.expected, "the mailbox holds exactly the expected mails")
    return mails


def _tell(story: Story) -> dict[str, Any]:
    with story.db.reading(story.demo.store_id) as tx:
        views = [view_order(tx, row) for row in list_orders(tx, story.demo.store_id)]
    orders = {
        view.order.number: {
            "status": view.order.status,
            "payment_status": view.order.payment_status,
            "locale": view.row.locale,
            "shipments": [
                {
                    "key": parcel.key,
                    "status": parcel.shipment.status,
                    "tracking_number": parcel.shipment.tracking_number,
                }
                for parcel in view.parcels
            ],
        }
        for view in views
    }
    mails = _mails(story)
    return {
        "mails": mails,
        "conversation": story.conversation,
        "faq": story.faq,
        "orders": orders,
        "faults": story.faults,
    }
