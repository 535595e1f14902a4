"""An answer taken from an article, as the hub draws it: the same tree as the widget's, with the same few tags."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from plugin.web.widget_fields import TAGS

KINDS = ("https://", "http://", "mailto:", "tel:")
DEEPEST = 20
_SHOWN = {"h3": ("<p><strong>", "</strong></p>"), "br": ("<br>", "")}
"""Drawn otherwise than by their own tags: headings stand in a message, not in the page."""


def draw_tree(nodes: Sequence[Any], depth: int = 0) -> str:
    """HTML of a rich tree. Whatever is no text and no known element is left out; text is text everywhere."""
    return "".join(_draw(node, depth) for node in nodes) if depth < DEEPEST else ""


def _draw(node: Any, depth: int) -> str:
    if isinstance(node, str):
        return escape(node)
    if not isinstance(node, dict) or node.get("tag") not in TAGS:
        return ""
    tag, inner = str(node["tag"]), draw_tree(node.get("children", ()), depth + 1)
    if tag == "a":
        href = node.get("href")
        if not isinstance(href, str) or not href.lower().startswith(KINDS):
            return inner
        return f'<a href="{escape(href)}" rel="noopener noreferrer">{inner}</a>'
    begin, end = _SHOWN.get(tag, (f"<{tag}>", f"</{tag}>"))
    return f"{begin}{inner}{end}"
