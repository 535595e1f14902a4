"""How else the shop is reached, as the pages of the hub show it: hours, e-mail, telephone, WhatsApp, social pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plugin.language import find_zone, name_zone
from plugin.notices.mail_facts import safe_link
from plugin.stores import StoreRow
from plugin.stores.contact import Social, phone_url, read_contact, whatsapp_url, write_number
from plugin.stores.hours_words import HoursLine, tell_hours
from plugin.web.doors import doors


@dataclass(frozen=True)
class Number:
    """A number as people read it, and where a tap on it leads. `hours`: it is answered in the hours of the shop."""

    shown: str
    url: str
    charged: bool = False
    hours: bool = False


@dataclass(frozen=True)
class Reach:
    """Every way to the shop's people; what the merchant has not told is empty. `state`: whether somebody answers now,
    in a sentence; `days`: the hours day by day, in the store's zone, which `zone` names."""

    state: str
    days: Sequence[HoursLine]
    zone: str
    email: str
    phones: Sequence[Number]
    whatsapp: Number | None
    social: Sequence[Social]

    @property
    def now(self) -> str:
        """`state` with its zone, where it names a time."""
        if not any(sign.isdigit() for sign in self.state):
            return self.state
        # "… 9:00 a. m." keeps the point of its last word.
        bare = self.state if self.state.endswith("m.") else self.state.removesuffix(".")
        return f"{bare} ({self.zone})"

    def __bool__(self) -> bool:
        return bool(self.state or self.email or self.phones or self.whatsapp or self.social)


def show_reach(store: StoreRow, locale: str) -> Reach:
    """The ways of contact for one reader."""
    contact = read_contact(store, locale)
    state, days = tell_hours(store, locale, doors().clock.now())
    return Reach(
        state=state, days=days, zone=name_zone(find_zone(store.time_zone).key, locale), email=contact.email,
        phones=[
            Number(write_number(one.number), phone_url(one.number), one.charged, one.hours and bool(days))
            for one in contact.phones
        ],
        whatsapp=Number(write_number(contact.whatsapp), whatsapp_url(contact.whatsapp)) if contact.whatsapp else None,
        social=[one for one in contact.social if safe_link(one.url)],
    )  # fmt: skip
