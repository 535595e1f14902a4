"""The numbers: how fast people answered, what the bot ended alone, how often shoppers ask where an order is, what they
click. Each leads to the rows it was counted from; under five rows no share is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal, format_percent
from flask import Response, abort, request

from plugin.help import get_article, read_counts
from plugin.help.counts import Counted
from plugin.reports import (
    LENGTHS,
    USUAL,
    WHERE_IS_MY_ORDER,
    Contact,
    Range,
    Waited,
    last_days,
    list_contacts,
    list_waits,
    read_order_contacts,
    sum_deflection,
    sum_up,
)
from plugin.web.access import here_store
from plugin.web.desk_frame import _, desk, page_locale, render
from plugin.web.desk_looks import note_look
from plugin.web.desk_words import name_phase, name_step
from plugin.web.doors import doors

MOST_SHOWN = 200
"""Rows on one page; the newest ones."""
KINDS = ("clicked", "opened", "answered", "helped", "not_helped")


@dataclass(frozen=True)
class Rows:
    """What stands behind one number: `heads` of a table, its `lines` (cells; the first may lead to a conversation), and
    how many there are."""

    title: str
    words: str
    heads: Sequence[str]
    lines: Sequence[Sequence[Any]]
    count: int


@desk.get("/<store>/numbers")
def numbers() -> Response:
    """All of them for the days in ``?days=`` (7, 30 or 90)."""
    row, when, locale = here_store(), _read_range(), page_locale()
    with doors().db.reading(row.id) as tx:
        times = sum_up(list_waits(tx, row.id, when))
        contacts = list_contacts(tx, row.id, when)
        asked = read_order_contacts(tx, row.id, when, contacts)
        counted = read_counts(tx, row.id, when.since.date())
    return render(
        "numbers.html", store=row, when=when, lengths=LENGTHS, times_of=times, deflection=sum_deflection(contacts),
        asked=asked, percent=lambda share: _tell_share(share, locale), duration=_tell_duration,
        per_hundred="" if asked.per_hundred is None else format_decimal(round(asked.per_hundred, 1), locale=locale),
        steps=_list_steps(counted, locale),
    )  # fmt: skip


@desk.get("/<store>/numbers/rows")
def number_rows() -> Response:
    """The rows behind the number ``?of=``: ``answers`` (where none is named), ``deflection``, ``orders`` or ``clicks``;
    ``?state=`` those of one outcome."""
    name = request.args.get("of", "answers")
    if name not in ROWS:
        abort(404)
    row, when, state = here_store(), _read_range(), request.args.get("state", "")
    rows = ROWS[name](when, state)
    if name != "clicks" and rows.lines:
        note_look("list", f"numbers/{name}")
    return render("number_rows.html", store=row, when=when, rows=rows, most=MOST_SHOWN)


def _read_range() -> Range:
    days = request.args.get("days", "")
    return last_days(int(days) if days.isascii() and days.isdecimal() and len(days) < 4 else USUAL, doors().clock.now())


def _tell_share(share: float | None, locale: str) -> str:
    """A whole percentage; '' where there are too few to say."""
    return "" if share is None else str(format_percent(round(share, 2), locale=locale))


def _tell_duration(seconds: int | None) -> str:
    """``45 s``, ``7 min``, ``3 h 20 min``; '' for what is not known."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("{count} s").format(count=seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{count} min").format(count=minutes)
    hours, rest = divmod(minutes, 60)
    told = _("{count} h").format(count=hours)
    return f"{told} {_('{count} min').format(count=rest)}" if rest else told


def _list_steps(counted: Sequence[Counted], locale: str) -> Sequence[tuple[str, int]]:
    """(step in words, clicks) of every step with clicks, the most frequent first."""
    sums: dict[str, int] = {}
    for one in counted:
        if one.kind == "clicked":
            sums[one.step] = sums.get(one.step, 0) + one.count
    ordered = sorted(sums.items(), key=lambda pair: -pair[1])
    return [(name_step(step, locale) if step else _("Step not known"), count) for step, count in ordered]


def _show_waits(when: Range, state: str) -> Rows:
    row, locale = here_store(), page_locale()
    with doors().db.reading(row.id) as tx:
        listed = list_waits(tx, row.id, when)
    names = {
        "in_time": _("Within ten minutes"), "late": _("Later"), "unanswered": _("Nobody answered"),
        "outside": _("Began outside opening hours"), "open": _("Still waiting"),
    }  # fmt: skip
    chosen = [one for one in listed if state in ("", one.state)]

    def tell(one: Waited) -> Sequence[Any]:
        channel = _("Form") if one.channel == "form" else _("Chat")
        waited = _tell_duration(one.open_seconds)
        return (one.conversation, one.since, names[one.state], waited, channel, name_phase(one.phase, locale))

    return Rows(
        _("First answers of a person"),
        _("One line for each time a shopper waited for a person. Only the shop's opening hours count."),
        (_("Conversation"), _("Since"), _("Outcome"), _("Waited"), _("Channel"), _("Phase")),
        [tell(one) for one in chosen[:MOST_SHOWN]], len(chosen),
    )  # fmt: skip


def _show_contacts(when: Range, state: str) -> Rows:
    names = {
        "deflected": _("The bot was enough"), "returned": _("Came back within seven days"),
        "person": _("A person took over"), "unhelped": _("The bot had no answer"),
        "pending": _("Seven days are not over"),
    }  # fmt: skip
    return _tell_contacts(
        when, lambda one: state in ("", one.state), names, _("What the bot ended alone"),
        _("One line for each contact: what a shopper wrote until twelve hours of silence."),
    )  # fmt: skip


def _show_order_contacts(when: Range, state: str) -> Rows:
    return _tell_contacts(
        when, lambda one: one.topic == WHERE_IS_MY_ORDER, {}, _("Shoppers who asked where their order is"),
        _("One line for each contact whose topic is the order; an agent may have put the topic right."),
    )  # fmt: skip


def _tell_contacts(
    when: Range, wanted: Callable[[Contact], bool], names: Mapping[str, str], title: str, words: str
) -> Rows:
    row, locale = here_store(), page_locale()
    with doors().db.reading(row.id) as tx:
        chosen = [one for one in list_contacts(tx, row.id, when) if wanted(one)]
    heads = [_("Conversation"), _("Began"), _("Messages"), _("Phase")]
    lines = [
        [one.conversation, one.began_at, one.messages, name_phase(one.phase, locale)]
        + ([names[one.state]] if names else [])
        for one in chosen[:MOST_SHOWN]
    ]
    return Rows(title, words, heads + ([_("Outcome")] if names else []), lines, len(chosen))


def _show_clicks(when: Range, state: str) -> Rows:
    row, locale = here_store(), page_locale()
    with doors().db.reading(row.id) as tx:
        counted = read_counts(tx, row.id, when.since.date())
    names = {
        "clicked": _("Clicked"), "opened": _("Opened"), "answered": _("Answered by the bot"),
        "helped": _("It helped"), "not_helped": _("It did not help"),
    }  # fmt: skip
    chosen = [one for one in counted if state in ("", one.kind) and one.kind in names]
    titles = {one.article_id: get_article(row, one.article_id, row.locale) for one in chosen}
    lines = []
    for one in chosen[:MOST_SHOWN]:
        article = titles[one.article_id]
        step = name_step(one.step, locale) if one.step else "—"
        lines.append((article.title if article else one.article_id, step, names[one.kind], one.count))
    return Rows(
        _("Articles: clicks and what came of them"),
        _("One line for each article, step and kind. Counts alone: nobody stands in them."),
        (_("Article"), _("Step"), _("What happened"), _("How often")), lines, len(chosen),
    )  # fmt: skip


ROWS: Mapping[str, Callable[[Range, str], Rows]] = {
    "answers": _show_waits, "deflection": _show_contacts, "orders": _show_order_contacts, "clicks": _show_clicks,
}  # fmt: skip
"""Number → what shows the rows behind it."""
