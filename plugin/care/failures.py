"""How often in a row the bot was of no help: it had no answer, or its answer did not help. What was answered and not
said to be wrong until the shopper wrote again was a help."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.models import ConversationRow, MessageRow
from plugin.stores import StoreRow
from plugin.stores.routing import read_routing


def count_failures(tx: Session, row: ConversationRow) -> int:
    """How often before the shopper's newest message."""
    if row.failures == 0 or row.last_answer is None:
        return row.failures
    which = (
        MessageRow.store_id == row.store_id, MessageRow.conversation_id == row.id,
        MessageRow.position == row.last_answer,
    )  # fmt: skip
    last = tx.scalar(select(MessageRow).where(*which))
    # Of what the bot says only answers have a body: small talk and offers are plain.
    answered = last is not None and (last.author == "agent" or (last.body is not None and last.verdict != "wrong"))
    return 0 if answered else row.failures


def is_too_much(row: ConversationRow, store: StoreRow) -> bool:
    """Whether the bot gives up by itself now: it may offer a person so often as the merchant said."""
    return row.failures > read_routing(store).failures
