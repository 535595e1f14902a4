"""From the moment a notice is due to the mail server's taking its mail, while 100 new orders arrive per second.

Everything is real: webhooks over HTTP into the server as it is started by default (jobs in the same process), each
order applied, decided, written in its language, laid out, and handed to an SMTP server in a process of its own.
Due is the moment an order was applied plus the store's settle window.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import timedelta

from sqlalchemy import select

from bench.figures import Figure, percentile, spread
from bench.instances import Databases, Instance, run_instance
from bench.load import Seen, Wish, send_load
from bench.machine import cpu_seconds
from bench.sink import Sink
from plugin.contract import SystemClock
from plugin.database import ALL
from plugin.notices import LedgerRow
from plugin.orders import OrderRow, Receipt
from plugin.testing.processes import AppWorker
from plugin.work import count_due

PART = "event to SMTP"
RATE = 100.0
GOAL_MS = 1000.0
LONGEST_WAIT = 90.0
CASES = (("SQLite", 0, 0), ("SQLite", 0, 1), ("PostgreSQL", 0, 0), ("PostgreSQL", 2, 0))
"""Engine, workers beside the server (none: it does the jobs itself), seconds of the settle window."""


def measure(quick: bool) -> list[Figure]:
    """Both engines; jobs in the server's process, and on PostgreSQL also in a worker of their own."""
    figures: list[Figure] = []
    with ExitStack() as stack:
        databases = Databases(stack)
        for engine, workers, settle in (CASES[0], CASES[-1]) if quick else CASES:
            figures += _measure(databases.make(engine), engine, workers, settle, 2 if quick else 20)
    return figures


def _measure(url: str, engine: str, workers: int, settle: int, seconds: float) -> list[Figure]:
    with ExitStack() as stack:
        sink = stack.enter_context(Sink())
        instance, server = stack.enter_context(
            run_instance(url, smtp_url=sink.url, jobs="worker" if workers else "embedded")
        )
        instance.set_settle(settle)
        servers = [server, *(stack.enter_context(AppWorker(instance.values)) for _ in range(workers))]
        before = [cpu_seconds(one.pid) for one in servers]
        wish = Wish(port=server.port, path=instance.path, seconds=seconds, rate=RATE, new_orders=True)
        seen = send_load(wish)
        _wait_until_done(instance)
        busy = sum(cpu_seconds(one.pid) for one in servers) - sum(before)
        due, received = _read_times(instance, timedelta(seconds=settle))
        arrived = sink.arrivals()
    where = f"jobs in {workers} workers" if workers else "jobs in the server"
    return _tell(f"{engine}, {where}, settle {settle} s", seen, due, received, arrived, busy)


def _wait_until_done(instance: Instance) -> None:
    give_up_at = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < give_up_at:
        with instance.db.reading(ALL, "is everything sent") as tx:
            soon = SystemClock().now() + timedelta(minutes=1)
            if not count_due(tx, soon):
                return
        time.sleep(0.2)
    raise RuntimeError(f"After {LONGEST_WAIT:.0f} s not everything was sent.")


def _read_times(instance: Instance, settle: timedelta) -> tuple[dict[str, float], dict[str, float]]:
    """Message-ID → when its notice was due, and when its order's webhook was kept (seconds since 1970)."""
    with instance.db.reading(instance.store_id) as tx:
        receipts = tx.execute(
            select(Receipt.order_external_id, Receipt.received_at, Receipt.applied_at).where(
                Receipt.store_id == instance.store_id
            )
        ).all()
        told = tx.execute(
            select(OrderRow.external_id, LedgerRow.message_id)
            .join(LedgerRow, LedgerRow.order_id == OrderRow.id)
            .where(
                OrderRow.store_id == instance.store_id,
                LedgerRow.store_id == instance.store_id,
                LedgerRow.sent_at.is_not(None),
            )
        ).all()
    times = {order: (received, applied) for order, received, applied in receipts if order and applied}
    sent = [(order, message) for order, message in told if message]
    due = {message: (times[order][1] + settle).timestamp() for order, message in sent}
    received = {message: times[order][0].timestamp() for order, message in sent}
    return due, received


def _tell(
    case: str,
    seen: Seen,
    due: dict[str, float],
    received: dict[str, float],
    arrived: dict[str, list[float]],
    busy: float,
) -> list[Figure]:
    orders, mails = len(seen.seconds), sum(len(times) for times in arrived.values())
    if set(due) != set(arrived) or mails != orders:
        raise RuntimeError(
            f"{orders} orders, {len(due)} mails sent by the ledger, {mails} taken by the server."
        )
    late = [arrived[message][0] - at for message, at in due.items()]
    whole = [arrived[message][0] - at for message, at in received.items()]
    acknowledged = [value * 1000 for value in seen.seconds]
    note = f"{orders} orders at {RATE:.0f}/s, one mail each"
    share = f"{busy / orders * RATE:.0%} of one core at this rate"
    return [
        *spread(PART, case, "due to taken", late, GOAL_MS, note),
        *spread(PART, case, "webhook kept to taken", whole, note="settle window included"),
        Figure(part=PART, case=case, name="webhook answered p99", value=percentile(acknowledged, 0.99), unit="ms"),
        Figure(part=PART, case=case, name="processor time", value=busy / max(1, orders) * 1000, unit="ms",
               note=f"per order, from webhook to mail; {share}"),
    ]  # fmt: skip
