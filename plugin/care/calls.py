"""Who waits for a person and has not been heard yet, and the promise to call the agents to the desk for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow
from plugin.work import put

CALL_AFTER = timedelta(seconds=20)
"""Whoever is just opening the desk has this moment; with it the mail still leaves within a minute."""
CALL_NO_MORE = timedelta(days=1)
"""Whoever has waited longer is not called for again: the desk and the list say it."""


def promise_call(tx: Session, conversation: ConversationRow, now: datetime) -> None:
    """To be called whenever a shopper begins to wait for a person, in the same transaction. One job per store looks
    after all who wait; the earliest wish decides when."""
    promise_look(tx, conversation.store_id, now + CALL_AFTER)


def promise_look(tx: Session, store_id: int, at: datetime) -> None:
    """The job `care.call_agents` of this store, at the latest then."""
    put(tx, "care.call_agents", {}, due_at=at, store=store_id, key=f"call:{store_id}")


def promise_late(tx: Session, store_id: int, agents: Sequence[int], at: datetime) -> None:
    """The mail server took some of the mails: these agents' are tried again by themselves."""
    put(tx, "care.call_agents", {"agents": list(agents)}, due_at=at, store=store_id)


def list_waiting(tx: Session, store_id: int, now: datetime) -> Sequence[ConversationRow]:
    """Conversations of the store whose shopper waits for a person, longest wait first."""
    which = select(ConversationRow).where(*_waits(store_id, now))
    return list(tx.scalars(which.order_by(ConversationRow.waiting_since, ConversationRow.id)))


def is_uncalled(row: ConversationRow) -> bool:
    """Whether nobody was called yet for this wait: an earlier one's call does not count."""
    assert row.waiting_since is not None
    return row.called_at is None or row.called_at < row.waiting_since


def note_called(tx: Session, store_id: int, ids: Sequence[int], now: datetime) -> None:
    """The agents were called for these conversations, as far as their shoppers wait still."""
    uncalled = or_(ConversationRow.called_at.is_(None), ConversationRow.called_at < ConversationRow.waiting_since)
    which = (*_waits(store_id, now), ConversationRow.id.in_(ids), uncalled)
    tx.execute(update(ConversationRow).where(*which).values(called_at=now))


def _waits(store_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    since = ConversationRow.waiting_since
    return (
        ConversationRow.store_id == store_id, ConversationRow.status == "open",
        since.is_not(None), since > now - CALL_NO_MORE,
    )  # fmt: skip
