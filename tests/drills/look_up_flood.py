"""Ten thousand strangers' look-ups: who asks, from where, for what; and what each of them got and cost."""

from __future__ import annotations

import ipaddress
import json
import random
import sys
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from plugin.care import OrderCodeRow
from plugin.care.codes import hash_handle, make_code
from plugin.contract import OrderStatus, PaymentStatus
from plugin.database import ALL
from plugin.mail import MailRefused
from plugin.stores import StoreRow
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_order

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))

from code_mailbox import Ledger, Mailbox, open_ledger
from widget_shop import ROOT, Shop, message

OWNERS = 24
"""Known orders, each with an address of its own; the last two are nobody's target."""
TARGETS = OWNERS - 2
BESIEGED = 4
"""The first owners: who asks for their orders mostly knows number and address."""
CLOSED = 5
"""The owner whose mailbox is closed."""
STRANGERS = 120
"""Addresses in which there is no order."""
NETWORKS = 250
"""Neighbourhoods, each of 250 addresses: none asks as often as a neighbourhood may in an hour."""
BETWEEN = 0.05
"""Seconds between two requests: all of them come while a code lives."""
WAYS = ("both", "address", "number", "neither")
"""What is right of a wish: number and address, one of them, nothing."""


def owner(n: int) -> str:
    return f"owner{n:04d}@orders.example"


def stranger(n: int) -> str:
    return f"guest{n:04d}@strangers.example"


def network(n: int, host: int = 9) -> str:
    """An address in the n-th neighbourhood: half of them IPv4, half IPv6."""
    if n % 2:
        return str(ipaddress.ip_address("2001:db8::") + (n << 72) + host)
    return str(ipaddress.ip_address("11.0.0.0") + (n << 8) + host)


class Box(Mailbox):
    """A mailbox of all; one address takes no mail."""

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        if recipient == owner(CLOSED):
            raise MailRefused(f"550 no such user: {recipient}")
        super().send(message, sender, recipient)


@dataclass
class Held:
    """A handle that some stranger has: whether there is such an order, how often it was tried and asked for."""

    store: StoreRow
    number: str
    email: str
    exists: bool
    tries: int = 0
    sent: int = 1


@dataclass
class Outcome:
    """What requests that should look alike got: (status, bytes, headers, statements) → how often, each way."""

    there: set[tuple[Any, ...]] = field(default_factory=set)
    not_there: set[tuple[Any, ...]] = field(default_factory=set)
    times: int = 0


class Flood:
    """A shop with known orders, one whose platform knows more, and strangers. `outcomes`: what alike ones got."""

    def __init__(self, shop: Shop, clock: FrozenClock, seed: int) -> None:
        self.clock = clock
        self.shop, self.chance, self.box = shop, random.Random(seed), Box(shop)
        self.ledger = open_ledger(shop)
        self.client = shop.app.test_client(use_cookies=False)
        self.outcomes: dict[tuple[Any, ...], Outcome] = defaultdict(Outcome)
        self.held: dict[str, Held] = {}
        self.tried: list[str] = []
        self.asked = self.mails_wished = 0
        self.statements: list[str] = []
        for engine in (shop.house.db.writer, shop.house.db.reader):
            event.listen(engine, "before_cursor_execute", self._note_statement)
        for n in range(OWNERS):
            order = make_order(
                number=str(1001 + n), external_id=str(1001 + n), email=owner(n),
                status=OrderStatus.processing, payment_status=PaymentStatus.paid,
            )  # fmt: skip
            shop.add_order(order)
            # The other shop's platform knows its own orders of the same people; we were never told of them.
            Ledger.orders[str(1001 + n)] = order

    def _note_statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.statements.append(statement)

    def post(self, address: str, path: str, body: Any) -> Any:
        """One request; `statements` are what it ran."""
        self.asked += 1
        self.clock.advance(BETWEEN)
        self.statements.clear()
        return self.client.post(ROOT + path, json=body, environ_base={"REMOTE_ADDR": address})

    def ask_something(self) -> None:
        """One look-up by a stranger from somewhere."""
        kind = self.chance.choices(("wish", "renew", "guess", "proof", "words"), (58, 10, 26, 4, 2))[0]
        if kind in ("renew", "guess") and not self.tried:
            kind = "wish"
        address = network(self.chance.randrange(NETWORKS), self.chance.randrange(1, 251))
        getattr(self, kind)(address)

    def wish(self, address: str) -> None:
        """A code is asked for; the answer is noted under what was answered, not under what there is."""
        way, store = self.chance.choice(WAYS), self.chance.choice((self.shop.store, self.shop.store, self.ledger))
        n = self.chance.randrange(TARGETS)
        if way == "both" and self.chance.random() < 0.5:
            n = self.chance.randrange(BESIEGED)
        elif way == "address":
            n = self.chance.randrange(BESIEGED, TARGETS)
        email = owner(n) if way in ("both", "address") else stranger(self.chance.randrange(STRANGERS))
        number = str(1001 + n) if way in ("both", "number") else str(self.chance.randrange(5000, 9999))
        self._wish(address, Held(store, number, email, way == "both"), None)

    def renew(self, address: str) -> None:
        """Another code for a handle that somebody has."""
        handle = self.chance.choice(list(self.held))
        self._wish(address, self.held[handle], handle)

    def _wish(self, address: str, held: Held, handle: str | None) -> None:
        body = {"number": held.number, "email": held.email, "handle": handle, "locale": "es"}
        answer = self.post(address, f"/stores/{held.store.public_id}/order/code", body)
        given = (answer.json or {}).get("handle", "")
        renewable = handle is not None and held.tries < 5 and held.sent < 3
        self._note(("wish", renewable, handle is None, answer.status_code), held.exists, answer, given)
        if answer.status_code != 202:
            return
        self.mails_wished += 1
        if given == handle:
            held.sent += 1
            return
        self.held[given] = Held(held.store, held.number, held.email, held.exists)
        if self.chance.random() < 0.15:
            self.tried.append(given)

    def guess(self, address: str) -> None:
        """Six digits tried with a handle that somebody got, or that nobody did."""
        handle = self.chance.choice(self.tried[-20:]) if self.chance.random() < 0.9 else made_up(self.chance)
        held = self.held.get(handle) or Held(self.shop.store, "", "", False, 5)
        code = f"{self.chance.randrange(10**6):06d}"
        vault = self.shop.house.db.vault
        if code in {make_code(vault, hash_handle(handle), sent) for sent in (1, 2, 3)}:
            # Luck, one in a million a try, is no finding of a drill: who is lucky tries the neighbour.
            code = f"{(int(code) + 1) % 10**6:06d}"
        body = {"handle": handle, "code": code, "locale": "es", "client_id": str(uuid.uuid4())}
        answer = self.post(address, f"/stores/{held.store.public_id}/order/code/check", body)
        self._note(("guess", min(held.tries, 5)), held.exists, answer, "")
        held.tries += 1

    def proof(self, address: str) -> None:
        """A platform's proof of an order, with a wrong seal."""
        exists = self.chance.random() < 0.5
        number = str(1001 + self.chance.randrange(TARGETS)) if exists else str(self.chance.randrange(5000, 9999))
        seal = self.shop.prove(order=number)
        forged = seal[:-6] + ("AAAAAA" if seal[-6:] != "AAAAAA" else "BBBBBB")
        answer = self.post(address, f"/stores/{self.shop.store.public_id}/order", {"proof": forged})
        self._note(("proof",), exists, answer, "")

    def words(self, address: str) -> None:
        """Number and address, told to the bot in a message."""
        exists, n = self.chance.random() < 0.5, self.chance.randrange(TARGETS)
        number, email = (str(1001 + n), owner(n)) if exists else (str(5001 + n), stranger(n))
        text = f"¿Dónde está mi pedido {number}? Mi correo es {email}"
        answer = self.post(address, f"/stores/{self.shop.store.public_id}/messages", message(text))
        assert answer.status_code == 201, answer.text
        said = [one for one in answer.json["messages"] if one["author"] != "shopper"]
        shown = json.dumps([{name: one[name] for name in ("text", "body", "source", "wants_order")} for one in said])
        self._add(("words",), exists, (201, shown))

    def _note(self, key: tuple[Any, ...], exists: bool, answer: Any, handle: str) -> None:
        body = answer.data.replace(handle.encode(), b"-") if handle else answer.data
        headers = tuple((name, value) for name, value in answer.headers.items() if name != "Retry-After")
        # When a day is over depends on when it began: for an address in no order as for one in an order.
        assert (answer.status_code == 429) == (int(answer.headers.get("Retry-After", 0)) > 23 * 3600)
        self._add(key, exists, (answer.status_code, body, len(answer.data), headers, tuple(self.statements)))

    def _add(self, key: tuple[Any, ...], exists: bool, seen: tuple[Any, ...]) -> None:
        outcome = self.outcomes[key]
        (outcome.there if exists else outcome.not_there).add(seen)
        outcome.times += 1

    def rows(self) -> list[OrderCodeRow]:
        """Every wish, of both stores."""
        with self.shop.house.db.reading(ALL, "every wish") as tx:
            return list(tx.scalars(select(OrderCodeRow)))


def made_up(chance: random.Random) -> str:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return "oc_" + "".join(chance.choices(signs, k=22))
