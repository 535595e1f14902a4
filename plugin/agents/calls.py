"""Whom a waiting shopper's store may call to the desk by mail, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session as Transaction

from plugin.agents.models import AgentRow, MembershipRow

CALLS_APART = timedelta(minutes=15)
"""One agent is not called to one store's desk again sooner."""


@dataclass(frozen=True)
class Callee:
    """Somebody of the store who answers and wants to be called. `called_at`: when that was done last."""

    agent: AgentRow
    called_at: datetime | None

    def may_be_called(self, now: datetime) -> bool:
        return self.called_at is None or self.called_at <= now - CALLS_APART


def list_callees(tx: Transaction, store_id: int) -> Sequence[Callee]:
    """Owners and agents of the store who want to be called; never who only looks."""
    theirs = (
        select(AgentRow, MembershipRow.called_at)
        .join(MembershipRow, MembershipRow.agent_id == AgentRow.id)
        .where(
            MembershipRow.store_id == store_id, MembershipRow.role != "viewer", MembershipRow.takes_calls.is_(True)
        )
        .order_by(MembershipRow.id)
    )  # fmt: skip
    return [Callee(agent, called_at) for agent, called_at in tx.execute(theirs)]


def claim_call(tx: Transaction, store_id: int, agent_id: int, now: datetime) -> bool:
    """Writes down that the agent is being called; False when they were a moment ago. One statement decides, so that
    of two jobs one mails."""
    which = (
        MembershipRow.store_id == store_id, MembershipRow.agent_id == agent_id,
        or_(MembershipRow.called_at.is_(None), MembershipRow.called_at <= now - CALLS_APART),
    )  # fmt: skip
    done = tx.execute(update(MembershipRow).where(*which).values(called_at=now))
    return getattr(done, "rowcount", 0) == 1


def take_call_back(
    tx: Transaction, store_id: int, agent_id: int, claimed_at: datetime, before: datetime | None
) -> None:
    """The mail did not go out: the agent may be called again as before."""
    which = (
        MembershipRow.store_id == store_id, MembershipRow.agent_id == agent_id, MembershipRow.called_at == claimed_at,
    )  # fmt: skip
    tx.execute(update(MembershipRow).where(*which).values(called_at=before))


def has_come(tx: Transaction, store_id: int, agent_id: int) -> bool:
    """Whether the agent has come to this store's desk by themselves, or was never merely named by its shop."""
    which = (MembershipRow.store_id == store_id, MembershipRow.agent_id == agent_id)
    return tx.scalar(select(MembershipRow.id).where(*which, MembershipRow.takes_calls.is_(None))) is None


def note_came(tx: Transaction, store_id: int, agent_id: int) -> None:
    """The agent is at this store's desk in a session of their own, which no shop's word opened: from now on they are
    called to it, unless they have said whether they want that."""
    which = (MembershipRow.store_id == store_id, MembershipRow.agent_id == agent_id)
    tx.execute(update(MembershipRow).where(*which, MembershipRow.takes_calls.is_(None)).values(takes_calls=True))


def set_takes_calls(tx: Transaction, store_id: int, agent_id: int, wants: bool) -> bool:
    """Whether the agent is called to this store's desk; False when they are not of the store."""
    which = (MembershipRow.store_id == store_id, MembershipRow.agent_id == agent_id)
    done = tx.execute(update(MembershipRow).where(*which).values(takes_calls=wants))
    return getattr(done, "rowcount", 0) == 1
