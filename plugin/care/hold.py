"""Who holds a conversation. One at a time: the bot, nobody, or one agent; every change compares before it sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.doors import Care
from plugin.care.mail_answer import promise_answer_mail
from plugin.care.models import ConversationRow, MessageRow
from plugin.care.routes import note
from plugin.care.take_back import promise_take_back
from plugin.care.threads import (
    PUBLIC_ID,
    Said,
    add_message,
    find_by_client_id,
    lock_conversation,
    note_change,
)
from plugin.care.waits import end_wait, resume_wait
from plugin.language import translator
from plugin.stores import get_store


@dataclass(frozen=True)
class Agent:
    """A person who answers; `name` is what shoppers see. Whether they may is checked before they come here."""

    id: int
    name: str


class HeldByOther(Exception):
    """Another agent holds this conversation; `name` says who."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} holds this conversation.")
        self.name = name


def take(
    care: Care, store_id: int, public_id: str, agent: Agent, *, from_agent: int | None = None
) -> ConversationRow:
    """Takes a conversation from the bot, from nobody, or, when named by `from_agent`, from a colleague.

    Taking what one has changes nothing. Raises `LookupError` for an unknown conversation, `HeldByOther`.
    """
    with locked(care, store_id, public_id) as (tx, row):
        _take(care, tx, row, agent, from_agent)
        promise_take_back(tx, get_store(tx, store_id), row, care.clock.now())
        return row


def _take(care: Care, tx: Session, row: ConversationRow, agent: Agent, from_agent: int | None = None) -> None:
    if _holds(row) == agent.id and row.status == "open":
        return
    if _holds(row) not in (None, agent.id, from_agent):
        raise HeldByOther(row.agent_name or "")
    resumed = row.status == "resolved" and resume_wait(tx, row, care.clock.now())
    if not resumed and (row.handed_over_at is None or row.owner == "bot" or row.status == "resolved"):
        # Whoever takes it unasked hands it over to themselves: the first reply is counted from here.
        row.handed_over_at, row.first_reply_at = care.clock.now(), None
    known = row.owner == "agent" and row.agent_id == agent.id
    row.status, row.owner, row.agent_id, row.agent_name = "open", "agent", agent.id, agent.name
    row.resolved_at = row.offered_at = None
    note(row, promised=None)
    if not known:
        joined = translator(row.locale, "care").gettext("{name} has joined the conversation.")
        add_message(tx, care.hub, row, Said("system", joined.format(name=agent.name)), care.clock.now())
    note_change(tx, care.hub, row)


def reply(care: Care, store_id: int, public_id: str, agent: Agent, text: str, client_id: str) -> MessageRow:
    """An agent's message; a conversation that no other agent holds becomes theirs with it. Sending again with the
    same client id gives the same message. Raises `LookupError`, `HeldByOther`."""
    with locked(care, store_id, public_id) as (tx, row):
        return add_reply(care, tx, row, agent, Said("agent", text, client_id=client_id))


def add_reply(care: Care, tx: Session, row: ConversationRow, agent: Agent, said: Said) -> MessageRow:
    """The agent's message in a locked conversation, which becomes theirs with it; the one that was sent before with
    the same client id. Raises `HeldByOther`."""
    known = find_by_client_id(tx, row, said.client_id) if said.client_id else None
    if known is not None:
        return known
    _take(care, tx, row, agent)
    now = care.clock.now()
    row.waiting_since = None
    end_wait(tx, row, "replied", now, agent.id)
    row.first_reply_at = row.first_reply_at or now
    message = add_message(tx, care.hub, row, replace(said, agent=(agent.id, agent.name)), now)
    promise_answer_mail(tx, row, now)
    return message


def hold_now(
    care: Care, tx: Session, row: ConversationRow, agent: Agent, *, from_agent: int | None = None
) -> None:
    """A locked conversation becomes the agent's, as `take` does it. Raises `HeldByOther`."""
    _take(care, tx, row, agent, from_agent)


def resolve(care: Care, store_id: int, public_id: str, agent: Agent) -> ConversationRow:
    """The conversation is done; the shopper opens it again by writing. Raises `LookupError`, `HeldByOther`."""
    with locked(care, store_id, public_id) as (tx, row):
        if _holds(row) not in (None, agent.id):
            raise HeldByOther(row.agent_name or "")
        if row.status != "resolved":
            row.status, row.owner, row.agent_id, row.agent_name = "resolved", "agent", agent.id, agent.name
            row.waiting_since, row.resolved_at = None, care.clock.now()
            end_wait(tx, row, "resolved", row.resolved_at)
            note_change(tx, care.hub, row)
        return row


def give_back_to_bot(care: Care, store_id: int, public_id: str, agent: Agent) -> ConversationRow:
    """The bot answers again from the shopper's next message on. Raises `LookupError`, `HeldByOther`."""
    with locked(care, store_id, public_id) as (tx, row):
        if _holds(row) not in (None, agent.id):
            raise HeldByOther(row.agent_name or "")
        if row.owner != "bot":
            row.status, row.owner, row.agent_id, row.agent_name = "bot", "bot", None, None
            row.waiting_since = row.resolved_at = None
            end_wait(tx, row, "bot", care.clock.now())
            note_change(tx, care.hub, row)
        return row


def _holds(row: ConversationRow) -> int | None:
    """The agent whose consent a change needs; a resolved conversation is nobody's."""
    return row.agent_id if row.owner == "agent" and row.status != "resolved" else None


def holds(row: ConversationRow) -> int | None:
    """The agent whose consent a change needs; None: nobody's."""
    return _holds(row)


@contextmanager
def locked(care: Care, store_id: int, public_id: str) -> Iterator[tuple[Session, ConversationRow]]:
    """A transaction with the conversation held in it. Raises `LookupError` for one that is not this store's."""
    with care.db.transaction(store_id) as tx:
        which = (ConversationRow.store_id == store_id, ConversationRow.public_id == public_id)
        known = PUBLIC_ID.fullmatch(public_id) is not None
        found = tx.scalar(select(ConversationRow.id).where(*which)) if known else None
        row = lock_conversation(tx, store_id, found) if found is not None else None
        if row is None:
            raise LookupError("There is no such conversation in this store.")
        yield tx, row
