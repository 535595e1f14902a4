"""Where the shop ships and for how much: the zones of its default delivery profile, as the merchant set them up.

Needs the scope ``read_shipping``, which the schema's marks leave out: "any of assigned_shipping or shipping access
scopes", https://shopify.dev/docs/api/admin-graphql/2024-07/objects/DeliveryMethodDefinition.
A shop whose shipping is set up in its markets has delivery profiles that may be long out of date, so it is not asked:
https://shopify.dev/changelog/merchant-owned-delivery-profile-apis-are-deprecated-for-market-driven-shipping (both read
2026-11-22).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from adapters.shopify.bodies import (
    CountryBody,
    MethodBody,
    ProfileBody,
    ProfileRowsBody,
    ServedZoneBody,
    ZoneBody,
    read_shape,
)
from adapters.shopify.values import clean_text, read_country, read_money
from plugin.contract import NotFound, PayloadUnreadable, PlatformRefused

if TYPE_CHECKING:
    from adapters.shopify.api import Shop

MOST_PLACES = 500


def list_zones(shop: Shop, currency: str) -> list[dict[str, Any]]:
    """``[{"name", "places": ["CO"], "methods": [{"title", "price": "12000.00" or "", "pick_up": None}]}]``.

    No `places` is the rest of the world; a country of which only a part belongs to the zone stands as ``CO:ANT``. A
    price is '' unless it holds for every parcel to the zone, in `currency`. Empty when the scope is missing or there
    are more zones than one answer holds. What is picked up stands in no profile, so `pick_up` is not known. Raises the
    contract's errors.
    """
    try:
        answer = shop.run("shipping_profiles").get("deliveryProfiles")
        rows = read_shape(answer, ProfileRowsBody, "list of delivery profiles")
        default = next((row for row in rows.nodes if row.default), None)
        if default is None:
            return []
        answer = shop.run("shipping_zones", {"id": default.id}).get("deliveryProfile")
    except (NotFound, PlatformRefused):
        return []
    if answer is None:
        return []
    groups = read_shape(answer, ProfileBody, "delivery profile").profile_location_groups
    if any(group.location_group_zones.page_info.has_next_page for group in groups):
        return []
    others = any(row.active_method_definitions_count for row in rows.nodes if not row.default)
    is_sure = len(groups) == 1 and not others and not rows.page_info.has_next_page
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for group in groups:
        zones = group.location_group_zones.nodes
        shared = find_shared(zones)
        for row in zones:
            name, places = clean_text(row.zone.name), list_places(row.zone, shared)
            if not places and not is_rest(row.zone):
                continue
            zone = found.setdefault((name, *places), {"name": name, "places": places, "methods": []})
            zone["methods"] += list_methods(row, currency if is_sure else "")
    return list(found.values())


def find_shared(zones: list[ServedZoneBody]) -> frozenset[str]:
    """The countries that stand in more than one of these zones: each has a part of their provinces."""
    count = Counter(code for row in zones for code in {read_code(one) for one in row.zone.countries or ()} if code)
    return frozenset(code for code, times in count.items() if times > 1)


def read_code(country: CountryBody) -> str:
    return read_country(country.code.country_code) if country.code is not None else ""


def list_places(zone: ZoneBody, shared: frozenset[str]) -> list[str]:
    """Its countries, or their provinces where a country is `shared`; [] for the rest of the world."""
    if is_rest(zone):
        return []
    places = (place for one in zone.countries or () for place in name_country(one, shared))
    return list(dict.fromkeys(places))[:MOST_PLACES]


def is_rest(zone: ZoneBody) -> bool:
    return any(one.code is not None and one.code.rest_of_world for one in zone.countries or ())


def name_country(country: CountryBody, shared: frozenset[str]) -> Iterator[str]:
    code = read_code(country)
    provinces = [word for one in country.provinces or () if (word := clean_text(one.code))]
    if code in shared and provinces:
        yield from (f"{code}:{word}" for word in provinces)
    elif code:
        yield code


def list_methods(row: ServedZoneBody, currency: str) -> list[dict[str, Any]]:
    """The active methods of a zone; `currency` '' when no price of it is sure."""
    is_whole = not row.method_definitions.page_info.has_next_page
    return [
        {"title": clean_text(method.name), "price": read_price(method, currency if is_whole else ""), "pick_up": None}
        for method in row.method_definitions.nodes
        if method.active
    ]


def read_price(method: MethodBody, currency: str) -> str:
    """What it always costs, in `currency`; '' for a price that hangs on weight or amount, or that a carrier reckons."""
    rate = method.rate_provider
    if not currency or method.method_conditions is None or method.method_conditions or rate is None:
        return ""
    try:
        price = read_money(rate.price, "price") if isinstance(rate.price, Mapping) else None
    except PayloadUnreadable:
        return ""
    return str(price.amount) if price is not None and price.currency == currency else ""
