"""A shop's word about one of its staff, good once.

The shop signs who stands at its back door; whoever runs the shop can sign any e-mail address. So such a word opens a
session bound to that shop's store (`entry.open_session`), and never one that opens anything else of the agent.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as Transaction

from plugin.agents.models import AgentRow, HandOverRow, MembershipRow
from plugin.agents.people import add_membership, create_agent, get_role

REMEMBERED = timedelta(days=1)
"""Longer than any word is good for (`plugin.contract` adapters: 60 seconds; our own second half: five minutes)."""


def welcome(
    tx: Transaction, store_id: int, email: str, name: str, locale: str, now: datetime, role: str = "owner", *,
    anybody: bool = False,
) -> AgentRow:
    """The agent whom the shop names, made when there is none, with a place at this store's counter. What they are
    here already stays as it is; somebody new gets `role`, and the first in a store without an owner owns it. Raises
    `MailInvalid`.

    `anybody`: anybody may connect a shop. Then whom it names is not called to its desk by mail before they have come
    there by themselves (`calls.note_came`)."""
    agent = create_agent(tx, email, name, locale, now)
    if get_role(tx, store_id, agent.id) is None:
        row = add_membership(tx, store_id, agent.id, role if has_owner(tx, store_id) else "owner", now)
        row.takes_calls = None if anybody else True
        tx.flush()
    return agent


def has_owner(tx: Transaction, store_id: int) -> bool:
    """Whether anybody may change the store's wishes."""
    owners = exists().where(MembershipRow.store_id == store_id, MembershipRow.role == "owner")
    return bool(tx.scalar(select(owners)))


def use_word(tx: Transaction, word: str, agent_id: int, now: datetime) -> bool:
    """Uses a signed word up; False when it was used before. One statement decides, so that of two at once one wins."""
    tx.execute(delete(HandOverRow).where(HandOverRow.used_at < now - REMEMBERED))
    insert = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"proof_hash": hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest(),
              "agent_id": agent_id, "used_at": now}  # fmt: skip
    once = insert(HandOverRow).values(values).on_conflict_do_nothing(index_elements=["proof_hash"])
    return tx.scalar(once.returning(HandOverRow.id)) is not None


def has_other_stores(tx: Transaction, agent_id: int, store_id: int) -> bool:
    """Whether the agent stands at another counter too."""
    others = exists().where(MembershipRow.agent_id == agent_id, MembershipRow.store_id != store_id)
    return bool(tx.scalar(select(others)))
