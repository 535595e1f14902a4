"""How else the shop is reached, as the widget is told it."""

from __future__ import annotations

from typing import Any

from plugin import help
from plugin.stores import StoreRow
from plugin.stores.contact import phone_url, read_contact, whatsapp_url, write_number
from plugin.stores.contact_words import tell_call
from plugin.stores.hours_words import tell_week
from plugin.web.doors import doors


def show_contact(row: StoreRow, locale: str) -> dict[str, Any]:
    """The JSON shape `widget_contact_schemas.Contact`: what is not told is ``""``, null or an empty list."""
    contact, base_url = read_contact(row, locale), doors().settings.base_url
    hours = tell_week(row, locale)
    return {
        "email": contact.email,
        "phones": [
            {
                "number": one.number, "shown": write_number(one.number), "url": phone_url(one.number),
                "charged": one.charged, "hours": hours if one.hours else "", "note": tell_call(one, hours, locale),
            }
            for one in contact.phones
        ],
        "whatsapp": {"shown": write_number(contact.whatsapp), "url": whatsapp_url(contact.whatsapp)}
        if contact.whatsapp else None,
        "social": [{"name": one.name, "url": one.url} for one in contact.social],
        "form_url": help.hub_url(base_url, row, locale, "contact"),
        "requests_url": help.hub_url(base_url, row, locale, "requests"),
    }  # fmt: skip
