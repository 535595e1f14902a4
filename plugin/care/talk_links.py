"""Links in mails that lead back into a shopper's talks: signed, for one purpose, thirty days. They open nothing by
themselves: the page behind one shows a button, and nothing of the talk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select

from plugin.care.doors import Care
from plugin.care.models import ConversationRow
from plugin.care.threads import PUBLIC_ID
from plugin.database import ALL, Vault
from plugin.stores import StoreRow

LIFETIME = timedelta(days=30)
LONGEST_TOKEN = 400
AHEAD = timedelta(minutes=5)
"""How far the clock of another of our machines may be off."""


@dataclass(frozen=True)
class TalkLink:
    """What a link opens: one talk of an address (`public_id`), or all of them ('')."""

    store: StoreRow
    public_id: str
    email_index: str


def talk_token(vault: Vault, store_id: int, public_id: str, email_index: str, now: datetime) -> str:
    """The token of a link to one talk (`public_id`; '': to all) of the address with this index."""
    return str(_serializer(vault).dumps([store_id, public_id, email_index, int(now.timestamp())]))


def read_talk_token(care: Care, token: str) -> TalkLink | None:
    """What a token opens; None for anything forged, foreign or older than 30 days, for a store that left, for an
    address under which nothing (any more) is kept there, and for one that was forgotten since (`is_begun_anew`)."""
    read = _read(care, token)
    if read is None:
        return None
    store_id, public_id, email_index, issued_at = read
    with care.db.reading(ALL, "the store of a mailed link") as tx:
        store = tx.get(StoreRow, store_id)
        which = [ConversationRow.store_id == store_id, ConversationRow.email_index == email_index]
        if public_id:
            which.append(ConversationRow.public_id == public_id)
        known = tx.scalar(select(ConversationRow.id).where(*which).limit(1))
    if store is None or store.status == "uninstalled" or known is None:
        return None
    if is_begun_anew(care, store.id, email_index, issued_at):
        return None
    return TalkLink(store, public_id, email_index)


def is_begun_anew(care: Care, store_id: int, email_index: str, issued_at: datetime) -> bool:
    """Whether every talk of this address began after a key to them was given: what the key was for is erased, and the
    address has written again, or somebody else has it now."""
    which = (ConversationRow.store_id == store_id, ConversationRow.email_index == email_index)
    with care.db.reading(store_id) as tx:
        oldest = tx.scalar(select(func.min(ConversationRow.created_at)).where(*which))
    return oldest is not None and oldest > issued_at + AHEAD


def _read(care: Care, token: str) -> tuple[int, str, str, datetime] | None:
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    try:
        store_id, public_id, email_index, issued = _serializer(care.db.vault).loads(token)
        issued_at = datetime.fromtimestamp(issued, UTC)
    except (BadSignature, ValueError, TypeError, OverflowError, OSError):
        return None
    if not all(isinstance(one, str) for one in (public_id, email_index)) or not isinstance(store_id, int):
        return None
    age = care.clock.now() - issued_at
    if not email_index or not -AHEAD <= age <= LIFETIME:
        return None
    named = not public_id or PUBLIC_ID.fullmatch(public_id)
    return (store_id, public_id, email_index, issued_at) if named else None


def _serializer(vault: Vault) -> URLSafeSerializer:
    # A key of its own: a signature made for any other purpose is none here.
    return URLSafeSerializer(vault.index("talk-link", "key"), salt="mostrador-talk-link")
