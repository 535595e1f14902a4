"""Which articles stand beside which step of a purchase, for a shopper of whom some things are known."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from faq_links.catalogue import Article, Catalogue
from faq_links.locales import base_language
from faq_links.words import split_words, stem

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

PHASES = ("pre_purchase", "purchase", "post_sale")
"""Where a shopper stands; `purchase` until the parcel is delivered."""

FACTS = ("card", "transfer", "wallet", "instalments", "pay_on_delivery", "pick_up", "free_delivery")
"""What a store may have, as an article's `facts` name it."""

# What also interests somebody who stands there, whatever page they are on.
_ALSO_IN_PHASE: dict[str, tuple[str, ...]] = {
    "purchase": ("order_status", "thank_you"),
    "post_sale": ("order_status", "account"),
}
_ALSO_WITH_BASKET = ("cart", "shipping", "payment")
_BUYING = frozenset(("cart", "checkout", "contact", "shipping", "payment", "review", "order_pay"))
_PLACES_OF_THE_PHASE = 2


@dataclass(frozen=True)
class Link:
    """One article to offer on a page."""

    article_id: str
    title: str
    section: str


@dataclass(frozen=True)
class _Shopper:
    """What is known of the one who looks at the page."""

    steps: tuple[str, ...]
    phase: str
    products: tuple[frozenset[str], ...]
    also: tuple[str, ...]


def links_for(
    catalogue: Catalogue, steps: Iterable[str], locale: str, limit: int = 5, default_locale: str | None = None,
    *, phase: str = "", products: Iterable[str] = (), basket: bool = False, facts: Collection[str] | None = None,
) -> tuple[Link, ...]:
    """The articles for a page that stands for `steps`, best first, at most `limit`; the same input, the same
    links.

    Articles about one of the shopper's `products` (names or ids) come first. Then those that name the step, before
    those that name a kindred one (`checkout` is kin to `payment`); within them, those that name the phase, those that
    name the step early in their own `steps`, then those that serve more of the page's, then those of broader use.
    Sections take turns, so that a one-page checkout offers payment, shipping and returns rather than three times
    payment. Two places are for what suits the `phase` and the basket, on any page where nobody is buying.

    Left out are articles of another phase, about other products than the shopper's (where those are known), and
    about what the store does not have: `facts` are its own of `FACTS`, None while nobody knows. Unknown words are
    ignored.
    """
    found = catalogue.resolve(locale, default_locale)
    if found is None or limit <= 0:
        return ()
    wanted = tuple(dict.fromkeys(step.strip().lower() for step in steps))
    bought = tuple(words for name in products if (words := _read_name(name, found)))
    also = _ALSO_IN_PHASE.get(phase, ()) + (_ALSO_WITH_BASKET if basket else ())
    shopper = _Shopper(wanted, phase if phase in PHASES else "", bought, also)
    suited = [article for article in catalogue.articles(found) if _suits(article, shopper.phase, facts)]
    ranked = sorted(
        (rank, article.article_id, article)
        for article in suited
        if (rank := _rank(article, shopper, found)) is not None
    )
    own = [article for rank, _, article in ranked if rank[0] == _OWN]
    here = own + _take_turns([article for rank, _, article in ranked if rank[0] != _OWN])
    # Who is paying wants the pay page's own subjects; elsewhere the phase has its places too.
    places = 0 if _BUYING.intersection(wanted) else _PLACES_OF_THE_PHASE
    of_phase = _list_of_phase(suited, shopper)
    kept = [article for article in of_phase if article not in here[: max(0, limit - places)]][:places]
    first = here[: max(0, limit - len(kept))]
    links = {one.article_id: one for one in (*first, *kept, *here, *of_phase)}
    return tuple(Link(one.article_id, one.title, one.section) for one in list(links.values())[:limit])


def _list_of_phase(articles: Iterable[Article], shopper: _Shopper) -> list[Article]:
    """What suits the phase and the basket, whatever the page, best first."""
    ranked = []
    for article in articles:
        steps = [step.lower() for step in article.steps]
        places = [steps.index(step) for step in shopper.also if step in steps]
        if places:
            key = (int(shopper.phase not in article.phases), min(places), -len(places), -len(steps))
            ranked.append((key, article.article_id, article))
    return _take_turns([article for *_, article in sorted(ranked)])


def _suits(article: Article, phase: str, facts: Collection[str] | None) -> bool:
    if phase and article.phases and phase not in article.phases:
        return False
    return facts is None or not article.facts or not set(facts).isdisjoint(article.facts)


_OWN, _NAMED, _KINDRED = range(3)


def _rank(article: Article, shopper: _Shopper, language: str) -> tuple[int, int, int, int, int] | None:
    """The level, then what decides within it; None: it is not about this page."""
    own, wanted = [step.lower() for step in article.steps], shopper.steps
    unphased = int(shopper.phase not in article.phases)
    named = [own.index(step) for step in wanted if step in own]
    if article.products and shopper.products:
        if not _is_about(article.products, shopper.products, language):
            return None
        return _OWN, unphased, min(named, default=len(own)), -len(named), -len(own)
    if named:
        return _NAMED, unphased, min(named), -len(named), -len(own)
    akin = (akin for step in wanted for akin in _AKIN.get(step, ()))
    kindred = [own.index(step) for step in akin if step in own]
    return (_KINDRED, unphased, min(kindred), -len(set(kindred)), -len(own)) if kindred else None


def _is_about(named: Iterable[str], products: Iterable[frozenset[str]], language: str) -> bool:
    """Whether all words of one of the article's products stand in one of the shopper's."""
    about = [words for name in named if (words := _read_name(name, language))]
    return any(words <= product for words in about for product in products)


def _read_name(name: str, locale: str) -> frozenset[str]:
    language = base_language(locale)
    return frozenset(stem(word, language) for word in split_words(name, language))


def _take_turns(articles: list[Article]) -> list[Article]:
    """Best of each section first (sections in the order of their best), then the second of each, ..."""
    queues: dict[str, list[Article]] = {}
    for article in articles:
        queues.setdefault(article.section, []).append(article)
    turns: list[Article] = []
    for round_number in range(max(map(len, queues.values()), default=0)):
        turns += [queue[round_number] for queue in queues.values() if round_number < len(queue)]
    return turns
