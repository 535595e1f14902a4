"""Watches every pass over the orders: what the counter could not know when it began, and what it brought right.

What it could not know is read from the shop alone (its orders and its deliveries), what was brought right from the
counter's own count, so that neither can make the other look well.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from plugin.database import Database
from plugin.stores import get_store
from plugin.testing.fake_woocommerce import FakeShop, Order
from plugin.testing.fake_woocommerce.bodies import write_json
from plugin.work import Claimed, Handler

RECONCILE, CHECK = "orders.reconcile", "orders.check_open"
DRAFTS = ("checkout-draft", "auto-draft")
GONE = "gone"


@dataclass(frozen=True)
class Pass:
    """One pass: when it began, and the ids of the orders whose newest state no acknowledged delivery had brought."""

    kind: str
    at: datetime
    behind: tuple[int, ...]


@dataclass
class PassWatch:
    """Wraps the house's handlers. `works`: without it passes do nothing, which is how the drill is shown to fail."""

    shop: FakeShop
    works: bool = True
    store_id: int = 0
    passes: list[Pass] = field(default_factory=list)
    _known: dict[int, set[str]] = field(default_factory=dict)
    _read: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def wrap(self, kinds: Mapping[str, Handler], db: Database) -> dict[str, Handler]:
        return dict(kinds) | {kind: self._watch(kind, kinds[kind], db) for kind in (RECONCILE, CHECK)}

    def _watch(self, kind: str, handler: Handler, db: Database) -> Callable[[Claimed], None]:
        def run(job: Claimed) -> None:
            store_id, began_at = job.store or self.store_id, self.shop.clock.now()
            first = _reconciled_at(db, store_id) is None
            if not first and not self.works:
                return
            news = self._take_news(kind)
            try:
                handler(job)
            except Exception:
                self._give_back(news)  # it is tried again
                raise
            done_at = _reconciled_at(db, store_id)
            if kind == RECONCILE and (done_at is None or done_at < began_at):
                self._give_back(news)
            elif not first:
                self.passes.append(Pass(kind, began_at, tuple(order_id for order_id, _ in news)))

        return run

    def _take_news(self, kind: str) -> list[tuple[int, str]]:
        """The states that nobody has brought yet; from now on they are this pass's to bring, whatever comes of it. At
        once, as the next batch of a full check may begin before this one has ended."""
        with self._guard:
            news = [
                (order_id, state)
                for order_id, state in self._list_states(kind)
                if state not in self._known.get(order_id, ())
            ]
            for order_id, state in news:
                self._known.setdefault(order_id, set()).add(state)
            return news

    def _give_back(self, news: list[tuple[int, str]]) -> None:
        """It was no pass: it stepped back, since deliveries waited to be applied."""
        with self._guard:
            for order_id, state in news:
                self._known[order_id].discard(state)

    def _read_deliveries(self) -> None:
        """Takes note of every state that an acknowledged delivery brought."""
        attempts = self.shop.webhooks.attempts
        for attempt in attempts[self._read :]:
            if attempt.acknowledged and attempt.order_id is not None:
                states = self._known.setdefault(attempt.order_id, set())
                states.add(GONE if attempt.topic == "order.deleted" else digest(attempt.body))
                if attempt.topic != "order.deleted":
                    states.discard(GONE)
        self._read = len(attempts)

    def _list_states(self, kind: str) -> list[tuple[int, str]]:
        """The newest state of every order that this kind of pass can bring right: only the full check looks for orders
        that are gone, and only for those of which the counter has heard."""
        with self.shop.lock:
            self._read_deliveries()
            states = [
                (order.id, digest(self._write(order)))
                for order in self.shop.orders.values()
                if order.status not in (*DRAFTS, "trash")
            ]
        if kind == CHECK:
            there = {order_id for order_id, _ in states}
            states += [(order_id, GONE) for order_id, known in self._known.items() if known and order_id not in there
                       and not self._is_draft(order_id)]  # fmt: skip
        return states

    def _is_draft(self, order_id: int) -> bool:
        order = self.shop.orders.get(order_id)
        return order is not None and order.status in DRAFTS

    def _write(self, order: Order) -> bytes:
        return write_json(self.shop.write.order(order))

    @property
    def dropped(self) -> int:
        return sum(len(one.behind) for one in self.passes)

    def describe(self) -> list[dict[str, Any]]:
        return [
            {"kind": one.kind, "at": one.at.isoformat(), "dropped": len(one.behind)} for one in self.passes
        ]


def _reconciled_at(db: Database, store_id: int) -> datetime | None:
    with db.reading(store_id) as tx:
        return get_store(tx, store_id).reconciled_at


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
