"""Which articles stand beside which step of a purchase."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from faq_links.catalogue import Article, Catalogue

STEPS = (
    "home",
    "catalogue",
    "product",
    "cart",
    "checkout",
    "contact",
    "shipping",
    "payment",
    "review",
    "order_pay",
    "thank_you",
    "order_status",
    "account",
)
"""Every step word; a page may stand for several."""

# A page that gathers several steps is helped by their articles, and a part of it by the articles of the
# whole.
_AKIN: dict[str, tuple[str, ...]] = {
    "checkout": ("payment", "shipping", "review", "contact", "order_pay"),
    "contact": ("checkout",),
    "shipping": ("checkout",),
    "payment": ("checkout", "order_pay"),
    "review": ("checkout", "payment"),
    "order_pay": ("payment", "checkout"),
    "thank_you": ("order_status",),
    "order_status": ("thank_you",),
    "catalogue": ("product",),
}


@dataclass(frozen=True)
class Link:
    """One article to offer on a page."""

    article_id: str
    title: str
    section: str


def links_for(
    catalogue: Catalogue, steps: Iterable[str], locale: str, limit: int = 5, default_locale: str | None = None
) -> tuple[Link, ...]:
    """The articles for a page that stands for `steps`, best first, at most `limit`; the same input, the same
    links.

    Articles that name the step come before those that name a kindred one (`checkout` is kin to `payment`);
    within them, those that name it early in their own `steps`, then those that serve more of the page's,
    then those of broader use. Sections take turns, so that a one-page checkout offers payment, shipping and
    returns rather than three times payment. Unknown words are ignored.
    """
    found = catalogue.resolve(locale, default_locale)
    wanted = tuple(dict.fromkeys(step.strip().lower() for step in steps))
    if found is None or limit <= 0:
        return ()
    ranked = sorted(
        (rank, article.article_id, article)
        for article in catalogue.articles(found)
        if (rank := _rank(article, wanted)) is not None
    )
    turns = _take_turns([article for _, _, article in ranked])
    return tuple(Link(one.article_id, one.title, one.section) for one in turns[:limit])


def _rank(article: Article, wanted: tuple[str, ...]) -> tuple[int, int, int, int] | None:
    own = [step.lower() for step in article.steps]
    named = [own.index(step) for step in wanted if step in own]
    if named:
        return 0, min(named), -len(named), -len(own)
    kindred = [own.index(akin) for step in wanted for akin in _AKIN.get(step, ()) if akin in own]
    if kindred:
        return 1, min(kindred), -len(set(kindred)), -len(own)
    return None


def _take_turns(articles: list[Article]) -> list[Article]:
    """Best of each section first (sections in the order of their best), then the second of each, ..."""
    queues: dict[str, list[Article]] = {}
    for article in articles:
        queues.setdefault(article.section, []).append(article)
    turns: list[Article] = []
    for round_number in range(max(map(len, queues.values()), default=0)):
        turns += [queue[round_number] for queue in queues.values() if round_number < len(queue)]
    return turns
