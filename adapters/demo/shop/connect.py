"""The page where the shop's merchant lets Mostrador in, and sends them back with a one-time code."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from adapters.demo.shop.admin import is_admin, sign_in
from adapters.demo.shop.pages import set_policy, show, the_shop
from adapters.demo.shop.shop import read_origin

connect = Blueprint("connect", __name__)


@connect.get("/connect")
def ask() -> Response:
    state, callback = request.args.get("state", ""), request.args.get("callback", "")
    return _ask(state, callback)


@connect.post("/connect")
def agree() -> AnyResponse:
    """The merchant agrees: signed in, with the token typed in, or as a program with a bearer token."""
    state, callback = request.form.get("state", ""), request.form.get("callback", "")
    typed = request.form.get("token", "")
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if typed and the_shop().is_token(typed):
        sign_in()
    elif not is_admin() and not the_shop().is_token(bearer):
        return _ask(state, callback, status=403)
    if not state or read_origin(callback) is None:
        return _ask(state, callback)
    parts = urlsplit(callback)
    query = "&".join(filter(None, (parts.query, urlencode({"state": state, "code": the_shop().make_code()}))))
    return redirect(urlunsplit(parts._replace(query=query, fragment="")), 303)


def _ask(state: str, callback: str, status: int = 200) -> Response:
    origin = read_origin(callback) if state else None
    page = show(
        "connect.html",
        state=state,
        callback=callback,
        where=origin and urlsplit(origin).netloc,
        known=is_admin(),
        status=status if origin else 400,
    )
    if origin:
        # Browsers apply form-action to the redirect that follows the form, too.
        set_policy(page, None, form_targets=(origin,))
    return page
