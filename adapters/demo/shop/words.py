"""The shop's words in Spanish, English and Portuguese, its money and its dates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency

LOCALES = ("es", "en", "pt")
LANGUAGES = {"es": "Español", "en": "English", "pt": "Português"}
TIME_ZONE = "Europe/Madrid"
_READERS = {"es": "es_ES", "en": "en_GB", "pt": "pt_BR"}
_FOLDER = Path(__file__).parent / "locales"


@cache
def load_words(locale: str) -> Mapping[str, str]:
    """All words of a locale, by key."""
    words: Mapping[str, str] = json.loads((_FOLDER / f"{locale}.json").read_text("utf-8"))
    return words


def say(locale: str, key: str, /, **values: object) -> str:
    """The words for `key`, with `values` filled in. Raises `KeyError` for an unknown key."""
    words = load_words(locale if locale in LOCALES else "en")[key]
    return words.format(**values) if values else words


def say_money(locale: str, amount: Decimal | str, currency: str) -> str:
    """An amount as people write it; pesos have no cents."""
    reader = "es_CO" if locale == "es" and currency == "COP" else _READERS[locale]
    pattern = "¤\u00a0#,##0" if currency == "COP" else None
    return format_currency(
        Decimal(amount), currency, format=pattern, locale=reader, currency_digits=currency != "COP"
    )


def say_time(locale: str, moment: datetime) -> str:
    """A moment in the shop's time zone."""
    return format_datetime(moment, "d MMM, HH:mm", tzinfo=ZoneInfo(TIME_ZONE), locale=_READERS[locale])


def say_date(locale: str, day: date) -> str:
    """A day with its weekday."""
    return format_date(day, "EEEE d MMMM", locale=_READERS[locale])
