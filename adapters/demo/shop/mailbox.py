"""A mailbox that takes every mail: an SMTP server on this machine, and what arrived in it."""

from __future__ import annotations

import asyncio
import socket
import threading
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from adapters.demo.shop.records import Records

LARGEST_MAIL = 10 * 1024 * 1024


class Mailbox:
    """What arrived, by number, newest first."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def keep(self, sender: str, recipients: list[str], body: bytes) -> None:
        with self._records.transaction() as rows:
            rows.execute(
                "insert into mails (received_at, sender, recipients, body) values (?, ?, ?, ?)",
                (datetime.now(UTC).isoformat(timespec="milliseconds"), sender, ", ".join(recipients), body),
            )

    def list(self, limit: int = 1000) -> list[dict[str, Any]]:
        """Heads of the newest mails: id, received_at, from, to, subject, message_id."""
        found = self._records.fetch(
            "select id, received_at, sender, recipients, body from mails order by id desc limit ?", limit
        )
        return [_read_head(*row) for row in found]

    def get(self, number: int) -> dict[str, Any] | None:
        """One mail: its head, all `headers` in order, `text` and `html` ('' when absent)."""
        found = self._records.fetch(
            "select id, received_at, sender, recipients, body from mails where id = ?", number
        )
        if not found:
            return None
        mail = _parse(found[0][4])
        return {
            **_read_head(*found[0]),
            "headers": [[name, str(value)] for name, value in mail.items()],
            "text": _read_part(mail, "plain"),
            "html": _read_part(mail, "html"),
        }

    def source(self, number: int) -> bytes | None:
        """The bytes as they arrived."""
        found = self._records.fetch("select body from mails where id = ?", number)
        return bytes(found[0][0]) if found else None

    def newest(self) -> int:
        """The number of the newest mail, 0 when there is none."""
        return int(self._records.fetch("select coalesce(max(id), 0) from mails")[0][0])

    def clear(self) -> None:
        with self._records.transaction() as rows:
            rows.execute("delete from mails")


class SmtpServer:
    """SMTP without sign-in or encryption, for this machine only."""

    def __init__(self, mailbox: Mailbox, sock: socket.socket) -> None:
        self._mailbox = mailbox
        self._sock = sock
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="smtp", daemon=True)

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("The mailbox's SMTP server did not start.")

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._loop.create_server(self._greet, sock=self._sock))
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            self._loop.close()

    def _greet(self) -> SMTP:
        return SMTP(
            self,
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            hostname="mailbox.localhost",
            loop=self._loop,
        )

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        body = envelope.content
        if not isinstance(body, bytes):
            return "554 The mail is not bytes"
        self._mailbox.keep(str(envelope.mail_from or ""), [str(one) for one in envelope.rcpt_tos], body)
        return "250 Kept in the mailbox"


def _parse(body: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(body)


def _read_head(number: int, received_at: str, sender: str, recipients: str, body: bytes) -> dict[str, Any]:
    # Only the head is parsed: a list of a thousand mails must not decode a thousand bodies.
    mail = _parse(body.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    return {
        "id": number,
        "received_at": received_at,
        "envelope_from": sender,
        "envelope_to": recipients,
        "from": str(mail.get("From", "")),
        "to": str(mail.get("To", "")),
        "subject": str(mail.get("Subject", "")),
        "message_id": str(mail.get("Message-ID", "")).strip(),
    }


def _read_part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError, KeyError):
        # A charset nobody knows: show what can be shown.
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
