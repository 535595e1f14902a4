"""Webhooks as the shop delivers them: queued, built when they are sent, tried once, given up in silence."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from plugin.testing.fake_woocommerce.bodies import VERSION, WORDPRESS, write_error, write_json
from plugin.testing.fake_woocommerce.nouns import Attempt, Webhook

if TYPE_CHECKING:
    from plugin.testing.fake_woocommerce.shop import FakeShop

PATIENCE = 60.0
"""Seconds the real shop waits for a receiver; a fake's owner may wish for less."""
LAST_STRAW = 6
"""The count of failures at which the next one disables the webhook: the seventh in a row."""
CRON_EVERY = timedelta(minutes=1)
EVENTS = ("created", "updated", "deleted", "restored")
RESOURCES = ("order", "product", "customer", "coupon")

Job = tuple[int, Any]
"""(webhook id, what it is about): two of the same are one while they wait."""


def is_topic(topic: str) -> bool:
    resource, _, event = topic.partition(".")
    if resource == "action":
        return event.startswith(("woocommerce_", "wc_"))
    return resource in RESOURCES and event in EVENTS


def sign_body(body: bytes, secret: str) -> str:
    """base64 of HMAC-SHA256 over exactly these bytes."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Webhooks:
    """`attempts` remembers every delivery, `pings` every greeting, `disabled` every time a webhook gave up."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop
        self.hooks: dict[int, Webhook] = {}
        self.queue: list[Job] = []
        self.attempts: list[Attempt] = []
        self.pings: list[tuple[str, int]] = []
        self.disabled: list[tuple[int, datetime]] = []
        self.log: list[str] = []
        """The shop's own log; nobody is told what stands there."""
        self.loses: Callable[[Attempt], bool] = lambda _attempt: False
        """Whether the network swallows a delivery: it never arrives, and for the shop it failed."""
        self.patience = PATIENCE
        self.last_run_at: datetime | None = None
        self._running = threading.Lock()

    def create(
        self, user_id: int, name: str, topic: str, delivery_url: str, secret: str, status: str
    ) -> Webhook:
        """Duplicates are taken, and no address is tried first. The ping is for the caller to send: `ping`."""
        now = self.shop.now()
        hook = Webhook(
            self.shop.next_id("webhook"),
            user_id,
            name or f"Webhook created on {now:%b %d, %Y}",
            topic,
            delivery_url,
            secret or self.shop.make_word(50),
            status,
            now,
        )
        self.hooks[hook.id] = hook
        return hook

    def ping(self, hook: Webhook) -> None:
        """The greeting: form-encoded, unsigned, and whatever comes back is ignored. Call it without the lock."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._post(hook.delivery_url, f"webhook_id={hook.id}".encode(), headers)
        self.pings.append((hook.delivery_url, answer))

    def fire(self, topic: str, argument: Any) -> None:
        """Queues a delivery for every active webhook of the topic; one that waits already stays the only one."""
        for hook in self.hooks.values():
            job = (hook.id, argument)
            if hook.status == "active" and hook.topic == topic and job not in self.queue:
                self.queue.append(job)

    def visit(self) -> None:
        """A page hit: starts the cron when a minute has gone by, as WordPress does."""
        manner, now = self.shop.manners.cron, self.shop.now()
        if manner == "visited" and (self.last_run_at is None or now - self.last_run_at >= CRON_EVERY):
            threading.Thread(target=self.run_cron, daemon=True).start()

    def run_cron(self) -> int:
        """Delivers everything that waits now, one after the other. Gives how many were tried.

        A change during a delivery waits as a second one for the next run.
        """
        with self._running:
            self.last_run_at = self.shop.now()
            with self.shop.lock:
                due, self.queue = self.queue, []
                if self.shop.manners.shuffles:
                    self.shop.random.shuffle(due)
            for job in due:
                self._deliver(*job)
            return len(due)

    def _deliver(self, hook_id: int, argument: Any) -> None:
        with self.shop.lock:
            hook = self.hooks.get(hook_id)
            if hook is None or hook.status != "active":
                return
            attempt = self._build(hook, argument)
        attempt = replace(attempt, lost=self.loses(attempt))
        if not attempt.lost:
            attempt = replace(
                attempt, answer=self._post(hook.delivery_url, attempt.body, self._head(hook, attempt))
            )
        with self.shop.lock:
            self.attempts.append(attempt)
            self._count(hook, attempt)

    def _count(self, hook: Webhook, attempt: Attempt) -> None:
        if attempt.acknowledged:
            hook.failures = 0
        elif hook.failures >= LAST_STRAW:
            hook.status = "disabled"
            self.disabled.append((hook.id, attempt.at))
        else:
            hook.failures += 1

    def _build(self, hook: Webhook, argument: Any) -> Attempt:
        """The body as things are now, not as they were when the event happened."""
        now, order_id = self.shop.now(), argument if isinstance(argument, int) else None
        order = self.shop.orders.get(order_id) if order_id is not None and hook.resource == "order" else None
        return Attempt(
            webhook_id=hook.id,
            topic=hook.topic,
            delivery_id=hashlib.md5(
                f"{hook.id}{int(now.timestamp())}".encode(), usedforsecurity=False
            ).hexdigest(),
            at=now,
            order_id=order_id if hook.resource == "order" else None,
            serial=order.serial if order is not None else 0,
            body=write_json(self._payload(hook, argument)),
        )

    def _payload(self, hook: Webhook, argument: Any) -> Any:
        if hook.resource == "action":
            return {"action": hook.event, "arg": argument}
        if hook.event == "deleted":
            return {"id": argument}
        owner = self.shop.users.get(hook.user_id)
        if owner is None or not owner.manages:
            return write_error("woocommerce_rest_cannot_view", "Sorry, you cannot view this resource.", 403)
        if hook.resource == "order":
            order = self.shop.orders.get(argument)
            if order is None:
                return write_error("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
            return self.shop.write.order(order)
        if hook.resource == "coupon" and argument in self.shop.coupons:
            return self.shop.write.coupon(self.shop.coupons[argument])
        if hook.resource == "customer" and argument in self.shop.users:
            return self.shop.write.customer(self.shop.users[argument])
        return write_error("woocommerce_rest_invalid_id", "Invalid ID.", 404)

    def _head(self, hook: Webhook, attempt: Attempt) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "X-WC-Webhook-Source": f"{self.shop.home}/",
            "X-WC-Webhook-Topic": hook.topic,
            "X-WC-Webhook-Resource": hook.resource,
            "X-WC-Webhook-Event": hook.event,
            "X-WC-Webhook-Signature": sign_body(attempt.body, hook.secret),
            "X-WC-Webhook-ID": str(hook.id),
            "X-WC-Webhook-Delivery-ID": attempt.delivery_id,
        }

    def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The answer's status; 0 when none came. No redirect is followed."""
        if self.shop.manners.public_receivers_only and not is_public(url):
            self.log.append("A valid URL was not provided")
            return 0
        agent = f"WooCommerce/{VERSION} Hookshot (WordPress/{WORDPRESS})"
        return post(url, body, {"User-Agent": agent, **headers}, self.patience)


def post(url: str, body: bytes, headers: Mapping[str, str], patience: float) -> int:
    """One POST from the shop's server; 0 when no answer came within `patience` seconds."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            # A throw-away certificate is what a developer's counter has.
            answer = session.post(
                url, data=body, headers=dict(headers), timeout=patience, allow_redirects=False, verify=False
            )
        except (requests.RequestException, ValueError):
            return 0
        return answer.status_code


def is_public(url: str) -> bool:
    """Whether `wp_safe_remote_post` would go there: no loopback, no private net, the usual ports alone."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        ours = not ip_address(host).is_global
    except ValueError:
        ours = host == "localhost" or host.endswith((".localhost", ".local", ".test", ".invalid"))
    return not ours and parts.username is None and parts.port in (None, 80, 443, 8080)
