"""Contacts: what shoppers wrote at one go, and how each ended.

A contact begins with a shopper's message after twelve hours without one. It is *deflected* when the bot answered in it
from an article or the order, nobody of the store wrote, nobody was asked for, and the shopper did not come back within
seven days, on whatever channel they are known by. Until those days are over nobody can know: then it is *pending*. The
*assumed* share is what others call deflection: it counts whoever did not ask for a person as helped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plugin.care import ConversationRow, MessageRow, WaitRow
from plugin.orders import OrderRow
from plugin.reports.ranges import Range

SILENCE = timedelta(hours=12)
RETURN = timedelta(days=7)
FEWEST = 5
MOST_READ = 100_000
"""Newest messages that are looked at."""
WHERE_IS_MY_ORDER = "where_is_my_order"


@dataclass(frozen=True)
class Contact:
    """One contact. `state`: ``deflected``, ``returned`` (the bot answered, and the shopper came back), ``person`` (a
    person wrote, or was asked for), ``unhelped`` (the bot had no answer) or ``pending`` (the seven days are not over).
    """

    conversation: str
    began_at: datetime
    messages: int
    topic: str
    phase: str
    state: str


@dataclass(frozen=True)
class Deflection:
    """Counts of contacts by state. `share`: deflected of all that are decided, 0..1; `assumed`: those without a person,
    of all; each None under 5 contacts."""

    contacts: int
    deflected: int
    returned: int
    person: int
    unhelped: int
    pending: int

    @property
    def decided(self) -> int:
        return self.contacts - self.pending

    @property
    def share(self) -> float | None:
        return self.deflected / self.decided if self.decided >= FEWEST else None

    @property
    def assumed(self) -> float | None:
        return (self.contacts - self.person) / self.contacts if self.contacts >= FEWEST else None


@dataclass(frozen=True)
class OrderContacts:
    """`contacts` that asked where an order is, and the `orders` placed in the same days."""

    contacts: int
    orders: int

    @property
    def per_hundred(self) -> float | None:
        """Contacts per 100 orders; None under 5 orders."""
        return 100 * self.contacts / self.orders if self.orders >= FEWEST else None


@dataclass
class _Run:
    """A contact while its messages are read."""

    talk: Any
    began_at: datetime
    last_at: datetime
    messages: int = 1
    answered: bool = False
    person: bool = False


def list_contacts(tx: Session, store_id: int, when: Range) -> Sequence[Contact]:
    """All contacts that began in the range, the newest first."""
    runs = _read_runs(tx, store_id, when)
    shown = [run for run in runs if when.since <= run.began_at <= when.until]
    theirs = _list_beginnings(runs)
    contacts = [
        Contact(
            run.talk.public_id, run.began_at, run.messages, run.talk.topic, run.talk.phase,
            _judge(run, theirs, when.until),
        )
        for run in shown
    ]  # fmt: skip
    return sorted(contacts, key=lambda one: one.began_at, reverse=True)


def sum_deflection(contacts: Iterable[Contact]) -> Deflection:
    """The figures of contacts that were listed."""
    states = [one.state for one in contacts]
    return Deflection(
        len(states),
        *(states.count(one) for one in ("deflected", "returned", "person", "unhelped", "pending")),
    )


def read_order_contacts(
    tx: Session, store_id: int, when: Range, contacts: Iterable[Contact]
) -> OrderContacts:
    """How often shoppers asked where their order is, against the orders placed in the same days."""
    placed = (
        OrderRow.store_id == store_id, OrderRow.placed_at >= when.since, OrderRow.placed_at <= when.until,
        OrderRow.status != "draft",
    )  # fmt: skip
    orders = tx.scalar(select(func.count()).select_from(OrderRow).where(*placed)) or 0
    return OrderContacts(sum(one.topic == WHERE_IS_MY_ORDER for one in contacts), orders)


def _read_runs(tx: Session, store_id: int, when: Range) -> list[_Run]:
    """The contacts with a message since the range began, in no order; of what they say nothing is read."""
    talk, said = ConversationRow, MessageRow
    mine = (talk.store_id == store_id, talk.last_message_at >= when.since)
    talks = {
        row.id: row
        for row in tx.execute(
            select(
                talk.id,
                talk.public_id,
                talk.topic,
                talk.phase,
                talk.customer_index,
                talk.email_index,
                talk.visitor_id,
            ).where(*mine)
        )
    }
    columns = (
        said.conversation_id, said.author, said.created_at, said.source_article_id, said.confidence, said.offer,
    )  # fmt: skip
    which = (said.store_id == store_id, said.created_at >= when.since - SILENCE)
    rows = tx.execute(select(*columns).where(*which).order_by(said.id.desc()).limit(MOST_READ)).all()
    asked = defaultdict(list)
    waits = select(WaitRow.conversation_id, WaitRow.since)
    for conversation_id, since in tx.execute(
        waits.where(WaitRow.store_id == store_id, WaitRow.since >= when.since - SILENCE)
    ):
        asked[conversation_id].append(since)
    by_talk = defaultdict(list)
    for row in reversed(rows):
        if row.conversation_id in talks:
            by_talk[row.conversation_id].append(row)
    return [
        run
        for number, said_there in by_talk.items()
        for run in _split(talks[number], said_there, asked[number])
    ]


def _split(talk: Any, messages: Sequence[Any], asked: Sequence[datetime]) -> list[_Run]:
    """One talk's messages, in order, as contacts."""
    runs: list[_Run] = []
    for one in messages:
        current = runs[-1] if runs else None
        if one.author == "shopper":
            if current is None or one.created_at - current.last_at >= SILENCE:
                runs.append(_Run(talk, one.created_at, one.created_at))
            else:
                current.messages += 1
                current.last_at = one.created_at
        elif current is not None and one.author == "bot":
            # Small talk carries no confidence; what offers a person has no answer.
            helps = one.source_article_id is not None or (
                one.confidence is not None and one.offer != "person"
            )
            current.answered = current.answered or helps
        elif current is not None and one.author == "agent":
            current.person = True
    for since in asked:
        last = next((run for run in reversed(runs) if run.began_at <= since), None)
        if last is not None:
            last.person = True
    return runs


def _list_beginnings(runs: Iterable[_Run]) -> dict[str, list[datetime]]:
    """Whoever it is → when their contacts began, by each thing they are known by."""
    theirs: dict[str, list[datetime]] = defaultdict(list)
    for run in runs:
        for name in _names(run.talk):
            theirs[name].append(run.began_at)
    return theirs


def _names(talk: Any) -> list[str]:
    known = [f"talk:{talk.id}"]
    known += [f"customer:{talk.customer_index}"] if talk.customer_index else []
    return known + ([f"email:{talk.email_index}"] if talk.email_index else [])


def _judge(run: _Run, theirs: dict[str, list[datetime]], now: datetime) -> str:
    if run.person:
        return "person"
    if not run.answered:
        return "unhelped"
    later = (began for name in _names(run.talk) for began in theirs[name] if began > run.began_at)
    if any(began - run.last_at < RETURN for began in later):
        return "returned"
    return "pending" if now - run.last_at < RETURN else "deflected"
