"""What the shop sells, and what it says about itself. Words of products live in ``locales``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from adapters.demo.shop.words import LOCALES, TIME_ZONE, say

NAME = "Barro y Sol"
CURRENCIES = ("EUR", "COP")
COUNTRIES = ("ES", "PT", "FR", "CO", "MX", "BR", "US")
MOST_PIECES = 20


@dataclass(frozen=True)
class Product:
    """One thing to buy; `prices` by currency."""

    slug: str
    sku: str
    prices: Mapping[str, Decimal]
    glazes: tuple[str, ...] = ()
    ships: bool = True

    def price(self, currency: str) -> Decimal:
        return self.prices[currency]


@dataclass(frozen=True)
class Delivery:
    """One way to send; days are working days, from and to."""

    name: str
    prices: Mapping[str, Decimal]
    days: tuple[int, int]


def _product(slug: str, sku: str, euros: str, pesos: str, *glazes: str, ships: bool = True) -> Product:
    return Product(slug, sku, {"EUR": Decimal(euros), "COP": Decimal(pesos)}, glazes, ships)


PRODUCTS: Mapping[str, Product] = {
    product.slug: product
    for product in (
        _product("taza-sol", "BS-TAZ", "18.00", "79000", "sun", "clay", "sea"),
        _product("tetera-monte", "BS-TET", "64.00", "282000", "clay", "moss"),
        _product("plato-tierra", "BS-PLA", "24.00", "105000", "sun", "clay", "sea"),
        _product("cuenco-nube", "BS-CUE", "16.50", "72000", "cream", "sea"),
        _product("florero-alba", "BS-FLO", "48.00", "211000", "cream", "clay"),
        _product("matera-patio", "BS-MAT", "32.00", "141000", "clay", "moss"),
        _product("portavelas-luna", "BS-POR", "14.00", "61000", "cream", "sea"),
        _product("guia-esmaltes", "BS-GUI", "12.00", "53000", ships=False),
    )
}

DELIVERIES: Mapping[str, Delivery] = {
    "standard": Delivery("standard", {"EUR": Decimal("4.50"), "COP": Decimal("20000")}, (2, 4)),
    "express": Delivery("express", {"EUR": Decimal("9.00"), "COP": Decimal("40000")}, (1, 1)),
}

PAYMENTS = ("card", "transfer", "on_delivery")


def describe_shop() -> dict[str, Any]:
    """The facts a help article may tell: money, payment, shipping, returns, hours, where to find us."""
    return {
        "name": NAME,
        "currency": "EUR",
        "currencies": list(CURRENCIES),
        "locale": "es",
        "locales": list(LOCALES),
        "time_zone": TIME_ZONE,
        "payment_methods": [
            {"id": way, "label": {locale: say(locale, f"payment.{way}") for locale in LOCALES}}
            | ({"typed": "bank"} if way == "transfer" else {})
            for way in PAYMENTS
        ],
        "pay_on_delivery": True,
        "shipping": [_describe_delivery(delivery) for delivery in DELIVERIES.values()],
        "countries": list(COUNTRIES),
        "returns": {"days": 30, "paid_by": "shop"},
        "hours": {locale: say(locale, "shop.hours") for locale in LOCALES},
        "phone": "+34 900 000 000",
        "email": "hola@barroysol.example",
        "address": "Calle del Alfar 7, 41010 Sevilla",
    }


def _describe_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.name,
        "label": {locale: say(locale, f"delivery.{delivery.name}") for locale in LOCALES},
        "costs": {currency: str(price) for currency, price in delivery.prices.items()},
        "days": list(delivery.days),
    }
