"""One instance for the tests of plain pages: a house over a database, a store with answers, a client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient

from faq_links import EXAMPLE_ANSWERS
from plugin.app import House, build_house
from plugin.contract import Order, Shipment
from plugin.database import Base
from plugin.notices import link_token
from plugin.orders import OrderRow, apply_order, find_order
from plugin.stores import StoreRow, get_store
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_order, make_settings, make_store

ANSWERS = {locale: dict(words) for locale, words in EXAMPLE_ANSWERS.items()}


@contextmanager
def open_house(database_url: str, **settings: Any) -> Iterator[House]:
    """Not started: jobs run when a test runs them. The clock stands at `MOMENT`."""
    house = build_house(make_settings(database_url, **settings), FrozenClock(MOMENT))
    try:
        yield house
    finally:
        house.db.close()


def open_client(house: House) -> FlaskClient:
    """A browser that follows nothing by itself."""
    return house.web().test_client()


def add_store(house: House, **values: Any) -> StoreRow:
    """A live store whose articles are all answered."""
    return make_store(house.db, **({"answers": ANSWERS, "time_zone": "America/Bogota"} | values))


def add_order(house: House, store: StoreRow, *parcels: Shipment, **values: Any) -> OrderRow:
    """An order as its platform told it."""
    order: Order = make_order(shipments=parcels or None, **values)
    with house.db.transaction(store.id) as tx:
        apply_order(tx, get_store(tx, store.id), order, MOMENT)
        row = find_order(tx, store.id, order.external_id)
    assert row is not None
    return row


def link(house: House, purpose: str, row: OrderRow) -> str:
    """The path of a link in the order's mails."""
    return f"/{purpose}/{link_token(house.doors.settings.index_key, purpose, row.store_id, row.id)}"


def run_jobs(house: House) -> int:
    """Runs what is due, one after the other, until nothing is; gives the number of jobs."""
    from plugin.database import ALL
    from plugin.work import claim

    done = 0
    while done < 1000:
        with house.db.transaction(ALL, "claim what is due") as tx:
            jobs = claim(tx, house.doors.clock.now(), 10)
        if not jobs:
            return done
        for job in jobs:
            house.engine.run(job)
            done += 1
    raise AssertionError("The jobs do not end.")


def dump_rows(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, opened: to see whether something changed."""
    from sqlalchemy import select

    from plugin.database import ALL

    with house.db.reading(ALL, "everything, to compare") as tx:
        return {
            table.name: sorted((tuple(row) for row in tx.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }
