"""The store's help as plain pages: every shown article, readable without the widget and by search engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.database import ALL
from plugin.help import Article, catalogue_of, list_sections, section_title
from plugin.language import LOCALES, language_of
from plugin.stores import StoreRow, find_by_public_id
from plugin.web.doors import doors
from plugin.web.shopper_pages import LANGUAGES, base_url, hub_path, show, show_missing

KEEP_SECONDS = 60
LONGEST_SUMMARY = 155

hub = Blueprint("hub", __name__)


@hub.get("/help/<store_id>/")
def show_front(store_id: str) -> AnyResponse:
    """Without a language: to the store's own."""
    store = _find_store(store_id)
    return redirect(hub_path(store, store.locale), 302) if store is not None else show_missing("page")


@hub.get("/help/<store_id>/<locale>/")
def show_hub(store_id: str, locale: str) -> Response:
    """All sections with their articles."""
    store = _find_store(store_id)
    if store is None or locale not in (languages := _languages(store)):
        return _missing(store, locale)
    sections = [
        {
            "id": section.id, "title": section.title,
            "articles": [_link(store, locale, article) for article in section.articles],
        }
        for section in list_sections(store, locale)
    ]  # fmt: skip
    facts = _frame(store, languages, lambda language: hub_path(store, language), locale)
    return _keep(show("hub.html", locale, store=store, sections=sections, **facts))


@hub.get("/help/<store_id>/<locale>/<article_id>")
def show_article(store_id: str, locale: str, article_id: str) -> Response:
    """One article, with the others of its section."""
    store = _find_store(store_id)
    if store is None or locale not in (languages := _languages(store)):
        return _missing(store, locale)
    catalogue = catalogue_of(store)
    article = catalogue.article(article_id, locale)
    if article is None:
        return _missing(store, locale)
    others = [one for one in catalogue.articles(locale) if one.section == article.section and one != article]
    having = [language for language in languages if catalogue.article(article_id, language) is not None]
    facts = _frame(store, having, lambda language: hub_path(store, language, article_id), locale)
    return _keep(
        show(
            "article.html", locale, store=store, article=article, summary=_summary(article),
            # The page's own heading is the title, so the article's headings come next below it.
            body=article.html.replace("<h3>", "<h2>").replace("</h3>", "</h2>"),
            section_title=section_title(article.section, locale),
            others=[_link(store, locale, one) for one in others], **facts,
        )
    )  # fmt: skip


def _find_store(public_id: str) -> StoreRow | None:
    """The store, also in preview: its merchant looks at the help before going live."""
    with doors().db.reading(ALL, "find the store of a help page") as tx:
        return find_by_public_id(tx, public_id)


def _languages(store: StoreRow) -> list[str]:
    """The languages in which the help can be read; all of ours while it has nothing to show."""
    catalogue = catalogue_of(store)
    served = {language: catalogue.resolve(language) for language in LOCALES}
    own = [language for language, found in served.items() if found and language_of(found) == language]
    return own or list(LOCALES)


def _frame(store: StoreRow, languages: list[str], path: Callable[[str], str], locale: str) -> dict[str, Any]:
    """What every page of the help says about itself and its twins in other languages."""
    default = language_of(store.locale)
    return {
        "hub": hub_path(store, locale), "indexed": store.live_at is not None, "canonical": base_url() + path(locale),
        "default_url": base_url() + path(default) if default in languages else "",
        "languages": [
            {"language": one, "name": LANGUAGES[one], "path": path(one), "url": base_url() + path(one)}
            for one in languages
        ],
    }  # fmt: skip


def _link(store: StoreRow, locale: str, article: Article) -> dict[str, str]:
    return {"title": article.title, "path": hub_path(store, locale, article.article_id)}


def _summary(article: Article) -> str:
    words = " ".join(article.text.split())
    return words if len(words) <= LONGEST_SUMMARY else words[:LONGEST_SUMMARY].rpartition(" ")[0] + " …"


def _missing(store: StoreRow | None, locale: str) -> Response:
    language = locale if locale in LOCALES else ""
    if store is None:
        return show_missing("page", language)
    language = language or language_of(store.locale)
    return show_missing("page", language, store, hub_path(store, language))


def _keep(page: Response) -> Response:
    """Caches may keep it for a minute, and ask afterwards whether it changed."""
    page.headers["Cache-Control"] = f"public, max-age={KEEP_SECONDS}"
    page.add_etag()
    page.make_conditional(request)
    return page
