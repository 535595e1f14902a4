"""Plays recorded webhook deliveries into an instance, as the platform would, and tells what came of it.

A fresh instance is started in this process: real HTTP in, real SMTP out, a real database in a folder; only
the clock is ours, so that settling and holding take no time. See `mostrador replay --help`.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import make_url
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
from plugin.registry import UnknownAdapter
from plugin.settings import FILE_NAME, PREFIX, Settings, fresh_keys, load_settings, write_settings
from plugin.stores import StoreRow, connect, get_store, list_stores
from plugin.testing.clock import FrozenClock
from plugin.testing.smtp import open_mailbox
from plugin.troubles import find_database_trouble, find_faults
from plugin.work import count_due
from plugin.work.models import Job

DOMAIN = "replay.example"
"""The shop of a replay's own instance."""
LONGEST_WAIT = 60.0
MARGIN = 5.0
"""Seconds beyond the settle window in which another instance's decisions are waited for."""
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
    _refuse_foreign(data / "mostrador.db", wish.platform)
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not (data / FILE_NAME).exists():
            write_settings(data, fresh_keys())
    except OSError as error:
        raise ReplayError(f"{data} cannot hold an instance: {error.strerror}.") from None
    smtp = wish.smtp or stack.enter_context(open_mailbox(data / "mailbox.jsonl")).url
    database = f"sqlite:///{data / 'mostrador.db'}"
    settings = load_settings(
        data, {PREFIX + "DATABASE_URL": database, PREFIX + "SMTP_URL": smtp, **_passed_on()}
    )
    _refuse(find_faults(settings))
    migrate(settings.database_url)
    clock = FrozenClock(datetime(2000, 1, 1, tzinfo=UTC))
    house = build_house(settings, clock)
    stack.callback(house.db.close)
    deliveries = read_deliveries(wish.directory, _find_adapter(house, wish.platform))
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
    return {name: value for name, value in os.environ.items() if name == PREFIX + "ADAPTERS"}


def _refuse_foreign(path: Path, platform: str) -> None:
    """An instance with other stores is no place for a replay: their jobs would be done too, by another clock. Asked
    before anything is migrated, whatever the version that wrote the file."""
    if not path.exists():
        return
    others = "SELECT count(*) FROM stores WHERE NOT (platform = ? AND domain = ?)"
    try:
        with closing(sqlite3.connect(path)) as file:
            known = file.execute("SELECT count(*) FROM sqlite_master WHERE name = 'stores'").fetchone()[0]
            count = file.execute(others, (platform, DOMAIN)).fetchone()[0] if known else 0
    except sqlite3.Error as error:
        raise ReplayError(f"{path} cannot be read as a database: {error}.") from None
    if count:
        raise ReplayError(
            f"{path.parent} holds an instance with other stores ({count}), whose mails a replay would send by its own "
            "clock. Give --data a folder of the replay's own, or --against and --store for a running instance."
        )


def _refuse(troubles: Sequence[str]) -> None:
    if troubles:
        raise ReplayError(" ".join(troubles))


def _find_adapter(house: House, platform: str) -> StoreAdapter:
    try:
        return house.doors.registry.get(platform)
    except UnknownAdapter as error:
        raise ReplayError(str(error)) from None


def _against(wish: Replay, stack: ExitStack) -> dict[str, Any]:
    """Plays into a running instance whose settings (and so its database) are reachable from here."""
    settings = _settings_of(wish.data)
    _refuse(find_faults(settings))
    _refuse(list(filter(None, [find_database_trouble(settings.database_url)])))
    house = build_house(settings, SystemClock())
    stack.callback(house.db.close)
    with house.db.reading(ALL, "find the store of a replay") as tx:
        row = next((row for row in list_stores(tx) if row.public_id == wish.store), None)
    if row is None:
        raise ReplayError(f"There is no store {wish.store!r}; `--store` wants the id that the desk shows.")
    deliveries = read_deliveries(wish.directory, _find_adapter(house, row.platform))
    before = _last_receipt(house.db, row.id)
    url = f"{str(wish.against).rstrip('/')}/hooks/{row.platform}/{row.hook_key}"
    answers = Counter(_send(url, delivery) for delivery in _arrange(deliveries, wish))
    _wait_decided(house.db, row)
    return _tell(house.db, row.id, before, answers)


def _settings_of(data: Path | None) -> Settings:
    """The settings of the instance in a folder. Its database is in that folder too, unless they name another place:
    what is relative there is relative to the folder, where the instance was started, and not to ours."""
    settings = load_settings(data)
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return settings
    path = (data or Path()) / url.database
    if not path.is_file():
        raise ReplayError(f"There is no database at {path}: give --data the folder of the running instance.")
    absolute = url.set(database=str(path.resolve()))
    return replace(settings, database_url=absolute.render_as_string(hide_password=False))


def read_deliveries(directory: Path, adapter: StoreAdapter) -> Sequence[Recorded]:
    """The recordings of a folder (`NAME.body` beside `NAME.headers.json`), in order of arrival."""
    bodies = sorted(directory.glob("*.body"))
    if not bodies:
        raise ReplayError(f"{directory} holds no recorded deliveries (NAME.body beside NAME.headers.json).")
    return [_read_delivery(path, adapter) for path in bodies]


def _read_headers(path: Path) -> dict[str, str]:
    try:
        headers = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ReplayError(f"{path} is missing: each recorded body wants its headers beside it.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ReplayError(f"{path} cannot be read as JSON ({type(error).__name__}).") from None
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise ReplayError(f'{path} must be a JSON object of strings, like {{"Content-Type": "application/json"}}.')
    return headers


def _read_delivery(path: Path, adapter: StoreAdapter) -> Recorded:
    headers = _read_headers(path.with_name(path.name.removesuffix(".body") + ".headers.json"))
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
        access = StoreAccess(domain=DOMAIN, name="Replay", credentials={}, locale="en")
        row: StoreRow = connect(tx, wish.platform, access, connected_at, webhook_secret=wish.secret)
        row.live_at, row.mail_mode = row.live_at or connected_at, "all"
        row.webhook_secret = wish.secret
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
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
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
    try:
        answer = requests.post(url, data=delivery.body, headers=own, timeout=30, allow_redirects=False)
    except (requests.RequestException, UnicodeError) as error:
        # Without the error's words: they hold the store's secret address.
        where = url.partition("/hooks/")[0]
        raise ReplayError(f"{delivery.name} could not be sent to {where} ({type(error).__name__}).") from None
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

    def count() -> tuple[int, int]:
        with db.reading(ALL, "is everything done") as tx:
            return count_due(tx, clock.now()), count_receipts(tx, store_id).get("unapplied", 0)

    _wait_until_none(count, LONGEST_WAIT)


def _wait_decided(db: Database, store: StoreRow) -> None:
    """Until another process, with its own clock, has applied, decided and sent. What is held for longer than the
    settle window stays held; other stores' work is not waited for."""
    horizon: datetime | None = None

    def count() -> tuple[int, int]:
        now = datetime.now(UTC)
        told = and_(Job.kind.in_(("notices.decide", "notices.send")), Job.due_at <= (horizon or now))
        waiting = or_(Job.due_at <= now, Job.leased_until.is_not(None), told)
        mine = (Job.store == store.id, Job.buried_at.is_(None))
        with db.reading(ALL, "is everything done") as tx:
            jobs = tx.scalar(select(func.count()).select_from(Job).where(*mine, waiting)) or 0
            return jobs, count_receipts(tx, store.id).get("unapplied", 0)

    _wait_until_none(count, LONGEST_WAIT)
    window = store.settle_seconds + MARGIN
    horizon = datetime.now(UTC) + timedelta(seconds=window)
    _wait_until_none(count, window + LONGEST_WAIT, 0.05)


def _wait_until_none(count: Callable[[], tuple[int, int]], most: float, pause: float = 0.005) -> None:
    """Until `count` gives no jobs and no receipts; `most` and `pause` in seconds."""
    deadline = time.monotonic() + most
    while any(left := count()):
        if time.monotonic() > deadline:
            raise ReplayError(
                f"After {most:.0f} s there was still work left: {left[0]} jobs, {left[1]} receipts. "
                "Are the jobs of the instance being done?"
            )
        time.sleep(pause)


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
