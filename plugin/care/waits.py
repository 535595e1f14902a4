"""Each time that a shopper waited for a person, as one row: opened when they are handed over, closed by the first word
of a person. Called under the conversation's lock, in the transaction of what happened."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.calls import CALL_NO_MORE, promise_call
from plugin.care.desk_models import WaitRow
from plugin.care.models import ConversationRow, MessageRow
from plugin.care.promises import end_promise, resume_promise
from plugin.stores import get_store
from plugin.stores.hours import count_open_seconds, is_within_hours

SILENCE = timedelta(hours=12)
"""After so long without a word, what a shopper writes is a new contact."""


def begin_wait(tx: Session, conversation: ConversationRow, now: datetime) -> None:
    """The shopper waits from now on, and agents who are away are called. While one wait is open, asking again begins
    no other."""
    promise_call(tx, conversation, now)
    if _find_open(tx, conversation) is not None:
        return
    tx.add(
        WaitRow(
            store_id=conversation.store_id, conversation_id=conversation.id, since=now, phase=conversation.phase,
            channel=conversation.channel, within_hours=is_within_hours(get_store(tx, conversation.store_id), now),
            ended="",
        )
    )  # fmt: skip
    tx.flush()


def wait_again(tx: Session, conversation: ConversationRow, now: datetime) -> None:
    """To be called before a shopper's message stands in a talk that people hold. The shopper waits for their next word,
    which is a first answer again when the message begins a new contact."""
    waited = conversation.waiting_since is not None
    if not waited:
        conversation.waiting_since = now
    if _is_new_contact(tx, conversation, now):
        begin_wait(tx, conversation, now)
    elif not waited:
        promise_call(tx, conversation, now)


def _is_new_contact(tx: Session, conversation: ConversationRow, now: datetime) -> bool:
    theirs = (
        MessageRow.store_id == conversation.store_id, MessageRow.conversation_id == conversation.id,
        MessageRow.author == "shopper",
    )  # fmt: skip
    newest = select(MessageRow.created_at).where(*theirs).order_by(MessageRow.position.desc()).limit(1)
    said_at = tx.scalar(newest)
    return said_at is None or now - said_at >= SILENCE


def end_wait(
    tx: Session, conversation: ConversationRow, ended: str, now: datetime, agent_id: int | None = None
) -> None:
    """`ended`: replied, resolved or bot, see `WaitRow.ended`. What was promised ends with it. Does nothing when nobody
    waits."""
    end_promise(tx, conversation, ended, now)
    row = _find_open(tx, conversation)
    if row is None:
        return
    row.ended = ended
    if ended == "replied":
        row.replied_at, row.agent_id = now, agent_id
        row.open_seconds = count_open_seconds(get_store(tx, conversation.store_id), row.since, now)


def resume_wait(tx: Session, conversation: ConversationRow, now: datetime) -> bool:
    """A resolved talk is taken up again within a day: whom nobody had answered before has waited all the while, and
    their wait goes on. Whether there is one."""
    theirs = (WaitRow.store_id == conversation.store_id, WaitRow.conversation_id == conversation.id)
    row = tx.scalar(select(WaitRow).where(*theirs).order_by(WaitRow.id.desc()).limit(1))
    resolved_at = conversation.resolved_at
    if row is None or row.ended != "resolved" or resolved_at is None or resolved_at + CALL_NO_MORE < now:
        return False
    if _was_answered(tx, conversation, row.since):
        return False
    row.ended, conversation.waiting_since = "", row.since
    resume_promise(tx, conversation)
    return True


def _was_answered(tx: Session, conversation: ConversationRow, since: datetime) -> bool:
    which = (
        MessageRow.store_id == conversation.store_id, MessageRow.conversation_id == conversation.id,
        MessageRow.author.in_(("bot", "agent")), MessageRow.created_at > since,
    )  # fmt: skip
    return tx.scalar(select(MessageRow.id).where(*which).limit(1)) is not None


def _find_open(tx: Session, conversation: ConversationRow) -> WaitRow | None:
    which = (WaitRow.store_id == conversation.store_id, WaitRow.conversation_id == conversation.id)
    return tx.scalar(select(WaitRow).where(*which, WaitRow.ended == ""))
