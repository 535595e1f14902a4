"""The mail with a link to everything that an address wrote to a store, for whoever asked for it with that address.

Two jobs. `care.requests` looks whether there is anything, and takes the day for the one mail; `care.carry_requests`
sends it. Nothing in it was written by whoever asked.
"""

from __future__ import annotations

from sqlalchemy import select

from plugin.care.acknowledge import is_automatic
from plugin.care.addresses import index_mailbox
from plugin.care.doors import Care
from plugin.care.letter_frame import LONGEST_STORE, Button, Letter, Line, Written, find_ways, write_letter
from plugin.care.mailing import Envelope, Post, post_letter
from plugin.care.models import AcknowledgementRow, ConversationRow
from plugin.care.talk_links import talk_token
from plugin.care.told import REQUESTS, find_mail, forget_mail, note_mail, note_sent, was_written_to
from plugin.language import translator
from plugin.notices.mail_facts import clean
from plugin.stores import StoreRow, get_store
from plugin.work import Claimed, finish, put


def look_for_requests(care: Care, job: Claimed) -> None:
    """The job `care.requests`."""
    assert job.store is not None
    now, index = care.clock.now(), job.payload["email_index"]
    with care.db.transaction(job.store) as tx:
        store = get_store(tx, job.store)
        which = (
            ConversationRow.store_id == job.store, ConversationRow.email_index == index,
            ConversationRow.last_position > 0,
        )  # fmt: skip
        row = tx.scalar(select(ConversationRow).where(*which).order_by(ConversationRow.id.desc()).limit(1))
        told = None
        if row is not None and row.email is not None:
            told = note_mail(tx, store, index_mailbox(care.db.vault, row.email), REQUESTS, row.id, now)
        if told is not None and row is not None:
            payload = {"told": told, "conversation": row.id, "locale": job.payload["locale"]}
            put(tx, "care.carry_requests", payload, due_at=now, store=job.store)
        finish(tx, job)


def carry_requests(care: Care, post: Post, job: Claimed) -> None:
    """The job `care.carry_requests`. Tried again, the mail has the same Message-ID."""
    assert job.store is not None
    now = care.clock.now()
    with care.db.reading(job.store) as tx:
        store, told = get_store(tx, job.store), find_mail(tx, job.store, job.payload["told"])
        which = (ConversationRow.store_id == job.store, ConversationRow.id == job.payload["conversation"])
        row = tx.scalar(select(ConversationRow).where(*which))
    if told is None:
        return
    if row is None or not _may_be_told(care, store, row, told):
        with care.db.transaction(job.store) as tx:
            forget_mail(tx, told)
            finish(tx, job)
        return
    name = care.db.vault.index("requests-mail", f"{store.public_id}:{told.email_index}:{told.day}")
    asked_at = job.first_due_at
    token = talk_token(care.db.vault, store.id, "", row.email_index, asked_at)
    url = f"{post.base_url.rstrip('/')}/c/{token}"
    envelope = Envelope(row.email or "", post.name_message("requests", name), asked_at)
    sent = post_letter(post, store, envelope, write_requests(store, job.payload["locale"], url, post.base_url))
    with care.db.transaction(job.store) as tx:
        if sent:
            note_sent(tx, told, now)
        finish(tx, job)


def _may_be_told(care: Care, store: StoreRow, row: ConversationRow, told: AcknowledgementRow) -> bool:
    if store.status == "uninstalled" or row.email is None:
        return False
    if index_mailbox(care.db.vault, row.email) != told.email_index:
        return False
    return not is_automatic(row.email) and not was_written_to(care, told, REQUESTS, care.clock.now())


def write_requests(store: StoreRow, locale: str, url: str, base_url: str) -> Written:
    """The mail in the language of the page where it was asked for."""
    _ = translator(locale, "care").gettext
    shop = clean(store.name, LONGEST_STORE)
    lead = _("Somebody, surely you, wants to see what was written to {store} with this address:").format(store=shop)
    lives = _("The link works for 30 days. Give it to nobody: whoever opens it reads your messages.")
    not_me = _("Was it not you? Then do nothing.")
    blocks = (Line(_("Hello:")), Line(lead), Button(_("See my requests"), url), Line(f"{lives} {not_me}", quiet=True))
    subject = _("Your requests to {store}").format(store=shop)
    return write_letter(
        Letter(subject, store.name, locale, store.accent, blocks, find_ways(store, locale, base_url))
    )
