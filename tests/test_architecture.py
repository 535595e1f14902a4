"""The plan of the house (docs/architecture.md), kept by tests where import-linter cannot."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from tree import ROOT, ask_git, list_files

STANDARD_LIBRARY = sys.stdlib_module_names

CODE = {".py", ".ts", ".tsx", ".js", ".mjs", ".css", ".html", ".sh", ".php", ".mjml"}
LONGEST_FILE = 400
# A file may be longer for a reason that a reader would accept. One line each: path, reason.
LONG_FILES: dict[str, str] = {
    "plugin/contract.py": "the one file that an adapter's author reads; at most 600 lines",
    "plugin/database/migrations/0001_the_first_tables.py": "written by a program, from the tables",
    "tests/browser/test_widget_guest.py": "every rule of being a guest, on one page",
    "tests/browser/test_widget_talk.py": "one conversation in all its ways",
    "tests/platforms/test_woocommerce_deliveries.py": "one test per trap of the recorded deliveries",
    "tests/platforms/test_woocommerce_orders.py": "one test per fact of an order",
    "tests/platforms/test_woocommerce_shop.py": "one test per answer of a recorded shop",
}
# Built from widget/, not written.
BUILT = "plugin/static/widget/"

FAQ_LIBRARIES = {"markdown_it", "mdurl", "snowballstemmer", "rapidfuzz"}

# Put together from pieces, so that this file does not find itself.
FOREIGN_ADDRESSES = re.compile(
    "|".join(re.escape("".join(pieces)) for pieces in [
        ("pypi", ".org"), ("python", "hosted.org"), ("registry.npm", "js.org"), ("deb.debian", ".org"),
        ("archive.ubuntu", ".com"), ("registry.yarn", "pkg.com"), ("un", "pkg.com"), ("js", "delivr.net"),
        ("cdn", "js.com"), ("esm", ".sh"), ("crates", ".io"), ("proxy.go", "lang.org"),
        ("/work/", "main"), ("/work/", "shared"), ("/work/", "."), ("/root", "/"),
        ("/opt/", "wheels"), ("/opt/", "pypi"),
        ("/tmp/", "brief"), ("/tmp/", "pip."), ("/tmp/", "apt."),
    ])
    + "|/home" + r"/[a-z]+/"
)  # fmt: skip

PLATFORM_NAMES = re.compile(r"shopify|woo_?commerce|\bwoo\b|wordpress", re.IGNORECASE)


def read_text(name: str) -> str | None:
    """A file's words, or None when it is not text."""
    raw = (ROOT / name).read_bytes()
    try:
        return None if b"\0" in raw else raw.decode()
    except UnicodeDecodeError:
        return None


def read_imports(name: str) -> set[str]:
    """Top-level names of the modules that a Python file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / name).read_text(), name)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


def test_git_lists_the_files_that_the_other_tests_read() -> None:
    assert {"setup.cfg", "plugin/contract.py", "Makefile"} <= set(list_files())


def test_every_room_imports_only_what_it_may() -> None:
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert " 0 broken." in run.stdout


def test_the_contract_imports_the_standard_library_alone() -> None:
    assert read_imports("plugin/contract.py") - STANDARD_LIBRARY == set()


def test_the_contract_is_read_in_one_sitting() -> None:
    assert len((ROOT / "plugin/contract.py").read_text().splitlines()) <= 600


def test_importing_the_contract_loads_nothing_but_the_standard_library_and_the_app_s_name() -> None:
    code = "import sys; before = set(sys.modules); import plugin.contract; print(*sorted(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert loaded - STANDARD_LIBRARY == {"plugin"}


def test_faq_links_imports_its_text_libraries_alone() -> None:
    files = [name for name in list_files() if name.startswith("faq_links/") and name.endswith(".py")]
    assert files
    foreign = {name: read_imports(name) - STANDARD_LIBRARY - FAQ_LIBRARIES - {"faq_links"} for name in files}
    assert {name: found for name, found in foreign.items() if found} == {}


def test_no_room_of_the_app_knows_a_platform_by_name() -> None:
    may_know = re.compile(r"plugin/(cli\b|testing/|static/widget/|.*\.(mo|po|pot)$)")
    rooms = [name for name in list_files() if name.startswith("plugin/") and not may_know.match(name)]
    assert len(rooms) > 10
    breaches = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name in rooms
        for number, line in enumerate((read_text(name) or "").splitlines(), 1)
        if PLATFORM_NAMES.search(line)
    ]
    assert breaches == []


def test_each_top_level_folder_opens_with_a_short_readme() -> None:
    folders = sorted(
        {name.split("/")[0] for name in list_files() if "/" in name and not name.startswith(".")}
    )
    lengths = {
        folder: len(readme.read_text().splitlines())
        if (readme := ROOT / folder / "README.md").exists()
        else 0
        for folder in folders
    }
    assert {folder: lines for folder, lines in lengths.items() if not 3 <= lines <= 30} == {}


def test_no_file_is_too_long_to_read_without_a_reason() -> None:
    sources = [
        name
        for name in list_files()
        if Path(name).suffix in CODE and not name.startswith((BUILT, "tests/data/"))
    ]
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in sources}
    too_long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}
    assert {name: lines for name, lines in too_long.items() if name not in LONG_FILES} == {}
    assert set(LONG_FILES) <= set(too_long), "a listed file is short enough by now"


def test_no_file_names_a_package_host_or_a_path_of_one_machine() -> None:
    breaches = [
        f"{name}:{number}: {found[0]}"
        for name in list_files()
        for number, line in enumerate((read_text(name) or "").splitlines(), 1)
        if (found := FOREIGN_ADDRESSES.search(line))
    ]
    assert breaches == []


def test_the_widget_s_lock_file_records_no_download_addresses() -> None:
    assert '"resolved"' not in (ROOT / "widget/package-lock.json").read_text()


def test_what_is_built_or_recorded_keeps_its_bytes_in_git() -> None:
    names = ["tests/data/woocommerce/deliveries/1.body", "plugin/static/widget/loader.js"]
    told = ask_git("check-attr", "text", "--", *names)
    assert told == [f"{name}: text: unset" for name in names]


def test_the_architecture_names_each_top_level_folder() -> None:
    plan = (ROOT / "docs/architecture.md").read_text().split("## 2.")[0]
    folders = sorted(
        {name.split("/")[0] for name in list_files() if "/" in name and not name.startswith(".")}
    )
    assert [folder for folder in folders if not re.search(rf"^{folder}/", plan, re.MULTILINE)] == []


def test_make_help_tells_of_every_target_for_people() -> None:
    told = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    targets = set(re.findall(r"^([a-z-]+):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"demo", "test", "setup", "help", "lint", "types", "widget", "bench", "docs"} <= targets
    assert set(re.findall(r"^  make (\S+) +\S", told.stdout, re.MULTILINE)) == targets - {
        "system",
        "widget-tools",
        "shopify-tools",
    }
