"""The schema the fake answers from, as it is and as a later version of Shopify's would be; and who may read what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    ListValueNode,
    NameNode,
    ObjectTypeDefinitionNode,
    StringValueNode,
    build_ast_schema,
    get_named_type,
    parse,
)

API_VERSION = "2026-10"
SUPPORTED = ("2026-01", "2026-04", "2026-07", "2026-10")
"""Supported on 2026-11-22; an older one is answered by the oldest of them, an unknown one not at all."""
NEW_WORDS: Mapping[str, tuple[str, ...]] = {
    "FulfillmentDisplayStatus": ("HELD_AT_CUSTOMS",),
    "FulfillmentEventStatus": ("HELD_AT_CUSTOMS",),
    "OrderDisplayFinancialStatus": ("ON_CREDIT",),
    "OrderDisplayFulfillmentStatus": ("PACKED_BY_ROBOT",),
}
"""What the enums of an upgraded schema have beside ours."""


@cache
def read_schema() -> str:
    return (files("plugin.testing.fake_shopify") / "schema.graphql").read_text(encoding="utf-8")


@cache
def build_schema(new_words: bool = False, gone: tuple[str, ...] = ()) -> GraphQLSchema:
    """The schema; with `new_words` in its enums, and without the fields in `gone` (``Order.note``)."""
    document = parse(read_schema(), no_location=True)
    definitions = []
    for one in document.definitions:
        if isinstance(one, EnumTypeDefinitionNode) and new_words and one.name.value in NEW_WORDS:
            words = (
                EnumValueDefinitionNode(name=NameNode(value=word), directives=()) for word in NEW_WORDS[one.name.value]
            )
            one.values = (*one.values, *words)
        if isinstance(one, (ObjectTypeDefinitionNode, InterfaceTypeDefinitionNode)):
            one.fields = tuple(each for each in one.fields if f"{one.name.value}.{each.name.value}" not in gone)
        definitions.append(one)
    return build_ast_schema(DocumentNode(definitions=tuple(definitions)), assume_valid=True)


def read_directive(node: Any, name: str) -> DirectiveNode | None:
    return next((one for one in getattr(node, "directives", None) or () if one.name.value == name), None)


def list_scopes(node: Any) -> tuple[str, ...]:
    """The scopes of ``@access``, any one of which opens it; () when it is open to all."""
    mark = read_directive(node, "access")
    value = mark.arguments[0].value if mark is not None else None
    if not isinstance(value, ListValueNode):
        return ()
    return tuple(one.value for one in value.values if isinstance(one, StringValueNode))


@cache
def list_guards(schema: GraphQLSchema) -> dict[tuple[str, str], list[tuple[str, ...]]]:
    """(type, field) → the scopes of the field, of what it gives, and of what stands in a connection's nodes."""
    guards = {}
    for one in schema.type_map.values():
        if not isinstance(one, (GraphQLObjectType, GraphQLInterfaceType)) or one.name.startswith("__"):
            continue
        for name, each in one.fields.items():
            given: Any = get_named_type(each.type)
            nodes = given.fields.get("nodes") or given.fields.get("edges") if hasattr(given, "fields") else None
            inside = get_named_type(nodes.type) if given.name.endswith("Connection") and nodes is not None else None
            wanted = (
                list_scopes(each.ast_node),
                list_scopes(given.ast_node),
                list_scopes(getattr(inside, "ast_node", None)),
            )
            guards[one.name, name] = [scopes for scopes in wanted if scopes]
    return guards


@cache
def list_protected(schema: GraphQLSchema) -> dict[tuple[str, str], str]:
    """(type, field) → which protected customer data it is."""
    found = {}
    for one in schema.type_map.values():
        for name, each in getattr(one, "fields", {}).items():
            node = getattr(each, "ast_node", None)
            mark = read_directive(node, "protected") if isinstance(node, FieldDefinitionNode) else None
            if mark is not None and isinstance(mark.arguments[0].value, StringValueNode):
                found[one.name, name] = mark.arguments[0].value.value
    return found


def is_open(scopes: tuple[str, ...], granted: tuple[str, ...]) -> bool:
    """Whether one of `scopes` is granted; to write something implies to read it."""
    implied = {scope.replace("write_", "read_", 1) for scope in granted if scope.startswith("write_")}
    return bool(set(scopes) & (implied | set(granted)))
