"""The shop as its pages and its API see it: its books, whom it is connected with, and its keys."""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from adapters.demo import sign_proof
from adapters.demo.shop.deliveries import Deliveries, encode
from adapters.demo.shop.nouns import Order
from adapters.demo.shop.orders import OrderBook
from adapters.demo.shop.records import Records

PROOF_LIFE = timedelta(hours=2)
CODE_LIFE_SECONDS = 300.0
# Written into the Content-Security-Policy, so nothing but a plain host and port may pass.
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9a-fA-F:]+\](:\d{1,5})?")


class Shop:
    """One running shop. `origin` is its own address, known once its port is."""

    def __init__(self, folder: Path, token: str) -> None:
        self.records = Records(folder / "shop.db")
        self.deliveries = Deliveries(self.records)
        self.orders = OrderBook(self.records, self.deliveries, lambda: self.origin)
        self.origin = ""
        self.token = token
        self.admin_key = secrets.token_urlsafe(16)
        self._codes: dict[str, float] = {}

    @property
    def secret_key(self) -> str:
        """Signs the cookies; kept, so that carts outlive a restart."""
        key = self.records.get_fact("secret_key")
        if not key:
            key = secrets.token_hex(32)
            self.records.set_fact("secret_key", key)
        return str(key)

    def is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())

    def is_admin_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.admin_key.encode())

    @property
    def connection(self) -> dict[str, Any] | None:
        """Where webhooks go, the secret that signs them and the widget; None while nobody is connected."""
        found: dict[str, Any] | None = self.records.get_fact("connection")
        return found

    def connect(self, wish: Mapping[str, Any]) -> bool:
        """Keep a connection; whether it is a new one. A new one is greeted with a ping.

        Raises `ValueError` with words."""
        connection = _read_connection(wish)
        if connection == self.connection:
            return False
        with self.records.transaction():
            self.records.set_fact("connection", connection)
            self.deliveries.put("ping", "", encode({"ping": True}))
        return True

    def disconnect(self) -> None:
        self.records.set_fact("connection", None)

    def make_code(self) -> str:
        """A one-time code for the merchant's way back from ``/connect``."""
        now = time.monotonic()
        self._codes = {code: end for code, end in self._codes.items() if end > now}
        code = secrets.token_urlsafe(24)
        self._codes[code] = now + CODE_LIFE_SECONDS
        return code

    def spend_code(self, code: str) -> bool:
        """Whether the code was good; it is not any more."""
        return self._codes.pop(code, 0.0) > time.monotonic()

    def prove(self, order: Order) -> str:
        """The signed word that this page's visitor owns the order; '' while nobody is connected."""
        connection = self.connection
        if not connection:
            return ""
        return sign_proof(
            connection["widget"]["store"],
            connection["webhook_secret"],
            expires_at=datetime.now(UTC) + PROOF_LIFE,
            order=order.id,
        )


def _read_connection(wish: Mapping[str, Any]) -> dict[str, Any]:
    widget = wish.get("widget")
    if not isinstance(widget, dict):
        raise ValueError("`widget` is an object with loader, store and api.")
    connection = {
        "hook_url": _web_address(wish, "hook_url"),
        "webhook_secret": wish.get("webhook_secret"),
        "widget": {
            "loader": _web_address(widget, "loader"),
            "api": _web_address(widget, "api"),
            "store": widget.get("store"),
        },
    }
    for name, given in (("webhook_secret", connection["webhook_secret"]), ("store", widget.get("store"))):
        if not isinstance(given, str) or not given or len(given) > 500:
            raise ValueError(f"`{name}` is missing.")
    return connection


def _web_address(wish: Mapping[str, Any], key: str) -> str:
    given = wish.get(key)
    if not isinstance(given, str) or read_origin(given) is None:
        raise ValueError(f"`{key}` is an address which begins with http:// or https://.")
    return given


def read_origin(url: str) -> str | None:
    """``scheme://host:port`` of a web address, or None when it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc):
        return None
    return f"{parts.scheme}://{parts.netloc}"
