"""Writes the generated pages of docs/reference; a test compares them with what is in git.

Run with ``make docs``.
"""

from __future__ import annotations

from pathlib import Path

import click

from plugin.cli import main
from plugin.contract import Capability
from plugin.registry import Registry, find_adapters
from plugin.settings import DECLARED, PREFIX
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import RecordingHttp

REFERENCE = Path("docs/reference")


def write_pages() -> dict[str, str]:
    """File name → Markdown of every generated page."""
    return {"settings.md": settings_page(), "commands.md": commands_page(), "platforms.md": platforms_page()}


def settings_page() -> str:
    """Every setting with its default and its sentence."""
    lines = [
        "# Settings",
        "",
        "Read from the environment, and below it from `mostrador.env` in the working directory "
        f"(`{PREFIX}SETTINGS` names another file). `mostrador init` writes that file with fresh keys; "
        "`mostrador check` says what is wrong. An adapter's own settings are "
        f"`{PREFIX}<ADAPTER>_<KEY>`; `mostrador adapters list` names them.",
        "",
        "| setting | kind | default | |",
        "|---|---|---|---|",
    ]
    for one in DECLARED:
        default = "required" if one.default is None else f"`{one.default}`" if one.default != "" else "empty"
        lines.append(f"| `{PREFIX}{one.name}` | {one.kind} | {default} | {one.help} |")
    registry = find_adapters({}, RecordingHttp(), FrozenClock())
    lines += ["", "## Of the adapters", "", "| setting | default | |", "|---|---|---|"]
    for name in registry.names:
        for given in registry.get(name).settings:
            default = f"`{given.default}`" if given.default else "empty"
            lines.append(f"| `{PREFIX}{name.upper()}_{given.key}` | {default} | {given.help} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Every command with its options."""
    lines = ["# Commands", ""]
    _describe(main, "mostrador", lines)
    return "\n".join(lines).rstrip() + "\n"


def _describe(command: click.Command, name: str, lines: list[str]) -> None:
    if isinstance(command, click.Group):
        for part in sorted(command.commands):
            _describe(command.commands[part], f"{name} {part}", lines)
        return
    arguments = [one.human_readable_name for one in command.params if isinstance(one, click.Argument)]
    lines += [f"## `{' '.join([name, *arguments])}`", "", (command.help or "").strip(), ""]
    options = [one for one in command.params if isinstance(one, click.Option)]
    lines += [f"- `{', '.join(option.opts)}`: {option.help or ''}" for option in options]
    lines += [""] if options else []


def platforms_page() -> str:
    """What each adapter can do at most."""
    registry: Registry = find_adapters({}, RecordingHttp(), FrozenClock())
    names = registry.names
    lines = [
        "# Platforms",
        "",
        "What an adapter can do at most; what a store really can is found when it is set up and shown in its desk.",
        "",
        f"| capability | {' | '.join(registry.get(name).label for name in names)} |",
        f"|---|{'---|' * len(names)}",
    ]
    for capability in Capability:
        marks = " | ".join("yes" if capability in registry.get(name).capabilities else "no" for name in names)
        lines.append(f"| `{capability.value}` | {marks} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for file_name, text in write_pages().items():
        (REFERENCE / file_name).write_text(text, encoding="utf-8")
