"""The numbers: how fast people answered, what the bot ended alone, how often shoppers ask where an order is, what they
click. Each leads to the rows it was counted from; under five rows no share is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal, format_percent
from flask import Response, abort, request
from sqlalchemy.orm import Session

from plugin.help import list_own, read_counts, sum_counts
from plugin.help.own_list import list_versions
from plugin.reports import (
    LENGTHS,
    RETURN,
    USUAL,
    Contact,
    Range,
    Waited,
    last_days,
    list_contacts,
    list_promises,
    list_waits,
    read_contacts,
    read_order_contacts,
    sum_deflection,
    sum_promises,
    sum_up,
)
from plugin.stores.hours import is_told
from plugin.web.access import here_store
from plugin.web.desk_frame import _, desk, page_locale, render
from plugin.web.desk_looks import note_look
from plugin.web.desk_number_promises import show_promise_rows
from plugin.web.desk_number_rows import Asked, Rows, head_contacts, tell_contact
from plugin.web.desk_topic_weeks import show_topic_rows, tell_topic_weeks
from plugin.web.desk_words import name_phase, name_step
from plugin.web.doors import doors

ON_A_PAGE = 100


@desk.get("/<store>/numbers")
def numbers() -> Response:
    """All of them for the days in ``?days=`` (7, 30 or 90)."""
    row, when, locale = here_store(), _read_range(), page_locale()
    with doors().db.reading(row.id) as tx:
        times = sum_up(list_waits(tx, row, when))
        promised = sum_promises(list_promises(tx, row.id, when))
        contacts = read_contacts(tx, row.id, when.begun_earlier(RETURN))
        decided = sum_deflection(contacts.within(_decided(when)))
        asked = read_order_contacts(tx, row.id, when, contacts.within(when))
        clicks = sum_counts(read_counts(tx, row.id, when.first_day))
    return render(
        "numbers.html", store=row, when=when, decided=_decided(when), lengths=LENGTHS, times_of=times,
        promised=promised,
        deflection=decided, asked=asked, has_hours=is_told(row), cut=contacts.is_cut,
        percent=lambda share: tell_share(share, locale), duration=tell_duration, steps=_list_steps(clicks, locale),
        topic_weeks=tell_topic_weeks(row, contacts.within(when), when),
        per_hundred="" if asked.per_hundred is None else format_decimal(round(asked.per_hundred, 1), locale=locale),
    )  # fmt: skip


@desk.get("/<store>/numbers/rows")
def number_rows() -> Response:
    """The rows behind the number ``?of=``: one of `ROWS`, ``answers`` where none is named; ``?state=`` those of one
    outcome or topic, ``?step=`` of one step, ``?week=`` of one week, ``?page=`` 1, 2, …"""
    name = request.args.get("of", "answers")
    if name not in ROWS:
        abort(404)
    row, given = here_store(), request.args.get
    asked = Asked(_read_range(), given("state", ""), given("step", ""), given("week", ""))
    with doors().db.reading(row.id) as tx:
        rows = ROWS[name](tx, asked)
    pages = max(1, -(-len(rows.lines) // ON_A_PAGE))
    page = min(_read_number("page") or 1, pages)
    lines = rows.lines[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    if name != "clicks" and lines:
        note_look("list", f"numbers/{name}")
    return render(
        "number_rows.html", store=row, of=name, asked=asked, rows=rows, lines=lines, page=page, pages=pages,
        decided_until=_decided(asked.when).until,
    )  # fmt: skip


def _read_range() -> Range:
    return last_days(_read_number("days") or USUAL, doors().clock.now())


def _read_number(name: str) -> int:
    """What stands in the address; 0 for what is no number."""
    said = request.args.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 5 else 0


def _decided(when: Range) -> Range:
    """As many days, so early that it is known by now who came back."""
    return when.moved_back(RETURN)


def tell_share(share: float | None, locale: str) -> str:
    """A whole percentage; '' where there are too few to say. Only all are 100 %, only none 0 %."""
    if share is None:
        return ""
    rounded = round(share, 2)
    if 0 < share < 1:
        rounded = min(max(rounded, 0.01), 0.99)
    return str(format_percent(rounded, locale=locale))


def tell_duration(seconds: int | None) -> str:
    """``45 s``, ``7 min``, ``3 h 20 min``, ``9 d 2 h``; '' for what is not known."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("{count} s").format(count=seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{count} min").format(count=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return _join((_("{count} h"), hours), (_("{count} min"), rest))
    return _join((_("{count} d"), hours // 24), (_("{count} h"), hours % 24))


def _join(*parts: tuple[str, int]) -> str:
    return " ".join(words.format(count=count) for words, count in parts if count)


def _name_step(step: str, locale: str) -> str:
    return name_step(step, locale) if step else _("Step not known")


def _name_asked_step(step: str, locale: str) -> str:
    return _name_step("" if step == UNKNOWN else step, locale) if step else ""


def _list_steps(clicks: Mapping[str, int], locale: str) -> Sequence[tuple[str, str, int]]:
    """(step, its words, clicks) of every step with clicks, the most frequent first."""
    ordered = sorted(clicks.items(), key=lambda pair: -pair[1])
    return [(step, _name_step(step, locale), count) for step, count in ordered]


def _show_waits(tx: Session, asked: Asked) -> Rows:
    locale = page_locale()
    names = {
        "in_time": _("Within ten minutes"), "late": _("After ten minutes"),
        "unanswered": _("It ended without a person"), "outside": _("Answered, began outside opening hours"),
        "open": _("Still waiting"), "overdue": _("Still waiting, over ten minutes"),
    }  # fmt: skip

    several = {
        "counted": _("Began within opening hours, and decided"),
        "answered": _("Answered, began within opening hours"), "waiting": _("Still waiting"),
    }  # fmt: skip

    def tell(one: Waited) -> Sequence[Any]:
        channel = _("Form") if one.channel == "form" else _("Chat")
        return (
            one.conversation, one.since, names[one.state], tell_duration(one.seconds) or "—", channel,
            name_phase(one.phase, locale),
        )  # fmt: skip

    return Rows(
        _("First answers of a person"),
        _("One line for each time a shopper waited for a person. A wait that began while the shop was open counts its "
          "open hours alone; one that began while it was closed counts all the time until the answer."),
        (names | several).get(asked.state, ""),
        (_("Conversation"), _("Since"), _("Outcome"), _("Waited"), _("Channel"), _("Phase")),
        [tell(one) for one in list_waits(tx, here_store(), asked.when) if one.is_of(asked.state)],
    )  # fmt: skip


def _show_contacts(tx: Session, asked: Asked) -> Rows:
    names = {
        "deflected": _("The bot was enough"), "returned": _("The shopper came back within seven days"),
        "person": _("The shopper asked for a person, or one wrote"), "unhelped": _("The bot had no answer"),
        "pending": _("Seven days are not over"),
    }  # fmt: skip

    def state(one: Contact) -> str:
        return one.state if one.is_over else "pending"

    locale = page_locale()
    listed = list_contacts(tx, here_store().id, _decided(asked.when))
    return Rows(
        _("What the bot ended alone"),
        _("One line for each contact: what a shopper wrote until twelve hours of silence. Whoever sends the message "
          "form asks for a person."),
        (names | {"over": _("Seven days are over")}).get(asked.state, ""),
        (*head_contacts(), _("Outcome")),
        [
            (*tell_contact(one, locale), names[state(one)])
            for one in listed
            if asked.state in ("", state(one)) or (asked.state == "over" and one.is_over)
        ],
    )


def _show_order_contacts(tx: Session, asked: Asked) -> Rows:
    listed, locale = list_contacts(tx, here_store().id, asked.when), page_locale()
    return Rows(
        _("Shoppers who asked where their order is"),
        _("One line for each contact in which that was asked; an agent may have put the topic right."),
        "",
        head_contacts(),
        [tell_contact(one, locale) for one in listed if one.asks_order],
    )


def _show_clicks(tx: Session, asked: Asked) -> Rows:
    row, locale = here_store(), page_locale()
    names = {
        "clicked": _("Clicked where a step offered it"), "opened": _("Opened from a search, a section or an answer"),
        "answered": _("Answered by the bot"),
        "helped": _("It helped"), "not_helped": _("It did not help"),
    }  # fmt: skip
    sums: dict[tuple[str, str, str], int] = {}
    for one in read_counts(tx, row.id, asked.when.first_day):
        if asked.state in ("", one.kind) and asked.step in ("", one.step or UNKNOWN) and one.kind in names:
            key = (one.article_id, one.step, one.kind)
            sums[key] = sums.get(key, 0) + one.count
    titles = {one.article_id: one.title(row.locale) for one in list_versions(row, list_own(tx, row.id))}
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    return Rows(
        _("Articles: clicks and what came of them"),
        _("One line for each article, step and kind, the most frequent first. Counts alone: nobody stands in them."),
        ", ".join(one for one in (_name_asked_step(asked.step, locale), names.get(asked.state, "")) if one),
        (_("Article"), _("Step"), _("What happened"), _("How often")),
        [
            (titles.get(article, article), _name_step(step, locale), names[kind], count)
            for (article, step, kind), count in ordered
        ],
    )


UNKNOWN = "unknown"
"""In an address: clicks whose step nobody knows."""

ROWS: Mapping[str, Callable[[Session, Asked], Rows]] = {
    "answers": _show_waits, "deflection": _show_contacts, "orders": _show_order_contacts, "clicks": _show_clicks,
    "topics": show_topic_rows, "promises": show_promise_rows,
}  # fmt: skip
"""Number → what shows the rows behind it."""
