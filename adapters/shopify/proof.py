"""Who stands there: Shopify's session tokens (JWT), and the short proofs that we make of what they told us.

A session token is signed with the app's client secret (HS256) and names the shop in ``dest``; of the admin it also
carries ``iss``, ``sid`` and the member of staff in ``sub``; of checkout and customer accounts only, for a customer who
is signed in and whom the app may know, the customer's GID in ``sub``. A token without ``sub`` proves a shop and this
app, and no person. Sources: https://shopify.dev/docs/apps/build/authentication-authorization/session-tokens and the
types of `@shopify/ui-extensions` 2026.7.4 (2026-11-21). Shopify's own library lets a missing ``exp`` and any ``dest``
pass (`shopifyapp` 1.0.2); here both are wanted.

Our own proofs are ``order.<payload>.<seal>`` and ``customer.<payload>.<seal>``: base64url (no ``=``) of JSON
``{"s": store, "o" or "c": id, "e": expires}``, sealed with a key that only this store has. They let the widget
speak for a shopper for a quarter of an hour, anywhere: a session token lives for five minutes, and only inside
Shopify's frames.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import jwt
import msgspec
from jwt.types import Options

from adapters.shopify.client import check_shop
from adapters.shopify.settings import AppIdentity
from adapters.shopify.values import read_gid, read_optional_id
from plugin.contract import (
    Merchant,
    PlatformRefused,
    Proof,
    Store,
    TrackingLink,
    Visitor,
    WebhookRejected,
    WebRequest,
)

ADMIN: Final = "admin"
SHOPPER: Final = "shopper"
"""`Claims.kind`: of the shop's admin, or of its checkout and customer accounts."""
LEEWAY = 10
"""Seconds that Shopify's clock and ours may differ; as in both of its libraries."""
LONGEST_TOKEN = 4096
MINTED_LIVES = timedelta(minutes=15)
JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
MINTED = re.compile(r"(order|customer)\.([A-Za-z0-9_-]+)\.([0-9a-f]{64})", re.ASCII)
SIGNATURE_ALONE: Final[Options] = {
    "verify_signature": True, "verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False,
    "verify_iss": False, "verify_sub": False, "verify_jti": False,
}  # fmt: skip
"""Times and the rest are judged here, by our clock and more strictly."""
NO_PROOF = "This is not a proof of a Shopify shop."
FORGED = "The token is not signed for this app."
OLD = "The token has expired."


@dataclass(frozen=True)
class Claims:
    """What a verified session token says. `sub`: the member of staff's number, the customer's number, or ''."""

    shop: str
    sub: str
    kind: str


class Minted(msgspec.Struct):
    """The payload of a proof of ours."""

    s: str
    e: int
    o: str = ""
    c: str = ""


def read_token(token: str, identity: AppIdentity, now: datetime) -> Claims:
    """The claims of a genuine session token for this app, good now. Raises `WebhookRejected`."""
    claims = check_signature(token, identity)
    check_times(claims, now)
    if not identity.client_id or claims.get("aud") != identity.client_id:
        raise WebhookRejected("The token is for another app.")
    shop = read_dest(claims.get("dest"))
    if "iss" not in claims:
        return Claims(shop=shop, sub=read_gid(claims.get("sub"), "Customer"), kind=SHOPPER)
    if not is_issuer(claims["iss"], shop):
        raise WebhookRejected("The token was issued by another shop.")
    staff = claims.get("sub")
    if not isinstance(staff, str) or not staff.isdecimal() or not read_optional_id(staff):
        raise WebhookRejected("The token names nobody of the shop's staff.")
    return Claims(shop=shop, sub=read_optional_id(staff), kind=ADMIN)


def read_bearer(request: WebRequest, identity: AppIdentity, now: datetime, kind: str) -> Claims:
    """The claims of the session token in ``Authorization``, of this kind. Raises `WebhookRejected`."""
    return read_kind(get_bearer(request), identity, now, kind)


def read_kind(token: str, identity: AppIdentity, now: datetime, kind: str) -> Claims:
    """As `read_token`, and of this kind: what proves a shopper's page proves nothing in the admin."""
    claims = read_token(token, identity, now)
    if claims.kind != kind:
        raise WebhookRejected("The token is of another place.")
    return claims


def get_bearer(request: WebRequest) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def check_signature(token: str, identity: AppIdentity) -> dict[str, Any]:
    """What the token says, once one of our secrets has signed exactly these letters."""
    if len(token) > LONGEST_TOKEN or not JWT.fullmatch(token) or not all(map(is_canonical, token.split("."))):
        raise WebhookRejected(NO_PROOF)
    for secret in identity.secrets:
        try:
            return dict(jwt.decode(token, secret, algorithms=["HS256"], options=SIGNATURE_ALONE))
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            continue
    raise WebhookRejected(FORGED)


def is_canonical(part: str) -> bool:
    """Whether there is no other spelling of the same bytes: one token is one text."""
    try:
        plain = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode("ascii") == part


def check_times(claims: Mapping[str, Any], now: datetime) -> None:
    """``exp`` must be there; ``nbf`` and ``iat`` count where they are. Raises `WebhookRejected`."""
    moment = now.timestamp()
    for name in ("exp", "nbf", "iat"):
        if name not in claims and name != "exp":
            continue
        value = claims.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise WebhookRejected("The token's times cannot be read.")
        if (value + LEEWAY <= moment) if name == "exp" else (value - LEEWAY > moment):
            raise WebhookRejected(OLD if name == "exp" else "The token is not good yet.")


def read_dest(dest: Any) -> str:
    """The shop in ``dest``: ``https://name.myshopify.com`` in the admin, bare elsewhere. Raises `WebhookRejected`."""
    try:
        return check_shop(dest.removeprefix("https://") if isinstance(dest, str) else "")
    except PlatformRefused:
        raise WebhookRejected("The token names no shop.") from None


def is_issuer(issuer: Any, shop: str) -> bool:
    """Whether the token was issued by the very shop that it is for: ``https://<shop>/admin``."""
    try:
        parts = urlsplit(issuer) if isinstance(issuer, str) else None
    except ValueError:
        return False
    return (
        parts is not None
        and parts.scheme == "https"
        and parts.netloc == shop
        and parts.path in ("", "/", "/admin")
    )


def read_proof(token: str) -> Proof:
    """Which store (a proof of ours) or shop (a session token) it claims to speak for. Raises `WebhookRejected`."""
    if MINTED.fullmatch(token) and len(token) <= LONGEST_TOKEN:
        return Proof(token=token, claimed_store=read_minted(token)[1].s)
    if len(token) > LONGEST_TOKEN or not JWT.fullmatch(token):
        raise WebhookRejected(NO_PROOF)
    try:
        claims = msgspec.json.decode(decode_part(token.split(".")[1]), type=dict[str, Any])
    except (msgspec.MsgspecError, binascii.Error, ValueError, RecursionError):
        raise WebhookRejected(NO_PROOF) from None
    return Proof(token=token, claimed_domain=read_dest(claims.get("dest")))


def verify_proof(
    proof: Proof, store: Store, identity: AppIdentity, now: datetime
) -> Visitor | Merchant | TrackingLink:
    """Who is proven. Raises `WebhookRejected` when forged, expired, of another store, or when it names nobody."""
    if MINTED.fullmatch(proof.token):
        return verify_minted(proof.token, store, now)
    claims = read_token(proof.token, identity, now)
    if claims.shop != store.domain.lower():
        raise WebhookRejected("The token speaks for another shop.")
    return name_proven(claims)


def name_proven(claims: Claims) -> Visitor | Merchant:
    """A session token tells no e-mail and not whether they own the shop: only an online token does."""
    if claims.kind == ADMIN:
        return Merchant(external_id=claims.sub, is_owner=False)
    if not claims.sub:
        raise WebhookRejected("The token names no customer.")
    return Visitor(customer_id=claims.sub)


def mint_proof(store: Store, now: datetime, order: str = "", customer: str = "") -> str:
    """A proof of ours for exactly one of both, good for a quarter of an hour; '' for a store that cannot seal."""
    key = derive_key(store)
    if not key or bool(order) == bool(customer):
        return ""
    purpose = "order" if order else "customer"
    said: dict[str, Any] = {"s": store.public_id, "e": int((now + MINTED_LIVES).timestamp())}
    said["o" if order else "c"] = order or customer
    packed = base64.urlsafe_b64encode(msgspec.json.encode(said)).rstrip(b"=").decode("ascii")
    return f"{purpose}.{packed}.{seal(purpose, packed, key)}"


def verify_minted(token: str, store: Store, now: datetime) -> Visitor:
    """Whom a proof of ours names. Raises `WebhookRejected`."""
    purpose, said = read_minted(token)
    _, packed, given = token.split(".")
    key = derive_key(store)
    if not key or not hmac.compare_digest(given, seal(purpose, packed, key)):
        raise WebhookRejected("The proof is not sealed for this store.")
    if said.s != store.public_id:
        raise WebhookRejected("The proof speaks for another store.")
    if said.e <= now.timestamp():
        raise WebhookRejected("The proof has expired; loading the page again makes a new one.")
    if said.e > (now + MINTED_LIVES).timestamp() + LEEWAY:
        raise WebhookRejected("The proof is valid for too long.")
    order, customer = read_optional_id(said.o), read_optional_id(said.c)
    if purpose == "order" and order:
        return Visitor(order_external_id=order)
    if purpose == "customer" and customer:
        return Visitor(customer_id=customer)
    raise WebhookRejected("The proof names nobody.")


def read_minted(token: str) -> tuple[str, Minted]:
    """(purpose, payload) of a proof of ours, believed in nothing."""
    match = MINTED.fullmatch(token) if len(token) <= LONGEST_TOKEN else None
    if match is None or not is_canonical(match[2]):
        raise WebhookRejected(NO_PROOF)
    try:
        return match[1], msgspec.json.decode(decode_part(match[2]), type=Minted)
    except (msgspec.MsgspecError, binascii.Error, ValueError, RecursionError):
        raise WebhookRejected(NO_PROOF) from None


def derive_key(store: Store) -> str:
    """The store's key for our proofs; '' without a webhook secret. Never the client secret: that is Shopify's too."""
    if not store.webhook_secret:
        return ""
    words = f"mostrador shopify proof\n{store.public_id}".encode()
    return hmac.new(store.webhook_secret.encode(), words, hashlib.sha256).hexdigest()


def seal(purpose: str, packed: str, key: str) -> str:
    return hmac.new(key.encode(), f"mostrador {purpose}\n{packed}".encode(), hashlib.sha256).hexdigest()


def decode_part(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
