"""The one way to a shop's Admin API: where it leads, how it keeps within the bucket, what an answer means."""

from __future__ import annotations

from typing import Any

import pytest
from shopify_shop import COST, NOW, PUBLIC, SHOP, TOKEN, answer_data, make_order, make_shop, make_store

from adapters.shopify.answers import NotAllowed, UserRefused, read_retry_after
from adapters.shopify.client import API_VERSION, check_shop, shop_url
from adapters.shopify.settings import AppIdentity
from plugin.contract import (
    AccessExpired,
    AccessRevoked,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Words,
)
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import make_answer

ORDER = {"id": "gid://shopify/Order/5001"}
THROTTLED = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
DENIED = {
    "message": "This app is not approved to use the email field.",
    "path": ["order", "email"],
    "extensions": {"code": "ACCESS_DENIED"},
}


def cost(
    available: float, requested: float = 40, rate: float = 100.0, most: float = 2000.0
) -> dict[str, Any]:
    status = {"maximumAvailable": most, "currentlyAvailable": available, "restoreRate": rate}
    return {"cost": {"requestedQueryCost": requested, "actualQueryCost": None, "throttleStatus": status}}


def throttled(available: float, requested: float) -> Any:
    return make_answer(200, json_body={"errors": [THROTTLED], "extensions": cost(available, requested)})


@pytest.mark.parametrize("given", [SHOP, SHOP.upper(), "a.myshopify.com", "1-shop.myshopify.com"])
def test_a_shop_is_its_permanent_domain_in_lower_case(given: str) -> None:
    assert check_shop(given) == given.lower()


@pytest.mark.parametrize(
    "given",
    [
        "",
        "cafe-andino",
        ".myshopify.com",
        "-x.myshopify.com",
        "x.myshopify.com.evil.example",
        "x.myshopify.com/",
        "x.myshopify.com\n",
        "x.myshopify.com:443",
        "evil.example/x.myshopify.com",
        "evil.example#.myshopify.com",
        "evil.example?x.myshopify.com",
        "user@x.myshopify.com",
        "x.y.myshopify.com",
        "x_y.myshopify.com",
        "x%2f.myshopify.com",
        "xmyshopify.com",
        "x.myshopify.comm",
        "ſhop.myshopify.com",
        "café.myshopify.com",
        "\u212a.myshopify.com",
        "a" * 250 + ".myshopify.com",
        "https://x.myshopify.com",
        "..myshopify.com",
        " x.myshopify.com",
    ],
)
def test_nothing_else_is_a_shop(given: str) -> None:
    with pytest.raises(PlatformRefused):
        check_shop(given)
    with pytest.raises(PlatformRefused):
        shop_url(PUBLIC, given, "/admin/oauth/access_token")


@pytest.mark.parametrize("path", ["admin", "//evil.example", "", "/admin\r\nX: y", "/ñ"])
def test_a_path_begins_at_the_shops_root(path: str) -> None:
    with pytest.raises(PlatformRefused):
        shop_url(PUBLIC, SHOP, path)


def test_a_shop_is_asked_at_shopify_or_at_the_fake_one() -> None:
    assert shop_url(PUBLIC, SHOP, "/admin/x") == f"https://{SHOP}/admin/x"
    fake = AppIdentity(client_id="c", client_secret="s", fake_url="http://127.0.0.1:9/")
    assert shop_url(fake, SHOP, "/admin/x") == f"http://127.0.0.1:9/shops/{SHOP}/admin/x"


def test_the_token_goes_in_a_header_and_nowhere_else() -> None:
    shop, http = make_shop(answer_data({"order": ORDER}))
    shop.run("order_keys", {"id": "gid://shopify/Order/5001"})
    sent = http.requests[0]
    assert sent.url == f"https://{SHOP}/admin/api/{API_VERSION}/graphql.json" and sent.method == "POST"
    assert sent.headers["X-Shopify-Access-Token"] == TOKEN and not sent.redirects
    assert TOKEN not in sent.url and TOKEN not in (sent.body or b"").decode() and TOKEN not in repr(shop)


def test_without_a_token_nothing_is_sent() -> None:
    shop, http = make_shop(store=make_store(credentials={}))
    with pytest.raises(PlatformRefused):
        shop.run("shop_facts")
    assert not http.requests


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"errors": "[API] Invalid API key or access token"}, AccessExpired),
        (402, {"errors": "Payment Required"}, PlatformDown),
        (423, {"errors": "Locked"}, PlatformDown),
        (403, {"errors": "Forbidden"}, AccessRevoked),
        (404, {"errors": "Not Found"}, AccessRevoked),
        (301, None, PlatformRefused),
        (400, {"errors": {"query": "Required parameter missing"}}, PlatformRefused),
        (429, None, RateLimited),
        (430, None, PlatformDown),
        (500, None, PlatformDown),
        (503, {"errors": "x"}, PlatformDown),
        (404, None, PlatformDown),
        (200, None, PlatformDown),
        (200, {"nothing": 1}, PlatformDown),
        (200, {"data": None}, PlatformDown),
    ],
)
def test_each_status_is_the_error_that_the_core_acts_on(
    status: int, body: Any, kind: type[Exception]
) -> None:
    answer = make_answer(status, body=b"<html>") if body is None else make_answer(status, json_body=body)
    with pytest.raises(kind) as met:
        make_shop(answer)[0].run("shop_facts")
    assert isinstance(met.value, PlatformDown | PlatformRefused | AccessExpired | AccessRevoked | RateLimited)
    assert isinstance(met.value.words, Words)


def test_how_long_to_wait_is_what_shopify_says() -> None:
    shop, _ = make_shop(make_answer(429, json_body={}, headers={"Retry-After": "2.0"}))
    with pytest.raises(RateLimited) as met:
        shop.run("shop_facts")
    assert met.value.retry_after == 2.0
    assert read_retry_after("Sun, 22 Nov 2026 12:00:30 GMT", NOW) == 30.0
    assert read_retry_after("soon", NOW) == read_retry_after("", NOW) == 2.0
    assert read_retry_after("nan", NOW) == 2.0 and read_retry_after("-5", NOW) == 1.0
    assert read_retry_after("9e99", NOW) == 3600.0


def test_a_throttled_question_waits_for_the_missing_points_and_is_asked_again() -> None:
    shop, http = make_shop(throttled(0, 150), answer_data({"shop": {"name": "x"}}))
    assert shop.run("shop_facts")["shop"] == {"name": "x"}
    assert len(http.requests) == 2 and shop.sleep.taken == [1.5]


def test_a_wait_of_more_than_two_seconds_is_the_callers() -> None:
    shop, http = make_shop(throttled(0, 900))
    with pytest.raises(RateLimited) as met:
        shop.run("shop_facts")
    assert met.value.retry_after == 9.0 and len(http.requests) == 1
    assert shop.sleep.taken == []


def test_what_stays_throttled_is_not_asked_for_ever() -> None:
    shop, http = make_shop(throttled(0, 60))
    with pytest.raises(RateLimited):
        shop.run("shop_facts")
    assert len(http.requests) == 3 and sum(shop.sleep.taken) <= 2.0


def test_the_next_question_waits_until_the_bucket_holds_what_it_cost_last_time() -> None:
    clock = FrozenClock(NOW)
    answer = answer_data({"shop": {}}, extensions=cost(available=20, requested=120))
    shop, http = make_shop(answer, clock=clock)
    shop.run("shop_facts")
    shop.run("shop_facts")
    assert shop.sleep.taken == [1.0] and len(http.requests) == 2
    clock.advance(60)
    shop.run("shop_facts")
    assert shop.sleep.taken == [1.0]


def test_a_bucket_known_to_be_too_empty_is_not_asked_at_all() -> None:
    shop, http = make_shop(answer_data({"shop": {}}, extensions=cost(available=0, requested=900)))
    shop.run("shop_facts")
    with pytest.raises(RateLimited) as met:
        shop.run("shop_facts")
    assert met.value.retry_after == 9.0 and len(http.requests) == 1


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"cost": None},
        {"cost": {"throttleStatus": 7}},
        {"cost": {"requestedQueryCost": "x"}},
        cost(available=10**400),
        cost(available=-1),
        cost(available=0, rate=0),
        cost(available=True),
    ],
)
def test_an_odd_cost_is_no_cost(odd: dict[str, Any]) -> None:
    shop, _ = make_shop(answer_data({"shop": {"name": "x"}}, extensions=odd))
    assert shop.run("shop_facts")["shop"] == {"name": "x"} and shop.bucket is None


def test_however_slowly_a_bucket_fills_the_wait_is_one_that_can_be_planned() -> None:
    for rate in (1e-308, 1e-9):
        shop, _ = make_shop(answer_data({"shop": {}}, extensions=cost(available=0, requested=900, rate=rate)))
        shop.run("shop_facts")
        with pytest.raises(RateLimited) as met:
            shop.run("shop_facts")
        assert met.value.retry_after == 3600.0


def test_a_field_that_is_kept_from_us_leaves_the_rest_as_it_is() -> None:
    shop, _ = make_shop(answer_data({"order": make_order(email=None)}, errors=[DENIED]))
    data = shop.run("order", {"id": "gid://shopify/Order/5001"})
    assert data.withheld == {"email"} and data["order"]["name"] == "#1001"


def test_a_refusal_without_a_code_is_one_where_it_is_about_a_shopper() -> None:
    bare = {"message": "This app is not approved to use the email field.", "path": ["order", "email"]}
    shop, _ = make_shop(answer_data({"order": make_order(email=None)}, errors=[bare]))
    assert shop.run("order", {"id": "gid://shopify/Order/5001"}).withheld == {"email"}
    other = {"message": "Something else", "path": ["order", "fulfillments"]}
    shop, _ = make_shop(answer_data({"order": make_order()}, errors=[other]))
    with pytest.raises(PlatformRefused):
        shop.run("order", {"id": "gid://shopify/Order/5001"})


def test_an_order_swallowed_by_a_refused_field_is_not_gone() -> None:
    shop, http = make_shop(answer_data({"order": None}, errors=[DENIED]))
    with pytest.raises(NotAllowed):
        shop.get_order("5001")
    assert len(http.requests) == 1


def test_a_question_that_is_denied_as_a_whole_is_refused() -> None:
    denied = {
        "message": "Access denied for orders field.",
        "path": ["orders"],
        "extensions": {"code": "ACCESS_DENIED"},
    }
    shop, _ = make_shop(answer_data({"orders": None}, errors=[denied]))
    with pytest.raises(NotAllowed, match="Access denied for orders field"):
        shop.run("orders_changed", {"query": "", "first": 1, "after": None})


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (
            {
                "message": "x",
                "path": ["order", "fulfillments"],
                "extensions": {"code": "INTERNAL_SERVER_ERROR"},
            },
            PlatformDown,
        ),
        ({"message": "Field 'x' doesn't exist", "extensions": {"code": "undefinedField"}}, PlatformRefused),
        ({"message": "Query cost is 1200", "extensions": {"code": "MAX_COST_EXCEEDED"}}, PlatformRefused),
        ("Not a list", PlatformRefused),
    ],
)
def test_half_an_answer_is_never_taken_for_the_truth(error: Any, kind: type[Exception]) -> None:
    errors = [error] if isinstance(error, dict) else error
    shop, _ = make_shop(answer_data({"order": make_order()}, errors=errors))
    with pytest.raises(kind):
        shop.run("order", {"id": "gid://shopify/Order/5001"})


def test_what_shopify_says_of_a_wish_is_text_inside_our_words() -> None:
    refusal = {
        "userErrors": [{"field": ["id"], "message": "Order <b>is\nlocked</b>", "code": "LOCKED"}],
        "order": None,
    }
    shop, _ = make_shop(answer_data({"orderUpdate": refusal}))
    with pytest.raises(UserRefused) as met:
        shop.run("note_set", {"id": "gid://shopify/Order/1", "note": "x"})
    assert met.value.codes == {"LOCKED"} and isinstance(met.value.words, Words)
    assert met.value.words.values == {"told": "Order <b>is locked</b>"}


def test_a_mutations_own_kind_of_user_errors_counts_as_well() -> None:
    refusal = {
        "job": None,
        "orderCancelUserErrors": [{"field": None, "message": "Too late", "code": "INVALID"}],
    }
    shop, _ = make_shop(answer_data({"orderCancel": refusal}))
    with pytest.raises(UserRefused, match="Too late"):
        shop.run("order_cancel", {"id": "gid://shopify/Order/1"})


def test_a_version_that_has_ended_is_noticed() -> None:
    shop, _ = make_shop(answer_data({"shop": {}}, **{"X-Shopify-API-Version": "2027-04"}))
    shop.run("shop_facts")
    assert shop.version == "2027-04"


def test_two_shops_in_turn_never_share_anything() -> None:
    replies = [
        answer_data({"shop": {}}, extensions=COST),
        make_answer(500, body=b"x"),
        answer_data({"shop": {}}),
    ]
    first, http = make_shop(*replies)
    other = make_store(domain="otra.myshopify.com", credentials={"access_token": "shpat_other"})
    second, _ = make_shop(store=other)
    second.http = http
    first.run("shop_facts")
    with pytest.raises(PlatformDown):
        second.run("shop_facts")
    first.run("shop_facts")
    told = [(sent.url.split("/")[2], sent.headers["X-Shopify-Access-Token"]) for sent in http.requests]
    assert told == [(SHOP, TOKEN), ("otra.myshopify.com", "shpat_other"), (SHOP, TOKEN)]
    assert second.bucket is None
