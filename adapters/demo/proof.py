"""The demo shop's signed word that a page's visitor owns an order or an account.

A proof is ``<base64url of JSON>.<hex HMAC-SHA256>``; the JSON is
``{"store": public id, "order": id or "customer": id, "exp": Unix seconds}``. The key is the store's webhook
secret; the signed bytes begin with a purpose of their own, so that a signature made for a webhook
body can never pass as a proof, nor a proof as a webhook.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

import msgspec

from plugin.contract import Proof, Store, Visitor, WebhookRejected

_PURPOSE = b"mostrador demo shop: proof of a visitor\n"
_LONGEST = 2048


class _Claim(msgspec.Struct, omit_defaults=True):
    store: str
    exp: int
    order: str = ""
    customer: str = ""


def sign_proof(store: str, secret: str, *, expires_at: datetime, order: str = "", customer: str = "") -> str:
    """A proof for the store with this public id, about one order or one customer, until `expires_at`."""
    if not secret or bool(order) == bool(customer):
        raise ValueError("A proof needs a secret and exactly one of order and customer.")
    claim = _Claim(store=store, exp=int(expires_at.timestamp()), order=order, customer=customer)
    payload = base64.urlsafe_b64encode(msgspec.json.encode(claim)).rstrip(b"=")
    return f"{payload.decode()}.{_seal(payload, secret)}"


def read_proof(token: str) -> Proof:
    """Which store the proof claims to speak for. Raises `WebhookRejected` when it is no proof."""
    return Proof(token=token, claimed_store=_read_claim(token).store)


def verify_proof(proof: Proof, store: Store, now: datetime) -> Visitor:
    """Who is proven. Raises `WebhookRejected` when forged, expired or of another store."""
    claim = _read_claim(proof.token)
    payload, _, seal = proof.token.partition(".")
    if not store.webhook_secret or not hmac.compare_digest(
        seal, _seal(payload.encode(), store.webhook_secret)
    ):
        raise WebhookRejected("The proof is not signed by this store.")
    if claim.store != store.public_id:
        raise WebhookRejected("The proof speaks for another store.")
    if claim.exp <= now.timestamp():
        raise WebhookRejected("The proof has expired; loading the shop's page again makes a new one.")
    if bool(claim.order) == bool(claim.customer):
        raise WebhookRejected("The proof must name exactly one of order and customer.")
    return Visitor(order_external_id=claim.order, customer_id=claim.customer)


def _seal(payload: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), _PURPOSE + payload, hashlib.sha256).hexdigest()


def _read_claim(token: str) -> _Claim:
    payload, dot, seal = token.partition(".")
    if len(token) > _LONGEST or not (dot and seal) or not token.isascii():
        raise WebhookRejected("This is not a proof of the demo shop.")
    try:
        decoded = base64.b64decode(payload + "=" * (-len(payload) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(decoded, type=_Claim)
    except (binascii.Error, msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise WebhookRejected("This is not a proof of the demo shop.") from error
