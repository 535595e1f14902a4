"""The job that indexes what was said before there was an index: in slices, each promising the next."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select

from plugin.care.desk_models import MessageWordRow
from plugin.care.models import MessageRow
from plugin.care.search import index_words
from plugin.contract import Clock
from plugin.database import ALL, Database
from plugin.work import Claimed, put

SLICE = 200
APART = timedelta(seconds=1)
KIND = "care.index_all"


def index_all(db: Database, clock: Clock, job: Claimed) -> None:
    """Indexes up to 200 messages after the one that the payload names (``{"after": row id}``), of all stores, and
    promises the next slice. Doing it again adds nothing."""
    after = int(job.payload.get("after", 0))
    with db.transaction(ALL, "index the words of messages from before there was an index") as tx:
        known = exists().where(
            MessageWordRow.store_id == MessageRow.store_id, MessageWordRow.message_id == MessageRow.id
        )
        slice_ = select(MessageRow, known).where(MessageRow.id > after).order_by(MessageRow.id).limit(SLICE)
        rows = list(tx.execute(slice_))
        for message, is_known in rows:
            if not is_known:
                index_words(tx, message)
        if len(rows) == SLICE:
            put(tx, KIND, {"after": rows[-1][0].id}, due_at=clock.now() + APART, key=KIND)
