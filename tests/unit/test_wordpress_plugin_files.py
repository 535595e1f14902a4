"""The zip that a merchant uploads: what WordPress' Plugin Check would find in it, and what the plugin promises.

The rules are those of the Detailed Plugin Guidelines (2026-03) and of Plugin Check 1.3.1 that touch us.
"""

from __future__ import annotations

import io
import re
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest
import time_machine
from babel.messages.mofile import read_mo
from wordpress_zip import BUILT, ROOT, SERVICE, build, builder, read_php

from plugin import __version__

NEWEST_WORDPRESS = "7.1"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("zip") / "mostrador.zip"
    run = build(target, SERVICE + "/")
    assert run.returncode == 0, run.stderr
    return target


@pytest.fixture(scope="module")
def files(built: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(built) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def read_header(text: str) -> dict[str, str]:
    return dict(re.findall(r"^ \* ([A-Z][A-Za-z ]+): (.+)$", text, re.MULTILINE))


def read_readme(text: str) -> dict[str, str]:
    head = text.split("\n\n", 1)[0]
    return dict(re.findall(r"^([A-Z][A-Za-z ]+): (.+)$", head, re.MULTILINE))


# --- the build ------------------------------------------------------------------------------------------


def test_the_same_sources_give_the_same_bytes_and_another_service_gives_others(built: Path, tmp_path: Path) -> None:
    again, other = tmp_path / "again.zip", tmp_path / "other.zip"
    again.write_bytes(b"what was there before")
    assert build(again, SERVICE).returncode == build(other, "https://other.example").returncode == 0
    assert again.read_bytes() == built.read_bytes()
    assert other.read_bytes() != built.read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".zip"] == []


def test_the_words_compile_to_the_same_bytes_in_another_year() -> None:
    with time_machine.travel("2031-05-06 07:08:09"):
        later = [builder.compile_catalogue(locale) for locale in builder.LOCALES]
    assert later == [builder.compile_catalogue(locale) for locale in builder.LOCALES]


def test_the_service_s_address_is_in_the_zip_and_without_one_it_is_empty(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    assert f"return '{SERVICE}';" in files["mostrador/service.php"].decode()
    assert SERVICE in files["mostrador/readme.txt"].decode()
    assert build(tmp_path / "without.zip").returncode == 0
    with zipfile.ZipFile(tmp_path / "without.zip") as archive:
        assert "return '';" in archive.read("mostrador/service.php").decode()
        assert "@SERVICE@" not in archive.read("mostrador/readme.txt").decode()


@pytest.mark.parametrize(
    ("address", "hints"),
    [("http://care.example", 1), ("https://care.example", 0), ("http://127.0.0.1:8080", 0), ("http://[::1]:8080", 0),
     ("http://localhost:8080", 0), ("", 0)],
)  # fmt: skip
def test_a_plain_address_is_built_with_a_hint_that_keys_need_https(tmp_path: Path, address: str, hints: int) -> None:
    run = build(tmp_path / "mostrador.zip", address)
    assert run.returncode == 0 and run.stderr.count("https addresses only") == hints
    assert len(run.stderr.splitlines()) == hints


@pytest.mark.parametrize(
    "address",
    ["ftp://care.example", "care.example", "https://ana:secret@care.example", "https://care.example/?a=1",
     "https://care.example/#top", "https://care example", "https://care.example'; evil(); '", "https://", "http://x:99999"],
)  # fmt: skip
def test_a_wrong_service_address_is_refused_in_words_and_nothing_is_written(tmp_path: Path, address: str) -> None:
    run = build(tmp_path / "mostrador.zip", address)
    assert (run.returncode, run.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert "SERVICE" in run.stderr and "Traceback" not in run.stderr


def test_make_passes_the_address_on() -> None:
    told = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "wordpress-plugin", "SERVICE=https://care.example"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "setup/wordpress_plugin.sh" in told.stdout
    script = (ROOT / "setup/wordpress_plugin.sh").read_text()
    assert "export SERVICE" in script and "setup/wordpress_plugin.py" in script


def test_the_zip_holds_one_folder_and_only_files_that_a_shop_may_have(files: dict[str, bytes]) -> None:
    assert {name.split("/")[0] for name in files} == {"mostrador"}
    assert [name for name in files if any(part.startswith(".") for part in name.split("/"))] == []
    kinds = {Path(name).suffix for name in files}
    assert kinds <= {".php", ".js", ".json", ".mo", ".po", ".pot", ".txt", ".ts", ".tsx", ".css", ".mjs", ""}
    assert [name for name in files if not Path(name).suffix] == ["mostrador/LICENSE"]
    assert b"GNU GENERAL PUBLIC LICENSE" in files["mostrador/LICENSE"]
    assert sum(map(len, files.values())) < 1_000_000


def test_the_widget_is_the_built_one_laid_out_as_the_loader_looks_for_it(files: dict[str, bytes]) -> None:
    built_in = {
        path.relative_to(ROOT / "plugin/static/widget").as_posix(): path.read_bytes()
        for path in (ROOT / "plugin/static/widget").rglob("*")
        if path.is_file()
    }
    prefix = "mostrador/assets/widget/"
    assert {name[len(prefix) :]: raw for name, raw in files.items() if name.startswith(prefix)} == built_in
    panels = re.findall(rb'"([0-9a-f]{12}/panel\.js)"', built_in["loader.js"])
    assert len(panels) == 1 and panels[0].decode() in built_in


def test_the_readable_sources_of_what_is_minified_are_in_the_zip_and_named(files: dict[str, bytes]) -> None:
    wanted = {path.name for path in (ROOT / "widget/src").rglob("*") if path.is_file()}
    shipped = {Path(name).name for name in files if name.startswith("mostrador/widget-source/src/")}
    assert wanted and shipped == wanted
    assert "mostrador/widget-source/build.mjs" in files
    assert "widget-source" in files["mostrador/readme.txt"].decode().split("== Source ==")[1]


# --- headers and readme -----------------------------------------------------------------------------------


def test_the_plugin_s_header_says_what_wordpress_and_woocommerce_ask(files: dict[str, bytes]) -> None:
    header = read_header(files["mostrador/mostrador.php"].decode())
    assert header["Plugin Name"] == "Mostrador – chat, FAQ and order tracking for WooCommerce"
    assert 20 < len(header["Description"]) <= 200
    assert header["Version"] == __version__
    assert (header["Requires at least"], header["Requires PHP"]) == ("6.1", "7.4")
    assert header["Requires Plugins"] == "woocommerce"
    assert header["License"] == "GPL-2.0-or-later"
    assert (header["Text Domain"], header["Domain Path"]) == ("mostrador", "/languages")
    assert {"WC requires at least", "WC tested up to"} <= set(header)
    assert not header["Plugin Name"].lower().startswith("woo")


def test_the_readme_s_fields_pass_the_plugin_check(files: dict[str, bytes]) -> None:
    text = files["mostrador/readme.txt"].decode()
    header, readme = read_header(files["mostrador/mostrador.php"].decode()), read_readme(text)
    assert text.splitlines()[0] == f"=== {header['Plugin Name']} ==="
    assert readme["Stable tag"] == header["Version"]
    assert readme["Tested up to"] == NEWEST_WORDPRESS
    for field in ("Requires at least", "Requires PHP", "License"):
        assert readme[field] == header[field]
    assert 1 <= len(readme["Tags"].split(",")) <= 5
    assert readme["Contributors"]
    short = text.split("\n\n")[1].strip()
    assert 0 < len(short) <= 150 and "\n" not in short
    assert "@" not in re.sub(r"\S+@\S+\.\S+", "", text)


def test_the_readme_tells_of_the_external_service_and_of_every_moment_that_data_leaves(files: dict[str, bytes]) -> None:
    text = files["mostrador/readme.txt"].decode()
    heads = re.findall(r"^== (.+) ==$", text, re.MULTILINE)
    assert {"Description", "External services", "Frequently Asked Questions", "Changelog"} <= set(heads)
    section = text.split("== External services ==")[1].split("\n== ")[0].lower()
    told = (SERVICE, "connect", "terms of service", "privacy policy", "proof", "basket", "webhooks", "open the desk")
    assert [words for words in told if words not in section] == []


def test_php_asks_no_other_server_and_nothing_comes_from_a_foreign_host(files: dict[str, bytes]) -> None:
    ours = {
        name: raw.decode()
        for name, raw in files.items()
        if name.endswith((".php", ".js")) and not name.startswith(BUILT)
    }
    calls = re.compile(r"\bwp_(safe_)?remote_|\bcurl_|\bfsockopen\(|file_get_contents\(|\beval\(|\bexec\(")
    assert [name for name, text in ours.items() if calls.search(text)] == []
    addresses = {found for text in ours.values() for found in re.findall(r"https?://[a-z0-9][a-z0-9.-]+", text)}
    assert addresses <= {"https://www.gnu.org", "https://counter.example", SERVICE}
    assert [name for name, text in ours.items() if re.search(r"<script\b[^>]*>", strip_patterns(text))] == []


def test_our_own_scripts_are_readable_and_keep_nothing(files: dict[str, bytes]) -> None:
    for name in ("mostrador/assets/basket.js", "mostrador/assets/desk.js"):
        text = files[name].decode()
        assert max(map(len, text.splitlines())) < 140
        assert not re.search(r"localStorage|sessionStorage|document\.cookie|innerHTML|eval\(|\$\(|jQuery", text)
    basket = files["mostrador/assets/basket.js"].decode()
    assert re.findall(r"addEventListener\( '([^']+)'", basket) == ["mostrador:open"]





def strip_patterns(text: str) -> str:
    """Without regular expressions, which speak of script tags and write none."""
    return re.sub(r"'/<script[^']*'", "''", text)


# --- words ------------------------------------------------------------------------------------------------


def test_the_template_of_the_catalogues_holds_every_word_of_the_source() -> None:
    from babel.messages.pofile import read_po

    with (builder.PLUGIN / "languages/mostrador.pot").open("rb") as file:
        kept = {message.id for message in read_po(file) if message.id}
    assert kept == {message.id for message in builder.collect_words() if message.id}
    assert len(kept) > 60


@pytest.mark.parametrize("locale", builder.LOCALES)
def test_every_word_is_translated_with_the_same_blanks_and_compiled(files: dict[str, bytes], locale: str) -> None:
    wanted = {message.id for message in builder.collect_words() if message.id}
    compiled = files[f"mostrador/languages/mostrador-{locale}.mo"]
    # WordPress reads no file whose hash table, though empty, begins elsewhere.
    total, _, translations_at, size, hash_at = struct.unpack_from("<5I", compiled, 8)
    assert (size, hash_at) == (0, translations_at + 8 * total)
    catalogue = read_mo(io.BytesIO(compiled))
    kept = {message.id: message.string for message in catalogue if message.id}
    assert set(kept) == wanted and all(kept.values())
    blanks = re.compile(r"%(?:\d\$)?[sd]")
    for word, told in kept.items():
        assert sorted(blanks.findall(word)) == sorted(blanks.findall(str(told))), word


def test_every_sentence_for_people_goes_through_the_catalogue() -> None:
    php = read_php()
    call = re.compile(r"(?<![a-z_])(?:__|esc_html__|esc_attr__|esc_html_e|esc_attr_e)\([^;]*?,\s*'(\w[\w-]*)'\s*\)")
    domains = [found for text in php.values() for found in call.findall(text)]
    assert len(domains) > 60 and set(domains) == {"mostrador"}
    assert [name for name, text in php.items() if re.search(r"(?<![a-z_])(_n|_x|_nx)\(", text)] == []
