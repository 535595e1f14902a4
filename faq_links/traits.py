"""Traits of a text: words, roots, thesaurus concepts, classes and pieces of letters, with their weights.

The same traits are read from the sentences of `situations/`, from articles and from questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from faq_links.concepts import LANGUAGES
from faq_links.lexicon import terms_of
from faq_links.word_classes import classes_of
from faq_links.words import stem

_ROOT, _CONCEPT, _CLASS, _PIECE, _PAIR, _SENSE_PAIR = 0.8, 1.2, 0.6, 0.4, 0.3, 0.8
_PIECE_SIZE = 3
_EDGE = "^"


@lru_cache(maxsize=8_000)
def _read_word(word: str, language: str) -> tuple[tuple[tuple[str, float], ...], str, str]:
    """The traits of one word, its root and its sense (what it is for the purposes of a pair)."""
    classes = classes_of(word)
    if any(sign.isdigit() for sign in word):
        found = [("l:" + one, _CLASS) for one in classes]
        return tuple(found), "9", "=" + (classes[0] if classes else "9")
    root = stem(word, language)
    concepts = _concepts_of(word, language)
    traits = [("w:" + word, 1.0), ("s:" + root, _ROOT)]
    traits += [("k:" + one, _CONCEPT) for one in concepts]
    traits += [("l:" + one, _CLASS) for one in classes]
    if len(word) > 3:
        framed = f"^{word}$"
        traits += [
            ("c:" + framed[start : start + _PIECE_SIZE], _PIECE)
            for start in range(len(framed) - _PIECE_SIZE + 1)
        ]
    sense = "#" + concepts[0] if concepts else "=" + classes[0] if classes else root
    return tuple(traits), root, sense


def _concepts_of(word: str, language: str) -> tuple[str, ...]:
    for one in (language, *LANGUAGES):
        if one in LANGUAGES:
            single = terms_of(one).single
            found = single.get(word) or single.get(stem(word, one))
            if found:
                return found
    return ()


def read_traits(words: Sequence[str], language: str) -> dict[str, float]:
    """Trait → weight of some words in order (see `split_words`)."""
    traits: dict[str, float] = {}
    before_root = before_sense = _EDGE
    for word in words:
        own, root, sense = _read_word(word, language)
        traits.update(own)
        traits["b:" + before_root + " " + root] = _PAIR
        traits["p:" + before_sense + " " + sense] = _SENSE_PAIR
        before_root, before_sense = root, sense
    traits["p:" + before_sense + " " + _EDGE] = _SENSE_PAIR
    return traits
