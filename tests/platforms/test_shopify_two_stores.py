"""Two shops in turn, in one process and on one thread, with failures in between: nothing of one is in a call of the
other."""

from __future__ import annotations

import random

import shopify
from shopify_hand import (
    CLOCK,
    OTHER_SHOP,
    SHOP,
    VALUES,
    admin_claims,
    answer_as_shopify,
    find_host,
    make_callback,
    make_shop,
    sign_jwt,
)

from adapters.shopify import ShopifyAdapter
from plugin.contract import AdapterError, PlatformDown, Proof, WebRequest
from plugin.testing.fakes import URLS, RecordingHttp, make_answer

SHOPS = (SHOP, OTHER_SHOP)
TROUBLES = (
    PlatformDown("away"), RuntimeError("a fault of ours"), make_answer(401), make_answer(429,
    headers={"Retry-After": "9"}),
    make_answer(500), make_answer(200, body=b"<html>"), make_answer(400, json_body={"error": "invalid_grant"}),
)  # fmt: skip
MARKS = {shop: (shop, f"shpat_{shop[:4]}", f"shprt_{shop[:4]}", f"st_{shop[:4]}") for shop in SHOPS}


def list_acts(adapter, custom, shop):
    """Everything that is asked of a shop, for this one."""
    store = make_shop(shop)
    callback = WebRequest(method="GET", path="/", query=make_callback(shop), headers={}, kept={"shop": shop})
    form = WebRequest(method="POST", path="/", query={"shop": shop}, headers={})
    proof = Proof(token=sign_jwt(admin_claims(shop)), claimed_domain=shop)
    return [
        lambda: adapter.exchange_access(proof), lambda: adapter.refresh_access(store),
        lambda: custom.finish_install(callback), lambda: custom.begin_install(form, URLS, "state"),
        lambda: adapter.get_order(store, "5001"), lambda: list(adapter.changed_orders(store, CLOCK.now())),
        lambda: adapter.list_staff(store), lambda: adapter.store_facts(store),
    ]  # fmt: skip


def test_MISSING_TENANT_ISOLATION_no_token_and_no_shop_of_one_is_in_a_call_for_the_other():
    hand = random.Random(11)
    http = RecordingHttp(
        lambda sent: hand.choice(TROUBLES) if hand.random() < 0.4 else answer_as_shopify(sent)
    )
    adapter = ShopifyAdapter(VALUES, http, CLOCK)
    custom = ShopifyAdapter({**VALUES, "DISTRIBUTION": "custom"}, http, CLOCK)
    acts = {shop: list_acts(adapter, custom, shop) for shop in SHOPS}
    failed = 0
    for turn in range(600):
        shop = SHOPS[turn % 2]
        begun = len(http.requests)
        try:
            hand.choice(acts[shop])()
        except (AdapterError, RuntimeError):
            failed += 1
        other = SHOPS[(turn + 1) % 2]
        for sent in http.requests[begun:]:
            assert find_host(sent) == shop
            assert not [mark for mark in MARKS[other] if mark in sent.readable()]
    assert 60 < failed < 540, "both kinds of turns must have been there"
    assert {find_host(sent) for sent in http.requests} == set(SHOPS)
    assert shopify.ShopifyResource.get_site() is None and not shopify.ShopifyResource.get_headers().get(
        "X-Shopify-Access-Token")  # fmt: skip


def test_what_a_turn_gives_is_its_own_shops_whatever_happened_before():
    http = RecordingHttp(PlatformDown("away"))
    adapter = ShopifyAdapter(VALUES, http, CLOCK)
    for shop in SHOPS * 5:
        http.replies = [RuntimeError("a fault of ours")]
        try:
            adapter.refresh_access(make_shop(SHOPS[0] if shop == SHOPS[1] else SHOPS[1]))
        except RuntimeError:
            pass
        http.replies = [answer_as_shopify]
        access = adapter.refresh_access(make_shop(shop))
        assert (access.domain, access.credentials["access_token"]) == (shop, f"shpat_{shop[:4]}")
