"""The bot's turn: computed outside any transaction, written only while the conversation is still the bot's."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.bot import BotWords, find_words
from plugin.care.doors import Care
from plugin.care.models import ConversationRow, MessageRow
from plugin.care.shapes import desk_channel
from plugin.care.threads import Said, add_message, hand_over, lock_conversation
from plugin.orders import OrderView, get_order, view_order
from plugin.stores import StoreRow, get_store
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
    """Answers one message of a shopper, once, by the bot. Gives what the bot added: nothing when the message is
    settled, or when somebody else holds the conversation by the time the answer is ready."""
    with care.db.reading(store.id) as tx:
        conversation = _conversation(tx, store.id, conversation_id)
        message = _message(tx, store.id, conversation_id, message_id)
        if conversation is None or message is None or message.settled_at is not None:
            return []
        if conversation.owner != "bot":
            return []
        order, offered = _order(tx, conversation), conversation.offered_at == message.position - 1
    here = bool(care.hub.names(desk_channel(store.id)))
    words = find_words(store, message.text, conversation.locale, order=order, offered=offered, here=here)
    return _write(care, store.id, conversation_id, message_id, words)


def _write(
    care: Care, store_id: int, conversation_id: int, message_id: int, words: BotWords
) -> Sequence[MessageRow]:
    now = care.clock.now()
    with care.db.transaction(store_id) as tx:
        conversation = lock_conversation(tx, store_id, conversation_id)
        message = _message(tx, store_id, conversation_id, message_id)
        if conversation is None or message is None or message.settled_at is not None:
            return []
        message.settled_at = now
        if conversation.owner != "bot":
            return []
        if words.hand_over:
            return [hand_over(tx, care.hub, conversation, Said("system", words.text), now)]
        said = Said("bot", words.text, words.body, words.source)
        row = add_message(tx, care.hub, conversation, said, now)
        conversation.offered_at = row.position if words.offers_person else None
        return [row]


def _conversation(tx: Session, store_id: int, conversation_id: int) -> ConversationRow | None:
    which = (ConversationRow.store_id == store_id, ConversationRow.id == conversation_id)
    return tx.scalar(select(ConversationRow).where(*which))


def _message(tx: Session, store_id: int, conversation_id: int, message_id: int) -> MessageRow | None:
    which = (
        MessageRow.store_id == store_id,
        MessageRow.conversation_id == conversation_id,
        MessageRow.id == message_id,
    )
    return tx.scalar(select(MessageRow).where(*which))


def _order(tx: Session, conversation: ConversationRow) -> OrderView | None:
    if conversation.order_id is None:
        return None
    row = get_order(tx, conversation.store_id, conversation.order_id)
    return view_order(tx, row) if row is not None and row.gone_at is None else None
