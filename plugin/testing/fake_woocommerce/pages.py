"""Pages of HTML, plain and escaped, and who is signed in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from plugin.testing.fake_woocommerce.nouns import User

if TYPE_CHECKING:
    from plugin.testing.fake_woocommerce.shop import FakeShop

COOKIE = "wordpress_logged_in"
STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2327}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.3rem;text-align:left}
form{display:inline}nav a{margin-right:1rem}button,input,select{font:inherit}footer{margin-top:3rem;color:#666}"""


def page(title: str, body: str, status: int = 200, foot: str = "") -> Response:
    """`body` and `foot` are HTML; `title` is text."""
    html = (
        f'<!doctype html><html lang="es"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body>{body}{foot}</body></html>"
    )
    return Response(html, status, content_type="text/html; charset=UTF-8")


def go(address: str, status: int = 302) -> Response:
    return Response("", status, {"Location": address})


def field(name: str, value: str = "", kind: str = "text", label: str = "") -> str:
    control = f'<input type="{kind}" name="{escape(name)}" id="{escape(name)}" value="{escape(value)}">'
    return (
        control
        if kind == "hidden"
        else f'<p><label for="{escape(name)}">{escape(label or name)}</label> {control}</p>'
    )


def form(action: str, inside: str, button: str, method: str = "post", target: str = "") -> str:
    where = f' target="{escape(target)}"' if target else ""
    return (
        f'<form method="{method}" action="{escape(action)}"{where}>{inside}'
        f"<button>{escape(button)}</button></form>"
    )


def hidden(values: Mapping[str, str]) -> str:
    return "".join(field(name, value, "hidden") for name, value in values.items())


class Sessions:
    """Browser cookies → people of the shop."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop
        self.known: dict[str, int] = {}

    def find(self, request: Request) -> User | None:
        return self.shop.users.get(self.known.get(request.cookies.get(COOKIE, ""), 0))

    def sign_in(self, request: Request, answer: Response) -> User | None:
        """Reads the login form; on success the answer carries the cookie."""
        login, password = request.form.get("log", ""), request.form.get("pwd", "")
        for user in self.shop.users.values():
            if login in (user.login, user.email) and password == user.password:
                token = secrets.token_urlsafe(16)
                self.known[token] = user.id
                answer.set_cookie(COOKIE, token, httponly=True, samesite="Lax")
                return user
        return None
