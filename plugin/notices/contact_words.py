"""The line "ways to reach us" at the foot of a mail, the same in HTML and in text."""

from __future__ import annotations

import html
from dataclasses import dataclass
from urllib.parse import quote

from plugin.language import translator
from plugin.stores.contact import Contact, phone_url, whatsapp_url, write_number


@dataclass(frozen=True, slots=True)
class Way:
    """One way of contact. `title` is what a link says, `url` where it leads, `note` what stands behind it ('' for
    nothing), `text` all of it where there are no links."""

    title: str
    url: str
    note: str
    text: str


@dataclass(frozen=True, slots=True)
class WaysToReachUs:
    """The line in its reader's words; falsy when the shop has told nothing."""

    title: str = ""
    ways: tuple[Way, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ways)

    @property
    def text(self) -> str:
        """For a mail's text: one line without its end; '' for nothing."""
        return f"{self.title}: {' · '.join(way.text for way in self.ways)}" if self.ways else ""

    def write_html(self, style: str) -> str:
        """For a mail's HTML: inline markup, escaped; '' for nothing. `style`: that of its links."""
        ways = " · ".join(_write_way(way, style) for way in self.ways)
        return f"{html.escape(self.title)}: {ways}" if ways else ""


def tell_ways(contact: Contact, locale: str, help_url: str) -> WaysToReachUs:
    """The ways of contact in a reader's words, then the help pages; nothing when nothing is told. Social pages are
    left to the help pages: nobody writes there about an order."""
    _ = translator(locale, "notices").gettext
    ways = []
    if contact.email:
        ways.append(Way(contact.email, f"mailto:{quote(contact.email, safe='@+')}", "", contact.email))
    for phone in contact.phones:
        shown, note = write_number(phone.number), _("charged call") if phone.charged else _("free call")
        ways.append(Way(shown, phone_url(phone.number), f"({note})", f"{shown} ({note})"))
    if contact.whatsapp:
        shown = f"WhatsApp {write_number(contact.whatsapp)}"
        ways.append(Way(shown, whatsapp_url(contact.whatsapp), "", shown))
    if ways and help_url:
        ways.append(Way(_("Help"), help_url, "", f"{_('Help')}: {help_url}"))
    return WaysToReachUs(_("Ways to reach us"), tuple(ways)) if ways else WaysToReachUs()


def _write_way(way: Way, style: str) -> str:
    link = f'<a href="{html.escape(way.url)}" style="{html.escape(style)}">{html.escape(way.title)}</a>'
    return f"{link} {html.escape(way.note)}" if way.note else link
