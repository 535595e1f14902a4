"""Single values of a body in the contract's terms: text, id, money, time, link, language."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from plugin.contract import Money, PayloadUnreadable

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
LONGEST_AMOUNT = 40
EXACT = Context(prec=2 * LONGEST_AMOUNT, traps=[InvalidOperation])
"""Enough digits that no amount we accept is ever rounded, whatever the thread's own context is."""
LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2,4}|[0-9]{3}))?(?:[-_.].*)?", re.ASCII)
MARKUP = re.compile(r"<[^<>]*>")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")


def clean_text(value: Any) -> str:
    """One line of plain text: entities resolved, control characters gone; '' for anything but text or number.

    WooCommerce escapes some fields and not others (recorded: ``&times;`` in a shipping line, a bare ``&``
    in a product's name), so the text is unescaped here and escaped again where it is shown.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = resolve_entities(str(value))
    if not text.isprintable():
        text = UNPRINTABLE.sub(" ", text)
    return " ".join(text.split())


def resolve_entities(text: str) -> str:
    """`text` without HTML entities; as it is when it holds a number too long for Python to read (a shopper may
    type one into their name, and a shop's other orders must not suffer for it)."""
    try:
        return html.unescape(text)
    except ValueError:
        return text


def clean_markup(value: Any) -> str:
    """Text of a field that WooCommerce renders as HTML (`display_value`, a payment method's title)."""
    return (
        clean_text(MARKUP.sub(" ", value)) if isinstance(value, str) and "<" in value else clean_text(value)
    )


def read_id(value: int | str, what: str) -> str:
    """A positive platform id as a string. Raises `PayloadUnreadable`."""
    text = value if isinstance(value, str) else str(value) if 0 < value < 10**19 else ""
    if not (0 < len(text) <= 20 and text.isascii() and text.isdigit()) or not text.strip("0"):
        raise PayloadUnreadable(f"The {what} has no usable id.")
    return text.lstrip("0")


def read_optional_id(value: int | str | None) -> str:
    """A platform id, or '' when there is none: WooCommerce writes 0 for a guest and for a deleted product."""
    text = str(value) if isinstance(value, str) or (value is not None and 0 < value < 10**19) else ""
    return text.lstrip("0") if text.isascii() and text.isdigit() and len(text) <= 20 else ""


def read_amount(value: str | int | float, what: str) -> Decimal:
    """An exact amount in one canonical spelling: at least two decimals, more only when they say something.

    How many decimals WooCommerce writes follows the shop's setting of the moment, not the order's currency:
    one recorded order is ``"125800"`` and later ``"125800.00"``. Both become ``Decimal("125800.00")``.
    """
    text = str(value).strip()
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


def read_money(value: str | int | float, currency: str, what: str) -> Money:
    """`read_amount` with its currency."""
    return Money(amount=read_amount(value, what), currency=currency)


def read_currency(value: str) -> str:
    """A currency code in upper case; codes outside ISO 4217 (plugins sell for points) pass as they are."""
    code = value.strip().upper()
    if not (1 < len(code) <= 12 and code.isascii() and code.isalnum()):
        raise PayloadUnreadable("The order's currency is missing.")
    return code


def read_time(value: str, what: str) -> datetime:
    """A `*_gmt` field as aware UTC. Raises `PayloadUnreadable`.

    These fields carry UTC without saying so. Their twins without `_gmt` move with the shop's current time
    zone and are never read.
    """
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise PayloadUnreadable(f"The {what} is not a time.") from None
    if len(value) < 16:
        raise PayloadUnreadable(f"The {what} is a day without a time.")
    return moment


def read_optional_time(value: str | None, what: str) -> datetime | None:
    """`read_time`, or None when the platform has not set it."""
    return read_time(value, what) if value else None


def read_unix_time(value: Any) -> datetime | None:
    """Unix seconds, as a number or (recorded) as a string; None for anything else."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not (0 < len(text) <= 11 and text.isascii() and text.isdigit()) or int(text) == 0:
        return None
    return datetime.fromtimestamp(int(text), UTC)


def read_link(value: Any) -> str:
    """An http or https address typed by somebody, or ''."""
    if not isinstance(value, str):
        return ""
    link = resolve_entities(value).strip()
    try:
        parts = urlsplit(link)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return link if usable and len(link) <= 2000 and link.isprintable() and " " not in link else ""


def read_locale(value: Any) -> str:
    """A language as ``es`` or ``pt_BR``, or ''. Plugins write ``pt-br`` and ``de_DE_formal`` alike."""
    match = LOCALE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return ""
    language, region = match.groups()
    if not region or len(region) == 4:
        return language.lower()
    return f"{language.lower()}_{region.upper()}"


def read_country(value: str | None) -> str:
    """An ISO 3166 code in upper case, or ''."""
    code = (value or "").strip().upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def read_email(value: str | None) -> str:
    """An e-mail address on one line, or ''; whether it can be mailed to is not decided here."""
    address = (value or "").strip()
    return address if "@" in address and address.isprintable() and " " not in address else ""
