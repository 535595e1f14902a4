"""Three learnt ears: one hears "a person, please", one what no shop answers, one anger.

Each is a logistic curve over words, roots, concepts and pairs, learnt by `teacher.py` from the blocks of
`situations/*.txt`. They hear what the rules of `person.py`, `small_talk.py` and `anger.py` do not foresee.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from faq_links.learnt import EAR_QUANTUM, mark_sentence, places_of_traits, read_learnt
from faq_links.locales import guess_locale
from faq_links.traits import read_traits
from faq_links.words import split_words

_LANGUAGES = ("en", "es", "pt")
SURE = 1.0
"""From this many log odds a person is wished."""
_SURELY = 9.0


def _hear(name: str, traits: Mapping[str, float]) -> float:
    """Log odds that a text of these traits is what the ear of that name listens for."""
    learnt, places = read_learnt(), places_of_traits()
    weights = learnt.ears[name]
    odds = 0.0
    for trait, weight in traits.items():
        place = places.get(trait)
        if place is not None:
            odds += weights[place] * weight
    return learnt.biases[name] + odds * EAR_QUANTUM


def _read(text: str) -> dict[str, float]:
    language = guess_locale(text, _LANGUAGES) or "en"
    return read_traits(split_words(text, language), language)


def _knows(name: str, mark: int) -> bool:
    marks = read_learnt().known[name]
    place = bisect_left(marks, mark)
    return place < len(marks) and marks[place] == mark


def hear_person(text: str) -> float:
    """Log odds that `text`, in whatever language it seems to be, wishes for a person."""
    text = text[:2000]
    mark = mark_sentence(text)
    if _knows("person", mark):
        return _SURELY
    return -_SURELY if _knows("not person", mark) else _hear("person", _read(text))


def hear_anger(text: str) -> float:
    """Log odds that `text` is angry or in despair."""
    return _hear("anger", _read(text[:2000]))


def hear_other_talk(text: str, traits: Mapping[str, float]) -> float:
    """Log odds that a text, its traits read already, is nothing for a shop."""
    if any(sign.isalnum() for sign in text) and _knows("other", mark_sentence(text[:2000])):
        return _SURELY
    return _hear("other", traits)
