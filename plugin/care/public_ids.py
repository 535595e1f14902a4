"""The addresses of conversations that other rooms know by row id, and what is short for one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow


def shorten(public_id: str) -> str:
    """Four letters and digits of a conversation's public id: what people tell nameless shoppers apart by."""
    return "".join(sign for sign in public_id[3:] if sign.isalnum())[:4]


def list_public_ids(tx: Session, store_id: int, conversation_ids: Iterable[int]) -> dict[int, str]:
    """Row id → public id, of those that are this store's."""
    which = (ConversationRow.store_id == store_id, ConversationRow.id.in_(set(conversation_ids)))
    found = tx.execute(select(ConversationRow.id, ConversationRow.public_id).where(*which))
    return {row[0]: row[1] for row in found}
