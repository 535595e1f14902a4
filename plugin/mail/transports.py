"""The ways a finished message leaves the house: the protocol, the console, and SMTP by its URL."""

from __future__ import annotations

import sys
import threading
from email import message_from_bytes, policy
from typing import Protocol, TextIO
from urllib.parse import parse_qs, unquote, urlsplit

from plugin.mail.errors import MailDelayed, MailError, MailInvalid, MailRefused, MailUnclear
from plugin.mail.message import check_address, clean_words
from plugin.mail.smtp import SmtpServer, SmtpTransport

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SWITCHES = {"1": True, "true": True, "0": False, "false": False}

__all__ = [
    "ConsoleTransport", "MailDelayed", "MailError", "MailInvalid", "MailRefused", "MailTransport", "MailUnclear",
    "SmtpServer", "SmtpTransport", "open_transport",
]


class MailTransport(Protocol):
    """A way out. `send` returns once the other side has taken the message over."""

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        """Raises `MailDelayed`, `MailRefused` or `MailInvalid`."""

    def close(self) -> None:
        """Give back what is open; the transport can still be used afterwards."""


class ConsoleTransport:
    """Prints a mail instead of sending it, so that nobody needs a mail server to try the app."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "ConsoleTransport()"

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        check_address(sender), check_address(recipient)
        parsed = message_from_bytes(message, policy=policy.default)
        body = parsed.get_body(("plain",))
        text = str(body.get_content()) if body else ""
        lines = [f"Mail to {recipient} from {sender}", clean_words(str(parsed["Subject"] or ""), 255), ""]
        # Cleaned line by line: a terminal obeys control signs.
        lines += [clean_words(line, 500) for line in text.splitlines()]
        with self._lock:
            print("\n".join(["-" * 72, *lines, "-" * 72]), file=self._stream or sys.stdout, flush=True)

    def close(self) -> None:
        """Nothing is open."""


def open_transport(url: str, our_name: str = "localhost") -> MailTransport:
    """The transport of a URL; raises `ValueError` with words that never contain its password.

    ``console:`` · ``smtp://user:password@host:587?starttls=1`` · ``smtps://user:password@host:465``; also
    ``timeout=30`` and ``ca_file=path``. A password over an open line is refused, but to this machine itself.
    """
    scheme = url.partition(":")[0]
    if scheme == "console":
        return ConsoleTransport()
    if scheme not in ("smtp", "smtps"):
        raise ValueError("A mail transport is console:, smtp://host:port or smtps://host:port.")
    return SmtpTransport(_read_server(url, our_name))


def _read_server(url: str, our_name: str) -> SmtpServer:
    try:
        parts = urlsplit(url)
        port = parts.port
        options = {key: values[-1] for key, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
        starttls = _SWITCHES[options.pop("starttls", "0").lower()]
        timeout = float(options.pop("timeout", "30"))
    except (ValueError, KeyError):
        raise ValueError("The mail transport's port, timeout or starttls cannot be read.") from None
    ca_file = options.pop("ca_file", "")
    if not parts.hostname or options or parts.path.strip("/") or not 0 < timeout <= 600:
        raise ValueError("A mail transport is smtp://user:password@host:port, with starttls, timeout or ca_file.")
    secure = parts.scheme == "smtps"
    if parts.username and not secure and not starttls and parts.hostname not in _LOOPBACK:
        raise ValueError("The mail password would travel in the open: add ?starttls=1, or use smtps://.")
    return SmtpServer(
        host=parts.hostname, port=port or (465 if secure else 587 if starttls else 25),
        user=unquote(parts.username or ""), password=unquote(parts.password or ""),
        implicit_tls=secure, starttls=starttls and not secure, timeout=timeout, ca_file=ca_file, our_name=our_name,
    )
