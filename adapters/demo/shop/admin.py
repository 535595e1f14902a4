"""The back room: orders, what can be done with them, and the switches that make the shop misbehave."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from adapters.demo.shop.actions import ACTIONS
from adapters.demo.shop.nouns import ActionRefused, Order
from adapters.demo.shop.pages import show, the_shop, words

admin = Blueprint("admin", __name__, url_prefix="/admin")

PARCEL_ROWS = 3
CARRIERS = ("Correos", "SEUR", "Servientrega", "Coordinadora", "")
PARCEL_BUTTONS = (
    "in_transit",
    "out_for_delivery",
    "attempt",
    "pickup_point",
    "delay",
    "deliver",
    "send_back",
    "lose",
)


def is_admin() -> bool:
    """Whether this browser has entered the back room."""
    return hmac.compare_digest(str(session.get("admin", "")), _mark())


def sign_in() -> None:
    session["admin"] = _mark()


@admin.before_request
def ask_for_key() -> AnyResponse | None:
    if request.endpoint in ("admin.home", "admin.enter") or is_admin():
        return None
    return redirect(url_for("admin.home"), 303)


@admin.get("/")
def home() -> Response:
    shop = the_shop()
    if not is_admin():
        key = request.args.get("key", "")
        return show("admin_enter.html", key=key if shop.is_admin_key(key) else "", status=200 if key else 403)
    return show(
        "admin.html",
        orders=shop.orders.newest(),
        connection=shop.connection,
        switches=shop.deliveries.misbehaviour,
        deliveries=shop.deliveries.latest(),
        last_read=_numbers_of_orders(),
    )


@admin.post("/enter")
def enter() -> AnyResponse:
    """Signing in acts on a POST alone, so that a fetched link signs nobody in."""
    shop = the_shop()
    if shop.is_admin_key(request.form.get("key", "")) or shop.is_token(request.form.get("token", "")):
        sign_in()
    return redirect(url_for("admin.home"), 303)


@admin.post("/leave")
def leave() -> AnyResponse:
    session.pop("admin", None)
    return redirect(url_for("admin.home"), 303)


@admin.get("/orders/<order_id>")
def order(order_id: str) -> Response:
    shop = the_shop()
    found = shop.orders.get(order_id) or abort(404)
    return show(
        "admin_order.html",
        order=found,
        buttons=_useful_actions(found),
        rows=range(1, PARCEL_ROWS + 1),
        carriers=CARRIERS,
        suggestion=_suggest_number,
        parcel_buttons=PARCEL_BUTTONS,
        notes=shop.orders.notes(order_id),
        deliveries=shop.deliveries.latest(order_id),
    )


@admin.post("/orders/<order_id>/<action>")
def act(order_id: str, action: str) -> AnyResponse:
    shop = the_shop()
    try:
        if action == "delete":
            shop.orders.delete(order_id)
        elif action == "send_again":
            shop.orders.send_again(order_id)
        elif action == "note":
            shop.orders.add_note(order_id, request.form.get("text", ""))
        else:
            shop.orders.act(order_id, action if action in ACTIONS else abort(404), _read_params(action))
    except LookupError:
        abort(404)
    except ActionRefused as refusal:
        flash(str(refusal), "wrong")
    else:
        flash(words("admin.done", what=words(f"do.{action}")), "done")
    if action == "delete":
        return redirect(url_for("admin.home"), 303)
    return redirect(url_for("admin.order", order_id=order_id), 303)


@admin.post("/misbehave")
def misbehave() -> AnyResponse:
    wish: dict[str, Any] = {name: name in request.form for name in ("duplicate", "shuffle", "drop")}
    wish["delay_seconds"] = request.form.get("delay_seconds", 0.0, type=float)
    try:
        the_shop().deliveries.misbehave(wish)
    except ValueError as error:
        flash(str(error), "wrong")
    return redirect(url_for("admin.home"), 303)


def _mark() -> str:
    return hmac.new(the_shop().secret_key.encode(), b"admin" + the_shop().token.encode(), sha256).hexdigest()


def _read_params(action: str) -> dict[str, Any]:
    params: dict[str, Any] = {key: value for key, value in request.form.items() if value}
    if action == "ship":
        params["parcels"] = [
            {
                "carrier": request.form.get(f"carrier-{row}", ""),
                "number": request.form.get(f"number-{row}", ""),
            }
            for row in range(1, PARCEL_ROWS + 1)
            if request.form.get(f"use-{row}")
        ]
    return params


def _useful_actions(found: Order) -> list[str]:
    """The plain buttons which would not be refused now."""
    useful = []
    if found.payment in ("waiting", "at_the_door", "declined") and found.status != "cancelled":
        useful.append("pay")
    if found.status == "placed" and found.payment == "waiting":
        useful.append("decline")
    if found.status in ("placed", "on_hold"):
        useful.append("prepare")
    if found.status in ("placed", "preparing"):
        useful.append("hold")
    if found.status in ("preparing", "shipped") and not found.still_here():
        useful.append("complete")
    return useful


def _numbers_of_orders() -> dict[str, str]:
    return {order.id: order.number for order in the_shop().orders.newest(500)}


def _suggest_number() -> str:
    """A tracking number in the form of UPU S10: two letters, eight digits, a check digit, the country."""
    digits = [secrets.randbelow(10) for _ in range(8)]
    rest = 11 - sum(a * b for a, b in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    check = {10: 0, 11: 5}.get(rest, rest)
    return f"PK{''.join(map(str, digits))}{check}ES"
