"""The help hub of a store: every shown article as a plain page, readable without the widget and by search engines, with
a search and every other way to reach the shop. What is asked for in its forms is in the modules `hub_*`."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from plugin import help
from plugin.help import Article, catalogue_of, list_sections, section_title
from plugin.stores import StoreRow
from plugin.web import (  # noqa: F401  (each registers its views with the blueprint of the frame)
    hub_contact,
    hub_data,
    hub_link,
    hub_order,
    hub_requests,
    hub_talk,
)
from plugin.web.doors import doors
from plugin.web.hub_frame import (
    find_store,
    frame_twins,
    hub,
    in_store,
    keep_private,
    list_languages,
    read_field,
    region_of,
    tell_missing,
)
from plugin.web.hub_helped import count_opening, count_verdict
from plugin.web.hub_reach import show_reach
from plugin.web.shopper_pages import hub_path, show, show_missing
from plugin.web.widget_limits import SEARCHES, count_hit

__all__ = ["hub"]

KEEP_SECONDS = 60
LONGEST_SUMMARY = 155
LONGEST_SEARCH = 300
HELPED = ("yes", "no")


@hub.get("/help/<store_id>/")
def show_front(store_id: str) -> AnyResponse:
    """Without a language: to the store's own."""
    store = find_store(store_id)
    return redirect(hub_path(store, store.locale), 302) if store is not None else show_missing("page")


@hub.get("/help/<store_id>/<locale>/")
def show_hub(store_id: str, locale: str) -> Response:
    """All sections with their articles; with ``?q=`` the articles nearest to those words."""
    store = find_store(store_id)
    if store is None or locale not in (languages := list_languages(store)):
        return tell_missing(store, locale)
    words = " ".join(request.args.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]
    facts = frame_twins(store, languages, lambda language: hub_path(store, language), locale, indexed=not words)
    facts |= {"store": store, "query": words, "reach": show_reach(store, region_of(store, locale))}
    if words:
        return _search(store, locale, words, facts)
    sections = [
        {
            "id": section.id, "title": section.title,
            "articles": [_link(store, locale, article) for article in section.articles],
        }
        for section in list_sections(store, locale)
    ]  # fmt: skip
    return _keep(show("hub.html", locale, sections=sections, results=None, wait=0, **facts))


def _search(store: StoreRow, locale: str, words: str, facts: dict[str, Any]) -> Response:
    """What was found; counted as the widget's searches are."""
    wait, results = count_hit(SEARCHES, "search", str(store.id)), []
    if not wait:
        with doors().db.reading(store.id) as tx:
            learned = help.read_learned(tx, store.id)
        found = help.search(store, words, locale, learned)
        results = [{"title": one.title, "path": hub_path(store, locale, one.article_id)} for one in found.results]
    page = show("hub.html", locale, 429 if wait else 200, sections=(), results=results, wait=wait, **facts)
    page.headers["Referrer-Policy"] = "same-origin"
    if wait:
        page.headers["Retry-After"] = str(wait)
    return page


@hub.get("/help/<store_id>/<locale>/<article_id>")
def show_article(store_id: str, locale: str, article_id: str) -> Response:
    """One article, with the others of its section, and the question whether it helped; ``?said=``: what was said to
    that just now."""
    store = find_store(store_id)
    said = request.args.get("said", "")
    if said in HELPED:
        return keep_private(_show_article(store, locale, article_id, said=said))
    page = _show_article(store, locale, article_id)
    if store is not None and page.status_code == 200:
        count_opening(store, article_id, locale)
        page = _keep(page)
    return page


@hub.post("/help/<store_id>/<locale>/<article_id>")
@in_store
def tell_helped(store: StoreRow, locale: str, article_id: str) -> Response:
    """``helped``: yes or no, counted of nobody in particular."""
    said = read_field("helped")
    page = _show_article(store, locale, article_id, 422)
    if said not in HELPED or page.status_code == 404:
        return page
    if wait := count_verdict(store, article_id, locale, said == "yes"):
        page = _show_article(store, locale, article_id, 429, "often")
        page.headers["Retry-After"] = str(wait)
        return page
    return redirect(f"{hub_path(store, locale, article_id)}?said={said}#helped", 303)  # type: ignore[return-value]


def _show_article(
    store: StoreRow | None, locale: str, article_id: str, status: int = 200, said: str = ""
) -> Response:
    if store is None or locale not in (languages := list_languages(store)):
        return tell_missing(store, locale)
    catalogue = catalogue_of(store)
    article = catalogue.article(article_id, locale)
    if article is None:
        return tell_missing(store, locale)
    others = [one for one in catalogue.articles(locale) if one.section == article.section and one != article]
    having = [language for language in languages if catalogue.article(article_id, language) is not None]
    path = partial(hub_path, store, article_id=article_id)
    return show(
        "article.html", locale, status, store=store, article=article, summary=_summary(article),
        # The page's own heading is the title, so the article's headings come next below it.
        body=article.html.replace("<h3>", "<h2>").replace("</h3>", "</h2>"),
        section_title=section_title(store, article.section, locale), data=_describe(article, locale),
        others=[_link(store, locale, one) for one in others], path=path(locale), said=said,
        **frame_twins(store, having, path, locale, indexed=not said),
    )  # fmt: skip


def _describe(article: Article, locale: str) -> str:
    """The question and its answer for search engines, as they stand on the page: JSON that may stand in a script
    element. https://schema.org/FAQPage"""
    told = {
        "@context": "https://schema.org", "@type": "FAQPage", "inLanguage": locale,
        "mainEntity": [{
            "@type": "Question", "name": article.title,
            "acceptedAnswer": {"@type": "Answer", "text": article.html},
        }],
    }  # fmt: skip
    # A script's text is ended by "</script" and begun anew by "<!--", whatever stands around them.
    written = json.dumps(told, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written


def _link(store: StoreRow, locale: str, article: Article) -> dict[str, str]:
    return {"title": article.title, "path": hub_path(store, locale, article.article_id)}


def _summary(article: Article) -> str:
    words = " ".join(article.text.split())
    return words if len(words) <= LONGEST_SUMMARY else words[:LONGEST_SUMMARY].rpartition(" ")[0] + " …"


def _keep(page: Response) -> Response:
    """Caches may keep it for a minute, and ask afterwards whether it changed. Our own pages are told where somebody
    came from, as by those nobody does (see `keep_private`)."""
    page.headers["Cache-Control"] = f"public, max-age={KEEP_SECONDS}"
    page.headers["Referrer-Policy"] = "same-origin"
    page.add_etag()
    page.make_conditional(request)
    return page
