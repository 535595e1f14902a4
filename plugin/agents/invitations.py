"""Asking somebody to the counter: an owner names an address and a role, a mail brings the link, its button lets in.

The link is a random token of 192 bits. It is made in the job that mails it, so that nobody but the mailbox ever has
it, and kept as a hash. It works once and for a day, and only while whoever asked still owns the store and the store is
connected: who was let go cannot come back by a link they left behind.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.orm import Session as Transaction

from plugin.agents.entry import has_used_link
from plugin.agents.models import AgentRow, InvitationRow, MembershipRow
from plugin.agents.people import (
    ROLES,
    add_membership,
    create_agent,
    find_agent,
    get_role,
    index_of,
    rename_agent,
    set_locale,
)
from plugin.agents.tokens import hash_token, mint_token
from plugin.mail import read_address
from plugin.stores import StoreRow

INVITATION_LIFETIME = timedelta(hours=24)
COUNTED = timedelta(days=1)
MOST_TO_ADDRESS = 3
"""Mails with an invitation that one address gets in a day, from all stores together: nobody fills a mailbox."""
MOST_OF_STORE = 20
"""And that one store sends in a day."""
SHOWN = timedelta(days=7)
"""How long one that was not answered stays in the list, to be sent again by one press."""
KEPT = timedelta(days=30)


class NotInvited(Exception):
    """Nothing was changed. `code`: ``role``, ``inside`` (they are of the store), ``often_address``, ``often_store``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Asked:
    """One line of the list. `state`: ``unsent`` (the mail has not gone out, or its address took none), ``sent``,
    ``over`` (a day passed, or who asked owns the store no more)."""

    row: InvitationRow
    state: str


def invite(
    tx: Transaction, store_id: int, email: str, role: str, invited_by: int, now: datetime, locale: str
) -> InvitationRow:
    """A new invitation; one that waits for the same address ends with it. The caller promises the mail. Raises
    `MailInvalid` for what is no address, `NotInvited`."""
    if role not in ROLES:
        raise NotInvited("role")
    address = read_address(email)
    known = find_agent(tx, address)
    if known is not None and get_role(tx, store_id, known.id) is not None:
        raise NotInvited("inside")
    index = index_of(tx, address)
    _check_limits(tx, store_id, index, now)
    withdraw_invitations(tx, store_id, now, index)
    row = InvitationRow(
        store_id=store_id, public_id="in_" + secrets.token_urlsafe(9), token_hash=None, email=address,
        email_index=index, role=role, invited_by=invited_by, locale=locale, created_at=now,
        expires_at=now + INVITATION_LIFETIME,
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    return row


def _check_limits(tx: Transaction, store_id: int, email_index: str, now: datetime) -> None:
    """Each row is one mail, so rows are what is counted."""
    lately = select(func.count()).select_from(InvitationRow).where(InvitationRow.created_at > now - COUNTED)
    if (tx.scalar(lately.where(InvitationRow.email_index == email_index)) or 0) >= MOST_TO_ADDRESS:
        raise NotInvited("often_address")
    if (tx.scalar(lately.where(InvitationRow.store_id == store_id)) or 0) >= MOST_OF_STORE:
        raise NotInvited("often_store")


def _is_one_too_many(tx: Transaction, row: InvitationRow) -> bool:
    """Whether a newer one waits for the same address, or as many as may be were asked for before this one."""
    same, count = InvitationRow.email_index == row.email_index, select(func.count()).select_from(InvitationRow)
    newer = count.where(InvitationRow.store_id == row.store_id, same, InvitationRow.id > row.id, *_OPEN)
    before = count.where(InvitationRow.created_at > row.created_at - COUNTED, InvitationRow.id < row.id)
    to_address = tx.scalar(before.where(same)) or 0
    of_store = tx.scalar(before.where(InvitationRow.store_id == row.store_id)) or 0
    return bool(tx.scalar(newer)) or to_address >= MOST_TO_ADDRESS or of_store >= MOST_OF_STORE


def find_invitation(tx: Transaction, store_id: int, public_id: str) -> InvitationRow | None:
    """One of this store that was neither used nor withdrawn."""
    which = (InvitationRow.store_id == store_id, InvitationRow.public_id == public_id)
    return tx.scalar(select(InvitationRow).where(*which, *_OPEN))


def list_invitations(tx: Transaction, store_id: int, now: datetime) -> Sequence[Asked]:
    """What was not answered yet, newest first."""
    which = (InvitationRow.store_id == store_id, InvitationRow.created_at > now - SHOWN, *_OPEN)
    rows = tx.scalars(select(InvitationRow).where(*which).order_by(InvitationRow.id.desc())).all()
    good = set(tx.scalars(select(InvitationRow.id).where(InvitationRow.store_id == store_id, *_good(now))))
    return [
        Asked(row, "over" if row.id not in good else "sent" if row.token_hash is not None else "unsent")
        for row in rows
    ]


def withdraw_invitation(tx: Transaction, store_id: int, public_id: str, now: datetime) -> bool:
    """Its link opens nothing any more; False when there is none that waits."""
    which = (InvitationRow.store_id == store_id, InvitationRow.public_id == public_id)
    done = tx.execute(update(InvitationRow).where(*which, *_OPEN).values(revoked_at=now, token_hash=None))
    return getattr(done, "rowcount", 0) == 1


def withdraw_invitations(tx: Transaction, store_id: int, now: datetime, email_index: str | None = None) -> None:
    """All of a store, or those to one address."""
    theirs = [InvitationRow.store_id == store_id, *_OPEN]
    if email_index is not None:
        theirs.append(InvitationRow.email_index == email_index)
    tx.execute(update(InvitationRow).where(*theirs).values(revoked_at=now, token_hash=None))


def mint_invitation(tx: Transaction, invitation_id: int, now: datetime) -> tuple[InvitationRow, str] | None:
    """The token for the mail, which is given out this once and lives a day from now; None when the invitation is no
    good any more. Minted again (the mail server was away), only the newest opens. Here, after all of them were written
    down, those that were asked for at the same moment are counted once more."""
    row = tx.scalar(select(InvitationRow).where(InvitationRow.id == invitation_id, *_good(now)))
    if row is None or _is_one_too_many(tx, row):
        return None
    token = mint_token()
    row.token_hash, row.expires_at = hash_token(token), now + INVITATION_LIFETIME
    tx.flush()
    return row, token


def forget_token(tx: Transaction, invitation_id: int) -> None:
    """Its mailbox refused the mail: nobody has the link, and the list says so."""
    unanswered = update(InvitationRow).where(InvitationRow.id == invitation_id, *_OPEN)
    tx.execute(unanswered.values(token_hash=None))


def find_by_token(tx: Transaction, token: str, now: datetime) -> InvitationRow | None:
    """The invitation that a link would accept; None when it is unknown, used, withdrawn or too old. Changes nothing."""
    hashed = hash_token(token)
    if hashed is None:
        return None
    return tx.scalar(select(InvitationRow).where(InvitationRow.token_hash == hashed, *_good(now)))


def accept_invitation(
    tx: Transaction, token: str, name: str, locale: str, now: datetime
) -> tuple[InvitationRow, AgentRow] | None:
    """Uses the link up, and any other to the same address, and gives who came in by it, made when new, with a place at
    the store's counter. Whoever got into the store meanwhile stays what they are there. None: the link is no good (any
    more)."""
    hashed = hash_token(token)
    if hashed is None:
        return None
    _lock_address(tx, hashed)
    row = find_by_token(tx, token, now)
    if row is None:
        return None
    row.used_at = now
    tx.flush()
    withdraw_invitations(tx, row.store_id, now, row.email_index)
    new = needs_name(tx, row.email)
    agent = create_agent(tx, row.email, name, locale, now)
    if new:
        rename_agent(tx, agent.id, name)
        set_locale(tx, agent.id, locale)
    if get_role(tx, row.store_id, agent.id) is None:
        add_membership(tx, row.store_id, agent.id, row.role, now)
    return row, agent


def _lock_address(tx: Transaction, hashed: str) -> None:
    """Whoever accepts an invitation to the same address, this one or another, of whatever store, comes after us: both
    make the same agent, and each ends the other links of its store."""
    same = select(InvitationRow.email_index).where(InvitationRow.token_hash == hashed)
    theirs = select(InvitationRow.id).where(InvitationRow.email_index.in_(same), *_OPEN)
    tx.execute(theirs.order_by(InvitationRow.id).with_for_update())


def needs_name(tx: Transaction, email: str) -> bool:
    """Whether whoever has this mailbox has still to say what shoppers shall call them: nobody came in with it yet. A
    shop's word may have named the address before, and with it a name that is not theirs."""
    known = find_agent(tx, email)
    return known is None or not has_used_link(tx, known.id)


def forget_invitations(tx: Transaction, now: datetime) -> int:
    """The addresses of all stores' old invitations go; gives their number."""
    gone = tx.execute(delete(InvitationRow).where(InvitationRow.created_at < now - KEPT))
    return int(getattr(gone, "rowcount", 0))


_OPEN = (InvitationRow.used_at.is_(None), InvitationRow.revoked_at.is_(None))


def _good(now: datetime) -> tuple[ColumnElement[bool], ...]:
    by_owner = exists().where(
        MembershipRow.store_id == InvitationRow.store_id, MembershipRow.agent_id == InvitationRow.invited_by,
        MembershipRow.role == "owner",
    )  # fmt: skip
    connected = exists().where(StoreRow.id == InvitationRow.store_id, StoreRow.status != "uninstalled")
    return (*_OPEN, InvitationRow.expires_at > now, by_owner, connected)
