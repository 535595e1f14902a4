"""Shoppers who send the message form and are told a time, for the tests of promised times."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from desk_house import Counter
from sqlalchemy import select
from waiting_shopper import find
from waiting_shopper import run as run_all

from plugin.care import Agent, Form, PromiseRow, Sent, VisitorRow, consent_words, reply, send_form
from plugin.database import ALL
from plugin.stores import StoreRow
from plugin.work import claim

SAID = "Soy Alma Ruiz, ¿dónde está mi pedido 1001?"
ADDRESS = "alma@example.com"
ANA = Agent(1, "Ana")
TOLD = ["ana@example.com"]
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def send(counter: Counter, store: StoreRow, talk: str = "", text: str = SAID, email: str = ADDRESS) -> Sent:
    """Sends the form: in this conversation, or as somebody new."""
    form = Form(text, email, str(uuid.uuid4()), consent_words(store, "es"), "es", "Alma Ruiz")
    return send_form(counter.house.doors.care, store, find_writer(counter, store, talk) if talk else None, form)


def promise(counter: Counter, store: StoreRow) -> str:
    """Somebody new is promised an answer; gives the conversation's public id."""
    return send(counter, store).conversation.public_id


def find_writer(counter: Counter, store: StoreRow, talk: str) -> VisitorRow:
    with counter.db.reading(ALL, "who writes") as tx:
        visitor: VisitorRow = tx.get_one(VisitorRow, find(tx, store, talk).visitor_id)
    return visitor


def answer(counter: Counter, store: StoreRow, talk: str) -> None:
    reply(counter.house.doors.care, store.id, talk, ANA, "Mañana la tienes.", str(uuid.uuid4()))


def list_promised(counter: Counter, store: StoreRow) -> Sequence[PromiseRow]:
    with counter.db.reading(store.id) as tx:
        return list(tx.scalars(select(PromiseRow).where(PromiseRow.store_id == store.id).order_by(PromiseRow.id)))


def run(counter: Counter, **later: float) -> list[str]:
    """Lets time pass and jobs run; gives which of the store's people were mailed meanwhile."""
    return [to for to in run_all(counter, **later) if to != ADDRESS]


def look(counter: Counter, store: StoreRow) -> None:
    """The look alone, without the mails that it promises."""
    with counter.db.transaction(ALL, "claim what is due") as tx:
        jobs = claim(tx, counter.clock.now(), 100)
    for job in jobs:
        if job.kind == "care.tell_overdue":
            counter.house.engine.run(job)
