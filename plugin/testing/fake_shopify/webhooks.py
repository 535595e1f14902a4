"""Webhooks as Shopify delivers them: built at the event, replayed as they were, in no order, and not always at all.

https://shopify.dev/docs/apps/build/webhooks and the changelog's "updates to webhook retry mechanism" (2026-11): 1 s to
connect and 5 s in all, 8 retries over 4 hours with the original payload and address, everything but 2xx is a failure.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import requests

from plugin.testing.fake_shopify.bodies import COMPLIANCE, trim, write_json
from plugin.testing.fake_shopify.identity import sign_webhook
from plugin.testing.fake_shopify.nouns import Attempt, Body, Subscription
from plugin.testing.fake_shopify.schemas import is_open
from plugin.testing.fake_shopify.topics import needed_scope

if TYPE_CHECKING:
    from plugin.testing.fake_shopify.platform import FakeShopify
    from plugin.testing.fake_shopify.shop import FakeShop

RETRIES = tuple(timedelta(seconds=14_400 * 2**number / 255) for number in range(8))
"""Eight waits, each twice the last, four hours in all."""
LAST_STRAW = 8
"""So many failed deliveries in a row delete a shop-specific subscription."""
API_VERSION = "2026-10"


@dataclass(frozen=True)
class Delivery:
    """What waits. `about` and `serial`: the order and its state, for those who count."""

    shop: str
    subscription: Subscription
    url: str
    webhook_id: str
    event_id: str
    triggered_at: datetime
    body: bytes
    due_at: datetime
    about: str = ""
    serial: int = 0
    number: int = 0


class Webhooks:
    """`attempts` remembers every try, `given_up` what was not taken after the last one, `debounced` counts what told
    nothing new, `unmade` what Shopify itself lost."""

    def __init__(self, platform: FakeShopify) -> None:
        self.platform = platform
        self.declared: list[Subscription] = []
        self.queue: list[Delivery] = []
        self.attempts: list[Attempt] = []
        self.given_up: list[Delivery] = []
        self.unmade: list[Delivery] = []
        self.debounced = 0
        self.loses: Callable[[Attempt], bool] = lambda _attempt: False
        """Whether the network swallows a try. Shopify sees a failure then, and tries again."""
        self._random = Random(f"{platform.seed} webhooks")

    def fire(self, shop: FakeShop, topic: str, body: Body, event_id: str, about: str = "", serial: int = 0) -> None:
        """Queues the topic for everyone who subscribed to it. `event_id` joins the topics of one act."""
        now, manners, scope = self.platform.now(), self.platform.manners, needed_scope(topic)
        if topic not in COMPLIANCE and (not shop.installed or (scope and not is_open((scope,), shop.granted))):
            return
        for one in [*self.declared, *shop.subscriptions]:
            if one.topic != topic:
                continue
            delivery = Delivery(
                shop.domain,
                one,
                urljoin(self.platform.app.origin, one.uri),
                str(uuid.UUID(int=self._random.getrandbits(128), version=4)),
                event_id,
                now,
                write_json(trim(body, one.include)),
                now,
                about,
                serial,
            )
            if self._says_nothing_new(delivery):
                self.debounced += 1
                continue
            if self._random.random() < manners.lost:
                self.unmade.append(delivery)
                continue
            if self._random.random() < manners.late:
                delivery = replace(delivery, due_at=now + timedelta(hours=24) * self._random.random())
            self.queue.append(delivery)
            if self._random.random() < manners.duplicates:
                self.queue.append(delivery)

    def _says_nothing_new(self, delivery: Delivery) -> bool:
        """Identical trimmed payloads of one subscription are debounced while the first still waits."""
        return bool(delivery.subscription.include) and any(
            one.subscription is delivery.subscription and one.shop == delivery.shop and one.body == delivery.body
            for one in self.queue
            if one.number == 0
        )

    def run(self, about: Callable[[Delivery], bool] = lambda _one: True) -> int:
        """Tries everything that is due now, one after the other. Gives how many were tried."""
        with self.platform.lock:
            now = self.platform.now()
            due = [one for one in self.queue if one.due_at <= now and about(one)]
            self.queue = [one for one in self.queue if one not in due]
            if self.platform.manners.shuffles:
                self._random.shuffle(due)
        for one in due:
            self._try(one)
        return len(due)

    @property
    def next_due_at(self) -> datetime | None:
        """When the next try is due, None when nothing waits."""
        with self.platform.lock:
            return min((one.due_at for one in self.queue), default=None)

    def _try(self, delivery: Delivery) -> None:
        platform = self.platform
        attempt = Attempt(
            delivery.shop,
            delivery.subscription.topic,
            delivery.webhook_id,
            delivery.event_id,
            delivery.triggered_at,
            platform.now(),
            delivery.body,
            delivery.url,
            delivery.about,
            delivery.serial,
            delivery.number,
        )
        attempt = replace(attempt, lost=self.loses(attempt))
        if not attempt.lost:
            answer = post(delivery.url, delivery.body, self.write_head(delivery), platform.manners.patience)
            attempt = replace(attempt, answer=answer)
        with platform.lock:
            self.attempts.append(attempt)
            self._count(delivery, attempt)

    def _count(self, delivery: Delivery, attempt: Attempt) -> None:
        one = delivery.subscription
        if attempt.acknowledged:
            one.failures = 0
            return
        one.failures += 1
        shop = self.platform.shops.get(delivery.shop)
        if one.id is not None and one.failures >= LAST_STRAW and shop is not None:
            shop.subscriptions = [other for other in shop.subscriptions if other is not one]
            self.queue = [other for other in self.queue if other.subscription is not one]
            self.given_up.append(delivery)
        elif delivery.number < len(RETRIES):
            due_at = self.platform.now() + RETRIES[delivery.number]
            self.queue.append(replace(delivery, number=delivery.number + 1, due_at=due_at))
        else:
            self.given_up.append(delivery)

    def write_head(self, delivery: Delivery) -> dict[str, str]:
        secret = self.platform.app.signing_secret(self.platform.now())
        named = {"X-Shopify-Name": delivery.subscription.name} if delivery.subscription.name else {}
        return {
            "Content-Type": "application/json",
            "User-Agent": "Shopify-Captain-Hook",
            "X-Shopify-Topic": delivery.subscription.topic,
            "X-Shopify-Shop-Domain": delivery.shop,
            "X-Shopify-API-Version": API_VERSION,
            "X-Shopify-Webhook-Id": delivery.webhook_id,
            "X-Shopify-Event-Id": delivery.event_id,
            "X-Shopify-Triggered-At": f"{delivery.triggered_at:%Y-%m-%dT%H:%M:%S.000000000Z}",
            "X-Shopify-Hmac-Sha256": sign_webhook(delivery.body, secret),
            **named,
        }


def post(url: str, body: bytes, headers: Mapping[str, str], patience: tuple[float, float]) -> int:
    """One POST from Shopify; 0 when no answer came within the time, or after it. No redirect is followed."""
    began = time.monotonic()
    with requests.Session() as session:
        session.trust_env = False
        try:
            # A developer's own server has a certificate that nobody signed.
            answer = session.post(
                url, data=body, headers=dict(headers), timeout=patience, allow_redirects=False, verify=False
            )
        except (requests.RequestException, ValueError):
            return 0
        return answer.status_code if time.monotonic() - began <= patience[1] else 0
