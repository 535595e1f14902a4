"""The plugin's files: what PHP 7.4 understands, what the directory's check demands, and what a zip holds.

Only one PHP is here, so what came after 7.4 is looked for in the tokens of the source, by PHP's own tokenizer.
"""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from wordpress_bed import HERE, build_zip, find_program

pytestmark = pytest.mark.xdist_group("wordpress")

SCAN = HERE / "bed/php74.php"
TOO_NEW = {
    "match": "$a = match ( $b ) { 1 => 2 };",
    "nullsafe": "$a = $b?->c;",
    "function": "str_contains( 'a', 'b' );",
    "named": "f( name: 1 );",
    "catch": "try { f(); } catch ( Exception ) { g(); }",
    "union": "function f( int|string $a ) { }",
    "mixed": "function f( mixed $a ) { }",
    "result": "function f(): static { }",
    "promoted": "class A { public function __construct( private $a ) { } }",
    "throw": "$a = $b ?? throw new Exception();",
    "callable": "$a = strlen( ... );",
    "comma": "function f( $a, ) { }",
    "enum": "enum A { case B; }",
    "attribute": "#[A] function f() { }",
}
FINE = """
switch ( $a ) { case A: f( $b ? C : D ); break; default: throw new Exception(); }
function g( ?int $a, array $b = array( 1, ), self $c = null ): ?string {
    try { f(); } catch ( A | B $e ) { return $a ? b() : c( 1, ); }
}
$f = fn( int $x ): int => $x ?? 1; $g = static function () use ( $f ) : bool { return true; };
f( ...$args ); $o->str_contains( 1 );
"""


def scan(*files: Path) -> list[str]:
    """What in these files PHP 7.4 does not know."""
    words = [find_program("php", "php-cli"), str(SCAN), *map(str, files)]
    run = subprocess.run(words, capture_output=True, text=True)
    assert run.returncode == 0 and not run.stderr, run.stdout + run.stderr
    found: list[str] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def unpacked(plugin_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(plugin_zip) as archive:
        archive.extractall(folder)
    return folder / "mostrador"


@pytest.mark.parametrize("name", TOO_NEW)
def test_the_scan_finds_what_php_7_4_does_not_know(tmp_path: Path, name: str) -> None:
    file = tmp_path / "new.php"
    file.write_text("<?php\n" + TOO_NEW[name])
    assert len(scan(file)) >= 1


def test_the_scan_lets_the_old_ways_pass(tmp_path: Path) -> None:
    file = tmp_path / "old.php"
    file.write_text("<?php" + FINE)
    assert scan(file) == []


def test_the_plugin_is_written_for_php_7_4(unpacked: Path) -> None:
    files = sorted(unpacked.rglob("*.php"))
    assert len(files) > 10 and scan(*files) == []


def test_every_php_file_compiles_and_refuses_to_be_opened_by_itself(unpacked: Path) -> None:
    for file in unpacked.rglob("*.php"):
        text = file.read_text()
        checked = subprocess.run(
            [find_program("php", "php-cli"), "-d", "error_reporting=-1", "-d", "display_errors=1", "-l", str(file)],
            capture_output=True, text=True,
        )  # fmt: skip
        assert checked.returncode == 0 and "Deprecated" not in checked.stdout, checked.stdout
        assert re.search(r"defined\( '(ABSPATH|WP_UNINSTALL_PLUGIN)' \) \|\| exit;", text), file.name
        opened = subprocess.run([find_program("php", "php-cli"), str(file)], capture_output=True, text=True)
        assert opened.stdout == "", file.name


def test_nothing_asks_the_network_or_runs_strings(unpacked: Path) -> None:
    forbidden = (
        r"\b(wp_(?:safe_)?remote_\w+|curl_\w+|fsockopen|stream_socket_client|eval|create_function|shell_exec|exec|"
        r"system|passthru|unserialize|extract)\s*\("
    )
    found = {file.name: re.findall(forbidden, file.read_text()) for file in unpacked.rglob("*.php")}
    assert {name: calls for name, calls in found.items() if calls} == {}
    assert [file.name for file in unpacked.rglob("*.php") if "get_post_meta" in file.read_text()] == []


def read_header(text: str, name: str) -> str:
    found = re.search(rf"^[ *]*{name}:\s*(.+?)\s*$", text, re.M)
    assert found, f"{name} is missing"
    return found[1]


def test_header_and_readme_say_the_same_and_what_the_directory_demands(unpacked: Path) -> None:
    head, readme = (unpacked / "mostrador.php").read_text(), (unpacked / "readme.txt").read_text()
    version = read_header(head, "Version")
    assert re.fullmatch(r"\d+\.\d+\.\d+", version) and read_header(readme, "Stable tag") == version
    for name in ("Requires at least", "Requires PHP"):
        assert read_header(readme, name) == read_header(head, name)
    assert (read_header(head, "Requires at least"), read_header(head, "Requires PHP")) == ("6.1", "7.4")
    assert read_header(head, "Requires Plugins") == "woocommerce"
    assert read_header(head, "Text Domain") == "mostrador"
    assert not read_header(head, "Plugin Name").lower().startswith("woo")
    assert len(read_header(readme, "Tags").split(",")) <= 5
    assert all(read_header(readme, name) for name in ("License", "Tested up to", "Contributors"))
    assert "== External services ==" in readme and "== Description ==" in readme
    short = next(line for line in readme.partition("\n\n")[2].splitlines() if line.strip())
    assert len(short) <= 150
    assert read_header(head, "WC requires at least") and read_header(head, "WC tested up to")


def test_the_zip_holds_loader_panel_catalogues_and_licence_and_nothing_odd(unpacked: Path) -> None:
    names = {str(file.relative_to(unpacked)) for file in unpacked.rglob("*") if file.is_file()}
    assert {"mostrador.php", "uninstall.php", "readme.txt", "assets/widget/loader.js"} <= names
    assert [name for name in names if re.fullmatch(r"assets/widget/\w+/panel\.js", name)]
    for locale in ("es_ES", "pt_BR"):
        assert f"languages/mostrador-{locale}.mo" in names
    assert any("LICENSE" in name.upper() for name in names)
    assert [
        name for name in names if Path(name).name.startswith(".") or name.endswith((".map", ".zip", ".phar"))
    ] == []


def test_the_same_sources_make_the_same_bytes_and_the_address_is_the_only_difference(
    tmp_path: Path,
) -> None:
    once, again = build_zip(tmp_path / "once.zip"), build_zip(tmp_path / "again.zip")
    assert again.read_bytes() == once.read_bytes()
    other = build_zip(tmp_path / "other.zip", "https://care.example")
    with zipfile.ZipFile(again) as one, zipfile.ZipFile(other) as two:
        assert one.namelist() == two.namelist()
        differ = [name for name in one.namelist() if one.read(name) != two.read(name)]
    assert sorted(differ) == ["mostrador/readme.txt", "mostrador/service.php"]
