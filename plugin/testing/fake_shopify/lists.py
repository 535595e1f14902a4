"""Connections: pages of a list, with cursors that stay where they are when the list moves."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from graphql import GraphQLError

from plugin.testing.fake_shopify.nouns import Body

N = TypeVar("N")
MOST = 250
Key = tuple[Any, ...]


def write_cursor(key: Key) -> str:
    """Where in the order of the list it is: the sorted value and the id, as the real ones hold."""
    plain = [one.isoformat() if isinstance(one, datetime) else one for one in key]
    return base64.b64encode(json.dumps(plain).encode()).decode()


def read_cursor(cursor: str, like: Key) -> Key:
    try:
        plain = json.loads(base64.b64decode(cursor))
        pairs = zip(plain, like, strict=True)
        return tuple(
            datetime.fromisoformat(one) if isinstance(kind, datetime) else type(kind)(one) for one, kind in pairs
        )
    except (ValueError, TypeError):
        raise GraphQLError(
            "Invalid cursor for current pagination sort.", extensions={"code": "INVALID_CURSOR"}
        ) from None


def read_size(given: int | None, name: str) -> int:
    if given is not None and not 0 <= given <= MOST:
        raise GraphQLError(f"The argument {name} must be between 0 and {MOST}.", extensions={"code": "BAD_REQUEST"})
    return MOST if given is None else given


def connect(
    many: Sequence[N],
    make: Callable[[N], Body],
    key: Callable[[N], Key],
    *,
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
    reverse: bool = False,
) -> Body:
    """A connection over `many`, sorted by `key`. Raises GraphQLError for a size or a cursor that cannot be."""
    if first is None and last is None:
        raise GraphQLError("you must provide one of first or last", extensions={"code": "BAD_REQUEST"})
    sized = read_size(first if first is not None else last, "first" if first is not None else "last")
    rows = sorted(many, key=key, reverse=reverse)
    found = rows
    if after is not None and rows:
        start = read_cursor(after, key(rows[0]))
        found = [one for one in found if (key(one) < start if reverse else key(one) > start)]
    if before is not None and rows:
        end = read_cursor(before, key(rows[0]))
        found = [one for one in found if (key(one) > end if reverse else key(one) < end)]
    page = found[:sized] if first is not None else found[max(0, len(found) - sized) :]
    edges = [{"cursor": write_cursor(key(one)), "node": make(one)} for one in page]
    return {
        "nodes": [edge["node"] for edge in edges],
        "edges": edges,
        "pageInfo": {
            "hasNextPage": len(found) > sized if first is not None else before is not None,
            "hasPreviousPage": after is not None if first is not None else len(found) > sized,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }


def list_all(
    make: Callable[[N], Body], key: Callable[[N], Key], read: Callable[[], Sequence[N]]
) -> Callable[..., Body]:
    """A field that is a connection over what `read` finds when it is asked."""

    def resolve(_info: Any, **given: Any) -> Body:
        taken = {name: given[name] for name in ("first", "last", "after", "before", "reverse") if name in given}
        return connect(read(), make, key, **taken)

    return resolve


def cut(make: Callable[[N], Body], read: Callable[[], Sequence[N]]) -> Callable[..., list[Body]]:
    """A field that is a plain list, with an optional `first`."""

    def resolve(_info: Any, first: int | None = None, **_given: Any) -> list[Body]:
        return [make(one) for one in read()[: read_size(first, "first")]]

    return resolve
