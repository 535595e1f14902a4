"""Locales, money, days and times as their readers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from plugin.contract import Money
from plugin.language import (
    find_zone,
    format_date,
    format_day,
    format_money,
    format_time,
    language_of,
    locale_of_country,
    pick_locale,
)

EVENING = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "locale"),
    [
        ("es_CO", "es_CO"), ("es-MX", "es_MX"), ("pt-PT", "pt_PT"), ("PT_br", "pt_BR"), ("es_ES.UTF-8", "es_ES"),
        ("es-419", "es_419"), ("en-XX", "en"), ("es_ES@euro", "es_ES"), ("es_MX_variant", "es_MX"), (" pt ", "pt"),
    ],
)  # fmt: skip
def test_a_platforms_locale_keeps_its_region_when_we_know_it(written: str, locale: str) -> None:
    assert pick_locale(written) == locale


def test_the_first_candidate_with_words_wins() -> None:
    assert pick_locale(None, "", "de_DE", "zh_Hans_CN", "pt_BR", "es", default="en") == "pt_BR"
    assert pick_locale("de", default="es_MX") == "es_MX"
    assert pick_locale("../../etc/passwd", "x" * 10_000, default="") == "en"
    assert [language_of(locale) for locale in ("es_CO", "pt_PT", "en_GB", "fr")] == ["es", "pt", "en", "en"]


def test_a_country_tells_a_locale_only_where_it_can() -> None:
    countries = ("CO", "ES", "mx", "BR", "PT", "US", "FR", "", "??")
    assert [locale_of_country(code) for code in countries] == [
        "es_CO", "es_ES", "es_MX", "pt_BR", "pt_PT", "", "", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "written"),
    [
        ("1234.5", "EUR", "es_ES", "1.234,50\u00a0€"),
        ("125800", "COP", "es_CO", "$125.800"),
        ("125800.50", "COP", "es_CO", "$125.800,50"),
        ("349", "MXN", "es_MX", "$349.00"),
        ("349", "USD", "es_MX", "USD\u00a0349.00"),
        ("1234.5", "BRL", "pt_BR", "R$\u00a01.234,50"),
        ("1234.5", "USD", "en_US", "$1,234.50"),
        ("1234.5", "EUR", "en_US", "€1,234.50"),
        ("125800", "COP", "es_ES", "125.800\u00a0COP"),
        ("4990", "CLP", "es_CL", "$4.990"),
        ("1000", "JPY", "en_US", "¥1,000"),
        ("-45", "EUR", "es_ES", "-45,00\u00a0€"),
        ("0.005", "USD", "en_US", "$0.005"),
        ("12", "", "es_ES", "12"),
    ],
)
def test_money_is_in_the_orders_currency_as_the_reader_writes_it(
    amount: str, currency: str, locale: str, written: str
) -> None:
    assert format_money(Money(amount=Decimal(amount), currency=currency), locale) == written


def test_an_amount_that_is_none_never_fills_a_mail() -> None:
    for amount in ("NaN", "Infinity", "1E+999999"):
        assert format_money(Money(amount=Decimal(amount), currency="EUR"), "es_ES") == "EUR"


@pytest.mark.parametrize(
    ("locale", "zone", "day", "whole"),
    [
        ("es_ES", "Europe/Madrid", "sábado, 21 de noviembre", "21 de noviembre de 2026"),
        ("es_CO", "America/Bogota", "viernes, 20 de noviembre", "20 de noviembre de 2026"),
        ("es_MX", "America/Mexico_City", "viernes, 20 de noviembre", "20 de noviembre de 2026"),
        ("pt_BR", "America/Sao_Paulo", "sexta-feira, 20 de novembro", "20 de novembro de 2026"),
        ("en_US", "America/New_York", "Friday, November 20", "November 20, 2026"),
        ("en_GB", "no such zone", "Friday, 20 November", "20 November 2026"),
    ],
)
def test_days_are_the_stores_days(locale: str, zone: str, day: str, whole: str) -> None:
    assert format_day(EVENING, locale, zone) == day
    assert format_date(EVENING, locale, zone) == whole


def test_a_plain_day_stays_the_same_day_in_every_zone() -> None:
    assert format_day(date(2026, 11, 20), "es_ES", "Pacific/Kiritimati") == "viernes, 20 de noviembre"


def test_a_time_names_its_zone_unless_the_readers_clock_shows_the_same() -> None:
    assert format_time(EVENING, "es_ES", "Europe/Madrid") == "0:30 (hora de Madrid)"
    assert format_time(EVENING, "pt_BR", "America/Sao_Paulo") == "20:30 (horário de São Paulo)"
    assert format_time(EVENING, "es_ES", "Europe/Madrid", "Europe/Paris") == "0:30"
    assert format_time(EVENING, "es_ES", "Europe/Madrid", "Atlantic/Canary") == "0:30 (hora de Madrid)"
    assert format_time(EVENING, "en_GB", "+02:00") == "23:30 (UTC)"
    assert find_zone("../../etc/passwd").key == "UTC"
