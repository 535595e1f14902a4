"""Links in mails: one purpose each, signed, expiring, short enough for a mail header."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer

TRACKING = "t"
UNSUBSCRIBE = "u"
LIFETIME = 180 * 24 * 3600


def link_token(index_key: str, purpose: str, store_id: int, order_id: int) -> str:
    """A token for one order and one purpose (`TRACKING` shows a redacted view, `UNSUBSCRIBE` acts on POST)."""
    return str(_serializer(index_key, purpose).dumps([store_id, order_id]))


def read_token(index_key: str, purpose: str, token: str) -> tuple[int, int] | None:
    """(store id, order id), or None for anything forged, foreign or older than 180 days."""
    try:
        store_id, order_id = _serializer(index_key, purpose).loads(token, max_age=LIFETIME)
        return int(store_id), int(order_id)
    except (BadSignature, ValueError, TypeError):
        return None


def _serializer(index_key: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(index_key, salt=f"mostrador-link-{purpose}")
