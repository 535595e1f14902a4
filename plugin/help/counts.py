"""How often an article was clicked, opened, given as an answer or found helpful: counts per day, of nobody in
particular."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from faq_links import PHASES, STEPS
from plugin.database import Database
from plugin.help.models import ArticleCountRow
from plugin.language import language_of

KINDS = ("clicked", "opened", "answered", "helped", "not_helped")
LONGEST_ID = 120
REPORTED = timedelta(days=30)
_OF_A_DAY = ["store_id", "day", "article_id", "locale", "step", "phase", "kind"]


@dataclass(frozen=True)
class Counted:
    """How often one kind of thing happened with an article on a step, in the days asked about."""

    article_id: str
    step: str
    phase: str
    kind: str
    count: int


def count(
    db: Database, store_id: int, article_id: str, locale: str, step: str, phase: str, kind: str, now: datetime
) -> bool:
    """`add_count` in a transaction of its own."""
    if not _is_countable(article_id, kind):
        return False
    with db.transaction(store_id) as tx:
        return add_count(tx, store_id, article_id, locale, step, phase, kind, now)


def add_count(
    tx: Session, store_id: int, article_id: str, locale: str, step: str, phase: str, kind: str, now: datetime
) -> bool:
    """One more, on the day of `now` in UTC. A step or phase that nobody knows is kept as ''; for an unknown `kind`
    nothing is written, and False given. Whoever calls has seen that there is such an article."""
    if not _is_countable(article_id, kind):
        return False
    values = {
        "store_id": store_id, "day": now.date().isoformat(), "article_id": article_id, "locale": language_of(locale),
        "step": step if step in STEPS else "", "phase": phase if phase in PHASES else "", "kind": kind, "count": 1,
    }  # fmt: skip
    insert = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(ArticleCountRow).values(values)
    more = {"count": ArticleCountRow.count + statement.excluded.count}
    tx.execute(statement.on_conflict_do_update(index_elements=_OF_A_DAY, set_=more))
    return True


def _is_countable(article_id: str, kind: str) -> bool:
    return kind in KINDS and 0 < len(article_id) <= LONGEST_ID


def read_counts(tx: Session, store_id: int, since_day: date) -> Sequence[Counted]:
    """What was counted from `since_day` (UTC) on, over all days and languages, the most frequent first."""
    row, total = ArticleCountRow, func.sum(ArticleCountRow.count)
    what = (row.article_id, row.step, row.phase, row.kind)
    since = (row.store_id == store_id, row.day >= since_day.isoformat())
    query = select(*what, total).where(*since).group_by(*what).order_by(total.desc(), *what)
    return [Counted(one[0], one[1], one[2], one[3], int(one[4])) for one in tx.execute(query)]


def sum_counts(counted: Sequence[Counted], kinds: Collection[str] = ("clicked",)) -> dict[str, int]:
    """Step → how often something of `kinds` happened there."""
    sums: dict[str, int] = {}
    for one in counted:
        if one.kind in kinds:
            sums[one.step] = sums.get(one.step, 0) + one.count
    return sums
