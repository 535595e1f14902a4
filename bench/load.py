"""The clients, in a process of their own: `python -m bench.load` reads a wish (JSON) and prints what it saw (JSON).

Without a rate every connection sends as fast as it is answered. With one, requests leave on a timetable, and the
time of each counts from when it should have left: a server that stalls cannot hide it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from itertools import cycle

from bench.deliveries import make_new_orders, read_requests


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to send, where, and how hard."""

    port: int
    path: str
    seconds: float
    connections: int = 16
    rate: float | None = None
    new_orders: bool = False
    """Each request an order of its own, instead of the recorded ones in turn; needs a rate."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What came back: seconds from request to answer, and how often each status."""

    seconds: list[float]
    statuses: dict[str, int]
    wall: float

    @property
    def rate(self) -> float:
        """Answers of 200 per second."""
        return self.statuses.get("200", 0) / self.wall


def send_load(wish: Wish) -> Seen:
    """Runs the clients in their own process."""
    run = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=json.dumps(asdict(wish)), text=True, stdout=subprocess.PIPE,
        check=True, timeout=wish.seconds + 60,
    )  # fmt: skip
    return Seen(**json.loads(run.stdout))


def _write_requests(wish: Wish) -> list[bytes]:
    if wish.new_orders:
        return make_new_orders(wish.path, int(wish.seconds * (wish.rate or 0)))
    return read_requests(wish.path)


class Connection(asyncio.Protocol):
    """One kept connection; asks its `load` what to do after each answer."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.transport: asyncio.WriteTransport | None = None
        self.received = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        self.load.free(self)

    def send(self, request: bytes, due_at: float) -> None:
        assert self.transport is not None
        self.sent_at = due_at
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end:
            return
        lower = head.lower()
        start = lower.find(b"content-length:")
        length = int(lower[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        if len(body) < length:
            return
        self.received = b""
        self.load.note(head[9:12].decode(), time.perf_counter() - self.sent_at)
        self.load.free(self)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.load.over:
            self.load.note("lost", 0.0)


class Load:
    """All connections of one run."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.requests = cycle(_write_requests(wish))
        self.waiting: deque[float] = deque()
        self.idle: deque[Connection] = deque()
        self.seconds: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.began = self.ends = 0.0
        self.over = False

    def note(self, status: str, seconds: float) -> None:
        self.statuses[status] += 1
        self.seconds.append(seconds)

    def free(self, connection: Connection) -> None:
        """The connection has nothing to do."""
        now = time.perf_counter()
        if self.waiting:
            connection.send(next(self.requests), self.waiting.popleft())
        elif self.wish.rate is None and self.began and now < self.ends:
            connection.send(next(self.requests), now)
        else:
            self.idle.append(connection)

    def due(self, at: float) -> None:
        """A request should leave now."""
        if self.idle:
            self.idle.popleft().send(next(self.requests), at)
        else:
            self.waiting.append(at)

    async def run(self) -> Seen:
        loop = asyncio.get_running_loop()
        for _ in range(self.wish.connections):
            await loop.create_connection(lambda: Connection(self), "127.0.0.1", self.wish.port)
        self.began = time.perf_counter()
        self.ends = self.began + self.wish.seconds
        await (self._at_will() if self.wish.rate is None else self._by_timetable(self.wish.rate))
        wall = time.perf_counter() - self.began
        self.over = True
        return Seen(seconds=self.seconds, statuses=dict(self.statuses), wall=wall)

    async def _at_will(self) -> None:
        for connection in [self.idle.popleft() for _ in range(len(self.idle))]:
            connection.send(next(self.requests), time.perf_counter())
        await self._all_answered()

    async def _by_timetable(self, rate: float) -> None:
        count = int(self.wish.seconds * rate)
        for number in range(count):
            at = self.began + number / rate
            if (wait := at - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            self.due(at)
        await self._all_answered()

    async def _all_answered(self) -> None:
        give_up_at = self.ends + 30
        while time.perf_counter() < give_up_at:
            if time.perf_counter() >= self.ends and len(self.idle) == self.wish.connections:
                return
            await asyncio.sleep(0.002)


def main() -> None:
    seen = asyncio.run(Load(Wish(**json.load(sys.stdin))).run())
    json.dump(asdict(seen), sys.stdout)


if __name__ == "__main__":
    main()
