"""How a conversation comes from the bot to people: who comes first, why it was handed over, what its shopper hears.

What is noted about it stands in the conversation's `context`, beside the page where the shopper wrote last.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.addresses import ask_for_email
from plugin.care.doors import Care
from plugin.care.models import ConversationRow, MessageRow, VisitorRow
from plugin.care.phases import BUYING
from plugin.care.promises import promise_words
from plugin.care.threads import Said, add_message, find_of_visitor, hand_over, note_change, read_context
from plugin.language import Translator, translator
from plugin.stores import StoreRow
from plugin.stores.hours import is_within_hours
from plugin.stores.routing import PERSON, Routing, find_route

WISHED, ANGER, FAILED, TABLE = "wished", "anger", "failures", "table"
REASONS = (WISHED, ANGER, FAILED, TABLE)
"""Why a conversation came to people: the shopper wished it, was angry, the bot failed too often, the merchant's table
says so."""
PAYING = frozenset(("order_pay",))
"""Where somebody buys what they have ordered already."""


@dataclass(frozen=True)
class Notes:
    """What is noted about a conversation's way to people. `why`: one of `REASONS`, '' for none; `taken_back`: from an
    agent who stayed silent, and nobody has it yet; `order_number`: as typed in the form, unproven."""

    why: str
    taken_back: bool
    order_number: str


def read_notes(row: ConversationRow) -> Notes:
    """The notes as they hold now: while the bot answers, or after the end, nobody is on the way."""
    context = json.loads(row.context)
    with_people, waits = row.owner != "bot" and row.status != "resolved", row.owner == "nobody"
    return Notes(
        str(context.get("why") or "") if with_people else "", waits and bool(context.get("taken_back")),
        str(context.get("order_number") or ""),
    )  # fmt: skip


def note(row: ConversationRow, **notes: Any) -> None:
    """Writes down notes beside what stands in the context; None takes one out."""
    context = json.loads(row.context) | notes
    gone = [name for name in notes if context[name] is None]
    row.context = json.dumps({name: context[name] for name in context if name not in gone}, ensure_ascii=False)


def forget_notes(row: ConversationRow) -> None:
    """The bot answers: how people came to it before is over."""
    note(row, why=None, taken_back=None, form=None, promised=None)


def begin_again(row: ConversationRow, now: datetime) -> None:
    """A resolved conversation goes on: with the bot, as if nothing had been, but that its shopper is known."""
    row.status, row.owner, row.failures = "bot", "bot", 0
    row.agent_id, row.agent_name, row.resolved_at, row.waiting_since = None, None, None, None
    row.topic, row.topic_by = "", "guess"
    note(row, begun_at=now.isoformat())


def is_returning(tx: Session, row: ConversationRow) -> bool:
    """Whether the shop knows the shopper: their talk came to its end before, they buy with an order of theirs proven,
    or the platform proved them to be a customer who wrote before. What nobody has proven counts for nothing."""
    if "begun_at" in json.loads(row.context):
        return True
    steps, _ = read_context(row)
    if row.order_id is not None and set(steps) & (BUYING - PAYING):
        return True
    if not row.customer_index:
        return False
    other = (
        ConversationRow.store_id == row.store_id, ConversationRow.customer_index == row.customer_index,
        ConversationRow.id != row.id, ConversationRow.created_at < row.created_at,
    )  # fmt: skip
    return tx.scalar(select(ConversationRow.id).where(*other).limit(1)) is not None


def is_known(care: Care, visitor: VisitorRow) -> bool:
    """`is_returning` for the visitor's conversation; False when there is none."""
    with care.db.reading(visitor.store_id) as tx:
        row = find_of_visitor(tx, visitor)
        return row is not None and is_returning(tx, row)


def choose_route(
    routing: Routing, store: StoreRow, now: datetime, *, phase: str, basket: bool, returning: bool, staffed: bool
) -> str:
    """``bot``, ``person`` or ``form``: who comes first for a shopper of this store now."""
    is_open = is_within_hours(store, now)
    return find_route(routing, phase, basket=basket, returning=returning, is_open=is_open, staffed=staffed)


def wants_person_first(
    routing: Routing, store: StoreRow, row: ConversationRow, now: datetime, *, returning: bool, staffed: bool
) -> bool:
    """Whether the table gives this conversation to a person before the bot says anything. Not what an agent has given
    back to the bot since it began."""
    begun_at = json.loads(row.context).get("begun_at")
    began = datetime.fromisoformat(begun_at) if begun_at else row.created_at
    if row.handed_over_at is not None and row.handed_over_at >= began:
        return False
    basket = read_context(row)[1]
    route = choose_route(
        routing, store, now, phase=row.phase, basket=basket, returning=returning, staffed=staffed
    )
    return route == PERSON


def give_to_people(
    care: Care, tx: Session, store: StoreRow, row: ConversationRow, why: str, now: datetime, *, here: bool,
    client_id: str | None = None,
) -> MessageRow:
    """Hands a locked conversation over, notes why, and tells the shopper. Where nobody is `here` they hear when a
    person answers, and where no address was left the message form comes up."""
    row.failures = 0
    form = wish_form(row, now, here=here)
    note(row, why=why, taken_back=None)
    later = "" if here else promise_words(tx, store, row, now)
    words = hand_over_words(translator(row.locale, "care"), why, later, form=form)
    return hand_over(tx, care.hub, row, Said("system", words, client_id=client_id), now)


def wish_form(row: ConversationRow, now: datetime, *, here: bool) -> bool:
    """Notes whether the shopper is to be shown the message form, or is promised somebody who is `here`; says whether
    it is the form."""
    form = not here and row.email is None
    note(row, form=True if form else None, promised=True if here else None)
    if form:
        ask_for_email(row, now)
    return form


def is_promised(row: ConversationRow) -> bool:
    """Whether the shopper still waits for somebody who was there when it was promised."""
    waits = row.owner == "nobody" and row.status == "open" and row.waiting_since is not None
    return waits and bool(json.loads(row.context).get("promised"))


def take_promise_back(care: Care, tx: Session, store: StoreRow, row: ConversationRow, now: datetime) -> None:
    """Tells the shopper of a locked conversation that nobody is there any more, once, and when a person answers; the
    message form comes up where no address was left."""
    form = wish_form(row, now, here=False)
    later = promise_words(tx, store, row, now)
    words = hand_over_words(translator(row.locale, "care"), "", later, form=form)
    add_message(tx, care.hub, row, Said("system", words), now)
    note_change(tx, care.hub, row)


def hand_over_words(words: Translator, why: str, later: str, *, form: bool) -> str:
    """What the shopper hears when a person is to take over; promises nothing that is not so. `later`: when a person
    answers, '' where one is there."""
    _ = words.gettext
    lead = {
        ANGER: _("We are sorry about this trouble."), FAILED: _("The assistant could not help you so far."),
    }.get(why, "")  # fmt: skip
    if not later:
        said: Sequence[str] = (_("We have told the team. A person will answer you here in a moment."),)
    else:
        said = (
            _("We have told the team, but nobody is at the counter right now."),
            later,
            leave_words(words) if form else "",
        )
    return " ".join(part for part in (lead, *said) if part)


def leave_words(words: Translator) -> str:
    """The invitation to the message form."""
    return words.gettext("Leave us your e-mail address, and the answer reaches you there as well.")
