"""Shopify's own schema as the npm package ``@shopify/dev-mcp`` carries it, with the scopes that each part needs."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_client_schema

from adapters.shopify.client import DOCUMENTS
from plugin.testing.fake_shopify.slice_schema import UNMARKED

ROOT = Path(__file__).parents[2]
DATA = ROOT / "adapters/shopify/app/node_modules/@shopify/dev-mcp/dist/data"
VERSIONS = ("2026-07", "2026-10")
NAMES = sorted(path.stem for path in DOCUMENTS.glob("*.graphql"))
OPERATIONS = [
    name for name in NAMES if not (DOCUMENTS / f"{name}.graphql").read_text("utf-8").startswith("fragment")
]


@cache
def load_data(version: str) -> dict[str, Any]:
    path = DATA / f"admin_{version}.json.gz"
    assert path.exists(), "Shopify's schema is not here: run make shopify-tools"
    with gzip.open(path) as file:
        loaded: dict[str, Any] = json.load(file)
    return loaded


@cache
def load_schema(version: str) -> GraphQLSchema:
    """The schema. Its own deprecations break a rule of the library, so it is assumed to be valid."""
    return build_client_schema(load_data(version)["data"], assume_valid=True)


@cache
def load_scopes(version: str) -> dict[tuple[str, str], frozenset[str]]:
    """For each (type, field or ''): the scopes of which one is needed, as marked or, without a mark, documented."""
    rows = load_data(version)["offline_scopes"]["items"]
    return {place: frozenset(scopes) for place, scopes in UNMARKED.items()} | {
        (row["typeName"], row.get("fieldName") or ""): frozenset(row["offlineScopes"])
        for row in rows
        if row["offlineScopes"]
    }


@cache
def load_protected(version: str) -> dict[tuple[str, str], str]:
    """For each (type, field) that is protected customer data: which of it (``name``, ``phone`` ...)."""
    return {
        (kind["name"], field["name"]): field["protectedContent"]
        for kind in load_data(version)["data"]["__schema"]["types"]
        for field in kind.get("fields") or ()
        if field.get("isProtected")
    }


@cache
def load_topics(version: str) -> dict[str, str]:
    """Each webhook topic of the enum with what is written about it."""
    kinds = load_data(version)["data"]["__schema"]["types"]
    found = next(kind for kind in kinds if kind["name"] == "WebhookSubscriptionTopic")
    return {value["name"]: value["description"] or "" for value in found["enumValues"]}
