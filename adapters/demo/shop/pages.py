"""What every page of the shop shares: its frame, its widget tag, and the rules it gives the browser."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, make_response, render_template, request, session

from adapters.demo.shop.products import CURRENCIES
from adapters.demo.shop.shop import Shop, read_origin
from adapters.demo.shop.words import LOCALES, say, say_money

Page = Response | tuple[Response, int]


def the_shop() -> Shop:
    """The shop this process is."""
    return cast(Shop, current_app.extensions["shop"])


def locale() -> str:
    """The page's language: from its path, else what the browser asks for."""
    found = g.get("locale") or request.accept_languages.best_match(LOCALES, "es")
    return str(found)


def currency() -> str:
    """What prices are shown in."""
    chosen = session.get("currency")
    return chosen if chosen in CURRENCIES else "EUR"


def show(
    template: str, *, steps: Sequence[str] = (), proof: str = "", status: int = 200, **values: Any
) -> Response:
    """A page. With `steps` it is a page of the purchase and carries the widget."""
    connection = the_shop().connection
    tag = None
    if connection and steps:
        tag = {**connection["widget"], "steps": ",".join(steps), "proof": proof}
    page = make_response(render_template(template, widget=tag, **values), status)
    set_policy(page, connection["widget"] if connection and tag else None)
    return page


def set_policy(page: Response, widget: dict[str, str] | None, form_targets: Sequence[str] = ()) -> None:
    """The strictest policy the page can live with: scripts only from the widget's origin."""
    script = connect = "'none'"
    if widget:
        script = str(read_origin(widget["loader"]))
        connect = " ".join(dict.fromkeys((script, str(read_origin(widget["api"])))))
    page.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'",
            f"script-src {script}",
            f"connect-src {connect}",
            "style-src 'self'",
            "img-src 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            " ".join(("form-action 'self'", *form_targets)),
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def keep_out_strangers() -> None:
    """Only this machine's own names, and no form of another page."""
    if request.host not in _own_hosts():
        abort(421)
    if request.method in ("GET", "HEAD", "OPTIONS") or request.path.startswith("/api/"):
        return
    # Browsers always name the origin of a POST; programs with no cookie of ours need not.
    sender = request.headers.get("Origin")
    if sender is not None and (urlsplit(sender).netloc not in _own_hosts() or request.host not in sender):
        abort(403)


def _own_hosts() -> tuple[str, ...]:
    port = urlsplit(the_shop().origin).port
    return f"127.0.0.1:{port}", f"localhost:{port}"


def harden(page: Response) -> Response:
    """Headers for everything this process answers."""
    page.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    page.headers["X-Content-Type-Options"] = "nosniff"
    page.headers["Referrer-Policy"] = "same-origin"
    page.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if not request.path.startswith("/static/"):
        # Not `no-store`: that would forbid the back-forward cache, and with it a quick way back.
        page.headers["Cache-Control"] = "private, no-cache"
    return page


def money(amount: Decimal | str, unit: str | None = None) -> str:
    """An amount in the reader's writing, in the page's currency unless told."""
    return say_money(locale(), amount, unit or currency())


def words(key: str, /, **values: object) -> str:
    """The words for a key in the page's language."""
    return say(locale(), key, **values)
