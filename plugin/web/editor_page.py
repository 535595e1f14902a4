"""The page on which one article is written, and its preview."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response
from markupsafe import Markup

from plugin.care import read_question
from plugin.help import Fault, Written, list_own, read_draft, read_shown, section_title
from plugin.help.catalogues import fill_article, starter_article
from plugin.help.form import list_questions
from plugin.help.own_list import list_section_ids, read_version
from plugin.help.sections import hub_url
from plugin.help.written import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    picture_hosts,
    read_written,
)
from plugin.language import LOCALES
from plugin.web.access import here_store
from plugin.web.desk_answers import ordered_languages
from plugin.web.desk_editor import LANGUAGE_NAMES, name_writer
from plugin.web.desk_frame import POLICY, _, page_locale, render
from plugin.web.desk_words import name_phase, name_step
from plugin.web.doors import doors
from plugin.web.editor_words import name_state, tell_editor_done, tell_fault

PHASES = ("pre_purchase", "purchase", "post_sale")
STEPS = ("home", "catalogue", "product", "cart", "checkout", "contact", "shipping", "payment", "review", "order_pay",
         "thank_you", "order_status", "account")  # fmt: skip


@dataclass(frozen=True)
class EditorForm:
    """What stands in the form. `article_id`: '' for a new one; `version`: what its writer has seen, 0: nothing;
    `asked`: the questions it is made of; `theirs`: what somebody else saved meanwhile, and who; `stale`: they did, and
    the form shows it."""

    article_id: str
    locale: str
    written: Written
    version: int
    faults: Sequence[Fault] = ()
    asked: Sequence[tuple[str, int]] = ()
    theirs: Written | None = None
    theirs_by: str = ""
    stale: bool = False


def show_form(form: EditorForm, status: int = 200, done: str = "") -> Response:
    """The page, with what was typed and what is wrong with it."""
    store, locale = here_store(), page_locale()
    with doors().db.reading(store.id) as tx:
        rows = {row.locale: row for row in list_own(tx, store.id) if row.article_id == form.article_id}
        tellable = [one for one in form.asked if read_question(tx, store.id, *one) is not None]
    row = rows.get(form.locale)
    states = [read_version(store, form.article_id, one, rows.get(one)) for one in ordered_languages(store)]
    here = next(one for one in states if one.locale == form.locale)
    others = [(one, read_draft(rows.get(one), form.article_id, one)) for one in LOCALES if one != form.locale]
    answer = render(
        "article_form.html", status, form=form, names=LANGUAGE_NAMES, states=states, name_state=name_state,
        here=here, row=row, who=name_writer(row.changed_by if row is not None else None), done=done,
        said=tell_editor_done(done), faults=[(one.field, tell_fault(one)) for one in form.faults],
        sections=[(one, section_title(one, locale)) for one in _list_sections(form)],
        steps=[(one, name_step(one, locale)) for one in STEPS],
        phases=[(one, name_phase(one, locale)) for one in PHASES], preview=_preview(form),
        others=[one for one in others if one[1].text], shown=read_shown(row, form.article_id, form.locale),
        is_starter=starter_article(form.article_id, form.locale) is not None,
        url=hub_url(doors().settings.base_url, store, form.locale, form.article_id) if here.state in ("shown", "own")
        else "", tellable=tellable if here.state in ("shown", "own") else [], client_id=str(uuid.uuid4()),
        longest_title=LONGEST_TITLE, longest_text=LONGEST_TEXT,
        title=here.title or form.written.title or _("New article"),
    )  # fmt: skip
    return _let_pictures_in(answer)


def _list_sections(form: EditorForm) -> list[str]:
    known = list_section_ids(here_store())
    return list(dict.fromkeys([*known, *([form.written.section] if form.written.section else [])]))


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
    return {
        # Of our own renderer, which lets a fixed list of tags out and escapes everything else.
        "title": article.title, "html": Markup(html),  # noqa: S704
        "waits": [questions[one] for one in article.placeholders if one in questions],
    }  # fmt: skip


def _let_pictures_in(answer: Response) -> Response:
    """Pictures of the shop's own pages, and no others, are loaded by this page."""
    hosts = " ".join(f"https://{one}" for one in sorted(picture_hosts(here_store())))
    answer.headers["Content-Security-Policy"] = POLICY.replace("img-src 'self' data:", f"img-src 'self' data: {hosts}")
    return answer
