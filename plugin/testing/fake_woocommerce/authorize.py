"""``/wc-auth/v1/``: the page on which a merchant gives an app its keys, and the shop's post of them."""

from __future__ import annotations

import secrets
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Request, Response

from plugin.testing.fake_woocommerce.bodies import WORDPRESS, write_json
from plugin.testing.fake_woocommerce.nouns import User
from plugin.testing.fake_woocommerce.pages import Sessions, field, form, go, hidden, page
from plugin.testing.fake_woocommerce.webhooks import is_public, post

if TYPE_CHECKING:
    from plugin.testing.fake_woocommerce.shop import FakeShop

NEEDED = ("app_name", "user_id", "return_url", "callback_url", "scope")
SCOPES = {"read": "Read", "write": "Write", "read_write": "Read/Write"}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
NOT_SENT = "An error occurred in the request and at the time were unable to send the consumer data"


class AuthError(Exception):
    """A 401 page with these words."""


class Authorize:
    """The grant's pages. A nonce may be used twice: pressing Approve again posts a second pair of keys."""

    def __init__(self, shop: FakeShop, sessions: Sessions) -> None:
        self.shop, self.sessions = shop, sessions
        self.nonces: set[str] = set()

    def answer(self, request: Request, step: str) -> Response:
        try:
            values = self.read_wish(request)
            user = self.sessions.find(request)
            if step == "login":
                return self.log_in(request, values)
            if user is None:
                return go(f"{self.shop.home}/wc-auth/v1/login/?{urlencode(values)}")
            if not user.manages:
                raise AuthError("You do not have permission to access this page")
            if step == "access_granted":
                return self.grant(request, values, user)
            return self.ask(values, user)
        except AuthError as error:
            return page("Application authentication request", f"<p>Error: {escape(str(error))}.</p>", 401)

    def read_wish(self, request: Request) -> dict[str, str]:
        values = {name: request.values.get(name, "") for name in NEEDED}
        for name, value in values.items():
            if not value:
                raise AuthError(f"Missing parameter {name}")
        if values["scope"] not in SCOPES:
            raise AuthError(f"Invalid scope {values['scope']}")
        for name in ("return_url", "callback_url"):
            values[name] = read_address(values[name])
        callback = urlsplit(values["callback_url"])
        at_home = self.shop.manners.plain_callbacks and callback.hostname in LOOPBACK
        if callback.scheme != "https" and not at_home:
            raise AuthError("The callback_url needs to be over SSL")
        return values

    def log_in(self, request: Request, values: dict[str, str]) -> Response:
        onwards = go(f"{self.shop.home}/wc-auth/v1/authorize?{urlencode(values)}")
        wrong = ""
        if request.method == "POST":
            if self.sessions.sign_in(request, onwards) is not None:
                return onwards
            wrong = '<p role="alert">Unknown user, or wrong password.</p>'
        inside = (
            hidden(values)
            + field("log", label="Username or email address")
            + field("pwd", "", "password", "Password")
        )
        words = (
            f"<h1>{escape(values['app_name'])} would like to connect to your store</h1>{wrong}"
            f"<p>Log in to your store to connect it (this fake: admin, password).</p>"
        )
        return page("Log in", words + form("/wc-auth/v1/login/", inside, "Login"))

    def ask(self, values: dict[str, str], user: User) -> Response:
        nonce = secrets.token_hex(5)
        self.nonces.add(nonce)
        grant = f"/wc-auth/v1/access_granted/?{urlencode({**values, 'wc_auth_nonce': nonce})}"
        host = urlsplit(values["callback_url"]).hostname or ""
        rights = (
            "Create webhooks",
            "View and manage coupons",
            "View and manage customers",
            "View and manage orders and sales reports",
            "View and manage products",
        )
        return page(
            "Application authentication request",
            f"<h1>{escape(values['app_name'])} would like to connect to your store</h1>"
            f"<p>This will give &quot;{escape(values['app_name'])}&quot; <strong>{SCOPES[values['scope']]}</strong> "
            f"access which will allow it to:</p><ul>{''.join(f'<li>{right}</li>' for right in rights)}</ul>"
            f"<p>Logged in as {escape(user.login)}.</p>"
            f"<p>Approving will share credentials with {escape(host)}. Do not proceed if this looks suspicious.</p>"
            f'<p><a class="wc-auth-approve" href="{escape(grant)}">Approve</a> '
            f'<a class="wc-auth-deny" href="{escape(come_back(values, 0))}">Deny</a></p>',
        )

    def grant(self, request: Request, values: dict[str, str], user: User) -> Response:
        """Posts the keys from the shop's server, and only then sends the browser back."""
        if request.args.get("wc_auth_nonce", "") not in self.nonces:
            raise AuthError("Invalid nonce verification")
        with self.shop.lock:
            words = f"{values['app_name']} - API ({self.shop.now():%Y-%m-%d %H:%M:%S})"
            key = self.shop.add_key(user.id, values["scope"], words)
        body = {
            "key_id": key.id,
            "user_id": values["user_id"],
            "consumer_key": key.consumer_key,
            "consumer_secret": key.consumer_secret,
            "key_permissions": key.permissions,
        }
        status = 0
        if not self.shop.manners.public_receivers_only or is_public(values["callback_url"]):
            headers = {
                "Content-Type": "application/json;charset=UTF-8",
                "User-Agent": f"WordPress/{WORDPRESS}; {self.shop.home}",
            }
            status = post(values["callback_url"], write_json(body), headers, self.shop.webhooks.patience)
        if status != 200:
            with self.shop.lock:
                self.shop.keys.remove(key)
            raise AuthError("A valid URL was not provided" if not status else NOT_SENT)
        return go(come_back(values, 1))


def read_address(text: str) -> str:
    """An address without a scheme is taken as https."""
    return text if "://" in text else f"https://{text}"


def come_back(values: dict[str, str], success: int) -> str:
    address = values["return_url"]
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}{urlencode({'success': success, 'user_id': values['user_id']})}"
