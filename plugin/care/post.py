"""A shopper's message: kept once, whatever the line does, and answered at once while the bot holds the conversation."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from plugin.care.answer import proven_view, settle_message
from plugin.care.doors import Care
from plugin.care.join import find_joinable
from plugin.care.models import ConversationRow, MessageRow, VisitorRow
from plugin.care.phases import find_phase
from plugin.care.presence import is_staffed
from plugin.care.routes import WISHED, begin_again, forget_notes, give_to_people
from plugin.care.take_back import promise_take_back
from plugin.care.threads import (
    Said,
    add_message,
    find_by_client_id,
    find_conversation,
    has_basket,
    lock_of_visitor,
    note_change,
    read_messages,
    start_conversation,
    write_where,
)
from plugin.care.visitors import hold_visitor, mint_visitor, note_seen
from plugin.care.waits import wait_again
from plugin.stores import StoreRow
from plugin.work import put

log = logging.getLogger("mostrador.care")

ANSWER_LATEST = timedelta(seconds=20)
"""A message that its own request did not settle (the process died) is answered by a job after this."""


@dataclass(frozen=True)
class Arrived:
    """A message as it came in. `order_id`: row id of an order that the platform proved together with it."""

    text: str
    client_id: str
    locale: str
    steps: tuple[str, ...] = ()
    page: str | None = None
    order_id: int | None = None
    basket: str | None = None
    """``125800 COP``, as the page says."""
    customer_index: str = ""
    """Of the customer that was proven together with it, see `plugin.care.proof.Proven`."""
    order_proof: str = ""
    """``order`` or ``customer``: what proved the order."""
    in_shop: bool = True
    """False: written from a mail's link, `page` and the like are where they were last."""


@dataclass(frozen=True)
class Posted:
    """What became of it. `new`: false for one sent again; `token`: handed out once, with the first message."""

    conversation: ConversationRow
    messages: Sequence[MessageRow]
    token: str | None
    new: bool


def post_message(care: Care, store: StoreRow, visitor: VisitorRow | None, arrived: Arrived) -> Posted:
    """Keeps a message and, while the bot holds the conversation, its answer. Sending again with the same client id
    gives the same message and whatever it was answered with. Raises `AlreadyBegun`."""
    try:
        conversation, message, token, new = _keep(care, store, visitor, arrived)
    except IntegrityError:
        # Two first messages with one client id at the same moment: the other one was faster, so it is there now.
        conversation, message, token, new = _keep(care, store, visitor, arrived)
    settled: Sequence[MessageRow] = ()
    if message.settled_at is None:
        try:
            settled = settle_message(care, store, conversation.id, message.id)
        except Exception:
            log.exception("The bot could not answer; the job will.")
    with care.db.reading(store.id) as tx:
        current = find_conversation(tx, store.id, conversation.id) or conversation
        replies = settled if new else _replies(tx, current, message)
    return Posted(current, [message, *replies], token, new)


def _keep(
    care: Care, store: StoreRow, visitor: VisitorRow | None, arrived: Arrived
) -> tuple[ConversationRow, MessageRow, str | None, bool]:
    now, token = care.clock.now(), None
    with care.db.transaction(store.id) as tx:
        if visitor is None:
            by_order = arrived.order_id if arrived.order_proof == "order" else None
            joined_id = find_joinable(tx, store.id, arrived.customer_index, by_order, now)
            visitor, token = mint_visitor(tx, care.db.vault, store.id, arrived.client_id, now, joined_id)
        else:
            hold_visitor(tx, visitor)
        conversation = lock_of_visitor(tx, visitor)
        if conversation is None:
            conversation = start_conversation(tx, store.id, visitor.id, arrived.locale, now)
        known = find_by_client_id(tx, conversation, arrived.client_id)
        if known is not None:
            return conversation, known, token, False
        if token is None:
            note_seen(tx, visitor, now)
        _take_in(care, tx, conversation, arrived, now)
        said = Said("shopper", arrived.text, client_id=arrived.client_id)
        message = add_message(tx, care.hub, conversation, said, now)
        if conversation.owner == "bot":
            payload = {"conversation": conversation.id, "message": message.id}
            put(tx, "care.answer", payload, due_at=now + ANSWER_LATEST, store=store.id)
        else:
            message.settled_at = now
            promise_take_back(tx, store, conversation, now)
    return conversation, message, token, True


def _take_in(care: Care, tx: Session, conversation: ConversationRow, arrived: Arrived, now: datetime) -> None:
    """What a shopper's message does to the conversation before it stands in it."""
    conversation.locale = arrived.locale
    if arrived.in_shop:
        write_where(conversation, arrived.steps, arrived.page, arrived.basket, now)
    if arrived.order_id is not None:
        if conversation.order_id != arrived.order_id or arrived.order_proof == "order":
            conversation.order_proof = arrived.order_proof
        conversation.order_id, conversation.order_proven_at = arrived.order_id, now
    if arrived.customer_index:
        conversation.customer_index = arrived.customer_index
    proven = proven_view(tx, conversation.store_id, conversation.order_id)
    conversation.phase = find_phase(arrived.steps, has_basket(arrived.basket), proven, now)
    if conversation.status == "resolved":
        begin_again(conversation, now)
        note_change(tx, care.hub, conversation)
    elif conversation.status == "snoozed":
        conversation.status = "open"
        wait_again(tx, conversation, now)
        note_change(tx, care.hub, conversation)
    elif conversation.status == "open":
        wait_again(tx, conversation, now)
    if conversation.owner == "bot":
        forget_notes(conversation)
    else:
        conversation.failures = 0


def _replies(tx: Session, conversation: ConversationRow, message: MessageRow) -> list[MessageRow]:
    """What followed a message up to the shopper's next one."""
    replies: list[MessageRow] = []
    for row in read_messages(tx, conversation, message.position):
        if row.author not in ("bot", "system"):
            break
        replies.append(row)
    return replies


def ask_for_person(care: Care, store: StoreRow, visitor: VisitorRow, client_id: str) -> Posted | None:
    """The shopper's button "I want a person". Asking again while one is on the way changes nothing.
    None: the visitor has no conversation."""
    now = care.clock.now()
    here = is_staffed(care, store, now)
    with care.db.transaction(store.id) as tx:
        hold_visitor(tx, visitor)
        conversation = lock_of_visitor(tx, visitor)
        if conversation is None:
            return None
        known = find_by_client_id(tx, conversation, client_id)
        if known is not None:
            return Posted(conversation, [known], None, False)
        if conversation.status == "open":
            return Posted(conversation, [], None, False)
        note_seen(tx, visitor, now)
        message = give_to_people(
            care, tx, store, conversation, WISHED, now, here=here, client_id=client_id
        )
        return Posted(conversation, [message], None, True)
