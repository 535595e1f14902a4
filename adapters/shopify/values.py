"""Single values of an answer or a delivery in the contract's terms: text, id, money, time, link, language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from plugin.contract import Money, PayloadUnreadable

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
LONGEST_AMOUNT = 40
LONGEST_TEXT = 5000
EXACT = Context(prec=2 * LONGEST_AMOUNT, traps=[InvalidOperation])
"""Enough digits that no amount we accept is ever rounded, whatever the thread's own context is."""
GID = re.compile(r"gid://shopify/([A-Za-z]{1,60})/([0-9]{1,20})(?:\?.*)?", re.ASCII)
LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2,4}|[0-9]{3}))?(?:[-_.].*)?", re.ASCII)
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")


def clean_text(value: Any) -> str:
    """One line of plain text without control characters; '' for anything but text or number."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = str(value)[:LONGEST_TEXT]
    if not text.isprintable():
        text = UNPRINTABLE.sub(" ", text)
    return " ".join(text.split())


def read_id(value: Any, what: str) -> str:
    """The number of a platform id, as text: of a number, of digits, or of a GID. Raises `PayloadUnreadable`."""
    found = read_optional_id(value)
    if not found:
        raise PayloadUnreadable(f"The {what} has no usable id.")
    return found


def read_optional_id(value: Any) -> str:
    """As `read_id`, or '' when there is none (0 and null are none)."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return ""
    text = str(value) if isinstance(value, str) or 0 < value < 10**19 else ""
    match = GID.fullmatch(text)
    text = match[2] if match else text
    return text.lstrip("0") if 0 < len(text) <= 20 and text.isascii() and text.isdigit() else ""


def make_gid(kind: str, external_id: str) -> str:
    """``gid://shopify/Order/5001`` of ``Order`` and ``5001``. Raises `PayloadUnreadable` for what is no number."""
    return f"gid://shopify/{kind}/{read_id(external_id, kind)}"


def read_gid(value: Any, kind: str) -> str:
    """The number in a GID of exactly this kind, or ''."""
    match = GID.fullmatch(value) if isinstance(value, str) else None
    return match[2].lstrip("0") if match is not None and match[1] == kind else ""


def read_amount(value: Any, what: str) -> Decimal:
    """An exact amount in one canonical spelling: at least two decimals, more only when they say something.

    Shopify writes ``"12.5"``, ``"12.50"`` and ``"125000.0"``. Raises `PayloadUnreadable`.
    """
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    try:
        amount = EXACT.create_decimal(text) if len(text) <= LONGEST_AMOUNT else Decimal("NaN")
    except InvalidOperation:
        raise PayloadUnreadable(f"The {what} is not an amount.") from None
    if not amount.is_finite() or (amount and not -12 <= amount.adjusted() < 15):
        raise PayloadUnreadable(f"The {what} is not an amount.")
    if not amount:
        return NOTHING
    amount = EXACT.normalize(amount)
    exponent = amount.as_tuple().exponent
    return amount.quantize(CENT, context=EXACT) if isinstance(exponent, int) and exponent > -2 else amount


def read_money(value: Any, what: str) -> Money:
    """A ``MoneyBag``'s or ``MoneyV2``'s amount: of a bag, what the shopper saw (``presentmentMoney``)."""
    if isinstance(value, Mapping) and "amount" not in value:
        value = value.get("presentmentMoney") or value.get("shopMoney")
    if not isinstance(value, Mapping):
        raise PayloadUnreadable(f"The {what} is missing.")
    code = clean_text(value.get("currencyCode")).upper()
    if not (1 < len(code) <= 12 and code.isascii() and code.isalnum()):
        raise PayloadUnreadable(f"The {what} has no currency.")
    return Money(amount=read_amount(value.get("amount"), what), currency=code)


def read_time(value: Any, what: str) -> datetime:
    """A ``DateTime`` (ISO 8601 with its zone) as aware UTC. Raises `PayloadUnreadable`."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and 16 <= len(value) <= 40 else None
        if moment is None or moment.tzinfo is None:
            raise ValueError(value)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise PayloadUnreadable(f"The {what} is not a time.") from None


def read_optional_time(value: Any, what: str) -> datetime | None:
    return read_time(value, what) if value else None


def read_link(value: Any) -> str:
    """An http or https address typed by somebody, or ''."""
    link = value.strip() if isinstance(value, str) else ""
    try:
        parts = urlsplit(link)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return link if usable and len(link) <= 2000 and link.isprintable() and " " not in link else ""


def read_locale(value: Any) -> str:
    """A language as ``es`` or ``pt_BR``, or ''; Shopify writes ``pt-BR``."""
    match = LOCALE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return ""
    language, region = match.groups()
    if not region or len(region) == 4:
        return language.lower()
    return f"{language.lower()}_{region.upper()}"


def read_country(value: Any) -> str:
    """An ISO 3166 code in upper case, or ''; ``ZZ`` is Shopify's word for an unknown one."""
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if len(code) == 2 and code.isascii() and code.isalpha() and code != "ZZ" else ""


def read_email(value: Any) -> str:
    """An e-mail address on one line, or ''; whether it can be mailed to is not decided here."""
    address = value.strip() if isinstance(value, str) else ""
    return address if "@" in address and address.isprintable() and " " not in address else ""


def read_count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else 0
