"""Buying, in four steps of plain forms: contact, shipping, payment, review."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from adapters.demo.shop import cart
from adapters.demo.shop.orders import Purchase, is_email
from adapters.demo.shop.pages import currency, locale, show, the_shop
from adapters.demo.shop.products import COUNTRIES, DELIVERIES, PAYMENTS

checkout = Blueprint("checkout", __name__, url_prefix="/checkout")

DECLINED_CARD = "4000000000000002"
_ORDERS_REMEMBERED = 20


@checkout.get("/contact")
def contact() -> AnyResponse:
    return _earlier_step("contact") or _show_step("contact", session.get("contact", {}))


@checkout.post("/contact")
def save_contact() -> AnyResponse:
    given = _read("email", "name")
    wrong = [key for key in ("email", "name") if not given[key]]
    if "email" not in wrong and not is_email(given["email"]):
        wrong.append("email")
    if wrong:
        return _show_step("contact", given, wrong)
    session["contact"] = given
    return _go_to("shipping" if cart.needs_shipping() else "payment")


@checkout.get("/shipping")
def shipping() -> AnyResponse:
    if not cart.needs_shipping() and cart.read_cart():
        return _go_to("payment")
    return _earlier_step("shipping") or _show_step("shipping", session.get("shipping", {}))


@checkout.post("/shipping")
def save_shipping() -> AnyResponse:
    given = _read("street", "city", "postcode", "country", "delivery")
    wrong = [key for key in ("street", "city", "postcode") if not given[key]]
    if given["country"] not in COUNTRIES:
        wrong.append("country")
    if given["delivery"] not in DELIVERIES:
        wrong.append("delivery")
    if wrong:
        return _show_step("shipping", given, wrong)
    session["shipping"] = given
    return _go_to("payment")


@checkout.get("/payment")
def payment() -> AnyResponse:
    return _earlier_step("payment") or _show_step("payment", session.get("payment", {}))


@checkout.post("/payment")
def save_payment() -> AnyResponse:
    given = _read("payment", "number", "expiry", "cvc")
    wrong = check_card(given) if given["payment"] == "card" else []
    if given["payment"] not in _ways():
        wrong = ["payment"]
    if wrong:
        return _show_step("payment", given, wrong)
    digits = re.sub(r"\D", "", given["number"])
    # The cookie is signed, not secret: of the card only this much may be in it.
    session["payment"] = {
        "payment": given["payment"],
        "last": digits[-4:] if given["payment"] == "card" else "",
        "declined": given["payment"] == "card" and digits == DECLINED_CARD,
    }
    return _go_to("review")


@checkout.get("/review")
def review() -> AnyResponse:
    # Made before the button can be pressed, so that pressing it twice sends the same key twice.
    session.setdefault("request_key", secrets.token_hex(12))
    return _earlier_step("review") or _show_step("review", {})


@checkout.post("/review")
def place_order() -> AnyResponse:
    missing = _earlier_step("review")
    if missing:
        return missing
    order = the_shop().orders.place(_read_purchase())
    session["orders"] = [*session.get("orders", []), order.id][-_ORDERS_REMEMBERED:]
    cart.empty_cart()
    page = "orders.pay" if order.payment == "declined" else "orders.thanks"
    return redirect(url_for(page, number=order.number), 303)


def check_card(given: Mapping[str, str]) -> list[str]:
    """Which of number, expiry and cvc cannot be right."""
    wrong = []
    digits = re.sub(r"[ -]", "", given["number"])
    if not re.fullmatch(r"[0-9]{13,19}", digits) or not _passes_luhn(digits):
        wrong.append("number")
    expiry = re.fullmatch(r"(0[1-9]|1[0-2])\s*/\s*([0-9]{2})", given["expiry"])
    today = datetime.now(UTC)
    if not expiry or (2000 + int(expiry[2]), int(expiry[1])) < (today.year, today.month):
        wrong.append("expiry")
    if not re.fullmatch(r"[0-9]{3,4}", given["cvc"]):
        wrong.append("cvc")
    return wrong


def _passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _read(*names: str) -> dict[str, str]:
    return {name: request.form.get(name, "").strip()[:200] for name in names}


def _ways() -> tuple[str, ...]:
    return PAYMENTS if cart.needs_shipping() else ("card", "transfer")


def _earlier_step(step: str) -> AnyResponse | None:
    """Where a shopper must go first who is not ready for `step`."""
    if not cart.read_cart():
        return redirect(url_for("storefront.show_cart"), 303)
    if step != "contact" and not session.get("contact"):
        return _go_to("contact")
    if step in ("payment", "review") and cart.needs_shipping() and not session.get("shipping"):
        return _go_to("shipping")
    if step == "review" and session.get("payment", {}).get("payment") not in _ways():
        return _go_to("payment")
    return None


def _go_to(step: str) -> AnyResponse:
    return redirect(url_for(f"checkout.{step}"), 303)


def _show_step(step: str, given: Mapping[str, object], wrong: list[str] | None = None) -> Response:
    return show(
        f"{step}.html",
        steps=("checkout", step),
        step=step,
        given=given,
        wrong=wrong or [],
        status=422 if wrong else 200,
        lines=cart.read_cart(),
        ships=cart.needs_shipping(),
        shipping_price=cart.shipping_price(currency()),
        total=cart.sum_cart(currency()),
        countries=COUNTRIES,
        deliveries=DELIVERIES.values(),
        ways=_ways(),
    )


def _read_purchase() -> Purchase:
    chosen = session["payment"]
    session.setdefault("request_key", secrets.token_hex(12))
    purchase = Purchase(
        lines=cart.purchase_lines(),
        locale=locale(),
        currency=currency(),
        payment="card_declined" if chosen["declined"] else chosen["payment"],
        request_key=session["request_key"],
        **session["contact"],
    )
    if cart.needs_shipping():
        for name, value in session["shipping"].items():
            setattr(purchase, name, value)
    return purchase
