"""The test box: what the bot would answer to a question, how sure it is, and why. Nothing of it is kept."""

from __future__ import annotations

from babel.numbers import format_percent
from flask import Response, abort, request
from limits import RateLimitItemPerMinute

from plugin.care.bot import WANTS_ORDER
from plugin.help import explain, hub_url, read_learned
from plugin.language import LOCALES, language_of
from plugin.web.access import here_store, visit
from plugin.web.desk_answers import ordered_languages
from plugin.web.desk_editor import LANGUAGE_NAMES
from plugin.web.desk_frame import _, desk, page_locale, render
from plugin.web.doors import doors
from plugin.web.widget_limits import count_hit_of

LONGEST_QUESTION = 300
TRIES = RateLimitItemPerMinute(120)
"""Of one agent in one store: each asks the whole help."""


@desk.get("/<store>/test-box")
def test_box() -> Response:
    """``?q=``: the question; ``?language=``: its reader's."""
    store, asked = here_store(), request.args.get("language", "")
    language = asked if asked in LOCALES else language_of(store.locale)
    words = " ".join(request.args.get("q", "").replace("\0", "").split())[:LONGEST_QUESTION]
    told = None
    if words:
        if count_hit_of(TRIES, "desk-test-box", str(store.id), str(visit().agent.id)):
            abort(429)
        with doors().db.reading(store.id) as tx:
            learned = read_learned(tx, store.id)
        told = explain(store, words, language, learned)
    return render(
        "test_box.html", words=words, language=language, languages=ordered_languages(store), names=LANGUAGE_NAMES,
        told=told, verdict=_tell_fate(told.fate) if told is not None else "", percent=_percent,
        most=LONGEST_QUESTION, order=told is not None and told.article is not None
        and told.article.article_id in WANTS_ORDER,
        url=hub_url(doors().settings.base_url, store, language, told.article.article_id)
        if told is not None and told.article is not None else "",
    )  # fmt: skip


def _percent(share: float) -> str:
    return format_percent(round(share, 2), locale=page_locale())


def _tell_fate(fate: str) -> str:
    return {
        "answered": _("The bot answers with this article."),
        "person": _("The bot calls a person: the question asks for one."),
        "small_talk": _("The bot answers with a kind word and asks what they would like to know."),
        "hidden": _("The bot says that it does not know and offers a person: an article that you do not show would fit "
                    "better."),
        "unsure": _("The bot says that it does not know and offers a person: it is not sure enough."),
        "nothing": _("The bot says that it does not know and offers a person: no article has anything of it."),
    }[fate]  # fmt: skip
