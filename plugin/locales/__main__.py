"""Collects the words of the source into the catalogues and compiles them (``python -m plugin.locales``).

A catalogue belongs to a domain of the app (`plugin.language.DOMAINS`) or to an adapter in ``adapters/`` that has a
folder ``locales``: what it says to a merchant stands there in `plugin.contract.Words`, and its domain is its name.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from plugin.language import CATALOGUES, DOMAINS, LOCALES, catalogue_path

_ROOT = CATALOGUES.parent
ADAPTERS = _ROOT.parent / "adapters"
_METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
_NOTES = ("For translators:",)
_ADAPTER_WORDS: Mapping[str, None] = {"Words": None}
_CHANGING = (
    b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Last-Translator', b'"Language-Team',
    b'"Generated-By',
    b"# Copyright", b"# FIRST AUTHOR", b"#, fuzzy", b"# This file is",
)


def list_adapters() -> tuple[str, ...]:
    """The adapters with catalogues of their own, by name; none where the app runs without their source."""
    return tuple(sorted(path.parent.name for path in ADAPTERS.glob("*/locales") if path.is_dir()))


def list_domains() -> tuple[str, ...]:
    """Every domain: the app's, then the adapters'."""
    return (*DOMAINS, *list_adapters())


def collect_words(domain: str) -> Catalog:
    """Every message in the domain's folder, without places: lines move, and would change the files."""
    words = Catalog(domain=domain, project="Mostrador", charset="utf-8")
    if domain not in DOMAINS:
        found = extract_from_dir(
            ADAPTERS / domain, [("**.py", "python")], keywords=_ADAPTER_WORDS, comment_tags=_NOTES,
            directory_filter=_is_ours,
        )  # fmt: skip
        for _, _, message, comments, context in found:
            words.add(message, auto_comments=comments, context=context)
        return words
    folder = _ROOT / DOMAINS[domain]
    if folder.is_dir():
        found = extract_from_dir(folder, _METHODS, comment_tags=_NOTES)
        inner = [other for name in DOMAINS.values() if folder in (other := _ROOT / name).parents]
        for place, _, message, comments, context in found:
            if any(other in (folder / place).parents for other in inner):
                continue
            words.add(message, auto_comments=comments, context=context)
    return words


def _is_ours(folder: str) -> bool:
    """What npm brought beside an adapter's app has thousands of folders, and no word of ours."""
    return not Path(folder).name.startswith((".", "_")) and Path(folder).name != "node_modules"


def find_catalogue(language: str, domain: str, suffix: str) -> Path:
    """Where the catalogue of a domain or an adapter is kept; `suffix` is ``.po`` or ``.mo``."""
    if domain in DOMAINS:
        return catalogue_path(language, domain, suffix)
    return ADAPTERS / domain / "locales" / language / "LC_MESSAGES" / f"{domain}{suffix}"


def read_catalogue(language: str, domain: str) -> Catalog:
    """The translated messages; an empty catalogue when there is no file yet."""
    path = find_catalogue(language, domain, ".po")
    if not path.exists():
        return Catalog(locale=language, domain=domain, project="Mostrador", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=domain)


class _PlainCatalogue(Catalog):
    """A catalogue without dates and versions, so that the same messages are the same bytes."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", self.plural_forms)]


def compile_catalogue(catalogue: Catalog) -> bytes:
    """The bytes of the `.mo`; the same messages give the same bytes."""
    plain = _PlainCatalogue(locale=catalogue.locale, charset="utf-8", fuzzy=False)
    for message in catalogue:
        if message.id and not message.fuzzy:
            plain.add(message.id, message.string, context=message.context)
    buffer = io.BytesIO()
    write_mo(buffer, plain)
    return buffer.getvalue()


def _catalogues(domains: Sequence[str]) -> Iterator[tuple[str, str]]:
    for language in LOCALES:
        if language != "en":
            yield from ((language, domain) for domain in domains)


def _update(language: str, domain: str) -> None:
    words = collect_words(domain)
    if not len(words):
        return
    catalogue = read_catalogue(language, domain)
    catalogue.update(words, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    path = find_catalogue(language, domain, ".po")
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=True, no_location=True, omit_header=False)
    _write(path, _without_dates(buffer.getvalue()))


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def _without_dates(po: bytes) -> bytes:
    # A date that changes with every run would make every update a change in git.
    return b"\n".join(line for line in po.split(b"\n") if not line.startswith(_CHANGING))


def _compile(path: Path, language: str, domain: str) -> None:
    if path.exists():
        _write(path.with_suffix(".mo"), compile_catalogue(read_catalogue(language, domain)))


def main(arguments: Sequence[str]) -> int:
    """``update [domain ...]`` or ``compile [domain ...]``; all domains when none is named."""
    action, *domains = arguments or ["help"]
    known = list_domains()
    if action not in ("update", "compile") or not set(domains) <= set(known):
        print(f"Usage: python -m plugin.locales update|compile [{'|'.join(known)} ...]")
        return 2
    for language, domain in _catalogues(domains or known):
        if action == "update":
            _update(language, domain)
        _compile(find_catalogue(language, domain, ".po"), language, domain)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
