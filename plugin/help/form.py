"""The short form that fills the articles: its questions, and what each article still waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from faq_links import EXAMPLE_ANSWERS, PLACEHOLDERS, STARTER, Catalogue, load_catalogue
from faq_links.placeholders import AnswerBook
from plugin.help.catalogues import catalogue_of
from plugin.help.sections import section_title
from plugin.language import LOCALES, language_of
from plugin.stores import StoreRow


@dataclass(frozen=True)
class Question:
    """One question in its reader's words. `kind`: text (in a language), number, free (the same in all);
    `examples`: language → an answer as somebody might write it."""

    key: str
    kind: str
    label: str
    help: str
    examples: Mapping[str, str]


@dataclass(frozen=True)
class ArticleState:
    """One article: shown to shoppers, or waiting for answers to the questions in `missing` (their keys)."""

    article_id: str
    section: str
    title: str
    missing: tuple[str, ...]


def list_questions(locale: str) -> tuple[Question, ...]:
    """The ten questions for a reader of `locale`."""
    language = language_of(locale)
    return tuple(
        Question(one.key, one.kind, one.label[language], one.help[language], one.example)
        for one in PLACEHOLDERS
    )


def count_answered(store: StoreRow) -> int:
    """How many of the questions have an answer for readers of the store's own language."""
    book = AnswerBook(store.answers, store.locale or None)
    return sum(1 for one in PLACEHOLDERS if book.find(one.key, store.locale or LOCALES[0]))


def list_article_states(store: StoreRow, locale: str) -> tuple[ArticleState, ...]:
    """Every article for readers of `locale`, in the catalogue's order, those that wait after those shown."""
    catalogue, waiting = catalogue_of(store), catalogue_of(store).unfilled(locale)
    shown = [
        ArticleState(one.article_id, section_title(one.section, locale), one.title, ())
        for one in catalogue.articles(locale)
    ]
    hidden = []
    for article_id, missing in waiting.items():
        example = _examples().article(article_id, locale)
        if example is not None:
            section = section_title(example.section, locale)
            hidden.append(ArticleState(article_id, section, example.title, tuple(missing)))
    return (*shown, *hidden)


@lru_cache(maxsize=1)
def _examples() -> Catalogue:
    """The same articles with a demo shop's answers: where the titles of hidden ones come from."""
    return load_catalogue(STARTER).fill(EXAMPLE_ANSWERS)
