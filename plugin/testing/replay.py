"""Plays recorded webhook deliveries into an instance, as the platform would, and tells what came of it.

A fresh instance is started in this process: real HTTP in, real SMTP out, a real database in a folder; only
the clock is ours, so that settling and holding take no time. See `mostrador replay --help`.
"""

from __future__ import annotations

import json
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import func, select
from werkzeug.serving import WSGIRequestHandler, make_server

from plugin.app import House, build_house
from plugin.contract import (
    AdapterError,
    Handshake,
    HookRequest,
    OrderChanged,
    StoreAccess,
    StoreAdapter,
    SystemClock,
)
from plugin.database import ALL, Database, migrate
from plugin.notices import read_ledger
from plugin.orders import OrderView, Receipt, count_receipts, list_orders, view_order
from plugin.settings import FILE_NAME, PREFIX, Settings, fresh_keys, load_settings, write_settings
from plugin.stores import StoreRow, connect, get_store, list_stores
from plugin.testing.clock import FrozenClock
from plugin.testing.smtp import open_mailbox
from plugin.work import count_due

LONGEST_WAIT = 60.0
EVERYTHING = 100_000
FINAL = ("applied", "repeated", "stale", "refetch", "ignored", "buried")


class ReplayError(Exception):
    """The replay could not be run; the message says what to do."""


@dataclass(frozen=True)
class Recorded:
    """One recorded delivery: file name, headers and body as received, and when its order was last modified."""

    name: str
    headers: dict[str, str]
    body: bytes
    created_at: datetime | None
    modified_at: datetime | None


@dataclass(frozen=True)
class Replay:
    """What to play, how, and against what. `live`: recorded order, each delivery decided before the next."""

    directory: Path
    secret: str
    platform: str = "woocommerce"
    copies: int = 1
    shuffle: int | None = None
    live: bool = False
    data: Path | None = None
    against: str | None = None
    store: str | None = None
    smtp: str | None = None


def run_replay(wish: Replay) -> dict[str, Any]:
    """Runs it. Gives `orders`, `notices`, `receipts` and `seconds`. Raises `ReplayError`."""
    started = time.monotonic()
    with ExitStack() as stack:
        result = _against(wish, stack) if wish.against else _own_instance(wish, stack)
    result["seconds"] = round(time.monotonic() - started, 2)
    return result


def _own_instance(wish: Replay, stack: ExitStack) -> dict[str, Any]:
    data = wish.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mostrador-replay-")))
    data.mkdir(parents=True, exist_ok=True)
    smtp = wish.smtp or stack.enter_context(open_mailbox(data / "mailbox.jsonl")).url
    if not (data / FILE_NAME).exists():
        write_settings(data, fresh_keys())
    database = f"sqlite:///{data / 'mostrador.db'}"
    settings = load_settings(
        data, {PREFIX + "DATABASE_URL": database, PREFIX + "SMTP_URL": smtp, **_passed_on()}
    )
    migrate(settings.database_url)
    clock = FrozenClock(datetime(2000, 1, 1, tzinfo=UTC))
    house = build_house(settings, clock)
    deliveries = read_deliveries(wish.directory, house.doors.registry.get(wish.platform))
    dated = [delivery.modified_at for delivery in deliveries if delivery.modified_at]
    created = [delivery.created_at for delivery in deliveries if delivery.created_at]
    oldest = min(created, default=datetime.now(UTC))
    clock.move_to(oldest if wish.live else max(dated, default=oldest))
    store_id, path = _open_store(house, wish, oldest - timedelta(minutes=1))
    house.start()
    stack.callback(house.stop)
    url = stack.enter_context(_serve(house)) + path
    before = _last_receipt(house.db, store_id)
    answers: Counter[str] = Counter()
    for delivery in _arrange(deliveries, wish):
        if wish.live and delivery.modified_at:
            clock.move_to(max(clock.now(), delivery.modified_at))
        answers[_send(url, delivery)] += 1
        if wish.live:
            _settle(house, store_id, clock, 1)
    _settle(house, store_id, clock, 2)
    return _tell(house.db, store_id, before, answers)


def _passed_on() -> dict[str, str]:
    import os

    return {name: value for name, value in os.environ.items() if name == PREFIX + "ADAPTERS"}


def _against(wish: Replay, stack: ExitStack) -> dict[str, Any]:
    """Plays into a running instance whose settings (and so its database) are reachable from here."""
    settings: Settings = load_settings(wish.data)
    house = build_house(settings, SystemClock())
    stack.callback(house.db.close)
    with house.db.reading(ALL, "find the store of a replay") as tx:
        row = next((row for row in list_stores(tx) if row.public_id == wish.store), None)
    if row is None:
        raise ReplayError(f"There is no store {wish.store!r}; `--store` wants the id that the desk shows.")
    deliveries = read_deliveries(wish.directory, house.doors.registry.get(row.platform))
    before = _last_receipt(house.db, row.id)
    url = f"{str(wish.against).rstrip('/')}/hooks/{row.platform}/{row.hook_key}"
    answers = Counter(_send(url, delivery) for delivery in _arrange(deliveries, wish))
    _wait_idle(house.db, row.id, SystemClock())
    return _tell(house.db, row.id, before, answers)


def read_deliveries(directory: Path, adapter: StoreAdapter) -> Sequence[Recorded]:
    """The recordings of a folder (`NAME.body` beside `NAME.headers.json`), in order of arrival."""
    bodies = sorted(directory.glob("*.body"))
    if not bodies:
        raise ReplayError(f"{directory} holds no recorded deliveries (NAME.body beside NAME.headers.json).")
    return [_read_delivery(path, adapter) for path in bodies]


def _read_delivery(path: Path, adapter: StoreAdapter) -> Recorded:
    headers = json.loads(path.with_name(path.name.removesuffix(".body") + ".headers.json").read_text("utf-8"))
    body = path.read_bytes()
    lower = {name.lower(): value for name, value in headers.items()}
    created = modified = None
    try:
        delivery = adapter.read_webhook(HookRequest(hook_key="", headers=lower, body=body))
        events = [] if isinstance(delivery, Handshake) else adapter.parse_webhook(delivery)
        order = next((event.order for event in events if isinstance(event, OrderChanged)), None)
        created, modified = (order.created_at, order.modified_at) if order else (None, None)
    except AdapterError:
        pass
    return Recorded(path.name, headers, body, created, modified)


def _open_store(house: House, wish: Replay, connected_at: datetime) -> tuple[int, str]:
    """A live store without API keys, connected before the oldest order; the same one on the same data."""
    with house.db.transaction(ALL, "the store of a replay") as tx:
        access = StoreAccess(domain="replay.example", name="Replay", credentials={}, locale="en")
        row: StoreRow = connect(tx, wish.platform, access, connected_at, webhook_secret=wish.secret)
        row.live_at, row.mail_mode = row.live_at or connected_at, "all"
        return row.id, f"/hooks/{row.platform}/{row.hook_key}"


def _arrange(deliveries: Sequence[Recorded], wish: Replay) -> list[Recorded]:
    playlist = [delivery for delivery in deliveries for _ in range(wish.copies)]
    if wish.shuffle is not None:
        random.Random(wish.shuffle).shuffle(playlist)
    return playlist


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """A replay's output is its result."""


@contextmanager
def _serve(house: House) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, house.web(), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def _send(url: str, delivery: Recorded) -> str:
    """Posts one delivery as recorded; gives `kept`, `ping` or `rejected`."""
    own = {
        name: value
        for name, value in delivery.headers.items()
        if name.lower() not in ("host", "content-length")
    }
    answer = requests.post(url, data=delivery.body, headers=own, timeout=30, allow_redirects=False)
    if answer.status_code == 200:
        return "ping" if answer.text.strip() == "hello" else "kept"
    if answer.status_code == 401:
        return "rejected"
    raise ReplayError(f"{delivery.name} was answered {answer.status_code}: {answer.text.strip()[:200]}")


def _settle(house: House, store_id: int, clock: FrozenClock, moves: int) -> None:
    """Waits for calm, then moves the clock past the settle window and (with two moves) past the hold."""
    _wait_idle(house.db, store_id, clock)
    with house.db.reading(store_id) as tx:
        store = get_store(tx, store_id)
    for seconds in (store.settle_seconds, store.hold_seconds)[:moves]:
        clock.advance(timedelta(seconds=seconds + 1))
        house.engine.wake()
        _wait_idle(house.db, store_id, clock)


def _wait_idle(db: Database, store_id: int, clock: FrozenClock | SystemClock) -> None:
    """Until no receipt is unapplied and no job is due."""
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        with db.reading(ALL, "is everything done") as tx:
            waiting = count_due(tx, clock.now())
            unapplied = count_receipts(tx, store_id).get("unapplied", 0)
        if not waiting and not unapplied:
            return
        time.sleep(0.005)
    raise ReplayError(
        f"After {LONGEST_WAIT:.0f} s there was still work left: {waiting} jobs, {unapplied} receipts."
    )


def _last_receipt(db: Database, store_id: int) -> int:
    with db.reading(store_id) as tx:
        return tx.scalar(select(func.max(Receipt.id)).where(Receipt.store_id == store_id)) or 0


def _tell(db: Database, store_id: int, before: int, answers: Counter[str]) -> dict[str, Any]:
    with db.reading(store_id) as tx:
        counts = count_receipts(tx, store_id, before)
        rows = sorted(list_orders(tx, store_id, EVERYTHING), key=lambda row: row.external_id)
        orders = {row.external_id: _final_state(view_order(tx, row)) for row in rows}
        notices = [
            {
                "order": line.order,
                "notice": line.notice,
                "about": line.about,
                "sent": line.sent,
                "reason": line.reason,
            }
            for row in rows
            for line in read_ledger(tx, row)
        ]
    receipts = {name: counts.get(name, 0) for name in FINAL}
    receipts |= {"ping": answers["ping"], "rejected": answers["rejected"]}
    notices.sort(key=lambda line: (line["order"], line["notice"], line["about"]))
    return {"orders": orders, "notices": notices, "receipts": receipts}


def _final_state(view: OrderView) -> dict[str, Any]:
    order = view.order
    return {
        "number": order.number,
        "status": order.status,
        "raw_status": order.raw_status,
        "payment_status": order.payment_status,
        "pay_on_delivery": order.pay_on_delivery,
        "total": str(order.total.amount),
        "currency": order.total.currency,
        "locale": view.row.locale,
        "modified_at": order.modified_at.isoformat(),
        "gone": view.row.gone_at is not None,
        "refunds": {refund.external_id: str(refund.amount.amount) for refund in order.refunds},
        "shipments": {
            parcel.key: {
                "status": parcel.shipment.status,
                "carrier": parcel.shipment.carrier,
                "tracking_number": parcel.shipment.tracking_number,
            }
            for parcel in view.parcels
        },
        "timeline": [[entry.kind, entry.about, entry.value, entry.at.isoformat()] for entry in view.timeline],
    }
