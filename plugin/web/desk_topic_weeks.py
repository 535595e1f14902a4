"""Topics by week on the page of numbers: a line for each week, a figure for each topic, and the contacts behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from babel.dates import format_interval
from sqlalchemy.orm import Session

from plugin.care.topics import TOPICS
from plugin.reports import UNSORTED, Contact, Range, Week, count_topics, list_contacts, pick_contacts
from plugin.stores import StoreRow
from plugin.web.access import here_store
from plugin.web.desk_frame import _, page_locale
from plugin.web.desk_number_rows import Asked, Rows, head_contacts, tell_contact
from plugin.web.desk_part_words import name_topic


@dataclass(frozen=True)
class TopicWeeks:
    """The table. `heads`: (topic, its words); `lines`: (week, its days, how many of each topic); `sums`: of all."""

    heads: Sequence[tuple[str, str]]
    lines: Sequence[tuple[str, str, Sequence[int]]]
    sums: Sequence[int]


def tell_topic_weeks(store: StoreRow, contacts: Iterable[Contact], when: Range) -> TopicWeeks:
    """The weeks of the range, the newest first."""
    locale, weeks = page_locale(), count_topics(contacts, when, store.time_zone)
    heads = [(topic, _name(topic, locale)) for topic in (*TOPICS, UNSORTED)]
    topics = [topic for topic, _words in heads]
    lines = [(one.name, _name_days(one, locale), [one.topics[topic] for topic in topics]) for one in weeks]
    return TopicWeeks(heads, lines, [sum(one.topics[topic] for one in weeks) for topic in topics])


def show_topic_rows(tx: Session, asked: Asked) -> Rows:
    """The contacts of a topic (``?state=``) in a week (``?week=``)."""
    store, locale = here_store(), page_locale()
    listed = list_contacts(tx, store.id, asked.when)
    weeks = {one.name: _name_days(one, locale) for one in count_topics((), asked.when, store.time_zone)}
    parts = (_name(asked.state, locale), weeks.get(asked.week, asked.week))
    return Rows(
        _("What shoppers wrote about"),
        _("One line for each contact, counted in the week in which it began. The topic is guessed from what was "
          "written, until somebody of your team puts it right."),
        ", ".join(one for one in parts if one),
        (*head_contacts(), _("Topic")),
        [
            (*tell_contact(one, locale), _name(one.topic or UNSORTED, locale))
            for one in pick_contacts(listed, store.time_zone, asked.week, asked.state)
        ],
    )  # fmt: skip


def _name(topic: str, locale: str) -> str:
    return _("No topic") if topic == UNSORTED else name_topic(topic, locale)


def _name_days(week: Week, locale: str) -> str:
    """``16 – 22 nov``."""
    return str(format_interval(week.first, week.last, "MMMd", locale=locale))
