"""The coverage report: on which steps of the purchase the widget stands, what it offers there, and what is clicked."""

from __future__ import annotations

from flask import Response

from plugin.help import list_sections, read_counts, section_title, sum_counts
from plugin.help.counts import REPORTED
from plugin.help.form import list_questions
from plugin.web.access import here_store
from plugin.web.desk_answers import list_empty_here, ordered_languages
from plugin.web.desk_coverage import tell_steps
from plugin.web.desk_frame import desk, page_locale, render
from plugin.web.doors import doors
from plugin.web.shopper_pages import LANGUAGES


@desk.get("/<store>/coverage")
def steps() -> Response:
    """Each step with its links and the clicks of the last 30 days; sections that are empty, and what fills them."""
    row, locale, here = here_store(), page_locale(), doors()
    with here.db.reading(row.id) as tx:
        counted = read_counts(tx, row.id, (here.clock.now() - REPORTED).date())
    reports = tell_steps(row, locale, counted)
    clicks = sum_counts(counted)
    return render(
        "steps.html", store=row, reports=reports, known=bool(row.coverage), days=REPORTED.days,
        carrying=sum(one.carries for one in reports), linked=sum(bool(one.links) for one in reports),
        clicks=sum(one.clicks for one in reports), others=sum(clicks.values()) - sum(one.clicks for one in reports),
        opened=sum(sum_counts(counted, ("opened",)).values()),
        answered=sum(sum_counts(counted, ("answered",)).values()),
        sections=[(section_title(row, one.id, locale), len(one.articles)) for one in list_sections(row, row.locale)],
        empty=list_empty_here(row, locale), names=LANGUAGES,
        labels={one.key: one.label for one in list_questions(locale, more=True)}, languages=ordered_languages(row),
    )  # fmt: skip
