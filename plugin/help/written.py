"""An article as its writer typed it: read from a form, packed for a row, checked line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from faq_links import ALL_PLACEHOLDERS, PHASES, STEPS, Article, read_article
from faq_links.folding import fold
from faq_links.rich_text import PLACEHOLDER, is_own_drawing, is_safe_link, is_safe_picture, read_tokens
from plugin.help.phrasings import Unlearnable, check_phrasing, mask_phrasing
from plugin.mail import clean_words
from plugin.stores import StoreRow

LONGEST_TITLE = 120
LONGEST_TEXT = 20_000
LONGEST_SECTION = 40
LONGEST_PRODUCT = 80
MOST_PHRASINGS = 60
MOST_PRODUCTS = 20
OWN = "own/"
"""Begins the source of every article that is the merchant's own."""
_SECTION = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")
"""What may stand in a Content-Security-Policy."""
_KNOWN = frozenset(one.key for one in ALL_PLACEHOLDERS)
_LISTS = ("steps", "phases", "products", "phrasings")


@dataclass(frozen=True)
class Written:
    """One article in one language. `text`: Markdown; `section`: its id (``gift-wrap``), and what its writer calls it
    where it is their own; the lists as in the head of an article file."""

    title: str = ""
    section: str = ""
    text: str = ""
    steps: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    phrasings: tuple[str, ...] = ()
    section_title: str = ""


@dataclass(frozen=True)
class Fault:
    """What cannot be read or shown. `field`: title, section, text, products or phrasings; `line`: from 1, 0 for the
    whole; `code`: see `plugin.web.editor_words`; `what`: the words at fault."""

    field: str
    line: int
    code: str
    what: str = ""


def clean_written(
    title: str, section: str, text: str, *, steps: Collection[str], phases: Collection[str], products: str,
    phrasings: str,
) -> Written:
    """What a form sent, in its usual form: one line where one is meant, lists without doubles, no line ends of other
    systems. `section`: its id, or the words for a new one; `products`: separated by commas or lines; `phrasings`: one a
    line, empty lines kept out."""
    lines = (" ".join(line.split()) for line in phrasings.splitlines())
    names = (" ".join(name.split()) for name in re.split(r"[,\n]", products))
    return Written(
        title=clean_words(title, 4 * LONGEST_TITLE),
        section=make_slug(section),
        text=text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\n"),
        steps=tuple(one for one in STEPS if one in steps),
        phases=tuple(one for one in PHASES if one in phases),
        products=tuple(dict.fromkeys(name for name in names if name)),
        phrasings=tuple(dict.fromkeys(line for line in lines if line)),
        section_title="" if _SECTION.fullmatch(section) else clean_words(section, LONGEST_SECTION),
    )


def make_slug(words: str, longest: int = LONGEST_SECTION) -> str:
    """``Envoltorio de regalo`` → ``envoltorio-de-regalo``; '' for words without a Latin letter or digit."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")
    return plain[:longest].strip("-")


def pack_written(written: Written) -> dict[str, Any]:
    """As `ArticleRow.draft` keeps it: ``{"title", "section", "text", "meta"}``."""
    meta: dict[str, Any] = {key: list(value) for key, value in asdict(written).items() if key in _LISTS}
    if written.section_title:
        meta["section_title"] = written.section_title
    return {"title": written.title, "section": written.section, "text": written.text, "meta": meta}


def unpack_written(kept: Mapping[str, Any]) -> Written:
    """The same back."""
    meta = kept.get("meta") or {}
    lists = {key: tuple(str(one) for one in meta.get(key) or ()) for key in _LISTS}
    title, section, text = (str(kept.get(key) or "") for key in ("title", "section", "text"))
    return Written(title, section, text, **lists, section_title=str(meta.get("section_title") or ""))


def write_of_article(article: Article) -> Written:
    """An article of a catalogue as somebody would have typed it, its questions to the merchant still in it."""
    return Written(
        article.title, article.section, article.body, article.steps, article.phases, article.products, article.phrasings
    )


def read_written(written: Written, article_id: str, locale: str) -> Article:
    """The article as the engine reads one, by the same reader as a file's. Raises `faq_links.CatalogueError`."""
    head = {"title": written.title} | {key: list(getattr(written, key)) for key in _LISTS}
    head |= {"section_title": written.section_title} if written.section_title else {}
    lines = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items())
    return read_article(
        f"---\n{lines}\n---\n{written.text}", article_id=article_id, section=written.section, locale=locale,
        source=f"{OWN}{locale}/{written.section}/{article_id}",
    )  # fmt: skip


def mask_written(written: Written) -> Written:
    """The same without what is about one shopper in its phrasings: they are shoppers' own words."""
    masked = (mask_phrasing(one) for one in written.phrasings)
    return replace(written, phrasings=tuple(dict.fromkeys(one for one in masked if one)))


def picture_hosts(store: StoreRow, platform_hosts: Collection[str] = ()) -> frozenset[str]:
    """Where pictures of this shop's articles may come from: its own domain, the origins of its pages, and where its
    platform keeps what merchants upload (`StoreAdapter.picture_hosts`)."""
    origins = [f"https://{store.domain}", *(store.origins or []), *(f"https://{one}" for one in platform_hosts)]
    hosts = (urlsplit(one).netloc.lower() for one in origins if one.startswith("https://"))
    return frozenset(host for host in hosts if _HOST.fullmatch(host))


def check_written(written: Written, hosts: Collection[str]) -> tuple[Fault, ...]:
    """Everything that is wrong with it, from the top down. `hosts`: see `picture_hosts`."""
    lines = [*_check_names(written), *_check_text(written.text, hosts)]
    return (*_check_head(written), *sorted(lines, key=lambda one: one.line), *_check_phrasings(written.phrasings))


def _check_head(written: Written) -> list[Fault]:
    found = []
    if not written.title:
        found.append(Fault("title", 0, "empty_title"))
    if len(written.title) > LONGEST_TITLE:
        found.append(Fault("title", 0, "long_title"))
    if not _SECTION.fullmatch(written.section):
        found.append(Fault("section", 0, "empty_section"))
    if not written.text.strip():
        found.append(Fault("text", 0, "empty_text"))
    if len(written.text) > LONGEST_TEXT:
        found.append(Fault("text", 0, "long_text"))
    if len(written.products) > MOST_PRODUCTS or any(len(one) > LONGEST_PRODUCT for one in written.products):
        found.append(Fault("products", 0, "many_products"))
    return found


def _check_names(written: Written) -> list[Fault]:
    """Questions to the merchant that the form does not ask: such an article would never be shown."""
    lines = [("title", 0, written.title)]
    lines += [("text", number, line) for number, line in enumerate(written.text.split("\n"), 1)]
    return [
        Fault(field, number, "unknown_name", name)
        for field, number, line in lines
        for name in PLACEHOLDER.findall(line)
        if name not in _KNOWN
    ]


def _check_text(text: str, hosts: Collection[str]) -> list[Fault]:
    """Links and pictures whose address nobody would be shown."""
    found: list[Fault] = []
    for token in read_tokens(text[: 2 * LONGEST_TEXT]):
        line = token.map[0] + 1 if token.map else 1
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "link_open" and not is_safe_link(str(child.attrs.get("href", ""))):
                found.append(Fault("text", line, "bad_link", str(child.attrs.get("href", ""))[:80]))
            elif child.type == "image":
                found += _check_picture(str(child.attrs.get("src", "")), child.content, line, hosts)
    return found


def _check_picture(address: str, alt: str, line: int, hosts: Collection[str]) -> list[Fault]:
    if not is_own_drawing(address):
        if not is_safe_picture(address):
            return [Fault("text", line, "bad_picture", address[:80])]
        if urlsplit(address).netloc.lower() not in hosts:
            return [Fault("text", line, "foreign_picture", address[:80])]
    return [] if alt.strip() else [Fault("text", line, "picture_without_words", address[:80])]


def _check_phrasings(phrasings: Collection[str]) -> list[Fault]:
    found = [Fault("phrasings", 0, "many_phrasings")] if len(phrasings) > MOST_PHRASINGS else []
    for number, one in enumerate(phrasings, 1):
        try:
            check_phrasing(one)
        except Unlearnable as refused:
            found.append(Fault("phrasings", number, f"phrasing_{refused.code}", one[:80]))
    return found
