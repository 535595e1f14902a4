"""A counter with two stores and their people, for the tests of the desk."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event

from plugin.agents import AgentRow, add_membership, create_agent, mint_sign_in_link
from plugin.app import House, build_house, list_kinds
from plugin.care import Arrived, VisitorRow, ask_for_person, post_message
from plugin.contract import Order, Shipment
from plugin.database import ALL, Base
from plugin.orders import OrderRow, apply_order, find_order
from plugin.stores import StoreRow, get_store
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_order, make_settings, make_store
from plugin.work import Engine, claim

OURS = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form on one of our own pages."""
LOCAL_DEMO = {"url": "http://127.0.0.1:9", "token": "a-token"}
"""Credentials of a demo shop that nobody asks: the adapter knows its pages by heart."""


def main_of(page: str) -> str:
    """A page of the desk without the frame that every page has."""
    return page.partition("<main")[2].partition("</main>")[0]


class Taken:
    """A mail transport that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[tuple[bytes, str, str]] = []
        self.error: Exception | None = None

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        if self.error is not None:
            raise self.error
        self.mails.append((message, sender, recipient))

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Counter:
    """One instance, its clock and what it mailed."""

    house: House
    clock: FrozenClock
    taken: Taken

    @property
    def db(self) -> Any:
        return self.house.db

    @cached_property
    def web(self) -> Flask:
        """What every browser asks, as it is served: one app, one count of who asks too often."""
        return self.house.web()

    def add_store(self, domain: str, **values: Any) -> StoreRow:
        given = {"platform": "demo", "credentials": LOCAL_DEMO, "time_zone": "Europe/Madrid"} | values
        return make_store(self.db, domain=domain, **given)

    def add_agent(self, name: str, *stores: StoreRow, role: str = "owner", locale: str = "en") -> AgentRow:
        with self.db.transaction(ALL, "an agent for a test") as tx:
            agent = create_agent(tx, f"{name.lower()}@example.com", name, locale, MOMENT)
            for store in stores:
                add_membership(tx, store.id, agent.id, role, MOMENT)
        return agent

    def mint_link(self, agent: AgentRow) -> str:
        with self.db.transaction(ALL, "a link for a test") as tx:
            return mint_sign_in_link(tx, agent.id, self.clock.now())

    def browser(self) -> FlaskClient:
        """One that is not signed in and follows nothing by itself."""
        return self.web.test_client()

    def sign_in(self, agent: AgentRow) -> FlaskClient:
        browser = self.browser()
        answer = browser.post("/sign-in/enter", data={"token": self.mint_link(agent)}, headers=OURS)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return browser

    def add_order(self, store: StoreRow, *parcels: Shipment, **values: Any) -> OrderRow:
        order: Order = make_order(shipments=parcels or None, **values)
        with self.db.transaction(store.id) as tx:
            apply_order(tx, get_store(tx, store.id), order, self.clock.now())
            row = find_order(tx, store.id, order.external_id)
        assert row is not None
        return row

    def write(self, store: StoreRow, *texts: str, person: bool = False, **values: Any) -> str:
        """A shopper writes; gives the conversation's public id."""
        care, visitor, posted = self.house.doors.care, None, None
        for text in texts:
            given = {"locale": "es", "steps": ("cart",), "page": "https://shop.example/cart"} | values
            posted = post_message(
                care, store, visitor, Arrived(text=text, client_id=str(uuid.uuid4()), **given)
            )
            visitor = self._visitor(posted.conversation.visitor_id)
        assert posted is not None and visitor is not None
        if person:
            ask_for_person(care, store, visitor, str(uuid.uuid4()))
        return posted.conversation.public_id

    def _visitor(self, visitor_id: int) -> Any:
        with self.db.reading(ALL, "the visitor of a test") as tx:
            return tx.get(VisitorRow, visitor_id)

    def run_jobs(self) -> int:
        """Runs what is due until nothing is; gives the number of jobs."""
        done = 0
        while done < 1000:
            with self.db.transaction(ALL, "claim what is due") as tx:
                jobs = claim(tx, self.clock.now(), 10)
            if not jobs:
                return done
            for job in jobs:
                self.house.engine.run(job)
                done += 1
        raise AssertionError("The jobs do not end.")

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, to see whether something changed."""
        with self.db.reading(ALL, "everything, for a test") as tx:
            return {
                table.name: sorted((tuple(row) for row in tx.connection().execute(table.select())), key=repr)
                for table in Base.metadata.sorted_tables
            }


@cache
def _empty_database() -> bytes:
    """What a SQLite file holds that has every table and nothing in them."""
    raw = sqlite3.connect(":memory:")
    Base.metadata.create_all(create_engine("sqlite://", creator=lambda: raw))
    return raw.serialize()


@contextmanager
def open_counter(folder: Path, database_url: str = "", **settings: Any) -> Iterator[Counter]:
    """Over a database of its own in `folder`, or the migrated one that is given. Not started: jobs run when a test
    runs them. The clock stands at `MOMENT`."""
    clock, taken = FrozenClock(MOMENT), Taken()
    if not database_url:
        file = folder / "desk.db"
        database_url = f"sqlite:///{file}"
        if not file.exists():
            file.write_bytes(_empty_database())
    house = build_house(make_settings(database_url, **settings), clock)
    doors = replace(house.doors, transport=taken)
    kinds = list_kinds(doors)
    house = House(doors=doors, kinds=kinds, engine=Engine(house.db, clock, kinds, 2))
    try:
        yield Counter(house, clock, taken)
    finally:
        house.doors.hub.close()
        house.db.close()


@contextmanager
def statements(counter: Counter) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        asked.append(statement)

    engines = {counter.db.writer, counter.db.reader}
    for one in engines:
        event.listen(one, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        for one in engines:
            event.remove(one, "before_cursor_execute", note)
