"""The widget API about a talk besides its messages: who is typing, on which page, how good it was, where to answer,
what was read."""

# flask-smorest has no types: its decorators cannot be checked, what they wrap is.
# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

from typing import Any

from flask import Response

from plugin import care, help
from plugin.care import VisitorRow
from plugin.language import language_of
from plugin.web import widget_schemas as shapes
from plugin.web.doors import doors
from plugin.web.widget_blueprint import STEPS, here, read_locale, show_talk, widget_api
from plugin.web.widget_errors import Refused
from plugin.web.widget_guard import needs_visitor
from plugin.web.widget_limits import COUNTS, FEEDBACK, PAGES, TYPING, count_hit, limit
from plugin.web.widget_wishes import plain_basket, plain_page, plain_steps


@widget_api.post("/conversation/typing")
@widget_api.arguments(shapes.Nothing)
@widget_api.response(204)
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.doc(security=[{"visitor": []}])
@needs_visitor
def typing(visitor: VisitorRow, wish: dict[str, Any]) -> Response:
    """The shopper is typing: the agents hear it, nothing is kept."""
    if not count_hit(TYPING, "typing", str(visitor.store_id), str(visitor.id)):
        care.note_shopper_typing(doors().care, visitor)
    return Response(status=204)


@widget_api.post("/conversation/page")
@widget_api.arguments(shapes.OnPage)
@widget_api.response(204)
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.doc(security=[{"visitor": []}])
@needs_visitor
def page(visitor: VisitorRow, wish: dict[str, Any]) -> Response:
    """The shopper opened another page: kept where people hold the talk, for whoever answers; else not."""
    if not count_hit(PAGES, "page", str(visitor.store_id), str(visitor.id)):
        steps, basket = plain_steps(wish["steps"]), plain_basket(wish["basket"])
        care.note_page(doors().care, visitor, steps, plain_page(wish["page"]), basket)
    return Response(status=204)


@widget_api.post("/conversation/rating")
@widget_api.arguments(shapes.Rating)
@widget_api.response(200, shapes.ConversationAnswer)
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.alt_response(409, schema=shapes.Error, description="There is no answer to rate yet")
@widget_api.doc(security=[{"visitor": []}])
@needs_visitor
def rating(visitor: VisitorRow, wish: dict[str, Any]) -> dict[str, Any]:
    """How good the talk was, 1 to 5. Said again, it changes; 1 or 2 brings a person back to it."""
    _limit_feedback(visitor)
    try:
        return show_talk(*care.rate(doors().care, here(), visitor, wish["score"], wish["comment"]))
    except care.NothingToRate:
        raise Refused(care.Refusal.nothing_to_rate) from None
    except LookupError:
        raise Refused(care.Refusal.nothing) from None


@widget_api.post("/conversation/email")
@widget_api.arguments(shapes.LeftEmail)
@widget_api.response(200, shapes.ConversationAnswer)
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.doc(security=[{"visitor": []}])
@needs_visitor
def email(visitor: VisitorRow, wish: dict[str, Any]) -> dict[str, Any]:
    """Where the shopper wants to be answered; kept with the sentence they agreed to."""
    _limit_feedback(visitor)
    try:
        row = care.leave_email(doors().care, here(), visitor, wish["email"], wish["consent"])
    except care.NoAddress:
        raise Refused(care.Refusal.no_address) from None
    except care.OtherConsent:
        raise Refused(care.Refusal.other_consent) from None
    except LookupError:
        raise Refused(care.Refusal.nothing) from None
    return show_talk(row)


@widget_api.post("/conversation/verdict")
@widget_api.arguments(shapes.Verdict)
@widget_api.response(200, shapes.ConversationAnswer)
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.alt_response(404, schema=shapes.Error, description="No answer of the bot stands there")
@widget_api.doc(security=[{"visitor": []}])
@needs_visitor
def verdict(visitor: VisitorRow, wish: dict[str, Any]) -> dict[str, Any]:
    """Whether an answer of the bot helped."""
    _limit_feedback(visitor)
    try:
        return show_talk(*care.say_helped(doors().care, here(), visitor, wish["position"], wish["helped"]))
    except care.NoSuchAnswer:
        raise Refused(care.Refusal.nothing) from None


def _limit_feedback(visitor: VisitorRow) -> None:
    limit(FEEDBACK, "feedback", str(visitor.store_id), str(visitor.id))


@widget_api.post("/stores/<store>/articles/<article_id>/count")
@widget_api.arguments(shapes.ArticleCount)
@widget_api.response(204)
@widget_api.alt_response(429, schema=shapes.Error, description="Too much at once; see Retry-After")
def count(wish: dict[str, Any], store: str, article_id: str) -> Response:
    """An article was opened, or the link to it clicked. Counted without anybody's name; an unknown one is not."""
    row, locale = here(), language_of(read_locale(wish["locale"]))
    limit(COUNTS, "count", str(row.id))
    step = wish["step"] if wish["step"] in STEPS else ""
    phase = wish["phase"] if wish["phase"] in care.PHASES else ""
    if help.get_article(row, article_id, locale) is not None:
        here_now = doors().clock.now()
        help.count(doors().db, row.id, article_id, locale, step, phase, wish["kind"], here_now)
    return Response(status=204)
