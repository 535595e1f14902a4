"""The page on which one article is written, and its preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, request
from markupsafe import Markup

from plugin.care.askers import list_askers
from plugin.help import (
    Fault,
    Written,
    find_namesake,
    get_article,
    list_own,
    read_draft,
    read_shown,
    section_title,
)
from plugin.help.catalogues import catalogue_of, fill_article, starter_article
from plugin.help.form import list_questions
from plugin.help.own_list import list_section_ids, read_version
from plugin.help.sections import hub_url
from plugin.help.written import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    make_slug,
    read_written,
)
from plugin.language import LOCALES, language_of
from plugin.web.access import here_store
from plugin.web.desk_answers import ordered_languages
from plugin.web.desk_editor import LANGUAGE_NAMES, name_writer
from plugin.web.desk_frame import POLICY, _, page_locale, render
from plugin.web.desk_words import name_phase, name_step
from plugin.web.doors import doors
from plugin.web.editor_words import name_state, tell_editor_done, tell_fault, tell_told
from plugin.web.pictures import box_foreign_pictures, list_picture_hosts

PHASES = ("pre_purchase", "purchase", "post_sale")
STEPS = ("home", "catalogue", "product", "cart", "checkout", "contact", "shipping", "payment", "review", "order_pay",
         "thank_you", "order_status", "account")  # fmt: skip


@dataclass(frozen=True)
class EditorForm:
    """What stands in the form. `article_id`: '' for a new one; `version`: what its writer has seen, 0: nothing;
    `asked`: the questions it is made of; `theirs`: what somebody else saved meanwhile, and who; `stale`: they did, and
    the form shows it; `client_id`: of a new one's empty form; `question`: the words that a new one is made of."""

    article_id: str
    locale: str
    written: Written
    version: int
    faults: Sequence[Fault] = ()
    asked: Sequence[tuple[str, int]] = ()
    theirs: Written | None = None
    theirs_by: str = ""
    stale: bool = False
    client_id: str = ""
    question: str = ""


@dataclass(frozen=True)
class ToldAsker:
    """One conversation in which it was asked. `state`: told, waits (to be told), other (they read `language`, in which
    it is not shown)."""

    conversation: str
    position: int
    state: str
    language: str


def show_form(form: EditorForm, status: int = 200, done: str = "") -> Response:
    """The page, with what was typed and what is wrong with it."""
    store, locale = here_store(), page_locale()
    with doors().db.reading(store.id) as tx:
        namesake = find_namesake(tx, store.id, form.article_id, form.locale, form.written.title, drafts=True)
    head = _read_head(form)
    answer = render(
        "article_form.html", status, **head, done=done,
        said=tell_editor_done(done), told=tell_told(*_read_told()) if done == "told" else "", held=_read_told()[1],
        faults=[(one.field, tell_fault(one)) for one in form.faults], namesake=namesake,
        steps=[(one, name_step(one, locale)) for one in STEPS],
        phases=[(one, name_phase(one, locale)) for one in PHASES],
        is_starter=starter_article(form.article_id, form.locale) is not None,
        askers=_list_askers(form) if head["url"] else [],
        longest_title=LONGEST_TITLE, longest_text=LONGEST_TEXT,
    )  # fmt: skip
    return _let_pictures_in(answer)


def show_article(form: EditorForm) -> Response:
    """The article as it stands there, for who may change nothing."""
    head, locale = _read_head(form), page_locale()
    facts = [
        (_("Section"), locale, [name for _sent, name, chosen in head["sections"] if chosen]),
        (_("Other ways in which shoppers ask it"), form.locale, form.written.phrasings),
        (_("On these pages"), locale, [name_step(one, locale) for one in form.written.steps]),
        (_("At this stage of the purchase"), locale, [name_phase(one, locale) for one in form.written.phases]),
        (_("Only about these products"), form.locale, form.written.products),
    ]
    return _let_pictures_in(render("article_read.html", **head, facts=facts))


def _read_head(form: EditorForm) -> dict[str, Any]:
    """What writers and readers of an article both see: how it stands in each language, how shoppers read it, what it is
    sorted by and what the other languages say. `url`: where shoppers read it, '' where they do not."""
    store = here_store()
    with doors().db.reading(store.id) as tx:
        own = list_own(tx, store.id, form.article_id) if form.article_id else ()
    rows = {row.locale: row for row in own}
    row, catalogue = rows.get(form.locale), catalogue_of(store)
    states = [read_version(catalogue, form.article_id, one, rows.get(one)) for one in ordered_languages(store)]
    here = next(one for one in states if one.locale == form.locale)
    others = [(one, read_draft(rows.get(one), form.article_id, one)) for one in LOCALES if one != form.locale]
    is_shown = here.state in ("shown", "own")
    return {
        "form": form, "names": LANGUAGE_NAMES, "states": states, "name_state": name_state, "here": here, "row": row,
        "who": name_writer(row.changed_by if row is not None else None), "sections": _list_sections(form),
        "preview": _preview(form), "others": [one for one in others if one[1].text],
        "shown": read_shown(row, form.article_id, form.locale),
        "url": hub_url(doors().settings.base_url, store, form.locale, form.article_id) if is_shown else "",
        "title": here.title or form.written.title or _("New article"),
    }  # fmt: skip


def _read_told() -> tuple[int, int]:
    """How many were told just now, and how many not because a colleague holds them."""
    given = (request.args.get(one, "") for one in ("told", "held"))
    told, held = (int(one) if one.isascii() and one.isdecimal() and len(one) < 4 else 0 for one in given)
    return told, held


def _list_askers(form: EditorForm) -> list[ToldAsker]:
    store = here_store()
    with doors().db.reading(store.id) as tx:
        askers = list_askers(tx, store.id, form.asked, form.article_id)
    told = []
    for one in askers:
        readable = get_article(store, form.article_id, one.locale) is not None
        state = "told" if one.is_told else "waits" if readable else "other"
        told.append(ToldAsker(one.conversation, one.position, state, LANGUAGE_NAMES[language_of(one.locale)]))
    return told


def _list_sections(form: EditorForm) -> list[tuple[str, str, bool]]:
    """What the form sends for each section, its name, and whether it is this article's. One of the merchant's own is
    sent as they call it in the article's language, so that it keeps its accents."""
    store, here = here_store(), form.written
    listed = []
    for one in dict.fromkeys((*list_section_ids(store), *([here.section] if here.section else []))):
        written = here.section_title if one == here.section else ""
        name, sent = (written or section_title(store, one, locale) for locale in (page_locale(), form.locale))
        listed.append((sent if make_slug(sent) == one else one, name, one == here.section))
    return listed


def show_preview(form: EditorForm) -> Response:
    """The part of the page that follows the typing."""
    faults = [(one.field, tell_fault(one)) for one in form.faults]
    return render("article_preview.html", preview=_preview(form), form=form, faults=faults)


def _preview(form: EditorForm) -> dict[str, Any]:
    """The article as the hub renders it, with the store's answers in it. `waits`: questions without an answer."""
    store, written = here_store(), form.written
    known = replace(written, title=written.title or "…", text=written.text[:LONGEST_TEXT])
    article = fill_article(store, read_written(known, form.article_id or "new", form.locale))
    questions = {one.key: one.label for one in list_questions(page_locale(), more=True)}
    html = article.html.replace("<h3>", "<h4>").replace("</h3>", "</h4>")
    why = _("Not shown: this picture is not on your shop's pages.")
    html = box_foreign_pictures(html, list_picture_hosts(store), why, page_locale())
    return {
        # Of our own renderer, which lets a fixed list of tags out and escapes everything else.
        "title": article.title, "html": Markup(html),  # noqa: S704
        "waits": [questions[one] for one in article.placeholders if one in questions],
    }  # fmt: skip


def _let_pictures_in(answer: Response) -> Response:
    """Pictures of the shop's own pages, and no others, are loaded by this page."""
    hosts = " ".join(f"https://{one}" for one in sorted(list_picture_hosts(here_store())))
    answer.headers["Content-Security-Policy"] = POLICY.replace("img-src 'self' data:", f"img-src 'self' data: {hosts}")
    return answer
