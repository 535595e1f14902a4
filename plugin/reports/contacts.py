"""Contacts: what shoppers wrote at one go, and how each ended.

A contact begins with a shopper's message after twelve hours without one. It is *deflected* when the bot's last word
in it answered, from an article or the order, and nobody said that it was wrong; nobody of the store wrote or was asked
for; and the shopper did not come back within seven days, on whatever channel they are known by: the talk, the
customer, the order or the address. Until those days are over nobody can know, so the share is told of contacts whose
days are over, whatever became of them. The *assumed* share, of the same contacts, is what others call deflection: it
counts whoever did not ask for a person as helped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from plugin.care import SILENCE, ConversationRow, MessageRow, WaitRow
from plugin.care.topics import WHERE, WHERE_ARTICLES, read_topics, weigh_topics
from plugin.orders import OrderRow
from plugin.reports.ranges import MOST_READ, Range

RETURN = timedelta(days=7)
FEWEST = 5


@dataclass(frozen=True)
class Contact:
    """One contact. `state`: ``deflected``, ``returned`` (the bot answered, and the shopper came back), ``person`` (a
    person wrote, or was asked for), ``unhelped`` (the bot had no answer, or a wrong one) or ``pending`` (it would be
    deflected, but the seven days are not over). `is_over`: they are. `asks_order`: it asks where an order is. `topic`:
    what it is about most, as guessed or as an agent put it right; '' for nothing to tell it by.
    """

    conversation: str
    began_at: datetime
    messages: int
    asks_order: bool
    topic: str
    phase: str
    state: str
    is_over: bool


@dataclass(frozen=True)
class Contacts:
    """Contacts that began in some days, the newest first. `is_cut`: more was said than is read, so that those of the
    oldest days are missing."""

    listed: Sequence[Contact]
    is_cut: bool

    def within(self, when: Range) -> Sequence[Contact]:
        """Those that began in a part of these days."""
        return [one for one in self.listed if when.holds(one.began_at)]


@dataclass(frozen=True)
class Deflection:
    """Counts of contacts whose seven days are over, by state; `pending`: how many others there are. `share`: deflected,
    0..1; `assumed`: those without a person; each of the same contacts, None under 5."""

    contacts: int
    deflected: int
    returned: int
    person: int
    unhelped: int
    pending: int

    @property
    def share(self) -> float | None:
        return self.deflected / self.contacts if self.contacts >= FEWEST else None

    @property
    def assumed(self) -> float | None:
        return (self.contacts - self.person) / self.contacts if self.contacts >= FEWEST else None


@dataclass(frozen=True)
class OrderContacts:
    """`contacts` that asked where an order is, and the `orders` placed in the same days: no drafts, none whose payment
    failed, none that the platform deleted."""

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
    asks_order: bool = False
    topics: list[str | None] = field(default_factory=list)


def read_contacts(tx: Session, store_id: int, when: Range) -> Contacts:
    """All contacts that began in the range. Several figures of overlapping ranges are told from one reading."""
    runs, is_cut = _read_runs(tx, store_id, when)
    shown = [run for run in runs if when.holds(run.began_at)]
    theirs = _list_beginnings(runs)
    contacts = [
        Contact(
            run.talk.public_id, run.began_at, run.messages, run.asks_order, weigh_topics(run.topics), run.talk.phase,
            _judge(run, theirs, when.now), when.now - run.last_at >= RETURN,
        )
        for run in shown
    ]  # fmt: skip
    return Contacts(sorted(contacts, key=lambda one: one.began_at, reverse=True), is_cut)


def list_contacts(tx: Session, store_id: int, when: Range) -> Sequence[Contact]:
    """The same without a word about what is missing."""
    return read_contacts(tx, store_id, when).listed


def sum_deflection(contacts: Iterable[Contact]) -> Deflection:
    """The figures of contacts that were listed."""
    listed = list(contacts)
    states = [one.state for one in listed if one.is_over]
    return Deflection(
        contacts=len(states), deflected=states.count("deflected"), returned=states.count("returned"),
        person=states.count("person"), unhelped=states.count("unhelped"), pending=len(listed) - len(states),
    )  # fmt: skip


def read_order_contacts(
    tx: Session, store_id: int, when: Range, contacts: Iterable[Contact]
) -> OrderContacts:
    """How often shoppers asked where their order is, against the orders placed in the same days."""
    placed = (
        OrderRow.store_id == store_id, OrderRow.placed_at >= when.since, OrderRow.placed_at <= when.until,
        OrderRow.status.not_in(("draft", "failed")), OrderRow.gone_at.is_(None),
    )  # fmt: skip
    orders = tx.scalar(select(func.count()).select_from(OrderRow).where(*placed)) or 0
    return OrderContacts(sum(one.asks_order for one in contacts), orders)


def _read_runs(tx: Session, store_id: int, when: Range) -> tuple[list[_Run], bool]:
    """The contacts with a message since the range began, in no order, and whether there was more than is read; of what
    they say nothing is."""
    talk, said = ConversationRow, MessageRow
    mine = (talk.store_id == store_id, talk.last_message_at >= when.since)
    talks = {
        row.id: row
        for row in tx.execute(
            select(
                talk.id,
                talk.public_id,
                talk.phase,
                talk.topic,
                talk.topic_by,
                talk.customer_index,
                talk.email_index,
                talk.order_id,
                OrderRow.email_index.label("order_email"),
            )
            .outerjoin(OrderRow, (OrderRow.store_id == talk.store_id) & (OrderRow.id == talk.order_id))
            .where(*mine, or_(OrderRow.id.is_(None), OrderRow.store_id == store_id))
        )
    }
    columns = (
        said.conversation_id, said.author, said.created_at, said.source_article_id, said.confidence, said.offer,
        said.verdict, said.topic,
    )  # fmt: skip
    which = (said.store_id == store_id, said.created_at >= when.since - SILENCE)
    rows = tx.execute(select(*columns).where(*which).order_by(said.id.desc()).limit(MOST_READ + 1)).all()
    asked = defaultdict(list)
    waits = select(WaitRow.conversation_id, WaitRow.since)
    for conversation_id, since in tx.execute(
        waits.where(WaitRow.store_id == store_id, WaitRow.since >= when.since - SILENCE)
    ):
        asked[conversation_id].append(since)
    by_talk = defaultdict(list)
    for row in reversed(rows[:MOST_READ]):
        if row.conversation_id in talks:
            by_talk[row.conversation_id].append(row)
    runs = [
        run
        for number, said_there in by_talk.items()
        for run in _split(talks[number], said_there, asked[number])
    ]
    return runs, len(rows) > MOST_READ


def _split(talk: Any, messages: Sequence[Any], asked: Sequence[datetime]) -> list[_Run]:
    """One talk's messages, in order, as contacts."""
    runs: list[_Run] = []
    for one in messages:
        current = runs[-1] if runs else None
        if one.author == "shopper":
            if current is None or one.created_at - current.last_at >= SILENCE:
                current = _Run(talk, one.created_at, one.created_at)
                runs.append(current)
            else:
                current.messages += 1
                current.last_at = one.created_at
        elif current is not None and one.author == "bot":
            current.answered = _has_answered(one, current.answered)
        elif current is not None and one.author == "agent" and one.created_at - current.last_at < RETURN:
            current.person = True
        if current is not None:
            current.asks_order = current.asks_order or _asks_order(one)
            current.topics.append(WHERE if _asks_order(one) and not one.topic else one.topic)
    for since in asked:
        last = next((run for run in reversed(runs) if run.began_at <= since), None)
        if last is not None:
            last.person = True
    if runs and talk.topic_by == "agent" and talk.topic in read_topics(runs[-1].topics[0])[:1]:
        # The agent's word was about this contact: what was guessed of it afterwards is not heard.
        runs[-1].topics = [talk.topic]
    return runs


def _asks_order(said: Any) -> bool:
    """By its topic, which an agent may have put right; the bot's answers of before topics were kept, by their
    article."""
    by_article = said.author == "bot" and said.topic is None and said.source_article_id in WHERE_ARTICLES
    return WHERE in read_topics(said.topic) or by_article


def _has_answered(said: Any, before: bool) -> bool:
    """Whether the shopper has an answer after what the bot said. What offers a person, or was called wrong, is none;
    small talk carries no confidence and leaves it as it was."""
    if said.offer == "person" or said.verdict == "wrong":
        return False
    return before or said.source_article_id is not None or said.confidence is not None


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
    known += [f"order:{talk.order_id}"] if talk.order_id is not None else []
    return known + [f"email:{one}" for one in {talk.email_index, talk.order_email} if one]


def _judge(run: _Run, theirs: dict[str, list[datetime]], now: datetime) -> str:
    if run.person:
        return "person"
    if not run.answered:
        return "unhelped"
    later = (began for name in _names(run.talk) for began in theirs[name] if began > run.began_at)
    if any(began - run.last_at < RETURN for began in later):
        return "returned"
    return "pending" if now - run.last_at < RETURN else "deflected"
