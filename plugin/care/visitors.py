"""Visitors and their tokens: 128 random bits, known to the browser alone, kept here as a hash."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from plugin.care.doors import Care
from plugin.care.models import VisitorRow
from plugin.database import ALL, Vault

LIFETIME = timedelta(days=30)
FORGIVEN = timedelta(minutes=10)
"""How long a first message whose answer was lost on the way may be sent again and find its visitor."""
_TOKEN = re.compile(r"vt_[A-Za-z0-9_-]{22}")


def find_visitor(care: Care, token: str) -> VisitorRow | None:
    """The visitor of a token; None for anything unknown, expired, revoked or malformed."""
    if not _TOKEN.fullmatch(token):
        return None
    with care.db.reading(ALL, "find the visitor of a token") as tx:
        row = tx.scalar(select(VisitorRow).where(VisitorRow.token_hash == _hash(token)))
    return row if row is not None and is_valid(row, care.clock.now()) else None


def is_valid(row: VisitorRow, now: datetime) -> bool:
    """Whether the visitor's token still opens anything."""
    return row.revoked_at is None and row.expires_at > now


class AlreadyBegun(Exception):
    """This first message came before, and whoever got its token has used it."""


def mint_visitor(
    tx: Session, vault: Vault, store_id: int, client_id: str, now: datetime, joined_id: int | None = None
) -> tuple[VisitorRow, str]:
    """A visitor for somebody's first message, with the token to hand out. `joined_id`: the visitor whose conversation
    they share.

    When the same first message comes again within `FORGIVEN` and its token was never used, the answer was lost on
    its way, or is still being written: the visitor is the same, and so is the token, whichever request ends last.
    Raises `AlreadyBegun`.
    """
    token = _derive_token(vault, store_id, client_id)
    minted_for: str | None = _hash(client_id)
    which = (VisitorRow.store_id == store_id, VisitorRow.minted_for == minted_for)
    # Not against those who only make sure that there is such a visitor: they may hold the conversation that the
    # caller wants next.
    row = tx.scalar(select(VisitorRow).where(*which).with_for_update(key_share=True))
    if row is not None:
        if now - row.created_at <= FORGIVEN and is_valid(row, now):
            if row.last_seen_at != row.created_at:
                raise AlreadyBegun("The conversation of this first message goes on already.")
            row.token_hash = _hash(token)
            return row, token
        minted_for, token = None, "vt_" + secrets.token_urlsafe(16)
    row = VisitorRow(
        store_id=store_id, token_hash=_hash(token), minted_for=minted_for, created_at=now, expires_at=now + LIFETIME,
        last_seen_at=now, joined_id=joined_id,
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    return row, token


def find_minted(tx: Session, store_id: int, client_id: str) -> VisitorRow | None:
    """The visitor who was minted for this first message."""
    which = (VisitorRow.store_id == store_id, VisitorRow.minted_for == _hash(client_id))
    return tx.scalar(select(VisitorRow).where(*which))


def may_hand_out_again(row: VisitorRow, now: datetime) -> bool:
    """Whether the answer with the token may have been lost: nobody has used it, and it was a moment ago."""
    fresh = now - row.created_at <= FORGIVEN and is_valid(row, now)
    return fresh and row.last_seen_at == row.created_at


def hold_visitor(tx: Session, visitor: VisitorRow) -> None:
    """Whoever writes to a visitor and to their conversation takes the visitor first, as `mint_visitor` does: a first
    message that is sent again, and the next one, would wait for each other."""
    which = (VisitorRow.store_id == visitor.store_id, VisitorRow.id == visitor.id)
    tx.execute(select(VisitorRow.id).where(*which).with_for_update(key_share=True))


def note_seen(tx: Session, visitor: VisitorRow, now: datetime) -> None:
    """The visitor has used their token: it is handed out no second time. Call it after `lock_of_visitor`."""
    which = (VisitorRow.store_id == visitor.store_id, VisitorRow.id == visitor.id)
    tx.execute(update(VisitorRow).where(*which).values(last_seen_at=now))


def _derive_token(vault: Vault, store_id: int, client_id: str) -> str:
    """A random UUID of the page's and our own key make the token, so that one first message has one token."""
    secret = hashlib.sha256(vault.index("visitor-token", f"{store_id}:{client_id}").encode()).digest()
    return "vt_" + base64.urlsafe_b64encode(secret[:16]).decode().rstrip("=")


def was_met(care: Care, store_id: int, client_id: str) -> bool:
    """Whether somebody's first message came with this client id: then it is sent again, not new."""
    which = (VisitorRow.store_id == store_id, VisitorRow.minted_for == _hash(client_id))
    with care.db.reading(store_id) as tx:
        return tx.scalar(select(VisitorRow.id).where(*which)) is not None


def revoke_visitor(care: Care, store_id: int, visitor_id: int) -> None:
    """The token opens nothing any more; open streams end within five seconds."""
    which = (VisitorRow.store_id == store_id, VisitorRow.id == visitor_id, VisitorRow.revoked_at.is_(None))
    with care.db.transaction(store_id) as tx:
        tx.execute(update(VisitorRow).where(*which).values(revoked_at=care.clock.now()))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
