"""Setting a shop up: what its theme is told, what we may do in it, and the webhooks of a merchant's own app."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from shopify_shop import (
    CUSTOM,
    PUBLIC,
    Arranged,
    answer_data,
    make_shop,
    make_shop_facts,
    make_store,
)

from adapters.shopify.doctor import examine
from adapters.shopify.hooks import (
    CAPABILITIES,
    SCOPES,
    TOPICS,
    mend_webhooks,
    name_topic,
    plan_hooks,
    set_up,
    tear_down,
)
from plugin.contract import (
    AccessRevoked,
    Capability,
    Finding,
    FindingState,
    PlatformDown,
    Urls,
)
from plugin.testing.fakes import make_answer

ADDRESS = "https://care.example/hooks/shopify/key-of-tests"
URLS = Urls(
    webhook=ADDRESS,
    install_callback="https://care.example/c",
    widget_loader="https://care.example/l",
    desk="https://care.example/d",
)
STORE = make_store()
INSTALLATION = "gid://shopify/AppInstallation/7"
DENIED = {
    "message": "Not approved",
    "path": ["orders", "nodes", 0, "email"],
    "extensions": {"code": "ACCESS_DENIED"},
}


def installation(
    scopes: frozenset[str] = SCOPES, store: str | None = None, service: str | None = None
) -> dict[str, Any]:
    return {
        "currentAppInstallation": {
            "id": INSTALLATION,
            "accessScopes": [{"handle": scope} for scope in sorted(scopes)],
            "store": {"value": store} if store else None,
            "service": {"value": service} if service else None,
        }
    }


def hook(number: int, topic: str, uri: str = ADDRESS, fields: Any = None) -> dict[str, Any]:
    kept = list(TOPICS.get(topic, ())) if fields is None else fields
    return {
        "id": f"gid://shopify/WebhookSubscription/{number}",
        "topic": name_topic(topic),
        "uri": uri,
        "includeFields": kept,
    }


def hooks(*rows: dict[str, Any], after: str | None = None) -> dict[str, Any]:
    return {
        "webhookSubscriptions": {
            "nodes": list(rows),
            "pageInfo": {"hasNextPage": after is not None, "endCursor": after},
        }
    }


def arrange(**replies: Any) -> Arranged:
    made = {"webhookSubscriptionCreate": {"webhookSubscription": {"id": "x"}, "userErrors": []}}
    given: dict[str, Any] = {
        "app_installation": installation(),
        "app_metafields_set": {"metafieldsSet": {"metafields": [], "userErrors": []}},
        "app_metafields_delete": {"metafieldsDelete": {"deletedMetafields": [], "userErrors": []}},
        "protected_fields": {"orders": {"nodes": [{"id": "x", "email": "ana@example.com"}]}},
        "shop_facts": make_shop_facts(),
        "shop_domains": {
            "shop": {"domains": [{"host": "cafeandino.example"}, {"host": "www.cafeandino.example"}]}
        },
        "webhooks_list": hooks(),
        "webhook_create": made,
        "webhook_delete": {
            "webhookSubscriptionDelete": {"deletedWebhookSubscriptionId": "x", "userErrors": []}
        },
    }
    return Arranged(**given | replies)


def test_a_public_apps_shop_is_told_its_store_and_makes_no_webhook() -> None:
    arranged = arrange()
    report = set_up(make_shop(arranged)[0], STORE, URLS)
    assert report.capabilities == CAPABILITIES and report.webhooks == len(TOPICS)
    assert report.origins == (
        "https://cafeandino.example", "https://www.cafeandino.example", "https://cafe-andino.myshopify.com",
    )  # fmt: skip
    written = dict(arranged.asked)["app_metafields_set"]["metafields"]
    assert {(row["ownerId"], row["namespace"], row["key"], row["value"]) for row in written} == {
        (INSTALLATION, "mostrador", "store", "st_1"),
        (INSTALLATION, "mostrador", "service", "https://care.example"),
    }
    assert not any(name.startswith("webhook") for name in arranged.names)


def test_the_pages_of_a_fakes_shops_stand_on_the_fake() -> None:
    arranged = arrange()
    identity = replace(PUBLIC, fake_url="http://127.0.0.1:8091")
    assert (
        set_up(make_shop(arranged, identity=identity)[0], STORE, URLS).origins[-1] == "http://127.0.0.1:8091"
    )


def test_a_second_time_nothing_is_written() -> None:
    arranged = arrange(app_installation=installation(store="st_1", service="https://care.example"))
    set_up(make_shop(arranged)[0], STORE, URLS)
    assert "app_metafields_set" not in arranged.names


def test_a_shop_moved_to_another_server_is_told_so() -> None:
    arranged = arrange(app_installation=installation(store="st_1", service="https://old.example"))
    set_up(make_shop(arranged)[0], STORE, URLS)
    rows = dict(arranged.asked)["app_metafields_set"]["metafields"]
    assert [(row["key"], row["value"]) for row in rows] == [("service", "https://care.example")]


@pytest.mark.parametrize(
    ("missing", "lost"),
    [
        ("write_discounts", {Capability.COUPONS}),
        ("write_merchant_managed_fulfillment_orders", {Capability.ADD_SHIPMENT}),
        (
            "write_orders",
            {
                Capability.READ_ORDERS,
                Capability.BACKFILL,
                Capability.ADD_SHIPMENT,
                Capability.ORDER_NOTES,
                Capability.CANCEL_ORDER,
            },
        ),
    ],
)
def test_a_capability_without_its_permission_is_left_out_and_told(
    missing: str, lost: set[Capability]
) -> None:
    report = set_up(make_shop(arrange(app_installation=installation(SCOPES - {missing})))[0], STORE, URLS)
    assert CAPABILITIES - report.capabilities == lost
    assert any(missing in warning for warning in report.warnings)


def test_reading_alone_is_enough_to_read() -> None:
    scopes = SCOPES - {"write_orders"} | {"read_orders"}
    report = set_up(make_shop(arrange(app_installation=installation(scopes)))[0], STORE, URLS)
    assert {Capability.READ_ORDERS, Capability.BACKFILL} <= report.capabilities
    assert Capability.CANCEL_ORDER not in report.capabilities


def test_a_shop_in_which_all_is_well_is_in_no_trouble() -> None:
    """That Shopify's own mails cannot be switched off by us is said in the home for good, and is no trouble to mend."""
    assert set_up(make_shop(arrange())[0], STORE, URLS).warnings == ()


def test_personal_data_that_shopify_keeps_from_us_is_told() -> None:
    withheld = answer_data({"orders": {"nodes": [{"id": "x", "email": None}]}}, errors=[DENIED])
    report = set_up(make_shop(arrange(protected_fields=withheld))[0], STORE, URLS)
    assert any("protected customer data" in warning for warning in report.warnings)


def test_a_custom_app_gets_one_webhook_per_topic_with_our_fields() -> None:
    arranged = arrange()
    report = set_up(make_shop(arranged, identity=CUSTOM)[0], STORE, URLS)
    made = [variables for name, variables in arranged.asked if name == "webhook_create"]
    assert report.webhooks == len(TOPICS) == len(made) and report.repaired == 0
    assert {row["topic"] for row in made} == {name_topic(topic) for topic in TOPICS}
    for row in made:
        assert row["subscription"]["uri"] == ADDRESS and "updated_at" in row["subscription"]["includeFields"]
        assert set(row["subscription"]) == {"uri", "includeFields"}


def test_only_what_is_missing_or_wrong_of_a_custom_app_is_mended() -> None:
    rows = [hook(n, topic) for n, topic in enumerate(TOPICS)]
    wrong = [rows[0], hook(50, "orders/create"), hook(51, "orders/updated", fields=["id"]), *rows[2:-1]]
    strange = hook(60, "orders/create", uri="https://elsewhere.example/mine")
    moved = hook(61, "orders/create", uri="https://old.example/hooks/shopify/key-of-before")
    arranged = arrange(webhooks_list=[hooks(*wrong, after="c1"), hooks(strange, moved)])
    assert mend_webhooks(make_shop(arranged, identity=CUSTOM)[0], STORE, URLS) == 2
    gone = {
        variables["id"].rsplit("/", 1)[1] for name, variables in arranged.asked if name == "webhook_delete"
    }
    assert gone == {"50", "51", "61"}
    made = {variables["topic"] for name, variables in arranged.asked if name == "webhook_create"}
    assert made == {"ORDERS_UPDATED", name_topic(list(TOPICS)[-1])}


def test_when_all_is_well_one_question_is_asked_and_of_a_public_app_none() -> None:
    rows = [hook(n, topic) for n, topic in enumerate(TOPICS)]
    arranged = arrange(webhooks_list=hooks(*rows))
    assert mend_webhooks(make_shop(arranged, identity=CUSTOM)[0], STORE, URLS) == 0
    assert arranged.names == ["webhooks_list"]
    arranged = arrange()
    assert mend_webhooks(make_shop(arranged, identity=PUBLIC)[0], STORE, URLS) == 0 and arranged.names == []


def test_a_topic_that_shopify_refuses_is_told_and_the_others_are_made() -> None:
    refused = {
        "webhookSubscriptionCreate": {
            "webhookSubscription": None,
            "userErrors": [{"message": "Not approved for protected data"}],
        }
    }
    made = {"webhookSubscriptionCreate": {"webhookSubscription": {"id": "x"}, "userErrors": []}}
    arranged = arrange(
        webhook_create=lambda variables: refused if variables["topic"] == "ORDERS_CREATE" else made
    )
    report = set_up(make_shop(arranged, identity=CUSTOM)[0], STORE, URLS)
    assert report.webhooks == len(TOPICS) - 1
    assert any("orders/create" in warning and "Not approved" in warning for warning in report.warnings)


def test_planning_keeps_the_oldest_and_is_pure() -> None:
    from adapters.shopify.bodies import HookRowBody, read_shape

    rows = [read_shape(hook(n, "orders/create"), HookRowBody, "webhook") for n in (9, 3)]
    plan = plan_hooks(rows, ADDRESS)
    assert [row.id[-1] for row in plan.keep] == ["3"] and [row.id[-1] for row in plan.drop] == ["9"]
    assert len(plan.create) == len(TOPICS) - 1


def test_taking_down_forgets_the_store_and_the_webhooks() -> None:
    arranged = arrange(
        app_installation=installation(store="st_1", service="https://care.example"),
        webhooks_list=hooks(hook(1, "orders/create")),
    )
    tear_down(make_shop(arranged, identity=CUSTOM)[0], STORE)
    assert {row["key"] for row in dict(arranged.asked)["app_metafields_delete"]["metafields"]} == {
        "store",
        "service",
    }
    assert arranged.names.count("webhook_delete") == 1


def test_taking_down_a_shop_that_lets_us_in_no_more_is_no_error_and_a_silent_one_is() -> None:
    gone = make_answer(401, json_body={"errors": "x"})
    tear_down(make_shop(gone, identity=CUSTOM)[0], STORE)
    with pytest.raises(PlatformDown):
        tear_down(make_shop(make_answer(503, body=b"x"), identity=CUSTOM)[0], STORE)


def read_findings(findings: Any) -> dict[str, Finding]:
    found = {finding.key: finding for finding in findings}
    assert len(found) == len(list(findings))
    return found


def test_a_healthy_shop_has_no_trouble() -> None:
    store = make_store(kept={"extensions": '{"mostrador-embed": "active", "mostrador-chat": "active"}'})
    arranged = arrange(app_installation=installation(store="st_1", service="https://care.example"))
    found = read_findings(examine(make_shop(arranged, store=store)[0], store, URLS))
    assert {key for key, finding in found.items() if finding.state is not FindingState.good} == {"mails"}
    assert "mostrador-chat" in found["extensions"].words


def test_each_trouble_is_told_by_its_own_name() -> None:
    withheld = answer_data(
        {"orders": {"nodes": [{"id": "x"}]}}, errors=[DENIED], **{"X-Shopify-API-Version": "2027-07"}
    )
    arranged = arrange(app_installation=installation(SCOPES - {"write_discounts"}), protected_fields=withheld)
    store = make_store(kept={"extensions": '{"mostrador-embed": "inactive"}'})
    found = read_findings(examine(make_shop(arranged, store=store)[0], store, URLS))
    trouble = {key for key, finding in found.items() if finding.state is FindingState.trouble}
    assert trouble == {"scopes", "protected_fields", "api_version", "extensions"}
    assert "2027-07" in found["api_version"].words and found["block"].state is FindingState.mended
    assert "activateAppId=client-of-tests/mostrador-embed" in found["extensions"].url


def test_a_custom_apps_webhooks_are_mended_while_they_are_looked_at() -> None:
    arranged = arrange(webhooks_list=hooks(hook(1, "orders/create")))
    found = read_findings(examine(make_shop(arranged, identity=CUSTOM)[0], STORE, URLS))
    assert found["webhooks"].state is FindingState.mended and str(len(TOPICS) - 1) in found["webhooks"].words


@pytest.mark.parametrize(
    "answer", [make_answer(403, json_body={"errors": "x"}), make_answer(500, body=b"x"), AccessRevoked()]
)
def test_a_shop_that_cannot_be_read_is_one_trouble_and_no_guess(answer: Any) -> None:
    found = read_findings(examine(make_shop(answer)[0], STORE, URLS))
    assert [key for key, finding in found.items() if finding.state is FindingState.trouble] == ["access"]
    assert all(finding.state is FindingState.unknown for key, finding in found.items() if key != "access")
