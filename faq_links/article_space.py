"""The articles of one catalogue in the space of situations, and the traits of their words."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache
from heapq import nlargest

from faq_links.catalogue import Article
from faq_links.kinship import read_kin
from faq_links.situation_space import Space, load_space
from faq_links.traits import read_traits
from faq_links.words import split_words

_TITLE, _PHRASINGS = 0.6, 0.5
_KIN, _KIN_FALL = 0.2, 0.7
_UNCLAIMED = 0.2
"""A situation that hardly any article tells of is not given away whole to the one that comes nearest."""
_SENTENCES = 8
_LIKELIEST = 14
"""Situations of a question that are followed to articles; the rest is a hundredth each at most."""
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")


@lru_cache(maxsize=20_000)
def read_situations(text: str, language: str) -> tuple[bytes, array[float]]:
    """Numbers of labels, and beside them the chances, of a text of an article; most texts are the same at
    the next build.
    """
    told = load_space().read(read_text_traits(text, language)).situations
    return bytes(told), array("d", told.values())


@lru_cache(maxsize=512)
def read_text_traits(text: str, language: str) -> Mapping[str, float]:
    """The traits of a text of an article; few are kept, for each takes some thousand bytes."""
    return read_traits(split_words(text, language), language)


@lru_cache(maxsize=2)
def _kin_of(space: Space) -> dict[int, tuple[tuple[int, float], ...]]:
    """Label's number → the labels whose share it also gets, with the part of it."""
    numbers = {label: number for number, label in enumerate(space.labels)}
    return {
        numbers[name]: tuple(
            (numbers[one], _KIN * _KIN_FALL**place) for place, one in enumerate(kin) if one in numbers
        )
        for name, kin in read_kin().items()
        if name in numbers
    }


class ArticleSpace:
    """Built once per catalogue and locale; reading it changes nothing."""

    def __init__(self, articles: Sequence[Article], language: str) -> None:
        self.space = load_space()
        self._count = len(articles)
        self._whole: dict[int, float] = {}
        self._claims = self._share_out([self._read_article(one, language) for one in articles])
        self._spread: dict[str, list[int]] = {}
        for number, article in enumerate(articles):
            texts = (article.title, article.text, *article.phrasings, *article.learned)
            for trait in {trait for text in texts for trait in read_text_traits(text, language)}:
                self._spread.setdefault(trait, []).append(number)
        most = math.log(1 + self._count) or 1.0
        self._rarity = {
            trait: math.log(1 + self._count / len(found)) / most for trait, found in self._spread.items()
        }

    def _read_article(self, article: Article, language: str) -> dict[int, float]:
        """Situation → how much of the article tells of it; the title weighs more than the text."""
        sentences = [one for one in _SENTENCE.split(article.text) if one.strip()][:_SENTENCES]
        parts = [(article.title, _TITLE if sentences else 1.0)]
        parts += [(one, (1 - _TITLE) / len(sentences)) for one in sentences]
        phrasings = (*article.phrasings, *article.learned)
        if phrasings:
            parts = [(text, share * (1 - _PHRASINGS)) for text, share in parts]
            parts += [(one, _PHRASINGS / len(phrasings)) for one in phrasings]
        told: dict[int, float] = {}
        for text, share in parts:
            for number, value in zip(*read_situations(text, language), strict=True):
                told[number] = told.get(number, 0.0) + share * value
        for number, kin in _kin_of(self.space).items():
            more = sum(part * told.get(one, 0.0) for one, part in kin)
            if more > 0:
                told[number] = told.get(number, 0.0) + more
        return told

    def _share_out(self, told: Sequence[Mapping[int, float]]) -> dict[int, list[float]]:
        """Situation → each article's claim to it; the claims of all come to less than 1."""
        whole = self._whole
        for one in told:
            for situation, value in one.items():
                whole[situation] = whole.get(situation, 0.0) + value
        claims: dict[int, list[float]] = {}
        for number, one in enumerate(told):
            for situation, value in one.items():
                row = claims.setdefault(situation, [0.0] * self._count)
                row[number] = value / (whole[situation] + _UNCLAIMED)
        return claims

    def measure_claims(self, reading: Mapping[int, float]) -> list[float]:
        """For each article the chance that it is for what the question tells of."""
        found = [0.0] * self._count
        for situation in nlargest(_LIKELIEST, reading, key=lambda one: reading[one]):
            chance, row = reading[situation], self._claims.get(situation)
            if row is not None:
                found = [one + chance * claim for one, claim in zip(found, row, strict=True)]
        return found

    def measure_claimed(self, reading: Mapping[int, float]) -> tuple[float, float]:
        """The share of what is told that articles claim; how clearly it tells of what none is for."""
        claimed = sum(
            chance * self._whole.get(one, 0.0) / (self._whole.get(one, 0.0) + _UNCLAIMED)
            for one, chance in reading.items()
        )
        nearest = max(reading, key=lambda one: reading[one], default=None)
        if nearest is None:
            return claimed, 0.0
        return claimed, reading[nearest] * (1 - min(1.0, 4 * self._whole.get(nearest, 0.0)))

    def measure_traits(self, traits: Mapping[str, float]) -> list[float]:
        """For each article the share of the question's traits that it has anywhere; rare ones weigh more."""
        measure_rarity, unknown = self.space.measure_rarity, self.space.rarest * 0.5
        found = [0.0] * self._count
        total = 0.0
        for trait in traits:
            weight = (measure_rarity(trait) or unknown) ** 2 * self._rarity.get(trait, 0.8)
            total += weight
            for number in self._spread.get(trait, ()):
                found[number] += weight
        return [value / total for value in found] if total else found
