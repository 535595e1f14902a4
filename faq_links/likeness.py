"""Which questions ask for the same thing."""

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
_VAGUE = 0.5
"""How near (see `Reading.sureness`) a question must be to a situation before that speaks for it."""
LANGUAGES = ("es", "en", "pt")
_TURNING = {
    "es": frozenset({"con", "sin", "desde", "hasta", "para", "solo"}),
    "en": frozenset({"with", "no", "from", "to", "before", "after", "until", "off", "only"}),
    "pt": frozenset({"com", "sem", "nem", "ate", "para", "so"}),
}
"""Function words that make another question of the same words: with gluten, without gluten."""


@dataclass(frozen=True)
class _Traces:
    """What of a question is compared: its situations with their chances, the roots of its words, and the function words
    that turn it (see `_TURNING`)."""

    situations: Mapping[int, float]
    roots: frozenset[str]
    turns: frozenset[str]


def find_groups(
    questions: Sequence[tuple[str, str]], groups: Sequence[tuple[str, str]], aside: Sequence[tuple[str, str]] = ()
) -> list[int]:
    """For each of `questions` (text, locale), in their order, the place in ``[*groups, *aside, *questions]`` of the one
    whose group it joins; its own place: it begins a group.

    It joins the one of `groups`, or of the questions before it that began a group, that it is most like, the first of
    equals, if they ask for the same thing (`ALIKE`). To join one of `aside` its words must be the same.
    """
    heads = {place: _trace(*one) for place, one in enumerate(groups)}
    words: dict[tuple[frozenset[str], frozenset[str]], int] = {}
    for place, one in enumerate(aside, len(groups)):
        trace = _trace(*one)
        if trace.roots:
            words.setdefault((trace.roots, trace.turns), place)
    found = []
    for own, question in enumerate(questions, len(groups) + len(aside)):
        trace = _trace(*question)
        best, nearest = max(((measure_likeness(one, trace), -place) for place, one in heads.items()), default=(0.0, 0))
        place = -nearest if best >= ALIKE else own
        if best < 1.0:
            place = words.get((trace.roots, trace.turns), place)
        if place == own:
            heads[own] = trace
        found.append(place)
    return found


def _trace(text: str, locale: str) -> _Traces:
    language = guess_locale(text, LANGUAGES) or base_language(locale)
    words = split_words(text, language)
    reading = load_space().read(read_traits(words, language))
    idle, turning = FUNCTION_WORDS.get(language, frozenset()), _TURNING.get(language, frozenset())
    roots = frozenset(stem(word, language) for word in words if word not in idle)
    situations = reading.situations if reading.sureness >= _VAGUE else {}
    return _Traces(situations, roots, turning.intersection(words))


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
