"""The desk's styles and scripts: what is vendored is what it says, and everything comes from here."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from desk_house import Counter

from plugin.web.desk_frame import FILES, TEMPLATES

VENDORED = sorted(path for path in FILES.iterdir() if "@" in path.name)


def test_something_is_vendored() -> None:
    assert [path.name for path in VENDORED] == ["htmx.org@4.0.1"]


@pytest.mark.parametrize("folder", VENDORED, ids=lambda path: path.name)
def test_a_vendored_folder_is_what_its_manifest_says(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert f"{manifest['name']}@{manifest['version']}" == folder.name and manifest["licence"]
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    del found["manifest.json"]
    assert found == manifest["sha256"] and "LICENSE" in found


def test_every_file_that_a_page_names_is_there_and_may_be_kept_for_ever(counter: Counter) -> None:
    browser = counter.browser()
    named = re.findall(r'(?:href|src)="(/desk/files/[^"]+)"', browser.get("/sign-in").text)
    assert len(named) == 5
    for url in named:
        answer = browser.get(url)
        assert (
            answer.status_code == 200
            and answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" not in browser.get("/desk/files/desk.css").headers["Cache-Control"]
    assert "immutable" not in browser.get("/desk/files/desk.css?v=000000000000").headers["Cache-Control"]


@pytest.mark.parametrize("name", [
    "../desk.py", "..%2fdesk.py", "%2e%2e/desk.py", "....//desk.py", "/etc/passwd", "%00",
    "htmx.org@4.0.1/../../desk.css", "", "x" * 5000, "..\\desk.py",
])  # fmt: skip
def test_nothing_else_is_served(counter: Counter, name: str) -> None:
    answer = counter.browser().get(f"/desk/files/{name}")
    assert answer.status_code in (303, 308, 401, 404) and "Blueprint" not in answer.get_data(as_text=True)


def test_no_page_asks_another_host_for_anything() -> None:
    for path in [*(TEMPLATES / "desk").glob("*.html"), FILES / "desk.css", FILES / "desk.js"]:
        text = path.read_text()
        assert not re.search(r"""(src|href|url|@import|fetch)\s*[=(]\s*["']?https?:""", text), path.name


def test_the_style_sheet_has_no_important_beyond_hiding_and_both_schemes() -> None:
    sheet = (FILES / "desk.css").read_text()
    assert "color-scheme: light dark" in sheet and sheet.count("light-dark(") > 10
