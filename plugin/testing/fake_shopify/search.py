"""The ``query:`` of a list: ``updated_at:>='2026-11-21T10:00:00Z' AND (financial_status:paid OR tag:urgent)``.

As in the real one a filter that does not exist is no error: it filters nothing, and a warning says so beside the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from plugin.testing.fake_shopify.nouns import Order

T = TypeVar("T", int, datetime)
Test = Callable[[Order], bool]
VALUE = r"""("(?:\\.|[^"])*"|'(?:\\.|[^'])*'|[^\s()]+)"""
TOKEN = re.compile(rf"\s*(?:(\()|(\))|(AND|OR|NOT)(?=[\s(])|(-)?([a-z_]+):(<=|>=|<|>)?{VALUE}|{VALUE})")
TIMES: dict[str, Callable[[Order], datetime | None]] = {
    "updated_at": lambda order: order.updated_at,
    "created_at": lambda order: order.created_at,
    "processed_at": lambda order: order.created_at,
}
WORDS: dict[str, Callable[[Order], tuple[str, ...]]] = {
    "name": lambda order: (order.name, str(order.number)),
    "email": lambda order: (order.email,),
    "tag": lambda order: tuple(order.tags),
    "financial_status": lambda order: (order.financial,),
    "fulfillment_status": lambda order: (order.fulfillment_status, "SHIPPED" * (not order.list_open())),
    "confirmation_number": lambda order: (order.confirmation,),
    "checkout_token": lambda order: (order.checkout_token,),
    "test": lambda order: (str(order.test),),
    "customer_id": lambda order: (str(order.customer_id or ""),),
    "status": lambda order: ("any", _name_status(order), "not_closed" * (not order.closed_at)),
}


@dataclass
class Search:
    """A query read once. `warnings`: the filters that do not exist or cannot be read."""

    query: str
    warnings: list[dict[str, str]] = field(default_factory=list)
    _tokens: list[tuple[str, ...]] = field(default_factory=list)

    def read(self) -> Test:
        self._tokens = [match.groups(default="") for match in TOKEN.finditer(self.query)]
        test = self._read_any()
        while self._tokens:
            self._tokens.pop(0)
            rest, before = self._read_any(), test
            test = _both(before, rest)
        return test

    def _read_any(self) -> Test:
        test = self._read_all()
        while self._tokens and self._tokens[0][2] == "OR":
            self._tokens.pop(0)
            test = _either(test, self._read_all())
        return test

    def _read_all(self) -> Test:
        test: Test = _everything
        while self._tokens and not self._tokens[0][1] and self._tokens[0][2] != "OR":
            if self._tokens[0][2] == "AND":
                self._tokens.pop(0)
                continue
            test = _both(test, self._read_one())
        return test

    def _read_one(self) -> Test:
        opens, _closes, word, minus, name, compare, value, loose = self._tokens.pop(0)
        if word == "NOT":
            return _negate(self._read_one()) if self._tokens else _everything
        if opens:
            inside = self._read_any()
            if self._tokens and self._tokens[0][1]:
                self._tokens.pop(0)
            return inside
        test = self._make(name, compare, _unquote(value)) if name else _loose(_unquote(loose))
        return _negate(test) if minus else test

    def _make(self, name: str, compare: str, value: str) -> Test:
        if name in TIMES:
            at = _read_time(value)
            if at is not None:
                return _compare_times(TIMES[name], compare, at)
        elif name == "id" and value.rpartition("/")[2].isdigit():
            wanted = int(value.rpartition("/")[2])
            return lambda order: _holds(order.id, compare, wanted)
        elif name in WORDS:
            return _compare_words(WORDS[name], value)
        self.warnings.append(
            {"field": name, "message": "Invalid search field for this query.", "code": "invalid_field"}
        )
        return _everything


def _name_status(order: Order) -> str:
    return "cancelled" if order.cancelled_at else "closed" if order.closed_at else "open"


def _everything(_order: Order) -> bool:
    return True


def _both(one: Test, other: Test) -> Test:
    return lambda order: one(order) and other(order)


def _either(one: Test, other: Test) -> Test:
    return lambda order: one(order) or other(order)


def _negate(test: Test) -> Test:
    return lambda order: not test(order)


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0] else text


def _loose(word: str) -> Test:
    """A bare word is looked for in the names and addresses, as in the admin's search."""
    low = word.casefold()
    return lambda order: low in f"{order.name} {order.email} {order.first_name} {order.last_name}".casefold()


def _read_time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _holds(mine: T, compare: str, wanted: T) -> bool:
    return {"<": mine < wanted, "<=": mine <= wanted, ">": mine > wanted, ">=": mine >= wanted, "": mine == wanted}[
        compare
    ]


def _compare_times(read: Callable[[Order], datetime | None], compare: str, wanted: datetime) -> Test:
    def test(order: Order) -> bool:
        mine = read(order)
        return mine is not None and _holds(mine, compare, wanted)

    return test


def _compare_words(read: Callable[[Order], tuple[str, ...]], value: str) -> Test:
    wanted = {word.casefold() for word in value.split(",")}
    return lambda order: any(word.casefold() in wanted for word in read(order) if word)
