"""A house with one customer of one store in every place where they can stand, for the tests of the privacy room."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from plugin.agents import add_membership, create_agent
from plugin.app import House, build_house
from plugin.care import VisitorRow
from plugin.care.threads import Said, add_message, start_conversation
from plugin.contract import OrderStatus, PaymentStatus, WebhookDelivery
from plugin.database import ALL, Base
from plugin.orders import OrderRow, apply_order, find_order, keep
from plugin.privacy import AccessRow, PrivacyRequest, note_access
from plugin.stores import StoreRow, get_store
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_order, make_settings, make_shipment, make_store
from plugin.work import claim, clear_leases, put

EMAIL, NAME, SAID = "alma@example.com", "Alma Ruiz", "¿Dónde está mi pedido?"
OTHER = "otra@example.com"


def open_house(url: str) -> House:
    return build_house(make_settings(url), FrozenClock(MOMENT))


def copy_template(template: Path, goal: Path) -> str:
    """A fresh migrated SQLite database at `goal`; gives its address."""
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(goal)) as copy:
        source.backup(copy)
    return f"sqlite:///{goal}"


def add_order(house: House, store: StoreRow, external_id: str, **values: Any) -> OrderRow:
    given = {
        "number": f"#{external_id}", "status": OrderStatus.processing, "payment_status": PaymentStatus.paid,
        "customer_id": "c7", "shipments": (make_shipment(),),
    }  # fmt: skip
    made = make_order(external_id=external_id, **{**given, **values})
    with house.db.transaction(store.id) as tx:
        apply_order(tx, get_store(tx, store.id), made, MOMENT)
        row = find_order(tx, store.id, external_id)
    assert row is not None
    return row


def talk(house: House, store: StoreRow, text: str, order_id: int | None = None) -> str:
    """A conversation; gives its public id."""
    with house.db.transaction(store.id) as tx:
        visitor = VisitorRow(
            store_id=store.id, token_hash=f"{len(text)} {order_id}", created_at=MOMENT, last_seen_at=MOMENT,
            expires_at=MOMENT + timedelta(days=30),
        )  # fmt: skip
        tx.add(visitor)
        tx.flush()
        conversation = start_conversation(tx, store.id, visitor.id, "es", MOMENT)
        conversation.order_id = order_id
        add_message(tx, house.doors.hub, conversation, Said("shopper", text), MOMENT)
        return conversation.public_id


def deliver(house: House, store: StoreRow, body: str) -> None:
    """A delivery that was kept and not applied yet."""
    with house.db.transaction(store.id) as tx:
        keep(tx, store.id, WebhookDelivery(topic="order", headers={}, body=body.encode()), MOMENT + timedelta(days=1))


def look(house: House, store: StoreRow, kind: str, subject: str) -> None:
    with house.db.transaction(ALL, "somebody looks") as tx:
        agent = create_agent(tx, f"{kind}.{len(subject)}@counter.example", "Ana", "es", MOMENT)
        add_membership(tx, store.id, agent.id, "agent", MOMENT)
    with house.db.transaction(store.id) as tx:
        assert note_access(tx, store.id, agent, kind, subject, MOMENT)


def fill(house: House) -> StoreRow:
    """Two orders of Alma's with a conversation, a delivery, a message elsewhere, looks and a copy; and another's."""
    store = make_store(house.db, platform="demo")
    first = add_order(house, store, "5001", customer_name=NAME, email=EMAIL)
    add_order(house, store, "5002", customer_name=NAME, email=EMAIL)
    add_order(house, store, "5003", customer_name="Otra", email=OTHER, customer_id="c8")
    public_id = talk(house, store, SAID, first.id)
    talk(house, store, f"escriban a {EMAIL}")
    deliver(house, store, json.dumps({"email": EMAIL}))
    for kind, subject in (("order", "#5001"), ("conversation", public_id), ("search", f"busco a {EMAIL} ya")):
        look(house, store, kind, subject)
    with house.db.transaction(store.id) as tx:
        copy = json.dumps({"addresses": [EMAIL], "orders": []})
        tx.add(
            PrivacyRequest(store_id=store.id, public_id=f"pr_{store.id}", kind="copy", asked_at=MOMENT,
                           done_at=MOMENT, counts={}, copy=copy)
        )  # fmt: skip
    return store


def promise(house: House, store: StoreRow, kind: str, **named: Any) -> None:
    """A job as a platform's webhook makes one."""
    payload = {"sealed": house.db.vault.seal(json.dumps(named).encode()).decode()} if named else {}
    with house.db.transaction(store.id) as tx:
        put(tx, kind, payload, due_at=MOMENT, store=store.id)


def run_privacy_jobs(house: House) -> int:
    """Runs what is due of this room; gives the number of jobs."""
    done = 0
    while done < 100:
        with house.db.transaction(ALL, "claim what is due") as tx:
            jobs = claim(tx, house.doors.clock.now(), 100)
        if not jobs:
            return done
        for job in jobs:
            if job.kind.startswith("privacy."):
                house.engine.run(job)
                done += 1
    raise AssertionError("The jobs do not end.")


def free_leases(house: House) -> None:
    """What a process does that finds the work of a dead one."""
    with house.db.transaction(ALL, "leases of a dead process") as tx:
        clear_leases(tx)


def everything(house: House) -> str:
    """Every value of every row, opened, as one text."""
    with house.db.reading(ALL, "everything, opened") as tx:
        return repr([tuple(row) for table in Base.metadata.sorted_tables for row in tx.execute(select(table))])


def count_rows(house: House) -> dict[str, int]:
    with house.db.reading(ALL, "count the rows") as tx:
        return {
            table.name: tx.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def list_subjects(house: House, store: StoreRow) -> dict[str, str]:
    """Kind → subject of every look in the log."""
    with house.db.reading(store.id) as tx:
        rows = list(tx.scalars(select(AccessRow).where(AccessRow.store_id == store.id)))
    return {row.kind: row.subject for row in rows}
