"""Builds `build/mostrador.zip`, the WordPress plugin, anew: ``make wordpress-plugin SERVICE=https://counter.example``.

The same sources and the same SERVICE give the same bytes. Without SERVICE the plugin's settings screen asks for the
server. ``python setup/wordpress_plugin.py words`` collects the words of the PHP files into the catalogues instead.
"""

from __future__ import annotations

import io
import os
import re
import struct
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PLUGIN = ROOT / "adapters/woocommerce/wordpress_plugin"
WIDGET = ROOT / "plugin/static/widget"
WIDGET_SOURCE = ROOT / "widget"
OUT = Path("build/mostrador.zip")
TOP = "mostrador"
LOCALES = ("es_ES", "pt_BR")
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

NOT_SHIPPED = {"README.md", "service.php"}
"""For developers, and written below."""

SOURCE_SUFFIXES = {".ts", ".tsx", ".css", ".json", ".mjs"}

CALL = re.compile(
    r"\b(?:__|esc_html__|esc_attr__|esc_html_e|esc_attr_e)\(\s*'((?:[^'\\]|\\.)*)'\s*,\s*'mostrador'\s*\)"
)
TIP = re.compile(r"/\*\s*(translators:.*?)\s*\*/")
UNSTEADY = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To):.*\n',
    re.MULTILINE,
)
HEADER = re.compile(r"^ \* (?:Plugin Name|Description): (.+)$", re.MULTILINE)
SERVICE_PHP = """<?php
/**
 * The server that this copy was built for.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

return '{service}';
"""


class Refused(Exception):
    """What was asked for cannot be built; the words say why."""


def read_version() -> str:
    """The version of the app, which is the plugin's too."""
    found = re.search(r'^__version__ = "([0-9][0-9a-z.]*)"$', (ROOT / "plugin/__init__.py").read_text(), re.M)
    if not found:
        raise Refused("plugin/__init__.py names no version.")
    return found[1]


def read_service(text: str) -> str:
    """The operator's address without a slash at its end, '' for none; raises `Refused`."""
    text = text.strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise Refused(f"SERVICE={text} is no address: {error}.") from None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise Refused(f"SERVICE={text} must be a whole address such as https://counter.example .")
    if "@" in parts.netloc:
        raise Refused("SERVICE must not hold a name or a password: every shop owner would read them in the zip.")
    if "?" in text or "#" in text:
        raise Refused(f"SERVICE={text} must end with its host or path: no ? and no # .")
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*", parts.hostname):
        raise Refused(f"SERVICE={text} names no host that a browser can find; write other letters as xn--… .")
    if not re.fullmatch(r"[A-Za-z0-9/._~-]*", parts.path):
        raise Refused(f"SERVICE={text} has signs in its path that an address of Mostrador never has.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme.lower()}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def hint_at(service: str) -> str:
    """What a shop will stumble over with this address; '' for nothing."""
    parts = urlsplit(service)
    host = parts.hostname or ""
    at_home = host in ("localhost", "::1") or host.startswith("127.")
    if parts.scheme != "http" or at_home:
        return ""
    return f"Note: {service} is plain http. Shops send the keys that are approved to https addresses only."


def collect_files(service: str) -> dict[str, bytes]:
    """Path inside the zip's top folder → bytes."""
    version = read_version()
    files = {"service.php": SERVICE_PHP.format(service=service).encode()}
    for name, path in walk(PLUGIN):
        if name in NOT_SHIPPED:
            continue
        raw = path.read_bytes()
        if path.suffix in (".php", ".txt"):
            told = service or "the address that you type into the settings screen"
            raw = raw.replace(b"@VERSION@", version.encode()).replace(b"@SERVICE@", told.encode())
        files[name] = raw
    for name, path in walk(WIDGET):
        files[f"assets/widget/{name}"] = path.read_bytes()
    if not {"assets/widget/loader.js"} < set(files):
        raise Refused("plugin/static/widget holds no loader.js: run `make widget`.")
    for name, path in walk(WIDGET_SOURCE):
        if path.suffix in SOURCE_SUFFIXES and not name.startswith(("node_modules/", "tests/")):
            files[f"widget-source/{name}"] = path.read_bytes()
    for locale in LOCALES:
        files[f"languages/mostrador-{locale}.mo"] = compile_catalogue(locale)
    return files


def walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files below a folder by their path in it, without hidden ones."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            if "node_modules" not in path.parts:
                yield name, path


def write_zip(files: dict[str, bytes], out: Path) -> None:
    """Replaces `out` at once; entries are sorted and carry no time of this build."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{TOP}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name], compresslevel=9)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_name(f"{out.name}.{os.getpid()}")
    fresh.write_bytes(held.getvalue())
    fresh.replace(out)


# --- catalogues -----------------------------------------------------------------------------------------


def collect_words() -> Catalog:
    """Every word that the PHP files say to a person, with the comments for translators."""
    catalogue = Catalog(project="Mostrador", version="WordPress plugin", charset="utf-8", fuzzy=False)
    catalogue.header_comment = "# Words of the WordPress plugin of Mostrador. GPL-2.0-or-later."
    for word in HEADER.findall((PLUGIN / "mostrador.php").read_text()):
        catalogue.add(word)
    for _, path in walk(PLUGIN):
        if path.suffix != ".php":
            continue
        text = path.read_text()
        for found in CALL.finditer(text):
            before = text[: found.start()].rsplit("\n", 3)
            tips = TIP.findall("\n".join(before[-2:]))
            word = re.sub(r"\\(['\\])", r"\1", found[1])
            catalogue.add(word, auto_comments=tips[-1:] if "%" in word else [])
    return catalogue


def catalogue_path(locale: str) -> Path:
    return PLUGIN / f"languages/mostrador-{locale}.po"


def read_catalogue(locale: str) -> Catalog:
    with catalogue_path(locale).open("rb") as file:
        return read_po(file, locale=locale)


def compile_catalogue(locale: str) -> bytes:
    """The .mo of a language, from its .po: never a stale one.

    Babel leaves the place of the (empty) hash table 0; WordPress refuses a file in which it is not where the index of
    the translations ends. Source: MO::import_from_reader in wp-includes/pomo/mo.php of WordPress 6.1.
    """
    held, catalogue = io.BytesIO(), read_catalogue(locale)
    # Babel writes the minute of the building where the file names no time: other bytes for the same words.
    catalogue.creation_date = catalogue.revision_date = BEGINNING
    write_mo(held, catalogue)
    compiled = bytearray(held.getvalue())
    total, translations_at = struct.unpack_from("<I4xI", compiled, 8)
    struct.pack_into("<I", compiled, 24, translations_at + 8 * total)
    return bytes(compiled)


def update_catalogues() -> None:
    """Writes the .pot, and merges it into each .po; what is no longer said is dropped."""
    words = collect_words()
    write_catalogue(PLUGIN / "languages/mostrador.pot", words)
    for locale in LOCALES:
        path = catalogue_path(locale)
        catalogue = read_catalogue(locale) if path.exists() else Catalog(locale=locale, fuzzy=False)
        catalogue.update(words, no_fuzzy_matching=True)
        catalogue.project, catalogue.version = words.project, words.version
        catalogue.header_comment = words.header_comment
        write_catalogue(path, catalogue)


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    held = io.BytesIO()
    write_po(held, catalogue, width=110, no_location=True, omit_header=False, sort_output=False, ignore_obsolete=True)
    path.write_text(UNSTEADY.sub("", held.getvalue().decode()))


def main(words: list[str]) -> int:
    """``words``: nothing, where to write instead of `OUT`, or ``words`` for the catalogues."""
    if words == ["words"]:
        update_catalogues()
        return 0
    out = Path(words[0]) if words else OUT
    try:
        service = read_service(os.environ.get("SERVICE", ""))
        files = collect_files(service)
    except Refused as why:
        print(why, file=sys.stderr)
        return 2
    write_zip(files, out)
    if hint := hint_at(service):
        print(hint, file=sys.stderr)
    print(f"{out}: version {read_version()}, {len(files)} files, {out.stat().st_size // 1000} kB, "
          f"{'for ' + service if service else 'asks for the server on its settings screen'}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
