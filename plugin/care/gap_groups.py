"""The job `care.group_gaps`: puts together what shoppers asked and nothing answered, after they heard so.

Until then a question is a group by itself. Whoever asks the same as somebody before joins their group; what was put
aside is joined in its very words only, for nobody looks at what joins it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from plugin.care.doors import Care
from plugin.care.gaps import DISMISSED, promise_grouping
from plugin.care.models import ConversationRow, MessageRow
from plugin.help.alike import find_groups
from plugin.work import Claimed, finish

AT_A_TIME = 50
MOST_COMPARED = 300
"""Groups that a new question may join, those asked last; and as many questions of those put aside."""


def group_gaps(care: Care, job: Claimed) -> None:
    """Gives the oldest `AT_A_TIME` questions of the store that have none their group, and promises itself again while
    there may be more, or when what it compared changed meanwhile. Doing it again changes nothing."""
    assert job.store is not None
    with care.db.reading(job.store) as tx:
        new = _read(tx, _select(job.store).where(MessageRow.gap_group.is_(None)).order_by(MessageRow.id), AT_A_TIME)
        groups, aside = (_list_groups(tx, job.store), _list_aside(tx, job.store)) if new else ([], [])
    known = [*groups, *aside]
    joins = find_groups(_words(new), _words(groups), _words(aside)) if new else []
    with care.db.transaction(job.store) as tx:
        targets = {known[place] for place in joins if place < len(known)}
        if not _is_unchanged(tx, job.store, [*new, *targets]):
            promise_grouping(tx, job.store, care.clock.now())
        else:
            numbers = [row.gap_group for row in known]
            for row, place in zip(new, joins, strict=True):
                numbers.append(row.id if place == len(numbers) else numbers[place])
                state = DISMISSED if len(groups) <= place < len(known) else row.gap
                mine = (MessageRow.store_id == job.store, MessageRow.id == row.id)
                tx.execute(update(MessageRow).where(*mine).values(gap=state, gap_group=numbers[-1]))
            if len(new) == AT_A_TIME:
                promise_grouping(tx, job.store, care.clock.now())
        finish(tx, job)


def _is_unchanged(tx: Session, store_id: int, rows: Sequence[Any]) -> bool:
    """Whether these questions, locked from here on, are as they were read; one that is gone by now changes nothing.
    Of two runs at once, which share what is still to be grouped, the second finds that the first was there."""
    before = {row.id: (row.gap, row.gap_group) for row in rows}
    mine = (MessageRow.store_id == store_id, MessageRow.id.in_(before))
    now = select(MessageRow.id, MessageRow.gap, MessageRow.gap_group).where(*mine).order_by(MessageRow.id)
    return all(before[row.id] == (row.gap, row.gap_group) for row in tx.execute(now.with_for_update(key_share=True)))


def _list_groups(tx: Session, store_id: int) -> Sequence[Any]:
    """Of each group what was asked in it first and not put aside, the group asked last first."""
    said = MessageRow
    mine = (said.store_id == store_id, said.gap.is_not(None), said.gap != DISMISSED, said.gap_group.is_not(None))
    first = select(func.min(said.id).label("first"), func.max(said.id).label("last")).where(*mine)
    found = first.group_by(said.gap_group).order_by(func.max(said.id).desc()).limit(MOST_COMPARED).subquery()
    query = _select(store_id).join(found, found.c.first == said.id)
    return _read(tx, query.order_by(found.c.last.desc()), MOST_COMPARED)


def _list_aside(tx: Session, store_id: int) -> Sequence[Any]:
    aside = _select(store_id).where(MessageRow.gap == DISMISSED, MessageRow.gap_group.is_not(None))
    return _read(tx, aside.order_by(MessageRow.id.desc()), MOST_COMPARED)


def _select(store_id: int) -> Select[int, str | None, int | None, str, str]:
    said, talk = MessageRow, ConversationRow
    return (
        select(said.id, said.gap, said.gap_group, said.text, talk.locale)
        .join(talk, (talk.id == said.conversation_id) & (talk.store_id == said.store_id))
        .where(said.store_id == store_id, talk.store_id == store_id, said.gap.is_not(None))
    )


def _read(tx: Session, query: Select[int, str | None, int | None, str, str], most: int) -> Sequence[Any]:
    return tx.execute(query.limit(most)).all()


def _words(rows: Sequence[Any]) -> list[tuple[str, str]]:
    return [(row.text, row.locale) for row in rows]
