"""The one table from errors to HTTP answers."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from plugin.web.desk_frame import answer_unknown
from plugin.web.shopper_pages import show_missing

log = logging.getLogger("mostrador.web")


def install_errors(app: Flask) -> None:
    """Every error gets a plain answer; none shows its insides."""

    @app.errorhandler(DataError)
    def no_such_value(error: DataError) -> Response:
        # Without the error itself: it repeats what was asked for.
        log.warning("%s was asked for what no column holds.", request.endpoint)
        return _say(404, "There is nothing here. Please check the address.")

    @app.errorhandler(SQLAlchemyError)
    def database_is_away(error: SQLAlchemyError) -> Response:
        log.error("The database did not answer.", exc_info=error)
        return _say(503, "Something here is not ready. Please try again in a moment.")

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response | HTTPException:
        if isinstance(error, HTTPException):
            return answer_person(error)
        log.error("An unexpected error while answering %s.", request.endpoint, exc_info=error)
        return _say(500, "Something went wrong here. It has been written down; please try again.")


def answer_person(error: HTTPException) -> Response | HTTPException:
    """What no view answers. Whoever asks for a page that is not there gets one that says so: below ``/desk/`` the
    desk's. Everything else stays the plain error."""
    if error.code not in (404, 405):
        return error
    if request.path.startswith("/desk/"):
        return answer_unknown()
    if "text/html" not in request.headers.get("Accept", ""):
        return error
    page = show_missing("page")
    page.status_code = error.code
    if isinstance(error, MethodNotAllowed):
        page.headers["Allow"] = ", ".join(error.valid_methods or ())
    return page


def _say(status: int, words: str) -> Response:
    answer = Response(words + "\n", status, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer
