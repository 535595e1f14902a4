"""One mail's reader, to whom everything is said in their words, their money and their days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plugin.contract import Money, Notice
from plugin.language import format_day, format_money, translator
from plugin.notices.mail_facts import NoticeMail, all_parcels, money_due, parcel_place


@dataclass(frozen=True, slots=True)
class Told:
    """`status` as in a subject ("on its way"), `headline` the first line, `lead` the paragraphs under it."""

    status: str
    headline: str
    lead: tuple[str, ...]


class Speaker:
    """One mail's reader: their words, and money and days as they write them."""

    def __init__(self, mail: NoticeMail) -> None:
        words = translator(mail.locale, "notices")
        self.mail = mail
        self.gettext = words.gettext
        self.ngettext = words.ngettext

    def money(self, money: Money) -> str:
        return format_money(money, self.mail.locale)

    def day(self, moment: datetime) -> str:
        return format_day(moment, self.mail.locale, self.mail.time_zone)

    def at_door(self) -> str:
        """What is paid when it arrives: the whole order's rest, even when several parcels come."""
        amount = self.money(money_due(self.mail))
        if money_due(self.mail).amount == 0:
            return self.gettext("You do not have to pay anything at the door.")
        if self.mail.notice is Notice.ready_for_pickup:
            return self.gettext("You pay {amount} when you pick it up.").format(amount=amount)
        if len(all_parcels(self.mail)) > 1:
            return self.gettext("You pay {amount} at the door, for the whole order.").format(amount=amount)
        return self.gettext("You pay {amount} at the door.").format(amount=amount)


def joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def on_parcel(say: Speaker, whole: str, one: str) -> str:
    place = parcel_place(say.mail)
    return one.format(place=place[0], count=place[1]) if place else whole
