"""Links for a step, searching, and the answer to a shopper's question; with abstention."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from faq_links import Article, Link, links_for, match
from faq_links.person import asks_for_person
from faq_links.small_talk import is_small_talk
from plugin.help.catalogues import catalogue_of
from plugin.stores import StoreRow
from plugin.work import offload

__all__ = ["Found", "Reply", "answer", "asks_for_person", "links_for_steps", "search"]

MOST_FOUND = 8
FAINT = 0.15
"""Below this score an article has hardly a word in common with what was typed."""
LONGEST_QUESTION = 2000


@dataclass(frozen=True)
class Found:
    """What a search shows; `answered`: the first one surely fits."""

    results: tuple[Link, ...]
    answered: bool


@dataclass(frozen=True)
class Reply:
    """What the help says to a question. `article`: the answer, or None when it abstains."""

    article: Article | None
    near: tuple[Link, ...]
    handoff: bool
    """A person is asked for."""
    small_talk: bool
    """Only politeness: nothing that an article could answer."""


def links_for_steps(store: StoreRow, steps: Iterable[str], locale: str, limit: int = 5) -> tuple[Link, ...]:
    """What to offer on a page that stands for `steps`; a page that names none is treated as the shop's front."""
    return links_for(catalogue_of(store), tuple(steps) or ("home",), locale, limit)


def search(store: StoreRow, words: str, locale: str) -> Found:
    """The articles nearest to some words, best first; none when nothing comes near."""
    catalogue = catalogue_of(store)
    found = offload(match, catalogue, words[:LONGEST_QUESTION], locale)
    near = [article_id for article_id, score in found.ranked if score >= FAINT][:MOST_FOUND]
    return Found(_links(store, near, locale), found.answered)


def answer(store: StoreRow, question: str, locale: str) -> Reply:
    """The article that answers `question`, if one surely does."""
    catalogue = catalogue_of(store)
    question = question[:LONGEST_QUESTION]
    found = offload(match, catalogue, question, locale)
    article = catalogue.article(found.ranked[0][0], locale) if found.answered and found.ranked else None
    near = [article_id for article_id, score in found.ranked if score >= FAINT][:3]
    return Reply(article, _links(store, near, locale), found.handoff, is_small_talk(question))


def _links(store: StoreRow, ids: Iterable[str], locale: str) -> tuple[Link, ...]:
    catalogue = catalogue_of(store)
    articles = (catalogue.article(article_id, locale) for article_id in ids)
    return tuple(Link(one.article_id, one.title, one.section) for one in articles if one is not None)
