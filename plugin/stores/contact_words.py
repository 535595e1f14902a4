"""The ways to reach a shop in a reader's words: for the help pages, the widget and the foot of the mails alike."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from plugin.language import translator
from plugin.stores.brief import StoreBrief
from plugin.stores.contact import Phone, phone_url, read_contact, whatsapp_url, write_number
from plugin.stores.hours_words import tell_week
from plugin.stores.models import StoreRow


@dataclass(frozen=True, slots=True)
class Way:
    """One way of contact. `kind`: ``email``, ``phone``, ``whatsapp`` or ``social``; `title`: what its link says (an
    address, a number as people read it, ``WhatsApp``, a network's name); `url`: ``mailto:``, ``tel:`` or https;
    `note`: what stands behind it, '' for nothing."""

    kind: str
    title: str
    url: str
    note: str = ""


def tell_ways(row: StoreRow | StoreBrief, locale: str) -> tuple[Way, ...]:
    """Everything the shop has told, in the order in which shoppers are shown it; ``()``: nothing."""
    contact, hours = read_contact(row, locale), tell_week(row, locale)
    ways = [Way("email", contact.email, f"mailto:{quote(contact.email, safe='@+')}")] if contact.email else []
    ways += [
        Way("phone", write_number(one.number), phone_url(one.number), tell_call(one, hours, locale))
        for one in contact.phones
    ]
    if contact.whatsapp:
        ways.append(Way("whatsapp", "WhatsApp", whatsapp_url(contact.whatsapp), write_number(contact.whatsapp)))
    return (*ways, *(Way("social", one.name, one.url) for one in contact.social))


def tell_call(phone: Phone, hours: str, locale: str) -> str:
    """Whether a call is charged, then when it is answered: ``Free call · Mon–Fri 9:00–18:00 (Madrid time)``.
    `hours`: the shop's, from `tell_week`; '' where none are told."""
    _ = translator(locale, "stores").gettext
    cost = _("Charged call") if phone.charged else _("Free call")
    return f"{cost} · {hours}" if phone.hours and hours else cost
