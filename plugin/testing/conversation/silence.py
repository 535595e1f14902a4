"""An agent who has been silent for too long, without the minutes that it takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from plugin.care import ConversationRow
from plugin.care.take_back import promise_take_back
from plugin.database import Database
from plugin.stores import get_store
from plugin.stores.routing import read_routing


def hurry_take_back(db: Database, store_id: int, public_id: str) -> None:
    """The look at who holds the talk, promised for later, is due now. Nothing where nobody waits for an agent."""
    with db.transaction(store_id) as tx:
        store = get_store(tx, store_id)
        which = (ConversationRow.store_id == store_id, ConversationRow.public_id == public_id)
        row = tx.scalars(select(ConversationRow).where(*which)).one()
        long_ago = datetime.now(UTC) - timedelta(minutes=read_routing(store).silent_minutes)
        promise_take_back(tx, store, row, long_ago)
