"""An index over the articles of one locale: how well each unit of a question is met by each article."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest

from faq_links.article_space import ArticleSpace
from faq_links.catalogue import Article
from faq_links.concepts import BROADER, LANGUAGES
from faq_links.function_words import WEAK_WORDS
from faq_links.lexicon import HEARD_ALIKE, Speller, Unit, read_units
from faq_links.locales import base_language, guess_locale
from faq_links.situation_space import Reading, load_space
from faq_links.traits import read_traits
from faq_links.word_classes import classes_of
from faq_links.words import character_grams, split_words

_TITLE, _PHRASING, _BODY = 2.4, 1.2, 0.5
_HALF = 1.1
"""Weighted occurrences at which a unit counts for half; more of the same word adds ever less."""
_BROADER_SHARE = 0.5
_TERM_WORDS_SHARE = 0.5
_GUESS_SHARE = 0.8
_SHAPE = 2.0
_GRAMS = 48
"""Pieces of letters looked up for a question: the rarest; a long story has hundreds that all articles share."""
_CANDIDATES = 16
# Fitted on the development questions of tests/data/faq/bench with each topic's questions left out in turn:
# the right article against all others; then rounded.
_WEIGHTS = (1.8, 0.4, 2.9, 2.3, 2.8)
_CLAIMLESS = 0.01
_STRONGEST = sum(_WEIGHTS[:4]) + _WEIGHTS[4] * math.log(1 + 1 / _CLAIMLESS)


@dataclass(frozen=True)
class Candidate:
    """One article's likeness to a question; each part 0..1.

    `cover`: share of the question met anywhere in the article; `head`: likeness to its nearest phrasing or
    title; `shape`: likeness of the letters; `traits`: share of the question's traits it has; `claim`: chance
    that it is for the situation the question tells of; `exact`: it names this very question.
    """

    article_id: str
    cover: float
    head: float
    shape: float
    traits: float = 0.0
    claim: float = 0.0
    exact: bool = False

    @property
    def claim_odds(self) -> float:
        """The claim on a scale where each doubling counts alike; 0 for none."""
        return measure_odds(self.claim)

    @property
    def likeness(self) -> float:
        """The strength without the situation."""
        return weigh_parts(self.cover, self.head, self.shape, self.traits, 0.0)

    @property
    def strength(self) -> float:
        """The parts as one number on the scale of log odds."""
        return weigh_parts(self.cover, self.head, self.shape, self.traits, self.claim_odds)

    @property
    def score(self) -> float:
        """The strength on a scale of 0..1."""
        return 1.0 if self.exact else min(0.99, self.strength / _STRONGEST)


def measure_odds(claim: float) -> float:
    """A chance on a scale where each doubling counts alike; 0 for none."""
    return math.log((claim + _CLAIMLESS) / _CLAIMLESS)


def weigh_parts(cover: float, head: float, shape: float, traits: float, claim_odds: float) -> float:
    """What the parts of a likeness come to."""
    of_cover, of_head, of_shape, of_traits, of_claim = _WEIGHTS
    return of_cover * cover + of_head * head + of_shape * shape + of_traits * traits + of_claim * claim_odds


@dataclass(frozen=True)
class Question:
    """What was asked: its text, its words, its units of meaning, its traits, and the situations it may tell of."""

    text: str
    words: list[str]
    units: list[Unit]
    traits: Mapping[str, float]
    reading: Reading


class Index:
    """Built once per catalogue and locale; reading it changes nothing, so threads may share it."""

    def __init__(self, articles: Sequence[Article], locale: str) -> None:
        self.language = base_language(locale)
        self.articles = tuple(articles)
        self._postings: dict[str, dict[int, float]] = defaultdict(dict)
        self._grams: dict[str, list[tuple[int, float]]] = {}
        vocabulary: set[str] = set()
        heads: list[list[tuple[Unit, ...]]] = []
        for number, article in enumerate(self.articles):
            phrasings = (*article.phrasings, *article.learned)
            texts = (article.title, *phrasings, article.text)
            weights = (_TITLE, *(_PHRASING for _ in phrasings), _BODY)
            read = [_read_text(text, self.language) for text in texts]
            for units, weight in zip(read, weights, strict=True):
                vocabulary.update(word for unit in units for word in unit.words)
                self._count(number, units, weight)
            heads.append(read[:-1])
        usual = load_space().vocabulary.get(self.language, frozenset())
        self.speller = Speller(self.language, vocabulary | usual)
        self._real = load_space().met_often.get(self.language, frozenset())
        self._rarity = {name: self._measure_rarity(len(found)) for name, found in self._postings.items()}
        self.rarest = self._measure_rarity(0)
        self._heads = [[self._weigh(units) for units in head] for head in heads]
        self._index_grams([self._article_grams(article) for article in self.articles])
        self.meanings = ArticleSpace(self.articles, self.language)
        self._exact = self._index_exact()

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
        head = " ".join((article.title, *article.phrasings, *article.learned))
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

    def _index_exact(self) -> dict[tuple[str, ...], int]:
        """Words of a phrasing or title → its article, learned ones before all; what two say alike decides
        nothing.
        """
        found: dict[tuple[str, ...], int] = {}
        for learned in (False, True):
            said: dict[tuple[str, ...], int] = {}
            for number, article in enumerate(self.articles):
                for text in article.learned if learned else (article.title, *article.phrasings):
                    words = tuple(split_words(text, self.language))
                    if words:
                        said[words] = number if said.get(words, number) == number else -1
            found |= said
        return found

    def find_candidates(self, question: Question) -> list[Candidate]:
        """The nearest articles, best first, ties by id; empty when no article has anything of it."""
        cover = self._measure_cover(question.units)
        shape = self._measure_shape(question.words)
        traits = self.meanings.measure_traits(question.traits)
        claims = self.meanings.measure_claims(question.reading.situations)
        rough = [
            weigh_parts(covered, 0.0, alike, shared, measure_odds(claim))
            for covered, alike, shared, claim in zip(cover, shape, traits, claims, strict=True)
        ]
        exact = self._exact.get(tuple(question.words), -1)
        nearest = {*nlargest(_CANDIDATES, range(len(rough)), key=rough.__getitem__)}
        asked = self._weigh(question.units)
        found = [
            Candidate(
                self.articles[number].article_id,
                cover[number],
                self._measure_head(number, asked),
                shape[number],
                traits[number],
                claims[number],
                number == exact,
            )
            for number in (nearest | {exact} if exact >= 0 else nearest)
            if rough[number] > 0
        ]
        return sorted(found, key=lambda one: (-one.score, one.article_id))

    def read_question(self, text: str) -> Question:
        """A shopper's words read in every way that articles are read."""
        words = split_words(text, self.language)
        traits = read_traits([self._mend(word) for word in words], self.language)
        units = list(dict.fromkeys(read_units(text, self.language, self.speller)))
        return Question(text, words, units, traits, self._read_situations(text, traits))

    def _mend(self, word: str) -> str:
        """The word a misspelt one was meant to be; "primo" is none of "promo", though a letter away."""
        if len(word) < 5 or word in WEAK_WORDS or word in self._real or self.speller.knows(word):
            return word
        meant, doubt = self.speller.guess(word)
        if doubt <= HEARD_ALIKE and not classes_of(word):
            return meant
        if meant[0] != word[0] or abs(len(meant) - len(word)) > 1 or classes_of(word):
            return word
        replaced = len(meant) == len(word) and sorted(meant) != sorted(word)
        return word if replaced and len(word) < 6 else meant

    def _read_situations(self, text: str, traits: Mapping[str, float]) -> Reading:
        """What is told, also by who writes in another language than the page's: the surer reading of both."""
        space = self.meanings.space
        own = space.read(traits)
        written = guess_locale(text, (self.language, *(one for one in LANGUAGES if one != self.language)))
        if written is None or written == self.language:
            return own
        other = space.read(read_traits(split_words(text, written), written))
        return max(own, other, key=lambda one: one.sureness)

    def measure_mass(self, unit: Unit) -> float:
        """How much a unit weighs in a question: rare words more, words met nowhere a middling amount."""
        if unit.doubt == 1.0:
            return unit.weight * self.rarest * 0.55
        seen = [self._rarity[name] for name in _features_of(unit) if name in self._rarity]
        return unit.weight * (max(seen) if seen else self.rarest * 0.8)

    def _measure_cover(self, units: Sequence[Unit]) -> list[float]:
        total = sum(self.measure_mass(unit) for unit in units) or 1.0
        cover = [0.0] * len(self.articles)
        for unit in units:
            for number, value in self.meet(unit).items():
                cover[number] += value / total
        return [min(1.0, value) for value in cover]

    def meet(self, unit: Unit) -> dict[int, float]:
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

    def _measure_head(self, number: int, question: Mapping[str, float]) -> float:
        """Likeness (weighted shared part of both) to the nearest of title and phrasings."""
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

    def _measure_shape(self, words: list[str]) -> list[float]:
        counts = character_grams(words)
        weighed = {
            gram: (1 + math.log(count)) * self._gram_rarity[gram]
            for gram, count in counts.items()
            if gram in self._gram_rarity
        }
        length = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
        shape = [0.0] * len(self.articles)
        for gram in nlargest(_GRAMS, weighed, key=lambda one: weighed[one]):
            share = _SHAPE * weighed[gram] / length
            for number, weight in self._grams[gram]:
                shape[number] += share * weight
        return [min(1.0, value) for value in shape]


@lru_cache(maxsize=20_000)
def _read_text(text: str, language: str) -> tuple[Unit, ...]:
    return tuple(read_units(text, language))


def _features_of(unit: Unit) -> tuple[str, ...]:
    return (*unit.roots, *("#" + concept for concept in unit.concepts))
