"""The form whose answers fill the help articles."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request

from plugin.help import EmptySection, hub_url, list_empty_sections, list_own, tell_facts, warm
from plugin.help.form import list_article_states, list_questions
from plugin.language import LOCALES, language_of
from plugin.stores import StoreRow, get_store
from plugin.stores.wishes import set_answers
from plugin.web.access import here_store, owners_only
from plugin.web.desk_frame import back_to, desk, page_locale, render
from plugin.web.doors import doors
from plugin.web.shopper_pages import LANGUAGES


def ordered_languages(store: StoreRow) -> tuple[str, ...]:
    """The store's own language first."""
    own = language_of(store.locale)
    return (own, *(one for one in LOCALES if one != own))


def list_empty_here(store: StoreRow, reader: str) -> Sequence[EmptySection]:
    """The sections in which shoppers find nothing now, titled in the reader's language."""
    with doors().db.reading(store.id) as tx:
        rows = list_own(tx, store.id)
    return list_empty_sections(store, rows, reader)


@desk.get("/<store>/answers")
def answers() -> Response:
    """The questions with their answers, what the shop itself says to them, and what shoppers can read because of
    either."""
    row, locale = here_store(), page_locale()
    languages, questions = ordered_languages(row), list_questions(locale, more=True)
    states = list_article_states(row, languages[0])
    return render(
        "answers.html", store=row, questions=questions, languages=languages, states=states,
        shown=sum(not one.missing for one in states), done=request.args.get("done", ""),
        labels={one.key: one.label for one in questions}, told=tell_facts(row), empty=list_empty_here(row, locale),
        names=LANGUAGES,
        more_answered=any(given.get(one.key) for given in row.answers.values() for one in questions if one.more),
        hub=hub_url(doors().settings.base_url, row, languages[0]),
    )  # fmt: skip


@desk.post("/<store>/answers")
@owners_only
def save_answers() -> Response:
    """All answers at once; a question that is the same in every language is kept under the store's own."""
    row = here_store()
    given: dict[str, dict[str, str]] = {language: {} for language in LOCALES}
    for question in list_questions("en", more=True):
        languages = LOCALES if question.kind == "text" else ordered_languages(row)[:1]
        for language in languages:
            given[language][question.key] = request.form.get(f"{question.key}.{language}", "")
    with doors().db.transaction(row.id) as tx:
        changed = get_store(tx, row.id)
        set_answers(changed, given)
    warm(changed)
    return back_to("desk.answers", "answers")
