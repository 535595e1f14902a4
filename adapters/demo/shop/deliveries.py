"""Webhooks waiting to leave, the thread that sends them, and the switches that make it misbehave.

A delivery is a row written in the transaction of its cause, so a shop that stops forgets none. Each is
tried up to ``1 + len(PAUSES)`` times; only a 2xx answer counts as taken.
"""

from __future__ import annotations

import json
import random
import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any

import requests

from adapters.demo import sign
from adapters.demo.shop.records import Records

PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
TIME_OUT = (3.0, 10.0)
SHUFFLE_WINDOW = 0.6
LONGEST_DELAY = 3600.0
_KEPT = 1000
_CALM: dict[str, Any] = {"duplicate": False, "shuffle": False, "drop": False, "delay_seconds": 0.0}


class Deliveries:
    """The queue and its sender. Nothing leaves while the shop is not connected."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="deliveries", daemon=True)
        self._http = requests.Session()
        # A proxy from the environment must not see the shop's orders.
        self._http.trust_env = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being sent; what waits stays written down."""
        self._stopped.set()
        self._woken.set()
        self._thread.join(timeout=sum(TIME_OUT) + 1)
        self._http.close()

    @property
    def misbehaviour(self) -> dict[str, Any]:
        return {**_CALM, **self._records.get_fact("misbehave", {})}

    def misbehave(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        """Turn the named switches; the others stay. Raises `ValueError` with words."""
        switches = self.misbehaviour
        for key, value in wish.items():
            if key == "delay_seconds" and _is_number(value) and 0 <= value <= LONGEST_DELAY:
                switches[key] = float(value)
            elif key in ("duplicate", "shuffle", "drop") and isinstance(value, bool):
                switches[key] = value
            else:
                raise ValueError(f"Not a switch: {key}. There are {', '.join(_CALM)}.")
        self._records.set_fact("misbehave", switches)
        return switches

    def put(self, topic: str, order_id: str, body: bytes) -> None:
        """Write a delivery down; it leaves as soon as its transaction is done."""
        if not self._records.get_fact("connection"):
            return
        switches = self.misbehaviour if topic != "ping" else _CALM
        now = time.time()
        state = "dropped" if switches["drop"] else "waiting"
        due_at = now + switches["delay_seconds"] + (SHUFFLE_WINDOW if switches["shuffle"] else 0.0)
        row = (secrets.token_hex(12), topic, order_id, body, state, int(switches["shuffle"]), due_at, now)
        with self._records.transaction() as rows:
            for _ in range(2 if switches["duplicate"] else 1):
                rows.execute(
                    "insert into deliveries (delivery_id, topic, order_id, body, state, shuffled, due_at,"
                    " made_at) values (?, ?, ?, ?, ?, ?, ?, ?)",
                    row,
                )
            rows.execute(
                "delete from deliveries where state != 'waiting'"
                " and id <= (select max(id) from deliveries) - ?",
                (_KEPT,),
            )
        self._woken.set()

    def count(self, state: str) -> int:
        """How many are ``waiting``, ``sent``, ``dropped`` or ``failed``."""
        return int(self._records.fetch("select count(*) from deliveries where state = ?", state)[0][0])

    def latest(self, order_id: str = "", limit: int = 20) -> list[dict[str, Any]]:
        """The newest deliveries, of one order or of all."""
        columns = ("id", "topic", "order_id", "state", "attempts", "answer", "made_at")
        found = self._records.fetch(
            "select id, topic, order_id, state, attempts, answer, made_at from deliveries"
            " where order_id = ? or ? = '' order by id desc limit ?",
            order_id,
            order_id,
            limit,
        )
        return [dict(zip(columns, row, strict=True)) for row in found]

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._woken.clear()
            for row in self._take_due():
                if self._stopped.is_set():
                    return
                self._send(*row)
            self._woken.wait(self._next_pause())

    def _next_pause(self) -> float:
        found = self._records.fetch("select min(due_at) from deliveries where state = 'waiting'")
        due_at = found[0][0]
        return 60.0 if due_at is None else min(60.0, max(0.0, due_at - time.time()))

    def _take_due(self) -> list[Any]:
        columns = "select id, delivery_id, topic, body, attempts from deliveries where state = 'waiting'"
        now = time.time()
        rows = self._records.fetch(columns + " and not shuffled and due_at <= ? order by due_at, id", now)
        hand = self._records.fetch(columns + " and shuffled order by due_at, id")
        oldest = self._records.fetch(
            "select min(due_at) from deliveries where state = 'waiting' and shuffled"
        )[0][0]
        if oldest is not None and oldest <= now:
            rows.extend(_shuffle(hand))
        return rows

    def _send(self, row_id: int, delivery_id: str, topic: str, body: bytes, attempts: int) -> None:
        connection = self._records.get_fact("connection")
        if not connection:
            self._settle(row_id, "failed", attempts, "not connected")
            return
        answer, taken = self._post(connection, delivery_id, topic, body)
        if taken:
            self._settle(row_id, "sent", attempts + 1, answer)
        elif attempts >= len(PAUSES):
            self._settle(row_id, "failed", attempts + 1, answer)
        else:
            self._settle(row_id, "waiting", attempts + 1, answer, time.time() + PAUSES[attempts])

    def _post(
        self, connection: Mapping[str, str], delivery_id: str, topic: str, body: bytes
    ) -> tuple[str, bool]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "barro-y-sol-demo-shop",
            "X-Demo-Topic": topic,
            "X-Demo-Delivery": delivery_id,
            "X-Demo-Signature": sign(body, connection["webhook_secret"]),
        }
        try:
            answer = self._http.post(
                connection["hook_url"], data=body, headers=headers, timeout=TIME_OUT, allow_redirects=False
            )
        except (requests.RequestException, ValueError) as error:
            return type(error).__name__, False
        return str(answer.status_code), answer.ok and answer.status_code < 300

    def _settle(
        self, row_id: int, state: str, attempts: int, answer: str, due_at: float | None = None
    ) -> None:
        with self._records.transaction() as rows:
            rows.execute(
                "update deliveries set state = ?, attempts = ?, answer = ?, shuffled = 0,"
                " due_at = coalesce(?, due_at) where id = ?",
                (state, attempts, answer, due_at, row_id),
            )


def _shuffle(hand: list[Any]) -> list[Any]:
    """A different order than before, always: a shuffle that changes nothing would test nothing."""
    shuffled = random.sample(hand, len(hand))
    return shuffled[::-1] if shuffled == hand else shuffled


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def encode(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and sent."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
