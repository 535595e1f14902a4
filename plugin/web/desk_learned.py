"""What the bot has learned from the store's people: seen, undone, taken up again, and taught by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, request

from plugin.agents import get_agent
from plugin.care.public_ids import list_public_ids
from plugin.database import ALL
from plugin.help import (
    LONGEST_PHRASING,
    LearnedPhrasingRow,
    Section,
    Unlearnable,
    catalogue_of,
    count_learned,
    list_learned,
    list_sections,
    redo,
    section_title,
    teach,
    undo,
)
from plugin.language import LOCALES
from plugin.web.access import here_store, visit
from plugin.web.desk_answers import ordered_languages
from plugin.web.desk_frame import _, back_to, desk, page_locale, render
from plugin.web.desk_looks import note_look
from plugin.web.doors import doors
from plugin.web.row_ids import read_row_id

MOST_LISTED = 50
LANGUAGE_NAMES = {"es": "Español", "en": "English", "pt": "Português"}


@dataclass(frozen=True)
class Typed:
    """What stands in the form for teaching by hand; `fault`: what is wrong with it, in words."""

    text: str = ""
    article: str = ""
    language: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Lesson:
    """One line of the list. `article` and `section`: titles, '' where it is no longer shown; `who`: '' for somebody who
    is gone; `conversation`: public id or ''."""

    row: LearnedPhrasingRow
    article: str
    section: str
    who: str
    how: str
    language: str
    conversation: str


@desk.get("/<store>/learned")
def learned() -> Response:
    """The list, newest first; `before` turns the page."""
    return show_learned()


def show_learned(status: int = 200, typed: Typed | None = None) -> Response:
    """The page, with what was typed and what is wrong with it."""
    row, before = here_store(), read_row_id("before")
    with doors().db.reading(row.id) as tx:
        rows = list_learned(tx, row.id, before=before, limit=MOST_LISTED + 1)
        used = count_learned(tx, row.id)
    shown = rows[:MOST_LISTED]
    if shown:
        note_look("list", "learned")  # the words are shoppers' own, and masking knows no names
    languages = ordered_languages(row)
    return render(
        "learned.html", status, store=row, lessons=_tell(shown), used=used, newest=before is None,
        older=shown[-1].id if len(rows) > MOST_LISTED else None, typed=typed or Typed(language=languages[0]),
        sections=_choices(), languages=[(one, LANGUAGE_NAMES[one]) for one in languages], most=LONGEST_PHRASING,
        said=_say(request.args.get("done", "")),
    )  # fmt: skip


def _choices() -> tuple[Section, ...]:
    """The articles to choose from, as readers of the store's own language know them; section names in the agent's."""
    store = here_store()
    shown = list_sections(store, store.locale)
    return tuple(Section(one.id, section_title(store, one.id, page_locale()), one.articles) for one in shown)


def _tell(rows: Sequence[LearnedPhrasingRow]) -> list[Lesson]:
    store, catalogue = here_store(), catalogue_of(here_store())
    with doors().db.reading(ALL, "who taught, and in which conversation") as tx:
        talks = list_public_ids(tx, store.id, (one.conversation_id for one in rows if one.conversation_id))
        names = {one: agent.name for one in {row.agent_id for row in rows} if one and (agent := get_agent(tx, one))}
    told = []
    for row in rows:
        article = catalogue.article(row.article_id, row.locale)
        told.append(Lesson(
            row, article.title if article else "",
            section_title(store, article.section, page_locale()) if article else "",
            names.get(row.agent_id or 0, ""), _name_how(row.how), LANGUAGE_NAMES.get(row.locale[:2], row.locale),
            talks.get(row.conversation_id or 0, ""),
        ))  # fmt: skip
    return told


def _name_how(how: str) -> str:
    return {
        "answered": _("answered a shopper with the article"),
        "corrected": _("put the bot right"),
        "written": _("wrote it here"),
    }.get(how, how)


def _say(code: str) -> str:
    """What has just been done; '' for a word that is none of ours."""
    return {
        "taught": _("Learned. The bot knows it from the next question on."),
        "undone": _("Undone. The bot no longer answers this question with that article because of it."),
        "redone": _("Taken up again. The bot uses it from the next question on."),
    }.get(code, "")


def _refuse(code: str) -> str:
    """Why nothing can be learned from what was typed, and what to write instead."""
    return {
        "empty": _("Write the question as a shopper would."),
        "short": _("Write at least two letters, and more than a number or an address: those are never kept."),
        "long": _("Write a shorter question, of {most} signs at most.").format(most=LONGEST_PHRASING),
        "talk": _("This is only a greeting, or asks for a person. The bot understands both without being taught."),
        "article": _("Choose the article that answers it."),
    }.get(code, code)


@desk.post("/<store>/learned")
def teach_by_hand() -> Response:
    """Keeps a question that somebody wrote, with its article."""
    store, here, form = here_store(), doors(), request.form
    language = form.get("language", "")
    typed = Typed(form.get("text", ""), form.get("article", ""), language if language in LOCALES else "")
    given = (typed.article, typed.language or store.locale, typed.text, "written", None, visit().agent.id)
    catalogue_of(store)  # or the articles would be read inside the transaction
    try:
        with here.db.transaction(store.id) as tx:
            teach(tx, store, *given, here.clock.now())
    except Unlearnable as refused:
        wrong = Typed(typed.text[: 2 * LONGEST_PHRASING], typed.article, typed.language, _refuse(refused.code))
        return show_learned(422, wrong)
    return back_to("desk.learned", "taught")


@desk.post("/<store>/learned/undo")
def undo_learned() -> Response:
    """One phrasing is used no more."""
    store, here, which = here_store(), doors(), request.form.get("phrasing", "")
    with here.db.transaction(store.id) as tx:
        found = undo(tx, store.id, which, here.clock.now())
    return _back(found, "undone", which)


@desk.post("/<store>/learned/redo")
def redo_learned() -> Response:
    """One phrasing is used again."""
    store, which = here_store(), request.form.get("phrasing", "")
    with doors().db.transaction(store.id) as tx:
        found = redo(tx, store.id, which)
    return _back(found, "redone", which)


def _back(found: bool, done: str, which: str) -> Response:
    if not found:
        abort(404)
    return back_to("desk.learned", done, anchor=which, before=read_row_id("before"))
