"""The webhook subscriptions that the app declares: read from its ``shopify.app.toml``, as a deploy would."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from plugin.testing.fake_shopify.bodies import COMPLIANCE
from plugin.testing.fake_shopify.nouns import Subscription

URI = "/hooks/shopify"
ORDER = ("id", "admin_graphql_api_id", "updated_at")
PLAIN = (
    Subscription("orders/create", URI, ORDER),
    Subscription("orders/updated", URI, ORDER),
    Subscription("orders/cancelled", URI, ORDER),
    Subscription("orders/delete", URI),
    Subscription("fulfillments/create", URI, ("id", "order_id", "updated_at")),
    Subscription("fulfillments/update", URI, ("id", "order_id", "updated_at")),
    Subscription("fulfillment_events/create", URI, ("id", "order_id", "fulfillment_id", "updated_at")),
    Subscription("refunds/create", URI, ("id", "order_id", "created_at")),
    Subscription("app/uninstalled", URI),
    Subscription("app/scopes_update", URI),
    Subscription("shop/update", URI, ("id", "myshopify_domain", "updated_at")),
    *(Subscription(topic, URI) for topic in COMPLIANCE),
)
"""What a shop's care counter needs, for when no TOML is at hand."""


def read_declared(toml: Path | None) -> list[Subscription]:
    """The subscriptions of an app's TOML; `PLAIN` without one."""
    if toml is None or not toml.exists():
        return [Subscription(one.topic, one.uri, one.include) for one in PLAIN]
    read = tomllib.loads(toml.read_text(encoding="utf-8"))
    home = read.get("application_url", "")
    return [
        Subscription(topic, find_path(one["uri"], home), tuple(one.get("include_fields", ())), name=one.get("name", ""))
        for one in read.get("webhooks", {}).get("subscriptions", ())
        for topic in (*one.get("topics", ()), *one.get("compliance_topics", ()))
    ]


def find_path(uri: str, application_url: str) -> str:
    """Where on the app's server a delivery arrives. A path stands behind the whole `application_url`, as `@shopify/cli`
    4.8.2 puts it there when it deploys; of a whole address the server is left out, for it is wherever the app runs."""
    whole = f"{application_url.rstrip('/')}{uri}" if uri.startswith("/") else uri
    return urlsplit(whole).path


def read_scopes(toml: Path | None) -> tuple[str, ...]:
    """The scopes that an installation asks for; () without a TOML."""
    if toml is None or not toml.exists():
        return ()
    read: Mapping[str, Any] = tomllib.loads(toml.read_text(encoding="utf-8"))
    words: str = read.get("access_scopes", {}).get("scopes", "")
    return tuple(filter(None, (word.strip() for word in words.split(","))))
