"""The app's settings are believed as far as they go, and no further: a fake of Shopify stands on this machine alone."""

from __future__ import annotations

import pytest
from shopify_hand import CLIENT_ID, OLD_SECRET, SECRET, VALUES, make_shop

from adapters.shopify import ShopifyAdapter, sign
from adapters.shopify.settings import SETTINGS, read_identity
from plugin.contract import HookRequest, PlatformRefused, Urls, WebhookRejected, WebRequest
from plugin.registry import find_adapters
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import URLS, RecordingHttp


def build(values: dict[str, str]) -> ShopifyAdapter:
    return ShopifyAdapter(values, RecordingHttp(), FrozenClock())


def test_both_secrets_verify_the_new_one_first():
    assert read_identity(VALUES).secrets == (SECRET, OLD_SECRET)
    assert read_identity({**VALUES, "OLD_CLIENT_SECRET": ""}).secrets == (SECRET,)


def test_an_old_secret_alone_verifies_nothing():
    assert read_identity({"CLIENT_ID": CLIENT_ID, "OLD_CLIENT_SECRET": OLD_SECRET}).secrets == ()


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, ""),
        (VALUES, ""),
        ({"CLIENT_ID": CLIENT_ID}, "CLIENT_SECRET"),
        ({"CLIENT_SECRET": "shpss_1"}, "CLIENT_ID"),
        ({**VALUES, "FAKE_URL": "http://127.0.0.1:8091"}, ""),
        ({**VALUES, "OLD_CLIENT_SECRET": VALUES["CLIENT_SECRET"]}, "OLD_CLIENT_SECRET"),
    ],
)
def test_what_does_not_fit_together_is_told_by_the_check(values, named):
    faults = build(values).list_faults()
    assert len(faults) == bool(named) and all(f"MOSTRADOR_SHOPIFY_{named}" in fault for fault in faults)


def test_COMMITTED_SECRET_no_secret_has_a_default():
    assert {setting.key for setting in SETTINGS if setting.secret} == {"CLIENT_SECRET", "OLD_CLIENT_SECRET"}
    assert [setting.key for setting in SETTINGS if setting.default] == ["DISTRIBUTION"]


def test_CREDENTIAL_LOG_LEAKAGE_no_secret_shows_in_the_identity():
    assert "shpss" not in repr(read_identity(VALUES)) + str(read_identity(VALUES))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8790", "http://localhost:1", "http://[::1]:80/", "http://127.0.0.1"]
)
def test_a_fake_on_this_machine_is_taken(url):
    assert read_identity({**VALUES, "FAKE_URL": url}).fake_url == url.rstrip("/")


@pytest.mark.parametrize("url", [
    "http://10.0.0.1:80", "https://127.0.0.1:80", "http://127.0.0.1.evil.com", "http://evil.com#127.0.0.1",
    "http://127.0.0.1@evil.com", "http://evil.com@127.0.0.1", "http://127.0.0.1:80/path", "http://127.0.0.1:80?x=1",
    "//127.0.0.1", "127.0.0.1:80", "http://127.0.0.1:notaport", "http://0.0.0.0:80", "ftp://localhost",
])  # fmt: skip
def test_a_fake_anywhere_else_is_refused_with_words(url):
    with pytest.raises(ValueError, match="only for a fake on this machine"):
        read_identity({**VALUES, "FAKE_URL": url})


def test_what_is_neither_public_nor_custom_is_refused_and_the_registry_says_why():
    with pytest.raises(ValueError, match="public or custom"):
        read_identity({**VALUES, "DISTRIBUTION": "private"})
    found = find_adapters({"shopify": {"DISTRIBUTION": "private"}}, RecordingHttp(), FrozenClock(),
                          "shopify=adapters.shopify:ShopifyAdapter")  # fmt: skip
    assert "public or custom" in found.broken["shopify"]


def test_without_an_app_the_adapter_is_there_and_says_what_is_missing():
    found = find_adapters({}, RecordingHttp(), FrozenClock(), "shopify=adapters.shopify:ShopifyAdapter")
    adapter = found.get("shopify")
    request = WebRequest(
        method="POST", path="/install/shopify", query={"shop": "a.myshopify.com"}, headers={}
    )
    with pytest.raises(PlatformRefused, match="MOSTRADOR_SHOPIFY_CLIENT_ID"):
        adapter.begin_install(request, Urls(**vars(URLS)), "state")
    with pytest.raises(PlatformRefused, match="MOSTRADOR_SHOPIFY_CLIENT_SECRET"):
        adapter.refresh_access(make_shop())


def test_an_empty_secret_verifies_no_webhook():
    body = b'{"id":1}'
    headers = {"x-shopify-hmac-sha256": sign(body, ""), "x-shopify-topic": "orders/create",
               "x-shopify-shop-domain": "flores-del-valle.myshopify.com"}  # fmt: skip
    for values in ({}, {"CLIENT_ID": CLIENT_ID}, {"CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": " "}):
        adapter = build(values)
        delivery = adapter.read_webhook(HookRequest(hook_key="", headers=headers, body=body))
        with pytest.raises(WebhookRejected):
            adapter.verify_webhook(delivery, None)
