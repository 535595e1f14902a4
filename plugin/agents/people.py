"""Agents and their stores. All functions take the caller's transaction: agents belong to no store, so it is one
over all of them (``transaction(ALL, "why")``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as Transaction

from plugin.agents.models import AgentRow, MembershipRow
from plugin.database import Base, Vault
from plugin.language import LOCALES, language_of
from plugin.mail import check_address, clean_words

ROLES = ("owner", "agent", "viewer")
"""owner: changes the store's wishes and its team too; agent: answers shoppers and has orders read again; viewer: sees
what agents see and changes nothing."""
NAME_LIMIT = 60


@dataclass(frozen=True)
class Colleague:
    """One line of a store's team. `has_come`: to its desk by themselves, or was never merely named by its shop."""

    agent: AgentRow
    role: str
    has_come: bool


def index_address(vault: Vault, email: str) -> str:
    """The blind index of an agent's address; upper and lower case are one."""
    return vault.index("agent-email", email.strip().lower())


def index_of(tx: Transaction, email: str) -> str:
    """The same, with the keys of the transaction's database."""
    return index_address(_vault(tx), email)


def _vault(tx: Transaction) -> Vault:
    vault: Vault = tx.get_bind().dialect.mostrador_vault  # type: ignore[attr-defined]
    return vault


def create_agent(
    tx: Transaction, email: str, name: str, locale: str, now: datetime | None = None
) -> AgentRow:
    """The agent with this address, made when there is none; one who is there stays as they are, so that setting up
    may be done again. Enters no store by itself. Raises `MailInvalid` for what is no address."""
    email = check_address(email.strip())
    known = find_agent(tx, email)
    if known is not None:
        return known
    index = index_of(tx, email)
    _insert_once(
        tx, AgentRow, email=email, email_index=index, name=_clean_name(name) or email.partition("@")[0],
        locale=language_of(locale), created_at=now or datetime.now(UTC),
    )  # fmt: skip
    return tx.scalars(select(AgentRow).where(AgentRow.email_index == index)).one()


def _insert_once(tx: Transaction, table: type[Base], **values: Any) -> None:
    """A row, unless somebody else makes the same one at this moment: then theirs stands."""
    insert = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    tx.execute(insert(table).values(values).on_conflict_do_nothing())


def _clean_name(name: str) -> str:
    return clean_words(name, NAME_LIMIT)


def find_agent(tx: Transaction, email: str) -> AgentRow | None:
    """The agent with this address."""
    return find_agent_by_index(tx, index_of(tx, email))


def find_agent_by_index(tx: Transaction, email_index: str) -> AgentRow | None:
    """The agent with the address behind a blind index."""
    return tx.scalar(select(AgentRow).where(AgentRow.email_index == email_index))


def get_agent(tx: Transaction, agent_id: int) -> AgentRow | None:
    """By row id."""
    return tx.get(AgentRow, agent_id)


def rename_agent(tx: Transaction, agent_id: int, name: str) -> bool:
    """The name shoppers see; False (and nothing changed) when nothing is left of it."""
    row, cleaned = tx.get(AgentRow, agent_id), _clean_name(name)
    if row is None or not cleaned:
        return False
    row.name = cleaned
    return True


def set_locale(tx: Transaction, agent_id: int, locale: str) -> None:
    """The language of the desk; one we have no words for changes nothing."""
    row = tx.get(AgentRow, agent_id)
    if row is not None and locale in LOCALES:
        row.locale = locale


def add_membership(
    tx: Transaction, store_id: int, agent_id: int, role: str = "agent", now: datetime | None = None
) -> MembershipRow:
    """Lets an agent into a store; for one who is in it, changes the role. Raises ValueError for an unknown role."""
    if role not in ROLES:
        raise ValueError(f"A role is one of: {', '.join(ROLES)}.")
    if tx.scalar(_membership(store_id, agent_id)) is None:
        values = {"store_id": store_id, "agent_id": agent_id, "role": role, "created_at": now or datetime.now(UTC)}
        _insert_once(tx, MembershipRow, **values)
    row = tx.scalars(_membership(store_id, agent_id)).one()
    row.role = role
    tx.flush()
    return row


def set_role(tx: Transaction, store_id: int, agent_id: int, role: str) -> bool:
    """What a member of the store may do from now on. False, and nothing changed: the agent is not of the store, or is
    its last owner and would be none any more. Raises ValueError for an unknown role."""
    if role not in ROLES:
        raise ValueError(f"A role is one of: {', '.join(ROLES)}.")
    if role != "owner" and is_last_owner(tx, store_id, agent_id):
        return False
    row = tx.scalar(_membership(store_id, agent_id))
    if row is None:
        return False
    row.role = role
    tx.flush()
    return True


def remove_membership(tx: Transaction, store_id: int, agent_id: int) -> None:
    """The agent no longer gets into the store; open streams end within five seconds."""
    tx.execute(
        delete(MembershipRow).where(MembershipRow.store_id == store_id, MembershipRow.agent_id == agent_id)
    )


def is_last_owner(tx: Transaction, store_id: int, agent_id: int) -> bool:
    """Whether the store would be nobody's without this agent. Its owners stay locked until the transaction ends: of two
    who remove each other at once, one stays."""
    which = select(MembershipRow.agent_id).where(MembershipRow.store_id == store_id, MembershipRow.role == "owner")
    owners = set(tx.scalars(which.order_by(MembershipRow.id).with_for_update()))
    return owners == {agent_id}


def _membership(store_id: int, agent_id: int) -> Select[MembershipRow]:
    return select(MembershipRow).where(MembershipRow.store_id == store_id, MembershipRow.agent_id == agent_id)


def get_role(tx: Transaction, store_id: int, agent_id: int) -> str | None:
    """owner, agent, viewer, or None: the agent has no business in this store."""
    row = tx.scalar(_membership(store_id, agent_id))
    return row.role if row is not None else None


def list_memberships(tx: Transaction, agent_id: int) -> Sequence[MembershipRow]:
    """The stores of one agent, oldest membership first."""
    mine = select(MembershipRow).where(MembershipRow.agent_id == agent_id).order_by(MembershipRow.id)
    return list(tx.scalars(mine))


def list_team(tx: Transaction, store_id: int) -> Sequence[Colleague]:
    """The agents of one store: owners, who answers, who only looks."""
    rank = case({role: place for place, role in enumerate(ROLES)}, value=MembershipRow.role, else_=len(ROLES))
    joined = (
        select(AgentRow, MembershipRow.role, MembershipRow.takes_calls.is_not(None))
        .join(MembershipRow, MembershipRow.agent_id == AgentRow.id)
        .where(MembershipRow.store_id == store_id)
        .order_by(rank, MembershipRow.id)
    )
    return [Colleague(agent, role, has_come) for agent, role, has_come in tx.execute(joined)]


def first_agent(tx: Transaction) -> AgentRow | None:
    """Who was here first: the one who set this instance up."""
    return tx.scalars(select(AgentRow).order_by(AgentRow.id)).first()
