"""Reads a text as units of meaning: the longest thesaurus terms, then words; misspelt ones are guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq_links.concepts import LANGUAGES, SHOP_CONCEPTS, SOFT_CONCEPTS, SOFT_WORDS, TABLE
from faq_links.function_words import FUNCTION_WORDS, WEAK_WORDS
from faq_links.locales import guess_locale
from faq_links.words import sound, split_words, stem

_LONGEST_TERM = 5
_MOST_GUESSED = 5000
_Word = tuple[str, float]
"""A word and the doubt about it."""
HEARD_ALIKE = 0.2
"""The doubt about a word that sounds like a known one: "plaso" is "plazo"."""


@dataclass(frozen=True)
class Unit:
    """One meaning of a text: `words` folded, `roots` features of its words, `concepts` of the thesaurus.

    `weight` is how much it says about the topic; `doubt` 0 for words we know, 0.2 for those that sound like
    one, 0.5 for a guess at a misspelt word, 1 for words met nowhere.
    """

    words: tuple[str, ...]
    roots: tuple[str, ...]
    concepts: tuple[str, ...]
    weight: float = 1.0
    doubt: float = 0.0


@dataclass(frozen=True)
class _Terms:
    """The thesaurus of one language: whole sequences, sequences without function words, single words."""

    raw: dict[tuple[str, ...], tuple[str, ...]]
    bare: dict[tuple[str, ...], tuple[str, ...]]
    single: dict[str, tuple[str, ...]]
    spellings: frozenset[str]
    raw_heads: frozenset[str]
    bare_heads: frozenset[str]

    def choose_heads(self, bare: bool) -> frozenset[str]:
        """The roots that sequences begin with."""
        return self.bare_heads if bare else self.raw_heads


def _table_rows() -> Iterable[tuple[str, dict[str, list[str]]]]:
    for line in TABLE.strip().replace("\n ", " ").splitlines():
        name, _, columns = line.partition(":")
        cells = [[term.strip() for term in cell.split(",") if term.strip()] for cell in columns.split("|")]
        yield name.strip(), dict(zip(LANGUAGES, cells, strict=True))


def _add(table: dict[tuple[str, ...], tuple[str, ...]], key: tuple[str, ...], concept: str) -> None:
    if concept not in table.get(key, ()):
        table[key] = (*table.get(key, ()), concept)


@lru_cache(maxsize=8)
def terms_of(language: str) -> _Terms:
    """The thesaurus as this language's column reads it."""
    raw: dict[tuple[str, ...], tuple[str, ...]] = {}
    bare: dict[tuple[str, ...], tuple[str, ...]] = {}
    single: dict[tuple[str, ...], tuple[str, ...]] = {}
    spellings: set[str] = set()
    function_words = FUNCTION_WORDS[language]
    for concept, columns in _table_rows():
        for term in columns[language]:
            words = split_words(term, language)
            spellings.update(word for word in words if len(word) > 3)
            roots = tuple(stem(word, language) for word in words)
            content = tuple(stem(word, language) for word in words if word not in function_words)
            if len(words) == 1:
                _add(single, (words[0],), concept)
                _add(single, roots, concept)
            elif len(content) >= 2:
                _add(bare, content, concept)
            else:
                _add(raw, roots, concept)
    return _Terms(
        raw,
        bare,
        {key[0]: value for key, value in single.items()},
        frozenset(spellings),
        frozenset(key[0] for key in raw),
        frozenset(key[0] for key in bare),
    )


def _languages(language: str) -> tuple[str, ...]:
    """The reader's language first: a word of hers is not taken for a foreign one."""
    return (language, *(one for one in LANGUAGES if one != language)) if language in LANGUAGES else LANGUAGES


class Speller:
    """Knows every word of the thesaurus and of one index; guesses what a misspelt word was meant to be."""

    def __init__(self, language: str, vocabulary: Iterable[str]) -> None:
        self._language = language
        own = terms_of(language).spellings if language in LANGUAGES else frozenset()
        self._near = sorted({word for word in (*vocabulary, *own) if len(word) > 3 and not word.isdigit()})
        self._sounds = [sound(word, language) for word in self._near]
        self._by_sound = dict(zip(reversed(self._sounds), reversed(self._near), strict=True))
        self._known = frozenset(self._near)
        self._stems = frozenset(stem(word, language) for word in self._near)
        self._guessed: dict[str, tuple[str, float]] = {}

    def knows(self, word: str) -> bool:
        """Whether the word, or another form of it, is in the index or in any column of the thesaurus."""
        if word in self._known or stem(word, self._language) in self._stems:
            return True
        return any(
            word in FUNCTION_WORDS[one]
            or word in terms_of(one).single
            or stem(word, one) in terms_of(one).single
            for one in _languages(self._language)
        )

    def guess(self, word: str) -> tuple[str, float]:
        """The known word meant by a misspelt one and the doubt; (word, 1.0) when none is near."""
        if len(word) < 4 or len(word) > 30 or not word.isalpha():
            return word, 1.0
        if (known := self._guessed.get(word)) is not None:
            return known
        if len(self._guessed) > _MOST_GUESSED:
            self._guessed.clear()
        self._guessed[word] = found = self._guess_anew(word)
        return found

    def _guess_anew(self, word: str) -> tuple[str, float]:
        heard = sound(word, self._language)
        if heard in self._by_sound:
            return self._by_sound[heard], HEARD_ALIKE
        limit = 0 if len(word) < 5 else 1 if len(word) < 8 else 2
        found = process.extract(heard, self._sounds, scorer=OSA.distance, score_cutoff=limit, limit=4)
        alike = [one for one in found if abs(len(one[0]) - len(heard)) < 2]
        best = min(alike, key=lambda one: (one[1], one[0][:1] != heard[:1], one[2]), default=None)
        return (word, 1.0) if best is None else (self._near[best[2]], 0.5)


def read_units(text: str, language: str, speller: Speller | None = None) -> list[Unit]:
    """The units of `text` in order; a `speller` (questions) mends misspelt words, marks unknown ones."""
    words: list[_Word] = []
    for word in split_words(text, language):
        if speller is None or word in WEAK_WORDS or speller.knows(word):
            words.append((word, 0.0))
        else:
            words.append(speller.guess(word))
    units: list[Unit] = []
    rest: list[_Word] = []
    function_words = FUNCTION_WORDS.get(language, frozenset())
    if speller is not None:
        # Shoppers write in another language than the page's; then its small words are small here too.
        function_words |= FUNCTION_WORDS.get(
            guess_locale(text, _languages(language)) or language, frozenset()
        )

    def flush() -> None:
        units.extend(_read_bare(rest, language, function_words))
        rest.clear()

    position = 0
    while position < len(words):
        size, concepts = _longest_term(words, position, language, bare=False)
        if size:
            flush()
            units.append(_term_unit(words[position : position + size], concepts, language))
            position += size
        else:
            rest.append(words[position])
            position += 1
    flush()
    return units if speller is None else _soften(units)


def is_soft(unit: Unit) -> bool:
    """True for what frames a question rather than names its topic."""
    if unit.weight < 0.5 or not unit.concepts:
        return True
    return SOFT_CONCEPTS.issuperset(unit.concepts) or SOFT_WORDS.issuperset(unit.words)


def _soften(units: list[Unit]) -> list[Unit]:
    """In "how long does the refund take" the refund is the topic; the frame counts half beside it."""
    if all(is_soft(unit) for unit in units):
        return units
    in_shop = any(not SHOP_CONCEPTS.isdisjoint(unit.concepts) for unit in units)
    return [
        replace(unit, weight=unit.weight * 0.5)
        if _is_frame(unit) or (in_shop and unit.doubt == 1.0)
        else unit
        for unit in units
    ]


def _is_frame(unit: Unit) -> bool:
    return bool(unit.concepts) and is_soft(unit)


def _read_bare(words: Sequence[_Word], language: str, function_words: frozenset[str]) -> list[Unit]:
    content = [one for one in words if one[0] not in function_words]
    units: list[Unit] = []
    position = 0
    while position < len(content):
        size, concepts = _longest_term(content, position, language, bare=True)
        if size:
            units.append(_term_unit(content[position : position + size], concepts, language))
            position += size
        else:
            units.append(_word_unit(*content[position], language))
            position += 1
    return units


def _longest_term(
    words: Sequence[_Word], position: int, language: str, *, bare: bool
) -> tuple[int, tuple[str, ...]]:
    first = words[position][0]
    begun = [one for one in _languages(language) if stem(first, one) in terms_of(one).choose_heads(bare)]
    if not begun:
        return 0, ()
    for size in range(min(_LONGEST_TERM, len(words) - position), 1, -1):
        window = [word for word, _ in words[position : position + size]]
        for one in begun:
            terms = terms_of(one)
            table = terms.bare if bare else terms.raw
            found = table.get(tuple(stem(word, one) for word in window))
            if found:
                return size, found
    return 0, ()


def _features(word: str, language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((word, stem(word, language))))


def _term_unit(words: Sequence[_Word], concepts: tuple[str, ...], language: str) -> Unit:
    plain = tuple(word for word, _ in words)
    function_words = FUNCTION_WORDS.get(language, frozenset())
    roots = [root for word in plain if word not in function_words for root in _features(word, language)]
    return Unit(plain, tuple(dict.fromkeys(roots)), concepts, 1.3, max(doubt for _, doubt in words))


def _word_unit(word: str, doubt: float, language: str) -> Unit:
    concepts: tuple[str, ...] = ()
    for one in _languages(language):
        table = terms_of(one).single
        concepts = table.get(word) or table.get(stem(word, one)) or ()
        if concepts:
            break
    weight = 0.25 if word in WEAK_WORDS else 0.4 if word.isdigit() else 1.0
    return Unit((word,), _features(word, language), concepts, weight, doubt)
