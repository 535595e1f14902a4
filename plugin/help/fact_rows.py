"""Reads what an adapter told of a store, whatever came: a shape that is not as expected says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.mail import clean_words
from plugin.stores import StoreRow

LONGEST_NAME = 80


def read_facts(store: StoreRow) -> Mapping[str, Any]:
    """`StoreRow.facts`; empty while the platform was never asked."""
    return read_mapping(store.facts)


def read_mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def read_rows(facts: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = facts.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def read_words(rows: object) -> list[str]:
    return [row for row in rows if isinstance(row, str)] if isinstance(rows, list) else []


def read_title(row: Mapping[str, Any], language: str) -> str:
    """What the shop calls it: `label` per language, or `title` in the shop's own words."""
    label = row.get("label")
    return clean_name(label.get(language) if isinstance(label, Mapping) else row.get("title"))


def clean_name(words: object, limit: int = LONGEST_NAME) -> str:
    return clean_words(words, limit) if isinstance(words, str) else ""
