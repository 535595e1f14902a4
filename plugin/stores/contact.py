"""How else a shop is reached: e-mail, telephone, WhatsApp, social pages; kept in `StoreRow.contact`.

The column keeps ``{"email": "", "phones": [{"number": "+34911223344", "charged": false, "hours": true}], "whatsapp":
{"": "+573001112233", "pt": "+551133334444"}, "social": {"instagram": "https://…"}, "all": true}``;
``{}``: nothing told; "all": the merchant said that there is no other way. Numbers are E.164, whatever signs the
merchant wrote between the digits (https://www.itu.int/rec/T-REC-E.164/, 2026-11-22).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from plugin.language import LOCALES, language_of
from plugin.mail import MailInvalid, read_address
from plugin.stores import hours
from plugin.stores.brief import StoreBrief
from plugin.stores.models import StoreRow
from plugin.stores.wishes import Unwanted, is_page

MOST_PHONES = 3
LONGEST_TYPED = 500
WAYS = ("email", "phone", "whatsapp", "hours")
"""What a shop is asked for; social pages are a courtesy."""
NETWORKS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "instagram": ("Instagram", ("instagram.com",)),
    "facebook": ("Facebook", ("facebook.com", "fb.com", "fb.me")),
    "x": ("X", ("x.com", "twitter.com")),
    "tiktok": ("TikTok", ("tiktok.com",)),
    "youtube": ("YouTube", ("youtube.com", "youtu.be")),
    "pinterest": ("Pinterest", ("pinterest.com", "pinterest.es", "pinterest.pt", "pinterest.cl", "pin.it")),
    "linkedin": ("LinkedIn", ("linkedin.com",)),
    "telegram": ("Telegram", ("telegram.me", "t.me")),
    "threads": ("Threads", ("threads.net", "threads.com")),
}
"""Key → its name, and the hosts whose pages (and whose sub-domains') count as one of it."""
_BETWEEN = re.compile(r"[\s.()\[\]/\-\u2010-\u2015\u2212\u00a0\u202f]+")
_TRUNK = "(0)"
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")


@dataclass(frozen=True)
class Phone:
    """A telephone number in E.164. `charged`: calling it costs money, else it is free. `hours`: it is answered in the
    hours that the shop told (`plugin.stores.hours`)."""

    number: str
    charged: bool = True
    hours: bool = True


@dataclass(frozen=True)
class Social:
    """A page of the shop in a network. `name` as the network writes itself; `url` is https and of that network."""

    name: str
    url: str


@dataclass(frozen=True)
class Contact:
    """The ways for one reader; empty ones are ``""`` and ``()``."""

    email: str = ""
    phones: tuple[Phone, ...] = ()
    whatsapp: str = ""
    social: tuple[Social, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.email or self.phones or self.whatsapp or self.social)


class UnwantedContact(Unwanted):
    """A way of contact that cannot be; `field` is the one at fault: ``email``, ``phones.0``, ``whatsapp``,
    ``whatsapp.pt``, ``social.instagram``."""

    def __init__(self, field: str) -> None:
        super().__init__("contact")
        self.field = field


def read_contact(row: StoreRow | StoreBrief, locale: str) -> Contact:
    """The ways of contact as this reader is shown them: WhatsApp is the number of their language, else the general."""
    kept = row.contact
    phones = tuple(
        Phone(one["number"], bool(one.get("charged", True)), bool(one.get("hours", True)))
        for one in kept.get("phones", ())
    )
    numbers, pages = kept.get("whatsapp", {}), kept.get("social", {})
    whatsapp = numbers.get(language_of(locale)) or numbers.get("", "")
    social = tuple(Social(NETWORKS[key][0], pages[key]) for key in NETWORKS if pages.get(key))
    return Contact(kept.get("email", ""), phones, whatsapp, social)


def read_whatsapp(row: StoreRow) -> dict[str, str]:
    """Every WhatsApp number by language, ``""`` for the general one."""
    return dict(row.contact.get("whatsapp", {}))


def read_social(row: StoreRow) -> dict[str, str]:
    """Every social page by the key of its network, see `NETWORKS`."""
    return dict(row.contact.get("social", {}))


def is_told(row: StoreRow) -> bool:
    """Whether the merchant has told any way of contact."""
    return any(row.contact.get(key) for key in ("email", "phones", "whatsapp", "social"))


def is_all(row: StoreRow) -> bool:
    """Whether the merchant said that there is no way of contact besides those told."""
    return bool(row.contact.get("all"))


def list_missing(row: StoreRow) -> list[str]:
    """Which of `WAYS` the merchant has not told, in that order."""
    kept = row.contact
    told = {
        "email": bool(kept.get("email")), "phone": bool(kept.get("phones")), "whatsapp": bool(kept.get("whatsapp")),
        "hours": hours.is_told(row),
    }  # fmt: skip
    return [way for way in WAYS if not told[way]]


def set_contact(
    row: StoreRow, *, email: str = "", phones: Sequence[Phone] = (), whatsapp: Mapping[str, str] | None = None,
    social: Mapping[str, str] | None = None, all: bool = False,
) -> None:  # fmt: skip
    """Keeps all ways of contact as typed by the merchant; what is empty is not told. A number twice is kept once.
    `whatsapp`: language or ``""`` → number; `social`: key of `NETWORKS` → address; `all`: the shop has
    no other way. Raises `UnwantedContact`; then nothing was changed."""
    kept: dict[str, Any] = {
        "email": _check_email(email), "phones": _check_phones(phones), "whatsapp": _check_whatsapp(whatsapp or {}),
        "social": _check_social(social or {}), **({"all": True} if all else {}),
    }  # fmt: skip
    row.contact = kept if any(kept.values()) else {}


def fold_number(written: str) -> str:
    """A telephone number as E.164: ``+34 911 22-33-44``, ``0034 911…``. Raises `ValueError` for anything else, also
    for one without its country's code."""
    if len(written) > 60:
        raise ValueError("This is longer than any telephone number.")
    plain = _BETWEEN.sub("", written.replace(_TRUNK, ""))
    number = f"+{plain[2:]}" if plain.startswith("00") else plain
    if not _NUMBER.fullmatch(number):
        raise ValueError("This is no telephone number with its country's code.")
    return number


def phone_url(number: str) -> str:
    """Where a tap on the number leads (RFC 3966)."""
    return f"tel:{number}"


def whatsapp_url(number: str) -> str:
    """Opens a chat with this number (https://faq.whatsapp.com/5913398998672934, 2026-11-22: digits only)."""
    return f"https://wa.me/{number.lstrip('+')}"


def write_number(number: str) -> str:
    """The number as people read it: ``+34 911 22 33 44``; in threes where we know no better."""
    digits = number.removeprefix("+")
    code = _code_of(digits)
    own = digits[len(code) :]
    parts, at = [], 0
    for size in _GROUPS.get((code, len(own))) or _plain_groups(len(own)):
        parts.append(own[at : at + size])
        at += size
    return " ".join((f"+{code}", *parts))


def _check_email(written: str) -> str:
    if not (address := written.strip()):
        return ""
    try:
        return read_address(address)
    except MailInvalid:
        raise UnwantedContact("email") from None


def _check_phones(phones: Sequence[Phone]) -> list[dict[str, object]]:
    kept: dict[str, dict[str, object]] = {}
    for place, phone in enumerate(phones):
        if number := _check_number(phone.number, f"phones.{place}"):
            if len(kept) == MOST_PHONES and number not in kept:
                raise UnwantedContact(f"phones.{place}")
            kept.setdefault(number, {"number": number, "charged": phone.charged, "hours": phone.hours})
    return list(kept.values())


def _check_whatsapp(numbers: Mapping[str, str]) -> dict[str, str]:
    kept = {}
    for language, written in numbers.items():
        field = f"whatsapp.{language}" if language else "whatsapp"
        if language not in ("", *LOCALES):
            raise UnwantedContact(field)
        if number := _check_number(written, field):
            kept[language] = number
    return kept


def _check_number(written: str, field: str) -> str:
    if not written.strip():
        return ""
    try:
        return fold_number(written)
    except ValueError:
        raise UnwantedContact(field) from None


def _check_social(pages: Mapping[str, str]) -> dict[str, str]:
    kept = {}
    for key, written in pages.items():
        if not (url := written.strip()):
            continue
        if key not in NETWORKS or not (url := _read_page(key, url)):
            raise UnwantedContact(f"social.{key}")
        kept[key] = url
    return kept


def _read_page(key: str, written: str) -> str:
    """The https address of a page of this network, '' for anything else. One written without ``https://`` gets it."""
    url = written if "://" in written else f"https://{written}"
    if not is_page(url):
        return ""
    parts = urlsplit(url)
    host = parts.hostname or ""
    ours = any(host == one or host.endswith(f".{one}") for one in NETWORKS[key][1])
    return url if ours and parts.port is None and parts.path.strip("/") else ""


# Country codes are one digit, two (these) or three: https://www.itu.int/pub/T-SP-E.164D (2026-11-22).
_TWO = frozenset(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 "
    "91 92 93 94 95 98".split()
)
_GROUPS: Mapping[tuple[str, int], tuple[int, ...]] = {
    ("1", 10): (3, 3, 4), ("34", 9): (3, 2, 2, 2), ("351", 9): (3, 3, 3), ("33", 9): (1, 2, 2, 2, 2),
    ("51", 9): (3, 3, 3), ("52", 10): (2, 4, 4), ("54", 10): (2, 4, 4), ("54", 11): (1, 2, 4, 4),
    ("55", 10): (2, 4, 4), ("55", 11): (2, 5, 4), ("56", 9): (1, 4, 4), ("57", 10): (3, 3, 4),
    ("58", 10): (3, 3, 4), ("506", 8): (4, 4), ("502", 8): (4, 4), ("503", 8): (4, 4), ("504", 8): (4, 4),
    ("507", 8): (4, 4), ("598", 8): (4, 4), ("593", 9): (2, 3, 4),
}  # fmt: skip
"""(country code, digits after it) → how people there write them."""


def _code_of(digits: str) -> str:
    return digits[:1] if digits[:1] in ("1", "7") else digits[:2] if digits[:2] in _TWO else digits[:3]


def _plain_groups(count: int) -> list[int]:
    """Threes, with no digit left alone: 7 → 3 4, 8 → 3 3 2."""
    groups = [3] * (count // 3)
    if not groups or count % 3 == 2:
        return [*groups, count % 3] if count % 3 else groups
    return [*groups[:-1], groups[-1] + count % 3]
