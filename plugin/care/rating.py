"""What shoppers say of a talk, from 1 (bad) to 5 (very good). A bad one brings a person back to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.doors import Care
from plugin.care.masking import mask_cards
from plugin.care.models import ConversationRow, MessageRow, RatingRow, VisitorRow
from plugin.care.presence import is_staffed
from plugin.care.promises import promise_words
from plugin.care.routes import wish_form
from plugin.care.take_back import promise_take_back
from plugin.care.threads import Said, add_message, lock_of_visitor, note_change
from plugin.care.waits import begin_wait
from plugin.language import translator
from plugin.stores import StoreRow

BAD = 2
"""Up to this score somebody looks at the talk again."""
LONGEST_COMMENT = 1000


class NothingToRate(Exception):
    """Nobody has answered in this conversation yet."""


def rate(
    care: Care, store: StoreRow, visitor: VisitorRow, score: int, comment: str | None
) -> tuple[ConversationRow, Sequence[MessageRow]]:
    """Keeps what a shopper says of the newest answer (1..5); saying it again changes it. A 1 or 2 reopens the talk, for
    whoever held it, and says so; not again while somebody is waited for. Raises `NothingToRate`, `LookupError` for a
    visitor without a conversation."""
    if not 1 <= score <= 5:
        raise ValueError("A score is a number from 1 to 5.")
    now = care.clock.now()
    here = is_staffed(care, store, now)
    with care.db.transaction(store.id) as tx:
        row = lock_of_visitor(tx, visitor)
        if row is None:
            raise LookupError("The visitor has no conversation.")
        if row.last_answer is None:
            raise NothingToRate("There is no answer to rate yet.")
        before = _keep(tx, row, score, comment, now)
        row.rating = score
        waits = before is not None and row.status == "open" and row.waiting_since is not None
        if score <= BAD and (before is None or before > BAD) and not waits:
            message = _reopen(care, tx, store, row, now, here=here)
            promise_take_back(tx, store, row, now)
            return row, [message]
        note_change(tx, care.hub, row)
        return row, ()


def _keep(tx: Session, row: ConversationRow, score: int, comment: str | None, now: datetime) -> int | None:
    """Writes it down; gives what was said of the same answer before."""
    which = (
        RatingRow.store_id == row.store_id, RatingRow.conversation_id == row.id, RatingRow.about == row.last_answer,
    )  # fmt: skip
    known = tx.scalar(select(RatingRow).where(*which))
    words = mask_cards(comment.strip()) if comment and comment.strip() else None
    if known is not None:
        before = known.score
        known.score, known.changed_at = score, now
        known.comment = words if words is not None else known.comment
        return before
    assert row.last_answer is not None
    agent_id = row.agent_id if row.owner == "agent" else None
    tx.add(RatingRow(
        store_id=row.store_id, conversation_id=row.id, about=row.last_answer, agent_id=agent_id,
        order_id=row.order_id, score=score, comment=words, created_at=now, changed_at=now,
    ))  # fmt: skip
    tx.flush()
    return None


def _reopen(
    care: Care, tx: Session, store: StoreRow, row: ConversationRow, now: datetime, *, here: bool
) -> MessageRow:
    """The talk waits for a person again: for the agent who held it, or for whoever comes first."""
    if row.status != "open" or row.owner == "bot":
        held = row.owner == "agent" and row.agent_id is not None
        row.status, row.owner = "open", "agent" if held else "nobody"
        row.handed_over_at, row.first_reply_at = now, None
    row.resolved_at = row.offered_at = None
    row.waiting_since = row.waiting_since or now
    begin_wait(tx, row, now)
    wish_form(row, now, here=here)
    _ = translator(row.locale, "care").gettext
    sorry = _("We are sorry that this did not help you. A person of the team will look at it again.")
    later = "" if here else promise_words(tx, store, row, now)
    message = add_message(tx, care.hub, row, Said("system", f"{sorry} {later}".strip()), now)
    note_change(tx, care.hub, row)
    return message
