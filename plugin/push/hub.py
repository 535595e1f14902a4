"""The hub: channels, listeners, and a short queue for each listener.

Nothing here is durable: an event is a hint that something changed, the database stays the truth. A listener that
does not keep up, or whose line to other processes broke, is sent away; it connects again and reads what it missed.
Works with threads and, patched, with greenlets.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from sqlalchemy.orm import Session

from plugin.database import after_commit
from plugin.push.marks import Marks

MOST_WAITING = 256
"""Events one listener may be behind."""
MOST_LISTENERS = 16
"""Nameless listeners of one channel: tabs of one shopper, or of who only looks. Named ones have no such bound."""


class Gone(Exception):
    """The subscription is over: too slow, revoked, or the server stops. Connect again and refresh."""


class TooMany(Exception):
    """This channel has as many nameless listeners as it may have."""


@dataclass(frozen=True)
class Event:
    """One event as a browser gets it: `name`, `data` (JSON), `id` for ``Last-Event-ID``.

    `sequence` counts the events of one name in one channel; 0: not counted. A reader can tell by it that events
    overtook each other between commit and here.
    """

    name: str
    data: str
    id: str = ""
    sequence: int = 0


class Subscription:
    """One listener's queue. Use it in a ``with``, or call `close` when done."""

    def __init__(self, leave: Callable[[Subscription], None], channel: str, name: str, most: int) -> None:
        self.channel, self.name = channel, name
        self._leave, self._most = leave, most
        self._waiting: deque[Event] = deque()
        self._changed = threading.Condition(threading.Lock())
        self._ended = False

    def wait(self, seconds: float) -> Event | None:
        """The next event, or None after so many seconds of silence. Raises `Gone`."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended, seconds)
            if self._ended:
                raise Gone("The stream ended.")
            return self._waiting.popleft() if self._waiting else None

    def offer(self, event: Event) -> None:
        """Queues an event; a listener that is too far behind is ended instead."""
        with self._changed:
            if len(self._waiting) >= self._most:
                self._ended = True
            elif not self._ended:
                self._waiting.append(event)
            self._changed.notify_all()

    def end(self) -> None:
        """The listener's next `wait` raises `Gone`."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def ended(self) -> bool:
        return self._ended

    def close(self) -> None:
        """Listens no more. May be called twice."""
        self.end()
        self._leave(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Hub:
    """The channels of one process."""

    def __init__(self, most_waiting: int = MOST_WAITING, most_listeners: int = MOST_LISTENERS) -> None:
        self._most_waiting, self._most_listeners = most_waiting, most_listeners
        self._channels: dict[str, tuple[Subscription, ...]] = {}
        self._left: dict[str, float] = {}
        self._guard = threading.Lock()
        self._marks = Marks()
        self.closing = threading.Event()
        """Set once the server stops."""

    def subscribe(self, channel: str, name: str = "") -> Subscription:
        """Starts listening; `name`: who listens, for those who ask `names`. Raises `TooMany`, `Gone`."""
        subscription = Subscription(self._leave, channel, name, self._most_waiting)
        with self._guard:
            here = self._channels.get(channel, ())
            if self.closing.is_set():
                raise Gone("The server stops.")
            if not name and sum(not one.name for one in here) >= self._most_listeners:
                raise TooMany("Too many streams are open here.")
            self._channels[channel] = (*here, subscription)
        return subscription

    def _leave(self, subscription: Subscription) -> None:
        with self._guard:
            left = tuple(
                one for one in self._channels.get(subscription.channel, ()) if one is not subscription
            )
            if left:
                self._channels[subscription.channel] = left
            else:
                self._channels.pop(subscription.channel, None)
            if subscription.name:
                self._left[subscription.channel] = time.monotonic()

    def publish(self, channel: str, event: Event) -> None:
        """Gives an event to every listener. Never waits for one, never raises. Not inside a transaction: `tell`."""
        for subscription in self._channels.get(channel, ()):
            subscription.offer(event)

    def names(self, channel: str) -> tuple[str, ...]:
        """Who listens here by name, each once, in the order of arrival."""
        here = self._channels.get(channel, ())
        return tuple(dict.fromkeys(one.name for one in here if one.name))

    def was_named(self, channel: str, seconds: float) -> bool:
        """Whether somebody listens here by name, or did so many seconds ago."""
        if self.names(channel):
            return True
        left = self._left.get(channel)
        return left is not None and time.monotonic() - left <= seconds

    def is_heard(self, channel: str) -> bool:
        """Whether anybody listens here."""
        return bool(self._channels.get(channel))

    def count(self, channel: str | None = None) -> int:
        """How many listen in this process, to one channel or in all."""
        with self._guard:
            chosen = self._channels.values() if channel is None else [self._channels.get(channel, ())]
            return sum(len(one) for one in chosen)

    def put_mark(self, channel: str, mark: str, seconds: float) -> bool:
        """Says for so many seconds that somebody is there; True when it was not known (any more)."""
        return self._marks.put(channel, mark, seconds)

    def drop_mark(self, channel: str, mark: str) -> bool:
        """Says that somebody is there no longer; True when it was known."""
        return self._marks.drop(channel, mark)

    def read_marks(self, channel: str) -> tuple[str, ...]:
        """What was said of a channel and has not faded, each once."""
        return self._marks.read(channel)

    def end_all(self) -> None:
        """Sends every listener away; they connect again and refresh."""
        with self._guard:
            everyone = [one for here in self._channels.values() for one in here]
        for subscription in everyone:
            subscription.end()

    def close(self) -> None:
        """The server stops: every stream ends, none starts."""
        self.closing.set()
        self.end_all()


def tell(tx: Session, hub: Hub, channel: str, event: Event) -> None:
    """Publishes once the transaction is committed; never when it is rolled back."""
    after_commit(tx, partial(hub.publish, channel, event))
