"""A day of two shops on a fake Shopify in compressed time: hooks get lost, tokens expire hourly, buckets run empty.

Shopify and the counter speak real HTTP on loopback, mails go through real SMTP; only the clock is the drill's, and
both live by it. `run_day` is `mostrador drill shopify-day`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from plugin.testing.clock import FrozenClock
from plugin.testing.fake_shopify import FakeServer, FakeShop, Manners, Order, serve_shopify
from plugin.testing.servers import find_free_port
from plugin.testing.shopify_day.counter import Counter, DrillError
from plugin.testing.shopify_day.lives import DAY, Act, perform, plan_day
from plugin.testing.shopify_day.tally import Tally, count_doubled, count_over_budget, take_tally
from plugin.testing.smtp import Mailbox, open_mailbox
from plugin.work import Claimed

__all__ = ["Day", "DrillError", "run_day", "went_well"]

BEGINS_AT = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
SIZES = {"quick": 40, "full": 200}
LOST, DUPLICATES, LATE = 0.1, 0.05, 0.02
THROTTLED = 0.03
"""So many questions are throttled beside those for which the bucket of the plan is too empty: the shop's other apps."""
STEP = 300
ANSWERS_LOST = (4 * 3600, 13 * 3600)
"""At these seconds of the day the next answer with new tokens is cut off."""
PASSES = ("orders.reconcile", "orders.check_open")
OLDER = (7200, 600, 60)
"""Seconds before the day at which each shop had an order already."""
AFTERWARDS = (600, 600, 3600, 6 * 3600, 18 * 3600, 600)
"""Steps after the day: the last retries and late hooks, reconciles, the full check, what was held."""
ZEROES = ("wrong_state", "doubled", "missing", "over_budget", "foreign_tokens")


@dataclass(frozen=True)
class Day:
    """What to drill. `reconciles=False` and `tamper` (with the mailbox before the count) show that it can fail."""

    seed: int = 0
    size: str = "quick"
    lost: float = LOST
    reconciles: bool = True
    tamper: Callable[[Mailbox], None] = lambda _box: None


def run_day(wish: Day) -> dict[str, Any]:
    """Runs it. Gives `orders`, `wrong_state`, `doubled`, `missing`, `calls`, `throttled`, `over_budget`,
    `token_refreshes`, `foreign_tokens` and more. Raises `DrillError`."""
    started = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="mostrador-day-")))
        mailbox = stack.enter_context(open_mailbox())
        clock, port = FrozenClock(BEGINS_AT - timedelta(hours=3)), find_free_port()
        manners = Manners(lost=wish.lost, duplicates=DUPLICATES, late=LATE, throttled=THROTTLED, real_seconds=True)
        toml = Path(__file__).parents[3] / "adapters" / "shopify" / "app" / "shopify.app.toml"
        server = stack.enter_context(
            serve_shopify(
                clock=clock,
                seed=wish.seed,
                manners=manners,
                app_origin=f"http://127.0.0.1:{port}",
                toml=toml if toml.exists() else None,
            )
        )
        counter = Counter(folder, clock, mailbox.url, port=port, shopify=server)
        if not wish.reconciles:
            counter.wrap = lambda kinds, _db: dict(kinds) | dict.fromkeys(PASSES, leave_out)
        stack.callback(counter.stop)
        drill = _Drill(wish, server, counter, clock)
        drill.play()
        wish.tamper(mailbox)
        result = drill.tell(mailbox)
    result["seconds"] = round(time.monotonic() - started, 2)
    return result


def leave_out(_job: Claimed) -> None:
    """A pass that does nothing."""


def went_well(result: dict[str, Any]) -> bool:
    """Every state true, nothing mailed twice or not at all, no call beyond the budget or with another shop's token."""
    return not any(result[name] for name in ZEROES) and not result["older_mailed"]


class _Drill:
    def __init__(self, wish: Day, server: FakeServer, counter: Counter, clock: FrozenClock) -> None:
        self.wish, self.server, self.counter, self.clock = wish, server, counter, clock
        self.shops: list[FakeShop] = []
        self.older: dict[str, list[Order]] = {}

    def play(self) -> None:
        """The app is installed while nobody has opened it; hooks come; the merchants open it; then the day."""
        self.shops = [self.server.add_shop(name, plan) for name, plan in (("cafe", "basic"), ("molino", "plus"))]
        self.lives, acts = plan_day(self.shops, SIZES[self.wish.size], self.wish.seed)
        self.counter.start()
        for ago in OLDER:
            self.clock.move_to(BEGINS_AT - timedelta(seconds=ago))
            for shop in self.shops:
                order = shop.place_order(f"older{ago}@{shop.domain}", paid=True)
                self.older.setdefault(shop.domain, []).append(order)
            self.server.platform.run_hooks()
        self.counter.move_to(BEGINS_AT)
        for shop in self.shops:
            self.counter.open_home(shop.domain)
        for second in range(STEP, DAY + STEP, STEP):
            acts = self.play_step(second, acts)
        assert not acts
        for seconds in AFTERWARDS:
            self.counter.move_to(self.clock.now() + timedelta(seconds=seconds))
            self.server.platform.run_hooks()
            self.counter.settle()

    def play_step(self, ends: int, left: list[Act]) -> list[Act]:
        """What happens in it, then Shopify's deliveries and our rounds."""
        due = [act for act in left if act.second < ends]
        if ends in ANSWERS_LOST:
            self.server.manners.lose_answers = 1
        for act in due:
            self.clock.move_to(max(self.clock.now(), BEGINS_AT + timedelta(seconds=act.second)))
            perform(act)
        self.clock.move_to(max(self.clock.now(), BEGINS_AT + timedelta(seconds=ends - 1)))
        self.server.platform.run_hooks()
        self.counter.settle()
        self.counter.move_to(BEGINS_AT + timedelta(seconds=ends))
        return left[len(due) :]

    def tell(self, mailbox: Mailbox) -> dict[str, Any]:
        tallies: list[Tally] = []
        lines = []
        for shop in self.shops:
            store_id = self.counter.stores[shop.domain]
            placed = [life.order for life in self.lives if life.order is not None and life.shop is shop]
            mails = mailbox.mails
            with self.counter.db.reading(store_id) as tx:
                tally, ledger = take_tally(tx, shop, store_id, self.older[shop.domain], placed, mails)
            tallies.append(tally)
            lines += ledger
        platform, calls = self.server.platform, self.server.api.calls
        faults = [f"order {name} {words}" for tally in tallies for name, words in tally.wrong]
        faults += [f"order {name}: {notice} was never told" for tally in tallies for name, notice in tally.missing]
        faults += [f"a token of {owner} was sent to {where}" for where, owner in platform.foreign]
        return {
            "orders": sum(life.order is not None for life in self.lives),
            "wrong_state": sum(len(tally.wrong) for tally in tallies),
            "doubled": count_doubled(mailbox.mails, lines),
            "missing": sum(len({name for name, _ in tally.missing}) for tally in tallies),
            "calls": len(calls),
            "throttled": sum(one.outcome == "throttled" for one in calls),
            "over_budget": count_over_budget(calls, self.server.api.buckets),
            "token_refreshes": sum(shop.tokens.refreshes for shop in self.shops),
            "foreign_tokens": len(platform.foreign),
            "older_mailed": sum(tally.older_mailed for tally in tallies),
            "answers_lost": len(ANSWERS_LOST) - self.server.manners.lose_answers,
            "mails": len(mailbox.mails),
            "deliveries": len(platform.webhooks.attempts),
            "deliveries_lost": len(platform.webhooks.unmade),
            "points": sum(one.actual for one in calls),
            "seed": self.wish.seed,
            "faults": faults,
        }
