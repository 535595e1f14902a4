"""Delivery profiles: which zones a shop ships to, and by which methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from plugin.testing.fake_shopify.bodies import make_gid
from plugin.testing.fake_shopify.lists import list_all
from plugin.testing.fake_shopify.nouns import Body

SHIPPING = Decimal("9900.00")
REST_OF_WORLD = "*"


@dataclass
class ShippingMethod:
    """A rate of a fixed price; `conditions`: how many things about the cart it hangs on."""

    name: str
    price: Decimal
    currency: str
    active: bool = True
    conditions: int = 0


@dataclass
class Zone:
    """`countries`: code, or `REST_OF_WORLD`, → the codes of its provinces that belong to the zone."""

    name: str
    countries: Mapping[str, tuple[str, ...]]
    methods: list[ShippingMethod] = field(default_factory=list)


@dataclass
class Profile:
    """`groups`: the zones of each group of places that is sent from."""

    id: int
    name: str
    groups: list[list[Zone]]
    default: bool = False


def make_default_profile(number: int, currency: str) -> Profile:
    """What a shop of the fake has: one zone at home, one abroad."""
    home = Zone("Colombia", {"CO": ("ANT", "DC", "VAC")}, [ShippingMethod("Envío nacional", SHIPPING, currency)])
    abroad = Zone("España", {"ES": ("B", "M")}, [ShippingMethod("Envío internacional", Decimal(89000), currency)])
    return Profile(number, "General", [[home, abroad]], default=True)


def write_profile(profile: Profile) -> Body:
    methods = [one for zones in profile.groups for zone in zones for one in zone.methods]
    return {
        "__typename": "DeliveryProfile",
        "id": make_gid("DeliveryProfile", profile.id),
        "name": profile.name,
        "default": profile.default,
        "activeMethodDefinitionsCount": sum(one.active for one in methods),
        "profileLocationGroups": [{"locationGroupZones": connect_zones(zones)} for zones in profile.groups],
    }


def connect_zones(zones: list[Zone]) -> object:
    return list_all(lambda pair: write_zone(pair[1]), lambda pair: (pair[0],), lambda: list(enumerate(zones)))


def write_zone(zone: Zone) -> Body:
    return {
        "zone": {"name": zone.name, "countries": [write_country(*pair) for pair in zone.countries.items()]},
        "methodDefinitions": list_all(
            lambda pair: write_method(*pair), lambda pair: (pair[0],), lambda: list(enumerate(zone.methods))
        ),
    }


def write_country(code: str, provinces: tuple[str, ...]) -> Body:
    is_rest = code == REST_OF_WORLD
    return {
        "code": {"countryCode": None if is_rest else code, "restOfWorld": is_rest},
        "provinces": [{"code": word} for word in provinces],
    }


def write_method(number: int, one: ShippingMethod) -> Body:
    return {
        "id": make_gid("DeliveryMethodDefinition", number + 1),
        "name": one.name,
        "active": one.active,
        "methodConditions": [{"id": make_gid("DeliveryCondition", each + 1)} for each in range(one.conditions)],
        "rateProvider": {
            "__typename": "DeliveryRateDefinition",
            "price": {"amount": str(one.price), "currencyCode": one.currency},
        },
    }
