"""The counter's own WordPress plugin, as far as the shop's server plays its part: connection, lease, proofs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from plugin.testing.fake_woocommerce.nouns import Body, Order, User

if TYPE_CHECKING:
    from plugin.testing.fake_woocommerce.shop import FakeShop

VERSION = "1.0.0"
PROOF_LIFE = timedelta(minutes=15)
HAND_OVER_LIFE = timedelta(seconds=60)
LINK_LIFE = timedelta(days=90)


def seal(purpose: str, payload: Body, secret: str) -> str:
    """``<purpose>.<payload>.<seal>``; `secret` as the connection brought it."""
    packed = (
        base64.urlsafe_b64encode(json.dumps(payload, separators=(",", ":")).encode()).decode().rstrip("=")
    )
    return f"{purpose}.{packed}.{_mac(purpose, packed, secret)}"


def unseal(token: str, purpose: str, secret: str) -> Body | None:
    """The payload of a token that was sealed with `secret`, else None."""
    parts = token.split(".")
    if len(parts) != 3 or parts[0] != purpose or not secret:
        return None
    if not hmac.compare_digest(parts[2].encode(), _mac(purpose, parts[1], secret).encode()):
        return None
    try:
        read = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _mac(purpose: str, packed: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"mostrador {purpose}\n{packed}".encode(), hashlib.sha256).hexdigest()


class PluginSide:
    """`connection` is what the counter put there: service, store, secret, name, locale, accent."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop
        self.connection: dict[str, str] = {}
        self.lease: Body = {}
        self.privacy_page = ""

    @property
    def installed(self) -> bool:
        return self.shop.manners.plugin_installed

    def connect(self, wish: Body) -> bool:
        """False when the plugin was built for another service."""
        own = self.shop.manners.plugin_service.rstrip("/")
        if own and str(wish.get("service", "")).rstrip("/") != own:
            return False
        self.connection = {key: str(value) for key, value in wish.items()}
        return True

    def disconnect(self) -> None:
        self.connection, self.lease = {}, {}

    def take_lease(self, token: str) -> datetime | None:
        """When it ends, or None when it is no fresh lease of this connection."""
        read = unseal(token, "lease", self.connection.get("secret", ""))
        if not read or read.get("s") != self.connection.get("store") or not isinstance(read.get("e"), int):
            return None
        ends_at = datetime.fromtimestamp(read["e"], UTC)
        if ends_at <= self.shop.now():
            return None
        self.lease = read
        return ends_at

    @property
    def lease_ends_at(self) -> datetime | None:
        return datetime.fromtimestamp(self.lease["e"], UTC) if self.lease else None

    @property
    def lease_is_fresh(self) -> bool:
        return self.lease_ends_at is not None and self.lease_ends_at > self.shop.now()

    def keeps_silent(self, order: Order, mail_id: str) -> bool:
        """Whether core leaves this mail to the counter: only while the lease is fresh, only orders placed since."""
        if not self.installed or not self.lease_is_fresh or mail_id not in self.lease.get("mails", ()):
            return False
        if order.created_at.timestamp() < int(self.lease.get("since", 0)):
            return False
        return mail_id != "customer_completed_order" or order.travels

    # What its pages hand to the counter

    def make_token(self, purpose: str, life: timedelta, **fields: Any) -> str:
        if not self.connection:
            return ""
        ends_at = int((self.shop.now() + life).timestamp())
        return seal(
            purpose, {"s": self.connection["store"], **fields, "e": ends_at}, self.connection["secret"]
        )

    def prove_order(self, order: Order) -> str:
        return self.make_token("order", PROOF_LIFE, o=str(order.id))

    def prove_customer(self, user: User) -> str:
        return self.make_token("customer", PROOF_LIFE, c=str(user.id))

    def link_order(self, order: Order) -> str:
        """The address that core's mails carry, or ''."""
        token = self.make_token("link", LINK_LIFE, o=str(order.id))
        return f"{self.connection['service'].rstrip('/')}/t/woocommerce/{token}" if token else ""

    def hand_over(self, user: User) -> str:
        return self.make_token(
            "desk",
            HAND_OVER_LIFE,
            m=str(user.id),
            mail=user.email,
            name=user.first_name,
            n=self.shop.make_word(24),
        )

    def status(self, authorization: bool, secure: bool) -> Body:
        """``GET wc-mostrador/v1/status``."""
        hooks, now, ends_at = self.shop.webhooks, self.shop.now(), self.lease_ends_at
        ran = hooks.last_run_at
        steps = (
            "home",
            "catalogue",
            "product",
            "cart",
            "checkout",
            "order_pay",
            "thank_you",
            "order_status",
            "account",
        )
        return {
            "version": VERSION,
            "connected": bool(self.connection),
            "service": self.connection.get("service", ""),
            "store": self.connection.get("store", ""),
            "pages": dict.fromkeys(steps, True),
            "cart": "classic",
            "checkout": "classic",
            "theme": "classic",
            "cron": {
                "disabled": False,
                "last_run_gmt": self.shop.write.gmt(ran),
                "overdue": len(hooks.queue) if ran and now - ran > timedelta(minutes=5) else 0,
                "pending": len(hooks.queue),
            },
            "time_gmt": self.shop.write.gmt(now),
            "https": secure,
            "permalinks": "plain" if self.shop.manners.plain_permalinks else "pretty",
            "caching": [],
            "delays_scripts": False,
            "mailers": [],
            "lease": {"fresh": self.lease_is_fresh, "expires_gmt": self.shop.write.gmt(ends_at)},
            "authorization": authorization,
            "hooks_failing": sum(hook.status == "disabled" for hook in hooks.hooks.values()),
            "privacy_page": self.privacy_page,
        }
