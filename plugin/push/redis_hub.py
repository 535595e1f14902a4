"""The hub of several processes: what one publishes, all hear. One Redis channel, one line per process.

Events of this process reach its own listeners directly, so a Redis that is away only parts the processes from each
other. When the line comes back, everybody is sent away to refresh: something may have been missed meanwhile.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec
import redis

from plugin.push.hub import MOST_LISTENERS, MOST_WAITING, Event, Hub, Subscription

log = logging.getLogger("mostrador.push")

CHANNEL = "mostrador:push"
HERE = "mostrador:here:"
HEARD = "mostrador:heard:"
LEFT = "mostrador:left:"
LEFT_SECONDS = 600
"""How long it is known when somebody with a name stopped listening."""
MARKS = "mostrador:marks:"
HERE_SECONDS = 30.0
"""How long a name is believed to listen without being told again."""
SLOW_RETRY = 3.0


class _Sent(msgspec.Struct):
    by: str
    channel: str
    name: str
    data: str
    id: str
    sequence: int


class RedisHub(Hub):
    """A `Hub` joined with those of other processes on the same Redis."""

    def __init__(
        self, url: str, most_waiting: int = MOST_WAITING, most_listeners: int = MOST_LISTENERS
    ) -> None:
        super().__init__(most_waiting, most_listeners)
        self._redis = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
        self._own = secrets.token_hex(8)
        self._line: threading.Thread | None = None
        self._connected = threading.Event()
        self._away_until = 0.0

    def subscribe(self, channel: str, name: str = "") -> Subscription:
        subscription = super().subscribe(channel, name)
        with self._guard:
            if self._line is None:
                self._line = threading.Thread(target=self._keep_line, name="push-line", daemon=True)
                self._line.start()
        # Whoever reads the database after subscribing must not miss what other processes tell in between.
        self._connected.wait(SLOW_RETRY)
        if name:
            self._announce(channel)
        self._announce_heard([channel])
        return subscription

    def _leave(self, subscription: Subscription) -> None:
        super()._leave(subscription)
        if subscription.name:
            self._announce(subscription.channel)
            self._ask("set", LEFT + subscription.channel, time.time(), LEFT_SECONDS)
        if not self._channels.get(subscription.channel):
            self._ask("hdel", HEARD + subscription.channel, self._own)

    def publish(self, channel: str, event: Event) -> None:
        super().publish(channel, event)
        sent = _Sent(self._own, channel, event.name, event.data, event.id, event.sequence)
        self._ask("publish", CHANNEL, msgspec.json.encode(sent))

    def names(self, channel: str) -> tuple[str, ...]:
        own, now = super().names(channel), time.time()
        known: dict[bytes, bytes] = self._ask("hgetall", HERE + channel) or {}
        others: list[str] = []
        for by, told in known.items():
            seen = json.loads(told)
            if by.decode() != self._own and seen["until"] > now:
                others += seen["names"]
        return tuple(dict.fromkeys((*own, *others)))

    def was_named(self, channel: str, seconds: float) -> bool:
        if super().was_named(channel, seconds):
            return True
        left: bytes | None = self._ask("get", LEFT + channel)
        return left is not None and time.time() - float(left) <= seconds

    def is_heard(self, channel: str) -> bool:
        if super().is_heard(channel):
            return True
        known: dict[bytes, bytes] = self._ask("hgetall", HEARD + channel) or {}
        return any(float(until) > time.time() for by, until in known.items() if by.decode() != self._own)

    def close(self) -> None:
        super().close()
        if self._line is not None:
            self._line.join(SLOW_RETRY + 2)
        self._redis.close()

    def _announce(self, channel: str) -> None:
        """Tells the other processes who listens here by name."""
        names = Hub.names(self, channel)
        key = HERE + channel
        if names:
            told = json.dumps({"names": names, "until": time.time() + HERE_SECONDS})
            self._ask("hset", key, self._own, told)
            self._ask("expire", key, int(HERE_SECONDS * 2))
        else:
            self._ask("hdel", key, self._own)

    def _announce_heard(self, channels: list[str]) -> None:
        """Tells the other processes that somebody listens here, with a name or without."""
        if not channels or time.monotonic() < self._away_until:
            return
        until = time.time() + HERE_SECONDS
        with self._redis.pipeline(transaction=False) as line:
            for channel in channels:
                line.hset(HEARD + channel, self._own, str(until))
                line.expire(HEARD + channel, int(HERE_SECONDS * 2))
            self._ask_line(line.execute)

    def _ask(self, command: str, *given: Any) -> Any:
        """One command; None while Redis is away. It is then left alone for a moment: nobody waits for it twice."""
        return self._ask_line(getattr(self._redis, command), *given)

    def _ask_line(self, ask: Callable[..., Any], *given: Any) -> Any:
        if time.monotonic() < self._away_until:
            return None
        try:
            return ask(*given)
        except (redis.RedisError, OSError) as error:
            self._away_until = time.monotonic() + SLOW_RETRY
            log.warning(
                "Redis does not answer; live events stay inside this process: %s", type(error).__name__
            )
            return None

    def _keep_line(self) -> None:
        lost = False
        while not self.closing.is_set():
            try:
                with self._redis.pubsub() as line:  # type: ignore[no-untyped-call]
                    line.subscribe(CHANNEL)
                    if line.get_message(timeout=5) is None:
                        raise redis.ConnectionError("no confirmation")
                    if lost:
                        self.end_all()
                    self._connected.set()
                    self._read_line(line)
            except (redis.RedisError, OSError) as error:
                lost = True
                self._connected.clear()
                log.warning("The line to Redis broke and is made again: %s", type(error).__name__)
                self.closing.wait(1.0)

    def _read_line(self, line: Any) -> None:
        announced = time.monotonic()
        while not self.closing.is_set():
            message = line.get_message(timeout=1.0)
            if message is not None and message["type"] == "message":
                self._take(message["data"])
            if time.monotonic() - announced > HERE_SECONDS / 3:
                announced = time.monotonic()
                here = list(self._channels)
                for channel in here:
                    if Hub.names(self, channel):
                        self._announce(channel)
                self._announce_heard(here)

    def _take(self, packed: bytes) -> None:
        try:
            sent = msgspec.json.decode(packed, type=_Sent)
        except (msgspec.MsgspecError, UnicodeError):
            log.warning("Something that is no event came over Redis; it is left out.")
            return
        if sent.by != self._own:
            Hub.publish(self, sent.channel, Event(sent.name, sent.data, sent.id, sent.sequence))

    def put_mark(self, channel: str, mark: str, seconds: float) -> bool:
        new, now, key = super().put_mark(channel, mark, seconds), time.time(), MARKS + channel
        self._ask("zremrangebyscore", key, "-inf", now)
        added = self._ask("zadd", key, {mark: now + seconds})
        self._ask("expire", key, int(seconds) + 1)
        return new if added is None else bool(added)

    def drop_mark(self, channel: str, mark: str) -> bool:
        here, there = super().drop_mark(channel, mark), self._ask("zrem", MARKS + channel, mark)
        return here if there is None else bool(there)

    def read_marks(self, channel: str) -> tuple[str, ...]:
        told: list[bytes] | None = self._ask("zrangebyscore", MARKS + channel, time.time(), "+inf")
        # Another process may have dropped what this one put, so its own memory counts only while Redis is away.
        return super().read_marks(channel) if told is None else tuple(one.decode("utf-8", "replace") for one in told)
