"""The articles of a store at the desk: which there are in which language, hidden and brought back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, abort, request
from sqlalchemy.orm import Session

from plugin.agents import get_agent
from plugin.care import count_gaps
from plugin.database import ALL
from plugin.help import (
    Writer,
    bring_back,
    find_namesake,
    hide,
    list_empty_sections,
    list_own,
    read_shown,
    section_title,
    warm,
)
from plugin.help.form import list_questions
from plugin.help.own_list import ArticleVersions, list_section_ids, list_versions
from plugin.language import LOCALES, language_of
from plugin.stores import get_store
from plugin.web.access import here_store, owners_only, visit
from plugin.web.desk_answers import ordered_languages
from plugin.web.desk_frame import back_to, desk, page_locale, render
from plugin.web.doors import doors
from plugin.web.editor_words import name_state, tell_editor_done

LANGUAGE_NAMES = {"es": "Español", "en": "English", "pt": "Português"}
LONGEST_ID = 100


@dataclass(frozen=True)
class EditorSection:
    """One section of the list."""

    title: str
    articles: list[ArticleVersions]


@desk.get("/<store>/editor")
def editor() -> Response:
    """Every article with how it stands in each language."""
    store = here_store()
    with doors().db.reading(store.id) as tx:
        rows, gaps = list_own(tx, store.id), count_gaps(tx, store.id)
    sections: dict[str, list[ArticleVersions]] = {}
    listed = list_versions(store, rows)
    for one in listed:
        sections.setdefault(one.section, []).append(one)
    # Of the shop's own language alone: whoever sells in one misses nothing in the others.
    missing = sum(one.versions[language_of(store.locale)].state in ("missing", "waits", "draft") for one in listed)
    return render(
        "editor.html", languages=ordered_languages(store), names=LANGUAGE_NAMES, name_state=name_state, missing=missing,
        sections=[EditorSection(_name_section(one, found), found) for one, found in sections.items()],
        empty=list_empty_sections(store, rows, page_locale()), open_gaps=gaps["open"],
        labels={one.key: one.label for one in list_questions(page_locale(), more=True)},
        said=tell_editor_done(request.args.get("done", "")),
    )  # fmt: skip


def _name_section(section: str, articles: list[ArticleVersions]) -> str:
    """As shoppers read it; one that they do not see yet as its writer calls it."""
    store = here_store()
    if section in list_section_ids(store):
        return section_title(store, section, page_locale())
    return next((one.section_title for one in articles if one.section_title), section)


def read_article_id() -> str:
    """The id that a form or an address names."""
    return (request.form.get("article") or request.args.get("article") or "").replace("\0", "")[:LONGEST_ID]


def here_writer() -> Writer:
    """The agent of this request, now."""
    return Writer(visit().agent.id, doors().clock.now())


def name_writer(agent_id: int | None) -> str:
    """Who saved it; '' for somebody who is gone."""
    if agent_id is None:
        return ""
    with doors().db.reading(ALL, "who saved an article") as tx:
        agent = get_agent(tx, agent_id)
    return agent.name if agent is not None else ""


def warm_again() -> None:
    """What shoppers see changed: the index is built before somebody asks."""
    store = here_store()
    with doors().db.reading(store.id) as tx:
        changed = get_store(tx, store.id)
    warm(changed)


@desk.post("/<store>/editor/hide")
@owners_only
def hide_article() -> Response:
    """No shopper sees it any more, in any language."""
    _switch(hide)
    return back_to("desk.editor", "hidden", anchor=f"a-{read_article_id()}")


@desk.post("/<store>/editor/back")
@owners_only
def bring_article_back() -> Response:
    """What was hidden is shown again; the page says so where another article is called the same by now."""
    _switch(bring_back)
    store, article_id = here_store(), read_article_id()
    with doors().db.reading(store.id) as tx:
        own = {row.locale: row for row in list_own(tx, store.id, article_id)}
        titles = [(one, read_shown(own.get(one), article_id, one).title) for one in LOCALES]
        same = [find_namesake(tx, store.id, article_id, *one, drafts=True) for one in titles]
    return back_to("desk.editor", "back_same" if any(same) else "back", anchor=f"a-{article_id}")


def _switch(act: Callable[[Session, int, str, Writer], bool]) -> None:
    store = here_store()
    with doors().db.transaction(store.id) as tx:
        found = act(tx, store.id, read_article_id(), here_writer())
    if not found:
        abort(404)
    warm_again()
