"""What Shopify's own hand writes, for tests: session tokens, signed queries, answers of the token address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from adapters.shopify.proxy import sign_query
from adapters.shopify.settings import App, read_identity
from plugin.contract import Answer, Store
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import RecordingHttp, SentRequest, make_answer, make_store

CLIENT_ID = "0123456789abcdef0123456789abcdef"
SECRET = "shpss_new_0123456789abcdef0123456789"
OLD_SECRET = "shpss_old_fedcba9876543210fedcba98765"
VALUES = {"CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": SECRET, "OLD_CLIENT_SECRET": OLD_SECRET}
IDENTITY = read_identity(VALUES)
CUSTOM = read_identity({**VALUES, "DISTRIBUTION": "custom"})
SHOP = "flores-del-valle.myshopify.com"
OTHER_SHOP = "cafe-de-la-esquina.myshopify.com"
CLOCK = FrozenClock()
NOW = int(CLOCK.now().timestamp())


def make_app(http: RecordingHttp | None = None, **values: str) -> App:
    return App(read_identity({**VALUES, **values}), http or RecordingHttp(), CLOCK)


def make_shop(shop: str = SHOP, **changes: Any) -> Store:
    given: dict[str, Any] = {
        "public_id": f"st_{shop[:4]}", "domain": shop, "webhook_secret": f"{shop}-webhook-secret-of-this-store",
        "credentials": {"access_token": f"shpat_{shop[:4]}", "refresh_token": f"shprt_{shop[:4]}"},
    }  # fmt: skip
    return make_store("shopify", **given | changes)


def pack(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def sign_jwt(claims: Mapping[str, Any], secret: str = SECRET, header: Mapping[str, Any] | None = None) -> str:
    """A token as Shopify signs it; `header` and `secret` for those it does not."""
    head = pack(json.dumps({"alg": "HS256", "typ": "JWT"} if header is None else dict(header)).encode())
    body = pack(json.dumps(dict(claims)).encode())
    seal = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{pack(seal)}"


def admin_claims(shop: str = SHOP, **changes: Any) -> dict[str, Any]:
    return {
        "iss": f"https://{shop}/admin", "dest": f"https://{shop}", "aud": CLIENT_ID, "sub": "42", "sid": "s-1",
        "exp": NOW + 60, "nbf": NOW, "iat": NOW, "jti": "f8912129-1af6-4cad-9ca3-76b0f7621087",
    } | changes  # fmt: skip


def shopper_claims(shop: str = SHOP, **changes: Any) -> dict[str, Any]:
    return {"dest": shop, "aud": CLIENT_ID, "exp": NOW + 300, "nbf": NOW, "iat": NOW, "jti": "j-1"} | changes


def without(claims: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name not in names}


def make_proxy_query(
    shop: str = SHOP, customer: str = "", secret: str = SECRET, **changes: str
) -> dict[str, str]:
    query = {
        "shop": shop, "logged_in_customer_id": customer, "path_prefix": "/apps/mostrador", "timestamp": str(NOW),
    } | changes  # fmt: skip
    return {**query, "signature": sign_query(query, secret)}


def make_callback(shop: str = SHOP, secret: str = SECRET, **changes: str) -> dict[str, str]:
    """The query of the way back from a code grant, signed as Shopify's documented example is."""
    query = {
        "code": "c0de",
        "shop": shop,
        "state": "st4te",
        "timestamp": str(NOW),
        "host": "YWRtaW4",
    } | changes
    text = "&".join(f"{name}={query[name]}" for name in sorted(query))
    return {**query, "hmac": hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()}


def make_tokens(mark: str = "1", **changes: Any) -> Answer:
    """A good answer of the token address."""
    said: dict[str, Any] = {
        "access_token": f"shpat_{mark}", "scope": "read_orders,write_orders", "expires_in": 3600,
        "refresh_token": f"shprt_{mark}", "refresh_token_expires_in": 7_776_000,
    }  # fmt: skip
    return make_answer(
        json_body={name: value for name, value in (said | changes).items() if value is not None}
    )


def find_host(sent: SentRequest) -> str:
    return sent.url.split("/")[2]


def make_facts(
    shop: str = SHOP, name: str = "Flores del Valle", host: str = "www.floresdelvalle.co"
) -> Answer:
    """What the shop says of itself, of the fields that the question ``shop_facts`` names."""
    said = {
        "id": "gid://shopify/Shop/1", "name": name, "email": "olga@example.com", "contactEmail": "hola@example.com",
        "shopOwnerName": "Olga", "myshopifyDomain": shop, "ianaTimezone": "America/Bogota", "currencyCode": "COP",
        "enabledPresentmentCurrencies": ["COP"], "shipsToCountries": ["CO"], "taxesIncluded": True,
        "plan": {"publicDisplayName": "Basic", "shopifyPlus": False, "partnerDevelopment": False},
        "primaryDomain": {"host": host, "sslEnabled": True,
                          "localization": {"defaultLocale": "es", "alternateLocales": []}},
        "customerAccountsV2": {"customerAccountsVersion": "NEW_CUSTOMER_ACCOUNTS", "loginRequiredAtCheckout": False},
        "domains": [{"host": host, "sslEnabled": True}],
    }  # fmt: skip
    return make_answer(json_body={"data": {"shop": said}})


def make_keys(
    order: str = "5001", customer: str = "7001", checkout: str | None = "tok-1", number: str | None = "XPAV284CT",
    age: timedelta = timedelta(minutes=1),
) -> Answer:  # fmt: skip
    said = {"id": f"gid://shopify/Order/{order}", "confirmationNumber": number, "checkoutToken": checkout,
            "createdAt": (CLOCK.now() - age).isoformat(),
            "customer": {"id": f"gid://shopify/Customer/{customer}"} if customer else None}  # fmt: skip
    return make_answer(json_body={"data": {"order": said if order else None}})


def answer_as_shopify(sent: SentRequest) -> Answer:
    """Every address of a shop's admin that is asked in these tests; the tokens bear the shop's first letters."""
    shop = find_host(sent)
    if sent.url.endswith("/admin/oauth/access_token"):
        user = {"id": 42, "first_name": "Olga", "last_name": "Gómez", "email": "olga@example.com",
                "email_verified": True, "account_owner": True}  # fmt: skip
        online = "online" in str(sent.json().get("requested_token_type", ""))
        return make_tokens(shop[:4], associated_user=user if online else None)
    return make_keys() if "OrderKeys" in sent.json()["query"] else make_facts(shop)
