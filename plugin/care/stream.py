"""A shopper's stream: every message once and in order, though events may overtake each other or get lost.

Between events it holds no database connection. It reads the database at its beginning, and again only when the
position of an event shows that another one is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugin.care.doors import Care
from plugin.care.models import ConversationRow, MessageRow, VisitorRow
from plugin.care.shapes import conversation_channel, conversation_event, message_event
from plugin.care.threads import find_conversation, find_of_visitor, read_messages
from plugin.push import BEAT_SECONDS, Event, Gone, Subscription


@dataclass
class Stream:
    """Iterate it for events, None for each silence; `close` it when nobody listens any more."""

    care: Care
    store_id: int
    conversation: ConversationRow
    subscription: Subscription
    after: int
    beat_seconds: float = BEAT_SECONDS
    version: int = -1

    def __iter__(self) -> Iterator[Event | None]:
        try:
            yield from self._catch_up()
            while True:
                event = self.subscription.wait(self.beat_seconds)
                if event is None:
                    yield None
                else:
                    yield from self._pass_on(event)
        except Gone:
            return
        finally:
            self.close()

    def close(self) -> None:
        """Hangs up. May be called twice."""
        self.care.watch.remove(self.subscription)
        self.subscription.close()

    def _pass_on(self, event: Event) -> Iterator[Event]:
        if event.name == "conversation":
            if event.sequence > self.version:
                self.version = event.sequence
                yield event
        elif event.name == "typing":
            yield event
        elif event.sequence == self.after + 1:
            self.after = event.sequence
            yield event
        elif event.sequence > self.after:
            yield from self._catch_up()

    def _catch_up(self) -> Iterator[Event]:
        """What the database knows and the reader does not."""
        while True:
            with self.care.db.reading(self.store_id) as tx:
                row = find_conversation(tx, self.store_id, self.conversation.id)
                messages: list[MessageRow] = read_messages(tx, row, self.after) if row is not None else []
            if row is None:
                raise Gone("The conversation was erased.")
            for message in messages:
                self.after = message.position
                yield message_event(row, message)
            if not messages:
                break
        if row.version > self.version:
            self.version = row.version
            yield conversation_event(row)


def open_stream(care: Care, visitor: VisitorRow, last_event_id: str = "") -> Stream | None:
    """Starts to listen, then everything after `last_event_id` (``cv_…:position``; else from the beginning).

    None: the visitor has no conversation. Raises `TooMany`, `Gone`.
    """
    with care.db.reading(visitor.store_id) as tx:
        row = find_of_visitor(tx, visitor)
    if row is None:
        return None
    subscription = care.hub.subscribe(conversation_channel(visitor.store_id, row.id))
    care.watch.add(subscription, visitor.id)
    return Stream(care, visitor.store_id, row, subscription, read_position(row, last_event_id))


def read_position(row: ConversationRow, last_event_id: str) -> int:
    """The position in an event id of this conversation; 0 for anything else."""
    name, _, position = last_event_id.strip().rpartition(":")
    if name != row.public_id or not position.isascii() or not position.isdecimal() or len(position) > 9:
        return 0
    return min(int(position), row.last_position)
