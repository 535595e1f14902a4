"""The message form, for when nobody is there: kept once with an address to answer at, and a reference to name it by."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from plugin.care.addresses import check_consent, index_mailbox, read_address, take_address
from plugin.care.answer import proven_view
from plugin.care.codes import LONGEST_NUMBER
from plugin.care.doors import Care
from plugin.care.join import find_joinable
from plugin.care.masking import mask_cards
from plugin.care.models import ConversationRow, MessageRow, VisitorRow
from plugin.care.phases import find_phase
from plugin.care.presence import answered_by, tell_promise
from plugin.care.promises import find_promised, make_promise
from plugin.care.proof import Proven
from plugin.care.references import mint_reference, sham_reference
from plugin.care.routes import WISHED, note, read_notes
from plugin.care.take_back import promise_take_back
from plugin.care.threads import (
    Said,
    add_message,
    find_by_client_id,
    find_of_visitor,
    has_basket,
    lock_of_visitor,
    note_change,
    read_messages,
    start_conversation,
    write_where,
)
from plugin.care.told import ACKNOWLEDGEMENT, has_told_enough, note_mail
from plugin.care.visitors import find_minted, hold_visitor, may_hand_out_again, mint_visitor, note_seen
from plugin.care.waits import begin_wait, wait_again
from plugin.language import translator
from plugin.mail import clean_words
from plugin.stores import StoreRow
from plugin.work import put

LONGEST_TEXT = 4000
LONGEST_NAME = 80
TRIES = 3
NOTHING_PROVEN = Proven(None, "", "")


class NoText(ValueError):
    """A message has between 1 and 4000 characters."""


@dataclass(frozen=True)
class Form:
    """What somebody wrote in the form. `client_id`: a UUID of the page's; sent again with it, nothing is added.
    `consent`: the sentence agreed to, as `consent_words` says it, letter by letter."""

    text: str
    email: str
    client_id: str
    consent: str
    locale: str
    name: str | None = None
    order_number: str | None = None
    page: str | None = None
    steps: tuple[str, ...] = ()
    basket: str | None = None


@dataclass(frozen=True)
class Sent:
    """What became of it. `words`: what the writer is told, with the reference and when a person answers by
    (`answered_by`; None: nobody knows, or what was promised in this wait is over); `messages`: theirs and what the
    house added to it; `token`: handed out once, where there was no visitor yet; `new`: false for
    one sent again."""

    reference: str
    conversation: ConversationRow
    messages: Sequence[MessageRow]
    answered_by: datetime | None
    words: str
    token: str | None
    new: bool


@dataclass(frozen=True)
class _Kept:
    conversation: ConversationRow
    message: MessageRow
    added: Sequence[MessageRow]
    answered_by: datetime | None
    token: str | None
    new: bool


def send_form(
    care: Care, store: StoreRow, visitor: VisitorRow | None, form: Form, proven: Proven | None = None
) -> Sent:
    """Keeps the message for the store's people; the bot does not answer it. Raises `NoAddress`, `NoText`,
    `OtherConsent`, `AlreadyBegun`."""
    text, address = read_text(form.text), read_address(form.email)
    check_consent(store, form.consent)
    kept, tries = None, 0
    while kept is None:
        try:
            kept = _keep(care, store, visitor, form, text, address, proven or NOTHING_PROVEN)
        except IntegrityError:
            # The same form at the same moment was faster, or another one got this reference.
            tries += 1
            if tries == TRIES:
                raise
    reference = kept.conversation.reference or ""
    words = form_words(store, form.locale, reference, kept.message.created_at, kept.answered_by)
    said_at, by = kept.message.created_at, kept.answered_by
    by = by if by is not None and by > said_at else None
    return Sent(reference, kept.conversation, [kept.message, *kept.added], by, words, kept.token, kept.new)


def check_form(store: StoreRow, form: Form) -> None:
    """Raises what `send_form` raises of what was typed: `NoText`, `NoAddress`, `OtherConsent`."""
    read_text(form.text)
    read_address(form.email)
    check_consent(store, form.consent)


def read_text(written: str) -> str:
    """What was written, without what no database takes. Raises `NoText`."""
    text = written.replace("\0", "").encode("utf-8", "replace").decode().strip()
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise NoText("A message has between 1 and 4000 characters.")
    return text


def form_words(
    store: StoreRow, locale: str, reference: str, sent_at: datetime, by: datetime | None, *, absolute: bool = False
) -> str:
    """What the writer is told: the reference, when a person answers by, and where."""
    _ = translator(locale, "care").gettext
    arrived = _("Your message has arrived. Its reference is {reference}.").format(reference=reference)
    promise = tell_promise(store, locale, sent_at, by, absolute=absolute)
    return " ".join((arrived, promise, _("The answer also reaches you by e-mail.")))


def _keep(
    care: Care, store: StoreRow, visitor: VisitorRow | None, form: Form, text: str, address: str, proven: Proven
) -> _Kept:
    now, token = care.clock.now(), None
    with care.db.transaction(store.id) as tx:
        if visitor is None:
            again = _find_again(care, tx, store, form, now)
            if again is not None:
                return again
            order_id = proven.order.row.id if proven.order and proven.by == "order" else None
            joined_id = find_joinable(tx, store.id, proven.customer_index, order_id, now)
            visitor, token = mint_visitor(tx, care.db.vault, store.id, form.client_id, now, joined_id)
        else:
            hold_visitor(tx, visitor)
        row = lock_of_visitor(tx, visitor) or start_conversation(tx, store.id, visitor.talks_as, form.locale, now)
        known = find_by_client_id(tx, row, form.client_id)
        if known is not None:
            return _tell_again(tx, store, row, known, token, now)
        if token is None:
            note_seen(tx, visitor, now)
        first = _take_in(care, tx, row, form, address, proven, now)
        message = add_message(tx, care.hub, row, Said("shopper", text, client_id=form.client_id), now)
        message.settled_at = now
        by = make_promise(tx, store, row, now)
        words = form_words(store, form.locale, row.reference or "", now, by, absolute=True)
        told = add_message(tx, care.hub, row, Said("system", words), now)
        note_change(tx, care.hub, row)
        promise_take_back(tx, store, row, now)
        _promise_acknowledgement(care, tx, store, row, message, now, first=first)
    return _Kept(row, message, [told], by, token, True)


def _find_again(care: Care, tx: Session, store: StoreRow, form: Form, now: datetime) -> _Kept | None:
    """The same form of a page that has no token, however much later: as when it is loaded again."""
    earlier = find_minted(tx, store.id, form.client_id)
    if earlier is None:
        return None
    token = None
    if may_hand_out_again(earlier, now):
        earlier, token = mint_visitor(tx, care.db.vault, store.id, form.client_id, now)
    row = lock_of_visitor(tx, earlier)
    known = find_by_client_id(tx, row, form.client_id) if row is not None else None
    return _tell_again(tx, store, row, known, token, now) if row is not None and known is not None else None


def _tell_again(
    tx: Session, store: StoreRow, row: ConversationRow, known: MessageRow, token: str | None, now: datetime
) -> _Kept:
    row.reference = row.reference or mint_reference()
    by = find_promised(tx, row, known.created_at)
    following = [one for one in read_messages(tx, row, known.position, 1) if one.author == "system"]
    return _Kept(row, known, following, by, token, False)


def _take_in(
    care: Care, tx: Session, row: ConversationRow, form: Form, address: str, proven: Proven, now: datetime
) -> bool:
    """What the form does to the conversation before its message stands in it. Whether it is its first form."""
    if row.last_position == 0:
        row.channel = "form"
    first = row.reference is None
    row.locale, row.reference = form.locale, row.reference or mint_reference()
    take_address(care, row, address, form.consent)
    name = clean_words(form.name or "", LONGEST_NAME)
    row.writer_name = mask_cards(name) or row.writer_name
    write_where(row, form.steps, form.page, form.basket, now)
    if number := mask_cards(clean_words(form.order_number or "", LONGEST_NUMBER)):
        note(row, order_number=number)
    _bind(row, proven, now)
    row.phase = find_phase(form.steps, has_basket(form.basket), proven_view(tx, row.store_id, row.order_id), now)
    _give(tx, row, now)
    return first


def _bind(row: ConversationRow, proven: Proven, now: datetime) -> None:
    if proven.order is not None:
        if row.order_id != proven.order.row.id or proven.by == "order":
            row.order_proof = proven.by
        row.order_id, row.order_proven_at = proven.order.row.id, now
    if proven.customer_index:
        row.customer_index = proven.customer_index


def _give(tx: Session, row: ConversationRow, now: datetime) -> None:
    """It waits for a person: for the agent who holds it, else for whoever comes first."""
    why = read_notes(row).why or WISHED
    if row.status == "resolved":
        row.topic, row.topic_by = "", "guess"
    if row.status != "open" or row.owner == "bot":
        row.handed_over_at, row.first_reply_at, row.waiting_since = now, None, now
        row.agent_id, row.agent_name = None, None
        row.status, row.owner = "open", "nobody"
        begin_wait(tx, row, now)
    else:
        wait_again(tx, row, now)
    row.resolved_at = row.offered_at = None
    row.failures = 0
    note(row, why=why, form=None, promised=None)


def _promise_acknowledgement(
    care: Care, tx: Session, store: StoreRow, row: ConversationRow, message: MessageRow, now: datetime, *, first: bool
) -> None:
    if has_told_enough(tx, store, row.id, now):
        return
    told = note_mail(tx, store, index_mailbox(care.db.vault, row.email or ""), ACKNOWLEDGEMENT, row.id, now)
    if told is not None:
        payload = {"told": told, "conversation": row.id, "message": message.id, "first": first}
        put(tx, "care.acknowledge", payload, due_at=now, store=store.id)


def was_sent(care: Care, store: StoreRow, visitor: VisitorRow | None, client_id: str) -> bool:
    """Whether this form came before: then it is sent again, not new."""
    with care.db.reading(store.id) as tx:
        writer = visitor or find_minted(tx, store.id, client_id)
        row = find_of_visitor(tx, writer) if writer is not None else None
        return row is not None and find_by_client_id(tx, row, client_id) is not None


def is_proven(care: Care, visitor: VisitorRow) -> bool:
    """Whether an order or a customer was proven in the visitor's conversation."""
    with care.db.reading(visitor.store_id) as tx:
        row = find_of_visitor(tx, visitor)
        return row is not None and (row.order_id is not None or bool(row.customer_index))


def feign_form(care: Care, store: StoreRow, form: Form) -> Sent:
    """The answer to a form that a machine filled in: looks like any other, and nothing is kept. Raises what
    `send_form` raises of what was typed."""
    text, address = read_text(form.text), read_address(form.email)
    check_consent(store, form.consent)
    now, reference = care.clock.now(), sham_reference(form.client_id)
    by = answered_by(store, now, None)
    row = ConversationRow(
        store_id=store.id, public_id="cv_" + secrets.token_urlsafe(12), status="open", owner="nobody",
        locale=form.locale, context="{}", email=address, reference=reference, created_at=now, last_message_at=now,
        phase=find_phase(form.steps, has_basket(form.basket), None, now), channel="form", last_position=2, version=1,
    )  # fmt: skip
    said = [("shopper", mask_cards(text), form.client_id)]
    said.append(("system", form_words(store, form.locale, reference, now, by, absolute=True), ""))
    messages = [
        MessageRow(position=place, author=author, text=words, client_id=client_id or None, created_at=now)
        for place, (author, words, client_id) in enumerate(said, 1)
    ]
    words = form_words(store, form.locale, reference, now, by)
    return Sent(reference, row, messages, by, words, "vt_" + secrets.token_urlsafe(16), True)
