"""What can go wrong with a mail; the class alone says what the sender does about it.

`MailDelayed`: send the same bytes again later. `MailUnclear`: the same, but the server may already have the mail,
which its Message-ID tells. `MailRefused`: the server does not want this mail for this person; stop, keep its
words. `MailInvalid`: this can never be a mail.
"""

from __future__ import annotations


class MailInvalid(ValueError):
    """This can never be a mail: an address or a header is not one. Its words name what is wrong."""


class MailError(Exception):
    """A mail was not carried. `code` is the server's answer (0 without one), `words` say what happened."""

    def __init__(self, words: str, code: int = 0) -> None:
        super().__init__(words)
        self.words = words
        self.code = code


class MailDelayed(MailError):
    """Not now: the server is away, busy, or set up wrongly. The same mail can be sent later."""


class MailUnclear(MailDelayed):
    """Everything was handed over, but the server's answer was lost: send again with the same Message-ID."""


class MailRefused(MailError):
    """The server will never take this mail for this person."""
