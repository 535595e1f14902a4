"""A real SMTP server inside the process that takes every mail and remembers it (aiosmtpd, extra `demo`)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from plugin.testing.servers import find_free_port


@dataclass
class Mailbox:
    """Every accepted mail in order of arrival; `url` is where to send."""

    url: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    journal: Path | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        with self._lock:
            self.mails.append(mail)
            if self.journal is not None:
                line = {"message_id": mail["Message-ID"], "to": envelope.rcpt_tos, "subject": mail["Subject"]}
                with self.journal.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
        return "250 taken"


@contextmanager
def open_mailbox(journal: Path | None = None) -> Iterator[Mailbox]:
    """A mailbox on a free loopback port. `journal`: also append a line per mail to this file."""
    try:
        from aiosmtpd.controller import Controller
    except ImportError:
        raise SystemExit("This command needs the extra `demo`: pip install 'mostrador[demo]'.") from None
    mailbox = Mailbox(journal=journal)
    controller = Controller(mailbox, hostname="127.0.0.1", port=find_free_port())
    controller.start()
    mailbox.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield mailbox
    finally:
        controller.stop()
