"""What the shop's own settings say, put into sentences that fill the articles where the merchant said nothing.

`StoreRow.facts` is what the adapter told (see each `store_facts`): `payment_methods` with a title (words of the shop,
or per language as `label`), whether it is all `https`, `shipping_zones` with their places and prices, `countries`, and
what else it knows. Only what is surely so is said: a price that may depend on something, or a zone that nothing is sent
to, leaves the question open for the merchant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale

from plugin.contract import Money
from plugin.help.fact_rows import clean_name, read_facts, read_mapping, read_rows, read_title, read_words
from plugin.help.opening_words import tell_week
from plugin.help.payment_safety import tell_payment_safety
from plugin.help.payment_ways import list_payment_ways
from plugin.language import LOCALES, format_money, language_of
from plugin.stores import StoreRow

MOST_NAMED = 12
LONGEST_ANSWER = 500

_REST = {"es": "el resto del mundo", "en": "the rest of the world", "pt": "o resto do mundo"}
_EVERYWHERE = {"es": "todo el mundo", "en": "the whole world", "pt": "o mundo inteiro"}
_AND_MORE = {
    "es": "{count} países, entre ellos {names}", "en": "{count} countries, among them {names}",
    "pt": "{count} países, entre eles {names}",
}  # fmt: skip
_YES_WITH = {"es": "Sí, con «{title}».", "en": "Yes, with “{title}”.", "pt": "Sim, com “{title}”."}
_DAYS = {
    "es": ("de {first} a {last} días", "{last} día", "{last} días"),
    "en": ("{first} to {last} days", "{last} day", "{last} days"),
    "pt": ("de {first} a {last} dias", "{last} dia", "{last} dias"),
}
_SHOP_PAYS = {
    "es": "El envío de vuelta lo pagamos nosotros.", "en": "We pay the postage back to us.",
    "pt": "O frete de volta é por nossa conta.",
}  # fmt: skip


def tell_facts(store: StoreRow) -> dict[str, dict[str, str]]:
    """Language → question of the form → what the shop itself told, in es, en and pt; questions it says nothing about
    are left out. Never raises, whatever an adapter told."""
    facts = read_facts(store)
    return {
        language: {key: words for key, tell in _TOLD.items() if (words := tell(facts, store, language))}
        for language in LOCALES
    }


def _tell_payment(facts: Mapping[str, Any], _store: StoreRow, language: str) -> str:
    return _join(way.title for way in list_payment_ways(facts, language))


def _tell_on_delivery(facts: Mapping[str, Any], _store: StoreRow, language: str) -> str:
    return _say_yes(_list_titles(facts, "pay_on_delivery", language), language)


def _tell_instalments(facts: Mapping[str, Any], _store: StoreRow, language: str) -> str:
    return _say_yes(_list_titles(facts, "instalments", language), language)


def _list_titles(facts: Mapping[str, Any], kind: str, language: str) -> list[str]:
    return [way.title for way in list_payment_ways(facts, language) if kind in way.kinds]


def _tell_payment_safety(facts: Mapping[str, Any], _store: StoreRow, language: str) -> str:
    return tell_payment_safety(facts, language)


def _tell_pick_up(facts: Mapping[str, Any], _store: StoreRow, language: str) -> str:
    methods = [one for zone in read_rows(facts, "shipping_zones") for one in read_rows(zone, "methods")]
    return _say_yes([read_title(one, language) for one in methods if one.get("pick_up")], language)


def _say_yes(titles: Sequence[str], language: str) -> str:
    """That there is such a way, by the name that shoppers read while they buy; never that there is none."""
    named = _join(titles)
    return _YES_WITH[language].format(title=named) if named else ""


def _tell_areas(facts: Mapping[str, Any], _store: StoreRow, language: str) -> str:
    zones = [zone for zone in read_rows(facts, "shipping_zones") if _is_served(zone)]
    if not zones:
        return _name_countries(read_words(facts.get("countries")), language)
    if len(zones) == 1 and not read_words(zones[0].get("places")):
        return _EVERYWHERE[language]
    return _join(dict.fromkeys(_name_zone(zone, language) for zone in zones))


def _is_served(zone: Mapping[str, Any]) -> bool:
    """Whether something is sent there; what is only picked up goes nowhere."""
    return any(not one.get("pick_up") for one in read_rows(zone, "methods"))


def _name_zone(zone: Mapping[str, Any], language: str) -> str:
    places = read_words(zone.get("places"))
    if not places:
        return _REST[language]
    if all(len(place) == 2 for place in places):
        return _name_countries(places, language)
    return clean_name(zone.get("name"))


def _name_countries(codes: Sequence[str], language: str) -> str:
    territories = Locale.parse(language).territories
    names = [str(territories[code.upper()]) for code in codes if code.upper() in territories]
    if len(names) <= MOST_NAMED:
        return _join(names)
    return _AND_MORE[language].format(count=len(names), names=_join(names[:5]))


def _tell_costs(facts: Mapping[str, Any], store: StoreRow, language: str) -> str:
    currency = clean_name(facts.get("currency")) or store.currency
    if not currency:
        return ""
    if ways := read_rows(facts, "shipping"):
        prices = [(read_title(way, language), _price(read_mapping(way.get("costs")).get(currency))) for way in ways]
        return _join_prices(prices, currency, store, language)
    zones, told = [zone for zone in read_rows(facts, "shipping_zones") if _is_served(zone)], []
    for zone in zones:
        methods = [one for one in read_rows(zone, "methods") if not one.get("pick_up")]
        prices = [(read_title(one, language), _price(one.get("price"))) for one in methods]
        words = _join_prices(prices, currency, store, language)
        if not words:
            return ""
        told.append(f"{_name_zone(zone, language)}: {words}" if len(zones) > 1 else words)
    return "; ".join(told)


def _join_prices(
    prices: Sequence[tuple[str, Decimal | None]], currency: str, store: StoreRow, language: str
) -> str:
    """'' unless each has a name and a price above nought: what is free is often so only from some total on."""
    locale = store.locale if language_of(store.locale) == language else language
    told = [
        f"{title} {format_money(Money(amount=price, currency=currency), locale)}"
        for title, price in prices
        if title and price is not None and price > 0
    ]
    return _join(told) if len(told) == len(prices) else ""


def _tell_days(facts: Mapping[str, Any], _store: StoreRow, language: str) -> str:
    told = []
    for way in read_rows(facts, "shipping"):
        days = way.get("days")
        if not isinstance(days, Sequence) or len(days) != 2 or not all(isinstance(day, int) for day in days):
            return ""
        between, one, many = _DAYS[language]
        words = between if days[0] != days[1] else one if days[1] == 1 else many
        told.append((read_title(way, language), words.format(first=days[0], last=days[1])))
    if len(told) == 1:
        return told[0][1]
    return _join(f"{title}: {words}" for title, words in told) if all(title for title, _ in told) else ""


def _tell_return_days(facts: Mapping[str, Any], _store: StoreRow, _language: str) -> str:
    days = read_mapping(facts.get("returns")).get("days")
    return str(days) if isinstance(days, int) and days > 0 else ""


def _tell_return_costs(facts: Mapping[str, Any], _store: StoreRow, language: str) -> str:
    return _SHOP_PAYS[language] if read_mapping(facts.get("returns")).get("paid_by") == "shop" else ""


def _tell_hours(facts: Mapping[str, Any], store: StoreRow, language: str) -> str:
    """The hours that the merchant gave for the counter go before what the platform says."""
    week = read_mapping(read_mapping(store.hours).get("week"))
    return tell_week(week, language) or clean_name(read_mapping(facts.get("hours")).get(language), LONGEST_ANSWER)


def _tell_phone(facts: Mapping[str, Any], _store: StoreRow, _language: str) -> str:
    return clean_name(facts.get("phone"))


def _tell_address(facts: Mapping[str, Any], _store: StoreRow, _language: str) -> str:
    return clean_name(facts.get("address"), LONGEST_ANSWER)


_TOLD: dict[str, Callable[[Mapping[str, Any], StoreRow, str], str]] = {
    "delivery_days": _tell_days,
    "delivery_areas": _tell_areas,
    "delivery_costs": _tell_costs,
    "payment_ways": _tell_payment,
    "pay_on_delivery": _tell_on_delivery,
    "instalments": _tell_instalments,
    "payment_safety": _tell_payment_safety,
    "pickup_places": _tell_pick_up,
    "return_days": _tell_return_days,
    "return_costs": _tell_return_costs,
    "opening_hours": _tell_hours,
    "phone": _tell_phone,
    "address": _tell_address,
}


def _price(written: object) -> Decimal | None:
    try:
        price = Decimal(str(written)) if written not in (None, "") else None
    except InvalidOperation:
        return None
    return price if price is not None and price.is_finite() else None


def _join(words: Iterable[str]) -> str:
    kept = [one for one in dict.fromkeys(words) if one][:MOST_NAMED]
    return ", ".join(kept)
