"""What the desk asks of a talk: whether it is there, and what its shopper said of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow, RatingRow
from plugin.care.threads import PUBLIC_ID


def is_here(tx: Session, store_id: int, public_id: str) -> bool:
    """Whether the store has a conversation of this id."""
    which = (ConversationRow.store_id == store_id, ConversationRow.public_id == public_id)
    known = PUBLIC_ID.fullmatch(public_id) is not None
    return known and tx.scalar(select(ConversationRow.id).where(*which)) is not None


def list_ratings(tx: Session, row: ConversationRow) -> Sequence[RatingRow]:
    """What the shopper said of the talk, the newest first."""
    which = (RatingRow.store_id == row.store_id, RatingRow.conversation_id == row.id)
    return list(tx.scalars(select(RatingRow).where(*which).order_by(RatingRow.about.desc(), RatingRow.id.desc())))
