"""The shopper's cart: it lives in the signed cookie of their browser, as ``{"slug|glaze": pieces}``."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import session

from adapters.demo.shop.orders import PurchaseLine
from adapters.demo.shop.products import DELIVERIES, MOST_PIECES, PRODUCTS, Product


@dataclass(frozen=True)
class CartLine:
    """Some pieces of one product in one glaze."""

    key: str
    product: Product
    glaze: str
    quantity: int

    def total(self, currency: str) -> Decimal:
        return self.product.price(currency) * self.quantity


def read_cart() -> list[CartLine]:
    """What is in the cart; what is no longer sold has left it."""
    lines = []
    for key, quantity in _kept().items():
        slug, _, glaze = key.partition("|")
        product = PRODUCTS.get(slug)
        if product is not None and (glaze in product.glazes or not glaze):
            lines.append(CartLine(key, product, glaze, quantity))
    return lines


def add_to_cart(slug: str, glaze: str, quantity: int) -> None:
    """Raises `LookupError` when there is no such product in such a glaze."""
    product = PRODUCTS[slug]
    chosen = glaze or (product.glazes[0] if product.glazes else "")
    if chosen and chosen not in product.glazes:
        raise LookupError(chosen)
    key = f"{slug}|{chosen}"
    _set(key, _kept().get(key, 0) + quantity)


def set_quantity(key: str, quantity: int) -> None:
    """0 takes the line out."""
    if key in _kept():
        _set(key, quantity)


def empty_cart() -> None:
    for key in ("cart", "payment", "request_key"):
        session.pop(key, None)


def count_pieces() -> int:
    return sum(line.quantity for line in read_cart())


def needs_shipping() -> bool:
    return any(line.product.ships for line in read_cart())


def sum_lines(currency: str) -> Decimal:
    return sum((line.total(currency) for line in read_cart()), Decimal(0))


def shipping_price(currency: str) -> Decimal | None:
    """What sending costs; None while the shopper has not chosen how."""
    if not needs_shipping():
        return Decimal(0)
    delivery = DELIVERIES.get(session.get("shipping", {}).get("delivery", ""))
    return delivery.prices[currency] if delivery else None


def sum_cart(currency: str) -> Decimal:
    """Everything the shopper will pay, as far as it is known."""
    return sum_lines(currency) + (shipping_price(currency) or Decimal(0))


def purchase_lines() -> list[PurchaseLine]:
    return [PurchaseLine(line.product.slug, line.quantity, line.glaze) for line in read_cart()]


def _kept() -> dict[str, int]:
    cart: dict[str, Any] = session.get("cart", {})
    return cart


def _set(key: str, quantity: int) -> None:
    cart = dict(_kept())
    cart[key] = max(0, min(quantity, MOST_PIECES))
    session["cart"] = {key: pieces for key, pieces in cart.items() if pieces}
