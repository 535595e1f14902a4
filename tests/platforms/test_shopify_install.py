"""A shop is connected by its own merchant, with Shopify's signature, and only ever at its own address."""

from __future__ import annotations

import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import shopify
from shopify_hand import (
    CLIENT_ID,
    CLOCK,
    CUSTOM,
    IDENTITY,
    NOW,
    OLD_SECRET,
    OTHER_SHOP,
    SECRET,
    SHOP,
    VALUES,
    admin_claims,
    answer_as_shopify,
    make_callback,
    make_shop,
    make_tokens,
    shopper_claims,
    sign_jwt,
)

from adapters.shopify import ShopifyAdapter, install
from adapters.shopify.hooks import SCOPES
from adapters.shopify.settings import read_identity
from adapters.shopify.tokens import StaleToken
from plugin.contract import AdapterError, InstallRejected, PlatformDown, Proof, WebRequest
from plugin.testing.fakes import URLS, RecordingHttp, make_answer

FORM = {"content-type": "application/x-www-form-urlencoded"}


def begin(typed: str, identity=IDENTITY, state: str = "st4te", **more: str):
    request = WebRequest(method="POST", path="/install/shopify", query={"shop": typed, **more}, headers=FORM)
    return install.begin_install(identity, request, URLS, state)


def finish(query, http=None, identity=CUSTOM, shop: str = SHOP, method: str = "GET"):
    callback = WebRequest(
        method=method, path="/install/shopify/callback", query=query, headers={}, kept={"shop": shop}
    )
    return install.finish_install(identity, http or RecordingHttp(answer_as_shopify), CLOCK, callback)


@pytest.mark.parametrize("typed", [
    SHOP, SHOP.upper(), f"  {SHOP} ", f"https://{SHOP}", f"https://{SHOP}/admin/settings", f"http://{SHOP}/",
    "flores-del-valle", "https://admin.shopify.com/store/flores-del-valle/orders?x=1",
    "admin.shopify.com/store/flores-del-valle",
])  # fmt: skip
def test_a_merchant_types_the_shop_in_any_of_its_ways(typed):
    assert begin(typed).url == (
        f"https://admin.shopify.com/store/flores-del-valle/oauth/install?client_id={CLIENT_ID}"
    )  # fmt: skip


HOSTILE = [
    "", " ", "evil.com", f"{SHOP}.evil.com", f"evil.com/{SHOP}", f"{SHOP}@evil.com", f"https://{SHOP}@evil.com/",
    f"https://evil.com/?{SHOP}", f"https://evil.com#{SHOP}", f"https://evil.com\\{SHOP}", f"{SHOP}:8080", f"ftp://{SHOP}",
    "flóres.myshopify.com", "a b.myshopify.com", "a.b.myshopify.com", "-a.myshopify.com", "a_b.myshopify.com",
    "admin.shopify.com/store/../evil", "admin.shopify.com/store/", "admin.shopify.com.evil.com/store/x",
    "https://admin.shopify.com/store/x@evil.com", "javascript:alert(1)", "data:text/html,x", "//evil.com", "http://[",
    "127.0.0.1", "localhost", "x.myshopify.com\n.evil.com", "x.myshopify.com\0", "myshopify.com", "x.myshopify.com.",
    "xmyshopify.com", "x.myshopify.com%00.evil.com", "x.myshopify.com/..//evil.com/../@evil", "x.myshopify.io",
    "shop.app", "checkout.shopify.com", "https://x.myshopify.com%2f@evil.com", "\ud800", "a" * 600, "x.myshopify.comx",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE, ids=repr)
def test_WEAK_SHOP_VALIDATION_and_OPEN_REDIRECT_nothing_else_leads_anywhere(typed):
    for identity in (IDENTITY, CUSTOM):
        try:
            leads_to = begin(typed, identity).url
        except InstallRejected as error:
            assert "myshopify.com" in error.words or (identity is IDENTITY and not typed.strip())
            continue
        host = urlsplit(leads_to).netloc
        assert host in ("admin.shopify.com", "x.myshopify.com", "localhost.myshopify.com"), leads_to
        assert "evil" not in leads_to


def test_pasting_keys_is_answered_with_what_to_do_instead():
    with pytest.raises(InstallRejected, match="without keys"):
        begin("", CUSTOM, keys="1")
    assert begin(SHOP, keys="1").url.startswith("https://admin.shopify.com/store/")


def test_a_listed_app_asks_nobody_for_the_address_of_a_shop():
    """A requirement of the App Store: it is installed from there, and from the admin."""
    asked = {
        (values.get("DISTRIBUTION", ""), bool(values.get("FAKE_URL"))): ShopifyAdapter(
            {**VALUES, **values}, RecordingHttp(), CLOCK
        ).asks_address
        for values in ({}, {"DISTRIBUTION": "custom"}, {"FAKE_URL": "http://127.0.0.1:8790"})
    }
    assert asked == {("", False): False, ("custom", False): True, ("", True): True}
    for more in ({}, {"keys": "1"}):
        with pytest.raises(InstallRejected) as caught:
            begin("", IDENTITY, **more)
        assert "App Store" in caught.value.words and "myshopify.com" not in caught.value.words


def test_a_custom_app_asks_for_its_scopes_with_our_state_and_our_way_back():
    leads_to = begin(SHOP, CUSTOM)
    parts = urlsplit(leads_to.url)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", SHOP, "/admin/oauth/authorize")
    assert parse_qs(parts.query) == {
        "client_id": [CLIENT_ID], "state": ["st4te"], "redirect_uri": [URLS.install_callback],
        "scope": [",".join(sorted(SCOPES))],
    }  # fmt: skip
    assert leads_to.keep == {"shop": SHOP} and not leads_to.by_server


def test_no_secret_stands_in_an_address_and_with_a_fake_the_browser_stays_on_this_machine():
    ways = {"public": "/admin/flores-del-valle", "custom": f"/shops/{SHOP}/admin/oauth/authorize?"}
    for distribution, way in ways.items():
        fake = read_identity({**VALUES, "DISTRIBUTION": distribution, "FAKE_URL": "http://127.0.0.1:8790"})
        url = begin(SHOP, fake).url
        assert url.startswith(f"http://127.0.0.1:8790{way}")
        assert "shpss" not in url + begin(SHOP, IDENTITY).url + begin(SHOP, CUSTOM).url


def test_the_way_back_makes_an_access_with_a_refresh():
    http = RecordingHttp(answer_as_shopify)
    access = finish(make_callback(), http)
    assert [sent.url for sent in http.requests] == [
        f"https://{SHOP}/admin/oauth/access_token", f"https://{SHOP}/admin/api/2026-10/graphql.json",
    ]  # fmt: skip
    assert http.requests[0].json() == {
        "client_id": CLIENT_ID, "client_secret": SECRET, "code": "c0de", "expiring": "1",
    }  # fmt: skip
    assert (access.domain, access.name, access.currency) == (SHOP, "Flores del Valle", "COP")
    assert (access.locale, access.time_zone) == ("es", "America/Bogota")
    assert (access.expires_at, access.refresh_before) == (
        CLOCK.now() + timedelta(hours=1), CLOCK.now() + timedelta(days=90)
    )  # fmt: skip


def test_an_app_whose_access_does_not_expire_is_connected_too():
    plain = make_tokens(expires_in=None, refresh_token=None, refresh_token_expires_in=None)
    access = finish(make_callback(), RecordingHttp(plain, answer_as_shopify))
    assert (access.expires_at, access.refresh_before, access.credentials["refresh_token"]) == (None, None, "")


def test_the_old_secret_signs_the_way_back_during_a_rotation_and_the_new_one_asks():
    http = RecordingHttp(answer_as_shopify)
    assert finish(make_callback(secret=OLD_SECRET), http).domain == SHOP
    assert http.requests[0].json()["client_secret"] == SECRET


def test_shopifys_documented_example_is_signed():
    identity = read_identity({**VALUES, "CLIENT_SECRET": "hush", "DISTRIBUTION": "custom"})
    example = {
        "code": "0907a61c0c8d55e99db179b68161bc00", "shop": "some-shop.myshopify.com", "state": "0.6784241404160823",
        "timestamp": "1337178173", "hmac": "700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf",
    }  # fmt: skip
    assert install.grant.is_signed(identity, example)
    assert not any(
        install.grant.is_signed(identity, {**example, name: value + "0"}) for name, value in example.items()
    )


@pytest.mark.parametrize("change", [
    {"hmac": ""}, {"hmac": "0" * 64}, {"code": "other"}, {"shop": OTHER_SHOP}, {"state": "x"}, {"extra": "1"},
    {"timestamp": str(NOW - 1)}, {"shop": f"{SHOP},{SHOP}"}, {"code": "c0de,c0de"}, {"hmac": "é"}, {"code": "\ud800"},
])  # fmt: skip
def test_a_way_back_that_was_touched_is_refused_and_asks_nobody(change):
    http = RecordingHttp()
    with pytest.raises(InstallRejected, match="not signed"):
        finish(make_callback() | change, http)
    for name in ("hmac", "shop", "code", "timestamp"):
        touched = make_callback()
        touched.pop(name)
        with pytest.raises(InstallRejected):
            finish(touched, http)
    with pytest.raises(InstallRejected):
        finish(make_callback() | {"hmac": make_callback()["hmac"].upper()}, http)
    assert http.requests == []


@pytest.mark.parametrize(
    "stamp", [str(NOW - 601), str(NOW + 601), "0", "-5", "", "soon", f"{NOW}.0", "9" * 40]
)
def test_a_signed_way_back_that_is_too_old_or_has_no_time_is_refused(stamp):
    with pytest.raises(InstallRejected, match="too long"):
        finish(make_callback(timestamp=stamp), RecordingHttp())


@pytest.mark.parametrize(
    "shop", ["evil.com", f"{SHOP}.evil.com", f"{SHOP}@evil.com", "x.myshopify.com/../evil", ""]
)
def test_a_signed_way_back_of_no_shop_or_of_another_one_is_refused(shop):
    http = RecordingHttp()
    with pytest.raises(InstallRejected):
        finish(make_callback(shop=shop), http, shop=shop)
    with pytest.raises(InstallRejected, match="not the one you began with"):
        finish(make_callback(shop=OTHER_SHOP), http)
    assert http.requests == []


def test_a_public_app_has_no_way_back_and_a_post_is_none():
    for identity, method in ((IDENTITY, "GET"), (CUSTOM, "POST")):
        with pytest.raises(InstallRejected):
            finish(make_callback(), RecordingHttp(), identity, method=method)


def test_the_packages_global_session_is_never_touched():
    shopify.ShopifyResource.site = "https://somebody.myshopify.com/admin"
    shopify.ShopifyResource.headers = {"X-Shopify-Access-Token": "theirs"}
    before = (shopify.ShopifyResource.site, dict(shopify.ShopifyResource.headers),
    shopify.ShopifyResource.get_version(),
              shopify.Session.api_key, shopify.Session.secret)  # fmt: skip
    try:
        begin(SHOP, CUSTOM)
        finish(make_callback())
        with pytest.raises(InstallRejected):
            finish(make_callback() | {"hmac": "0" * 64})
        assert before == (
            shopify.ShopifyResource.site, dict(shopify.ShopifyResource.headers), shopify.ShopifyResource.get_version(),
            shopify.Session.api_key, shopify.Session.secret,
        )  # fmt: skip
        assert (shopify.Session.api_key, shopify.Session.secret) == (None, None)
        seen: list[object] = []
        other = threading.Thread(
            target=lambda: seen.append(shopify.ShopifyResource.headers.get("X-Shopify-Access-Token"))
        )
        other.start()
        other.join()
        assert seen in (["theirs"], [None])
    finally:
        shopify.ShopifyResource.clear_session()
        shopify.ShopifyResource.site, shopify.ShopifyResource.headers = None, {}


def exchange(token: str, *replies, **values: str):
    http = RecordingHttp(*(replies or (answer_as_shopify,)))
    adapter = ShopifyAdapter({**VALUES, **values}, http, CLOCK)
    return adapter.exchange_access(Proof(token=token, claimed_domain=SHOP)), http


def test_a_session_token_of_the_admin_becomes_an_access_of_its_own_shop():
    access, http = exchange(sign_jwt(admin_claims()))
    assert (access.domain, access.credentials["access_token"], access.name) == (
        SHOP,
        "shpat_flor",
        "Flores del Valle",
    )
    assert [sent.headers.get("X-Shopify-Access-Token") for sent in http.requests] == [None, "shpat_flor"]


def test_no_other_token_is_exchanged_and_nobody_is_asked():
    http = RecordingHttp()
    adapter = ShopifyAdapter(VALUES, http, CLOCK)
    for claims, error in (
        (shopper_claims(), InstallRejected),
        (shopper_claims(sub="gid://shopify/Customer/1"), InstallRejected),
        (admin_claims(exp=NOW - 60), StaleToken),
        (admin_claims(dest="https://evil.com"), StaleToken),
    ):
        with pytest.raises(error):
            adapter.exchange_access(Proof(token=sign_jwt(claims), claimed_domain=SHOP))
    with pytest.raises(StaleToken):
        adapter.exchange_access(Proof(token=sign_jwt(admin_claims(), "x" * 40), claimed_domain=SHOP))
    assert http.requests == []


def test_a_refresh_keeps_the_stores_facts_and_asks_for_nothing_else():
    store = make_shop(name="Flores", currency="COP", locale="es")
    http = RecordingHttp(make_tokens("2"))
    access = ShopifyAdapter(VALUES, http, CLOCK).refresh_access(store)
    assert len(http.requests) == 1 and access.credentials["refresh_token"] == "shprt_2"
    assert (access.domain, access.name, access.currency, access.locale) == (SHOP, "Flores", "COP", "es")
    assert access.expires_at == CLOCK.now() + timedelta(hours=1)


def test_a_shop_that_lets_us_in_and_says_nothing_is_told_as_it_is():
    with pytest.raises(InstallRejected):
        exchange(sign_jwt(admin_claims()), make_tokens(), make_answer(403, json_body={"errors": "no"}))
    with pytest.raises(PlatformDown):
        exchange(sign_jwt(admin_claims()), make_tokens(), make_answer(502))
    with pytest.raises(AdapterError):
        exchange(sign_jwt(admin_claims()), make_answer(400, json_body={"error": "invalid_client"}))
