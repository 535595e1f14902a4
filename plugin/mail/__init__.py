"""Builds and carries mail. Knows no store, no order and no database: everything comes as an argument."""

from plugin.mail.errors import MailDelayed, MailError, MailInvalid, MailRefused, MailUnclear
from plugin.mail.message import LONGEST_ADDRESS, Mail, build_message, check_address, clean_words, read_address
from plugin.mail.smtp import SmtpServer, SmtpTransport
from plugin.mail.transports import ConsoleTransport, MailTransport, open_transport
from plugin.mail.unsubscribe import is_one_click, unsubscribe_headers

__all__ = [
    "LONGEST_ADDRESS", "ConsoleTransport", "Mail", "MailDelayed", "MailError", "MailInvalid", "MailRefused",
    "MailTransport", "MailUnclear", "SmtpServer", "SmtpTransport", "build_message", "check_address", "clean_words",
    "is_one_click", "open_transport", "read_address", "unsubscribe_headers",
]
