"""Matches a shopper's question to an article, says how sure it is, and abstains when it is not."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from faq_links.catalogue import Catalogue
from faq_links.index import Candidate, Index
from faq_links.lexicon import Unit, is_soft, read_units
from faq_links.person import asks_for_person
from faq_links.small_talk import is_small_talk

THRESHOLD = 0.55
"""Confidence from which an article is given as the answer."""
_RANKED = 10


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
_building = threading.Lock()


def index_of(catalogue: Catalogue, locale: str) -> Index | None:
    """The index for readers of `locale`, built at the first question, kept with the catalogue."""
    found = catalogue.resolve(locale)
    if found is None:
        return None
    with _building:
        built = _indexes.setdefault(catalogue, {})
        if found not in built:
            built[found] = Index(catalogue.articles(found), found)
        return built[found]


def match(catalogue: Catalogue, question: str, locale: str, threshold: float = THRESHOLD) -> Match:
    """The articles nearest to `question`. Never raises; who asks for a person is not `answered`."""
    handoff = asks_for_person(question)
    index = index_of(catalogue, locale)
    if index is None:
        return Match((), False, 0.0, handoff)
    units = read_units(question, index.language, index.speller)
    candidates = index.find_candidates(question, units)
    ranked = tuple((one.article_id, round(min(1.0, max(0.0, one.score)), 4)) for one in candidates[:_RANKED])
    if not candidates or is_small_talk(question):
        return Match(ranked, False, 0.0, handoff)
    confidence = round(measure_confidence(index, units, candidates), 4)
    return Match(ranked, confidence >= threshold and not handoff, confidence, handoff)


def measure_features(
    index: Index, units: Sequence[Unit], candidates: Sequence[Candidate]
) -> tuple[float, ...]:
    """Cover, head, shape, lead over the second, unknown share, topical share, how much is said; each 0..1."""
    best = candidates[0]
    second = candidates[1].score if len(candidates) > 1 else 0.0
    masses = [index.measure_mass(unit) for unit in units]
    total = sum(masses) or 1.0
    unknown = sum(mass * unit.doubt for unit, mass in zip(units, masses, strict=True)) / total
    topical = sum(mass for unit, mass in zip(units, masses, strict=True) if not is_soft(unit)) / total
    return (
        best.cover,
        best.head,
        best.shape,
        min(1.0, 3.0 * (best.score - second)),
        unknown,
        topical,
        min(1.0, total / (3 * index.rarest)),
    )


# A logistic fit on the `dev` questions of tests/data/faq, each also with its article taken away, then set
# harder on words met nowhere: a shopper forgives "I don't know" sooner than a wrong answer.
_BIAS = -6.0
_WEIGHTS = (9.6, 1.9, 0.15, 2.15, -1.2, -0.5, 3.4)


def measure_confidence(index: Index, units: Sequence[Unit], candidates: Sequence[Candidate]) -> float:
    """The chance that the first candidate is right, by a curve fitted on the development questions."""
    features = measure_features(index, units, candidates)
    return 1 / (1 + math.exp(-(_BIAS + sum(w * x for w, x in zip(_WEIGHTS, features, strict=True)))))
