"""What a mailbox and a ledger say together: was this told, and was anything told twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from typing import Any

from plugin.notices import LedgerLine

LINK = re.compile(r"https?://\S+")


def was_told(lines: Iterable[LedgerLine], notice: str, boxed: Counter[str]) -> bool:
    """By the ledger, and by a mail that lies in the mailbox. `boxed`: Message-ID → how many lie there."""
    lines = list(lines)
    told = [line for line in lines if line.notice == notice and line.reason in ("sent", "told_together")]
    for line in told:
        carriers = (
            [line] if line.reason == "sent" else [one for one in lines if one.decided_at == line.decided_at]
        )
        if any(one.sent and one.message_id and boxed[str(one.message_id)] for one in carriers):
            return True
    return False


def count_doubled(mails: Sequence[EmailMessage], lines: Sequence[LedgerLine]) -> int:
    """Mails too many: the same line told twice, the same words to the same person twice, or a mail nobody decided."""
    decided = {
        str(line.message_id): (line.order, line.notice, line.about) for line in lines if line.message_id
    }
    unexplained = sum(str(mail["Message-ID"]) not in decided for mail in mails)
    by_line = Counter(
        decided.get(str(mail["Message-ID"])) for mail in mails if str(mail["Message-ID"]) in decided
    )
    by_words = Counter(read_words(mail) for mail in mails)
    return max(count_surplus(by_line), count_surplus(by_words)) + unexplained


def count_surplus(counts: Counter[Any]) -> int:
    return sum(count - 1 for count in counts.values())


def read_words(mail: EmailMessage) -> tuple[str, str, str]:
    part = mail.get_body(("plain",))
    text = part.get_content() if part is not None else ""
    return str(mail["To"]), str(mail["Subject"]), LINK.sub("", text)
