"""The sections of the help in which shoppers find nothing, and why: what to answer, to show again or to finish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from plugin.help.catalogues import catalogue_of, starter_article
from plugin.help.own_articles import read_draft
from plugin.help.own_models import ArticleRow
from plugin.help.own_reading import DRAFT, HIDDEN
from plugin.help.sections import section_title
from plugin.language import LOCALES, language_of
from plugin.stores import StoreRow


@dataclass(frozen=True)
class EmptySection:
    """A section in which readers of `locales` find no article. Why, as ids of articles: `waits`, for answers to the
    form's questions `missing` (those that most wait for first); `hidden`, by the merchant; `drafts`, that nobody has
    shown yet. None of these: nothing is written in the language."""

    id: str
    title: str
    locales: tuple[str, ...]
    missing: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()


@dataclass
class _Found:
    """What of a section shoppers of one language do not see."""

    missing: Counter[str] = field(default_factory=Counter)
    waits: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    title: str = ""


def list_empty_sections(store: StoreRow, rows: Sequence[ArticleRow], reader: str) -> tuple[EmptySection, ...]:
    """Every section that shows nothing in the store's language, or in another one in which something of it is written:
    whoever sells in one language misses nothing in the others. `rows`: the merchant's own (`list_own`); the titles are
    in the language of `reader`. Languages that miss a section alike stand together."""
    own = language_of(store.locale)
    empty: dict[EmptySection, list[str]] = {}
    for locale in (own, *(one for one in LOCALES if one != own)):
        for one in _list_in(store, rows, locale, reader, whole=locale == own):
            empty.setdefault(one, []).append(locale)
    return tuple(replace(one, locales=tuple(locales)) for one, locales in empty.items())


def _list_in(
    store: StoreRow, rows: Iterable[ArticleRow], locale: str, reader: str, whole: bool
) -> Iterable[EmptySection]:
    """Those of one language, not named yet. `whole`: also those of which nothing is written in it."""
    catalogue = catalogue_of(store)
    shown = {article.section for article in catalogue.articles(locale)}
    found: dict[str, _Found] = {one: _Found() for one in catalogue.sections}
    for article in catalogue.hidden(locale):
        here = found.setdefault(article.section, _Found())
        here.missing.update(article.placeholders)
        here.waits.append(article.article_id)
    for row in rows:
        if row.locale == locale:
            _note_row(found, row)
    for section, here in found.items():
        if section not in shown and (whole or here.waits or here.hidden or here.drafts):
            missing = tuple(key for key, _count in here.missing.most_common())
            title = here.title if section not in catalogue.sections else ""
            yield EmptySection(
                section, title or section_title(store, section, reader), (), missing, tuple(here.waits),
                tuple(here.hidden), tuple(here.drafts),
            )  # fmt: skip


def _note_row(found: dict[str, _Found], row: ArticleRow) -> None:
    if row.state == HIDDEN:
        starter = starter_article(row.article_id, row.locale)
        section = row.section or (starter.section if starter is not None else "")
        if section:
            here = found.setdefault(section, _Found())
            here.hidden.append(row.article_id)
            here.title = here.title or str(row.meta.get("section_title") or "")
    elif row.state == DRAFT and row.draft is not None:
        draft = read_draft(row, row.article_id, row.locale)
        if draft.section:
            here = found.setdefault(draft.section, _Found())
            here.drafts.append(row.article_id)
            here.title = here.title or draft.section_title
