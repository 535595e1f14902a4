"""How a written letter leaves: one mail to one address, the same Message-ID whenever it is tried again."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr

from plugin.care.letter_frame import Written
from plugin.mail import Mail, MailDelayed, MailInvalid, MailRefused, MailTransport, build_message
from plugin.stores import StoreRow
from plugin.work import TryLater

log = logging.getLogger("mostrador.care")


@dataclass(frozen=True)
class Post:
    """How mail leaves. `mail_from`: the address it comes from, a name may stand before it; `base_url`: where links in
    it lead."""

    transport: MailTransport
    mail_from: str
    base_url: str = ""

    @property
    def address(self) -> str:
        """The address alone."""
        return parseaddr(self.mail_from)[1]

    def name_message(self, sort: str, name: str) -> str:
        """A Message-ID: the same for the same name."""
        return f"<{sort}-{name}@{self.address.partition('@')[2] or 'localhost'}>"


@dataclass(frozen=True)
class Envelope:
    """What stands on a letter. `sender`: the name before our address; `auto_submitted`: see RFC 3834, '' for what a
    person wrote; `headers`: further ones."""

    to: str
    message_id: str
    sent_at: datetime
    sender: str = ""
    auto_submitted: str = "auto-generated"
    headers: Mapping[str, str] = field(default_factory=dict)


def post_letter(post: Post, store: StoreRow, envelope: Envelope, written: Written) -> bool:
    """Hands the mail over. False: its address takes none, and nothing changes that. Raises `TryLater`."""
    mail = Mail(
        to=envelope.to, subject=written.subject, html=written.html, text=written.text,
        from_name=envelope.sender or store.sender_name or store.name, from_address=post.address,
        reply_to=store.reply_to or "", message_id=envelope.message_id, sent_at=envelope.sent_at,
        auto_submitted=envelope.auto_submitted, headers=envelope.headers,
    )  # fmt: skip
    try:
        post.transport.send(build_message(mail), mail.from_address, mail.to)
    except MailDelayed as error:
        raise TryLater("The mail server is away.") from error
    except (MailInvalid, MailRefused):
        log.info("A mail about a talk was not sent: its address takes no mail.")
        return False
    return True
