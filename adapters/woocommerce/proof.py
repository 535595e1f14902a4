"""What the WordPress plugin signs for us, and the one thing we sign for it.

Both sides know a secret of their own, derived from the store's webhook secret, so that a signature made for
a webhook's body never passes for a proof. A token is ``<purpose>.<payload>.<seal>``: the payload base64url
(no ``=``) of JSON, the seal the hex HMAC-SHA256 of ``"mostrador <purpose>\\n<payload>"``. Ids travel as text.

- ``order`` ``{"s": store, "o": order id, "e": expires}`` and ``customer`` ``{"s", "c": customer id, "e"}``:
  a shopper whom WordPress knows by order key or session.
- ``link`` ``{"s", "o", "e"}``: stands in the shop's own mails; opens the redacted page, proves nothing.
- ``desk`` ``{"s", "m": user id, "mail", "name", "n": nonce, "e"}``: a member of staff in wp-admin.
- ``lease`` ``{"s", "mails", "since", "e"}``: signed here, checked there; no proof of anybody.

Whoever holds the secret could sign for any time ahead; `LONGEST` bounds what such a token is worth later.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from adapters.woocommerce.values import clean_text, read_email, read_optional_id
from plugin.contract import Merchant, Proof, Store, TrackingLink, Visitor, WebhookRejected

LONGEST = {
    "order": timedelta(hours=1),
    "customer": timedelta(hours=1),
    "desk": timedelta(seconds=120),
    "link": timedelta(days=100),
}
"""How far ahead a token's end may lie, by purpose. The plugin itself gives a quarter of an hour, a minute
and ninety days; the rest is room for clocks that differ."""
LONGEST_TOKEN = 2048
NO_PROOF = "This is not a proof of a WooCommerce shop."


class Claim(msgspec.Struct):
    """The payload of any purpose."""

    s: str
    e: int
    o: str = ""
    c: str = ""
    m: str = ""
    mail: str = ""
    name: str = ""
    n: str = ""


def derive_secret(store: Store) -> str:
    """The 64 hex digits shared with the store's WordPress plugin; '' for a store without a webhook secret."""
    if not store.webhook_secret:
        return ""
    words = f"mostrador wordpress plugin\n{store.public_id}".encode()
    return hmac.new(store.webhook_secret.encode(), words, hashlib.sha256).hexdigest()


def sign_token(purpose: str, payload: Mapping[str, Any], secret: str) -> str:
    """A token as both sides make it. `secret` is that of `derive_secret`."""
    if not secret:
        raise ValueError("A token needs a secret.")
    packed = base64.urlsafe_b64encode(msgspec.json.encode(dict(payload))).rstrip(b"=").decode("ascii")
    return f"{purpose}.{packed}.{seal(purpose, packed, secret)}"


def seal(purpose: str, payload: str, secret: str) -> str:
    message = f"mostrador {purpose}\n{payload}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def read_proof(token: str) -> Proof:
    """Which store the token claims to speak for. Raises `WebhookRejected` when it is no proof."""
    return Proof(token=token, claimed_store=read_claim(token)[1].s)


def verify_proof(proof: Proof, store: Store, now: datetime) -> Visitor | Merchant | TrackingLink:
    """Who is proven. Raises `WebhookRejected` when forged, expired, valid too long, or of another store."""
    purpose, claim = read_claim(proof.token)
    _, payload, given = proof.token.split(".")
    secret = derive_secret(store)
    if not secret or not hmac.compare_digest(given, seal(purpose, payload, secret)):
        raise WebhookRejected("The proof is not signed by this store.")
    if claim.s != store.public_id:
        raise WebhookRejected("The proof speaks for another store.")
    if claim.e <= now.timestamp():
        raise WebhookRejected("The proof has expired; loading the shop's page again makes a new one.")
    if claim.e > (now + LONGEST[purpose]).timestamp():
        raise WebhookRejected("The proof is valid for too long: the shop's clock is wrong, or it is no proof.")
    return name_proven(purpose, claim)


def name_proven(purpose: str, claim: Claim) -> Visitor | Merchant | TrackingLink:
    """Whom a believed claim names, by its purpose alone: a field of another purpose says nothing."""
    order, customer, member = (read_optional_id(text) for text in (claim.o, claim.c, claim.m))
    if purpose == "order" and order:
        return Visitor(order_external_id=order)
    if purpose == "customer" and customer:
        return Visitor(customer_id=customer)
    if purpose == "link" and order:
        return TrackingLink(order_external_id=order)
    if purpose == "desk" and member and claim.n:
        return Merchant(external_id=member, email=read_email(claim.mail), name=clean_text(claim.name)[:200])
    raise WebhookRejected("The proof names nobody.")


def read_claim(token: str) -> tuple[str, Claim]:
    """(purpose, claim) of a token, believed in nothing."""
    purpose, *rest = token.split(".") if len(token) <= LONGEST_TOKEN and token.isascii() else ("",)
    if purpose not in LONGEST or len(rest) != 2 or not all(rest):
        raise WebhookRejected(NO_PROOF)
    try:
        packed = rest[0] + "=" * (-len(rest[0]) % 4)
        return purpose, msgspec.json.decode(base64.b64decode(packed, altchars=b"-_", validate=True), type=Claim)
    except (binascii.Error, msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as error:
        raise WebhookRejected(NO_PROOF) from error
