"""Who comes first for the shopper whose panel opens: the bot, a person, or the message form."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request

from plugin.care import greeting_words, is_staffed
from plugin.care.routes import choose_route, is_known
from plugin.stores import StoreRow
from plugin.stores.routing import PERSON, read_routing
from plugin.web.doors import doors
from plugin.web.widget_errors import Refused
from plugin.web.widget_guard import read_visitor


def show_route(row: StoreRow, now: datetime, *, phase: str, basket: bool, staffed: bool) -> str:
    """As the store's table says. Whether the shop knows the shopper counts where they send their token; one that opens
    nothing (any more) is like none."""
    return choose_route(
        read_routing(row), row, now, phase=phase, basket=basket, returning=_is_known(), staffed=staffed
    )


def greet(row: StoreRow, phase: str, locale: str, route: str) -> str:
    """In the name of whoever answers first."""
    return greeting_words(row.name, phase, locale, person=route == PERSON)


def greet_owner(row: StoreRow, phase: str, locale: str) -> str:
    """Who has just proven an order: their page says nothing of a basket here."""
    now = doors().clock.now()
    staffed = is_staffed(doors().care, row, now)
    return greet(row, phase, locale, show_route(row, now, phase=phase, basket=False, staffed=staffed))


def _is_known() -> bool:
    try:
        visitor = read_visitor()
    except Refused:
        return False
    return visitor is not None and is_known(doors().care, visitor)


def keep_apart(answer: Response) -> Response:
    """What was answered to somebody's token is nobody else's, and is not kept."""
    answer.vary.add("Authorization")
    if "Authorization" in request.headers:
        answer.headers["Cache-Control"] = "no-store"
    return answer
