"""Why an article is near a question: which words it met, and which of its phrasings. For people who look, not for
shoppers who wait: `match` alone decides."""

from __future__ import annotations

from dataclasses import dataclass

from faq_links.catalogue import Article, Catalogue
from faq_links.function_words import FUNCTION_WORDS
from faq_links.index import Index, Question
from faq_links.matching import index_of
from faq_links.negation import strip_denied
from faq_links.words import split_words, stem

MOST_REASONS = 5
_LITTLE = 0.12
"""Claims below this are no reason to be told of."""


@dataclass(frozen=True)
class Reason:
    """One article near a question. `score`: 0..1, as `Match.ranked` has it; `words`: those of the question that it has,
    folded, in order; `nearest`: its title or phrasing that shares most words, '' for none; `meant`: it is for what such
    questions usually mean, whatever their words; `exact`: it names this very question."""

    article_id: str
    title: str
    score: float
    words: tuple[str, ...]
    nearest: str
    meant: bool
    exact: bool


def find_reasons(catalogue: Catalogue, question: str, locale: str, most: int = MOST_REASONS) -> tuple[Reason, ...]:
    """The articles nearest to `question`, best first, in the order of `match`, each with its reasons."""
    index = index_of(catalogue, locale)
    if index is None:
        return ()
    asked = index.read_question(strip_denied(question))
    numbers = {one.article_id: number for number, one in enumerate(index.articles)}
    found = []
    for one in index.find_candidates(asked)[:most]:
        number = numbers[one.article_id]
        article = index.articles[number]
        found.append(Reason(
            one.article_id, article.title, round(one.score, 4), _list_met(index, asked, number),
            _find_nearest(article, asked, index.language), one.claim >= _LITTLE, one.exact,
        ))  # fmt: skip
    return tuple(found)


def _list_met(index: Index, asked: Question, number: int) -> tuple[str, ...]:
    """Without those that stand in any question, unless there are no others."""
    met = [word for unit in asked.units if number in index.meet(unit) for word in unit.words]
    idle = FUNCTION_WORDS.get(index.language, frozenset())
    return tuple(dict.fromkeys(word for word in met if word not in idle)) or tuple(dict.fromkeys(met))


def _find_nearest(article: Article, asked: Question, language: str) -> str:
    """The title, phrasing or lesson that shares most of its words with the question."""
    roots = {stem(word, language) for word in asked.words}
    best, nearest = 0.0, ""
    for text in (article.title, *article.phrasings, *article.learned):
        own = {stem(word, language) for word in split_words(text, language)}
        alike = len(own & roots) / len(own | roots) if own else 0.0
        if alike > best:
            best, nearest = alike, text
    return nearest
