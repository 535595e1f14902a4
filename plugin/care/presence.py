"""Whether somebody is at the counter, and when a person answers by: by the told hours and by who really is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from babel.dates import format_date, format_time
from babel.lists import format_list
from sqlalchemy import func, select

from plugin.agents import list_team
from plugin.care.desk_models import WaitRow
from plugin.care.doors import Care
from plugin.care.shapes import desk_channel
from plugin.database import ALL
from plugin.language import find_zone, format_day, translator
from plugin.language import format_time as write_clock
from plugin.stores import StoreRow
from plugin.stores.hours import Opening, is_told, is_within_hours, read_opening

JUST_LEFT = timedelta(seconds=30)
"""A desk that was closed so recently counts as open: its agent is on the way from one page to the next."""
LEAST = timedelta(minutes=10)
"""Nobody is promised an answer sooner than this."""
UNTOLD = timedelta(hours=24)
"""Within this a person answers where the merchant has told no hours."""
CLOSING = timedelta(minutes=30)
"""So shortly before the end of the hours "today" would be a promise that nobody keeps."""
FULL = 5
"""Minutes that a promised time is rounded up to."""
MOST_NAMED = 3
RECENT = timedelta(days=30)


def is_staffed(care: Care, store: StoreRow, now: datetime) -> bool:
    """Whether a person of the store is here to answer: within its hours, and at an open desk (or a moment ago)."""
    if not is_within_hours(store, now):
        return False
    return care.hub.was_named(desk_channel(store.id), JUST_LEFT.total_seconds())


def list_people(care: Care, store: StoreRow, now: datetime) -> list[str]:
    """The names of who answers the store's shoppers, three at most, there now or not: those of its team who answered
    somebody in the last 30 days, who most did first; where nobody did, all who may and have come to its desk: a shop
    may name anybody. Who never said what they are called (their name is the beginning of their address) is left out."""
    with care.db.reading(ALL, "who answers the shoppers of a store") as tx:
        team = {one.agent.id: one for one in list_team(tx, store.id) if one.role != "viewer"}
        answered = select(WaitRow.agent_id).where(
            WaitRow.store_id == store.id, WaitRow.replied_at >= now - RECENT, WaitRow.agent_id.in_(team)
        )
        often = answered.group_by(WaitRow.agent_id).order_by(func.count().desc(), WaitRow.agent_id)
        recent = [team[one] for one in tx.scalars(often) if one is not None]
        people = [one.agent for one in recent or [one for one in team.values() if one.has_come]]
        names = [one.name for one in people if one.name != one.email.partition("@")[0]]
    return list(dict.fromkeys(names))[:MOST_NAMED]


def people_words(care: Care, store: StoreRow, locale: str, now: datetime) -> str:
    """The same in a sentence for shoppers; '' when no name is known."""
    names = list_people(care, store, now)
    if not names:
        return ""
    said = translator(locale, "care").ngettext(
        "The person who answers here: {names}.", "The people who answer here: {names}.", len(names)
    )
    return said.format(names=format_list(names, locale=locale))


def answered_by(store: StoreRow, now: datetime, answer_seconds: int | None) -> datetime | None:
    """When a person answers by, in UTC, to the next five minutes. `answer_seconds`: the store's median, None where
    there are too few answers to say. None: nobody knows when the store opens again."""
    if not is_told(store):
        return _round_up(now + UNTOLD)
    opening = read_opening(store, now)
    assert opening is not None
    if opening.open:
        by = _within(opening, now, answer_seconds)
        if by is not None:
            return _round_up(by)
        # The hours end before: the next opening counts.
        assert opening.closes_at is not None
        return answered_by(store, opening.closes_at, answer_seconds)
    if opening.opens_at is None:
        return None
    first = read_opening(store, opening.opens_at)
    by = _within(first, opening.opens_at, answer_seconds) if first is not None else None
    if by is None:
        by = (first.closes_at if first is not None else None) or opening.opens_at + UNTOLD
    return _round_up(by)


def _within(opening: Opening, now: datetime, answer_seconds: int | None) -> datetime | None:
    """The time within the present hours; None: they end too soon for it."""
    closes_at = opening.closes_at
    if answer_seconds is not None:
        by = now + max(timedelta(seconds=answer_seconds), LEAST)
        return by if closes_at is None or by <= closes_at else None
    if closes_at is None or closes_at - now > UNTOLD:
        return now + UNTOLD
    return closes_at if closes_at - now >= CLOSING else None


def _round_up(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    full = at.replace(minute=at.minute - at.minute % FULL, second=0, microsecond=0)
    return full if full == at else full + timedelta(minutes=FULL)


def promise_words(
    store: StoreRow, locale: str, now: datetime, answer_seconds: int | None, *, absolute: bool = False
) -> str:
    """When a person answers by, as a sentence in the shopper's language, the store's zone named. `absolute`: never
    "today" or "tomorrow", for what is read later."""
    return tell_promise(store, locale, now, answered_by(store, now, answer_seconds), absolute=absolute)


def tell_promise(
    store: StoreRow, locale: str, now: datetime, by: datetime | None, *, absolute: bool = False
) -> str:
    """The same for a time that is known: None means that nobody knows. Of one that is over nothing is said."""
    words = translator(locale, "care")
    if by is None:
        return words.gettext("A person will answer you as soon as the store is open again.")
    if by <= now:
        return words.gettext("A person will answer you as soon as possible.")
    zone = find_zone(store.time_zone)
    clock = write_clock(by, locale, store.time_zone)
    # "la 1:00", "las 2:00": the words before a time of day follow its number.
    hour = int(format_time(by, "h" if _has_halves(locale) else "H", zone, locale="en"))
    ahead = (by.astimezone(zone).date() - now.astimezone(zone).date()).days
    if ahead == 0 and not absolute:
        said = words.ngettext(
            "A person will answer you today before {time}.", "A person will answer you today before {time}.", hour
        )
        return said.format(time=clock)
    if ahead == 1 and not absolute:
        said = words.ngettext(
            "A person will answer you tomorrow, {weekday}, before {time}.",
            "A person will answer you tomorrow, {weekday}, before {time}.",
            hour,
        )
        weekday = format_date(by.astimezone(zone).date(), "EEEE", locale=locale)
        return said.format(weekday=weekday, time=clock)
    said = words.ngettext(
        "A person will answer you on {day}, before {time}.", "A person will answer you on {day}, before {time}.", hour
    )
    return said.format(day=format_day(by, locale, store.time_zone), time=clock)


def _has_halves(locale: str) -> bool:
    """Whether clocks are read in two halves of twelve hours there."""
    return "13" not in format_time(datetime(2026, 1, 1, 13, tzinfo=UTC), "short", locale=locale)
