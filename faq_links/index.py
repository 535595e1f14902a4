"""An index over the articles of one locale: how well each unit of a question is met by each article."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from faq_links.catalogue import Article
from faq_links.concepts import BROADER
from faq_links.lexicon import Speller, Unit, read_units
from faq_links.locales import base_language
from faq_links.words import character_grams, split_words

_TITLE, _PHRASING, _BODY = 2.4, 1.2, 0.5
_HALF = 1.1
"""Weighted occurrences at which a unit counts for half; more of the same word adds ever less."""
_BROADER_SHARE = 0.5
_TERM_WORDS_SHARE = 0.5
_GUESS_SHARE = 0.8
_CANDIDATES = 12


@dataclass(frozen=True)
class Candidate:
    """One article's likeness to a question; each part 0..1.

    `cover`: share of the question met anywhere in the article; `head`: likeness to its nearest phrasing or
    title; `shape`: likeness of the letters.
    """

    article_id: str
    cover: float
    head: float
    shape: float

    @property
    def score(self) -> float:
        """The parts as one number, 0..1."""
        return 0.5 * self.cover + 0.32 * self.head + 0.18 * self.shape


class Index:
    """Built once per catalogue and locale; reading it changes nothing, so threads may share it."""

    def __init__(self, articles: Sequence[Article], locale: str) -> None:
        self.language = base_language(locale)
        self.articles = tuple(articles)
        self._postings: dict[str, dict[int, float]] = defaultdict(dict)
        self._grams: dict[str, list[tuple[int, float]]] = {}
        vocabulary: set[str] = set()
        heads: list[list[list[Unit]]] = []
        for number, article in enumerate(self.articles):
            texts = (article.title, *article.phrasings, article.text)
            weights = (_TITLE, *(_PHRASING for _ in article.phrasings), _BODY)
            read = [read_units(text, self.language) for text in texts]
            for units, weight in zip(read, weights, strict=True):
                vocabulary.update(word for unit in units for word in unit.words)
                self._count(number, units, weight)
            heads.append(read[:-1])
        self.speller = Speller(self.language, vocabulary)
        self._rarity = {name: self._measure_rarity(len(found)) for name, found in self._postings.items()}
        self.rarest = self._measure_rarity(0)
        self._heads = [[self._weigh(units) for units in head] for head in heads]
        self._index_grams([self._article_grams(article) for article in self.articles])

    def _measure_rarity(self, articles: int) -> float:
        """Never near 0: in a catalogue of three articles a word in two of them still tells them apart."""
        return 0.3 + math.log(1 + (len(self.articles) - articles + 0.5) / (articles + 0.5))

    def _count(self, number: int, units: Iterable[Unit], weight: float) -> None:
        for unit in units:
            for feature in _features_of(unit):
                found = self._postings[feature]
                found[number] = found.get(number, 0.0) + weight * unit.weight

    def _weigh(self, units: Iterable[Unit]) -> dict[str, float]:
        """Features of a short text with their weights: of a thesaurus term its concepts, else the root."""
        weighed: dict[str, float] = {}
        for unit in units:
            for feature in _features_of(unit):
                value = unit.weight * self._rarity.get(feature, self.rarest)
                weighed[feature] = max(weighed.get(feature, 0.0), value)
        return weighed

    def _article_grams(self, article: Article) -> Counter[str]:
        head = " ".join((article.title, *article.phrasings))
        counts: Counter[str] = Counter(character_grams(split_words(head, self.language)))
        for gram, count in character_grams(split_words(article.text, self.language)).items():
            counts[gram] += math.ceil(count * 0.34)
        return counts

    def _index_grams(self, articles: Sequence[Counter[str]]) -> None:
        spread = Counter(gram for counts in articles for gram in counts)
        self._gram_rarity = {gram: math.log(1 + len(articles) / seen) for gram, seen in spread.items()}
        for number, counts in enumerate(articles):
            weighed = {
                gram: (1 + math.log(count)) * self._gram_rarity[gram] for gram, count in counts.items()
            }
            length = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
            for gram, value in weighed.items():
                self._grams.setdefault(gram, []).append((number, value / length))

    def find_candidates(self, question: str, units: Sequence[Unit]) -> list[Candidate]:
        """The nearest articles, best first, ties by id; empty when no article has anything of it."""
        cover = self._measure_cover(units)
        shape = self._measure_shape(question)
        rough = {number: cover.get(number, 0.0) + 0.4 * shape.get(number, 0.0) for number in {*cover, *shape}}
        nearest = sorted(rough, key=lambda number: (-rough[number], number))[:_CANDIDATES]
        found = [
            Candidate(
                self.articles[number].article_id,
                cover.get(number, 0.0),
                self._measure_head(number, units),
                min(1.0, shape.get(number, 0.0)),
            )
            for number in nearest
        ]
        return sorted(found, key=lambda one: (-one.score, one.article_id))

    def measure_mass(self, unit: Unit) -> float:
        """How much a unit weighs in a question: rare words more, words met nowhere a middling amount."""
        if unit.doubt == 1.0:
            return unit.weight * self.rarest * 0.55
        seen = [self._rarity[name] for name in _features_of(unit) if name in self._rarity]
        return unit.weight * (max(seen) if seen else self.rarest * 0.8)

    def _measure_cover(self, units: Sequence[Unit]) -> dict[int, float]:
        total = sum(self.measure_mass(unit) for unit in units) or 1.0
        cover: dict[int, float] = {}
        for unit in units:
            for number, value in self._meet(unit).items():
                cover[number] = cover.get(number, 0.0) + value / total
        return cover

    def _meet(self, unit: Unit) -> dict[int, float]:
        """Article → what it says about a unit: the best of its words and concepts, not their sum."""
        met: dict[int, float] = {}
        # The words of a longer term mean less than the term: "contra reembolso" is not about refunds.
        own = _TERM_WORDS_SHARE if len(unit.words) > 1 else 1.0
        shares = [(name, own) for name in unit.roots] + [("#" + one, 1.0) for one in unit.concepts]
        shares += [("#" + BROADER[one], _BROADER_SHARE) for one in unit.concepts if one in BROADER]
        for name, share in shares:
            rarity = self._rarity.get(name, 0.0) * unit.weight * share * (_GUESS_SHARE if unit.doubt else 1.0)
            for number, count in self._postings.get(name, {}).items():
                value = rarity * count / (count + _HALF)
                if value > met.get(number, 0.0):
                    met[number] = value
        return met

    def _measure_head(self, number: int, units: Sequence[Unit]) -> float:
        """Likeness (weighted shared part of both) to the nearest of title and phrasings."""
        question = self._weigh(units)
        mass = sum(question.values())
        best = 0.0
        for head in self._heads[number]:
            shared = sum(min(value, question[name]) for name, value in head.items() if name in question)
            if shared:
                union = mass + sum(head.values()) - shared
                best = max(
                    best,
                    0.6 * shared / union + 0.4 * shared / min(mass, sum(head.values())) * min(1, mass / 4),
                )
        return min(1.0, best)

    def _measure_shape(self, question: str) -> dict[int, float]:
        counts = character_grams(split_words(question, self.language))
        weighed = {
            gram: (1 + math.log(count)) * self._gram_rarity[gram]
            for gram, count in counts.items()
            if gram in self._gram_rarity
        }
        length = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
        shape: dict[int, float] = {}
        for gram, value in weighed.items():
            for number, weight in self._grams[gram]:
                shape[number] = shape.get(number, 0.0) + value * weight / length
        return {number: 2.0 * value for number, value in shape.items()}


def _features_of(unit: Unit) -> tuple[str, ...]:
    return (*unit.roots, *("#" + concept for concept in unit.concepts))
