"""How else the shop is reached, as the pages of the hub show it: hours, e-mail, telephone, WhatsApp, social pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plugin.language import find_zone, name_zone
from plugin.notices.mail_facts import safe_link
from plugin.stores import StoreRow
from plugin.stores.contact_words import Way, tell_ways
from plugin.stores.hours_words import HoursLine, tell_hours
from plugin.web.doors import doors


@dataclass(frozen=True)
class Reach:
    """Every way to the shop's people; what the merchant has not told is empty. `state`: whether somebody answers now,
    in a sentence; `days`: the hours day by day, in the store's zone, which `zone` names; `ways`: all but the social
    pages, which are in `social`."""

    state: str
    days: Sequence[HoursLine]
    zone: str
    ways: Sequence[Way]
    social: Sequence[Way]

    @property
    def now(self) -> str:
        """`state` with its zone, where it names a time."""
        if not any(sign.isdigit() for sign in self.state):
            return self.state
        # "… 9:00 a. m." keeps the point of its last word.
        bare = self.state if self.state.endswith("m.") else self.state.removesuffix(".")
        return f"{bare} ({self.zone})"

    def __bool__(self) -> bool:
        return bool(self.state or self.ways or self.social)


def show_reach(store: StoreRow, locale: str) -> Reach:
    """The ways of contact for one reader."""
    ways = tell_ways(store, locale)
    state, days = tell_hours(store, locale, doors().clock.now())
    return Reach(
        state=state, days=days, zone=name_zone(find_zone(store.time_zone).key, locale),
        ways=[one for one in ways if one.kind != "social"],
        social=[one for one in ways if one.kind == "social" and safe_link(one.url)],
    )  # fmt: skip
