"""Figures about the care that shoppers see: measured, never promised."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow

LOOKED_BACK = timedelta(days=30)
FEWEST = 5
"""Answers below which a median says nothing."""
MOST_READ = 500
"""Newest answers of the thirty days that are looked at."""


def median_answer_seconds(tx: Session, store_id: int, now: datetime) -> int | None:
    """The median time, in whole seconds, from a hand-over to the first message of a person: of the newest hand-overs
    of the last 30 days that were answered. None under 5 of them."""
    which = (
        ConversationRow.store_id == store_id,
        ConversationRow.handed_over_at > now - LOOKED_BACK,
        ConversationRow.first_reply_at.is_not(None),
    )
    times = select(ConversationRow.handed_over_at, ConversationRow.first_reply_at).where(*which)
    waited = [
        max(0.0, (replied - handed_over).total_seconds())
        for handed_over, replied in tx.execute(
            times.order_by(ConversationRow.handed_over_at.desc()).limit(MOST_READ)
        )
        if handed_over is not None and replied is not None
    ]
    return round(median(waited)) if len(waited) >= FEWEST else None
