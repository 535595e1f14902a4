"""Writing one article in one language: with a preview that is rendered as the help hub renders it, and never over what
somebody else saved meanwhile.

Every write is a plain form. With htmx the preview follows the typing; without, it comes by its button.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from flask import Response, abort, redirect, request, url_for
from limits import RateLimitItemPerMinute
from sqlalchemy.orm import Session

from plugin.care import Gap, list_alike, read_question, settle_gaps
from plugin.care.gaps import MADE, OPEN
from plugin.help import (
    ArticleRow,
    Changed,
    Fault,
    SameTitle,
    TooMany,
    Unlearnable,
    Written,
    check_phrasing,
    check_written,
    clean_written,
    discard_draft,
    find_begun,
    find_namesake,
    get_own,
    is_same,
    list_asked,
    list_ids,
    list_own,
    make_article_id,
    read_draft,
    save_draft,
    show,
    take_away,
)
from plugin.help.catalogues import list_starter_ids, starter_article
from plugin.help.own_articles import MOST_ASKED
from plugin.help.written import MOST_PHRASINGS
from plugin.language import LOCALES, language_of
from plugin.web.access import here_store, owners_only, visit
from plugin.web.desk_editor import here_writer, name_writer, read_article_id, warm_again
from plugin.web.desk_frame import back_to, desk, is_htmx, render
from plugin.web.desk_looks import note_look
from plugin.web.doors import doors
from plugin.web.editor_page import EditorForm, show_article, show_form, show_preview
from plugin.web.pictures import list_picture_hosts
from plugin.web.widget_limits import count_hit_of

PREVIEWS = RateLimitItemPerMinute(120)
"""Of one agent in one store: they follow the typing."""
_PLACE = re.compile(r"(cv_[A-Za-z0-9_-]{8,64}):([1-9]\d{0,8})")
_CLIENT_ID = re.compile(r"[0-9a-f-]{36}")
_DRAFT_FAULTS = ("empty_title", "long_title", "long_text", "many_phrasings", "many_products")
"""What not even a draft may have; the rest is said when it is shown."""


@desk.get("/<store>/editor/new")
def new_article() -> Response:
    """An empty form; with ``?conversation=&position=`` made of what a shopper asked there, masked, and with ``group=1``
    also of the open questions that ask for the same in the same language."""
    store, wanted = here_store(), request.args.get("language", "")
    if not visit().may_write:
        return back_to("desk.editor")
    places = read_places([f"{request.args.get('conversation', '')}:{request.args.get('position', '')}"])
    asked = _read_asked(places[0]) if places else []
    if "conversation" in request.args and not asked:
        abort(404)
    language = wanted if wanted in LOCALES else language_of(asked[0].locale if asked else store.locale)
    words = dict.fromkeys(one.words for one in asked if _is_learnable(one.words))
    written = Written(section="shop", phrasings=tuple(words)[:MOST_PHRASINGS])
    # The title stays empty: it becomes an address that everybody sees, and masking knows no names.
    return show_form(EditorForm(
        "", language, written, 0, asked=[one.place for one in asked], client_id=str(uuid.uuid4()),
        question=asked[0].words if asked else "",
    ))  # fmt: skip


def _read_asked(place: tuple[str, int]) -> list[Gap]:
    """The question at this place, then those that stand with it in the list."""
    store = here_store()
    with doors().db.reading(store.id) as tx:
        first = read_question(tx, store.id, *place)
        alike = list_alike(tx, store.id, place) if first is not None and "group" in request.args else []
    if first is None:
        return []
    note_look("conversation", first.conversation)
    if alike:
        note_look("list", "gaps")
    language = language_of(first.locale)
    return [first, *(one for one in alike if one.place != place and language_of(one.locale) == language)]


def _is_learnable(words: str) -> bool:
    try:
        check_phrasing(words)
    except Unlearnable:
        return False
    return True


@desk.get("/<store>/editor/article")
def edit_article() -> Response:
    """One article in one language: its draft, else what is shown, else an empty form for a language that is missing."""
    store, article_id, locale = here_store(), read_article_id(), _read_locale()
    if not article_id:
        return redirect(url_for("desk.editor"), 303)  # type: ignore[return-value]
    with doors().db.reading(store.id) as tx:
        rows = list_own(tx, store.id, article_id)
    if not rows and article_id not in list_starter_ids():
        abort(404)
    form = _form_of(rows, article_id, locale)
    return show_form(form, done=request.args.get("done", "")) if visit().may_write else show_article(form)


def _form_of(rows: Sequence[ArticleRow], article_id: str, locale: str) -> EditorForm:
    """The article in one language. One that is missing there begins on the pages of its twins."""
    own = {row.locale: row for row in rows}
    row = own.get(locale)
    written = read_draft(row, article_id, locale)
    if not written.section:
        twins = (read_draft(own.get(one), article_id, one) for one in LOCALES)
        twin = next((one for one in twins if one.section), Written(section="shop"))
        written = replace(twin, title="", text="", phrasings=())
    return EditorForm(article_id, locale, written, row.version if row is not None else 0, asked=list_asked(row))


def _read_locale() -> str:
    asked = request.form.get("language") or request.args.get("language", "")
    return asked if asked in LOCALES else language_of(here_store().locale)


def _read_form() -> EditorForm:
    form = request.form
    version = form.get("version", "0")
    written = clean_written(
        form.get("title", ""), form.get("new_section", "") or form.get("section", ""), form.get("text", ""),
        steps=form.getlist("steps"), phases=form.getlist("phases"), products=form.get("products", ""),
        phrasings=form.get("phrasings", ""),
    )  # fmt: skip
    seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    begun = form.get("client_id", "")
    return EditorForm(
        read_article_id(), _read_locale(), written, seen, asked=read_places(form.getlist("asked")),
        client_id=begun if _CLIENT_ID.fullmatch(begun) else "",
    )  # fmt: skip


def read_places(written: Iterable[str], most: int = MOST_ASKED) -> list[tuple[str, int]]:
    """Places of messages, written as ``cv_…:n``; what is none is left out."""
    found = (_PLACE.fullmatch(one) for one in written)
    return list(dict.fromkeys((one[1], int(one[2])) for one in found if one))[:most]


@desk.post("/<store>/editor/preview")
def preview_article() -> Response:
    """How shoppers will read it; nothing is kept."""
    if count_hit_of(PREVIEWS, "desk-preview", str(here_store().id), str(visit().agent.id)):
        abort(429)
    form = _read_form()
    form = replace(form, faults=_check(form))
    return show_preview(form) if is_htmx() else show_form(form)


def _check(form: EditorForm) -> list[Fault]:
    """Everything that keeps it from being shown, the title first."""
    store, sent = here_store(), form.written
    with doors().db.reading(store.id) as tx:
        namesake = find_namesake(tx, store.id, form.article_id, form.locale, sent.title)
    same = [Fault("title", 0, "same_title")] if namesake is not None else []
    return [*same, *check_written(sent, list_picture_hosts(store))]


@desk.post("/<store>/editor/draft")
def keep_draft() -> Response:
    """Keeps what is being written; shoppers see nothing of it."""
    return _save(_read_form(), shown=False)


@desk.post("/<store>/editor/show")
@owners_only
def publish_article() -> Response:
    """Shoppers read it from now on. 422: something in it cannot be read, and on which line, or another article has its
    title; 409: somebody else saved it meanwhile, and both are shown."""
    return _save(_read_form(), shown=True)


def _save(form: EditorForm, *, shown: bool) -> Response:
    store, here = here_store(), doors()
    faults = check_written(form.written, list_picture_hosts(store))
    faults = tuple(one for one in faults if shown or one.code in _DRAFT_FAULTS)
    if faults:
        return show_form(replace(form, faults=_check(form) if shown else faults), 422)
    sent = form
    try:
        with here.db.transaction(store.id) as tx:
            form = _find_id(tx, form)
            written = (form.written, form.version, here_writer(), form.asked, form.client_id)
            row = (show if shown else save_draft)(tx, store.id, form.article_id, form.locale, *written)
            if shown:
                settle_gaps(tx, store.id, list_asked(row), MADE)
    except Changed as error:
        return _show_both(form, error.row)
    except (TooMany, SameTitle) as error:
        code = "same_title" if isinstance(error, SameTitle) else "many_articles"
        return show_form(replace(sent, faults=[Fault("title", 0, code)]), 422)
    if shown:
        warm_again()
    done = "shown" if shown else "draft"
    return back_to("desk.edit_article", done, article=form.article_id, language=form.locale)


def _find_id(tx: Session, form: EditorForm) -> EditorForm:
    """A new article gets the id of its title; one that has an id must be known. Who sends one empty form twice goes on
    with what it made: raises `Changed` when other words stand there."""
    store = here_store()
    begun = find_begun(tx, store.id, form.client_id) if not form.article_id else None
    if begun is not None:
        if begun.locale != form.locale or not is_same(begun, form.written):
            raise Changed(begun)
        return replace(form, article_id=begun.article_id, version=begun.version)
    taken = list_ids(tx, store.id)
    if not form.article_id:
        return replace(form, article_id=make_article_id(form.written.title, taken))
    if form.article_id not in taken and form.version == 0:
        abort(404)
    return form


def _show_both(form: EditorForm, row: ArticleRow | None) -> Response:
    """What stands there now beside what was typed. Whoever saves again has seen it; where nothing is left of the
    article, they make it anew."""
    if row is not None:
        theirs, who = read_draft(row, row.article_id, row.locale), name_writer(row.changed_by)
        form = replace(form, article_id=row.article_id, locale=row.locale, version=row.version)
        return show_form(replace(form, theirs=theirs, theirs_by=who), 409)
    with doors().db.reading(here_store().id) as tx:
        known = form.article_id in list_ids(tx, here_store().id)
    theirs = read_draft(None, form.article_id, form.locale)
    form = form if known else replace(form, article_id="", client_id=str(uuid.uuid4()))
    return show_form(replace(form, version=0, theirs=theirs), 409)


@desk.post("/<store>/editor/discard")
def throw_draft_away() -> Response:
    """What is being written goes; what shoppers read stays."""
    store, form = here_store(), _read_form()
    try:
        with doors().db.transaction(store.id) as tx:
            found = discard_draft(tx, store.id, form.article_id, form.locale, form.version, here_writer())
    except Changed as error:
        return _show_changed(form, error.row)
    return _go_on(form, found, "discarded")


@desk.post("/<store>/editor/take-away")
@owners_only
def take_words_away() -> Response:
    """The merchant's words in one language go, once they said that they are sure; the starter's article, where there is
    one, stands again. The questions it was made of are open again."""
    store, form = here_store(), _read_form()
    if request.form.get("sure") != "yes":
        return _ask_first(form)
    try:
        with doors().db.transaction(store.id) as tx:
            asked = list_asked(get_own(tx, store.id, form.article_id, form.locale))
            found = take_away(tx, store.id, form.article_id, form.locale, form.version, here_writer())
            settle_gaps(tx, store.id, asked, OPEN, was=MADE)
    except Changed as error:
        return _show_changed(form, error.row)
    warm_again()
    return _go_on(form, found, "taken_away")


def _ask_first(form: EditorForm) -> Response:
    store = here_store()
    with doors().db.reading(store.id) as tx:
        row = get_own(tx, store.id, form.article_id, form.locale)
    if row is None:
        abort(404)
    starter = starter_article(form.article_id, form.locale)
    return render("article_remove.html", form=form, row=row, starter=starter)


def _show_changed(form: EditorForm, row: ArticleRow | None) -> Response:
    """Nothing went: somebody saved meanwhile, and what they wrote is seen first."""
    return show_form(replace(_form_of([row] if row is not None else [], form.article_id, form.locale), stale=True), 409)


def _go_on(form: EditorForm, found: bool, done: str) -> Response:
    """To what is left of the article."""
    if not found:
        abort(404)
    store = here_store()
    with doors().db.reading(store.id) as tx:
        known = form.article_id in list_ids(tx, store.id)
    if not known:
        return back_to("desk.editor", done)
    return back_to("desk.edit_article", done, article=form.article_id, language=form.locale)
