"""The care room of one store, for the tests of the numbers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from faq_links import EXAMPLE_ANSWERS
from plugin.care import (
    Agent,
    Arrived,
    Care,
    Form,
    consent_words,
    find_visitor,
    open_care,
    post_message,
    reply,
    send_form,
)
from plugin.push import open_hub
from plugin.registry import Registry
from plugin.reports import (
    last_days,
    list_contacts,
    list_waits,
    sum_up,
)
from plugin.stores import StoreRow, get_store
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_database, make_store

ANA = Agent(1, "Ana")
WISH, ASK, ODD = "quiero hablar con una persona", "¿Cuánto tarda el envío?", "xyzzy plugh frobozz"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class Room:
    """The care room of one store; Saturday 2026-11-21, 12:00 UTC."""

    def __init__(self, url: str) -> None:
        self.clock, self.db = FrozenClock(), make_database(url)
        self.care: Care = open_care(self.db, self.clock, open_hub(), Registry({}))
        self.store: StoreRow = make_store(self.db, answers=EXAMPLE_ANSWERS)

    def write(self, words: str, token: str | None = None) -> tuple[str, str]:
        """(public id, token)."""
        visitor = find_visitor(self.care, token) if token else None
        arrived = Arrived(words, str(uuid.uuid4()), "es", ("cart",), "https://shop.example/cart")
        posted = post_message(self.care, self.store, visitor, arrived)
        return posted.conversation.public_id, posted.token or token or ""

    def answer(self, public_id: str, agent: Agent = ANA) -> None:
        reply(self.care, self.store.id, public_id, agent, "Hola, te ayudo.", str(uuid.uuid4()))

    def send_form(self, token: str) -> None:
        visitor = find_visitor(self.care, token)
        assert visitor is not None
        agreed = consent_words(self.store, "es")
        form = Form("¿Me llamáis?", "alma@example.com", str(uuid.uuid4()), agreed, "es")
        send_form(self.care, self.store, visitor, form)

    def read(self, what: Any, days: int = 30) -> Any:
        with self.db.reading(self.store.id) as tx:
            return what(tx, self.store.id, last_days(days, self.clock.now()))

    def contacts(self, days: int = 30) -> Any:
        return self.read(list_contacts, days)

    def waits(self) -> Any:
        with self.db.reading(self.store.id) as tx:
            return list_waits(tx, get_store(tx, self.store.id), last_days(30, self.clock.now()))

    def times(self) -> Any:
        return sum_up(self.waits())

    def states(self, days: int = 30) -> list[str]:
        return [one.state for one in self.contacts(days)]


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    room = Room(database_url)
    yield room
    room.care.hub.close()
    room.db.close()
