"""What a question costs, and the bucket it is paid from.

https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits (2026-11): a scalar 0, an object 1, a mutation 10, a
connection by its size (two and each object in it); 1,000 points at most for one question; the requested cost must be
in the bucket, what was not needed flows back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    value_from_ast_untyped,
)

MOST = 1_000
MUTATION = 10
_UNKNOWN = object()


@dataclass(frozen=True)
class Counter:
    """Counts one operation: what it may cost, or with its data what it did."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def count(self, operation: OperationDefinitionNode, data: Any = _UNKNOWN) -> int:
        root = self.schema.get_root_type(operation.operation)
        if operation.operation is OperationType.MUTATION:
            return MUTATION * sum(isinstance(one, FieldNode) for one in operation.selection_set.selections)
        return self.count_set(operation.selection_set, root, data)

    def count_set(self, selections: SelectionSetNode | None, parent: Any, data: Any) -> int:
        """All that is selected on one object; of several fragments the dearest."""
        total, dearest = 0, 0
        for one in selections.selections if selections else ():
            if isinstance(one, FieldNode):
                total += self.count_field(one, parent, data)
            elif isinstance(one, FragmentSpreadNode):
                total += self.count_set(self.fragments[one.name.value].selection_set, parent, data)
            elif isinstance(one, InlineFragmentNode):
                inside = self.schema.type_map[one.type_condition.name.value] if one.type_condition else parent
                dearest = max(dearest, self.count_set(one.selection_set, inside, data))
        return total + dearest

    def count_field(self, node: FieldNode, parent: Any, data: Any) -> int:
        if not isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)) or node.name.value not in parent.fields:
            return 0
        given = parent.fields[node.name.value].type
        named = get_named_type(given)
        if not is_composite_type(named):
            return 0
        value = data
        if data is not _UNKNOWN:
            value = data.get(node.alias.value if node.alias else node.name.value) if isinstance(data, dict) else None
            if value is None:
                return 0
        if named.name == "PageInfo":
            return 0
        if named.name.endswith("Connection"):
            return 2 + self.count_connection(node, named, value)
        if is_list_type(get_nullable_type(given)):
            many = value if value is not _UNKNOWN else [_UNKNOWN] * self.read_size(node, 1)
            return sum(1 + self.count_set(node.selection_set, named, one) for one in many if one is not None)
        return 1 + self.count_set(node.selection_set, named, value)

    def count_connection(self, node: FieldNode, named: Any, value: Any) -> int:
        """The objects in a connection, each once however it was asked for (`nodes`, `edges`)."""
        dearest = 0
        for one in node.selection_set.selections if node.selection_set else ():
            if not isinstance(one, FieldNode) or one.name.value not in ("nodes", "edges"):
                continue
            inside = get_named_type(named.fields[one.name.value].type)
            key = one.alias.value if one.alias else one.name.value
            many = [_UNKNOWN] * self.read_size(node, 10) if value is _UNKNOWN else value.get(key) or []
            if one.name.value == "nodes":
                cost = sum(1 + self.count_set(one.selection_set, inside, item) for item in many)
            else:
                cost = sum(max(1, self.count_set(one.selection_set, inside, item)) for item in many)
            dearest = max(dearest, cost)
        return dearest

    def read_size(self, node: FieldNode, default: int) -> int:
        for argument in node.arguments:
            if argument.name.value in ("first", "last"):
                size = value_from_ast_untyped(argument.value, dict(self.variables))
                return size if isinstance(size, int) else default
            if argument.name.value == "ids":
                named = value_from_ast_untyped(argument.value, dict(self.variables))
                return len(named) if isinstance(named, list) else default
        return default


class Bucket:
    """The points of one shop. Full at first."""

    def __init__(self, most: float, rate: float, now: datetime) -> None:
        self.most, self.rate, self.left, self.at = float(most), float(rate), float(most), now

    def look(self, now: datetime) -> float:
        """The points that are there now."""
        self.left = min(self.most, self.left + self.rate * max(0.0, (now - self.at).total_seconds()))
        self.at = now
        return self.left

    def take(self, cost: float, now: datetime) -> bool:
        if self.look(now) < cost:
            return False
        self.left -= cost
        return True

    def give_back(self, points: float) -> None:
        self.left = min(self.most, self.left + points)

    def show(self) -> dict[str, float]:
        return {"maximumAvailable": self.most, "currentlyAvailable": int(self.left), "restoreRate": self.rate}
