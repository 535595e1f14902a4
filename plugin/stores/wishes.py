"""What a merchant decides about their store. Each function checks, then writes into the row it is given.

Errors are `Unwanted`: nothing was changed, and the code says what is wrong (the page has the words).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy.orm import Session, object_session

from plugin.contract import SystemClock
from plugin.mail import MailInvalid, clean_words, read_address
from plugin.stores.connect import get_store
from plugin.stores.mail_lease import is_leased, promise_lease, wants_lease
from plugin.stores.models import StoreRow
from plugin.work import put

MAIL_MODES = ("extra_only", "all")
TEST_MAILS_A_DAY = 5
SETTLE_SECONDS = (5, 600)
HOLD_SECONDS = (0, 72 * 3600)
NAME_LIMIT = 60
ANSWER_LIMIT = 500
WRONG_TARGET = (0.01, 0.30)
"""The share of wrong answers that a merchant may tolerate."""
LONGEST_URL = 500
_ACCENT = re.compile(r"#[0-9a-f]{6}")


class Unwanted(ValueError):
    """A wish that cannot be granted; `code` names the fault: name, reply_to, mail_mode, settle, hold, accent,
    hours, privacy_url, wrong_target."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def go_live(row: StoreRow, now: datetime) -> bool:
    """Mails go out from now on. What was only previewed is never sent afterwards. False: it was live already."""
    if row.live_at is not None:
        return False
    row.live_at = now
    row.mails_since = now if row.mail_mode == "all" else None
    _wish_lease(row, now)
    return True


def go_back_to_preview(row: StoreRow, now: datetime) -> None:
    """Nothing is sent; what would have been is written in the ledger. What the platform leaves to us until it has its
    mails back is still told (`plugin.notices.decide.speaks`): the shop may be out of reach just now."""
    row.live_at = row.mails_since = None
    _wish_lease(row, now)


def set_mail_mode(row: StoreRow, mode: str, now: datetime) -> None:
    """`all`, or `extra_only`: what the platform mails itself is left to it. Orders placed before the hand-over stay
    the platform's. Raises `Unwanted`."""
    if mode not in MAIL_MODES:
        raise Unwanted("mail_mode")
    if mode != "all" or row.live_at is None:
        row.mails_since = None
    elif row.mail_mode != "all" or row.mails_since is None:
        row.mails_since = now
    row.mail_mode = mode
    _wish_lease(row, now)


def _wish_lease(row: StoreRow, now: datetime) -> None:
    """The platform keeps its mails back, or sends them again, from now on and not from the next round on."""
    tx = object_session(row)
    if tx is not None and (wants_lease(row) or is_leased(row, now)):
        promise_lease(tx, row, now)


def set_sender(row: StoreRow, name: str, reply_to: str) -> None:
    """The name mails come from and where answers go; both may be empty. Raises `Unwanted`."""
    cleaned, address = clean_words(name, NAME_LIMIT * 2), reply_to.strip()
    # A name that looks like an address or carries one is how mails pretend to come from somebody else.
    if len(cleaned) > NAME_LIMIT or "@" in cleaned:
        raise Unwanted("name")
    try:
        address = read_address(address) if address else ""
    except MailInvalid:
        raise Unwanted("reply_to") from None
    row.sender_name, row.reply_to = cleaned, address


def set_pace(row: StoreRow, settle_seconds: int, hold_seconds: int) -> None:
    """How long a state must stand before it is told, and how long a mail waits for a tracking number. Raises
    `Unwanted`."""
    if not SETTLE_SECONDS[0] <= settle_seconds <= SETTLE_SECONDS[1]:
        raise Unwanted("settle")
    if not HOLD_SECONDS[0] <= hold_seconds <= HOLD_SECONDS[1]:
        raise Unwanted("hold")
    row.settle_seconds, row.hold_seconds = settle_seconds, hold_seconds


def set_accent(row: StoreRow, accent: str) -> None:
    """The store's colour, ``#rrggbb``. Raises `Unwanted`."""
    written = accent.strip().lower()
    if not _ACCENT.fullmatch(written):
        raise Unwanted("accent")
    row.accent = written


def set_privacy_url(row: StoreRow, url: str) -> None:
    """The shop's privacy page, which shoppers are shown before they write; '' for none. Raises `Unwanted`."""
    written = url.strip()
    if written and not is_page(written):
        raise Unwanted("privacy_url")
    row.privacy_url = written


def is_page(url: str) -> bool:
    """Whether it is the https address of a page, with nothing in it that browsers read otherwise than we do."""
    if len(url) > LONGEST_URL or not url.isprintable() or any(sign in url for sign in "\\ \"<>`"):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    named = "." in host.strip(".") or ":" in host
    return parts.scheme == "https" and named and "@" not in parts.netloc


def set_wrong_target(row: StoreRow, share: float, now: datetime | None = None) -> None:
    """The share (0.01 to 0.30) of all questions that the bot may answer wrongly; how sure it must be for that is
    chosen anew at once (a job of the care's room). Raises `Unwanted`."""
    if not WRONG_TARGET[0] <= share <= WRONG_TARGET[1]:
        raise Unwanted("wrong_target")
    row.wrong_target = round(share, 4)
    tx = object_session(row)
    if tx is not None:
        due_at = now or SystemClock().now()
        put(tx, "care.calibrate", {}, due_at=due_at, store=row.id, key=f"calibrate:{row.id}")


def set_answers(row: StoreRow, answers: Mapping[str, Mapping[str, str]]) -> None:
    """The answers that fill the articles: locale → question → words. Empty ones are left out, long ones cut."""
    kept = {
        locale: {
            key: cleaned for key, words in given.items() if (cleaned := clean_words(words, ANSWER_LIMIT))
        }
        for locale, given in answers.items()
    }
    row.answers = {locale: given for locale, given in kept.items() if given}


def count_article_change(tx: Session, store_id: int) -> StoreRow:
    """Notes that shoppers see other articles of the store's own from now on; gives the store as it is then."""
    row = get_store(tx, store_id)
    row.articles_version = StoreRow.articles_version + 1
    tx.flush()
    tx.refresh(row)
    return row


def count_test_mail(row: StoreRow, now: datetime) -> bool:
    """Counts one more test mail today (UTC); False when today's are used up. Yesterday's counts are dropped."""
    today, yesterday = now.date().isoformat(), (now - timedelta(days=1)).date().isoformat()
    sent = int(row.test_mails.get(today, 0))
    if sent >= TEST_MAILS_A_DAY:
        return False
    kept = {day: count for day, count in row.test_mails.items() if day == yesterday}
    row.test_mails = kept | {today: sent + 1}
    return True
