"""Questions of shoppers that ask for the same thing, put together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faq_links.function_words import FUNCTION_WORDS
from faq_links.locales import base_language, guess_locale
from faq_links.situation_space import load_space
from faq_links.traits import read_traits
from faq_links.words import split_words, stem

ALIKE = 0.45
"""From here on two questions ask for the same. The situation alone does not reach it: of what nobody answers, many
questions tell of no situation we know, and would all fall together."""
_SITUATION, _WORDS = 0.55, 0.45
_VAGUE = 0.3
"""How near (see `Reading.sureness`) a question must be to a situation before that speaks for it."""
LANGUAGES = ("es", "en", "pt")


@dataclass(frozen=True)
class _Traces:
    """What of a question is compared: its situations with their chances, and the roots of its words."""

    situations: Mapping[int, float]
    roots: frozenset[str]


def group_alike(questions: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Groups of places in `questions` (text, locale), each in order; the groups in the order of their first one. Each
    question joins the group whose first it is most like, or begins one of its own."""
    traces = [_trace(text, locale) for text, locale in questions]
    groups: list[list[int]] = []
    for place, trace in enumerate(traces):
        near = [(measure_likeness(traces[group[0]], trace), -number) for number, group in enumerate(groups)]
        best, number = max(near, default=(0.0, 0))
        if best >= ALIKE:
            groups[-number].append(place)
        else:
            groups.append([place])
    return groups


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
