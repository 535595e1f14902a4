"""A catalogue: articles per locale, from files `<locale>/<section>/<article-id>.md` or built from rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from faq_links.front_matter import CatalogueError, FrontMatter, read_front_matter
from faq_links.locales import find_locale
from faq_links.placeholders import AnswerBook, Answers
from faq_links.rich_text import (
    PLACEHOLDER,
    Node,
    escape_markdown,
    fill_nodes,
    fill_text,
    parse_markdown,
    plain_text,
    render_html,
)

__all__ = ["Article", "Catalogue", "CatalogueError", "Lesson", "load_catalogue", "read_article"]

_SECTION_ORDER = ("products", "shop", "payment", "shipping", "returns")
_LISTS = ("steps", "phases", "products", "facts", "phrasings")
"""Keys of the head that are lists of words."""


class Lesson(NamedTuple):
    """A question as a shopper put it, and the article that answered it; see `Catalogue.learn`."""

    article_id: str
    locale: str
    text: str


@dataclass(frozen=True)
class Article:
    """One answer in one locale.

    `steps`: step words it is linked on, the most important first; `phases`: the phases of a purchase it is linked
    in, none: all; `products`: words or ids of products it is about; `facts`: it is linked only where the store has
    one of these (see `links.FACTS`); `phrasings`: questions of shoppers it answers; `learned`: more of them, that
    people of the store added; `extra`: front-matter keys we do not know, kept; `body`: Markdown; `tree`: the nodes
    the widget draws; `html`: the same for mails and hub pages; `source`: file it came from.
    """

    article_id: str
    section: str
    locale: str
    title: str
    steps: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    phrasings: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    body: str = ""
    tree: tuple[Node, ...] = ()
    html: str = ""
    source: str = ""

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names of facts still missing in title and text, in the order they appear."""
        found = PLACEHOLDER.findall(self.title) + PLACEHOLDER.findall(self.body)
        return tuple(dict.fromkeys(found))

    @property
    def text(self) -> str:
        """The words of the body without markup."""
        return plain_text(self.tree)


def read_article(
    text: str, *, article_id: str, section: str, locale: str, source: str = "article"
) -> Article:
    """An article from the words of one file. Raises `CatalogueError`."""
    head = read_front_matter(text, source)
    title = head.values.get("title")
    if not isinstance(title, str) or not title.strip():
        line = head.lines.get("title", 1)
        raise CatalogueError(
            source, line, 'The article needs a title; add a line title: "What shoppers ask".'
        )
    known = ("title", *_LISTS)
    return Article(
        article_id=article_id,
        section=section,
        locale=locale,
        title=" ".join(title.split()),
        steps=_read_list(head, "steps", source),
        phases=_read_list(head, "phases", source),
        products=_read_list(head, "products", source),
        facts=_read_list(head, "facts", source),
        phrasings=_read_list(head, "phrasings", source),
        extra={key: value for key, value in head.values.items() if key not in known},
        body=head.body,
        tree=parse_markdown(head.body),
        html=render_html(parse_markdown(head.body, pictures=True)),
        source=source,
    )


def _read_list(head: FrontMatter, key: str, source: str) -> tuple[str, ...]:
    value = head.values.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        sentence = f'"{key}" must be a list of words, for example {key}: ["one", "two"].'
        raise CatalogueError(source, head.lines[key], sentence)
    return tuple(one.strip() for one in value if one.strip())


class Catalogue:
    """Articles of one store. Those that still miss a fact are kept but never shown, linked or answered from.

    `default_locale` serves readers whose language the catalogue does not have (without it: the first locale).
    """

    def __init__(
        self, articles: Iterable[Article], default_locale: str | None = None,
        withheld: Collection[tuple[str, str]] = (),
    ) -> None:
        self._all: tuple[Article, ...] = tuple(articles)
        self._by_key = {(one.article_id, one.locale): one for one in reversed(self._all)}
        self._withheld = frozenset(withheld)
        names = sorted({article.locale for article in self._all})
        default = find_locale(default_locale, names) if default_locale else None
        self.default_locale: str | None = default or (names[0] if names else None)
        self.locales: tuple[str, ...] = tuple(sorted(names, key=lambda name: (name != default, name)))
        self.sections: tuple[str, ...] = _order_sections(self._all)
        self._shown: dict[str, dict[str, Article]] = {name: {} for name in self.locales}
        for article in sorted(self._all, key=self._place):
            if not article.placeholders:
                self._shown[article.locale][article.article_id] = article

    def _place(self, article: Article) -> tuple[int, str]:
        return self.sections.index(article.section), article.article_id

    def resolve(self, locale: str, default_locale: str | None = None) -> str | None:
        """The locale a reader of `locale` gets: own, same language, `default_locale`, the catalogue's, the
        first.

        Only locales that have something to show count; None for a catalogue with nothing to show.
        """
        showing = tuple(name for name in self.locales if self._shown[name])
        for wanted in (locale, default_locale, self.default_locale):
            if wanted and (found := find_locale(wanted, showing)):
                return found
        return showing[0] if showing else None

    def articles(self, locale: str) -> tuple[Article, ...]:
        """What readers of `locale` are shown, by section, then by id."""
        found = self.resolve(locale)
        return tuple(self._shown[found].values()) if found else ()

    def article(self, article_id: str, locale: str) -> Article | None:
        """One shown article, or None."""
        found = self.resolve(locale)
        return self._shown[found].get(article_id) if found else None

    def unfilled(self, locale: str) -> dict[str, list[str]]:
        """Article id → names of the facts it waits for, in the locale that serves `locale`."""
        return {article.article_id: list(article.placeholders) for article in self.hidden(locale)}

    def hidden(self, locale: str) -> tuple[Article, ...]:
        """The articles that wait for facts, in the locale that serves `locale`, by section, then by id."""
        found = find_locale(locale, self.locales) or self.default_locale
        waiting = (article for article in self._all if article.locale == found and article.placeholders)
        return tuple(sorted(waiting, key=self._place))

    def fill(self, answers: Answers, store_locale: str | None = None, told: Answers | None = None) -> Catalogue:
        """A new catalogue with the merchant's answers put in as plain text.

        `store_locale` is the store's language: its answers stand in where another locale has none (see
        `AnswerBook.find`), and it becomes the default locale. Without it: the first locale answered in
        `answers`. `told`: what the shop's own settings say, for questions that the merchant left open in every
        language.
        """
        books = (AnswerBook(answers, store_locale), AnswerBook(told or {}, store_locale))
        filled = (_fill_article(article, books) for article in self._all)
        return Catalogue(filled, store_locale or self.default_locale, self._withheld)

    def put_over(self, own: Iterable[Article], withheld: Collection[tuple[str, str]] = ()) -> Catalogue:
        """A new catalogue with `own` in place of the articles of the same id and locale, and without those of
        `withheld` (article id, locale), whoever wrote them."""
        kept = {(one.article_id, one.locale): one for one in self._all}
        kept |= {(one.article_id, one.locale): one for one in own}
        left = (one for key, one in kept.items() if key not in set(withheld))
        return Catalogue(left, self.default_locale, self._withheld | frozenset(withheld))

    def withheld(self, locale: str) -> frozenset[str]:
        """Ids of the articles that were taken out for readers of `locale`."""
        found = find_locale(locale, self.locales) or self.default_locale
        return frozenset(article_id for article_id, name in self._withheld if name == found)

    def written(self, article_id: str, locale: str) -> Article | None:
        """One article of exactly this locale, also one that waits for facts; None: there is none."""
        return self._by_key.get((article_id, locale))

    def learn(self, lessons: Iterable[Lesson]) -> Catalogue:
        """A new catalogue whose articles know these questions too, in place of what they had learned before.

        A lesson goes to the article that readers of its locale are shown; one for an article that nobody is shown
        waits. Articles without a lesson stay the same objects, so that what was made of them may be kept.
        """
        taught: dict[tuple[str, str], dict[str, None]] = {}
        for lesson in lessons:
            if (found := self.resolve(lesson.locale)) is not None:
                taught.setdefault((found, lesson.article_id), {})[lesson.text] = None
        learned = (
            article if article.learned == (texts := tuple(taught.get((article.locale, article.article_id), ())))
            else replace(article, learned=texts)
            for article in self._all
        )  # fmt: skip
        return Catalogue(learned, self.default_locale, self._withheld)


def _fill_article(article: Article, books: Iterable[AnswerBook]) -> Article:
    if not article.placeholders:
        return article

    def answer(key: str) -> str | None:
        return next((words for book in books if (words := book.find(key, article.locale)) is not None), None)

    def escaped(key: str) -> str | None:
        words = answer(key)
        return None if words is None else escape_markdown(words)

    return replace(
        article,
        title=fill_text(article.title, answer),
        body=fill_text(article.body, escaped),
        tree=fill_nodes(article.tree, answer),
        html=render_html(fill_nodes(parse_markdown(article.body, pictures=True), answer)),
    )


def _order_sections(articles: Iterable[Article]) -> tuple[str, ...]:
    found = {article.section for article in articles}
    known = [section for section in _SECTION_ORDER if section in found]
    return tuple(known + sorted(found.difference(known)))


def load_catalogue(directory: Path, default_locale: str | None = None) -> Catalogue:
    """Read every `<locale>/<section>/<article-id>.md` under `directory`; hidden files and READMEs are passed
    over.

    Raises `CatalogueError` naming file and line: no articles, a file in the wrong place or not UTF-8, a bad
    head, an article id twice in one locale.
    """
    directory = Path(directory)
    if not directory.is_dir():
        raise CatalogueError(
            str(directory), 1, "There is no such directory; name one with <locale>/<section>/<id>.md."
        )
    articles: dict[tuple[str, str], Article] = {}
    for path in sorted(directory.rglob("*.md")):
        place = path.relative_to(directory)
        if not path.is_file() or any(part.startswith(".") for part in place.parts):
            continue
        if len(place.parts) != 3:
            if path.stem.lower() == "readme":
                continue
            raise CatalogueError(place.as_posix(), 1, "Move this file to <locale>/<section>/<article-id>.md.")
        article = _load_article(path, place)
        twin = articles.setdefault((article.locale, article.article_id), article)
        if twin is not article:
            sentence = f"The article id is taken by {twin.source}; rename one of the two files."
            raise CatalogueError(article.source, 1, sentence)
    if not articles:
        sentence = "There are no articles here; add files named <locale>/<section>/<article-id>.md."
        raise CatalogueError(str(directory), 1, sentence)
    return Catalogue(articles.values(), default_locale)


def _load_article(path: Path, place: Path) -> Article:
    source = place.as_posix()
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CatalogueError(source, line, "The file is not UTF-8; save it again as UTF-8.") from None
    locale, section, _ = place.parts
    return read_article(text, article_id=path.stem, section=section, locale=locale, source=source)
