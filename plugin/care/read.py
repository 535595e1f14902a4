"""What a shopper's panel reads: its conversation, and who is at the counter."""

from __future__ import annotations

from collections.abc import Sequence

from plugin.care.answer import proven_view
from plugin.care.doors import Care
from plugin.care.models import ConversationRow, MessageRow, VisitorRow
from plugin.care.shapes import desk_channel
from plugin.care.threads import find_of_visitor, read_messages
from plugin.orders import OrderView


def read_conversation(
    care: Care, visitor: VisitorRow, after: int = 0
) -> tuple[ConversationRow, Sequence[MessageRow]] | None:
    """The visitor's conversation and its messages after a position, 500 at most: the stream brings the rest.
    None: there is none."""
    with care.db.reading(visitor.store_id) as tx:
        row = find_of_visitor(tx, visitor)
        return (row, read_messages(tx, row, after)) if row is not None else None


def read_own_order(care: Care, visitor: VisitorRow) -> tuple[ConversationRow, OrderView] | None:
    """The order that was proven to be the visitor's, with their conversation. None: there is none (any more)."""
    with care.db.reading(visitor.store_id) as tx:
        row = find_of_visitor(tx, visitor)
        view = proven_view(tx, row.store_id, row.order_id) if row is not None else None
        return (row, view) if row is not None and view is not None else None


def agents_here(care: Care, store_id: int) -> tuple[str, ...]:
    """The names of the agents whose desk is open now."""
    return care.hub.names(desk_channel(store_id))


def is_waiting(care: Care, visitor: VisitorRow) -> bool:
    """Whether a person was asked for already and the conversation is theirs."""
    with care.db.reading(visitor.store_id) as tx:
        row = find_of_visitor(tx, visitor)
        return row is not None and row.status == "open"
