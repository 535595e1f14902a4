"""The widget API, version 1: what the widget on a shop's pages asks, and the stream it listens to.

It changes by addition only. Its OpenAPI description is at ``/api/widget/v1/openapi.json``. What is about orders is in
`widget_orders`, the message form in `widget_form`, what a shopper does with a talk besides writing in `widget_talk`.
"""

# flask-smorest has no types: its decorators cannot be checked, what they wrap is.
# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, Response, request

from plugin import care, help
from plugin.care import VisitorRow
from plugin.language import language_of, translator
from plugin.push import Gone, TooMany, write_stream
from plugin.stores import StoreRow
from plugin.stores.hours import read_opening
from plugin.web import widget_form, widget_orders, widget_talk
from plugin.web import widget_schemas as shapes
from plugin.web.boot_route import greet, keep_apart, show_route
from plugin.web.contact_shape import show_contact
from plugin.web.doors import Doors, doors
from plugin.web.hub_data import privacy_url
from plugin.web.widget_blueprint import (
    STEPS,
    WidgetApi,
    here,
    public,
    read_locale,
    show_link,
    show_talk,
    widget_api,
)
from plugin.web.widget_errors import Refused
from plugin.web.widget_guard import ROOT, Origins, needs_visitor, read_visitor
from plugin.web.widget_limits import (
    ASKING,
    CONVERSATIONS,
    MESSAGES,
    SEARCHES,
    count_hit,
    limit,
    open_limiter,
)
from plugin.web.widget_wishes import plain_basket, plain_page, plain_steps, read_proof

PARTS = (widget_form, widget_orders, widget_talk)
"""Where the other views stand: they are on the blueprint once these are imported."""


def install_widget_api(app: Flask) -> None:
    """Mounts the API, its description and its limits."""
    app.config.update(
        API_TITLE="Mostrador widget API",
        API_VERSION="1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX=ROOT,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": {"visitor": {"type": "http", "scheme": "bearer"}}},
        },
    )
    given: Doors = app.extensions["mostrador"]
    app.extensions["mostrador-limits"] = open_limiter(given.settings)
    app.extensions["mostrador-origins"] = Origins()
    WidgetApi(app).register_blueprint(widget_api)


@widget_api.get("/stores/<store>/boot")
@widget_api.arguments(shapes.BootQuery, location="query")
@widget_api.response(200, shapes.Boot)
def boot(query: dict[str, Any], store: str) -> Response:
    """What the panel shows first."""
    row, locale = here(), read_locale(query["locale"])
    steps = [step for step in query["steps"].replace(",", " ").split() if step in STEPS]
    basket, now = query["basket"] not in ("", "0"), doors().clock.now()
    phase, names = care.find_phase(steps, basket, None, now), care.agents_here(doors().care, row.id)
    staffed = care.is_staffed(doors().care, row, now)
    route = show_route(row, now, phase=phase, basket=basket, staffed=staffed)
    with doors().db.reading(row.id) as tx:
        answer_seconds = care.median_answer_seconds(tx, row.id, now)
    payload = {
        "store": {"name": row.name}, "locale": language_of(locale), "accent": row.accent, "available": staffed,
        "phase": phase, "greeting": greet(row, phase, locale, route),
        "links": [show_link(link) for link in help.links_for_steps(row, steps, locale, phase=phase, basket=basket)],
        "sections": [
            {"id": one.id, "title": one.title,
             "articles": [{"article_id": article.article_id, "title": article.title} for article in one.articles]}
            for one in help.list_sections(row, locale)
        ],
        "hub_url": help.hub_url(doors().settings.base_url, row, locale), "privacy_url": privacy_url(row, locale),
        "agents": [{"name": name} for name in names], "people": care.people_words(doors().care, row, locale, now),
        "hours": _show_hours(row, now),
        "time_zone": row.time_zone, "answer_seconds": answer_seconds,
        "email_consent": care.consent_words(row, locale), "contact": show_contact(row, locale),
        "route": route,
    }  # fmt: skip
    return keep_apart(public(payload, shapes.Boot()))


def _show_hours(row: StoreRow, now: datetime) -> dict[str, Any] | None:
    opening = read_opening(row, now)
    if opening is None:
        return None
    return {
        "open": opening.open,
        "opens_at": care.write_time(opening.opens_at) if opening.opens_at else None,
        "closes_at": care.write_time(opening.closes_at) if opening.closes_at else None,
        "intervals": [[care.write_time(start), care.write_time(end)] for start, end in opening.intervals],
    }


@widget_api.get("/stores/<store>/articles/<article_id>")
@widget_api.arguments(shapes.LocaleQuery, location="query")
@widget_api.response(200, shapes.Article)
def article(query: dict[str, Any], store: str, article_id: str) -> Response:
    """One article, whole."""
    row, locale = here(), read_locale(query["locale"])
    found = help.get_article(row, article_id, locale)
    if found is None:
        raise Refused(care.Refusal.nothing)
    url = help.hub_url(doors().settings.base_url, row, locale, found.article_id)
    body: list[Any] = list(found.tree)
    if "<img " in found.html:
        words = translator(found.locale, "web").gettext("See it with pictures")
        body.append({"tag": "p", "children": [{"tag": "a", "href": url, "children": [words]}]})
    payload = {
        "article_id": found.article_id, "title": found.title, "section": found.section, "body": body, "url": url,
    }  # fmt: skip
    return public(payload, shapes.Article())


@widget_api.get("/stores/<store>/search")
@widget_api.arguments(shapes.SearchQuery, location="query")
@widget_api.response(200, shapes.SearchAnswer)
def search(query: dict[str, Any], store: str) -> dict[str, Any]:
    """The articles nearest to some words."""
    row = here()
    limit(SEARCHES, "search", str(row.id))
    with doors().db.reading(row.id) as tx:
        learned = help.read_learned(tx, row.id)
    found = help.search(row, query["q"], read_locale(query["locale"]), learned)
    return {"results": [show_link(link) for link in found.results], "answered": found.answered}


@widget_api.post("/stores/<store>/messages")
@widget_api.arguments(shapes.NewMessage)
@widget_api.response(201, shapes.PostedAnswer)
@widget_api.alt_response(200, schema=shapes.PostedAnswer, description="Sent before with this client id")
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.alt_response(429, schema=shapes.Error, description="Too much at once; see Retry-After")
@widget_api.doc(security=[{}, {"visitor": []}])
def post_message(wish: dict[str, Any], store: str) -> Any:
    """A shopper's message; without a token it begins a conversation and gives one."""
    row, visitor = here(), read_visitor()
    _check_limits(row, visitor, wish)
    proven = read_proof(row, wish["proof"])
    arrived = care.Arrived(
        text=wish["text"], client_id=wish["client_id"], locale=read_locale(wish["locale"]),
        steps=plain_steps(wish["steps"]),
        page=plain_page(wish["page"]), order_id=proven.order.row.id if proven.order else None,
        order_proof=proven.by, customer_index=proven.customer_index,
        basket=plain_basket(wish["basket"]),
    )  # fmt: skip
    try:
        posted = care.post_message(doors().care, row, visitor, arrived)
    except care.AlreadyBegun:
        raise Refused(care.Refusal.not_open) from None
    answer = show_talk(posted.conversation, posted.messages) | {"token": posted.token}
    return answer, 201 if posted.new else 200


def _check_limits(row: StoreRow, visitor: VisitorRow | None, wish: dict[str, Any]) -> None:
    """Raises `Refused`; for somebody who asks for a person and has none on the way yet only where new ones that ask
    come as a flood."""
    if visitor is None:
        wait = _count_new(row, wish)
    else:
        wait = count_hit(MESSAGES, "message", str(row.id), str(visitor.id))
        if wait and help.asks_for_person(wish["text"]) and not care.is_waiting(doors().care, visitor):
            wait = 0
    if wait:
        raise Refused(care.Refusal.too_many, retry_after=wait)


def _count_new(row: StoreRow, wish: dict[str, Any]) -> int:
    """Counts a message without a token; 0, or the seconds to wait."""
    store = str(row.id)
    spent = count_hit(MESSAGES, "message", store, "new")
    wait = spent or count_hit(CONVERSATIONS, "conversation", store)
    if help.asks_for_person(wish["text"]):
        wait = count_hit(ASKING, "asking", store)
    sent_again = wait and not spent and care.was_met(doors().care, row.id, wish["client_id"])
    return 0 if sent_again else wait


@widget_api.get("/conversation")
@widget_api.arguments(shapes.AfterQuery, location="query")
@widget_api.response(200, shapes.ConversationAnswer)
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.doc(security=[{"visitor": []}])
@needs_visitor
def conversation(visitor: VisitorRow, query: dict[str, Any]) -> dict[str, Any]:
    """The visitor's conversation, and its messages after a position (500 at most; the stream brings the rest)."""
    found = care.read_conversation(doors().care, visitor, query["after"])
    if found is None:
        raise Refused(care.Refusal.nothing)
    return show_talk(*found)


@widget_api.post("/conversation/hand-over")
@widget_api.arguments(shapes.HandOverWish)
@widget_api.response(200, shapes.ConversationAnswer)
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.doc(security=[{"visitor": []}])
@needs_visitor
def hand_over(visitor: VisitorRow, wish: dict[str, Any]) -> dict[str, Any]:
    """ "I want a person." Never refused for asking too often: asking again changes nothing."""
    posted = care.ask_for_person(doors().care, here(), visitor, wish["client_id"])
    if posted is None:
        raise Refused(care.Refusal.nothing)
    return show_talk(posted.conversation, posted.messages)


@widget_api.get("/stream")
@widget_api.alt_response(
    200,
    description='text/event-stream: `message`, `conversation`, `typing` (`{"name"}`), and beats every 15 s',
)
@widget_api.alt_response(401, schema=shapes.Error, description="The token opens nothing (any more)")
@widget_api.alt_response(429, schema=shapes.Error, description="Too many streams of one visitor")
@widget_api.doc(security=[{"visitor": []}])
@needs_visitor
def stream(visitor: VisitorRow) -> Response:
    """Live events of the visitor's conversation, from ``Last-Event-ID`` on."""
    try:
        opened = care.open_stream(doors().care, visitor, request.headers.get("Last-Event-ID", ""))
    except TooMany:
        raise Refused(care.Refusal.too_many, retry_after=15) from None
    except Gone:
        raise Refused(care.Refusal.away, retry_after=2) from None
    if opened is None:
        raise Refused(care.Refusal.nothing)
    answer = Response(write_stream(opened), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(opened.close)
    return answer
