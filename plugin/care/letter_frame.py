"""The frame of every mail about a talk: one list of blocks, written as HTML and as text, so that both say the same.

Whatever goes into a block is words: markup in them is shown, not obeyed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from plugin.care.references import LENGTH, SIGNS
from plugin.language import language_of
from plugin.notices.colours import ON_DARK, Accent, read_accent
from plugin.notices.contact_words import WaysToReachUs, write_ways
from plugin.notices.mail_facts import clean
from plugin.stores import StoreRow
from plugin.stores.addresses import help_url
from plugin.stores.contact_words import tell_ways

LONGEST_STORE = 80
_REFERENCE = re.compile(rf"\bM-[{SIGNS}]{{{LENGTH}}}\b")
_QUIET = "color:#555a61"
_BODY = (
    "margin:0;padding:24px;background:#ffffff;color:#1d1f22;font-family:sans-serif;font-size:16px;line-height:1.5;"
    "overflow-wrap:anywhere"
)
# Inline colours are what every client reads; only `!important` in a sheet is stronger than they are.
_DARK = (
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
    "<style>@media (prefers-color-scheme:dark){body{background:#17181b!important;color:#eceef1!important}"
    ".quiet{color:#b4b9c0!important;border-color:#3f434a!important}.quiet a{color:#eceef1!important}"
    ".bar{border-color:%(accent)s!important}"
    ".button{background:%(accent)s!important;color:%(words)s!important}}</style>"
)


@dataclass(frozen=True)
class Line:
    """A paragraph; `quiet`: in a softer colour."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Code:
    """Signs to be typed somewhere, large."""

    text: str


@dataclass(frozen=True)
class Speech:
    """What a person wrote, with its lines as they wrote them."""

    name: str
    text: str


@dataclass(frozen=True)
class Button:
    """A link: what it says, and where it leads."""

    title: str
    url: str


@dataclass(frozen=True)
class Link:
    """The same for what matters less."""

    title: str
    url: str


Block = Line | Code | Speech | Button | Link


@dataclass(frozen=True)
class Letter:
    """One mail before it is written. `ways`: how else the shop is reached, at the foot."""

    subject: str
    store_name: str
    locale: str
    accent: str
    blocks: Sequence[Block]
    ways: WaysToReachUs | None = None


@dataclass(frozen=True)
class Written:
    """The mail in its reader's words; text and HTML say the same."""

    subject: str
    html: str
    text: str


def find_ways(store: StoreRow, locale: str, base_url: str) -> WaysToReachUs:
    """How this reader reaches the shop; falsy where its merchant has told nothing."""
    return write_ways(tell_ways(store, locale), locale, help_url(base_url, store, locale))


def write_letter(letter: Letter) -> Written:
    """The mail, both ways."""
    parts = [_write_text(block) for block in letter.blocks]
    text = "\n\n".join([*parts, *([letter.ways.text] if letter.ways else [])]) + "\n"
    return Written(letter.subject, _write_page(letter), text)


def _write_page(letter: Letter) -> str:
    accent = read_accent(letter.accent)
    body = "".join(_write_block(block, accent) for block in letter.blocks)
    foot = letter.ways.write_html("color:#1d1f22") if letter.ways else ""
    if foot:
        style = f"{_QUIET};font-size:14px;line-height:1.9;border-top:1px solid #d8dade;padding-top:16px"
        foot = f'<p class="quiet" style="{style}">{foot}</p>'
    # `accent.dark` is read on the dark card, so words of the card's colour are read on it.
    dark = _DARK % {"accent": accent.dark, "words": ON_DARK}
    store, title = html.escape(clean(letter.store_name, LONGEST_STORE)), html.escape(letter.subject)
    return (
        f'<!doctype html><html lang="{language_of(letter.locale)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>{dark}</head>'
        f'<body style="{_BODY}">'
        f'<main class="bar" style="max-width:560px;margin:0 auto;border-top:4px solid {accent.fill};padding-top:16px">'
        f'<h1 style="font-size:20px;margin:0 0 16px">{store}</h1>{body}{foot}</main></body></html>'
    )


def _write_text(block: Block) -> str:
    match block:
        case Speech(name, text):
            return f"{name}:\n{text}"
        case Button(title, url) | Link(title, url):
            return f"{title}: {url}"
        case Line(text) | Code(text):
            return text


def _write_block(block: Block, accent: Accent) -> str:
    match block:
        case Line(text, quiet):
            look = f' class="quiet" style="{_QUIET}"' if quiet else ""
            # A reference is read out on the phone: it is never broken at its hyphen.
            words = _REFERENCE.sub(r'<span style="white-space:nowrap">\g<0></span>', _escape(text))
            return f"<p{look}>{words}</p>"
        case Code(text):
            style = "font-size:34px;font-weight:bold;letter-spacing:6px;font-family:monospace;margin:16px 0"
            return f'<p style="{style}">{_escape(text)}</p>'
        case Speech(name, text):
            who = f'<p style="margin:0 0 4px"><strong>{_escape(name)}:</strong></p>'
            said = f'{who}<p style="margin:0">{_escape(text)}</p>'
            style = f"border-left:4px solid {accent.fill};padding:2px 0 2px 14px;margin:16px 0"
            return f'<div class="bar" style="{style}">{said}</div>'
        case Button(title, url):
            style = (
                f"display:inline-block;background:{accent.fill};color:{accent.on_fill};padding:12px 20px;"
                "border-radius:8px;text-decoration:none;font-weight:bold"
            )
            link = f'<a class="button" href="{_escape(url)}" style="{style}">{_escape(title)}</a>'
            return f'<p style="margin:20px 0">{link}</p>'
        case Link(title, url):
            link = f'<a href="{_escape(url)}" style="color:#1d1f22">{_escape(title)}</a>'
            return f'<p class="quiet" style="{_QUIET}">{link}</p>'


def _escape(words: str) -> str:
    return html.escape(words).replace("\n", "<br>")
