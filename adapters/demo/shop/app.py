"""Puts the shop's pages together: paths by language, the rules of the browser, the words of templates."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, jsonify, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from adapters.demo.shop import cart, pages
from adapters.demo.shop.admin import admin
from adapters.demo.shop.api import api
from adapters.demo.shop.checkout import checkout
from adapters.demo.shop.connect import connect
from adapters.demo.shop.order_pages import orders
from adapters.demo.shop.products import CURRENCIES, NAME
from adapters.demo.shop.shop import Shop
from adapters.demo.shop.storefront import storefront
from adapters.demo.shop.words import LANGUAGES, LOCALES, say_date, say_time

LARGEST_BODY = 256 * 1024


def create_app(shop: Shop) -> Flask:
    """The WSGI app of one shop; `shop.origin` must be known before the first request."""
    app = Flask(__name__)
    app.extensions["shop"] = shop
    app.secret_key = shop.secret_key
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        # Cookies are shared by all ports of a host: each shop needs a name of its own.
        SESSION_COOKIE_NAME=f"barro_y_sol_{urlsplit(shop.origin).port or 0}",
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.before_request(pages.keep_out_strangers)
    app.after_request(pages.harden)
    app.url_value_preprocessor(_take_locale)
    app.url_defaults(_give_locale)
    app.context_processor(_give_words)
    for part in (storefront, checkout, orders):
        app.register_blueprint(part, url_prefix=f"/<any({', '.join(LOCALES)}):locale>{part.url_prefix or ''}")
    for part in (api, admin, connect):
        app.register_blueprint(part)
    app.add_url_rule("/", "front", _front)
    app.add_url_rule("/favicon.ico", "favicon", _favicon)
    app.register_error_handler(HTTPException, _show_error)
    return app


def _take_locale(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "locale" in values:
        g.locale = values.pop("locale")


def _give_locale(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint.partition(".")[0] in ("storefront", "checkout", "orders"):
        values.setdefault("locale", pages.locale())


def _give_words() -> dict[str, Any]:
    return {
        "t": pages.words,
        "money": pages.money,
        "locale": pages.locale(),
        "shop_name": NAME,
        "currency": pages.currency(),
        "currencies": CURRENCIES,
        "languages": LANGUAGES,
        "pieces": cart.count_pieces(),
        "here": _in_language,
        "when": lambda moment: say_time(pages.locale(), moment),
        "day": lambda moment: say_date(pages.locale(), moment.date()),
    }


def _in_language(language: str) -> str:
    """This very page in another language; the front page when it cannot be asked for by a link."""
    if request.method != "GET" or "." not in (request.endpoint or "") or not g.get("locale"):
        return url_for("storefront.catalogue", locale=language)
    kept = {key: value for key, value in request.args.items() if key == "order"}
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **kept, "locale": language})


def _front() -> AnyResponse:
    return redirect(url_for("storefront.catalogue"), 302)


def _favicon() -> AnyResponse:
    return redirect(url_for("static", filename="pictures/sun.svg"), 302)


def _show_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400 or error.code in (421,):
        return error
    if request.path.startswith("/api/"):
        page = jsonify(error=error.description)
        page.status_code = error.code
        return page
    return pages.show("missing.html", status=error.code)
