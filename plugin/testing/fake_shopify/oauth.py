"""``/admin/oauth/…``: tokens for session tokens, for refresh tokens and for codes.

Forms as Shopify's packages ask and read them (shopifyapp 1.0.2, @shopify/shopify-api 15.0.0, ShopifyAPI 12.7.0); the
names of the errors are the ones those packages know.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from plugin.testing.fake_shopify.identity import read_jwt, sign_grant
from plugin.testing.fake_shopify.nouns import Body
from plugin.testing.fake_shopify.tokens import Token

if TYPE_CHECKING:
    from plugin.testing.fake_shopify.platform import FakeShopify
    from plugin.testing.fake_shopify.shop import FakeShop

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105
OFFLINE, ONLINE = (f"urn:shopify:params:oauth:token-type:{kind}-access-token" for kind in ("offline", "online"))
LEEWAY = 10
ONLINE_LIFE = 86_399


class OAuthError(Exception):
    """The answer is this error, with status 400 or what is given."""

    def __init__(self, code: str, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.body: Body = {"error": code, "error_description": words}
        self.status = status


class OAuth:
    """The doors where tokens are given. `secrets_seen` holds whichever client secrets were ever sent."""

    def __init__(self, platform: FakeShopify) -> None:
        self.platform = platform
        self.secrets_seen: set[str] = set()

    def give_token(self, shop: FakeShop, given: Mapping[str, Any]) -> Body:
        """The answer to a POST of ``/admin/oauth/access_token``. Raises `OAuthError`."""
        app, kind = self.platform.app, given.get("grant_type")
        secret = str(given.get("client_secret") or "")
        self.secrets_seen.add(secret)
        if given.get("client_id") != app.client_id:
            raise OAuthError("application_cannot_be_found", "No application could be found with the given API key.")
        if not any(secrets.compare_digest(secret.encode(), one.encode()) for one in app.secrets):
            raise OAuthError("invalid_client", "Client authentication failed.")
        if kind == "refresh_token":
            return self.refresh(shop, str(given.get("refresh_token") or ""))
        if not shop.installed and kind == EXCHANGE:
            raise OAuthError("invalid_subject_token", "The app is not installed on this shop.")
        if kind == EXCHANGE:
            return self.exchange(shop, given)
        if kind in (None, "authorization_code"):
            return self.redeem(shop, str(given.get("code") or ""), expiring=is_true(given.get("expiring")))
        raise OAuthError("unsupported_grant_type", "The grant type is not supported.")

    def exchange(self, shop: FakeShop, given: Mapping[str, Any]) -> Body:
        claims = read_jwt(str(given.get("subject_token") or ""), self.platform.app)
        now = self.platform.now().timestamp()
        good = (
            given.get("subject_token_type") == ID_TOKEN
            and claims is not None
            and claims.get("aud") == self.platform.app.client_id
            and claims.get("dest") == f"https://{shop.domain}"
            and claims.get("iss") == f"https://{shop.domain}/admin"
            and isinstance(claims.get("exp"), int)
            and now <= claims["exp"] + LEEWAY
            and claims.get("nbf", 0) <= now + LEEWAY
        )
        if not good or claims is None:
            raise OAuthError(
                "invalid_subject_token", "Token exchange cannot be performed due to an invalid subject token."
            )
        wanted = given.get("requested_token_type")
        if wanted == ONLINE:
            return self.write(shop, shop.tokens.give(user=self.read_user(shop, str(claims.get("sub")))))
        if wanted != OFFLINE:
            raise OAuthError("invalid_request", "The requested token type is not supported.")
        return self.write(shop, shop.tokens.give(expiring=is_true(given.get("expiring"))))

    def read_user(self, shop: FakeShop, sub: str) -> Body:
        """The member of staff behind a session token: 1 is the owner."""
        is_owner = sub == str(shop.owner["id"])
        plain = {
            "first_name": "Sara",
            "last_name": "Gil",
            "email": f"staff{sub}@{shop.domain.partition('.')[0]}.example",
        }
        return {
            **(shop.owner if is_owner else plain),
            "id": int(sub) if sub.isdigit() else 0,
            "email_verified": True,
            "account_owner": is_owner,
            "locale": shop.locale,
            "collaborator": False,
        }

    def refresh(self, shop: FakeShop, word: str) -> Body:
        token = shop.tokens.refresh(word) if shop.installed else None
        if token is None:
            raise OAuthError("invalid_grant", "The refresh token is invalid, expired or was revoked.")
        return self.write(shop, token)

    def redeem(self, shop: FakeShop, code: str, *, expiring: bool) -> Body:
        """A code is good once."""
        scopes = shop.tokens.codes.pop(code, None)
        if scopes is None:
            raise OAuthError("invalid_request", "The authorization code was not found or was already used")
        shop.install(scopes)
        return self.write(shop, shop.tokens.give(expiring=expiring))

    def write(self, shop: FakeShop, token: Token) -> Body:
        body: Body = {"access_token": token.access, "scope": ",".join(token.scopes)}
        now = self.platform.now()
        if token.user is not None:
            return body | {
                "expires_in": ONLINE_LIFE,
                "associated_user_scope": ",".join(token.scopes),
                "associated_user": token.user,
            }
        if token.expires_at is not None and token.refresh_expires_at is not None:
            body |= {
                "expires_in": int((token.expires_at - now).total_seconds()),
                "refresh_token": token.refresh,
                "refresh_token_expires_in": int((token.refresh_expires_at - now).total_seconds()),
            }
        return body

    def ask_merchant(self, shop: FakeShop, query: Mapping[str, str]) -> str:
        """The page of ``/admin/oauth/authorize``: HTML with a form that approves. Raises `OAuthError`."""
        self.check_wish(query)
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{escape(query.get(name, ""))}">'
            for name in ("client_id", "scope", "redirect_uri", "state")
        )
        scopes = "".join(f"<li>{escape(scope)}</li>" for scope in query.get("scope", "").split(",") if scope)
        return (
            f"<h1>Install the app on {escape(shop.name)}?</h1><ul>{scopes}</ul>"
            f'<form method="post"><button>Install app</button>{hidden}</form>'
        )

    def check_wish(self, query: Mapping[str, str]) -> None:
        if query.get("client_id") != self.platform.app.client_id:
            raise OAuthError("application_cannot_be_found", "No application could be found with the given API key.")
        back, home = urlsplit(query.get("redirect_uri", "")), urlsplit(self.platform.app.origin)
        if (back.scheme, back.netloc) != (home.scheme, home.netloc):
            raise OAuthError("invalid_request", "The redirect_uri is not whitelisted")

    def approve(self, shop: FakeShop, query: Mapping[str, str]) -> str:
        """Where the merchant's browser goes on with the signed code. Raises `OAuthError`."""
        self.check_wish(query)
        code = secrets.token_hex(16)
        shop.tokens.codes[code] = tuple(filter(None, query.get("scope", "").split(","))) or self.platform.app.scopes
        back = {
            "code": code,
            "host": "",
            "shop": shop.domain,
            "state": query.get("state", ""),
            "timestamp": str(int(self.platform.clock.now().timestamp())),
        }
        back = {name: value for name, value in back.items() if value}
        mark = "&" if "?" in query["redirect_uri"] else "?"
        return f"{query['redirect_uri']}{mark}{urlencode(sign_grant(back, self.platform.app.client_secret))}"


def is_true(value: object) -> bool:
    return value in (1, "1", True, "true")
