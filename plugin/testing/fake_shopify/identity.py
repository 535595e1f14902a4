"""What Shopify signs: session tokens, webhooks, queries of the grant, app-proxy queries.

Forms as in Shopify's packages shopifyapp 1.0.2 and @shopify/shopify-api 15.0.0 (2026-11).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from plugin.testing.fake_shopify.nouns import App

LIVES = {"admin": timedelta(minutes=1), "checkout": timedelta(minutes=5), "customer-account": timedelta(minutes=5)}


def write_segment(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def write_jwt(claims: Mapping[str, Any], secret: str) -> str:
    """A JWT with HS256."""
    signed = f"{write_segment({'alg': 'HS256', 'typ': 'JWT'})}.{write_segment(dict(claims))}"
    return f"{signed}.{write_segment(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def mint_id_token(
    app: App,
    shop: str,
    now: datetime,
    kind: str = "admin",
    sub: str = "",
    secret: str = "",
    **claims: Any,
) -> str:
    """A session token. `kind`: admin (`sub`: the staff member), checkout or customer-account (`sub`: the customer's
    GID, left out for guests). Extra `claims` replace or, as None, take away."""
    stamp = int(now.timestamp())
    is_admin = kind == "admin"
    given: dict[str, Any] = {
        "dest": f"https://{shop}" if is_admin else shop,
        "aud": app.client_id,
        "exp": stamp + int(LIVES[kind].total_seconds()),
        "nbf": stamp,
        "iat": stamp,
        "jti": secrets.token_hex(16),
    }
    if is_admin:
        given |= {"iss": f"https://{shop}/admin", "sid": secrets.token_hex(32), "sub": sub or "1"}
    elif sub:
        given["sub"] = sub
    given = {name: value for name, value in (given | claims).items() if value is not None}
    return write_jwt(given, secret or app.client_secret)


def read_jwt(token: str, app: App) -> dict[str, Any] | None:
    """The claims of a token that one of the app's secrets signed with HS256; None for anything else."""
    signed, _, seal = token.rpartition(".")
    head, _, middle = signed.partition(".")
    try:
        kind, claims = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in (head, middle))
    except (ValueError, UnicodeError):
        return None
    if not isinstance(kind, dict) or kind.get("alg") != "HS256" or not isinstance(claims, dict):
        return None
    for secret in app.secrets:
        made = write_segment(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())
        if hmac.compare_digest(made.encode(), seal.encode()):
            return claims
    return None


def sign_webhook(body: bytes, secret: str) -> str:
    """base64 of HMAC-SHA256 over exactly these bytes."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def sign_grant(query: Mapping[str, str], secret: str) -> dict[str, str]:
    """The query of the authorization-code grant with its `hmac` (hex, over the sorted query without it)."""
    words = urlencode(sorted((name, value) for name, value in query.items() if name != "hmac"))
    return {**query, "hmac": hmac.new(secret.encode(), words.encode(), hashlib.sha256).hexdigest()}


def sign_proxy(query: Mapping[str, str | list[str]], secret: str) -> dict[str, str | list[str]]:
    """The query of an app proxy with its `signature`: sorted pairs, nothing between them, lists joined by commas."""
    pairs = [
        f"{name}={value if isinstance(value, str) else ','.join(value)}"
        for name, value in sorted(query.items())
        if name != "signature"
    ]
    made = hmac.new(secret.encode(), "".join(pairs).encode(), hashlib.sha256).hexdigest()
    return {**query, "signature": made}
