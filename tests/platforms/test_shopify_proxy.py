"""What comes through the app proxy counts with Shopify's signature, for ninety seconds, and is answered as data."""

from __future__ import annotations

import json

import pytest
from shopify_hand import (
    CLOCK,
    IDENTITY,
    NOW,
    OLD_SECRET,
    OTHER_SHOP,
    SHOP,
    VALUES,
    make_app,
    make_proxy_query,
    make_shop,
)
from shopify_house import HandDoors

from adapters.shopify.proof import read_proof, verify_proof
from adapters.shopify.proxy import answer_proxy, read_proxy_query, sign_query
from adapters.shopify.settings import read_identity
from plugin.contract import Visitor, WebhookRejected, WebRequest


def ask(query, doors=None):
    request = WebRequest(method="GET", path="/p/shopify/proxy", query=query, headers={})
    answer = answer_proxy(make_app(), request, doors or HandDoors(make_shop()))
    return answer, json.loads(answer.body)


def test_shopifys_documented_example_is_signed():
    example = {"extra": "1,2", "shop": "shop-name.myshopify.com", "logged_in_customer_id": "1",
               "path_prefix": "/apps/awesome_reviews", "timestamp": "1317327555"}  # fmt: skip
    assert sign_query(example, "hush") == "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"


def test_a_customer_who_is_signed_in_gets_a_proof_of_their_store_and_a_guest_gets_none():
    store = make_shop()
    answer, said = ask(make_proxy_query(customer="7001"))
    who = verify_proof(read_proof(said["proof"]), store, IDENTITY, CLOCK.now())
    assert answer.status == 200 and who == Visitor(customer_id="7001")
    assert ask(make_proxy_query())[1] == {"proof": None}


def test_APP_PROXY_LIQUID_INJECTION_the_answer_is_json_that_no_cache_keeps_and_echoes_nothing():
    for query in (
        make_proxy_query(customer="7001", evil="{{ shop.name }}"),
        make_proxy_query() | {"signature": "{{ x }}"},
    ):
        answer, _ = ask(query)
        assert answer.content_type == "application/json" and answer.headers["Cache-Control"] == "no-store"
        assert b"{{" not in answer.body and not answer.frame_ancestors


@pytest.mark.parametrize("change", [
    {"signature": ""}, {"signature": "0" * 64}, {"signature": "é"}, {"shop": OTHER_SHOP},
    {"logged_in_customer_id": "1"},
    {"timestamp": str(NOW + 1)}, {"extra": "1"}, {"path_prefix": "/apps/other"}, {"shop": f"{SHOP},{SHOP}"},
    {"timestamp": f"{NOW},{NOW}"}, {"logged_in_customer_id": "7001,7001"},
])  # fmt: skip
def test_APP_PROXY_UNVERIFIED_SIGNATURE_what_was_touched_or_repeated_is_refused(change):
    query = make_proxy_query(customer="7001")
    lacking = {name: value for name, value in query.items() if name not in change or name not in query}
    for touched in (query | change, *([lacking] if lacking != query else [])):
        answer, said = ask(touched)
        assert (answer.status, list(said)) == (401, ["message"])
    repeated = query | {"signature": f"{query['signature']},{query['signature']}"}
    assert ask(repeated)[0].status == 401


@pytest.mark.parametrize("stamp", [str(NOW - 91), str(NOW + 91), "", "0", "soon", "-1", "9" * 40, f"{NOW}.0"])
def test_a_signed_query_is_good_for_ninety_seconds(stamp):
    with pytest.raises(WebhookRejected):
        read_proxy_query(make_proxy_query(timestamp=stamp), IDENTITY, CLOCK.now())
    for good in (NOW - 90, NOW + 90):
        assert read_proxy_query(make_proxy_query(timestamp=str(good)), IDENTITY, CLOCK.now()) == (SHOP, "")


@pytest.mark.parametrize(
    "shop", ["", "evil.com", f"{SHOP}.evil.com", f"{SHOP}@evil.com", f"{SHOP},{OTHER_SHOP}"]
)
def test_WEAK_SHOP_VALIDATION_a_signed_query_of_no_shop_is_refused(shop):
    with pytest.raises(WebhookRejected):
        read_proxy_query(make_proxy_query(shop), IDENTITY, CLOCK.now())


def test_the_old_secret_counts_during_a_rotation_and_an_empty_one_never():
    assert read_proxy_query(make_proxy_query(secret=OLD_SECRET), IDENTITY, CLOCK.now()) == (SHOP, "")
    for values in ({}, {**VALUES, "CLIENT_SECRET": ""}):
        with pytest.raises(WebhookRejected):
            read_proxy_query(make_proxy_query(secret=""), read_identity(values), CLOCK.now())


def test_MISSING_TENANT_ISOLATION_the_store_is_the_signed_shops_and_a_stranger_has_none():
    assert ask(make_proxy_query(OTHER_SHOP, customer="7001"))[0].status == 404
    doors = HandDoors(make_shop(), make_shop(OTHER_SHOP))
    said = ask(make_proxy_query(OTHER_SHOP, customer="7001"), doors)[1]
    with pytest.raises(WebhookRejected):
        verify_proof(read_proof(said["proof"]), make_shop(), IDENTITY, CLOCK.now())


def test_a_signed_query_cannot_be_cut_up_into_another_customer_or_another_shop():
    """A guest of one shop adds a parameter to the proxy's address; Shopify signs it; the guest brings the same letters
    here, cut into other parameters. The naive check believes both."""
    added = f"1logged_in_customer_id=7001path_prefix=/apps/mostradorshop={SHOP}timestamp={NOW}z="
    honest = make_proxy_query(OTHER_SHOP, a=added)
    rest = "".join(f"{name}={honest[name]}" for name in sorted(honest) if name not in ("a", "signature"))
    cut = {"a": "1", "logged_in_customer_id": "7001", "path_prefix": "/apps/mostrador", "shop": SHOP,
           "timestamp": str(NOW), "z": rest}  # fmt: skip
    signature = honest["signature"]
    assert sign_query(cut, VALUES["CLIENT_SECRET"]) == signature, "the letters are the same"
    for query in ({**cut, "signature": signature}, honest):
        assert ask(query, HandDoors(make_shop(), make_shop(OTHER_SHOP)))[0].status == 401


def test_a_customer_id_that_is_no_number_makes_no_proof():
    assert ask(make_proxy_query(customer="x' OR 1=1"))[0].status == 401
    assert ask(make_proxy_query(customer="0"))[1] == {"proof": None}
