"""The widget API about orders: by the platform's signature, by a code mailed to the address in the order, and once it
is proven by the conversation. Number and e-mail alone get one and the same answer, whatever there is."""

# flask-smorest has no types: its decorators cannot be checked, what they wrap is.
# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

from typing import Any

from plugin import care
from plugin.care import VisitorRow
from plugin.web import widget_schemas as shapes
from plugin.web.doors import doors
from plugin.web.widget_blueprint import here, read_locale, show_proven, show_talk, widget_api
from plugin.web.widget_errors import Refused
from plugin.web.widget_guard import needs_visitor, read_visitor
from plugin.web.widget_limits import CODES, LOOK_UPS, limit


@widget_api.post("/stores/<store>/order")
@widget_api.arguments(shapes.ProofOfOrder)
@widget_api.response(200, shapes.OrderAnswer)
@widget_api.alt_response(404, schema=shapes.Error, description="The proof proves nothing")
@widget_api.alt_response(429, schema=shapes.Error, description="Too much at once; see Retry-After")
def order(wish: dict[str, Any], store: str) -> dict[str, Any]:
    """The order that the platform signed for. Without `locale` in the language the order was placed in."""
    limit(LOOK_UPS, "order", str(here().id))
    try:
        view = care.find_proven_order(doors().care, here(), wish["proof"])
    except care.PlatformAway:
        raise Refused(care.Refusal.store_away, retry_after=30) from None
    if view is None:
        raise Refused(care.Refusal.nothing)
    return show_proven(view, wish["locale"])


@widget_api.post("/stores/<store>/order/code")
@widget_api.arguments(shapes.CodeWish)
@widget_api.response(202, shapes.CodeAsked)
@widget_api.alt_response(429, schema=shapes.Error, description="Too much at once, or today; see Retry-After")
def ask_for_code(wish: dict[str, Any], store: str) -> dict[str, Any]:
    """A code goes to the address in the order, if there is such an order; the answer does not tell."""
    row, locale = here(), read_locale(wish["locale"])
    limit(LOOK_UPS, "order-code", str(row.id))
    try:
        asked = care.ask_for_code(doors().care, row, wish["number"], wish["email"], wish["handle"], locale)
    except care.TooManyLooks as error:
        raise Refused(care.Refusal.too_many_looks, retry_after=error.seconds) from None
    return {"handle": asked.handle, "expires_in": asked.seconds}


@widget_api.post("/stores/<store>/order/code/check")
@widget_api.arguments(shapes.CodeTry)
@widget_api.response(200, shapes.OpenedOrder)
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.alt_response(422, schema=shapes.Error, description="Not the code; see `left`")
@widget_api.alt_response(429, schema=shapes.Error, description="Too much at once; see Retry-After")
@widget_api.doc(security=[{}, {"visitor": []}])
def check_code(wish: dict[str, Any], store: str) -> dict[str, Any]:
    """The order, to whoever brings the code. It belongs to their conversation from now on."""
    limit(CODES, "order-code-check", str(here().id))
    row, visitor, locale = here(), read_visitor(), read_locale(wish["locale"])
    try:
        opened = care.check_code(
            doors().care, row, visitor, wish["handle"], wish["code"], locale, wish["client_id"]
        )
    except care.WrongCode as error:
        refusal = care.Refusal.wrong_code if error.left else care.Refusal.dead_code
        raise Refused(refusal, left=error.left) from None
    except care.AlreadyBegun:
        raise Refused(care.Refusal.not_open) from None
    shown = show_proven(opened.view, wish["locale"])
    return shown | show_talk(opened.conversation, opened.messages) | {"token": opened.token}


@widget_api.post("/conversation/order")
@widget_api.arguments(shapes.OwnOrderWish)
@widget_api.response(200, shapes.OrderAnswer)
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.alt_response(404, schema=shapes.Error, description="No order is proven in this conversation")
@widget_api.doc(security=[{"visitor": []}])
@needs_visitor
def own_order(visitor: VisitorRow, wish: dict[str, Any]) -> dict[str, Any]:
    """The order that was proven in the visitor's conversation, as it stands now."""
    found = care.read_own_order(doors().care, visitor)
    if found is None:
        raise Refused(care.Refusal.nothing)
    return show_proven(found[1], wish["locale"])
