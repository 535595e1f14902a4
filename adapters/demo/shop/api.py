"""The shop's JSON API, entered with ``Authorization: Bearer <token>``; described in ``README.md``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from flask import Blueprint, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from adapters.demo.shop.actions import ACTIONS
from adapters.demo.shop.nouns import EPOCH, ActionRefused, Order
from adapters.demo.shop.orders import Purchase
from adapters.demo.shop.pages import the_shop
from adapters.demo.shop.products import describe_shop

api = Blueprint("api", __name__, url_prefix="/api")

_OPEN = ("api.exchange_code",)


@api.before_request
def ask_for_token() -> None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if request.endpoint not in _OPEN and not (scheme.lower() == "bearer" and the_shop().is_token(given)):
        abort(401, "Send the header Authorization: Bearer <token>.")


@api.get("/orders")
def list_orders() -> Response:
    shop = the_shop()
    if "number" in request.args:
        found = shop.orders.find(request.args["number"])
        return jsonify(orders=[shop.orders.wire(found)] if found else [], next=None)
    page, cursor = shop.orders.changed_since(_read_since(), _read_cursor())
    return jsonify(orders=[shop.orders.wire(order) for order in page], next=cursor)


@api.post("/orders")
def place_order() -> tuple[Response, int]:
    try:
        purchase = msgspec.json.decode(request.get_data(), type=Purchase)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        abort(400, f"This is no purchase: {error}")
    return _tell(the_shop().orders.place(purchase)), 201


@api.get("/orders/<order_id>")
def get_order(order_id: str) -> Response:
    return _tell(_get(order_id))


@api.post("/orders/<order_id>/<action>")
def act(order_id: str, action: str) -> Response:
    shop, params = the_shop(), _read_object()
    if action == "delete":
        shop.orders.delete(order_id)
        return jsonify(deleted=order_id)
    if action == "note":
        shop.orders.add_note(order_id, str(params.get("text") or ""))
        return jsonify(notes=shop.orders.notes(order_id))
    if action == "send_again":
        return _tell(shop.orders.send_again(order_id))
    if action not in ACTIONS:
        known = ", ".join((*ACTIONS, "delete", "note", "send_again"))
        abort(404, f"There is no action {action}; there are {known}.")
    return _tell(shop.orders.act(order_id, action, params))


@api.get("/proof/<order_id>")
def prove(order_id: str) -> Response:
    proof = the_shop().prove(_get(order_id))
    return (
        jsonify(proof=proof)
        if proof
        else abort(409, "The shop is not connected, so nobody can check a proof.")
    )


@api.get("/misbehave")
def show_misbehaviour() -> Response:
    return jsonify(the_shop().deliveries.misbehaviour)


@api.post("/misbehave")
def misbehave() -> Response:
    return jsonify(the_shop().deliveries.misbehave(_read_object()))


@api.get("/idle")
def tell_idle() -> Response:
    deliveries = the_shop().deliveries
    counts = {state: deliveries.count(state) for state in ("waiting", "sent", "dropped", "failed")}
    return jsonify(idle=not counts["waiting"], **counts)


@api.get("/facts")
def tell_facts() -> Response:
    return jsonify(describe_shop())


@api.post("/connect")
def exchange_code() -> Response:
    shop, code = the_shop(), _read_object().get("code")
    if not isinstance(code, str) or not shop.spend_code(code):
        abort(403, "The code is unknown, spent or older than five minutes. Start the connection again.")
    facts = describe_shop()
    return jsonify(
        token=shop.token, **{key: facts[key] for key in ("name", "currency", "locale", "time_zone")}
    )


@api.get("/connection")
def tell_connection() -> Response:
    connection = the_shop().connection
    # The secret went in; it never comes out.
    shown = {key: connection[key] for key in ("hook_url", "widget")} if connection else {}
    return jsonify(connected=bool(connection), **shown)


@api.put("/connection")
def connect() -> Response:
    return jsonify(connected=True, changed=the_shop().connect(_read_object()))


@api.delete("/connection")
def disconnect() -> Response:
    the_shop().disconnect()
    return jsonify(connected=False)


@api.errorhandler(ActionRefused)
def tell_refusal(error: ActionRefused) -> tuple[Response, int]:
    return jsonify(error=str(error)), 409


@api.errorhandler(ValueError)
def tell_mistake(error: ValueError) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400


@api.errorhandler(LookupError)
def tell_missing(error: LookupError) -> tuple[Response, int]:
    return jsonify(error=str(error)), 404


@api.errorhandler(HTTPException)
def tell_error(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.description), error.code or 500


def _get(order_id: str) -> Order:
    return the_shop().orders.get(order_id) or abort(404, f"There is no order {order_id}.")


def _tell(order: Order) -> Response:
    return jsonify(the_shop().orders.wire(order))


def _read_object() -> dict[str, Any]:
    body = request.get_data()
    try:
        return msgspec.json.decode(body, type=dict[str, Any]) if body else {}
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        abort(400, "The body must be a JSON object.")


def _read_since() -> datetime:
    given = request.args.get("modified_since", "")
    if not given:
        return EPOCH
    try:
        since = datetime.fromisoformat(given)
    except ValueError:
        since = None
    if since is None or since.tzinfo is None:
        abort(400, "`modified_since` is a time with a zone, like 2026-11-21T18:00:00Z.")
    return since.astimezone(UTC)


def _read_cursor() -> str:
    cursor = request.args.get("after", "")
    micros, dash, order_id = cursor.partition("-")
    if cursor and not (dash and micros.isdigit() and order_id.isdigit() and len(cursor) < 36):
        abort(400, "`after` is the `next` of the page before.")
    return cursor
