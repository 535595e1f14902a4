"""Two articles of one title in one language: shoppers could not tell them apart, and whoever writes one is told."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from faq_links.folding import fold
from plugin.help.catalogues import list_starter_ids, starter_article
from plugin.help.own_models import ArticleRow
from plugin.help.own_reading import HIDDEN

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Namesake:
    """Another article with the title that somebody writes, and how it stands there."""

    article_id: str
    title: str


class SameTitle(Exception):
    """Shoppers read another article of this title, or would once its questions are answered: `namesake`."""

    def __init__(self, namesake: Namesake) -> None:
        super().__init__(f"The article {namesake.article_id} has this title.")
        self.namesake = namesake


def find_namesake(
    tx: Session, store_id: int, article_id: str, locale: str, title: str, *, drafts: bool = False
) -> Namesake | None:
    """Another article than `article_id` that keeps it from being shown under this title in this language: shoppers read
    that one, or would once its questions are answered. None: there is none, or it is shown under this title already.
    With `drafts` any other of this title, also one that somebody is writing; nobody reads a hidden one."""
    if not _read_words(title):
        return None
    row = ArticleRow
    columns = (row.article_id, row.title, row.state, *([row.draft] if drafts else []))
    starter = {one: starter_article(one, locale) for one in list_starter_ids()}
    titles = {one: [article.title] for one, article in starter.items() if article is not None}
    for known in tx.execute(select(*columns).where(row.store_id == store_id, row.locale == locale)):
        if known.title or known.state == HIDDEN:
            titles[known.article_id] = [known.title] if known.state != HIDDEN else []
        if drafts and known.draft is not None:
            titles.setdefault(known.article_id, []).append(str(known.draft.get("title", "")))
    same = {one: known for one, all_known in titles.items() for known in all_known if _is_same(known, title)}
    if article_id in same and not drafts:
        return None
    return next((Namesake(one, known) for one, known in same.items() if one != article_id), None)


def _is_same(one: str, other: str) -> bool:
    """Whether they are the same words, whatever their accents, capitals and question marks."""
    return _read_words(one) == _read_words(other)


def _read_words(title: str) -> list[str]:
    return _WORD.findall(fold(title))
