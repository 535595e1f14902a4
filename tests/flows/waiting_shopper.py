"""Shoppers who wait for a person, time that passes, and who is mailed meanwhile, for the tests of calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from desk_house import Counter
from flask.testing import FlaskClient
from sqlalchemy import select

from plugin.care import ConversationRow, desk_channel, promise_call
from plugin.stores import StoreRow

SAID = "Soy Alma Ruiz, alma@example.com, quiero una persona por el pedido 1001"


def wait(counter: Counter, store: StoreRow, **values: Any) -> str:
    """A shopper asks for a person, and the call is promised; gives the conversation's public id."""
    talk = counter.write(store, SAID, person=True, **values)
    with counter.db.transaction(store.id) as tx:
        promise_call(tx, find(tx, store, talk), counter.clock.now())
    return talk


def find(tx: Any, store: StoreRow, talk: str) -> ConversationRow:
    which = (ConversationRow.store_id == store.id, ConversationRow.public_id == talk)
    row: ConversationRow = tx.scalars(select(ConversationRow).where(*which)).one()
    return row


def run(counter: Counter, **later: float) -> list[str]:
    """Lets time pass and jobs run; gives who was mailed meanwhile."""
    before = len(counter.taken.mails)
    counter.clock.advance(timedelta(**later))
    counter.run_jobs()
    return [to for _, _, to in counter.taken.mails[before:]]


def read(counter: Counter, which: int = -1) -> tuple[Any, str, str]:
    """(mail, text, HTML)."""
    mail = message_from_bytes(counter.taken.mails[which][0], policy=policy.default)
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None and page is not None
    return mail, plain.get_content().replace("\r\n", "\n"), page.get_content()


@contextmanager
def at_the_desk(counter: Counter, store: StoreRow, name: str = "Ana") -> Iterator[None]:
    with counter.house.doors.hub.subscribe(desk_channel(store.id), name):
        yield


def is_called(counter: Counter, store: StoreRow, talk: str) -> bool:
    with counter.db.reading(store.id) as tx:
        return find(tx, store, talk).called_at is not None


def tick(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub's seconds are those of the test's clock."""
    monkeypatch.setattr("plugin.push.hub.time.monotonic", lambda: counter.clock.now().timestamp())


def come(counter: Counter, browser: FlaskClient, store: StoreRow) -> None:
    """Opens the store's desk: its page listens."""
    with browser.get(f"/desk/{store.public_id}/live", buffered=False) as live:
        assert b"refresh" in next(iter(live.response))
