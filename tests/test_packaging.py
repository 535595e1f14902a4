"""What a merchant installs: the wheel, built from what git would take, in an environment of its own.

The wheel is really installed there by pip. What it depends on is lent from the environment that runs the tests, by a
.pth line, so that this needs no network: a folder named so is only looked into, its own .pth files (and with them the
editable installation of this checkout) are not read. That nothing undeclared is used is asked of every import instead.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from email.parser import Parser
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from tree import ROOT, list_files

LOCALES = ("en", "es", "pt")
OWN = {"plugin", "adapters", "faq_links"}

pytestmark = pytest.mark.xdist_group("packaging")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that neither leftovers in build/ nor ignored files get in."""
    source = tmp_path_factory.mktemp("source")
    for name in list_files():
        if not name.startswith(("tests/", "widget/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
    folder = tmp_path_factory.mktemp("wheel")
    run_pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh environment with the wheel in it."""
    home = tmp_path_factory.mktemp("merchant") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True, capture_output=True)
    run_pip("--python", home / "bin/python", "install", "--no-deps", "--no-index", wheel)
    site = next(home.glob("lib/python*/site-packages"))
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, Any]:
    """An empty folder and an environment that knows nothing of this checkout: keywords for `subprocess.run`."""
    environment = {"PATH": os.defpath, "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    return {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True, "timeout": 120}


def run_pip(*words: str | Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *words],
        capture_output=True, text=True, timeout=170,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]


def read_names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def read_metadata(wheel: Path) -> Any:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode())


EXPECTED = {
    "the contract": r"plugin/contract\.py",
    "the mark that types are there": r"plugin/py\.typed",
    "the widget's loader": r"plugin/static/widget/loader\.js",
    "the widget's hashed panel": r"plugin/static/widget/[0-9a-zA-Z_-]{6,}/panel\.js",
    **{
        f"the widget's words in {at}": rf"plugin/static/widget/[0-9a-zA-Z_-]{{6,}}/locales/{at}\.json"
        for at in LOCALES
    },
    **{f"the catalogue in {at}": rf"plugin/.*{at}/LC_MESSAGES/\w+\.mo" for at in LOCALES if at != "en"},
    **{
        f"what the adapter {name} says in {at}": rf"adapters/{name}/locales/{at}/LC_MESSAGES/{name}\.mo"
        for name in ("demo", "woocommerce") for at in LOCALES if at != "en"
    },
    "the desk's and hub's pages": r"plugin/web/.*templates/.+\.html",
    "the mails' templates": r"plugin/(notices|mail)/.*templates/.+",
    "the migrations": r"plugin/database/migrations/.*\w+\.py",
    **{f"the starter articles in {at}": rf"faq_links/starter/{at}/\w+/[\w-]+\.md" for at in LOCALES},
    "the demo shop": r"adapters/demo/shop/\w+\.py",
    "the demo shop's pages": r"adapters/demo/shop/.*\.html",
    "the WooCommerce adapter": r"adapters/woocommerce/\w+\.py",
    "the licence": r"mostrador-.*\.dist-info/licenses/LICENSE",
}


@pytest.mark.parametrize("what", EXPECTED)
def test_the_wheel_holds(wheel: Path, what: str) -> None:
    assert [name for name in read_names(wheel) if re.fullmatch(EXPECTED[what], name)]


def test_the_wheel_holds_every_file_of_the_packages_that_git_would_take(wheel: Path) -> None:
    # Sources of what is compiled, and what readers of the repository read.
    not_shipped = re.compile(r".*(README\.md|\.po|\.pot|\.mjml)$|.*/wordpress_plugin/.*|adapters/shopify/app/.*")
    wanted = {name for name in list_files() if name.split("/")[0] in OWN and not not_shipped.fullmatch(name)}
    assert sorted(wanted - set(read_names(wheel))) == []


def test_the_wheel_holds_nothing_but_the_three_packages(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in read_names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == OWN


def test_the_wheel_leaves_out_what_shopify_s_own_tools_build(wheel: Path) -> None:
    assert [name for name in read_names(wheel) if "/shopify/app/" in name or "node_modules" in name] == []


def test_the_wheel_tells_its_name_licence_and_commands(wheel: Path) -> None:
    metadata = read_metadata(wheel)
    assert (metadata["Name"], metadata["License-Expression"]) == ("mostrador", "MIT")
    assert set(metadata.get_all("Provides-Extra")) == {"postgres", "redis", "demo", "test"}


def test_everything_the_packages_import_is_declared(wheel: Path) -> None:
    """Hard imports only: what an extra brings is imported inside functions, or by the tests' kit."""
    requirements = read_metadata(wheel).get_all("Requires-Dist")
    declared = {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in requirements}
    distributions = packages_distributions()
    undeclared: set[str] = set()
    with zipfile.ZipFile(wheel) as archive:
        for name in (name for name in archive.namelist() if name.endswith(".py")):
            for node in ast.walk(ast.parse(archive.read(name), name)):
                modules = (
                    [alias.name for alias in node.names] if isinstance(node, ast.Import)
                    else [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
                )  # fmt: skip
                for top in {module.split(".")[0] for module in modules} - sys.stdlib_module_names - OWN:
                    brought_by = {each.lower().replace("_", "-") for each in distributions.get(top, [top])}
                    if not brought_by & (declared | BROUGHT_ALONG):
                        undeclared.add(f"{name}: {top}")
    assert sorted(undeclared) == []


# Of one family with what is declared, and always installed with it.
BROUGHT_ALONG = {
    "werkzeug",
    "jinja2",
    "markupsafe",
    "gevent",
    "itsdangerous",
    "urllib3",
    "greenlet",
    "pyactiveresource",
}


def test_the_installed_app_is_the_wheel_s_and_not_this_checkout(
    installed: Path, elsewhere: dict[str, Any]
) -> None:
    code = "import adapters as a, faq_links as f, plugin as p; print(a.__file__, f.__file__, p.__file__, sep='\\n')"
    run = subprocess.run([installed / "python", "-c", code], **elsewhere)
    assert run.returncode == 0, run.stderr
    assert all(Path(path).is_relative_to(installed.parent) for path in run.stdout.splitlines())


def test_the_installed_command_explains_itself_in_an_empty_folder(
    installed: Path, elsewhere: dict[str, Any]
) -> None:
    run = subprocess.run([installed / "mostrador", "--help"], **elsewhere)
    assert run.returncode == 0, run.stderr
    for command in ("demo", "init", "serve", "worker", "db", "check", "adapters", "ledger", "replay", "faq"):
        assert re.search(rf"^\s+{command}\b", run.stdout, re.MULTILINE), command
    assert list(elsewhere["cwd"].iterdir()) == []


def test_the_installed_command_answers_questions_in_an_empty_folder(
    installed: Path, elsewhere: dict[str, Any]
) -> None:
    questions = [
        {"text": "How long does delivery take?", "lang": "en"},
        {"text": "quiero hablar con una persona", "lang": "es"},
    ]
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    run = subprocess.run([installed / "mostrador", "faq", "ask", "--jsonl"], input=lines, **elsewhere)
    assert run.returncode == 0, run.stderr
    delivery, person = [json.loads(line) for line in run.stdout.splitlines()]
    assert delivery["ranked"] and delivery["handoff"] is False
    assert person["handoff"] is True


def test_the_installed_adapters_are_found_through_their_entry_points(
    installed: Path, elsewhere: dict[str, Any]
) -> None:
    run = subprocess.run([installed / "mostrador", "adapters", "list"], **elsewhere)
    assert run.returncode == 0, run.stderr
    assert {"demo", "woocommerce"} <= set(re.findall(r"\w+", run.stdout))
