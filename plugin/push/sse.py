"""Server-Sent Events as bytes (https://html.spec.whatwg.org/multipage/server-sent-events.html, read 2026-11-21)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plugin.push.hub import Event, Gone, Subscription

BEAT_SECONDS = 15.0
"""Proxies close silent lines after 30 to 60 seconds; the widget believes a line dead after three missed beats."""
BEAT = b": beat\n\n"


def listen(subscription: Subscription, beat_seconds: float = BEAT_SECONDS) -> Iterator[Event | None]:
    """The events of a subscription, None for each silence, until it ends."""
    with subscription:
        while True:
            try:
                yield subscription.wait(beat_seconds)
            except Gone:
                return


def write_event(event: Event) -> bytes:
    """``id``, ``event`` and ``data`` lines. Line ends inside the id or the name are taken out, in data kept."""
    lines = [f"id: {_one_line(event.id)}"] if event.id else []
    lines.append(f"event: {_one_line(event.name)}")
    data = event.data.replace("\r\n", "\n").replace("\r", "\n")
    lines += [f"data: {part}" for part in data.split("\n")]
    return ("\n".join(lines) + "\n\n").encode()


def write_stream(events: Iterable[Event | None]) -> Iterator[bytes]:
    """The body of a ``text/event-stream``; begins with a beat, so that the headers leave at once."""
    yield BEAT
    for event in events:
        yield BEAT if event is None else write_event(event)


def _one_line(text: str) -> str:
    return text.replace("\r", "").replace("\n", "").replace("\0", "")
