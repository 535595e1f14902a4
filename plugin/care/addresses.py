"""The e-mail address that a shopper leaves to be answered at: asked for once, kept with the sentence they agreed to."""

from __future__ import annotations

from datetime import datetime

from plugin.care.doors import Care
from plugin.care.models import ConversationRow, VisitorRow
from plugin.care.threads import lock_of_visitor, note_change
from plugin.database import Vault
from plugin.language import LOCALES, translator
from plugin.mail import MailInvalid, clean_words
from plugin.mail import read_address as read_typed
from plugin.stores import StoreRow

LONGEST_STORE = 120


class NoAddress(ValueError):
    """This is not one e-mail address."""


class OtherConsent(ValueError):
    """This is not the sentence that the store asks shoppers to agree to."""


def consent_words(store: StoreRow, locale: str) -> str:
    """What a shopper agrees to by leaving an address, in their language."""
    _ = translator(locale, "care").gettext
    return _(
        "{store} may answer this conversation at this address. It is used for nothing else, and deleted with the "
        "conversation."
    ).format(store=clean_words(store.name, LONGEST_STORE))


def leave_email(
    care: Care, store: StoreRow, visitor: VisitorRow, email: str, consent: str
) -> ConversationRow:
    """Keeps the address with the sentence that was agreed to; leaving another one replaces it. Raises `NoAddress`,
    `OtherConsent`, `LookupError` for a visitor without a conversation."""
    address = read_address(email)
    check_consent(store, consent)
    with care.db.transaction(store.id) as tx:
        row = lock_of_visitor(tx, visitor)
        if row is None:
            raise LookupError("The visitor has no conversation.")
        if row.email != address or row.email_consent != consent:
            take_address(care, row, address, consent)
            note_change(tx, care.hub, row)
        return row


def take_address(care: Care, row: ConversationRow, address: str, consent: str) -> None:
    """Writes it into a locked conversation. Whoever leaves an address reads the talk just now: what was answered before
    is not mailed to them."""
    if row.email is None:
        row.mailed_position = row.last_position
    row.email, row.email_consent, row.email_at = address, consent, care.clock.now()
    row.email_index = care.db.vault.index("email", address.lower())


def check_consent(store: StoreRow, consent: str) -> None:
    """Raises `OtherConsent` for any other sentence than the store's, in one of our languages."""
    if consent not in {consent_words(store, locale) for locale in LOCALES}:
        raise OtherConsent("The sentence is not the one that is asked for.")


def read_address(written: str) -> str:
    """One e-mail address as a mail can be sent to it, see `plugin.mail.read_address`. Raises `NoAddress`."""
    try:
        return read_typed(written)
    except MailInvalid:
        raise NoAddress("This is not one e-mail address.") from None


def fold_mailbox(address: str) -> str:
    """One name for all addresses that lead to one mailbox, as far as is known: whoever counts what a mailbox was sent
    counts by it. What stands behind a plus, and in Gmail the dots, are the writer's to choose
    (RFC 5233; https://support.google.com/mail/answer/7436150, 2026-11-22)."""
    local, _, domain = address.lower().rpartition("@")
    bare = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        bare, domain = bare.replace(".", "") or bare, "gmail.com"
    return f"{bare}@{domain}"


def index_mailbox(vault: Vault, address: str) -> str:
    """The blind index of the mailbox behind an address."""
    return vault.index("email", fold_mailbox(address))


def ask_for_email(row: ConversationRow, now: datetime) -> bool:
    """Notes that the shopper is being asked, once in a conversation. False: they were asked before, or left one."""
    if row.email is not None or row.email_asked_at is not None:
        return False
    row.email_asked_at = now
    return True
