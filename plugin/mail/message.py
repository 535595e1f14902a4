"""One mail to one person, as bytes ready for SMTP.

Built twice from the same `Mail` with the same `sent_at`, it is the same bytes: a mail sent again after a lost
answer carries the same Message-ID and can be recognised. Python 3.11's `EmailMessage` folds long addresses in
List-Unsubscribe or Message-ID into encoded words, which no mail program reads back; here those headers are
written verbatim.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from typing import cast

from plugin.mail.errors import MailInvalid
from plugin.mail.unsubscribe import unsubscribe_headers

SUBJECT_LIMIT = 255
NAME_LIMIT = 120
LONGEST_ADDRESS = 254
"""RFC 5321, 4.5.3.1.3, less the brackets (https://www.rfc-editor.org/errata/eid1690)."""
SHORT_LINE = 74
"""Signs of a header's name and value that stand on one line (RFC 5322 recommends 78 with colon and line end)."""
AUTO_SUBMITTED = ("auto-generated", "auto-replied")
VERBATIM = ("list-unsubscribe", "list-unsubscribe-post", "message-id", "references", "in-reply-to")
"""Headers whose value goes out exactly as given, however long."""

# Values of ours which need no folding: parsing and folding them costs more than the whole body.
_SHORT = ("date", "mime-version", "auto-submitted")
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Signs that turn the direction of the text after them, and unpaired surrogates, which are no text at all.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_OURS = frozenset((
    "to", "cc", "bcc", "from", "sender", "reply-to", "subject", "date", "message-id", "mime-version",
    "content-type", "content-transfer-encoding", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted",
    "return-path", "received", "resent-to", "resent-cc", "resent-bcc",
))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Everything about one mail. `headers` adds others (References, X-…); `sent_at` is now when None;
    `auto_submitted`: what RFC 3834 calls it (https://www.rfc-editor.org/rfc/rfc3834#section-5, 2026-11-22), one of
    `AUTO_SUBMITTED`, '' for what a person wrote."""

    to: str
    subject: str
    html: str
    text: str
    from_name: str
    from_address: str
    message_id: str
    reply_to: str = ""
    list_unsubscribe_url: str | None = None
    auto_submitted: str = "auto-generated"
    headers: Mapping[str, str] = field(default_factory=dict)
    sent_at: datetime | None = None


class VerbatimHeader(UnstructuredHeader):
    """A header whose value is never folded or encoded."""

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Registry(HeaderRegistry):
    """Keeps the classes it makes: the package makes one per header of each mail, a fifth of the whole work."""

    @lru_cache(maxsize=200)  # noqa: B019
    def __getitem__(self, name: str) -> type[BaseHeader]:
        return super().__getitem__(name)


def _registry() -> HeaderRegistry:
    registry = _Registry()
    for name in (*VERBATIM, *_SHORT):
        registry.map_to_type(name, cast(type[BaseHeader], VerbatimHeader))
    return registry


_POLICY = SMTP.clone(header_factory=_registry(), refold_source="none")


def build_message(mail: Mail) -> bytes:
    """The mail as bytes with CRLF line ends, text first and HTML second. Raises `MailInvalid`.

    Subject and names are cleaned and cut; an address, a Message-ID or a header that is not one is refused,
    since a cleaned address would be somebody else's.
    """
    head = [
        _write_person("From", clean_words(mail.from_name, NAME_LIMIT), check_address(mail.from_address)),
        _write_person("To", "", check_address(mail.to)),
        _write_person("Reply-To", "", check_address(mail.reply_to)) if mail.reply_to else "",
        _write_words("Subject", clean_words(mail.subject, SUBJECT_LIMIT)),
        _write_words("Date", format_datetime((mail.sent_at or datetime.now(UTC)).astimezone(UTC))),
        _write_words("Message-ID", _check_message_id(mail.message_id)),
        _write_words("Auto-Submitted", mail.auto_submitted) if mail.auto_submitted in AUTO_SUBMITTED else "",
        *(_write_words(name, value) for name, value in _further_headers(mail).items()),
        _write_words("MIME-Version", "1.0"),
    ]
    boundary = _boundary(mail)
    kind = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
    parts = (_part(boundary, "plain", mail.text), _part(boundary, "html", mail.html))
    return b"".join(
        ("".join(head).encode("ascii"), kind.encode("ascii"), *parts, f"--{boundary}--\r\n".encode("ascii"))
    )


def _write_person(name: str, words: str, address: str) -> str:
    if not words and len(name) + len(address) < SHORT_LINE:
        return f"{name}: {address}\r\n"  # a checked address is plain signs that need no quoting
    return _fold_person(name, words, address)


@lru_cache(maxsize=1000)
def _fold_person(name: str, words: str, address: str) -> str:
    folded: str = _POLICY.header_factory(name, Address(words, addr_spec=address)).fold(policy=_POLICY)
    return folded


def _write_words(name: str, value: str) -> str:
    """A header line. What is verbatim, or short and plain, is spared the package, which costs more than the body."""
    if name.lower() in (*VERBATIM, *_SHORT) or (value.isascii() and len(name) + len(value) < SHORT_LINE):
        return f"{name}: {value}\r\n"
    folded: str = _POLICY.header_factory(name, value).fold(policy=_POLICY)
    return folded


def check_address(address: str) -> str:
    """The address with its domain in ASCII, or `MailInvalid`; never a list, never a name beside it."""
    local, at, domain = address.rpartition("@")
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(ascii_domain):
        raise MailInvalid(f"{_shown(address)} is not one e-mail address.")
    return f"{local}@{ascii_domain}"


def read_address(written: str, *, local: bool = False) -> str:
    """What a person typed, as one address that mail from anywhere reaches: its domain has a dot and ends in no number.
    `local`: this machine's own people (``owner@localhost``) may be meant too. Raises `MailInvalid`."""
    address = check_address(written.strip())
    domain = address.rpartition("@")[2]
    public = "." in domain and not domain.rpartition(".")[2].isdecimal()
    if len(address) > LONGEST_ADDRESS or not (public or (local and domain.lower() == "localhost")):
        raise MailInvalid(f"{_shown(written)} is not one e-mail address.")
    return address


def clean_words(words: str, limit: int) -> str:
    """Words on one line: no line ends, control or turning signs, single spaces, at most `limit` signs."""
    line = " ".join(_TURNING.sub("", _BREAKS.sub(" ", words[: limit * 4])).split())
    line = line.replace("=?", "= ?")  # or the email package reads it as an encoded word, line ends and all
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _shown(value: str) -> str:
    return ascii(value if len(value) <= 80 else value[:80] + "...")


def _check_message_id(message_id: str) -> str:
    if len(message_id) > 250 or not _MESSAGE_ID.fullmatch(message_id):
        raise MailInvalid(f"{_shown(message_id)} is not a Message-ID like <words@domain>.")
    return message_id


def _further_headers(mail: Mail) -> dict[str, str]:
    headers: dict[str, str] = {}
    if mail.list_unsubscribe_url:
        try:
            headers.update(unsubscribe_headers(mail.list_unsubscribe_url))
        except ValueError as error:
            raise MailInvalid(str(error)) from error
    for name, value in mail.headers.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
            raise MailInvalid(f"The header {_shown(name)} cannot be added.")
        if _BREAKS.search(value) or _TURNING.search(value) or len(value) > 900:
            raise MailInvalid(f"The header {name} has a line end in it, or is too long.")
        if name.lower() in VERBATIM and not value.isascii():
            raise MailInvalid(f"The header {name} takes only plain signs.")
        headers[name] = value
    return headers


def _boundary(mail: Mail) -> str:
    # From the content, so that the same mail is the same bytes; encoded lines never have "=_" in them.
    content = "\0".join((mail.message_id, mail.text, mail.html))
    return "=_" + sha256(content.encode("utf-8", "replace")).hexdigest()[:40]


def _part(boundary: str, subtype: str, words: str) -> bytes:
    # The email package encodes line by line in Python, ten times slower than this.
    lines = words.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    head = (
        f'--{boundary}\r\nContent-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    encoded = binascii.b2a_qp(lines, istext=True, quotetabs=False)
    return head.encode("ascii") + encoded.replace(b"\n", b"\r\n") + b"\r\n"
