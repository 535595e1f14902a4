"""What shoppers asked and the bot could not answer: the same questions together, most asked first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from plugin.care import Gap, GapGroup, count_gaps, list_gap_groups, settle_group
from plugin.care.gaps import DISMISSED, MADE, OPEN, STATES, Place
from plugin.help import ArticleRow, Learned, answer, list_asked, list_drafted, read_draft, read_learned
from plugin.language import language_of
from plugin.web.access import here_store
from plugin.web.desk_editor import LANGUAGE_NAMES
from plugin.web.desk_editor_form import read_places
from plugin.web.desk_frame import _, back_to, desk, render
from plugin.web.desk_looks import note_look
from plugin.web.doors import doors
from plugin.web.editor_words import tell_editor_done

MOST_GROUPS = 30
MOST_SHOWN = 5


@dataclass(frozen=True)
class Begun:
    """An article that somebody is writing."""

    article_id: str
    locale: str
    title: str


@dataclass(frozen=True)
class ToldGroup:
    """One group on the page. `place`: ``cv_…:n`` of one of its questions; `others`: more ways in which it was put;
    `answered`: title of the article that the bot answers it with by now, '' for none; `article_id`: its id; `begun`:
    the draft that somebody makes of it."""

    newest: Gap
    count: int
    language: str
    others: list[str]
    talks: list[str]
    place: str
    make_url: str
    answered: str
    article_id: str
    begun: Begun | None


@desk.get("/<store>/gaps")
def gaps() -> Response:
    """The questions without an answer; ``?state=dismissed`` or ``article``: those that are settled."""
    store, state = here_store(), request.args.get("state", OPEN)
    state = state if state in STATES else OPEN
    with doors().db.reading(store.id) as tx:
        groups = list_gap_groups(tx, store.id, state, MOST_GROUPS)
        counts, learned = count_gaps(tx, store.id), read_learned(tx, store.id)
        begun = _list_begun(list_drafted(tx, store.id)) if state == OPEN else {}
    if groups:
        note_look("list", "gaps")
    names = {OPEN: _("Open"), DISMISSED: _("Not for us"), MADE: _("Answered")}
    return render(
        "gaps.html", groups=[_tell(one, learned, state, begun) for one in groups], state=state,
        counts=counts, names=names, left=counts[state] - len(groups),
        said=tell_editor_done(request.args.get("done", "")),
    )  # fmt: skip


def _list_begun(rows: Iterable[ArticleRow]) -> dict[Place, Begun]:
    found = {}
    for row in rows:
        begun = Begun(row.article_id, row.locale, read_draft(row, row.article_id, row.locale).title)
        found.update(dict.fromkeys(list_asked(row), begun))
    return found


def _tell(group: GapGroup, learned: Learned, state: str, begun: Mapping[Place, Begun]) -> ToldGroup:
    newest, store = group.newest, here_store()
    words = dict.fromkeys(one.words for one in group.gaps)
    article = answer(store, newest.words, newest.locale, learned).article if state == OPEN else None
    values: dict[str, Any] = {"conversation": newest.conversation, "position": newest.position, "group": 1}
    return ToldGroup(
        newest, group.count, LANGUAGE_NAMES[language_of(newest.locale)],
        [one for one in words if one != newest.words][: MOST_SHOWN - 1],
        list(dict.fromkeys(one.conversation for one in group.gaps))[:MOST_SHOWN],
        f"{newest.conversation}:{newest.position}", url_for("desk.new_article", **values),
        article.title if article is not None else "",
        article.article_id if article is not None else "",
        next((begun[one] for one in group.places if one in begun), None),
    )  # fmt: skip


@desk.post("/<store>/gaps/settle")
def settle_asked() -> Response:
    """Gives a question (``gap``: ``cv_…:n``), and all that ask the same and are in state ``was``, another ``state``.
    What is no gap of this store stays as it is."""
    store, state, was = here_store(), request.form.get("state", ""), request.form.get("was", OPEN)
    places = read_places(request.form.getlist("gap"), 1)
    if state in STATES and places:
        with doors().db.transaction(store.id) as tx:
            settle_group(tx, store.id, places[0], state, was=was)
    done = {DISMISSED: "dismissed", OPEN: "reopened", MADE: "made"}.get(state, "")
    return back_to("desk.gaps", done, state=was if was in STATES and was != OPEN else None)
