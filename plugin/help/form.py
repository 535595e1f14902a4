"""The short form that fills the articles: its questions, and what each article still waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from faq_links import (
    ALL_PLACEHOLDERS,
    PLACEHOLDERS,
    links_for,
)
from faq_links.placeholders import AnswerBook
from plugin.help.catalogues import catalogue_of, examples
from plugin.help.sections import section_title
from plugin.help.store_facts import tell_facts
from plugin.language import LOCALES, language_of
from plugin.stores import StoreRow


@dataclass(frozen=True)
class Question:
    """One question in its reader's words. `kind`: text (in a language), number, free (the same in all);
    `examples`: language → an answer as somebody might write it; `more`: one of the second part, which a shop that does
    not do such things leaves empty."""

    key: str
    kind: str
    label: str
    help: str
    examples: Mapping[str, str]
    more: bool = False


@dataclass(frozen=True)
class ArticleState:
    """One article: shown to shoppers, or waiting for answers to the questions in `missing` (their keys)."""

    article_id: str
    section: str
    title: str
    missing: tuple[str, ...]


def list_questions(locale: str, *, more: bool = False) -> tuple[Question, ...]:
    """The ten questions for a reader of `locale`, and with `more` those of the second part after them."""
    language = language_of(locale)
    return tuple(
        Question(one.key, one.kind, one.label[language], one.help[language], one.example, place >= len(PLACEHOLDERS))
        for place, one in enumerate(ALL_PLACEHOLDERS if more else PLACEHOLDERS)
    )


def count_answered(store: StoreRow) -> int:
    """How many of the ten have an answer for readers of the store's own language, the merchant's or the
    shop's own."""
    locale = store.locale or LOCALES[0]
    book, told = AnswerBook(store.answers, store.locale or None), tell_facts(store)[language_of(locale)]
    return sum(1 for one in PLACEHOLDERS if book.find(one.key, locale) or one.key in told)


def list_article_states(store: StoreRow, locale: str) -> tuple[ArticleState, ...]:
    """Every article for readers of `locale`, in the catalogue's order, those that wait after those shown."""
    catalogue, waiting = catalogue_of(store), catalogue_of(store).unfilled(locale)
    shown = [
        ArticleState(one.article_id, section_title(store, one.section, locale), one.title, ())
        for one in catalogue.articles(locale)
    ]
    hidden = []
    for article_id, missing in waiting.items():
        example = examples().article(article_id, locale)
        if example is not None:
            section = section_title(store, example.section, locale)
            hidden.append(ArticleState(article_id, section, example.title, tuple(missing)))
    return (*shown, *hidden)


def list_missing_for_step(store: StoreRow, step: str, locale: str) -> tuple[str, ...]:
    """The questions whose answers would put links on a page of this step, those that bring most first."""
    waiting = catalogue_of(store).unfilled(locale)
    offered = links_for(examples(), (step,), locale, len(waiting) + len(examples().articles(locale)))
    missing = Counter(key for link in offered for key in waiting.get(link.article_id, ()))
    return tuple(key for key, _ in missing.most_common())
