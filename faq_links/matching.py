"""Matches a shopper's question to an article, says how sure it is, and abstains when it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from faq_links.catalogue import Catalogue
from faq_links.confidence import measure_confidence
from faq_links.index import Index
from faq_links.negation import strip_denied
from faq_links.person import asks_for_person
from faq_links.small_talk import is_small_talk

THRESHOLD = 0.7
"""Confidence from which an article is given as the answer."""
_RANKED = 10
_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")
"""An e-mail address is no words: what shop or person it names says nothing of what is asked."""


@dataclass(frozen=True)
class Match:
    """What a question found.

    `ranked`: (article_id, score 0..1), best first, at most 10, filled also when not answered; `answered`:
    the first one is sure enough to be given; `confidence`: chance (0..1) that the first is right; `handoff`:
    a person is asked for.
    """

    ranked: tuple[tuple[str, float], ...]
    answered: bool
    confidence: float
    handoff: bool


_indexes: WeakKeyDictionary[Catalogue, dict[str, Index]] = WeakKeyDictionary()


def index_of(catalogue: Catalogue, locale: str) -> Index | None:
    """The index for readers of `locale`, built at the first question, kept with the catalogue.

    No lock: two who ask first at once build it twice, and the first one's stays. A lock would be shared by real threads
    and greenlets, where waiting for it may never end (`plugin.help.warming` sees to it that it is built once).
    """
    found = catalogue.resolve(locale)
    if found is None:
        return None
    built = _indexes.setdefault(catalogue, {})
    index = built.get(found)
    if index is None:
        index = built.setdefault(found, Index(catalogue.articles(found), found))
    return index


def match(catalogue: Catalogue, question: str, locale: str, threshold: float = THRESHOLD) -> Match:
    """The articles nearest to `question`. Never raises; who asks for a person is not `answered`."""
    handoff = asks_for_person(question)
    index = index_of(catalogue, locale)
    if index is None:
        return Match((), False, 0.0, handoff)
    asked = index.read_question(strip_denied(_ADDRESS.sub(" ", question)))
    candidates = index.find_candidates(asked)
    ranked = tuple((one.article_id, round(one.score, 4)) for one in candidates[:_RANKED])
    if not candidates or (is_small_talk(question) and not candidates[0].exact):
        return Match(ranked, False, 0.0, handoff)
    confidence = round(measure_confidence(index, asked, candidates), 4)
    return Match(ranked, confidence >= threshold and not handoff, confidence, handoff)
