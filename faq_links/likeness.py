"""Which of the questions of before asks for the same thing as a new one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from faq_links.function_words import FUNCTION_WORDS
from faq_links.locales import base_language, guess_locale
from faq_links.situation_space import load_space
from faq_links.traits import read_traits
from faq_links.words import split_words, stem

ALIKE = 0.45
"""From here on two questions ask for the same. The situation alone does not reach it: of what nobody answers, many
questions tell of no situation we know, and would all fall together."""
_SITUATION, _WORDS = 0.55, 0.45
_VAGUE = 0.5
"""How near (see `Reading.sureness`) a question must be to a situation before that speaks for it."""
LANGUAGES = ("es", "en", "pt")


@dataclass(frozen=True)
class _Traces:
    """What of a question is compared: its situations with their chances, and the roots of its words."""

    situations: Mapping[int, float]
    roots: frozenset[str]


def find_alike(question: tuple[str, str], others: Sequence[tuple[str, str]]) -> int | None:
    """The place in `others` (each as `question`: text, locale) of the one that it is most like, the first of equals.
    None: not one of them asks for the same."""
    trace = _trace(*question)
    near = [(measure_likeness(_trace(*other), trace), -place) for place, other in enumerate(others)]
    best, place = max(near, default=(0.0, 0))
    return -place if best >= ALIKE else None


@lru_cache(maxsize=1000)
def _trace(text: str, locale: str) -> _Traces:
    language = guess_locale(text, LANGUAGES) or base_language(locale)
    words = split_words(text, language)
    reading = load_space().read(read_traits(words, language))
    idle = FUNCTION_WORDS.get(language, frozenset())
    roots = frozenset(stem(word, language) for word in words if word not in idle)
    return _Traces(reading.situations if reading.sureness >= _VAGUE else {}, roots)


def measure_likeness(one: _Traces, other: _Traces) -> float:
    """0 (nothing in common) .. 1 (the same); the same words are the same whatever they tell of."""
    if one.roots and one.roots == other.roots:
        return 1.0
    shared = len(one.roots & other.roots)
    words = shared / math.sqrt(len(one.roots) * len(other.roots)) if shared else 0.0
    return _SITUATION * _measure_cosine(one.situations, other.situations) + _WORDS * words


def _measure_cosine(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    length = math.sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
    return sum(value * other.get(number, 0.0) for number, value in one.items()) / length if length else 0.0
