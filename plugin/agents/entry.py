"""Coming in: a link that works once, at most a day long, and only when its button is pressed.

Opening a link changes nothing, because mail programs and scanners open links too. Links and sessions are random
tokens of 192 bits; the database has their hashes alone.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session as Transaction

from plugin.agents.models import AgentRow, AgentSessionRow, SignInLinkRow
from plugin.agents.people import find_agent_by_index
from plugin.agents.tokens import hash_token, mint_token
from plugin.mail import clean_words

LINK_LIFETIME = timedelta(hours=24)
MOST_LINKS = 5
"""Links that an address may ask for in an hour, or in a day before it has used one: nobody fills somebody else's
mailbox with them."""


def mint_sign_in_link(tx: Transaction, agent_id: int, now: datetime) -> str:
    """The token of a new link; whoever asks puts it into ``/desk/enter/<token>``. It is given out this once."""
    token = mint_token()
    tx.execute(
        delete(SignInLinkRow).where(SignInLinkRow.agent_id == agent_id, SignInLinkRow.expires_at <= now)
    )
    tx.add(
        SignInLinkRow(
            agent_id=agent_id, token_hash=hash_token(token), created_at=now, expires_at=now + LINK_LIFETIME
        )
    )
    tx.flush()
    return token


def mint_link_for_index(tx: Transaction, email_index: str, now: datetime) -> tuple[AgentRow, str] | None:
    """The agent of an address (by its blind index) with a new link's token; None when nobody has the address, or
    its agent asked too often."""
    agent = find_agent_by_index(tx, email_index)
    if agent is None:
        return None
    # An address that only a shop named, and whose owner never came, is not filled for days on end.
    window = timedelta(hours=1) if has_used_link(tx, agent.id) else LINK_LIFETIME
    lately = (SignInLinkRow.agent_id == agent.id, SignInLinkRow.created_at > now - window)
    asked = tx.scalar(select(func.count()).select_from(SignInLinkRow).where(*lately)) or 0
    return (agent, mint_sign_in_link(tx, agent.id, now)) if asked < MOST_LINKS else None


def find_agent_by_link(tx: Transaction, token: str, now: datetime) -> AgentRow | None:
    """Whom a link would sign in; None when it is unknown, used or expired. Changes nothing."""
    hashed = hash_token(token)
    if hashed is None:
        return None
    good = (
        SignInLinkRow.token_hash == hashed,
        SignInLinkRow.used_at.is_(None),
        SignInLinkRow.expires_at > now,
    )
    return tx.scalar(select(AgentRow).join(SignInLinkRow, SignInLinkRow.agent_id == AgentRow.id).where(*good))


def sign_in(tx: Transaction, token: str, now: datetime, browser: str = "") -> str | None:
    """Uses a link up and gives the token of a new session, for the cookie. None: the link is no good (any more).

    `browser`: what the person will recognise it by in the list of sessions.
    """
    hashed = hash_token(token)
    if hashed is None:
        return None
    good = (
        SignInLinkRow.token_hash == hashed,
        SignInLinkRow.used_at.is_(None),
        SignInLinkRow.expires_at > now,
    )
    # One statement compares and sets, so that of two presses at the same moment one signs in.
    used = tx.execute(update(SignInLinkRow).where(*good).values(used_at=now))
    if getattr(used, "rowcount", 0) != 1:
        return None
    agent_id = tx.scalars(select(SignInLinkRow.agent_id).where(SignInLinkRow.token_hash == hashed)).one()
    return open_session(tx, agent_id, now, browser)


def has_used_link(tx: Transaction, agent_id: int) -> bool:
    """Whether somebody ever came in as this agent by a sign-in link, and so has shown that the address is theirs. A
    shop's word (a hand-over) shows nothing of the kind: whoever runs the shop may name any address."""
    used = exists().where(SignInLinkRow.agent_id == agent_id, SignInLinkRow.used_at.is_not(None))
    # Used links are forgotten sooner than what they opened.
    opened = exists().where(AgentSessionRow.agent_id == agent_id, AgentSessionRow.bound_to.is_(None))
    return bool(tx.scalar(select(or_(used, opened))))


def open_session(
    tx: Transaction, agent_id: int, now: datetime, browser: str = "", bound_to: int | None = None
) -> str:
    """The token of a new session, for the cookie. `bound_to`: the row id of the only store it opens."""
    session_token = mint_token()
    tx.add(
        AgentSessionRow(
            public_id="as_" + secrets.token_urlsafe(9), agent_id=agent_id, token_hash=hash_token(session_token),
            browser=clean_words(browser, 80), created_at=now, last_seen_at=now, bound_to=bound_to,
        )
    )  # fmt: skip
    tx.flush()
    return session_token
