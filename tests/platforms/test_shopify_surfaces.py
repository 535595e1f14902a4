"""Where the chat stands in a Shopify shop, by plan, accounts and app, and what the merchant is asked to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from shopify_shop import CUSTOM, PUBLIC, SHOP, Arranged, make_shop, make_shop_facts, make_store

from adapters.shopify import ShopifyAdapter
from adapters.shopify.policies import list_sections
from adapters.shopify.settings import AppIdentity
from adapters.shopify.surfaces import list_surfaces
from plugin.contract import Step, Surface, SurfaceState
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import RecordingHttp, make_answer

CHECKOUT = (Step.checkout, Step.contact, Step.shipping, Step.payment, Step.review, Step.order_pay)
STOREFRONT = (Step.home, Step.catalogue, Step.product, Step.cart)
ALL_ON = {
    "mostrador-embed": "active",
    "mostrador-chat": "active",
    "mostrador-checkout": "active",
    "mostrador-order-status": "active",
}
PLUS = {"publicDisplayName": "Shopify Plus", "shopifyPlus": True, "partnerDevelopment": False}
OLD_ACCOUNTS = {"customerAccountsVersion": "CLASSIC", "loginRequiredAtCheckout": False, "url": None}


def look(
    extensions: dict[str, str] | None = None,
    identity: AppIdentity = PUBLIC,
    policy_links: str = "",
    told: Mapping[str, str] = MappingProxyType({}),
    **facts: Any,
) -> dict[Step, Surface]:
    kept = {"policy_links": policy_links, **told} | (
        {"extensions": json.dumps(extensions)} if extensions is not None else {}
    )
    store = make_store(kept=kept)
    shop, _ = make_shop(Arranged(shop_facts=make_shop_facts(**facts)), store=store, identity=identity)
    rows = list_surfaces(shop, store, identity)
    assert [row.step for row in rows] == list(Step)
    return {row.step: row for row in rows}


def states(rows: dict[Step, Surface]) -> dict[Step, str]:
    return {step: row.state.value for step, row in rows.items()}


def test_on_plus_everything_may_be_live() -> None:
    found = states(look(ALL_ON, plan=PLUS))
    assert {step for step, state in found.items() if state != "live"} == {Step.account}


def test_without_plus_the_checkout_has_a_link_at_most_and_says_so() -> None:
    found = look(ALL_ON)
    assert {found[step].state for step in CHECKOUT} == {SurfaceState.needs_step}
    assert (
        "Basic" in found[Step.checkout].words
        and found[Step.checkout].url == f"https://{SHOP}/admin/settings/legal"
    )
    assert found[Step.thank_you].state is SurfaceState.live and found[Step.cart].state is SurfaceState.live
    linked = look(ALL_ON, policy_links="2026-11-22T10:00:00+00:00")
    assert {linked[step].state for step in CHECKOUT} == {SurfaceState.policy_link}
    plus = look(ALL_ON, policy_links="2026-11-22T10:00:00+00:00", plan=PLUS)
    assert {plus[step].state for step in CHECKOUT} == {SurfaceState.live}


def test_what_is_not_switched_on_has_its_step_and_the_place_for_it() -> None:
    found = look({"mostrador-embed": "inactive"}, plan=PLUS)
    assert {row.state for step, row in found.items() if step is not Step.account} == {SurfaceState.needs_step}
    for step, template in zip(STOREFRONT, ("index", "collection", "product", "cart"), strict=True):
        parts = urlsplit(found[step].url)
        assert (parts.netloc, parts.path) == (SHOP, "/admin/themes/current/editor")
        assert parse_qs(parts.query) == {
            "context": ["apps"], "template": [template], "activateAppId": ["client-of-tests/mostrador-embed"],
        }  # fmt: skip
    for step, page in (
        (Step.payment, "checkout"),
        (Step.thank_you, "thank-you"),
        (Step.order_status, "order-status"),
    ):
        parts = urlsplit(found[step].url)
        assert parts.path == "/admin/settings/checkout/editor" and parse_qs(parts.query)["page"] == [page]


def test_links_without_the_chat_are_live_and_honest() -> None:
    found = look({"mostrador-checkout": "active"}, plan=PLUS)
    assert (
        found[Step.payment].state is SurfaceState.live
        and "chat is not switched on" in found[Step.payment].words
    )
    assert found[Step.thank_you].url.endswith("page=thank-you&context=apps")


def test_a_merchants_own_app_never_has_the_chat_in_the_checkout() -> None:
    found = look(ALL_ON, identity=CUSTOM, plan=PLUS)
    for step in (*CHECKOUT, Step.thank_you):
        assert found[step].state is SurfaceState.live and "App Store" in found[step].words
    chat_only = look({"mostrador-chat": "active"}, identity=CUSTOM, plan=PLUS)
    assert chat_only[Step.payment].state is SurfaceState.needs_step


def test_a_merchants_own_app_says_what_it_cannot_see() -> None:
    found = look(None, identity=CUSTOM)
    for step in (*STOREFRONT, Step.thank_you, Step.order_status):
        assert (
            found[step].state is SurfaceState.needs_step and "does not tell your own app" in found[step].words
        )
    assert "does not tell your own app" not in look(None)[Step.cart].words


def test_a_merchants_own_app_stands_where_the_merchant_says_so_and_a_listed_one_does_not() -> None:
    for key, steps in (
        ("own_embed", STOREFRONT), ("own_checkout", (Step.thank_you,)), ("own_order_status", (Step.order_status,)),
    ):  # fmt: skip
        told = {key: "2026-11-21T10:00:00+00:00"}
        found = look(None, identity=CUSTOM, told=told)
        assert {step for step in Step if found[step].state is SurfaceState.live} == set(steps)
        assert all("You told us" in found[step].words for step in steps)
        assert not any(one.state is SurfaceState.live for one in look(None, told=told).values())


def test_the_desk_of_a_merchants_own_app_asks_what_is_switched_on() -> None:
    store = make_store(kept={"own_embed": "2026-11-21T10:00:00+00:00"})
    own = ShopifyAdapter({"DISTRIBUTION": "custom"}, RecordingHttp(), FrozenClock()).sections(
        store, "https://care.example"
    )
    assert [(one.key, one.is_confirmed) for one in own] == [
        ("own_embed", True), ("own_checkout", False), ("own_order_status", False), ("policy_links", False),
        ("own_mails", None),
    ]  # fmt: skip
    assert all(one.link[1].startswith(f"https://{SHOP}/admin/") for one in own)
    listed = ShopifyAdapter({}, RecordingHttp(), FrozenClock()).sections(store, "https://care.example")
    assert [one.key for one in listed] == ["policy_links", "own_mails"]


def test_old_customer_accounts_have_the_themes_pages_and_no_order_status() -> None:
    found = look({"mostrador-embed": "active"}, customerAccountsV2=OLD_ACCOUNTS)
    assert found[Step.account].state is SurfaceState.live
    assert found[Step.order_status].state is SurfaceState.needs_step
    assert found[Step.order_status].url == f"https://{SHOP}/admin/settings/customer_accounts"
    assert look(ALL_ON)[Step.account].state is SurfaceState.not_possible


def test_the_starter_plan_has_no_thank_you_page_of_ours() -> None:
    plan = {"publicDisplayName": "Starter", "shopifyPlus": False, "partnerDevelopment": False}
    row = look(ALL_ON, plan=plan)[Step.thank_you]
    assert row.state is SurfaceState.not_possible and "Starter" in row.words


@pytest.mark.parametrize("kept", ["", "{", "[]", "7", '{"mostrador-embed": {"a": 1}}'])
def test_a_report_that_makes_no_sense_is_none(kept: str) -> None:
    store = make_store(kept={"extensions": kept})
    shop, _ = make_shop(Arranged(shop_facts=make_shop_facts()), store=store)
    assert {row.state for row in list_surfaces(shop, store, PUBLIC) if row.step in STOREFRONT} == {
        SurfaceState.needs_step
    }


def test_a_shop_that_does_not_answer_is_told_so_page_by_page() -> None:
    shop, _ = make_shop(make_answer(503, body=b"x"))
    rows = list_surfaces(shop, make_store(), PUBLIC)
    assert [row.step for row in rows] == list(Step) and all(row.words and not row.url for row in rows)


def test_the_policies_have_texts_in_three_languages_with_the_helps_address() -> None:
    sections = {
        section.key: section for section in list_sections(make_store(locale="pt_BR"), "https://care.example/")
    }
    links = sections["policy_links"]
    assert len(links.texts) == 9 and links.texts[0][0].endswith("(português)")
    assert all("https://care.example/help/st_1/" in text for _, text in links.texts)
    assert links.is_confirmed is False and links.link[1] == f"https://{SHOP}/admin/settings/legal"
    kept = make_store(kept={"policy_links": "2026-11-22T10:00:00+00:00"})
    assert {section.key: section.is_confirmed for section in list_sections(kept, "https://care.example")} == {
        "policy_links": True, "own_mails": None,
    }  # fmt: skip
