"""Ready answers at the desk: the list, for owners its form, and in a conversation the choice of one as a draft."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flask import Response, abort, request

from plugin.care import PHASES, ConversationRow, MacroRow
from plugin.care.macros import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    PLACEHOLDERS,
    UnwantedMacro,
    add_macro,
    change_macro,
    choose_macros,
    find_macro,
    list_macros,
    lock_macro,
    part_macros,
    remove_macro,
)
from plugin.language import LOCALES
from plugin.web.access import here_conversation, here_store, owners_only
from plugin.web.desk_answers import ordered_languages
from plugin.web.desk_conversations import show_whole
from plugin.web.desk_frame import _, back_to, desk, is_htmx, page_locale, render
from plugin.web.desk_learned import LANGUAGE_NAMES
from plugin.web.desk_looks import note_look
from plugin.web.desk_part_words import name_placeholder, tell_unwanted_macro
from plugin.web.desk_talk_parts import read_draft
from plugin.web.desk_words import name_phase
from plugin.web.doors import doors


@dataclass(frozen=True)
class Typed:
    """What stands in the form; `macro`: public id, '' for a new one; `seen`: the version it was opened with; `fault`:
    what is wrong with it, in words, and `where`: the field, ``title`` or a language; `namesake`: public id of another
    one that is called so."""

    macro: str = ""
    title: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    phases: Sequence[str] = ()
    seen: str = ""
    fault: str = ""
    where: str = ""
    namesake: str = ""


@desk.get("/<store>/macros")
def macros() -> Response:
    """The list; ``?macro=``: that one in the form."""
    store, which = here_store(), request.args.get("macro", "")
    with doors().db.reading(store.id) as tx:
        row = find_macro(tx, store.id, which) if which else None
    if which and row is None:
        abort(404)
    return _show(typed=_open(row) if row is not None else None)


def _open(row: MacroRow) -> Typed:
    return Typed(row.public_id, row.title, dict(row.texts), row.phases, row.changed_at.isoformat())


def _show(status: int = 200, typed: Typed | None = None) -> Response:
    store = here_store()
    with doors().db.reading(store.id) as tx:
        rows = list_macros(tx, store.id)
    told = [(f"{{{one}}}", name_placeholder(one, page_locale())) for one in PLACEHOLDERS]
    return render(
        "macros.html", status, macros=rows, typed=typed or Typed(), placeholders=told, names=LANGUAGE_NAMES,
        languages=ordered_languages(store), phases=name_phases(), longest=LONGEST_TEXT, longest_title=LONGEST_TITLE,
        done=request.args.get("done", ""), said=_say(request.args.get("done", "")),
    )  # fmt: skip


def name_phases() -> dict[str, str]:
    """Each phase in the reader's words."""
    return {one: name_phase(one, page_locale()) for one in PHASES}


def _say(code: str) -> str:
    return {
        "kept": _("Saved. Your team finds it beside the answer of every conversation."),
        "gone": _("Removed. What was sent with it stays as it is."),
    }.get(code, "")


_ABOUT_TITLE = ("title", "long_title", "same_title")


def _tell(error: UnwantedMacro) -> str:
    words = tell_unwanted_macro(error, page_locale())
    return f"{LANGUAGE_NAMES[error.locale]}: {words}" if error.locale else words


@desk.post("/<store>/macros")
@owners_only
def save_macro() -> Response:
    """A new one, or with ``macro`` the change of one. What somebody else wrote meanwhile is shown, not written over."""
    store, here, form = here_store(), doors(), request.form
    texts = {one: form.get(f"text.{one}", "") for one in LOCALES}
    phases = form.getlist("phases")
    typed = Typed(form.get("macro", ""), form.get("title", "")[:200], texts, phases, form.get("seen", ""))
    try:
        with here.db.transaction(store.id) as tx:
            row = lock_macro(tx, store.id, typed.macro) if typed.macro else None
            if typed.macro and row is None:
                abort(404)
            if row is None:
                add_macro(tx, store.id, typed.title, texts, here.clock.now(), phases)
            else:
                now_there = row.changed_at.isoformat()
                change_macro(tx, row, typed.title, texts, typed.seen, here.clock.now(), phases)
    except UnwantedMacro as error:
        seen = now_there if error.code == "changed" else typed.seen
        where = error.locale or ("title" if error.code in _ABOUT_TITLE else "")
        namesake = error.detail if error.code == "same_title" else ""
        return _show(422, replace(typed, seen=seen, fault=_tell(error), where=where, namesake=namesake))
    return back_to("desk.macros", "kept")


@desk.post("/<store>/macros/remove")
@owners_only
def drop_macro() -> Response:
    """Takes one off the list."""
    store = here_store()
    with doors().db.transaction(store.id) as tx:
        gone = remove_macro(tx, store.id, request.form.get("macro", ""))
    if not gone:
        abort(404)
    return back_to("desk.macros", "gone")


MOST_UNSOUGHT = 8
"""With more ready answers than these there is a field to look for one."""
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class MacroPick:
    """The ready answers to choose from. `others`: for other phases than the shopper's, apart until something is looked
    for. `asked`: what is looked for, in all of them; `of`: how many there are; `phases`: each phase's name."""

    found: Sequence[MacroRow]
    others: Sequence[MacroRow]
    asked: str
    of: int
    phases: dict[str, str]

    @property
    def of_shown(self) -> int:
        """How many fit what was looked for."""
        return len(self.found) + len(self.others)

    @property
    def has_search(self) -> bool:
        """Whether there are too many to see at once."""
        return self.of > MOST_UNSOUGHT


@desk.get("/<store>/conversations/<conversation>/macros")
def pick_macro(conversation: str) -> Response:
    """The ready answers to choose from, those with the words ``q``, with ``results`` what was found alone; with
    ``macro`` that one as a draft in the field of the answer. Sends nothing."""
    row, which = here_conversation(conversation), request.args.get("macro", "")
    if "close" in request.args:
        return _show_pick(row, None)
    if which:
        return _show_draft(row, which)
    with doors().db.reading(here_store().id) as tx:
        macros = list_macros(tx, here_store().id)
    asked = request.args.get("q", "")[:LONGEST_SEARCH]
    fitting = choose_macros(macros, asked)
    found, others = (fitting, ()) if asked.strip() else part_macros(fitting, row.phase)
    pick = MacroPick(found, others, asked, len(macros), name_phases())
    if is_htmx() and "results" in request.args:
        return render("macro_found.html", row=row, macro_pick=pick)
    return _show_pick(row, pick)


def _show_pick(row: ConversationRow, pick: MacroPick | None) -> Response:
    if not is_htmx():
        return show_whole(row.public_id, macro_pick=pick)
    return render("macro_picker.html", row=row, macro_pick=pick)


def _show_draft(row: ConversationRow, which: str) -> Response:
    draft = read_draft(row, which)
    if draft is None:
        abort(404)
    note_look("conversation", row.public_id)
    missing = [f"{{{one}}}" for one in draft.missing]
    if not is_htmx():
        return show_whole(row.public_id, draft=draft.text, macro=which, missing=missing)
    parts = {"draft": draft.text, "macro": which, "missing": missing, "client_id": str(uuid.uuid4())}
    return render("macro_draft.html", row=row, macro_pick=None, fresh=False, **parts)
