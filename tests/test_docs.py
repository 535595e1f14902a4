"""The docs are true: generated pages equal the code, commands have help, links lead somewhere."""

import re
from pathlib import Path

import click
import pytest

from docs.write_reference import REFERENCE, write_pages
from plugin.cli import main

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")]


@pytest.mark.parametrize("name", sorted(write_pages()))
def test_the_generated_page_is_what_the_code_says(name: str) -> None:
    written = (ROOT / REFERENCE / name).read_text(encoding="utf-8")
    assert written == write_pages()[name], "run `make docs`"


def commands(group: click.Group, prefix: str = "mostrador") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, f"{prefix} {name}")
        else:
            found.append((f"{prefix} {name}", command))
    return found


@pytest.mark.parametrize(("name", "command"), commands(main))
def test_every_command_and_option_says_what_it_is_for(name: str, command: click.Command) -> None:
    assert command.help and command.help.strip().endswith("."), name
    for option in command.params:
        if isinstance(option, click.Option) and option.name != "locale":
            assert option.help, f"{name} {option.opts}"


@pytest.mark.parametrize("markdown", PAGES, ids=lambda markdown: str(markdown.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(markdown: Path) -> None:
    text = markdown.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (markdown.parent / target).exists(), f"{markdown.name} points to {target}"


def test_every_setting_named_in_the_docs_exists() -> None:
    from plugin.settings import DECLARED, PREFIX

    known = {PREFIX + one.name for one in DECLARED} | {PREFIX + "SETTINGS", PREFIX + "CHROMIUM"}
    for page in PAGES:
        for name in re.findall(r"\bMOSTRADOR_[A-Z_]*[A-Z]\b", page.read_text(encoding="utf-8")):
            own = name.removeprefix(PREFIX).partition("_")[0].lower() in ("demo", "woocommerce", "shopify")
            assert name in known or own, f"{page.name} names {name}"
