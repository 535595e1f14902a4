"""Row ids in addresses: only numbers that a row's id can be reach a view, whatever else is no such page (404)."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""Ids are INTEGER: four bytes on PostgreSQL, which refuses to compare them with more."""


class RowId(IntegerConverter):
    """``<int:...>``. Ten digits at most: Python refuses to read thousands."""

    regex = r"\d{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=0, max=LARGEST)


def bound_row_ids(app: Flask) -> None:
    """Every ``<int:...>`` of every address is a row id. Before the first blueprint."""
    app.url_map.converters["int"] = RowId


def read_row_id(name: str) -> int | None:
    """A row's id after the question mark of an address; None for what cannot be one."""
    written = request.args.get(name, "")
    plain = written.isascii() and written.isdecimal() and len(written) <= 10
    return int(written) if plain and int(written) <= LARGEST else None
