"""An order by its number, its e-mail address and a code that only the mailbox in the order gets to read.

Whether there is such an order nobody learns but that mailbox: a wish writes one row and promises one job, whoever
asks; the job looks, and mails. No answer, and nothing that is done for it, depends on what there is.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from plugin.care.answer import proven_view
from plugin.care.bot import tell_order
from plugin.care.doors import Care
from plugin.care.models import ConversationRow, MessageRow, OrderCodeRow, VisitorRow
from plugin.care.phases import find_phase
from plugin.care.threads import (
    Said,
    add_message,
    lock_of_visitor,
    note_change,
    read_context,
    read_messages,
    start_conversation,
)
from plugin.care.visitors import mint_visitor
from plugin.database import Vault
from plugin.orders import OrderView
from plugin.stores import StoreRow
from plugin.work import put

LIFETIME = timedelta(minutes=15)
ASIDE = timedelta(seconds=1)
"""The job waits for so long: what it does for a known order slows no answer down by which one could tell."""
TRIES = 5
"""Wrong codes one handle may try, over all codes that were mailed for it."""
MOST_SENT = 3
"""Codes one handle may ask for."""
MOST_WISHES = 10
"""Unproven wishes for one address of a store in a day, from wherever they come."""
DAY = timedelta(days=1)
LONGEST_NUMBER = 60
DIGITS = 6
_HANDLE = re.compile(r"oc_[A-Za-z0-9_-]{22}")
_MARKS = re.compile(r"[\s#\u200b]+")
_PREFIX = re.compile(r"n[.o\xb0]{1,2}(?=\d)")


class TooManyLooks(Exception):
    """Orders were asked for too often with this address today. `seconds`: until it is listened to again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Orders of this address were asked for too often today.")
        self.seconds = seconds


class WrongCode(Exception):
    """Not the code that was mailed. `left`: how many tries are left; 0: the handle is dead."""

    def __init__(self, left: int) -> None:
        super().__init__("This is not the code.")
        self.left = left


@dataclass(frozen=True)
class Asked:
    """`handle`: what the code goes with, known to the asking browser alone; `seconds`: how long both live."""

    handle: str
    seconds: int = int(LIFETIME.total_seconds())


@dataclass(frozen=True)
class Opened:
    """The order a code opened, in the conversation it now belongs to. `messages`: what the bot said to it; `token`:
    handed out once, where there was no visitor yet."""

    view: OrderView
    conversation: ConversationRow
    messages: Sequence[MessageRow]
    token: str | None


def ask_for_code(
    care: Care, store: StoreRow, number: str, email: str, handle: str | None, locale: str
) -> Asked:
    """Promises a code to the address in the order, if there is such an order. With the `handle` of an earlier wish for
    the same order a new code takes the old one's place. Raises `TooManyLooks`."""
    now, number, address = care.clock.now(), number.strip(), email.strip().lower()
    index = care.db.vault.index("email", address)
    with care.db.transaction(store.id) as tx:
        _wait_for_turn(tx, store.id, index)
        row = _find_renewable(tx, store.id, handle, number, index)
        if row is None or handle is None:
            if wait := _seconds_to_wait(tx, store.id, index, now):
                raise TooManyLooks(wait)
            handle = "oc_" + secrets.token_urlsafe(16)
            row = OrderCodeRow(
                store_id=store.id, handle_hash=hash_handle(handle), email_index=index, created_at=now
            )
            tx.add(row)
        row.number, row.email, row.locale, row.code_index = number, address, locale, ""
        row.sent, row.expires_at = (row.sent or 0) + 1, now + LIFETIME
        # Named in the UPDATE whether a code had been mailed or not: the statement is the same.
        flag_modified(row, "code_index")
        tx.flush()
        put(tx, "care.code", {"code": row.id, "sent": row.sent}, due_at=now + ASIDE, store=store.id)
    return Asked(handle)


def _wait_for_turn(tx: Session, store_id: int, index: str) -> None:
    """One wish per address at a time, or two at once could both be the last one allowed. SQLite writes alone anyway."""
    if tx.connection().dialect.name == "postgresql":
        number = int(hashlib.sha256(f"{store_id}:{index}".encode()).hexdigest()[:15], 16)
        tx.execute(select(func.pg_advisory_xact_lock(number)))


def _find_renewable(
    tx: Session, store_id: int, handle: str | None, number: str, index: str
) -> OrderCodeRow | None:
    if handle is None or _HANDLE.fullmatch(handle) is None:
        return None
    row = _lock(tx, store_id, handle)
    if row is None or row.used_at is not None or row.sent >= MOST_SENT or row.failures >= TRIES:
        return None
    return row if row.email_index == index and row.number == number else None


def _seconds_to_wait(tx: Session, store_id: int, index: str, now: datetime) -> int:
    counted = select(func.count(), func.min(OrderCodeRow.created_at)).where(
        OrderCodeRow.store_id == store_id, OrderCodeRow.email_index == index,
        OrderCodeRow.created_at > now - DAY, OrderCodeRow.used_at.is_(None),
    )  # fmt: skip
    wishes, oldest = tx.execute(counted).one()
    if wishes < MOST_WISHES or oldest is None:
        return 0
    return max(1, int((oldest + DAY - now).total_seconds()))


def check_code(
    care: Care,
    store: StoreRow,
    visitor: VisitorRow | None,
    handle: str,
    code: str,
    locale: str,
    client_id: str,
) -> Opened:
    """Opens the order to whoever brings the code with its handle, once, and binds it to their conversation. Raises
    `WrongCode`, and nothing else whether there is such an order or not."""
    opened = None
    with care.db.transaction(store.id) as tx:
        now = care.clock.now()
        row = _lock(tx, store.id, handle) if _HANDLE.fullmatch(handle) else None
        left = _try_code(care.db.vault, row, handle, code, now)
        if row is not None and left is None:
            opened = _open(care, tx, store, row, visitor, locale, client_id, now)
    if opened is None:
        raise WrongCode(left or 0)
    return opened


def _try_code(vault: Vault, row: OrderCodeRow | None, handle: str, code: str, now: datetime) -> int | None:
    """None when it is the right one, else how many tries are left; a try is counted."""
    written = "".join(sign for sign in unicodedata.normalize("NFKC", code) if sign.isalnum())
    given = index_code(vault, hash_handle(handle), written)
    # Compared also where no code was made: a handle for nothing answers as late as any other.
    same = hmac.compare_digest(given, (row.code_index if row is not None else "") or "0" * len(given))
    if row is None or row.used_at is not None or row.expires_at <= now or row.failures >= TRIES:
        return 0
    if same and row.code_index:
        return None
    row.failures += 1
    return TRIES - row.failures


def _open(
    care: Care,
    tx: Session,
    store: StoreRow,
    code: OrderCodeRow,
    visitor: VisitorRow | None,
    locale: str,
    client_id: str,
    now: datetime,
) -> Opened | None:
    """The order of a code that was right, bound. None: the order is gone since."""
    token = None
    code.used_at, code.number, code.email, code.code_index = now, None, None, ""
    view = proven_view(tx, store.id, code.order_id)
    if view is None:
        return None
    if visitor is None:
        visitor, token = mint_visitor(tx, care.db.vault, store.id, client_id, now)
    conversation = lock_of_visitor(tx, visitor)
    if conversation is None:
        conversation = start_conversation(tx, store.id, visitor.talks_as, locale, now)
    conversation.order_id, conversation.order_proven_at, conversation.order_proof = view.row.id, now, "code"
    steps, basket = read_context(conversation)
    conversation.phase = find_phase(steps, basket, view, now)
    messages = _tell_if_offered(care, tx, store, conversation, view, locale, now)
    note_change(tx, care.hub, conversation)
    return Opened(view, conversation, messages, token)


def _tell_if_offered(
    care: Care,
    tx: Session,
    store: StoreRow,
    conversation: ConversationRow,
    view: OrderView,
    locale: str,
    now: datetime,
) -> Sequence[MessageRow]:
    """Where the bot's last word was the offer to look at the order, it does."""
    last = read_messages(tx, conversation, conversation.last_position - 1)
    if conversation.owner != "bot" or not last or last[-1].offer != "order":
        return ()
    words = tell_order(store, view, None, locale)
    return [add_message(tx, care.hub, conversation, Said("bot", words.text, words.body), now)]


def _lock(tx: Session, store_id: int, handle: str) -> OrderCodeRow | None:
    which = (OrderCodeRow.store_id == store_id, OrderCodeRow.handle_hash == hash_handle(handle))
    fresh = select(OrderCodeRow).where(*which).with_for_update().execution_options(populate_existing=True)
    return tx.scalar(fresh)


def hash_handle(handle: str) -> str:
    """SHA-256 of a handle, in hex."""
    return hashlib.sha256(handle.encode("utf-8", "replace")).hexdigest()


def make_code(vault: Vault, handle_hash: str, sent: int) -> str:
    """The six digits of a handle's n-th code: from 128 random bits and our own key, so that a mail that is tried again
    says the same, and no code stands anywhere before it is mailed."""
    return f"{int(vault.index('order-code', f'{handle_hash}:{sent}'), 16) % 10**DIGITS:0{DIGITS}d}"


def index_code(vault: Vault, handle_hash: str, code: str) -> str:
    """The blind index by which a code is compared."""
    return vault.index("order-code-given", f"{handle_hash}:{code}")


def fold_number(number: str) -> str:
    """An order's number without what people write around it: ``#1001``, ``Nº 1001`` and ``1001`` are one."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKC", number).casefold())
    written = _PREFIX.match(bare)
    return bare[written.end() :] if written else bare
