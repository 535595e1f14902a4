"""The frame of the REST interface: routes, rights, fields, pages. What each route does stands in `rest_*`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from plugin.testing.fake_woocommerce.bodies import refuse_parameter, write_error
from plugin.testing.fake_woocommerce.nouns import Body, User

if TYPE_CHECKING:
    from plugin.testing.fake_woocommerce.shop import FakeShop

NO_ROUTE = write_error("rest_no_route", "No route was found matching the URL and request method.", 404)
LINKS = "X-WP-Total, X-WP-TotalPages, Link"


@dataclass(frozen=True)
class Ask:
    """One believed request. `body` is its JSON object, {} when there is none."""

    shop: FakeShop
    user: User
    method: str
    path: str
    query: Mapping[str, str]
    body: Body
    authorization: bool = False
    secure: bool = False

    def says_yes(self, name: str, otherwise: bool = False) -> bool:
        value = self.body.get(name, self.query.get(name))
        return otherwise if value is None else str(value).lower() in ("1", "true", "yes")


@dataclass(frozen=True)
class Reply:
    """`afterwards` runs before the answer goes out, without the shop's lock."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    afterwards: Callable[[], None] | None = None


class Refused(Exception):
    """The answer is this error; the status is in it, or is the integer that stands for `data`."""

    def __init__(self, body: Body, status: int = 0) -> None:
        super().__init__(body.get("message", ""))
        data = body.get("data")
        told = data.get("status") if isinstance(data, dict) else data
        self.body, self.status = body, status or int(told or 400)


Handler = Callable[..., Reply]


@dataclass(frozen=True)
class Route:
    """`name` is what a stranger is refused under; `public` routes ask for no rights."""

    methods: frozenset[str]
    pattern: re.Pattern[str]
    handler: Handler


class Routes:
    """A table of routes that `@routes("GET", "orders/{id}")` fills."""

    def __init__(self) -> None:
        self.rows: list[Route] = []

    def __call__(self, methods: str, pattern: str) -> Callable[[Handler], Handler]:
        shape = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern) + "/?")

        def add(handler: Handler) -> Handler:
            self.rows.append(Route(frozenset(methods.split()), shape, handler))
            return handler

        return add

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
        for route in self.rows:
            if method in route.methods and (found := route.pattern.fullmatch(path)):
                return route.handler, found.groupdict()
        return None


def refuse_stranger(method: str, path: str, status: int) -> Body:
    """What somebody without keys (401) or without the capability (403) reads."""
    if method in ("GET", "HEAD"):
        is_list = not re.search(r"/\d+/?$", path)
        words = "Sorry, you cannot list resources." if is_list else "Sorry, you cannot view this resource."
        return write_error("woocommerce_rest_cannot_view", words, status)
    verb = {"POST": "create", "DELETE": "delete"}.get(method, "edit")
    return write_error(
        f"woocommerce_rest_cannot_{verb}", f"Sorry, you are not allowed to {verb} resources.", status
    )


def show_fields(value: Any, wish: str) -> Any:
    """``_fields=id,billing.email``: cuts a body, or each of a list, down. A list inside is whole or missing."""
    if not wish:
        return value
    if isinstance(value, list):
        return [show_fields(item, wish) for item in value]
    if not isinstance(value, dict):
        return value
    cut: Body = {}
    for path in wish.split(","):
        place, source, names = cut, value, path.strip().split(".")
        for depth, name in enumerate(names):
            if not isinstance(source, dict) or name not in source:
                break
            if depth == len(names) - 1:
                place[name] = source[name]
            else:
                source, place = source[name], place.setdefault(name, {})
    return cut


def read_number(ask: Ask, name: str, otherwise: int, least: int = 1, most: int | None = None) -> int:
    """A query parameter within its bounds; 400 beyond them."""
    text = ask.query.get(name)
    if text is None:
        return otherwise
    if not re.fullmatch(r"-?\d+", text):
        words = f"{name} is not of type integer."
        raise Refused(refuse_parameter(name, "rest_invalid_type", words))
    value = int(text)
    if value < least or (most is not None and value > most):
        words = f"{name} must be between {least} (inclusive) and {most} (inclusive)"
        if most is None:
            words = f"{name} must be greater than or equal to {least}"
        raise Refused(refuse_parameter(name, "rest_out_of_bounds", words))
    return value


def list_page(ask: Ask, rows: Sequence[Any], write: Callable[[Any], Body]) -> Reply:
    """One page of `rows`, and headers that tell of the others: Link echoes the whole query, keys included."""
    size = read_number(ask, "per_page", 10, most=100)
    page = read_number(ask, "page", 1)
    pages = -(-len(rows) // size)
    headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
    links = list(_link_pages(ask, page, pages))
    if links:
        headers["Link"] = ", ".join(links)
    return Reply([write(row) for row in rows[(page - 1) * size : page * size]], headers=headers)


def _link_pages(ask: Ask, page: int, pages: int) -> Iterator[str]:
    address = f"{ask.shop.home}/wp-json/{ask.path}"
    for name, number in (("prev", page - 1), ("next", page + 1)):
        if 1 <= number <= pages:
            yield f'<{address}?{urlencode({**ask.query, "page": number})}>; rel="{name}"'
