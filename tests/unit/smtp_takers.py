"""Real SMTP servers on loopback ports, for the tests of carrying mail."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from plugin.mail import Mail, build_message
from plugin.testing.servers import find_free_port

MESSAGE = build_message(
    Mail(to="ana@x.example", subject="Hola", html="<p>.</p>", text=".\n..\n.Hola\n", from_name="T",
         from_address="t@x.example", message_id="<1@x.example>")
)  # fmt: skip


class Taker:
    """Takes mails; counts connections. `answers` replaces the answer of a step, by the step's name."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.mails: list[bytes] = []
        self.recipients: list[list[str]] = []
        self.peers: set[Any] = set()
        self.senders = 0

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]) -> str:
        self.peers.add(session.peer)
        self.senders += 1
        if answer := self.answers.get("mail"):
            return answer
        envelope.mail_from = address
        return "250 fine"

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:
        if answer := self.answers.get("rcpt"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:
        answer = self.answers.get("data", "250 taken")
        if answer == "hang":
            await asyncio.sleep(30)
        if answer == "drop":
            server.transport.abort()
            return "250 never arrives"
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(envelope.content)
            self.recipients.append(envelope.rcpt_tos)
        return answer


@contextmanager
def serve(taker: Taker, **options: Any) -> Iterator[int]:
    """The port of a server for this taker, on a loopback port of its own."""
    controller = Controller(taker, hostname="127.0.0.1", port=find_free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop(no_assert=True)
