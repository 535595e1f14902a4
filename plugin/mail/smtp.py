"""Hands mails to an SMTP server. Safe to share between threads and greenlets."""

from __future__ import annotations

import re
import smtplib
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from plugin.mail.errors import MailDelayed, MailError, MailRefused, MailUnclear
from plugin.mail.message import check_address, clean_words

_ANY_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT_AT_START = re.compile(rb"(?m)^\.")
# Our sign-in or TLS is missing (RFC 4954, RFC 3207): not the recipient's fault, and put right by the merchant.
_SIGN_IN_WANTED = (530, 535, 538)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where and how to hand mail over. `timeout` (seconds) is for each step of the conversation."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    implicit_tls: bool = False
    starttls: bool = False
    timeout: float = 30.0
    idle_seconds: float = 20.0
    ca_file: str = ""
    our_name: str = "localhost"


class SmtpTransport:
    """Hands mails to one SMTP server over kept connections, as many as there are mails at once."""

    def __init__(self, server: SmtpServer, clock: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._clock = clock
        self._lock = threading.Lock()
        self._idle: list[tuple[float, smtplib.SMTP]] = []
        self._timer: threading.Timer | None = None

    def __repr__(self) -> str:
        return f"SmtpTransport({self._server.host}:{self._server.port})"

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        sender, recipient = check_address(sender), check_address(recipient)
        connection, used = self._take()
        try:
            try:
                self._open_envelope(connection, sender, recipient)
            except (smtplib.SMTPServerDisconnected, OSError) as error:
                # A kept connection may have ended meanwhile. Nothing was handed over yet: once more, afresh.
                if not used or _is_timeout(error):
                    raise
                _drop(connection)
                connection = self._connect()
                self._open_envelope(connection, sender, recipient)
            self._hand_over(connection, message)
        except MailError as error:
            self._give_back_after(connection, error)
            raise
        except (smtplib.SMTPException, OSError, ValueError) as error:
            _drop(connection)
            raise MailDelayed(f"The connection to the mail server broke: {_reason(error)}.") from None
        self._keep(connection)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for _, connection in idle:
            _drop(connection)

    def _open_envelope(self, connection: smtplib.SMTP, sender: str, recipient: str) -> None:
        code, words = connection.mail(sender)
        if code == 421:
            raise smtplib.SMTPServerDisconnected("closing")
        if code != 250:
            # Not the person's fault and often put right by the merchant: never give the mail up for it.
            raise MailDelayed(_answer("did not take our sender address", code, words), code)
        code, words = connection.rcpt(recipient)
        if code not in (250, 251):
            raise _refusal("did not take the recipient", code, words)

    def _hand_over(self, connection: smtplib.SMTP, message: bytes) -> None:
        code, words = connection.docmd("DATA")
        if code != 354:
            raise _refusal("did not take the mail", code, words)
        lines = _DOT_AT_START.sub(b"..", _ANY_LINE_END.sub(b"\r\n", message))
        connection.send((lines if lines.endswith(b"\r\n") else lines + b"\r\n") + b".\r\n")
        try:
            code, words = connection.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnclear(f"The mail server took the mail, but its answer was lost: {_reason(error)}.") from None
        if code != 250:
            raise _refusal("did not take the mail", code, words)

    def _connect(self) -> smtplib.SMTP:
        server, connection = self._server, None
        try:
            connection = self._greet()
            connection.ehlo_or_helo_if_needed()
            if server.starttls:
                connection.starttls(context=self._tls())
                connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            if connection is not None:
                _drop(connection)
            raise _connect_error(error, self) from None
        return connection

    def _greet(self) -> smtplib.SMTP:
        server = self._server
        if server.implicit_tls:
            return smtplib.SMTP_SSL(
                server.host, server.port, server.our_name, timeout=server.timeout, context=self._tls(),
            )
        return smtplib.SMTP(server.host, server.port, server.our_name, timeout=server.timeout)

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.ca_file or None)

    def _take(self) -> tuple[smtplib.SMTP, bool]:
        self._close_stale()
        with self._lock:
            if self._idle:
                return self._idle.pop()[1], True
        return self._connect(), False

    def _keep(self, connection: smtplib.SMTP) -> None:
        with self._lock:
            self._idle.append((self._clock(), connection))
            self._watch_idle()

    def _watch_idle(self) -> None:
        # One timer for all, only while something is idle: an unused connection is not held open for ever.
        if self._timer is None and self._idle:
            self._timer = threading.Timer(self._server.idle_seconds + 0.1, self._end_watch)
            self._timer.daemon = True
            self._timer.start()

    def _end_watch(self) -> None:
        self._close_stale()
        with self._lock:
            self._timer = None
            self._watch_idle()

    def _give_back_after(self, connection: smtplib.SMTP, error: MailError) -> None:
        if error.code not in (0, 421):
            with suppress(smtplib.SMTPException, OSError):
                if connection.rset()[0] == 250:
                    self._keep(connection)
                    return
        _drop(connection)

    def _close_stale(self) -> None:
        limit = self._clock() - self._server.idle_seconds
        with self._lock:
            stale = [connection for since, connection in self._idle if since <= limit]
            self._idle = [kept for kept in self._idle if kept[0] > limit]
        for connection in stale:
            _drop(connection)


def _connect_error(error: Exception, transport: SmtpTransport) -> MailDelayed:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return MailDelayed(f"The mail server did not accept the sign-in (answer {error.smtp_code}).", error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return MailDelayed("The mail server offers no TLS or no sign-in as set: check the transport's URL.")
    if isinstance(error, smtplib.SMTPResponseException):
        return MailDelayed(_answer("does not take mails just now", error.smtp_code, error.smtp_error), error.smtp_code)
    return MailDelayed(f"The mail server could not be reached ({transport!r}): {_reason(error)}.")


def _refusal(what: str, code: int, words: bytes) -> MailError:
    kind = MailRefused if 500 <= code < 600 and code not in _SIGN_IN_WANTED else MailDelayed
    return kind(_answer(what, code, words), code)


def _answer(what: str, code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"The mail server {what}: {code} {clean_words(said, 300)}".rstrip()


def _is_timeout(error: Exception) -> bool:
    # smtplib tells of a time-out while reading as of a lost connection.
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _reason(error: Exception) -> str:
    if _is_timeout(error):
        return "it did not answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not trusted"
    return clean_words(str(error), 200) or type(error).__name__


def _drop(connection: smtplib.SMTP) -> None:
    # The goodbye is said, its answer not waited for: a server that hangs would hang us too.
    with suppress(smtplib.SMTPException, OSError):
        connection.putcmd("quit")
    connection.close()
