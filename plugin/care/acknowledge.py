"""The job `care.acknowledge`: tells the address in a form that the message arrived. Nothing in the mail was written by
whoever sent the form: they may have typed somebody else's address."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.addresses import index_mailbox
from plugin.care.doors import Care
from plugin.care.letter_frame import LONGEST_STORE, Letter, Line, Written, find_ways, write_letter
from plugin.care.mailing import Envelope, Post, post_letter
from plugin.care.models import AcknowledgementRow, ConversationRow, MessageRow
from plugin.care.presence import tell_promise
from plugin.care.promises import find_promised
from plugin.care.threads import find_conversation
from plugin.care.told import ACKNOWLEDGEMENT, find_mail, forget_mail, is_flooded, note_sent, was_written_to
from plugin.language import translator
from plugin.notices.mail_facts import clean
from plugin.stores import StoreRow, get_store
from plugin.work import Claimed, finish

log = logging.getLogger("mostrador.care")

_MACHINE = re.compile(
    r"(mailerdaemon|postmaster|noreply|donotreply|dontreply|autoreply|autoresponder|listserv|majordomo)"
    r"|(abuse|bounces?)(\+.*)?$"
)
_LIST = re.compile(r"owner-.+|.+-(bounces?|request|owner)(\+.*)?|bounces?[-+=].+")
_MARKS = re.compile(r"[._-]")


def is_automatic(address: str, own: Iterable[str] = ()) -> bool:
    """Whether a machine, a mailing list or the shop itself reads this address: an answer there answers nobody, or is
    answered by another machine, for ever. `own`: the shop's addresses."""
    folded = address.strip().lower()
    local = folded.rpartition("@")[0]
    if folded in {one.strip().lower() for one in own if one}:
        return True
    return bool(_MACHINE.match(_MARKS.sub("", local)) or _LIST.fullmatch(local))


def acknowledge(care: Care, post: Post, job: Claimed) -> None:
    """The job. Tried again, the mail has the same Message-ID."""
    assert job.store is not None
    now = care.clock.now()
    with care.db.reading(job.store) as tx:
        store, told = get_store(tx, job.store), find_mail(tx, job.store, job.payload["told"])
        row, sent_at, flooded = *_read(tx, job), is_flooded(tx, job.store, now)
        by = find_promised(tx, row, sent_at) if row is not None and sent_at is not None else None
    if told is None:
        return
    if flooded:
        log.warning("Store %s: more forms than it acknowledges in an hour; they are kept and not mailed.", store.id)
    if flooded or row is None or sent_at is None or not _may_be_told(care, post, store, row, told):
        with care.db.transaction(job.store) as tx:
            forget_mail(tx, told)
            finish(tx, job)
        return
    written = write_acknowledgement(store, row, by, now, post.base_url)
    sent = post_letter(post, store, _address(care, post, row, told, sent_at, first=job.payload["first"]), written)
    with care.db.transaction(job.store) as tx:
        if sent:
            note_sent(tx, told, now)
        finish(tx, job)


def _read(tx: Session, job: Claimed) -> tuple[ConversationRow | None, datetime | None]:
    assert job.store is not None
    which = (MessageRow.store_id == job.store, MessageRow.id == job.payload["message"])
    sent_at = tx.scalar(select(MessageRow.created_at).where(*which))
    return find_conversation(tx, job.store, job.payload["conversation"]), sent_at


def _may_be_told(
    care: Care, post: Post, store: StoreRow, row: ConversationRow, told: AcknowledgementRow
) -> bool:
    own = (store.reply_to or "", post.address, str(store.contact.get("email", "")))
    if store.status == "uninstalled" or row.email is None:
        return False
    if index_mailbox(care.db.vault, row.email) != told.email_index:
        return False
    return not is_automatic(row.email, own) and not was_written_to(care, told, ACKNOWLEDGEMENT, care.clock.now())


def _address(
    care: Care, post: Post, row: ConversationRow, told: AcknowledgementRow, sent_at: datetime, *, first: bool
) -> Envelope:
    root = thread_id(care, post, row)
    own = care.db.vault.index("acknowledgement", f"{row.public_id}:{told.email_index}:{told.day}")
    headers = {"X-Auto-Response-Suppress": "All"}
    if not first:
        headers |= {"In-Reply-To": root, "References": root}
    return Envelope(
        row.email or "", root if first else post.name_message("talk", own), sent_at, auto_submitted="auto-replied",
        headers=headers,
    )  # fmt: skip


def thread_id(care: Care, post: Post, row: ConversationRow) -> str:
    """The Message-ID of a talk's first acknowledgement, under which mail programs gather what follows."""
    return post.name_message("talk", care.db.vault.index("talk-thread", row.public_id))


def write_acknowledgement(
    store: StoreRow, row: ConversationRow, by: datetime | None, now: datetime, base_url: str
) -> Written:
    """The mail in the language of the form."""
    _ = translator(row.locale, "care").gettext
    name, reference = clean(store.name, LONGEST_STORE), row.reference or ""
    arrived = _("Your message to {store} has arrived. Its reference is {reference}.")
    blocks = (
        Line(_("Hello:")), Line(arrived.format(store=name, reference=reference)),
        Line(tell_promise(store, row.locale, now, by, absolute=True)),
        Line(_("If you write or call about it, name the reference.")),
        Line(_("This mail was sent automatically. Was it not you who wrote? Then do nothing."), quiet=True),
    )  # fmt: skip
    subject = _("[{reference}] {store}: we have your message").format(reference=reference, store=name)
    return write_letter(
        Letter(subject, store.name, row.locale, store.accent, blocks, find_ways(store, row.locale, base_url))
    )
