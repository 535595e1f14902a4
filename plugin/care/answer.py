"""The bot's turn: computed outside any transaction, written only while the conversation is still the bot's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.addresses import ask_for_email
from plugin.care.bot import BotWords, find_words
from plugin.care.doors import Care
from plugin.care.failures import count_failures, is_too_much
from plugin.care.gaps import note_gap
from plugin.care.models import ConversationRow, MessageRow
from plugin.care.presence import is_staffed
from plugin.care.proof import may_be_shown
from plugin.care.routes import ANGER, FAILED, TABLE, WISHED, give_to_people, is_returning, wants_person_first
from plugin.care.threads import (
    Said,
    add_message,
    find_conversation,
    lock_conversation,
    read_context,
    tell_shopper,
)
from plugin.help import add_count, is_angry, read_learned
from plugin.language import language_of
from plugin.orders import OrderView, get_order, view_order
from plugin.stores import StoreRow, get_store
from plugin.stores.routing import read_routing
from plugin.work import Claimed


def answer_message(care: Care, job: Claimed) -> None:
    """The job `care.answer`: answers what the request that brought it did not."""
    assert job.store is not None
    with care.db.reading(job.store) as tx:
        store = get_store(tx, job.store)
    settle_message(care, store, job.payload["conversation"], job.payload["message"])


def settle_message(
    care: Care, store: StoreRow, conversation_id: int, message_id: int
) -> Sequence[MessageRow]:
    """Answers one message of a shopper, once, by the bot, or hands it over to people. Gives what that added: nothing
    when the message is settled, or when somebody else holds the conversation by the time the answer is ready."""
    with care.db.reading(store.id) as tx:
        conversation = find_conversation(tx, store.id, conversation_id)
        message = _message(tx, store.id, conversation_id, message_id)
        if conversation is None or message is None or message.settled_at is not None:
            return []
        if conversation.owner != "bot":
            return []
        order = proven_view(tx, store.id, conversation.order_id)
        offered = conversation.offered_at == message.position - 1
        learned, returning = read_learned(tx, store.id), is_returning(tx, conversation)
    here, routing, words = is_staffed(care, store, care.clock.now()), read_routing(store), BotWords("")
    why = ""
    if routing.anger and is_angry(message.text):
        why = ANGER
    elif wants_person_first(
        routing, store, conversation, care.clock.now(), returning=returning, staffed=here
    ):
        why = TABLE
    else:
        words = find_words(
            store, message.text, conversation.locale, order=order, offered=offered, learned=learned
        )
        why = WISHED if words.hand_over else ""
    return _write(care, store, conversation_id, message_id, words, why, here=here)


def _write(
    care: Care, store: StoreRow, conversation_id: int, message_id: int, words: BotWords, why: str, *, here: bool
) -> Sequence[MessageRow]:
    """`why`: it goes to people, instead of `words`."""
    now = care.clock.now()
    with care.db.transaction(store.id) as tx:
        conversation = lock_conversation(tx, store.id, conversation_id)
        message = _message(tx, store.id, conversation_id, message_id)
        if conversation is None or message is None or message.settled_at is not None:
            return []
        message.settled_at = now
        if conversation.owner != "bot":
            return []
        conversation.failures = count_failures(tx, conversation) + (words.offer == "person")
        if words.offer == "person":
            note_gap(tx, message, now)
            if not why and is_too_much(conversation, store):
                why = FAILED
        if why:
            return [give_to_people(care, tx, store, conversation, why, now, here=here)]
        return [_say(care, tx, conversation, words, now)]


def _say(
    care: Care, tx: Session, conversation: ConversationRow, words: BotWords, now: datetime
) -> MessageRow:
    """The bot's message. After its first help it asks, once, where the shopper can be reached."""
    said = Said("bot", words.text, words.body, words.source, confidence=words.confidence, offer=words.offer)
    row = add_message(tx, care.hub, conversation, said, now)
    conversation.offered_at = row.position if words.offer == "person" else None
    if words.source is not None:
        count_answer(tx, conversation, words.source[0], "answered", now)
    if words.helps and ask_for_email(conversation, now):
        tell_shopper(tx, care.hub, conversation)
    return row


def count_answer(
    tx: Session, conversation: ConversationRow, article_id: str, kind: str, now: datetime
) -> None:
    """Counts one more of `kind` for an article that the bot answered with, on the page where the shopper wrote last."""
    steps, _ = read_context(conversation)
    step, language = next(iter(steps), ""), language_of(conversation.locale)
    add_count(tx, conversation.store_id, article_id, language, step, conversation.phase, kind, now)


def _message(tx: Session, store_id: int, conversation_id: int, message_id: int) -> MessageRow | None:
    which = (
        MessageRow.store_id == store_id,
        MessageRow.conversation_id == conversation_id,
        MessageRow.id == message_id,
    )
    return tx.scalar(select(MessageRow).where(*which))


def proven_view(tx: Session, store_id: int, order_id: int | None) -> OrderView | None:
    """An order that was proven to be a shopper's (its row id), as far as it may be shown."""
    row = get_order(tx, store_id, order_id) if order_id is not None else None
    view = view_order(tx, row) if row is not None else None
    return view if view is not None and may_be_shown(view) else None
