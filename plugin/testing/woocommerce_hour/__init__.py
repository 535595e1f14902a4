"""An hour of a fake WooCommerce shop in compressed time: orders live, deliveries get lost, hooks die, the app dies too.

The shop and the counter speak real HTTP on loopback, mails go through real SMTP; only the clock is the drill's, and
both live by it. `run_hour` is `mostrador drill woocommerce-hour`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from plugin.testing.clock import FrozenClock
from plugin.testing.fake_woocommerce import Attempt, FakeServer, Manners, Order, serve_shop
from plugin.testing.smtp import Mailbox, open_mailbox
from plugin.testing.woocommerce_hour.counter import Counter, DrillError
from plugin.testing.woocommerce_hour.lives import HOUR, MEANINGS, UNMAPPED, Act, Life, perform, plan_hour
from plugin.testing.woocommerce_hour.passes import PassWatch
from plugin.testing.woocommerce_hour.tally import Tally, take_tally

__all__ = ["DrillError", "Hour", "run_hour", "went_well"]

BEGINS_AT = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
SIZES = {"quick": 60, "full": 500}
LOSS = 0.1
MINUTE = 60
DOWN = (18, 24)
"""The app is not there from this minute to that one: the shop's webhooks fail seven times in a row."""
MERCHANT_PAUSES = 41
"""The minute in which the merchant switches a webhook off by hand."""
OLDER = (110, 60, 5, 2)
"""Minutes before the connection at which there were orders; of the last two the first reconcile hears."""
AFTERWARDS = (MINUTE, 10 * MINUTE, 10 * MINUTE, 20 * MINUTE)
"""Steps after the hour: the last reconciles and the full check, then what was held."""


@dataclass(frozen=True)
class Hour:
    """What to drill. `reconciles=False` and `tamper` (with the mailbox before the count) show that it can fail."""

    seed: int = 0
    size: str = "quick"
    reconciles: bool = True
    tamper: Callable[[Mailbox], None] = lambda _box: None


def run_hour(wish: Hour) -> dict[str, Any]:
    """Runs it. Gives `orders`, `wrong_state`, `doubled`, `missing`, `dropped`, `recovered`, `seconds` and more. Raises
    `DrillError`."""
    started = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="mostrador-hour-")))
        mailbox = stack.enter_context(open_mailbox())
        clock = FrozenClock(BEGINS_AT - timedelta(hours=2))
        manners = Manners(fulfillments=True, decimals=0, shuffles=True)
        server = stack.enter_context(serve_shop(clock=clock, seed=wish.seed, manners=manners))
        server.shop.statuses[UNMAPPED] = "En empaque"
        server.shop.webhooks.patience = 20.0
        watch = PassWatch(server.shop, works=wish.reconciles)
        counter = Counter(folder, clock, mailbox.url, watch=watch)
        stack.callback(counter.stop)
        drill = _Drill(wish, server, counter, clock)
        drill.play()
        wish.tamper(mailbox)
        result = drill.tell(mailbox)
    result["seconds"] = round(time.monotonic() - started, 2)
    return result


def went_well(result: dict[str, Any]) -> bool:
    """Every state true, nothing mailed twice or not at all, and every order that needed a reconcile counted."""
    clean = not any(result[name] for name in ("wrong_state", "doubled", "missing", "older_mailed"))
    return clean and result["dropped"] == result["recovered"]


class _Drill:
    def __init__(self, wish: Hour, server: FakeServer, counter: Counter, clock: FrozenClock) -> None:
        self.wish, self.server, self.counter, self.clock = wish, server, counter, clock
        self.shop = server.shop
        orders = SIZES[wish.size]
        self.lives, self.acts = plan_hour(orders, orders // 12, wish.seed)
        self.older: list[Order] = []
        self.lost = 0
        self.chance = random.Random(wish.seed + 1)

    def play(self) -> None:
        """Older orders, the connection, the hour minute by minute, and what comes after it."""
        for number, ago in enumerate(OLDER):
            self.clock.move_to(BEGINS_AT - timedelta(minutes=ago))
            self.older.append(self.shop.place_order(f"older{number}@example.com", payment="card"))
        self.clock.move_to(BEGINS_AT)
        self.counter.start()
        key = self.shop.add_key(description="Mostrador")
        self.counter.connect(self.server.url, key.consumer_key, key.consumer_secret, MEANINGS)
        self.shop.webhooks.loses = self.loses
        left = list(self.acts)
        for minute in range(1, HOUR // MINUTE + 1):
            left = self.play_minute(minute, left)
        assert not left
        for step in AFTERWARDS:
            while self.shop.webhooks.queue:
                self.shop.webhooks.run_cron()
            self.counter.settle()
            self.counter.move_to(self.clock.now() + timedelta(seconds=step))

    def play_minute(self, minute: int, left: list[Act]) -> list[Act]:
        """What happens in it, then the shop's cron in its last second, and our rounds when it is over."""
        if minute == DOWN[0]:
            self.counter.stop()
        ends = minute * MINUTE
        due = [act for act in left if act.second < ends]
        for act in due:
            self.clock.move_to(max(self.clock.now(), BEGINS_AT + timedelta(seconds=act.second)))
            perform(self.shop, act)
        if minute == MERCHANT_PAUSES:
            self.pause_hook()
        self.clock.move_to(max(self.clock.now(), BEGINS_AT + timedelta(seconds=ends - 1)))
        if self.counter.house is not None:
            self.counter.settle()  # what is due is decided before the next news comes, whoever is faster
        self.shop.webhooks.run_cron()
        if self.counter.house is not None:
            self.counter.settle()
        # The rounds fall on whole minutes, a second after the cron: nothing is on its way when a pass begins.
        self.counter.move_to(BEGINS_AT + timedelta(seconds=ends))
        if minute == DOWN[1]:
            self.counter.start()
            self.counter.settle()
        return left[len(due) :]

    def loses(self, _attempt: Attempt) -> bool:
        """One delivery of ten is swallowed by the network; the shop only sees that no answer came."""
        lost = self.chance.random() < LOSS
        self.lost += lost
        return lost

    def pause_hook(self) -> None:
        """The merchant tidies up: the one webhook that tells most is switched off."""
        for hook in self.shop.webhooks.hooks.values():
            if hook.topic == "order.updated" and hook.status == "active":
                hook.status = "disabled"
                self.shop.webhooks.disabled.append((hook.id, self.shop.now()))

    def list_placed(self) -> list[Order]:
        return [life.order for life in self.lives if life.order is not None and is_placed(life)]

    def tell(self, mailbox: Mailbox) -> dict[str, Any]:
        row, watch = self.counter.read_store(self.counter.store_id), self.counter.watch
        placed = self.list_placed()
        with self.counter.db.reading(self.counter.store_id) as tx:
            tally: Tally = take_tally(tx, self.shop, row.id, self.older, placed, mailbox.mails)
        return {
            "orders": len(placed),
            "wrong_state": len(tally.wrong),
            "doubled": tally.doubled,
            "missing": len({order_id for order_id, _ in tally.missing}),
            "dropped": watch.dropped,
            "recovered": row.recovered,
            "older_mailed": tally.older_mailed,
            "mails": tally.mails,
            "deliveries": len(self.shop.webhooks.attempts),
            "deliveries_lost": self.lost,
            "hooks_disabled": len(self.shop.webhooks.disabled),
            "hooks_repaired": row.repaired,
            "passes": len(watch.passes),
            "seed": self.wish.seed,
            "faults": [f"order {order_id} {words}" for order_id, words in tally.wrong]
            + [f"order {order_id}: {notice} was never told" for order_id, notice in tally.missing],
        }


def is_placed(life: Life) -> bool:
    """A draft that was never placed is no order; one that was and is gone is."""
    return life.order is not None and life.order.announced
