"""The ways to reach the shop at the foot of a mail, the same in HTML and in text."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from plugin.language import translator
from plugin.notices.mail_facts import safe_link
from plugin.stores.contact_words import Way


@dataclass(frozen=True, slots=True)
class WaysToReachUs:
    """The foot in its reader's words; falsy when the shop has told nothing. `lines`: each way of its own, then the
    social pages and the help pages (kind ``help``) together."""

    title: str = ""
    lines: tuple[tuple[Way, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def text(self) -> str:
        """For a mail's text: lines without the last one's end; '' for nothing."""
        ways = [_write_text(way) for line in self.lines for way in line]
        return "\n".join((f"{self.title}:", *ways)) if ways else ""

    def write_html(self, style: str) -> str:
        """For a mail's HTML: inline markup, escaped; '' for nothing. `style`: that of its links."""
        lines = (" · ".join(_write_link(way, style) for way in line) for line in self.lines)
        return "<br>".join((f"{html.escape(self.title)}:", *lines)) if self.lines else ""


def write_ways(ways: Sequence[Way], locale: str, help_url: str) -> WaysToReachUs:
    """The foot of a mail from what the shop told (`plugin.stores.contact_words.tell_ways`), with the help pages;
    nothing when nothing is told."""
    if not ways:
        return WaysToReachUs()
    _ = translator(locale, "notices").gettext
    pages = [way for way in ways if way.kind == "social"]
    pages += [Way("help", _("Help"), help_url)] if help_url else []
    lines = [(way,) for way in ways if way.kind != "social"] + ([tuple(pages)] if pages else [])
    return WaysToReachUs(_("Ways to reach us"), tuple(lines))


def _leads_somewhere(way: Way) -> bool:
    return way.kind != "social" or bool(safe_link(way.url))


def _write_text(way: Way) -> str:
    if not _leads_somewhere(way):
        return way.title
    if way.kind in ("social", "help"):
        return f"{way.title}: {way.url}"
    return f"{way.title} · {way.note}" if way.note else way.title


def _write_link(way: Way, style: str) -> str:
    if not _leads_somewhere(way):
        return html.escape(way.title)
    link = f'<a href="{html.escape(way.url)}" style="{html.escape(style)}">{html.escape(way.title)}</a>'
    return f"{link} · {html.escape(way.note)}" if way.note else link
