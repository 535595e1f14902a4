"""Live events to browsers: one hub per process, fed after commits, read by streams."""

from plugin.push.hub import Event, Gone, Hub, Subscription, TooMany, tell
from plugin.push.open import open_hub
from plugin.push.sse import BEAT_SECONDS, listen, write_event, write_stream

__all__ = [
    "BEAT_SECONDS", "Event", "Gone", "Hub", "Subscription", "TooMany", "listen", "open_hub", "tell", "write_event",
    "write_stream",
]  # fmt: skip
