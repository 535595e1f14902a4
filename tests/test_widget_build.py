"""The built widget is in git, so that nobody needs Node to install Mostrador: here it is built again and compared."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tree import ROOT, list_files

WIDGET = ROOT / "widget"
BUILT = ROOT / "plugin/static/widget"
LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__")

pytestmark = pytest.mark.xdist_group("widget")


def run_npm(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    npm = shutil.which("npm")
    if npm is None or not (WIDGET / "node_modules").is_dir():
        pytest.fail(
            "The widget's build tools are missing: `make test` and `make widget` set them up.", pytrace=False
        )
    return subprocess.run(
        [npm, "--prefix", folder, *words], cwd=folder, capture_output=True, text=True, timeout=170
    )


def read_tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_widget_in_git_is_byte_for_byte_what_its_source_builds(tmp_path: Path) -> None:
    shutil.copytree(WIDGET, tmp_path / "widget", ignore=LEFT_OUT)
    os.symlink(WIDGET / "node_modules", tmp_path / "widget/node_modules")
    built = run_npm(tmp_path / "widget", "run", "build")
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    fresh, kept = read_tree(tmp_path / "plugin/static/widget"), read_tree(BUILT)
    assert "loader.js" in fresh
    assert sorted(fresh) == sorted(kept), "run `make widget` and commit plugin/static/widget"
    assert [name for name in fresh if fresh[name] != kept[name]] == [], (
        "run `make widget` and commit plugin/static/widget"
    )


def test_the_flat_build_is_the_same_bytes_each_time_and_clears_its_own_old_panel_alone(
    tmp_path: Path,
) -> None:
    node = shutil.which("node")
    assert node is not None
    (tmp_path / "assets").mkdir()
    for name in ("panel", "extras", "contact", "watch"):
        (tmp_path / f"assets/mostrador-{name}-0123456789ab.js").write_text("old")
    (tmp_path / "assets/logo.svg").write_text("theirs")
    for folder in ("assets", "again"):
        subprocess.run(
            [node, WIDGET / "build.mjs", "--flat", tmp_path / folder],
            check=True,
            capture_output=True,
            timeout=120,
        )
    first, second = read_tree(tmp_path / "assets"), read_tree(tmp_path / "again")
    assert first.pop("logo.svg") == b"theirs"
    assert first == second
    contact, extras, loader, panel, watch = sorted(first)
    [build] = {name.rpartition("-")[2] for name in (contact, extras, panel, watch)}
    assert (contact, extras, loader, panel, watch) == (
        f"mostrador-contact-{build}", f"mostrador-extras-{build}", "mostrador-loader.js",
        f"mostrador-panel-{build}", f"mostrador-watch-{build}",
    )  # fmt: skip
    assert panel.encode() in first[loader]
    assert len(first[loader]) <= 10_000
    assert all(word.encode() in first[panel] for word in ("Tu pedido", "Your order", "Seu pedido"))
    assert all(word.encode() in first[extras] for word in ("Ver mi pedido", "See my order", "Ver meu pedido"))
    assert all(
        word.encode() in first[contact] for word in ("Mis consultas", "My requests", "Minhas solicitações")
    )


def test_git_would_take_every_built_file() -> None:
    names = [str(path.relative_to(ROOT)) for path in BUILT.rglob("*") if path.is_file()]
    assert names
    assert set(names) - set(list_files()) == set()


def test_the_widget_s_own_tests_pass() -> None:
    run = run_npm(WIDGET, "test")
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-3000:]


def test_the_widget_s_types_hold() -> None:
    run = run_npm(WIDGET, "run", "check")
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-3000:]
