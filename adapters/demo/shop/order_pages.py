"""After the purchase: thank you, paying again, how my order stands, what I bought."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from adapters.demo.shop.checkout import DECLINED_CARD, check_card
from adapters.demo.shop.nouns import Order
from adapters.demo.shop.pages import show, the_shop

orders = Blueprint("orders", __name__)


@orders.get("/order/<number>/thanks")
def thanks(number: str) -> Response:
    order = _own(number)
    return show("thanks.html", steps=("thank_you",), proof=the_shop().prove(order), order=order)


@orders.get("/order/<number>/pay")
def pay(number: str) -> AnyResponse:
    order = _own(number)
    if order.payment != "declined":
        return redirect(url_for("orders.thanks", number=number), 303)
    return show("order_pay.html", steps=("order_pay",), order=order, given={}, wrong=[])


@orders.post("/order/<number>/pay")
def pay_again(number: str) -> AnyResponse:
    order = _own(number)
    given = {name: request.form.get(name, "").strip() for name in ("number", "expiry", "cvc")}
    wrong = check_card(given)
    if wrong:
        return show("order_pay.html", steps=("order_pay",), order=order, given=given, wrong=wrong, status=422)
    declined = re.sub(r"\D", "", given["number"]) == DECLINED_CARD
    if order.payment == "declined" and not declined:
        the_shop().orders.act(order.id, "pay", {})
    return redirect(url_for("orders.pay", number=number), 303)


@orders.get("/order/<number>")
def status(number: str) -> Response:
    order = _own(number)
    return show("order_status.html", steps=("order_status",), proof=the_shop().prove(order), order=order)


@orders.get("/order-status")
def find() -> AnyResponse:
    wanted = request.args.get("order", "")[:40]
    mine = _remembered(wanted)
    if mine is not None:
        return redirect(url_for("orders.status", number=mine.number), 303)
    return show("find_order.html", steps=("order_status",), given={"order": wanted}, wrong=False)


@orders.post("/order-status")
def show_found() -> AnyResponse:
    given = {name: request.form.get(name, "").strip()[:200] for name in ("order", "email")}
    order = the_shop().orders.find(given["order"])
    if order is None or order.customer.email.lower() != given["email"].lower():
        return show("find_order.html", steps=("order_status",), given=given, wrong=True, status=422)
    # Whoever knows number and e-mail may look, but that proves nobody: no proof for the widget here.
    return show("order_status.html", steps=("order_status",), order=order)


@orders.get("/account")
def account() -> Response:
    found = (the_shop().orders.get(order_id) for order_id in reversed(session.get("orders", [])))
    return show("account.html", steps=("account",), orders=[order for order in found if order])


def _remembered(number: str) -> Order | None:
    order = the_shop().orders.find(number) if number else None
    return order if order and order.id in session.get("orders", []) else None


def _own(number: str) -> Order:
    """The order, if this browser placed it; others are told that there is none."""
    return _remembered(number) or abort(404)
