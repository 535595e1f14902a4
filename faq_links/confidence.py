"""How sure a match is: the chance that the first candidate is the right one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from faq_links.ear import hear_other_talk
from faq_links.index import Candidate, Index, Question

EXACT = 0.99
"""The question stands word for word among an article's phrasings."""


def measure_features(index: Index, asked: Question, candidates: Sequence[Candidate]) -> tuple[float, ...]:
    """Of the first: strength, cover; its lead over the second in all, over the best other in words alone and in
    the situation alone. Of the question: claimed share, weight and number of its words, whether it tells clearly
    of what no article is for, whether it sounds like other talk. Each about 0..1.
    """
    best, others = candidates[0], candidates[1:]
    masses = [index.measure_mass(unit) for unit in asked.units]
    claimed, unclaimed = index.meanings.measure_claimed(asked.reading.situations)
    return (
        best.strength / 10,
        best.cover,
        _lead(best.strength, [one.strength for one in others], 4),
        _lead(best.likeness, [one.likeness for one in others], 3),
        _lead(best.claim_odds, [one.claim_odds for one in others], 2),
        min(1.0, claimed),
        min(1.0, sum(masses) / (3 * index.rarest)),
        math.log(1 + len(asked.words)) / 4,
        unclaimed,
        max(0.0, min(6.0, hear_other_talk(asked.text, asked.traits))) / 6,
    )


def _lead(own: float, others: Sequence[float], whole: float) -> float:
    """By how much the best of the others is passed, -1..1; `whole` is a lead that leaves no doubt."""
    return max(-1.0, min(1.0, (own - max(others, default=0.0)) / whole))


# A logistic fit on the development questions of tests/data/faq/bench, in three languages, with and without
# phrasings, checked with each topic's questions left out in turn. The last weight is set by hand: those
# questions hold too few of what no shop answers.
_BIAS = -3.2
_WEIGHTS = (0.74, 1.97, 1.07, 0.8, 1.88, 2.56, 1.73, -0.86, -4.16, -6.0)


def measure_confidence(index: Index, asked: Question, candidates: Sequence[Candidate]) -> float:
    """The chance (0..1) that the first candidate is right: that it is for a shop at all, and right if it is."""
    if candidates[0].exact:
        return EXACT
    features = measure_features(index, asked, candidates)
    odds = _BIAS + sum(weight * value for weight, value in zip(_WEIGHTS, features, strict=True))
    other_talk = min(1.0, sum(asked.reading.other.values()))
    return (1 - other_talk) / (1 + math.exp(-odds))
