"""Tokens: a session token exchanged for access, access refreshed, a code exchanged. The only requests that carry the
client secret.

Asked through Shopify's own package `shopifyapp` 1.0.2 over our guarded way out. What is taken from it: the requests and
what their refusals are called. What is not: its waiting (it sleeps inside the request and reads no ``Retry-After``),
its times (by a clock that is not ours), its logs and error texts (they carry what Shopify answered).

Sources: the package, read whole; https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/token-exchange
and …/offline-access-tokens (2026-11-21): access lives 60 minutes, the refresh token 90 days and is replaced at each
use; the one before can be used again until the new one was, so that a lost answer costs nothing.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import msgspec
from shopify_app import ShopifyApp
from shopify_app.types import TokenExchangeResult

from adapters.shopify.client import check_shop, shop_url
from adapters.shopify.settings import AppIdentity, need_app
from plugin.contract import (
    AccessRevoked,
    Answer,
    Clock,
    Http,
    InstallRejected,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Words,
)

PATH: Final = "/admin/oauth/access_token"
ACCESS_LIVES = timedelta(minutes=60)
"""Of an access that can be refreshed, where Shopify does not say how long it lives."""
REFRESH_LIVES = timedelta(days=90)
LONGEST_TOKEN = 4096
ERROR = re.compile(r"[a-z_]{1,60}", re.ASCII)
SENT_ON = frozenset({"accept", "content-type", "user-agent"})
NO_ANSWER = Words("Shopify gave no usable answer about the access to {shop} (status {status}).")
TOO_MANY = Words("Shopify asks us to wait before it gives access to {shop}.")
FROZEN = Words("The store {shop} is frozen or closed at Shopify just now (status {status}).")
NOT_THIS_APP = Words(
    "Shopify did not accept this app for {shop}: it was taken off the store, or its client ID and secret are not "
    "right. The operator finds them under MOSTRADOR_SHOPIFY_CLIENT_ID and MOSTRADOR_SHOPIFY_CLIENT_SECRET."
)
STALE = Words("The session of the Shopify admin has run out. Load the page again.")
REVOKED = Words(
    "{shop} no longer lets this app in. Open it once in the Shopify admin, and it is connected again."
)
REFUSED = Words("Shopify refused access to {shop} ({code}).")
CANNOT_REFRESH = Words("The access to {shop} cannot be renewed. Open the app once in the Shopify admin.")


class StaleToken(InstallRejected):
    """Shopify finds the session token too old: the page asks for a fresh one."""


@dataclass(frozen=True)
class Person:
    """The member of staff who holds an online token. `email` is '' unless Shopify has seen it confirmed."""

    external_id: str
    email: str = ""
    name: str = ""
    is_owner: bool = False


@dataclass(frozen=True)
class TokenSet:
    """What one answer gave. `expires_at` None: the access does not expire, and there is nothing to refresh it with."""

    access_token: str = field(repr=False)
    scope: str = ""
    expires_at: datetime | None = None
    refresh_token: str = field(default="", repr=False)
    refresh_before: datetime | None = None
    person: Person | None = None

    def credentials(self) -> dict[str, str]:
        """As a store keeps them: times in ISO 8601 (UTC), '' for what there is not."""
        return {
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_at": write_time(self.expires_at),
            "refresh_expires_at": write_time(self.refresh_before),
            "scope": self.scope,
        }


class UserAnswer(msgspec.Struct):
    """``associated_user`` of an online token."""

    id: int | str = ""
    email: str | None = ""
    email_verified: bool = False
    first_name: str | None = ""
    last_name: str | None = ""
    account_owner: bool = False


class TokenAnswer(msgspec.Struct, omit_defaults=True):
    """The good answer of the token address."""

    access_token: str
    scope: str | None = ""
    expires_in: int | None = None
    refresh_token: str | None = None
    refresh_token_expires_in: int | None = None
    associated_user: UserAnswer | None = None


class GuardedTransport(httpx.BaseTransport):
    """Carries the package's requests through `Http`: to the token address of a shop, and nowhere else.

    Answers the package would wait for or stumble over are raised as the contract's errors. `answer` is the last.
    """

    def __init__(self, http: Http, identity: AppIdentity) -> None:
        self.http = http
        self.identity = identity
        self.answer: Answer | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        bare = url.scheme == "https" and url.port is None and not url.userinfo and not url.query
        shop = check_shop(url.host)
        if not bare or url.path != PATH:
            raise PlatformRefused("Only a shop's token address is asked here.")
        headers = {name: value for name, value in request.headers.items() if name.lower() in SENT_ON}
        self.answer = self.post(shop, headers, request.read())
        return httpx.Response(
            self.answer.status,
            headers={"content-type": "application/json"},
            content=self.answer.body,
            request=request,
        )

    def post(self, shop: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Shopify's answer, of which only what is read below is left. Raises `PlatformDown`, `RateLimited`."""
        address = shop_url(self.identity, shop, PATH)
        answer = self.http.request("POST", address, headers=dict(headers), body=body, redirects=False)
        if answer.status == 429:
            raise RateLimited(Words(TOO_MANY, shop=shop), retry_after=read_wait(answer.headers))
        if answer.status in (402, 423):
            raise PlatformDown(Words(FROZEN, shop=shop, status=answer.status))
        if answer.status >= 500 or 300 <= answer.status < 400 or answer.status in (408, 430):
            raise PlatformDown(Words(NO_ANSWER, shop=shop, status=answer.status))
        # The package reads a good answer without looking at its types, and a bad one as if it were JSON.
        body = msgspec.json.encode(
            read_tokens(answer, shop) if answer.status < 400 else read_object(answer.body)
        )
        return Answer(status=answer.status, headers={}, body=body, url="")


def exchange(
    identity: AppIdentity, http: Http, clock: Clock, shop: str, id_token: str, online: bool = False
) -> TokenSet:  # fmt: skip
    """Access in exchange for a verified session token of the admin: offline, or `online` for one person.

    Raises `StaleToken`, `InstallRejected`, `PlatformDown`, `RateLimited`, `PlatformRefused`.
    """
    need_app(identity)
    shop = check_shop(shop)
    subject = {"exchangeable": True, "token": id_token, "claims": {"dest": f"https://{shop}"}}
    transport = GuardedTransport(http, identity)
    with httpx.Client(transport=transport, trust_env=False) as client:
        result = open_app(identity).exchange_using_token_exchange(
            access_mode="online" if online else "offline", id_token=subject, expiring=True, http_client=client
        )
    if not result.ok:
        raise tell_refusal(result, shop)
    return read_answer(transport.answer, shop, clock.now())


def refresh(
    identity: AppIdentity, http: Http, clock: Clock, shop: str, credentials: Mapping[str, str]
) -> TokenSet:
    """A new pair for a store's refresh token. Raises `AccessRevoked` when it is of no use any more."""
    need_app(identity)
    shop = check_shop(shop)
    refresh_token = credentials.get("refresh_token", "")
    if not refresh_token:
        raise AccessRevoked(Words(CANNOT_REFRESH, shop=shop))
    # Without times the package asks at once, instead of judging by a clock of its own.
    held = {
        "shop": shop.removesuffix(".myshopify.com"), "refresh_token": refresh_token, "expires": "",
        "refresh_token_expires": "", "access_mode": "offline", "user": None,
    }  # fmt: skip
    transport = GuardedTransport(http, identity)
    with httpx.Client(transport=transport, trust_env=False) as client:
        result = open_app(identity).refresh_token_exchanged_access_token(held, http_client=client)
    if not result.ok:
        status = transport.answer.status if transport.answer else 0
        if result.log.code == "invalid_grant" or (
            result.log.code == "refresh_error" and status in (401, 403, 404)
        ):
            raise AccessRevoked(Words(REVOKED, shop=shop))
        raise tell_refusal(result, shop)
    return read_answer(transport.answer, shop, clock.now(), held=credentials)


def grant(identity: AppIdentity, http: Http, clock: Clock, shop: str, code: str) -> TokenSet:
    """Access in exchange for the code of an authorization-code grant: an expiring one, where Shopify gives it.

    Neither package can ask for that; `shopifyapi` would also ask without a time limit. Raises `InstallRejected`.
    """
    need_app(identity)
    shop = check_shop(shop)
    asked = {
        "client_id": identity.client_id, "client_secret": identity.client_secret, "code": code, "expiring": "1",
    }  # fmt: skip
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    answer = GuardedTransport(http, identity).post(shop, headers, json.dumps(asked).encode())
    if answer.status != 200:
        raise InstallRejected(Words(REFUSED, shop=shop, code=answer.status))
    return read_answer(answer, shop, clock.now())


def open_app(identity: AppIdentity) -> ShopifyApp:
    """The package's door, with the secret in use and no other: the old one never asks."""
    return ShopifyApp(client_id=identity.client_id, client_secret=identity.client_secret)


def tell_refusal(result: TokenExchangeResult, shop: str) -> Exception:
    """The contract's error for a refusal; nothing of Shopify's answer is repeated."""
    code = result.log.code
    if code == "invalid_subject_token":
        return StaleToken(STALE)
    if code == "invalid_client":
        return PlatformRefused(Words(NOT_THIS_APP, shop=shop))
    if code == "network_error":
        return PlatformDown(Words(NO_ANSWER, shop=shop, status=0))
    return PlatformRefused(Words(REFUSED, shop=shop, code=code))


def read_answer(
    answer: Answer | None, shop: str, now: datetime, held: Mapping[str, str] | None = None
) -> TokenSet:
    """The tokens of a good answer. `held`: what is kept where a refresh leaves something out."""
    said, kept = read_tokens(answer, shop), held or {}
    refresh_token = said.refresh_token or kept.get("refresh_token", "")
    expires_at = refresh_before = None
    if said.expires_in is not None or refresh_token:
        expires_at = now + (ACCESS_LIVES if said.expires_in is None else timedelta(seconds=said.expires_in))
    if refresh_token:
        refresh_before = read_time(kept.get("refresh_expires_at", "")) if not said.refresh_token else None
        given = said.refresh_token_expires_in
        lives = REFRESH_LIVES if given is None else timedelta(seconds=given)
        refresh_before = refresh_before or now + lives
    return TokenSet(
        access_token=said.access_token, scope=said.scope or kept.get("scope", ""), expires_at=expires_at,
        refresh_token=refresh_token, refresh_before=refresh_before, person=read_person(said.associated_user),
    )  # fmt: skip


def read_tokens(answer: Answer | None, shop: str) -> TokenAnswer:
    """The good answer, its spans within what a date can be made of. Raises `PlatformDown`."""
    status = answer.status if answer else 0
    try:
        said = msgspec.json.decode(answer.body if answer else b"", type=TokenAnswer)
    except (msgspec.MsgspecError, RecursionError):
        raise PlatformDown(Words(NO_ANSWER, shop=shop, status=status)) from None
    token = said.access_token
    if not token or len(token) > LONGEST_TOKEN or not token.isascii() or not token.isprintable():
        raise PlatformDown(Words(NO_ANSWER, shop=shop, status=status))
    said.expires_in = clamp(said.expires_in)
    said.refresh_token_expires_in = clamp(said.refresh_token_expires_in)
    return said


def read_person(user: UserAnswer | None) -> Person | None:
    if user is None or not str(user.id).isdecimal():
        return None
    name = " ".join(part.strip() for part in (user.first_name or "", user.last_name or "") if part.strip())
    email = (user.email or "").strip() if user.email_verified else ""
    return Person(external_id=str(user.id), email=email[:320], name=name[:200], is_owner=user.account_owner)


def read_object(body: bytes) -> dict[str, Any]:
    """The name of the error in a refusal, and nothing else of it; ``{}`` for a page that is no JSON."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return {}
    error = said.get("error") if isinstance(said, dict) else None
    return {"error": error} if isinstance(error, str) and ERROR.fullmatch(error) else {}


def read_wait(headers: Mapping[str, str]) -> float:
    """Seconds of ``Retry-After``, at least one and at most ten minutes; two where it says nothing."""
    named = {name.lower(): value for name, value in headers.items()}
    try:
        seconds = float(named.get("retry-after", "2"))
    except ValueError:
        return 2.0
    return 2.0 if math.isnan(seconds) else min(max(seconds, 1.0), 600.0)


def clamp(seconds: int | None) -> int | None:
    """A span that a date can be made of."""
    return None if seconds is None else min(max(seconds, 0), 10 * 365 * 86_400)


def write_time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""


def read_time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
