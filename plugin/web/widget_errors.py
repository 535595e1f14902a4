"""How the widget API refuses: a status, and one sentence in the shopper's language."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, g, jsonify, request
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, ServiceUnavailable

from plugin.care import Refusal, refusal_words
from plugin.language import pick_locale

log = logging.getLogger("mostrador.web.widget")

MOST_ERRORS = 10
STATUS = {
    Refusal.unreadable: 422,
    Refusal.length: 422,
    Refusal.not_open: 401,
    Refusal.foreign: 403,
    Refusal.nothing: 404,
    Refusal.too_large: 413,
    Refusal.too_many: 429,
    Refusal.too_many_looks: 429,
    Refusal.too_many_forms: 429,
    Refusal.wrong_code: 422,
    Refusal.dead_code: 422,
    Refusal.no_address: 422,
    Refusal.other_consent: 422,
    Refusal.nothing_to_rate: 409,
    Refusal.store_away: 503,
    Refusal.away: 503,
    Refusal.broken: 500,
}
_BY_CODE = {
    400: Refusal.unreadable,
    401: Refusal.not_open,
    404: Refusal.nothing,
    405: Refusal.nothing,
    413: Refusal.too_large,
    422: Refusal.unreadable,
    503: Refusal.away,
}
_NAMES = {413: "Content Too Large", 422: "Unprocessable Content"}


class Refused(HTTPException):
    """A refusal with a reason of its own. `retry_after` in seconds; `left`: how many tries are left; `field`: of the
    body, the one at fault."""

    def __init__(
        self, refusal: Refusal, retry_after: int | None = None, left: int | None = None, field: str = ""
    ) -> None:
        super().__init__(description=refusal.value)
        self.code = STATUS[refusal]
        self.refusal = refusal
        self.retry_after = retry_after
        self.left = left
        self.data = {"messages": {"json": {field: [refusal.value]}}} if field else None


def page_locale() -> str:
    """The reader's locale: what the page says, else the browser, else the store."""
    browser = [value for value, _ in request.accept_languages]
    store = g.get("widget_store")
    body, asked = g.get("widget_body_locale"), request.args.get("locale")
    return pick_locale(body, asked, *browser, store.locale if store else None)


def answer_any(error: Exception) -> Response:
    """Any error of a view, known or not; none shows its insides."""
    if isinstance(error, HTTPException):
        return answer_error(error)
    if isinstance(error, DataError):
        log.warning("%s was asked for what no column holds.", request.endpoint)
        return answer_error(NotFound())
    if isinstance(error, SQLAlchemyError):
        log.error("The database did not answer.", exc_info=error)
        return answer_error(ServiceUnavailable())
    log.error("An unexpected error while answering %s.", request.endpoint, exc_info=error)
    return answer_error(InternalServerError())


def answer_error(error: HTTPException) -> Response:
    """``{"code", "status", "message"}``; for developers `errors` says which field was wrong."""
    code = error.code or 500
    details = (getattr(error, "data", None) or {}).get("messages")
    refusal = error.refusal if isinstance(error, Refused) else _BY_CODE.get(code, Refusal.broken)
    if isinstance(details, dict) and "text" in (details.get("json") or {}) and g.get("widget_text_came"):
        refusal = Refusal.length
    name = _NAMES.get(code, error.name)
    payload: dict[str, Any] = {
        "code": code,
        "status": name,
        "message": refusal_words(refusal, page_locale()),
    }
    if isinstance(error, Refused) and error.left is not None:
        payload["left"] = error.left
    if isinstance(details, dict):
        payload["errors"] = _cut(details)
    answer: Response = jsonify(payload)
    answer.status_code = code
    if isinstance(error, Refused) and error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    if code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if code == 405:
        answer.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return answer


def _cut(details: Any, depth: int = 0) -> Any:
    """What the schema says, shortened: names of unknown fields come from the outside."""
    if isinstance(details, dict) and depth < 4:
        pairs = list(details.items())[:MOST_ERRORS]
        return {_plain(key, 60): _cut(value, depth + 1) for key, value in pairs}
    if isinstance(details, list):
        return [_plain(one, 200) for one in details[:MOST_ERRORS]]
    return _plain(details, 200)


def _plain(value: Any, most: int) -> str:
    return str(value).encode("utf-8", "replace").decode()[:most]
