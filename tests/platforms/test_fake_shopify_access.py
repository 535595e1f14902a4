"""How the fake Shopify gives and takes back access, each known behaviour under its own name."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from fake_shopify_bench import open_bench

from plugin.testing.fake_shopify import mint_id_token, sign_grant, sign_proxy, sign_webhook

PING = "{ shop { id } }"


@pytest.fixture
def bench():
    with open_bench() as bench:
        yield bench


def test_a_session_token_is_exchanged_for_an_hour_of_access_and_ninety_days_of_refreshing(bench):
    given = bench.exchange().json()
    assert given["expires_in"] == 3600 and given["refresh_token_expires_in"] == 90 * 86_400
    assert "read_orders" in given["scope"].split(",")
    assert bench.ask(PING, token=given["access_token"]).json()["data"]["shop"]["id"].endswith(str(bench.shop.id))


def test_access_ends_after_sixty_minutes_of_the_clock_and_not_before(bench):
    token = bench.exchange().json()["access_token"]
    bench.clock.advance(timedelta(minutes=59, seconds=59))
    assert bench.ask(PING, token=token).status_code == 200
    bench.clock.advance(1)
    refused = bench.ask(PING, token=token)
    assert refused.status_code == 401 and "Invalid API key" in refused.json()["errors"]


def test_a_token_that_does_not_expire_comes_only_when_asked_for(bench):
    given = bench.exchange(expiring=0).json()
    assert "refresh_token" not in given and "expires_in" not in given
    bench.clock.advance(timedelta(days=400))
    assert bench.ask(PING, token=given["access_token"]).status_code == 200


def test_a_refresh_token_rotates_and_the_old_one_stays_good_until_the_new_one_is_used(bench):
    first = bench.exchange().json()["refresh_token"]
    second = bench.refresh(first).json()["refresh_token"]
    third = bench.refresh(first).json()["refresh_token"]
    assert len({first, second, third}) == 3
    assert bench.refresh(third).status_code == 200
    refused = bench.refresh(first)
    assert refused.status_code == 400 and refused.json()["error"] == "invalid_grant"


def test_a_lost_answer_leaves_the_old_refresh_token_good(bench):
    first = bench.exchange().json()["refresh_token"]
    bench.server.manners.lose_answers = 1
    with pytest.raises(requests.ConnectionError):
        bench.refresh(first)
    assert bench.shop.tokens.refreshes == 1
    assert bench.refresh(first).status_code == 200


def test_a_shop_that_slept_ninety_days_cannot_be_refreshed(bench):
    word = bench.exchange().json()["refresh_token"]
    bench.clock.advance(timedelta(days=90))
    assert bench.refresh(word).json()["error"] == "invalid_grant"


def test_an_online_token_names_the_member_of_staff_and_whether_the_shop_is_theirs(bench):
    for sub, is_owner in (("1", True), ("7", False)):
        id_token = bench.platform.mint_id_token(bench.shop.domain, sub=sub)
        user = bench.exchange(id_token=id_token, kind="online").json()["associated_user"]
        assert (user["id"], user["account_owner"], user["email_verified"]) == (int(sub), is_owner, True)


def test_a_wrong_client_is_refused_with_the_names_that_the_packages_know(bench):
    assert bench.exchange(client_secret="wrong").json()["error"] == "invalid_client"
    assert bench.exchange(client_id="wrong").json()["error"] == "application_cannot_be_found"
    assert bench.ask_token(grant_type="password").json()["error"] == "unsupported_grant_type"


@pytest.mark.parametrize("change", [
    {"aud": "another"}, {"dest": "https://other.myshopify.com"}, {"iss": "https://evil.example/admin"}, {"iss": None},
    {"exp": 1}, {"exp": None}, {"secret": "another"}, {"kind": "checkout"},
])  # fmt: skip
def test_no_other_token_is_exchanged(bench, change):
    given = dict(change)
    kind, secret = given.pop("kind", "admin"), given.pop("secret", "")
    token = mint_id_token(bench.server.app, bench.shop.domain, bench.clock.now(), kind, secret=secret, **given)
    refused = bench.exchange(id_token=token)
    assert refused.status_code == 400 and refused.json()["error"] == "invalid_subject_token"


def test_after_an_uninstall_every_token_is_dead_at_once(bench):
    given = bench.exchange().json()
    bench.shop.uninstall()
    assert bench.ask(PING, token=given["access_token"]).status_code == 401
    assert bench.refresh(given["refresh_token"]).json()["error"] == "invalid_grant"
    assert bench.exchange().json()["error"] == "invalid_subject_token"


def test_another_shop_s_token_opens_nothing_and_is_remembered(bench):
    other = bench.server.add_shop("te")
    token = bench.exchange(other).json()["access_token"]
    assert bench.ask(PING, token=token).status_code == 401
    assert bench.platform.foreign == [("cafe.myshopify.com", "te.myshopify.com")]


def test_a_rotated_secret_and_the_one_before_both_ask_until_the_old_one_is_dropped(bench):
    old = bench.server.app.client_secret
    new = bench.platform.rotate_secret()
    assert [bench.exchange(client_secret=one).status_code for one in (old, new)] == [200, 200]
    bench.platform.drop_old_secret()
    assert [bench.exchange(client_secret=one).status_code for one in (old, new)] == [400, 200]


def test_too_many_questions_about_tokens_are_answered_429_with_a_wait(bench):
    bench.server.manners.oauth_retry_after = 7
    refused = bench.exchange()
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")


def test_the_merchant_approves_the_grant_and_a_signed_code_is_good_once(bench):
    bench.shop.uninstall()
    wish = {
        "client_id": bench.server.app.client_id,
        "scope": "read_orders,write_discounts",
        "redirect_uri": f"{bench.receiver.url}/install/shopify/callback",
        "state": "the-state",
    }
    url = f"{bench.server.url}/shops/{bench.shop.domain}/admin/oauth/authorize"
    assert "write_discounts" in requests.get(f"{url}?{urlencode(wish)}", timeout=5).text
    back = requests.post(url, data=wish, timeout=5, allow_redirects=False).headers["Location"]
    query = dict(parse_qsl(urlsplit(back).query))
    assert (query["shop"], query["state"]) == (bench.shop.domain, "the-state")
    assert sign_grant(query, bench.server.app.client_secret) == query
    given = bench.ask_token(code=query["code"], expiring="1").json()
    assert given["scope"] == "read_orders,write_discounts" and given["refresh_token"]
    assert bench.ask_token(code=query["code"]).status_code == 400


def test_the_grant_goes_back_to_the_app_s_own_origin_alone(bench):
    wish = {"client_id": bench.server.app.client_id, "redirect_uri": "https://evil.example/", "state": "x"}
    url = f"{bench.server.url}/shops/{bench.shop.domain}/admin/oauth/authorize"
    refused = requests.post(url, data=wish, timeout=5, allow_redirects=False)
    assert refused.status_code == 400 and "not whitelisted" in refused.text


def test_checkout_tokens_name_the_bare_shop_and_guests_nobody(bench):
    app, now = bench.server.app, bench.clock.now()
    from plugin.testing.fake_shopify.identity import read_jwt

    guest = read_jwt(mint_id_token(app, bench.shop.domain, now, "checkout"), app)
    known = read_jwt(mint_id_token(app, bench.shop.domain, now, "customer-account", "gid://shopify/Customer/7"), app)
    assert guest["dest"] == bench.shop.domain and not {"iss", "sid", "sub"} & guest.keys()
    assert guest["exp"] - guest["iat"] == 300 and known["sub"] == "gid://shopify/Customer/7"


def test_the_published_vectors_are_signed_as_shopify_signs_them():
    query = {"code": "0907a61c0c8d55e99db179b68161bc00", "shop": "some-shop.myshopify.com",
             "state": "0.6784241404160823", "timestamp": "1337178173"}  # fmt: skip
    assert sign_grant(query, "hush")["hmac"] == "700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf"
    proxied = {"extra": ["1", "2"], "logged_in_customer_id": "1", "path_prefix": "/apps/awesome_reviews",
               "shop": "shop-name.myshopify.com", "timestamp": "1317327555"}  # fmt: skip
    assert sign_proxy(proxied, "hush")["signature"] == (
        "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"
    )
    body = b'{"id":820982911946154508}'
    assert sign_webhook(body, "hush") == "qBvrsZF7RfB1iS6BX6IHqJTp5L911P7intnPeTPsH0I="
    assert hmac.new(b"hush", body, hashlib.sha256).digest().hex().startswith("a81bebb1")
