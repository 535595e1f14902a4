"""All articles of a store with what stands in each language: the list of the editor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from faq_links import Catalogue
from plugin.help.catalogues import catalogue_of, list_starter_ids, starter_article
from plugin.help.own_articles import is_own, read_draft, read_shown
from plugin.help.own_models import ArticleRow
from plugin.help.own_reading import DRAFT, HIDDEN
from plugin.help.written import Written, write_of_article
from plugin.language import LOCALES
from plugin.stores import StoreRow

STATES = ("shown", "own", "waits", "hidden", "draft", "missing")


@dataclass(frozen=True)
class Version:
    """One article in one language. `state`: shown (the starter's words), own (the merchant's), waits (for answers to
    the questions in `missing`), hidden, draft (shoppers never saw it), missing (there is none); `title`: '' where it is
    missing; `drafted`: something is being written and not shown yet."""

    locale: str
    state: str
    title: str = ""
    missing: tuple[str, ...] = ()
    drafted: bool = False


@dataclass(frozen=True)
class ArticleVersions:
    """One article in every language of ours. `section_title`: what its writer calls a section of their own."""

    article_id: str
    section: str
    versions: Mapping[str, Version]
    section_title: str = ""

    @property
    def is_hidden(self) -> bool:
        """In some language."""
        return any(one.state == "hidden" for one in self.versions.values())

    @property
    def can_be_hidden(self) -> bool:
        """Whether shoppers see it in some language, or would once questions are answered."""
        return any(one.state in ("shown", "own", "waits") for one in self.versions.values())

    def title(self, locale: str) -> str:
        """As readers of `locale` know it, else as anybody does."""
        here = self.versions.get(locale)
        titles = (one.title for one in self.versions.values() if one.title)
        return (here.title if here is not None and here.title else next(titles, "")) or self.article_id


def list_versions(store: StoreRow, rows: Iterable[ArticleRow]) -> list[ArticleVersions]:
    """Every article of the starter and of the merchant, by section as shoppers see them, then by id."""
    own = {(row.article_id, row.locale): row for row in rows}
    ids = dict.fromkeys([*list_starter_ids(), *(article_id for article_id, _ in own)])
    catalogue = catalogue_of(store)
    listed = [_list_one(catalogue, article_id, own) for article_id in ids]
    places = {section: place for place, section in enumerate(list_section_ids(store))}
    return sorted(listed, key=lambda one: (places.get(one.section, len(places)), one.section, one.article_id))


def list_section_ids(store: StoreRow) -> tuple[str, ...]:
    """The sections that articles may stand in so far, in the order in which shoppers see them."""
    starter = (starter_article(one, "es") for one in list_starter_ids())
    known = dict.fromkeys(one.section for one in starter if one is not None)
    return tuple(dict.fromkeys([*known, *catalogue_of(store).sections]))


def read_version(catalogue: Catalogue, article_id: str, locale: str, row: ArticleRow | None) -> Version:
    """One article in one language. `catalogue`: the store's; `row`: what the merchant has of it."""
    starter, drafted = starter_article(article_id, locale), row is not None and row.draft is not None
    title = str((row.draft or {}).get("title", "")) if row is not None and row.state == DRAFT else ""
    if row is not None and row.state == HIDDEN:
        title = row.title or (starter.title if starter is not None else "")
        return Version(locale, "hidden", title, drafted=drafted)
    article = catalogue.written(article_id, locale)
    if article is None:
        return Version(locale, "draft" if drafted else "missing", title, drafted=drafted)
    if article.placeholders:
        words = starter.title if starter is not None else article.title
        return Version(locale, "waits", words, article.placeholders, drafted)
    return Version(locale, "own" if is_own(article) else "shown", article.title, drafted=drafted)


def _list_one(catalogue: Catalogue, article_id: str, own: Mapping[tuple[str, str], ArticleRow]) -> ArticleVersions:
    versions = {one: read_version(catalogue, article_id, one, own.get((article_id, one))) for one in LOCALES}
    rows = [row for one in LOCALES if (row := own.get((article_id, one))) is not None]
    starter = starter_article(article_id, "es")
    known = [read_shown(row, article_id, row.locale) for row in rows if row.text]
    known += [write_of_article(starter)] if starter is not None else []
    known += [read_draft(row, article_id, row.locale) for row in rows]
    first = next((one for one in known if one.section), Written())
    return ArticleVersions(article_id, first.section, versions, first.section_title)
