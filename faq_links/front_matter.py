"""The head of an article file: `key: JSON value` lines between two `---` lines."""

from __future__ import annotations

import json
from dataclasses import dataclass


class CatalogueError(ValueError):
    """A catalogue file cannot be read. The message names the file, the line and what to do."""

    def __init__(self, source: str, line: int, sentence: str) -> None:
        super().__init__(f"{source}, line {line}: {sentence}")
        self.source = source
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True)
class FrontMatter:
    """`values` as read, `lines` where each key stood (1 = first line), `body` the Markdown after the head."""

    values: dict[str, object]
    lines: dict[str, int]
    body: str


def read_front_matter(text: str, source: str) -> FrontMatter:
    """Raise `CatalogueError` when the head is missing, not closed, or a line is not `key: JSON value`."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].strip() != "---":
        raise CatalogueError(
            source, 1, 'The file must begin with a line "---", then lines such as title: "Words".'
        )
    values: dict[str, object] = {}
    where: dict[str, int] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == "---":
            return FrontMatter(values, where, "\n".join(lines[number:]).strip("\n"))
        if line.strip():
            key, value = _read_line(line, source, number)
            if key in values:
                raise CatalogueError(source, number, f'"{key}" stands twice; keep one of the two lines.')
            values[key], where[key] = value, number
    raise CatalogueError(
        source, len(lines), 'The head is not closed; add a line "---" before the article\'s text.'
    )


def _read_line(line: str, source: str, number: int) -> tuple[str, object]:
    key, colon, value = line.partition(":")
    if not colon or not key.strip():
        raise CatalogueError(
            source, number, 'Write this line as key: JSON value, for example title: "Words".'
        )
    try:
        return key.strip(), json.loads(value)
    except (ValueError, RecursionError):
        raise CatalogueError(
            source,
            number,
            f'The value of "{key.strip()}" is not JSON; put words between double quotes and lists in'
            ' brackets, for example ["one", "two"].',
        ) from None
