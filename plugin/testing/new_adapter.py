"""Writes the package of a new adapter. What is left to do in it, the conformance kit says in red."""

from __future__ import annotations

import keyword
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from plugin.registry import NAME

# Read by name and not by walking the folder, so that a file left out of a distribution is noticed at once.
FILES = (
    "pyproject.toml", "setup.cfg", "README.md", "package/__init__.py", "package/api.py", "package/mapping.py",
    "package/webhooks.py", "tests/test_contract.py", "tests/data/README.md",
)


class CannotWrite(Exception):
    """The package was not written; the message says why and what to do."""


def write_adapter(name: str, directory: Path) -> Path:
    """Writes ``mostrador_<name>/`` into `directory` and gives its path. Raises `CannotWrite`, writing nothing."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise CannotWrite(f"{name!r} cannot be the name of an adapter: take lower case letters, digits and _, "
                          "starting with a letter, at most 31 of them.")
    project = directory / f"mostrador_{name}"
    if project.exists():
        raise CannotWrite(f"{project} exists already. Move it away, or take another name.")
    words = {
        "name": name,
        "dashed": name.replace("_", "-"),
        "label": name.replace("_", " ").capitalize(),
        "kind": "".join(part.capitalize() for part in name.split("_")),
    }
    written = {file: fill(find_template(file), words) for file in FILES}
    for file, text in written.items():
        path = project / file.replace("package/", f"mostrador_{name}/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return project


def find_template(file: str) -> Traversable:
    return files("plugin.testing").joinpath("templates", "adapter", *f"{file}.txt".split("/"))


def fill(template: Traversable, words: dict[str, str]) -> str:
    return Template(template.read_text(encoding="utf-8")).substitute(words)
