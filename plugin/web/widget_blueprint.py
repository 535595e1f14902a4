"""The blueprint of the widget API, and what its views share: strict reading, the store, the reader's language."""

# flask-smorest has no types: its classes cannot be checked, what they wrap is.

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from flask import Request, Response, g, jsonify, request
from flask_smorest import Api, Blueprint
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, HTTPException

from plugin import care, help
from plugin.care import ConversationRow, MessageRow
from plugin.contract import Step
from plugin.language import pick_locale
from plugin.orders import OrderView
from plugin.stores import StoreRow
from plugin.web import widget_schemas as shapes
from plugin.web.boot_route import greet_owner
from plugin.web.doors import doors
from plugin.web.errors import answer_person
from plugin.web.widget_errors import answer_any, answer_error
from plugin.web.widget_guard import ROOT, allow_origin, check_request

PUBLIC_SECONDS = 60
STEPS = frozenset(step.value for step in Step)


class StrictParser(FlaskParser):
    """Whatever is not JSON that can be read is refused, also where Python's parser gives up by itself."""

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        if not req.is_json:
            return ma.missing
        try:
            read = json.loads(req.get_data())
        except (ValueError, RecursionError):
            raise BadRequest("The body is not JSON.") from None
        if isinstance(read, dict):
            g.widget_text_came = "text" in read
            if isinstance(read.get("locale"), str):
                g.widget_body_locale = read["locale"][:35]
        return read


class WidgetBlueprint(Blueprint):  # type: ignore[misc]
    ARGUMENTS_PARSER = StrictParser(unknown=ma.RAISE)


class WidgetApi(Api):  # type: ignore[misc]
    """Speaks JSON about errors below its own root only; pages keep theirs."""

    ERROR_SCHEMA = shapes.Error

    def handle_http_exception(self, error: HTTPException) -> Any:
        if not request.path.startswith(ROOT + "/"):
            return answer_person(error)
        return allow_origin(answer_error(error))


widget_api = WidgetBlueprint("widget", __name__, url_prefix=ROOT, description="The widget on a shop's pages")
widget_api.before_request(check_request)
widget_api.after_request(allow_origin)
widget_api.register_error_handler(Exception, answer_any)


def here() -> StoreRow:
    """The store of this request."""
    found: StoreRow = g.widget_store
    return found


def read_locale(asked: str | None) -> str:
    """The page's locale, the store's where we have no words for it."""
    return pick_locale(asked, here().locale)


def public(payload: dict[str, Any], schema: ma.Schema) -> Response:
    """An answer that is the same for everybody: caches may keep it for a minute."""
    answer: Response = jsonify(schema.dump(payload))
    answer.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def show_link(link: help.Link) -> dict[str, str]:
    return {"article_id": link.article_id, "title": link.title, "section": link.section}


def show_talk(row: ConversationRow, messages: Iterable[MessageRow] = ()) -> dict[str, Any]:
    """A conversation as its shopper sees it, with what was added to it."""
    return {
        "conversation": care.show_conversation(row),
        "messages": [care.show_message(message) for message in messages],
    }


def show_proven(
    view: OrderView, asked: str | None, steps: Iterable[str] = ("order_status",)
) -> dict[str, Any]:
    """An order to its shopper, with what helps them now. Without `asked` in the language it was placed in."""
    row, locale = here(), pick_locale(asked, view.row.locale, here().locale)
    phase = care.find_phase(steps, False, view, doors().clock.now())
    names = [line.name for line in view.order.lines]
    links = help.links_for_steps(row, tuple(steps), locale, phase=phase, products=names)
    return {
        "order": care.show_order(view, locale), "links": [show_link(link) for link in links], "phase": phase,
        "greeting": greet_owner(row, phase, locale),
    }  # fmt: skip
