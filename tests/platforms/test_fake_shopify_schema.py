"""The data file that the fake answers from is what the documents touch of Shopify's own schema, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_shopify_bench import DOCUMENTS, ROOT
from graphql import build_schema, parse, validate, validate_schema

from plugin.testing.fake_shopify import slice_schema as slicer
from plugin.testing.fake_shopify.schemas import build_schema as build_ours
from plugin.testing.fake_shopify.schemas import list_guards, list_protected, read_schema
from plugin.testing.fake_shopify.topics import TOPICS, write_topic


def test_the_data_file_is_made_of_the_package_and_the_documents_byte_for_byte():
    introspection = ROOT / slicer.INTROSPECTION
    assert introspection.exists(), "The app's tools are not installed: make shopify-tools."
    assert slicer.slice_schema(introspection, DOCUMENTS.glob("*.graphql")) == read_schema(), (
        "A document changed: python -m plugin.testing.fake_shopify.slice_schema --write"
    )


def test_every_document_fits_the_data_file():
    schema = build_schema(read_schema())
    assert validate_schema(schema) == []
    everything = "\n".join(path.read_text("utf-8") for path in sorted(DOCUMENTS.glob("*.graphql")))
    assert validate(schema, parse(everything)) == []


def test_it_says_where_it_comes_from_and_copies_no_description():
    text = read_schema()
    head = text.partition("\n\n")[0]
    assert "@shopify/dev-mcp 1.16.0" in head and "admin_2026-10.json.gz" in head
    assert '"""' not in text


def test_the_marks_of_protection_and_scopes_come_along():
    schema = build_ours()
    protected = list_protected(schema)
    assert protected["Order", "email"] == "email" and protected["MailingAddress", "name"] == "name"
    guards = list_guards(schema)
    assert any("read_orders" in scopes for scopes in guards["QueryRoot", "orders"])
    assert guards["Mutation", "discountCodeBasicCreate"] == [("write_discounts",)]
    assert guards["QueryRoot", "shop"] == []


def test_a_document_with_a_field_that_does_not_exist_is_refused(tmp_path):
    introspection = ROOT / slicer.INTROSPECTION
    assert introspection.exists(), "The app's tools are not installed: make shopify-tools."
    wrong = tmp_path / "wrong.graphql"
    wrong.write_text("query Wrong { shop { colour } }")
    with pytest.raises(SystemExit, match="colour"):
        slicer.slice_schema(introspection, [wrong])


def test_every_topic_of_the_fake_is_one_of_shopify_s():
    words = build_schema(read_schema()).type_map["WebhookSubscriptionTopic"].values
    assert {write_topic(topic) for topic in TOPICS} <= words.keys()


def test_a_newer_schema_is_made_without_touching_the_one_in_use():
    newer = build_ours(True, ("Order.note",))
    assert "note" not in newer.type_map["Order"].fields and "note" in build_ours().type_map["Order"].fields
    assert "HELD_AT_CUSTOMS" in newer.type_map["FulfillmentDisplayStatus"].values
    assert "HELD_AT_CUSTOMS" not in build_ours().type_map["FulfillmentDisplayStatus"].values
    assert Path(slicer.__file__).with_name("schema.graphql").read_text() == read_schema()
