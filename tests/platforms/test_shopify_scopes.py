"""The scopes that the app asks for are exactly what its questions and topics need, as Shopify's own schema tells."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import FieldNode, TypeInfo, TypeInfoVisitor, Visitor, get_named_type, parse, visit
from shopify_schema import (
    OPERATIONS,
    ROOT,
    VERSIONS,
    load_data,
    load_protected,
    load_schema,
    load_scopes,
    load_topics,
)

from adapters.shopify.client import API_VERSION, read_document
from adapters.shopify.hooks import NEEDS, SCOPES, TOPICS, name_topic
from plugin.testing.fake_shopify.slice_schema import UNMARKED

APP = ROOT / "adapters/shopify/app"
FILES = ("shopify.app.toml", "shopify.app.custom.toml")
COMPLIANCE = {"customers/data_request", "customers/redact", "shop/redact"}


class Collector(Visitor):
    """The groups of scopes, one of each of which is needed, for every field and type that a document touches."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.needed: set[frozenset[str]] = set()
        self.touched: set[tuple[str, str]] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent, given = self.info.get_parent_type(), self.info.get_type()
        scopes = load_scopes(API_VERSION)
        self.touched.add((str(parent), node.name.value))
        for key in ((str(parent), node.name.value), (str(get_named_type(given)), "")):
            if key in scopes:
                self.needed.add(scopes[key])


def walk(name: str) -> Collector:
    info = TypeInfo(load_schema(API_VERSION))
    collector = Collector(info)
    visit(parse(read_document(name)), TypeInfoVisitor(info, collector))
    return collector


def collect(name: str) -> set[frozenset[str]]:
    return walk(name).needed


def collect_topic(topic: str) -> set[frozenset[str]]:
    words = load_topics(API_VERSION)[name_topic(topic)]
    found = re.search(r"[Rr]equires.*", words.replace("\n", " "))
    scopes = frozenset(re.findall(r"read_\w+", found[0])) if found else frozenset()
    return {scopes} if scopes else set()


def spread(scopes: frozenset[str]) -> frozenset[str]:
    return scopes | {f"read_{scope.removeprefix('write_')}" for scope in scopes if scope.startswith("write_")}


def list_needed() -> Iterator[tuple[str, frozenset[str]]]:
    for name in OPERATIONS:
        for group in collect(name):
            yield name, group
    for topic in TOPICS:
        for group in collect_topic(topic):
            yield topic, group


def lacks(scopes: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
    given = spread(scopes)
    return [(what, group) for what, group in list_needed() if not group & given]


def test_every_question_and_topic_is_allowed_by_the_scopes() -> None:
    assert lacks(SCOPES) == []


def test_not_one_scope_is_asked_for_without_need() -> None:
    for scope in SCOPES:
        assert lacks(SCOPES - {scope}), f"{scope} is needed by nothing"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_scope_is_written_by_hand_only_where_shopifys_marks_leave_it_out(version: str) -> None:
    marked = {
        (row["typeName"], row.get("fieldName")): row["offlineScopes"]
        for row in load_data(version)["offline_scopes"]["items"]
    }
    for parent, field in UNMARKED:
        assert field in load_schema(version).type_map[parent].to_kwargs()["fields"]
        assert not marked.get((parent, field)), field
    assert lacks(SCOPES - {"read_shipping"}) == [
        ("shipping_profiles", frozenset(UNMARKED["QueryRoot", "deliveryProfiles"])),
        ("shipping_zones", frozenset(UNMARKED["QueryRoot", "deliveryProfile"])),
    ]


def test_reading_alone_would_not_do() -> None:
    for scope in SCOPES:
        if scope.startswith("write_"):
            assert lacks(SCOPES - {scope} | {f"read_{scope.removeprefix('write_')}"}), scope


def test_of_protected_customer_data_names_and_addresses_of_mail_are_asked_for_and_nothing_else() -> None:
    """What ``docs/protected-data.md`` promises, by Shopify's own marks: no phone, no street, no place on a map."""
    marks = load_protected(API_VERSION)
    assert {"name", "email", "phone", "address"} <= set(marks.values())
    asked = {place: marks[place] for name in OPERATIONS for place in walk(name).touched if place in marks}
    assert asked == {("Order", "email"): "email", ("MailingAddress", "name"): "name"}
    assert "customer" not in {field for fields in TOPICS.values() for field in fields}


def test_who_bought_is_the_one_thing_that_reading_customers_is_for() -> None:
    needing = {what for what, group in list_needed() if group == {"read_customers"}}
    assert needing <= {name for name in OPERATIONS if ("Customer", "id") in walk(name).touched}
    touched = {place for name in OPERATIONS for place in walk(name).touched}
    assert {place for place in touched if place[0] == "Customer"} == {("Customer", "id")}


def test_nothing_of_returns_or_of_old_orders_is_asked_for() -> None:
    assert not any("return" in scope or scope == "read_all_orders" for scope in SCOPES)


def test_a_capabilitys_scopes_are_among_those_asked_for() -> None:
    assert frozenset().union(*NEEDS.values()) <= spread(SCOPES)


def test_every_topic_is_one_of_shopifys() -> None:
    assert {name_topic(topic) for topic in TOPICS} <= set(load_topics(API_VERSION))
    assert all("updated_at" in fields for fields in TOPICS.values())


def read_toml(name: str) -> dict[str, Any]:
    path: Path = APP / name
    if not path.exists():
        pytest.fail(f"{name} is missing")
    return tomllib.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_the_app_asks_shopify_for_exactly_these_scopes(name: str) -> None:
    access = read_toml(name)["access_scopes"]
    assert sorted(filter(None, access["scopes"].split(","))) == sorted(SCOPES)
    assert not access.get("optional_scopes")


def test_the_apps_own_file_declares_exactly_these_topics() -> None:
    webhooks = read_toml("shopify.app.toml")["webhooks"]
    declared: dict[str, set[str]] = {}
    compliance: set[str] = set()
    for row in webhooks["subscriptions"]:
        assert row["uri"] == "https://mostrador.example/hooks/shopify"
        compliance |= set(row.get("compliance_topics", ()))
        for topic in row.get("topics", ()):
            assert topic not in declared
            declared[topic] = set(row["include_fields"])
    assert webhooks["api_version"] == API_VERSION and compliance == COMPLIANCE
    assert set(declared) == set(TOPICS)
    assert declared == {topic: set(fields) for topic, fields in TOPICS.items()}
