"""Links for a step, searching, and the answer to a shopper's question; with abstention."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from faq_links import Article, Catalogue, Link, links_for, match
from faq_links.person import asks_for_person
from faq_links.small_talk import is_small_talk
from plugin.help.calibration import threshold_of
from plugin.help.catalogues import catalogue_of, known_lessons
from plugin.help.learning import Learned
from plugin.help.store_traits import list_traits
from plugin.help.warming import ready_catalogue, ready_examples
from plugin.help.written import OWN
from plugin.stores import StoreRow
from plugin.work import offload

__all__ = ["Found", "Reply", "answer", "asks_for_person", "links_for_steps", "search"]

MOST_FOUND = 8
MOST_CANDIDATES = 3
FAINT = 0.15
"""Below this score an article has hardly a word in common with what was typed."""
LONGEST_QUESTION = 2000
TAUGHT = 0.97
"""Confidence in the article that somebody of the store taught for exactly these words."""


@dataclass(frozen=True)
class Found:
    """What a search shows; `answered`: the first one surely fits."""

    results: tuple[Link, ...]
    answered: bool


@dataclass(frozen=True)
class Reply:
    """What the help says to a question. `article`: the answer, or None when it abstains; `candidates`: the articles
    nearest to the question, best first, at most 3, the answer among them."""

    article: Article | None
    candidates: tuple[Link, ...]
    handoff: bool
    """A person is asked for."""
    small_talk: bool
    """Only politeness: nothing that an article could answer."""
    confidence: float = 0.0
    """Chance (0..1) that the nearest article is right, whether it was given or not."""

    @property
    def near(self) -> tuple[Link, ...]:
        return self.candidates


def links_for_steps(
    store: StoreRow, steps: Iterable[str], locale: str, limit: int = 5, *, phase: str = "",
    products: Sequence[str] = (), basket: bool = False,
) -> tuple[Link, ...]:
    """What to offer on a page that stands for `steps`; a page that names none is treated as the shop's front.
    `phase`: where the shopper stands; `products`: names of what they bought; `basket`: whether something lies in it.
    What the store does not have is not offered."""
    return links_for(
        catalogue_of(store), tuple(steps) or ("home",), locale, limit, phase=phase, products=products, basket=basket,
        facts=list_traits(store),
    )  # fmt: skip


def search(store: StoreRow, words: str, locale: str, learned: Learned | None = None) -> Found:
    """The articles nearest to some words, best first; none when nothing comes near."""
    catalogue, words = catalogue_of(store, learned), words[:LONGEST_QUESTION]
    found = offload(match, ready_catalogue(store, locale, learned), words, locale, threshold_of(store))
    taught = _find_taught(store, catalogue, words, locale, learned)
    near = [article_id for article_id, score in found.ranked if score >= FAINT]
    ids = dict.fromkeys([taught.article_id, *near] if taught is not None else near)
    sure = found.answered and not is_about_hidden(
        catalogue, found.ranked[0][0], words, locale, found.confidence
    )
    return Found(_links(catalogue, ids, locale)[:MOST_FOUND], sure or taught is not None)


def answer(
    store: StoreRow, question: str, locale: str, learned: Learned | None = None, threshold: float | None = None
) -> Reply:
    """The article that answers `question`, if one surely does. `learned`: the store's lessons, as `read_learned` gave
    them (None: as this process knew them last); `threshold`: confidence from which one is given (None: the store's)."""
    catalogue, question = catalogue_of(store, learned), question[:LONGEST_QUESTION]
    least = threshold_of(store) if threshold is None else threshold
    found = offload(match, ready_catalogue(store, locale, learned), question, locale, least)
    small_talk, confidence, article = is_small_talk(question), found.confidence, None
    near = [article_id for article_id, score in found.ranked if score >= FAINT]
    if found.answered and not is_about_hidden(catalogue, found.ranked[0][0], question, locale, confidence):
        article = catalogue.article(found.ranked[0][0], locale)
    if not found.handoff and not small_talk:
        taught = _find_taught(store, catalogue, question, locale, learned)
        if taught is not None:
            article, confidence, near = taught, max(TAUGHT, confidence), [taught.article_id, *near]
    candidates = _links(catalogue, dict.fromkeys(near), locale)[:MOST_CANDIDATES]
    return Reply(article, candidates, found.handoff, small_talk, confidence)


def is_about_hidden(catalogue: Catalogue, nearest: str, question: str, locale: str, confidence: float) -> bool:
    """Whether an article that this store does not show would answer better: "how long does delivery take" must not be
    told how long a refund takes, only because the merchant has not said the first, or hid it. What the merchant wrote
    in their own words (`nearest` is its id) goes before."""
    hidden = {*catalogue.unfilled(locale), *catalogue.withheld(locale)}
    article = catalogue.article(nearest, locale)
    if not hidden or (article is not None and article.source.startswith(OWN)):
        return False
    whole = offload(match, ready_examples(locale), question, locale)
    return bool(whole.ranked) and whole.ranked[0][0] in hidden and whole.confidence >= confidence


def _find_taught(
    store: StoreRow, catalogue: Catalogue, question: str, locale: str, learned: Learned | None
) -> Article | None:
    """The article that was taught for exactly these words, if it is still shown."""
    lessons, served = learned if learned is not None else known_lessons(store), catalogue.resolve(locale)
    if lessons is None or served is None:
        return None
    article_id = lessons.find(question, served)
    return catalogue.article(article_id, locale) if article_id is not None else None


def _links(catalogue: Catalogue, ids: Iterable[str], locale: str) -> tuple[Link, ...]:
    articles = (catalogue.article(article_id, locale) for article_id in ids)
    return tuple(Link(one.article_id, one.title, one.section) for one in articles if one is not None)
