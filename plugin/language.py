"""Which language a person reads, the words in it, and money, days and times as that person writes them.

Catalogues are `plugin/locales/<language>/LC_MESSAGES/<domain>.po` with the compiled `.mo` beside them, both
in git; an adapter has its own (`adapter_translator`). English is the message itself, so it has no catalogue.
After changing words run
``python -m plugin.locales update`` (collect, keep what is translated, compile) or only ``compile``.

A *locale* is a CLDR identifier (``es_CO``): its language picks the catalogue, its region the formats.
Money is shown in the order's currency, dates in the store's time zone, both as the reader writes them.
"""

from __future__ import annotations

import re
import struct
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_date as babel_date
from babel.dates import format_time as babel_time
from babel.dates import get_timezone_location
from babel.numbers import format_currency, format_decimal, get_currency_precision
from babel.support import NullTranslations, Translations

from plugin.contract import Money

LOCALES = ("es", "en", "pt")
"""The languages with a catalogue; ``pt`` is Brazilian."""

CATALOGUES = Path(__file__).parent / "locales"
DOMAINS = {
    "notices": "notices", "care": "care", "stores": "stores", "web": "web", "pages": "web/templates/shopper",
}  # fmt: skip
"""Domain → the folder of `plugin/` whose words it holds, but for folders inside it that have a domain of their own."""

_SPANISH = frozenset("AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV UY VE".split())
_PORTUGUESE = frozenset(("BR", "PT"))
# CLDR gives these two decimals, but nobody is shown or pays cents of them.
_NO_CENTS = frozenset(("COP", "CRC", "HUF", "IDR", "TWD"))
# The CLDR phrase depends on daylight saving in some locales, where it is wrong for zones without it.
_ZONE = {"es": "hora de {city}", "en": "{city} time", "pt": "horário de {city}"}
# CLDR wants a space between a currency's letters and the number; Babel does not put it.
_CODE_BEFORE_DIGIT = re.compile(r"([A-Za-z])(?=\d)")
_MOST_DIGITS = 30
_YEAR_AT_END = re.compile(r",?\s*(?:'de'\s*)?y+$")


class Translator(Protocol):
    """The words of one domain in one language."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, singular: str, plural: str, num: int) -> str: ...
    def pgettext(self, context: str, message: str) -> str: ...


def pick_locale(*candidates: str | None, default: str = "en") -> str:
    """The first candidate we have words for, as a CLDR identifier.

    Candidates come as platforms write them (``es_CO``, ``pt-PT``, ``PT_br``, ``es_ES.UTF-8``, ``""``, None).
    A region CLDR knows stays, for the formats; script, variant and unknown regions are dropped.
    """
    for candidate in (*candidates, default):
        if found := _read_locale(candidate or ""):
            return found
    return "en"


def language_of(locale: str) -> str:
    """The catalogue language of a locale: ``es_CO`` → ``es``; English for what we have no words for."""
    found = _read_locale(locale)
    return found[:2] if found else "en"


def locale_of_country(country: str) -> str:
    """The locale guessed from where an order goes: ``CO`` → ``es_CO``, ``BR`` → ``pt_BR``, else ``""``."""
    code = country.strip().upper()
    if code in _SPANISH:
        return f"es_{code}"
    return f"pt_{code}" if code in _PORTUGUESE else ""


@lru_cache(maxsize=256)
def _read_locale(written: str) -> str:
    parts = re.split(r"[-_]", written.split(".")[0].split("@")[0].strip())
    language = parts[0].lower()
    if language not in LOCALES:
        return ""
    for part in parts[1:]:
        region = part.upper()
        if localedata.exists(f"{language}_{region}"):
            return f"{language}_{region}"
    return language


@lru_cache(maxsize=64)
def translator(locale: str, domain: str) -> Translator:
    """The words of a domain for a reader's locale, read once per process.

    Raises `ValueError` for a domain which is not in `DOMAINS`, `FileNotFoundError` for a missing catalogue.
    """
    if domain not in DOMAINS:
        raise ValueError(f"There is no domain of words called {domain!r}; there are: {', '.join(DOMAINS)}.")
    language = language_of(locale)
    if language == "en":
        return cast(Translator, NullTranslations())
    path = catalogue_path(language, domain, ".mo")
    with path.open("rb") as file:
        return cast(Translator, Translations(file, domain))


@lru_cache(maxsize=64)
def adapter_translator(catalogues: str, name: str, locale: str) -> Translator:
    """The words of an adapter for a reader's locale. `catalogues`: its folder, with the compiled words at
    ``<language>/LC_MESSAGES/<name>.mo``; English where there are none, or none that can be read."""
    language = language_of(locale)
    if language == "en" or not catalogues:
        return cast(Translator, NullTranslations())
    try:
        with (Path(catalogues) / language / "LC_MESSAGES" / f"{name}.mo").open("rb") as file:
            return cast(Translator, Translations(file, name))
    except (OSError, ValueError, UnicodeError, struct.error):
        return cast(Translator, NullTranslations())


def catalogue_path(language: str, domain: str, suffix: str) -> Path:
    """Where a catalogue is kept; `suffix` is ``.po`` or ``.mo``."""
    return CATALOGUES / language / "LC_MESSAGES" / f"{domain}{suffix}"


@lru_cache(maxsize=256)
def _cldr(locale: str) -> Locale:
    try:
        return Locale.parse(_read_locale(locale) or "en")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def format_money(money: Money, locale: str) -> str:
    """An amount as the reader writes it: ``12,50 €``, ``$125.800`` (no-break spaces stay).

    Exact: decimals are left out only where nobody uses them and there are none, and an amount finer than
    the currency's own decimals shows them.
    """
    if not money.amount.is_finite() or money.amount.adjusted() > _MOST_DIGITS:
        return money.currency
    if not re.fullmatch(r"[A-Za-z]{3}", money.currency):
        return format_decimal(money.amount, locale=_cldr(locale))
    currency = money.currency.upper()
    decimals = get_currency_precision(currency)
    if currency in _NO_CENTS and money.amount == money.amount.to_integral_value():
        decimals = 0
    finer = -int(money.amount.normalize().as_tuple().exponent)
    written = format_currency(
        money.amount, currency, locale=_cldr(locale), currency_digits=False,
        format=_money_pattern(locale, max(decimals, finer)),
    )
    return _CODE_BEFORE_DIGIT.sub("\\1\u00a0", written)


@lru_cache(maxsize=512)
def _money_pattern(locale: str, decimals: int) -> str:
    pattern = str(_cldr(locale).currency_formats["standard"].pattern)
    return re.sub(r"0\.0+", "0." + "0" * decimals if decimals else "0", pattern)


def format_date(moment: datetime, locale: str, time_zone: str) -> str:
    """A date with its year: ``20 de noviembre de 2026``."""
    return babel_date(_day_in(moment, time_zone), "long", locale=_cldr(locale))


def format_day(moment: datetime | date, locale: str, time_zone: str) -> str:
    """A near day with its weekday: ``viernes, 20 de noviembre``. A plain `date` is taken as it is."""
    day = _day_in(moment, time_zone) if isinstance(moment, datetime) else moment
    return babel_date(day, _day_pattern(locale), locale=_cldr(locale))


def format_time(moment: datetime, locale: str, time_zone: str, reader_zone: str = "") -> str:
    """A time of day in the store's zone: ``14:30 (hora de Bogotá)``.

    The zone is named unless the reader's zone is known and shows the same clock at that moment.
    """
    zone = find_zone(time_zone)
    written = babel_time(moment, "short", tzinfo=zone, locale=_cldr(locale))
    here = moment.astimezone(zone).utcoffset()
    if reader_zone and moment.astimezone(find_zone(reader_zone)).utcoffset() == here:
        return written
    return f"{written} ({name_zone(zone.key, locale)})"


@lru_cache(maxsize=256)
def find_zone(name: str) -> ZoneInfo:
    """The time zone of this name, UTC when there is none (platforms also send ``+02:00`` and nothing)."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


@lru_cache(maxsize=256)
def name_zone(key: str, locale: str) -> str:
    """A time zone as it is said beside a time: ``hora de Bogotá``."""
    if key == "UTC" or "/" not in key or key.startswith("Etc/"):
        return "UTC" if key == "UTC" else key
    city = get_timezone_location(ZoneInfo(key), locale=_cldr(locale), return_city=True)
    return _ZONE[language_of(locale)].format(city=city)


@lru_cache(maxsize=64)
def _day_pattern(locale: str) -> str:
    return _YEAR_AT_END.sub("", str(_cldr(locale).date_formats["full"].pattern))


def _day_in(moment: datetime, time_zone: str) -> date:
    return moment.astimezone(find_zone(time_zone)).date()
