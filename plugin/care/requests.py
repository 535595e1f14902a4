"""What an address wrote, for whoever opened a link mailed to it: the list, one talk, a reply to it, and how it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plugin.care.addresses import read_address
from plugin.care.bot import tells_order
from plugin.care.doors import Care
from plugin.care.form import read_text
from plugin.care.models import ConversationRow, MessageRow, VisitorRow
from plugin.care.post import Arrived, Posted, post_message
from plugin.care.rating import rate
from plugin.care.threads import AT_ONCE, PUBLIC_ID, lock_conversation, read_messages
from plugin.language import translator
from plugin.orders import get_order
from plugin.stores import StoreRow
from plugin.work import put

MOST = 50
PREVIEW = 140
ASIDE = timedelta(seconds=1)
"""The job waits for so long: what it does for an address that is known slows no answer down by which one could tell."""


@dataclass(frozen=True)
class Request:
    """One talk in the list. `first_words`: of the shopper's first message, cut; `state`: waiting (for a person),
    answered or resolved."""

    public_id: str
    reference: str | None
    began_at: datetime
    last_at: datetime
    first_words: str
    state: str


def list_requests(care: Care, store: StoreRow, email_index: str) -> Sequence[Request]:
    """The talks in which this address was left, the newest words first, 50 at most."""
    if not email_index:
        return ()
    which = (
        ConversationRow.store_id == store.id, ConversationRow.email_index == email_index,
        ConversationRow.last_position > 0,
    )  # fmt: skip
    newest = (ConversationRow.last_message_at.desc(), ConversationRow.id.desc())
    with care.db.reading(store.id) as tx:
        rows = list(tx.scalars(select(ConversationRow).where(*which).order_by(*newest).limit(MOST)))
        first = _read_first(tx, store.id, [row.id for row in rows])
    return [
        Request(row.public_id, row.reference, row.created_at, row.last_message_at, first.get(row.id, ""), _state(row))
        for row in rows
    ]


def _state(row: ConversationRow) -> str:
    if row.status == "resolved":
        return "resolved"
    return "waiting" if row.waiting_since is not None else "answered"


def _read_first(tx: Session, store_id: int, ids: Sequence[int]) -> dict[int, str]:
    """Conversation → the beginning of its shopper's first message."""
    theirs = (
        MessageRow.store_id == store_id, MessageRow.conversation_id.in_(ids), MessageRow.author == "shopper",
    )  # fmt: skip
    first = select(func.min(MessageRow.id)).where(*theirs).group_by(MessageRow.conversation_id)
    found = tx.scalars(select(MessageRow).where(*theirs, MessageRow.id.in_(first)))
    return {row.conversation_id: _cut(row.text) for row in found}


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= PREVIEW else line[: PREVIEW - 1].rstrip() + "…"


def read_request(
    care: Care, store: StoreRow, email_index: str, public_id: str
) -> tuple[ConversationRow, Sequence[MessageRow]] | None:
    """One talk of the address with its messages, the newest 500; None for any other one. What the bot told of an order
    is left out unless the order was placed with this address: who wrote may have mistyped theirs."""
    with care.db.reading(store.id) as tx:
        row = _find(tx, store.id, email_index, public_id)
        if row is None:
            return None
        messages = read_messages(tx, row, max(0, row.last_position - AT_ONCE))
        if _is_of_its_order(tx, row):
            return row, messages
    return row, [_hide_order(one, row.locale) for one in messages]


def is_of_its_order(care: Care, row: ConversationRow) -> bool:
    """Whether the order that was proven in a talk was placed with the address left in it: then both are one person's.
    Otherwise anybody may have left it."""
    with care.db.reading(row.store_id) as tx:
        return _is_of_its_order(tx, row)


def _is_of_its_order(tx: Session, row: ConversationRow) -> bool:
    order = get_order(tx, row.store_id, row.order_id) if row.order_id is not None else None
    return order is not None and order.email_index == row.email_index


def _hide_order(one: MessageRow, locale: str) -> MessageRow:
    if one.author != "bot" or not tells_order(one.text):
        return one
    words = translator(locale, "care").gettext("This answer is about an order. It is shown only where that was opened.")
    return MessageRow(position=one.position, author=one.author, text=words, created_at=one.created_at)


def _find(tx: Session, store_id: int, email_index: str, public_id: str) -> ConversationRow | None:
    if not email_index or PUBLIC_ID.fullmatch(public_id) is None:
        return None
    which = (
        ConversationRow.store_id == store_id, ConversationRow.email_index == email_index,
        ConversationRow.public_id == public_id,
    )  # fmt: skip
    return tx.scalar(select(ConversationRow).where(*which))


def reply_to_request(
    care: Care, store: StoreRow, email_index: str, public_id: str, text: str, client_id: str, locale: str
) -> Posted | None:
    """The shopper's next message in a talk of theirs, from where they wrote last; sent again with the same client id it
    is the same one. None for any other talk. Raises `NoText`."""
    said, found = read_text(text), _find_writer(care, store, email_index, public_id)
    if found is None:
        return None
    row, visitor = found
    context = json.loads(row.context)
    arrived = Arrived(
        text=said, client_id=client_id, locale=locale, steps=tuple(context.get("steps") or ()),
        page=context.get("page"), basket=context.get("basket"), in_shop=False,
    )  # fmt: skip
    posted = post_message(care, store, visitor, arrived)
    _note_read(care, posted)
    return posted


def rate_request(
    care: Care, store: StoreRow, email_index: str, public_id: str, score: int, comment: str | None
) -> ConversationRow | None:
    """What the shopper says of the newest answer in a talk of theirs, from where they read it last: as `rate`. None for
    any other talk. Raises `NothingToRate`, ValueError for a score that is none."""
    found = _find_writer(care, store, email_index, public_id)
    if found is None:
        return None
    row, _ = rate(care, store, found[1], score, comment)
    return row


def _find_writer(
    care: Care, store: StoreRow, email_index: str, public_id: str
) -> tuple[ConversationRow, VisitorRow] | None:
    with care.db.reading(store.id) as tx:
        row = _find(tx, store.id, email_index, public_id)
        if row is None:
            return None
        which = (VisitorRow.store_id == store.id, VisitorRow.id == row.visitor_id)
        visitor = tx.scalar(select(VisitorRow).where(*which))
    return (row, visitor) if visitor is not None else None


def _note_read(care: Care, posted: Posted) -> None:
    """What stands above one's own words was read on the page where they were written: it is not mailed as well. Opening
    that page changes nothing: programs that look into mails open links too."""
    of, said = posted.conversation, posted.messages[0]
    with care.db.transaction(of.store_id) as tx:
        row = lock_conversation(tx, of.store_id, of.id)
        if row is not None:
            row.mailed_position = max(row.mailed_position, said.position)


def ask_for_requests(care: Care, store: StoreRow, email: str, locale: str) -> None:
    """Promises a mail with a link to the talks of this address, if it has any: once a day, and the same work either
    way. Raises `NoAddress`."""
    index = care.db.vault.index("email", read_address(email).lower())
    key = f"care.requests:{store.id}:{index}"
    with care.db.transaction(store.id) as tx:
        payload = {"email_index": index, "locale": locale}
        put(tx, "care.requests", payload, due_at=care.clock.now() + ASIDE, store=store.id, key=key)
