"""Every question in ``documents/``: valid in Shopify's own schema, bounded in cost, and never the cause of a mail.

The schema is Shopify's, carried by the npm package ``@shopify/dev-mcp`` (`make shopify-tools`).
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    VariableNode,
    parse,
    validate,
)
from shopify_schema import NAMES, OPERATIONS, VERSIONS, load_schema

from adapters.shopify import client

MUTATIONS = [name for name in OPERATIONS if client.read_document(name).startswith("mutation")]
MOST = 1000
MUTATION_COST = 10
LIST_OF_UNKNOWN_LENGTH = 10
IDS_AT_ONCE = {"orders_by_ids": 8, "parcels_by_ids": 8}
VARIABLES = {"first": 50}


@cache
def read(name: str) -> DocumentNode:
    return parse(client.read_document(name))


def test_every_file_holds_one_operation_or_one_fragment_named_like_it() -> None:
    assert len(OPERATIONS) >= 20
    for name in NAMES:
        document = parse((client.DOCUMENTS / f"{name}.graphql").read_text("utf-8"))
        (definition,) = document.definitions
        assert (
            isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
            and definition.name is not None
        )
        assert re.sub(r"(?<!^)(?=[A-Z])", "_", definition.name.value).lower() == name


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_question_is_valid_in_shopifys_own_schema(name: str, version: str) -> None:
    assert [error.message for error in validate(load_schema(version), read(name))] == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_question_may_cost_more_than_shopify_allows(name: str) -> None:
    """Counted at the worst: an object is a point, a list as many times what is in it as it may hold (linear; Shopify
    asks less for long lists: https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits, 2026-11-22)."""
    assert 0 < measure(name) <= MOST


def test_a_question_that_is_too_dear_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(IDS_AT_ONCE, "orders_by_ids", 12)
    assert measure("orders_by_ids") > MOST


def measure(name: str) -> int:
    document = read(name)
    fragments = {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    (operation,) = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    base = MUTATION_COST if operation.operation.value == "mutation" else 0
    return base + cost_of(operation, fragments, name)


def cost_of(node: Any, fragments: dict[str, FragmentDefinitionNode], name: str) -> int:
    total = 0
    for field in node.selection_set.selections if node.selection_set else ():
        if isinstance(field, FragmentSpreadNode):
            total += cost_of(fragments[field.name.value], fragments, name)
        elif isinstance(field, InlineFragmentNode):
            total += cost_of(field, fragments, name)
        elif isinstance(field, FieldNode) and field.selection_set is not None:
            total += cost_of_field(field, fragments, name)
    return total


def cost_of_field(field: FieldNode, fragments: dict[str, FragmentDefinitionNode], name: str) -> int:
    word = field.name.value
    inside = cost_of(field, fragments, name)
    if word in ("userErrors", "orderCancelUserErrors", "pageInfo"):
        return 0
    if (
        word == "nodes"
        and name in IDS_AT_ONCE
        and any(argument.name.value == "ids" for argument in field.arguments)
    ):
        return IDS_AT_ONCE[name] * (1 + inside)
    if word == "nodes":
        return 1 + inside
    first = next((argument.value for argument in field.arguments if argument.name.value == "first"), None)
    if isinstance(first, IntValueNode):
        count = int(first.value)
    elif isinstance(first, VariableNode):
        count = VARIABLES[first.name.value]
    else:
        several = word in ("supportedActions", "accessScopes", "domains", "metafields", "deletedMetafields")
        return (LIST_OF_UNKNOWN_LENGTH if several else 1) * (1 + inside)
    is_connection = any(
        isinstance(one, FieldNode) and one.name.value == "nodes" for one in field.selection_set.selections
    )
    return 2 + count * inside if is_connection else count * (1 + inside)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_list_that_may_be_long_says_how_much_of_it(name: str) -> None:
    """A connection without ``first`` is refused by Shopify, a list without it may be of any length."""
    text = client.read_document(name)
    for word in ("lineItems", "fulfillments", "fulfillmentOrders", "events", "refunds", "transactions", "trackingInfo",
                 "fulfillmentLineItems", "orders", "webhookSubscriptions", "codes"):  # fmt: skip
        for match in re.finditer(rf"\b{word}\b\s*(\(([^)]*)\))?\s*\{{", text):
            assert "first:" in (match[2] or ""), f"{name}: {word}"


def test_no_mutation_lets_shopify_mail_anybody() -> None:
    speaking = {"fulfillmentCreate", "fulfillmentTrackingInfoUpdate", "orderCancel"}
    found = set()
    for name in MUTATIONS:
        text = client.read_document(name)
        for word in speaking:
            if re.search(rf"\b{word}\(", text):
                found.add(word)
                assert len(re.findall(r"notifyCustomer:\s*false", text)) == 1, name
        assert not re.search(r"notifyCustomer:(?!\s*false)", text), name
    assert found == speaking


def test_no_mutation_moves_money_or_asks_for_returns() -> None:
    for name in OPERATIONS:
        text = client.read_document(name)
        assert not re.search(r"\b(refundCreate|return[A-Z]\w*|orderCapture|draftOrder\w*|returns)\b", text), (
            name
        )
        assert "refund: false" in text if "orderCancel(" in text else True


def test_no_order_is_overwritten_but_for_its_note() -> None:
    text = "".join(client.read_document(name) for name in MUTATIONS)
    assert re.findall(r"orderUpdate\(input: \{([^}]*)\}", text) == ["id: $id, note: $note"]


def test_no_question_asks_for_what_of_a_shopper_we_do_not_need() -> None:
    for name in OPERATIONS:
        fields = set(re.findall(r"\b\w+\b", client.read_document(name)))
        kept = {
            "phone",
            "address1",
            "address2",
            "zip",
            "city",
            "latitude",
            "longitude",
            "statusPageUrl",
            "clientIp",
        }
        assert not fields & kept, name


def test_variables_hold_no_switch_for_mails() -> None:
    for name in OPERATIONS:
        (operation,) = [node for node in read(name).definitions if isinstance(node, OperationDefinitionNode)]
        words = json.dumps([variable.variable.name.value for variable in operation.variable_definitions])
        assert "notify" not in words.lower(), name
