"""Sessions: found by the cookie's token, listed to their agent, revoked at once. They end after 30 idle days.

A session that a shop's own word opened (a hand-over) is bound to that shop: whoever runs a shop may name any address,
so it opens that one store and shows nothing else of the agent. It ends after a day: the shop can say its word again
with one press, and only for people who still work there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session as Transaction

from plugin.agents.invitations import withdraw_invitations
from plugin.agents.models import AgentRow, AgentSessionRow, SignInLinkRow
from plugin.agents.tokens import hash_token

IDLE = timedelta(days=30)
BOUND_LIFE = timedelta(days=1)
KEEP_ENDED = timedelta(days=90)


@dataclass(frozen=True)
class Session:
    """A signed-in agent in one browser."""

    id: int
    public_id: str
    agent: AgentRow
    last_seen_at: datetime
    bound_to: int | None = None
    """The row id of the only store it opens, or None."""


def find_session(tx: Transaction, token: str, now: datetime) -> Session | None:
    """Whose session a cookie's token opens; None for anything unknown, revoked, idle too long or malformed."""
    hashed = hash_token(token)
    if hashed is None:
        return None
    joined = select(AgentSessionRow, AgentRow).join(AgentRow, AgentRow.id == AgentSessionRow.agent_id)
    found = tx.execute(joined.where(AgentSessionRow.token_hash == hashed, *_good(now))).first()
    if found is None:
        return None
    row, agent = found
    return Session(row.id, row.public_id, agent, row.last_seen_at, row.bound_to)


def _good(now: datetime) -> tuple[ColumnElement[bool], ...]:
    fresh = or_(AgentSessionRow.bound_to.is_(None), AgentSessionRow.created_at > now - BOUND_LIFE)
    return AgentSessionRow.revoked_at.is_(None), AgentSessionRow.last_seen_at > now - IDLE, fresh


def is_session_good(tx: Transaction, session_id: int, now: datetime) -> bool:
    """Whether a session that was good a moment ago still is."""
    which = select(AgentSessionRow.id).where(AgentSessionRow.id == session_id, *_good(now))
    return tx.scalar(which) is not None


def note_seen(tx: Transaction, session_id: int, now: datetime) -> None:
    """The agent did something: the 30 days begin anew."""
    which = (AgentSessionRow.id == session_id, AgentSessionRow.last_seen_at < now)
    tx.execute(update(AgentSessionRow).where(*which).values(last_seen_at=now))


def list_sessions(tx: Transaction, agent_id: int, now: datetime) -> Sequence[AgentSessionRow]:
    """Where an agent is signed in now, last seen first."""
    mine = select(AgentSessionRow).where(AgentSessionRow.agent_id == agent_id, *_good(now))
    return list(tx.scalars(mine.order_by(AgentSessionRow.last_seen_at.desc(), AgentSessionRow.id.desc())))


def revoke_session(tx: Transaction, agent_id: int, public_id: str, now: datetime) -> bool:
    """Ends one session of this agent; False when the agent has none of this id."""
    which = (AgentSessionRow.agent_id == agent_id, AgentSessionRow.public_id == public_id)
    ended = tx.execute(
        update(AgentSessionRow).where(*which, AgentSessionRow.revoked_at.is_(None)).values(revoked_at=now)
    )
    _forget_ended(tx, agent_id, now)
    return getattr(ended, "rowcount", 0) == 1


def revoke_other_sessions(tx: Transaction, agent_id: int, kept_id: int, now: datetime) -> int:
    """Ends all sessions of this agent but one; gives their number."""
    others = (
        AgentSessionRow.agent_id == agent_id,
        AgentSessionRow.id != kept_id,
        AgentSessionRow.revoked_at.is_(None),
    )
    ended = tx.execute(update(AgentSessionRow).where(*others).values(revoked_at=now))
    _end_links(tx, agent_id, now)
    return int(getattr(ended, "rowcount", 0))


def end_all_sessions(tx: Transaction, agent_id: int, now: datetime) -> int:
    """Ends every session of this agent, the asking one too; gives their number."""
    which = (AgentSessionRow.agent_id == agent_id, AgentSessionRow.revoked_at.is_(None))
    ended = tx.execute(update(AgentSessionRow).where(*which).values(revoked_at=now))
    _end_links(tx, agent_id, now)
    return int(getattr(ended, "rowcount", 0))


def _end_links(tx: Transaction, agent_id: int, now: datetime) -> None:
    """Links that were mailed and not pressed: whoever signs out elsewhere may have lost the mailbox's device, too."""
    mine = (SignInLinkRow.agent_id == agent_id, SignInLinkRow.used_at.is_(None), SignInLinkRow.expires_at > now)
    tx.execute(update(SignInLinkRow).where(*mine).values(expires_at=now))


def end_bound_sessions(tx: Transaction, store_id: int, now: datetime, agent_id: int | None = None) -> None:
    """Ends what the store's own word opened: its shop speaks for nobody any more, or no longer for this agent. With the
    whole store's, its open invitations are withdrawn: whoever brings the shop back asks people anew."""
    if agent_id is None:
        withdraw_invitations(tx, store_id, now)
    theirs = [AgentSessionRow.bound_to == store_id, AgentSessionRow.revoked_at.is_(None)]
    if agent_id is not None:
        theirs.append(AgentSessionRow.agent_id == agent_id)
    tx.execute(update(AgentSessionRow).where(*theirs).values(revoked_at=now))


def _forget_ended(tx: Transaction, agent_id: int, now: datetime) -> None:
    old = AgentSessionRow.last_seen_at < now - KEEP_ENDED
    tx.execute(delete(AgentSessionRow).where(AgentSessionRow.agent_id == agent_id, old))
