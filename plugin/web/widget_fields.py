"""What the shapes of the widget API are made of: text, rich text, and a schema that refuses what it does not name."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields

TAGS = ("p", "h3", "ul", "ol", "li", "strong", "em", "code", "br", "a")


class Words(fields.String):
    """Text that every database and every reader can take: no NUL, no half of a surrogate pair."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            raise ma.ValidationError("This is not text.")
        return text


class RichNode(fields.Field[Any]):
    """A node of rich text: a string (text, never markup) or ``{"tag", "href"?, "children"}``, see `TAGS`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        check_node(value)
        return value


def check_node(node: Any, depth: int = 0) -> None:
    """Raises `marshmallow.ValidationError` for anything but rich text as the widget draws it."""
    if isinstance(node, str):
        return
    known = isinstance(node, dict) and set(node) <= {"tag", "href", "children"} and node.get("tag") in TAGS
    linked = known and ("href" not in node or (node["tag"] == "a" and isinstance(node["href"], str)))
    children = node.get("children", []) if linked else None
    if not isinstance(children, list) or depth > 20:
        raise ma.ValidationError("This is not a node of rich text.")
    for child in children:
        check_node(child, depth + 1)


class Schema(ma.Schema):
    class Meta:
        unknown = ma.RAISE
